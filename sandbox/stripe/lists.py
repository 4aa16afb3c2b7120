"""Lists, newest first, and what `expand` puts in place of an id.

https://docs.stripe.com/api/pagination, https://docs.stripe.com/expand
"""

from sandbox.stripe.account import Account
from sandbox.stripe.errors import no_such, refused
from sandbox.stripe.params import Params
from sandbox.stripe.store import Json

DEFAULT_LIMIT = 10
MAX_LIMIT = 100

KIND_OF_PREFIX = {
    "pi": "payment_intent",
    "ch": "charge",
    "py": "charge",
    "re": "refund",
    "txn": "balance_transaction",
    "cus": "customer",
    "pm": "payment_method",
    "seti": "setup_intent",
    "mandate": "mandate",
}


def page(oldest_first: list[Json], params: Params, url: str) -> Json:
    """One page after the cursor. `created` bounds are inclusive or not as they are named."""
    limit = params.get("limit") or DEFAULT_LIMIT
    if not 1 <= limit <= MAX_LIMIT:
        raise refused("Invalid limit: must be between 1 and 100", param="limit")
    things = [thing for thing in reversed(oldest_first) if _created_within(thing, params)]
    if params.get("starting_after"):
        things = things[_place(things, params["starting_after"], "starting_after") + 1 :]
    if params.get("ending_before"):
        before = _place(things, params["ending_before"], "ending_before")
        chosen, more = things[max(0, before - limit) : before], before > limit
    else:
        chosen, more = things[:limit], len(things) > limit
    return {"object": "list", "data": chosen, "has_more": more, "url": url}


def _created_within(thing: Json, params: Params) -> bool:
    bounds = params.get("created") or {}
    created = thing["created"]
    return bool(
        created > bounds.get("gt", created - 1)
        and created >= bounds.get("gte", created)
        and created < bounds.get("lt", created + 1)
        and created <= bounds.get("lte", created)
    )


def _place(things: list[Json], ident: str, param: str) -> int:
    for place, thing in enumerate(things):
        if thing["id"] == ident:
            return place
    raise no_such("object", ident, param)


def expanded(account: Account, answer: Json, paths: list[str]) -> Json:
    """A copy of the answer in which each path (`latest_charge`, `data.customer`) is the object."""
    for path in paths:
        answer = _expand(account, answer, path.split("."), path)
    return answer


def _expand(account: Account, thing: Json, path: list[str], whole: str) -> Json:
    name, rest = path[0], path[1:]
    if name not in thing:
        message = f"This property cannot be expanded ({whole})."
        raise refused(message, param="expand")
    value = thing[name]
    if isinstance(value, list):
        inner: object = [_expand(account, item, rest, whole) for item in value]
    elif isinstance(value, str):
        kind = KIND_OF_PREFIX.get(value.split("_", 1)[0])
        if kind is None:
            raise refused(f"This property cannot be expanded ({whole}).", param="expand")
        found = account.find(kind, value)
        inner = _expand(account, found, rest, whole) if rest else found
    elif isinstance(value, dict) and rest:
        inner = _expand(account, value, rest, whole)
    else:
        inner = value
    return {**thing, name: inner}
