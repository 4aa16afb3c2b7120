"""Bugs around guests, what is counted of people, and who is forgotten."""

from tests.sim.mutants.mutant import Edit, Mutant

GUESTS = (
    Mutant(
        "paid and still waiting",
        "An order that is paid counts as one that waits for its payment, until it ends.",
        (
            Edit(
                "chalicelib/orders/tallies.py",
                "[Tally.waiting.add(-1)] if waited and WAITING in counted else []\n",
                "[Tally.waiting.add(-1)] if brought is False and WAITING in counted else []\n",
            ),
        ),
    ),
    Mutant(
        "device kept",
        "An order that is over still names the device that it came from.",
        (
            Edit(
                "chalicelib/orders/moving.py",
                "    if order.device and target in status.ENDED:\n",
                "    if order.device and target is OrderStatus.CANCELLED:\n",
            ),
        ),
    ),
    Mutant(
        "diet not handed over",
        "Who claims a guest is not given what they said they eat.",
        (
            Edit(
                "chalicelib/orders/keepsakes.py",
                "    for step in (_addresses, _favourites, _dishes, _diet):\n",
                "    for step in (_addresses, _favourites, _dishes):\n",
            ),
        ),
    ),
    Mutant(
        "any customer is its customer",
        "Whoever knows an order's id and orders here is shown it.",
        (
            Edit(
                "chalicelib/orders/reading.py",
                "    customer = {Role.CUSTOMER} if order.customer_id == caller.id else set()\n",
                "    customer = {Role.CUSTOMER}\n",
            ),
        ),
    ),
    Mutant(
        "door kept",
        "Where an order went is kept of them who is forgotten.",
        (
            Edit(
                "chalicelib/orders/forgetting.py",
                '"courier_note", "drop_off", "address_id", "recipient"})\n',
                '"courier_note", "address_id", "recipient"})\n',
            ),
        ),
    ),
)
