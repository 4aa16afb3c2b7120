"""Who an audience is: the ids of the people to be told."""

from chalicelib.catalog import reading as stores
from chalicelib.couriers import news as couriers
from chalicelib.notifications import matrix, sifting
from chalicelib.notifications.matrix import Audience
from chalicelib.notifications.sifting import Happening


def people(audience: Audience, happening: Happening) -> list[str]:
    """The people of an audience. What a courier has done is not told to that courier."""
    order = happening.order
    if audience is Audience.COURIER:
        return [one for one in _couriers(happening) if not happening.actor.endswith(f":{one}")]
    if order is None:
        return []
    return [order.customer_id] if audience is Audience.CUSTOMER else stores.staff_of(order.store_id)


def _couriers(happening: Happening) -> list[str]:
    """Who is asked, who has the job, or whose offers went with it; who is to fetch the order."""
    named = happening.data.get("courier_id")
    if happening.type == matrix.DROPPED and not named:
        earlier = couriers.events_after("delivery", happening.subject, 0, happening.version - 1)
        return sifting.asked([(event.type, event.data) for event in earlier])
    if happening.kind == "payment":
        brought = happening.order.courier_id if happening.order else None
        return [brought] if brought else []
    if happening.kind == "order":
        found = couriers.courier_of(happening.subject)
        return [found] if found else []
    if happening.kind == "courier":
        return [happening.subject]
    return [str(named)] if named else []
