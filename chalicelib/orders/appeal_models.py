"""Appeals against limits, in the table `promotions`, beside what the limits count. Private.

APPEAL#<appeal>     HEAD               what somebody says, and what was answered
APPEALS             <moment>#<appeal>  what waits for an answer, the oldest first
APPEALER#<person>   <limit>            somebody's last appeal against a limit
APPEALER#<person>   <assignment>       the same against a decision of dispatch, or a suspension
APPEALER#<person>   MADE#<appeal>      that an appeal is theirs, so that it is forgotten with them
"""

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.core.dynamo import HEAD, Item
from chalicelib.orders.promotion_models import PromotionsTable

WAITING = "APPEALS"
MADE = "MADE#"


class Appeal(Item):
    """Somebody's appeal. `text` and `reason` are people's own words.

    Against a decision of dispatch `limit` is the assignment's id, as `assignment_id` says; against
    a suspension, its id, as `suspension_id` says.

    `device` is a keyed hash, of a limit that a device has met; it goes with the answer.
    """

    PERSONAL = frozenset({"text", "reason", "device"})

    class Meta(PromotionsTable):
        pass

    id = UnicodeAttribute()
    person_id = UnicodeAttribute()
    limit = UnicodeAttribute()
    assignment_id = UnicodeAttribute(null=True)
    suspension_id = UnicodeAttribute(null=True)
    device = UnicodeAttribute(null=True)
    text = UnicodeAttribute()
    status = UnicodeAttribute()
    version = NumberAttribute()
    created_at = UnicodeAttribute()
    answered_at = UnicodeAttribute(null=True)
    reason = UnicodeAttribute(null=True)
    lifted_until = UnicodeAttribute(null=True)
    expires_at = NumberAttribute(null=True)


class WaitingAppeal(Item):
    """An appeal in the list of those that wait."""

    class Meta(PromotionsTable):
        pass

    id = UnicodeAttribute()
    expires_at = NumberAttribute(null=True)


class LastAppeal(Item):
    """Somebody's last appeal against a limit, and whether it waits for an answer."""

    class Meta(PromotionsTable):
        pass

    id = UnicodeAttribute()
    waits = BooleanAttribute()
    expires_at = NumberAttribute(null=True)


class MadeAppeal(Item):
    """That an appeal is somebody's, whatever came after it."""

    class Meta(PromotionsTable):
        pass

    id = UnicodeAttribute()
    expires_at = NumberAttribute(null=True)


def appeal_at(appeal_id: str) -> Appeal:
    """An instance that holds the keys alone."""
    return Appeal(f"APPEAL#{appeal_id}", HEAD)


def waiting_key(moment: str, appeal_id: str) -> str:
    return f"{moment}#{appeal_id}"


def appealer_key(person_id: str) -> str:
    return f"APPEALER#{person_id}"


def made_key(appeal_id: str) -> str:
    return f"{MADE}{appeal_id}"
