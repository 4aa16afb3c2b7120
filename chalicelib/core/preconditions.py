"""If-Match: a change is made only to what its sender has seen.

https://www.rfc-editor.org/rfc/rfc9110#section-13.1.1
"""

from collections.abc import Callable

from pydantic import BaseModel

from chalicelib.core import rendering
from chalicelib.core.errors import PreconditionError
from chalicelib.core.routing import Incoming

type Demand = Callable[[BaseModel | None], None]
"""Raises PreconditionError (412) where what is there now (None: nothing) is not what was seen."""

ANY = "*"


def of(incoming: Incoming) -> Demand:
    """What the request demands of the present state. Without If-Match: nothing."""
    wanted = incoming.headers.get("if-match")

    def demand(view: BaseModel | None) -> None:
        if wanted is None:
            return
        seen = [one.strip() for one in wanted.split(",")]
        if view is None or (ANY not in seen and rendering.etag(view) not in seen):
            raise PreconditionError

    return demand
