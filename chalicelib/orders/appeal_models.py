"""Appeals against limits, in the table `promotions`, beside what the limits count. Private.

APPEAL#<appeal>     HEAD               what somebody says, and what was answered
APPEALS             <moment>#<appeal>  what waits for an answer, the oldest first
APPEALER#<person>   <limit>            somebody's last appeal against a limit
"""

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.core.dynamo import HEAD, Item
from chalicelib.orders.promotion_models import PromotionsTable

WAITING = "APPEALS"


class Appeal(Item):
    """Somebody's appeal. `text` and `reason` are people's own words."""

    PERSONAL = frozenset({"text", "reason"})

    class Meta(PromotionsTable):
        pass

    id = UnicodeAttribute()
    person_id = UnicodeAttribute()
    limit = UnicodeAttribute()
    text = UnicodeAttribute()
    status = UnicodeAttribute()
    version = NumberAttribute()
    created_at = UnicodeAttribute()
    answered_at = UnicodeAttribute(null=True)
    reason = UnicodeAttribute(null=True)
    lifted_until = UnicodeAttribute(null=True)


class WaitingAppeal(Item):
    """An appeal in the list of those that wait."""

    class Meta(PromotionsTable):
        pass

    id = UnicodeAttribute()


class LastAppeal(Item):
    """Somebody's last appeal against a limit, and whether it waits for an answer."""

    class Meta(PromotionsTable):
        pass

    id = UnicodeAttribute()
    waits = BooleanAttribute()


def appeal_at(appeal_id: str) -> Appeal:
    """An instance that holds the keys alone."""
    return Appeal(f"APPEAL#{appeal_id}", HEAD)


def waiting_key(moment: str, appeal_id: str) -> str:
    return f"{moment}#{appeal_id}"


def appealer_key(person_id: str) -> str:
    return f"APPEALER#{person_id}"
