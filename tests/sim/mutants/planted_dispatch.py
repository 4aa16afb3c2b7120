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
        "missed bells wait",
        "What no stream has rung is rung after ten minutes.",
        (Edit("chalicelib/core/outbox.py", "MISSED_AFTER = 2.0\n", "MISSED_AFTER = 600.0\n"),),
    ),
)
