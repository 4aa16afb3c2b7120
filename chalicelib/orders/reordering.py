"""The same again: a new quote from an old order. What has changed is told, and never hidden."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from chalicelib.catalog import menus
from chalicelib.catalog import reading as stores
from chalicelib.catalog.menus import MenuIssueError
from chalicelib.catalog.status import Fulfilment
from chalicelib.core import clock
from chalicelib.core.errors import Value
from chalicelib.core.rights import Caller, Right
from chalicelib.orders import placing, pricing, promoting, quoting, reading
from chalicelib.orders.errors import QuoteProblemError
from chalicelib.orders.order import Order
from chalicelib.orders.price_schemas import Priced
from chalicelib.orders.reorder_schemas import ReorderIssue, ReorderRequest, ReorderView
from chalicelib.orders.schemas import QuoteRequest, Wanted

ITEMS = "/items/"


@dataclass(slots=True)
class Looked:
    """What can be had of an old order's lines, by their numbers, and what has changed."""

    kept: list[int] = field(default_factory=list)
    issues: list[ReorderIssue] = field(default_factory=list)


def again(order_id: str, caller: Caller, request: ReorderRequest, right: Right) -> ReorderView:
    """Quote what can be had of an old order, to where it went then unless an address is named.

    Raises NotFoundError (404); QuoteProblemError (422) where nothing of it can be had, or the store
    does not do it now, with pointers into the old order; OrdersStoppedError (503).
    """
    order = reading.demand(order_id, caller, right)
    old = reading.priced(order_id)
    looked = _look(order, old, request)
    if not looked.kept:
        raise QuoteProblemError(errors=[_shown(one) for one in looked.issues])
    wanted = _wanted(order, old, looked, request)
    while True:
        try:
            quote = quoting.quote(caller, wanted)
        except QuoteProblemError as refused:
            wanted = _without_extras(wanted, looked, refused)
        else:
            break
    return ReorderView(quote=quote, issues=[*looked.issues, *_fees(old, quote.priced)])


def _without_extras(
    wanted: QuoteRequest, looked: Looked, refused: QuoteProblemError
) -> QuoteRequest:
    """The same without the codes and the tip that cannot be had any more, which is told.

    Raises QuoteProblemError (422) where something else is wrong, too.
    """
    extras = {str(one["pointer"]): one for one in refused.errors if _is_extra(one)}
    if not extras or len(extras) < len(refused.errors):
        errors = [_of_old(dict(one), looked.kept) for one in refused.errors]
        raise QuoteProblemError(errors=errors) from None
    looked.issues += [
        ReorderIssue(code=str(one["code"]), pointer=pointer, detail=str(one["detail"]))
        for pointer, one in extras.items()
    ]
    codes = tuple(
        code for number, code in enumerate(wanted.codes) if f"/codes/{number}" not in extras
    )
    tip = 0 if "/tip" in extras else wanted.tip
    return wanted.model_copy(update={"codes": codes, "tip": tip})


def _is_extra(error: Mapping[str, Value]) -> bool:
    pointer = str(error["pointer"])
    return pointer == "/tip" or pointer.startswith("/codes/")


def _look(order: Order, old: Priced, request: ReorderRequest) -> Looked:
    looked, found = Looked(), stores.offering(order.store_id)
    if found is None:
        return Looked(kept=list(range(len(old.lines))))
    standing = found.standing(request.scheduled_for or clock.now())
    for number, line in enumerate(old.lines):
        try:
            item = menus.price(found.menu, line.item_id, placing.chosen(line), standing)
        except MenuIssueError as error:
            looked.issues += [_gone(pricing.of_menu(number, one)) for one in error.issues]
            continue
        looked.kept.append(number)
        if item.unit_price != line.unit_price:
            looked.issues.append(
                ReorderIssue(
                    code="price_changed",
                    pointer=f"/lines/{number}",
                    detail="It has another price than then.",
                    was=line.unit_price,
                    now=item.unit_price,
                )
            )
    return looked


def _gone(issue: pricing.Issue) -> ReorderIssue:
    return ReorderIssue(
        code=issue.code,
        pointer=issue.pointer.replace(ITEMS, "/lines/", 1),
        detail=issue.detail,
        returns_at=issue.returns_at,
    )


def _wanted(order: Order, old: Priced, looked: Looked, request: ReorderRequest) -> QuoteRequest:
    """What it was, as far as it can be had, with the tip and the codes of then."""
    lines = [old.lines[number] for number in looked.kept]
    brought = order.fulfilment is Fulfilment.DELIVERY
    there = reading.drop_off(order.id) if brought and request.address_id is None else None
    return QuoteRequest(
        store_id=order.store_id,
        fulfilment=order.fulfilment,
        items=[
            Wanted(
                item_id=line.item_id,
                quantity=line.quantity,
                options=placing.chosen(line),
                note=line.note,
            )
            for line in lines
        ],
        drop_off=there,
        address_id=request.address_id if brought else None,
        scheduled_for=request.scheduled_for,
        note=reading.note(order.id),
        courier_note=reading.courier_note(order.id),
        tip=_tip(old) if brought else 0,
        codes=promoting.codes_of([one.promotion_id for one in order.promotions]),
    )


def _tip(old: Priced) -> int:
    return sum(line.amount for line in old.price if line.kind == "tip")


def _fees(old: Priced, new: Priced) -> list[ReorderIssue]:
    was, now = (
        sum(line.amount for line in one.price if line.kind == "delivery_fee") for one in (old, new)
    )
    if was == now:
        return []
    detail = "Bringing it costs something else than then."
    return [
        ReorderIssue(code="delivery_fee_changed", pointer="/price", detail=detail, was=was, now=now)
    ]


def _of_old(error: dict[str, Value], kept: list[int]) -> dict[str, Value]:
    """A problem of the new quote's items, with a pointer to the line of the old order."""
    pointer = str(error["pointer"])
    if not pointer.startswith(ITEMS):
        return error
    number, slash, rest = pointer.removeprefix(ITEMS).partition("/")
    return {**error, "pointer": f"/lines/{kept[int(number)]}{slash}{rest}"}


def _shown(issue: ReorderIssue) -> dict[str, Value]:
    shown: dict[str, Value] = issue.model_dump(mode="json", exclude_none=True)
    return shown
