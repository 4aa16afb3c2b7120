"""Bugs around what there is only so much of."""

from tests.sim.mutants.mutant import Edit, Mutant

LIMITS = (
    Mutant(
        "released twice",
        "An order that is given up gives back the double of what it held.",
        (
            Edit(
                "chalicelib/catalog/holding.py",
                "_moved(hold, -hold.number))\n",
                "_moved(hold, -2 * hold.number))\n",
            ),
        ),
    ),
    Mutant(
        "release forgotten",
        "What an order held whose payment expired is never sold.",
        (
            Edit(
                "chalicelib/orders/moving.py",
                "    given_back = reserving.give_back(order) if target is OrderStatus.CANCELLED"
                " else ()\n",
                "    unpaid = order.status is OrderStatus.PENDING_PAYMENT\n"
                "    given_back = reserving.give_back(order) if target is OrderStatus.CANCELLED"
                " and not unpaid else ()\n",
            ),
        ),
    ),
    Mutant(
        "limit not in the write",
        "The last one is sold to everybody who was quoted it.",
        (
            Edit(
                "chalicelib/catalog/holding.py",
                "        fits = HeldCount.taken.does_not_exist() | fits\n",
                "        fits = HeldCount.taken.does_not_exist() | HeldCount.taken.exists()\n",
            ),
        ),
    ),
    Mutant(
        "released outside the transaction",
        "An order is given up first, and what it held is given back afterwards, or not at all.",
        (
            Edit(
                "chalicelib/orders/moving.py",
                "            parts.commit(*chosen)\n",
                "            parts.commit(*chosen[:2])\n"
                "            parts.commit(*chosen[2:]) if chosen[2:] else None\n",
            ),
        ),
    ),
)
