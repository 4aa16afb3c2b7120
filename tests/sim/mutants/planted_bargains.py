"""Bugs around promotions."""

from tests.sim.mutants.mutant import Edit, Mutant

COUNTS = "chalicelib/orders/promotion_counts.py"
BARGAINS = (
    Mutant(
        "budget not in the write",
        "A promotion's budget is looked at in the quote alone.",
        (
            Edit(
                COUNTS,
                "            room = PromotionCount.spent.does_not_exist() | room\n",
                "            room = PromotionCount.spent.does_not_exist()"
                " | PromotionCount.spent.exists()\n",
            ),
        ),
    ),
    Mutant(
        "use given back twice",
        "Who cancels gives the double of a promotion's use back.",
        (Edit(COUNTS, "[PromotionCount.uses.add(-1), ", "[PromotionCount.uses.add(-2), "),),
    ),
    Mutant(
        "promotion kept by who cancels",
        "An order that is given up keeps what lowered its price.",
        (
            Edit(
                "chalicelib/orders/moving.py",
                "    unspent = target is OrderStatus.CANCELLED and not spent"
                " and order.owed is None\n",
                "    unspent = order.owed is not None and not spent\n",
            ),
        ),
    ),
)
