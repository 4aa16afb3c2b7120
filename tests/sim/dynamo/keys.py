"""What DynamoDB demands of keys, of the table's and of its indexes'."""

from collections.abc import Mapping

from tests.sim.dynamo.errors import InvalidError, invalid
from tests.sim.dynamo.storage import Key, Table
from tests.sim.dynamo.values import Item, Value, normal, normal_item

LONGEST_HASH = 2048
LONGEST_RANGE = 1024
LARGEST_ITEM = 400 * 1024


def of_request(table: Table, given: Mapping[str, Value]) -> Key:
    """The key that a request names. Raises InvalidError when it is not exactly the table's."""
    if given.keys() != set(table.key_names):
        raise InvalidError("The provided key element does not match the schema")
    for name in table.key_names:
        normal(given[name])
        if table.kinds[name] not in given[name]:
            raise InvalidError("The provided key element does not match the schema")
    _check_lengths(table, given)
    return table.key_of(normal_item(dict(given))[0])


def of_item(table: Table, item: Mapping[str, Value]) -> Key:
    """The key of an item to be put. Raises InvalidError."""
    for name in table.key_names:
        if name not in item:
            raise invalid(f"Missing the key {name} in the item")
        if table.kinds[name] not in item[name]:
            raise invalid(
                f"Type mismatch for key {name} expected: {table.kinds[name]}"
                f" actual: {next(iter(item[name]))}"
            )
    _check_lengths(table, item)
    return table.key_of(item)


def _check_lengths(table: Table, item: Mapping[str, Value]) -> None:
    for name, longest in zip(table.key_names, (LONGEST_HASH, LONGEST_RANGE), strict=False):
        size = normal(item[name])[1]
        if not size:
            raise InvalidError(
                "One or more parameter values are not valid. The AttributeValue for a key attribute"
                f" cannot contain an empty string value. Key: {name}"
            )
        if size > longest:
            raise invalid(
                "Size of hashkey has exceeded the maximum size limit of 2048 bytes"
                if longest == LONGEST_HASH
                else "Size of rangekey has exceeded the maximum size limit of 1024 bytes"
            )


def check_index_keys(table: Table, item: Item) -> None:
    """An attribute that is a key of an index must be fit for it. Raises InvalidError."""
    for name, index in table.index_keys.items():
        value = item.get(name)
        if value is None:
            continue
        kind = table.kinds[name]
        if kind not in value:
            raise invalid(
                f"Type mismatch for Index Key {name} Expected: {kind}"
                f" Actual: {next(iter(value))} IndexName: {index}"
            )
        if not value[kind]:
            raise InvalidError(
                "One or more parameter values are not valid. A value specified for a secondary"
                " index key is not supported. The AttributeValue for a key attribute cannot contain"
                f" an empty string value. IndexName: {index}, IndexKey: {name}"
            )


def check_size(size: int, *, updating: bool = False) -> None:
    if size > LARGEST_ITEM:
        said = "Item size to update" if updating else "Item size"
        raise InvalidError(f"{said} has exceeded the maximum allowed size")
