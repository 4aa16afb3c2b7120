"""What a till sent, made into what an operation takes. What the protocol does not name is ignored.

Another version of the protocol may name more than ours: a till that speaks it is not refused.
"""

import json
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from chalicelib.core import cards, ids
from chalicelib.core.errors import BadRequestError, CardNumberError, InvalidError, NotFoundError
from chalicelib.core.routing import Incoming


class Wanted(BaseModel):
    """A request of the protocol."""

    model_config = ConfigDict(frozen=True, extra="ignore")


def parse[M](model: type[M] | Any, incoming: Incoming) -> M:  # noqa: ANN401 - a type, or an alias
    """The body of a request. Raises BadRequestError (400)."""
    text = incoming.body.decode("utf-8", "replace")
    if cards.holds_card_number(text):
        raise CardNumberError
    try:
        json.loads(text)
        found: M = TypeAdapter(model).validate_json(incoming.body)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        pointer = "".join(f"/{part}" for part in first["loc"])
        raise InvalidError(errors=[{"pointer": pointer, "detail": first["msg"]}]) from None
    except (ValueError, RecursionError):
        raise BadRequestError("The body is not JSON.") from None
    return found


def order_id(named: str) -> str:
    """The id of an order whose UUID a path or a body names. Raises NotFoundError (404)."""
    return own_id("ord", named)


def own_id(prefix: str, named: str) -> str:
    try:
        return ids.from_uuid(prefix, UUID(named))
    except ValueError:
        raise NotFoundError from None


def shown(ident: str) -> str:
    """An id of ours as the protocol has it: a plain UUID."""
    return str(ids.to_uuid(ident))
