"""Which versions of the protocol are spoken. Its file knows none above 1.6.0 here."""

from chalicelib.integrations.opendelivery.operations import Call, Said

NEWEST = "1.6.0"


def read(_: Call) -> Said:
    """The version of each side: 200."""
    return Said(
        200,
        {
            "merchant": {"version": NEWEST},
            "order": {"version": NEWEST, "availableEventsMethods": ["POLLING", "WEBHOOK"]},
        },
    )
