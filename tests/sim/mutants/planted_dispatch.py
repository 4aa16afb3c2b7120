"""Bugs of dispatch: who is asked, what an offer is, what becomes of it."""

from tests.sim.mutants.mutant import Edit, Mutant

DISPATCH = (
    Mutant(
        "offer outlives its delivery",
        "A delivery is given up, and whoever was asked for it is asked on.",
        (
            Edit(
                "chalicelib/couriers/giving_up.py",
                "    return (gone, *withdrawing.revoke(delivery.zone, found.offers,"
                " {delivery.id}))\n",
                "    return (gone,)\n",
            ),
        ),
    ),
    Mutant(
        "courier not freed",
        "A job is over, and its courier keeps it.",
        (
            Edit(
                "chalicelib/couriers/working.py",
                "    left = [job for job in duty.jobs if job != delivery_id]\n",
                "    left = list(duty.jobs)\n",
            ),
        ),
    ),
    Mutant(
        "reason not kept",
        "A courier is asked, and nobody will know why.",
        (Edit("chalicelib/couriers/offering.py", "        parts.put(why, BusyError()),\n", ""),),
    ),
    Mutant(
        "forbidden courier asked",
        "An operator has said who is never to be asked, and nobody listens.",
        (
            Edit(
                "chalicelib/couriers/supply.py",
                '    refused = {*opened.refused, *said["forbidden"]}\n',
                "    refused = {*opened.refused}\n",
            ),
        ),
    ),
    Mutant(
        "missed bells wait",
        "What no stream has rung is rung after ten minutes.",
        (Edit("chalicelib/core/outbox.py", "MISSED_AFTER = 2.0\n", "MISSED_AFTER = 600.0\n"),),
    ),
    Mutant(
        "several claimed without the others' conditions",
        "Of several orders only the first must still be to be brought.",
        (
            Edit(
                "chalicelib/couriers/claiming.py",
                "        *(carrying.still_to_bring(each.order_id, OfferGoneError())"
                " for each in deliveries),\n",
                "        carrying.still_to_bring(deliveries[0].order_id, OfferGoneError()),\n",
            ),
        ),
    ),
)
