"""One write: planned from a request, decided against the item that is there, then done.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateItem.html
"""

from dataclasses import dataclass
from typing import Any

from tests.sim.dynamo import keys, paths
from tests.sim.dynamo.errors import ConditionFailedError, InvalidError, invalid
from tests.sim.dynamo.expressions import Expressions
from tests.sim.dynamo.judging import Judge
from tests.sim.dynamo.storage import Key, Stored, Table
from tests.sim.dynamo.updates import Update
from tests.sim.dynamo.values import Item, normal_item

type Body = dict[str, Any]

RETURNS = {
    "Put": frozenset({"NONE", "ALL_OLD"}),
    "Delete": frozenset({"NONE", "ALL_OLD"}),
    "Update": frozenset({"NONE", "ALL_OLD", "UPDATED_OLD", "ALL_NEW", "UPDATED_NEW"}),
    "ConditionCheck": frozenset({"NONE"}),
}


@dataclass(slots=True)
class Write:
    """What a request wants to happen to one item."""

    verb: str
    table: Table
    key: Key
    expressions: Expressions
    condition: Judge | None
    returns: str
    shows_failure: bool
    given: Item
    size: int = 0
    update: Update | None = None

    def decide(self) -> Stored | None:
        """The item as it is to be (None: gone). Raises what stands against it; changes nothing."""
        old = self.table.get(self.key)
        self._demand_condition(old)
        if self.verb == "Put":
            return Stored(self.given, self.size)
        if self.verb == "Delete":
            return None
        if self.verb == "ConditionCheck" or (self.update is None and old is not None):
            return old
        return self._updated(old)

    def _demand_condition(self, old: Stored | None) -> None:
        if self.condition and not self.condition(old or {}, self.expressions.values):
            raise ConditionFailedError(dict(old) if old and self.shows_failure else None)

    def _updated(self, old: Stored | None) -> Stored:
        before = dict(self.given if old is None else old)
        made = self.update.apply(before, self.expressions.values) if self.update else before
        keys.check_index_keys(self.table, made)
        item, size = normal_item(made)
        keys.check_size(size, updating=True)
        return Stored(item, size)

    def answer(self, old: Stored | None, new: Stored | None) -> Body:
        """What ReturnValues asks for."""
        shown: Item | None = None
        if self.returns == "ALL_OLD":
            shown = old
        elif self.returns == "ALL_NEW":
            shown = new
        elif self.returns != "NONE" and self.update:
            at = old if self.returns == "UPDATED_OLD" else new
            shown = paths.only(at or {}, self.update.touched()) or None
        return {} if shown is None else {"Attributes": dict(shown)}


def plan(verb: str, table: Table, body: Body, *, alone: bool = True) -> Write:
    """Read a request. Raises InvalidError for what makes no sense whatever the table holds."""
    expressions = Expressions(body)
    condition = expressions.condition()
    update = expressions.update() if verb == "Update" else None
    expressions.finish()
    if verb == "ConditionCheck" and condition is None:
        raise InvalidError("The expression can not be empty;")
    returns = body.get("ReturnValues", "NONE") if alone else "NONE"
    if returns not in RETURNS[verb]:
        raise InvalidError(f"ReturnValues can only be ALL_OLD or NONE, not {returns}")
    shows = body.get("ReturnValuesOnConditionCheckFailure") == "ALL_OLD"
    if verb == "Put":
        given, size = normal_item(body["Item"])
        key = keys.of_item(table, given)
        keys.check_index_keys(table, given)
        keys.check_size(size)
    else:
        key = keys.of_request(table, body["Key"])
        given, size = normal_item(body["Key"])
    if update:
        _check_update(table, update)
    return Write(verb, table, key, expressions, condition, returns, shows, given, size, update)


def _check_update(table: Table, update: Update) -> None:
    for path in update.touched():
        if path[0] in table.key_names:
            raise invalid(f"Cannot update attribute {path[0]}. This attribute is part of the key")


def units(size: int) -> int:
    """Write capacity: one unit for each kilobyte begun."""
    return max(1, -(-size // 1024))
