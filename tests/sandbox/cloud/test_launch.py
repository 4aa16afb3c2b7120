"""A worker that cannot start is its caller's error, and no reason to end the others."""

import pytest

from sandbox.cloud.launch import contained


@pytest.mark.parametrize("broken", [OSError, RuntimeError, ValueError])
def test_a_worker_that_cannot_start_is_an_error_of_one_invocation(broken: type[Exception]) -> None:
    def invoke() -> dict[str, object]:
        raise broken("exited immediately")

    answer = contained(invoke)()

    assert answer["status"] == "error"
    assert "exited immediately" in answer["error"]


def test_what_a_worker_answers_is_passed_on() -> None:
    def invoke(event: str) -> dict[str, object]:
        return {"status": "ok", "result": event}

    assert contained(invoke)("bell") == {"status": "ok", "result": "bell"}
