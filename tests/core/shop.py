"""A small application to try the border with: one route per thing that a route can be."""

from typing import Annotated, Literal

from pydantic import Field, RootModel

from chalicelib.core.errors import ConflictError, UnavailableError
from chalicelib.core.idempotency import Key
from chalicelib.core.limits import Limit
from chalicelib.core.money import Money
from chalicelib.core.rights import ALWAYS, PUBLIC, Caller, Owning, Right, Role
from chalicelib.core.routing import Answer, Incoming
from chalicelib.core.schemas import Page, Text200, Wire
from chalicelib.core.web import Api, Ieum

MINE = Right("note.read", {(Role.CUSTOMER, Owning.OWN): ALWAYS, (Role.STORE, Owning.ANY): ALWAYS})
THRIFTY = Limit("notes", calls=2, seconds=60)

api = Api("tests.shop")


class Note(Wire):
    text: Text200
    price: Money | None = None
    kind: Literal["plain", "rich"] = "plain"
    count: Annotated[int, Field(ge=0, le=99, strict=True)] = 0


class Deep(RootModel[list[object]]):
    """Anything in lists."""


class SoldOutError(ConflictError):
    code = "sold_out"


@api.get("/notes/{note_id}", MINE)
def read_note(caller: Caller, note_id: str) -> Note:
    """Read a note."""
    return Note(text=f"{caller.actor} {note_id}")


@api.post("/notes", PUBLIC, status=201)
def write_note(body: Note) -> Note:
    """Write a note."""
    return body


@api.get("/notes", PUBLIC)
def list_notes(query: Page) -> Page:
    """List notes."""
    return query


@api.put("/notes/{note_id}", MINE, largest=200)
def place_note(note_id: str, body: Note, key: Key) -> Answer[dict[str, str]]:
    """Place a note once."""
    said = {"id": note_id, "key": key.pk, "hash": key.body_hash, "text": body.text}
    return Answer(said, status=202, headers={"X-Note": "placed"})


@api.post("/notes/{note_id}/pin", MINE)
def pin_note(note_id: str, key: Key) -> dict[str, str]:
    """Pin a note: a key without a body."""
    return {"id": note_id, "hash": key.body_hash}


@api.delete("/notes/{note_id}", MINE)
def remove_note(note_id: str) -> None:
    """Remove a note."""


@api.patch("/notes/{note_id}", MINE, errors=(SoldOutError,))
def change_note(note_id: str) -> Note:
    """Fail in the way that one's domain knows."""
    raise SoldOutError(
        retry_after=7, errors=[{"pointer": "/x"}], item_id=note_id, status="SOLD", code="own"
    )


@api.post("/deep", PUBLIC)
def dive(body: Deep) -> dict[str, int]:
    """Take whatever is in lists."""
    return {"length": len(body.root)}


@api.post("/hook", PUBLIC, raw=True)
def hear(incoming: Incoming) -> dict[str, object]:
    """Take every byte."""
    return {"body": incoming.body.hex(), "path": incoming.path, "source": incoming.source}


@api.post("/dear", PUBLIC, limit=THRIFTY)
def spend() -> dict[str, str]:
    """Cost money."""
    return {}


@api.get("/broken", PUBLIC)
def break_down() -> Note:
    """Break on our side."""
    raise RuntimeError("the password is hunter2")


@api.get("/away", PUBLIC)
def be_away() -> Note:
    """Need somebody who is away."""
    raise UnavailableError


app = Ieum(app_name="shop")
app.serve(api)
