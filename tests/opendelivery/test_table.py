"""What the table of operations says is what is served, and what the page says."""

from chalicelib.integrations.opendelivery import serving
from tests.opendelivery import protocol, table


def test_the_pages_table_is_what_is_served() -> None:
    assert table.page() == table.PAGE.read_text(), "python -m tests.opendelivery.table"


def test_every_operation_is_served_under_its_own_method_and_path_with_the_files_refusals() -> None:
    for one in serving.OPERATIONS.values():
        method, path = protocol.operations()[one.id]
        refusals = frozenset(
            int(status) for status in protocol.responses(one.id) if int(status) >= 400
        )
        steps = [step if not step.startswith("{") else "*" for step in path[1:].split("/")]

        assert (one.method, one.path, one.refusals) == (method, "/".join(steps), refusals)
