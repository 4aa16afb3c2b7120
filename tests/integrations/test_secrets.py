"""Secrets stay secret: in no answer but the one that makes them, and in no line of a log."""

import json

import pytest

from chalicelib.core import ids
from chalicelib.integrations import clients, signing
from chalicelib.integrations.routes import api
from chalicelib.integrations.webhook_routes import api as webhooks_api
from tests.integrations.street import STORE, Street, Till, as_before, basic, place_order, tell

CANARY = "whsec_" + "Q0FOQVJZ" * 5 + "QUE="
PLAIN = "CANARYCANARYCANARYCANARYCANARYCANARYCANARYCANARYCANA"


@pytest.fixture
def _canaries(monkeypatch: pytest.MonkeyPatch) -> None:
    token = ids.token

    def told(bits: int = 256) -> str:
        return PLAIN if bits == clients.SECRET_BITS else token(bits)

    monkeypatch.setattr(signing, "new_secret", lambda: CANARY)
    monkeypatch.setattr(ids, "token", told)


@pytest.mark.usefixtures("_canaries")
def test_no_answer_and_no_log_line_holds_a_secret(
    street: Street, capsys: pytest.CaptureFixture[str]
) -> None:
    owner = street.owner()
    hooks, own = f"/v1/stores/{STORE}/webhooks", f"/v1/stores/{STORE}/clients"
    hook = street.call("POST", hooks, {"url": "https://a.example.com/"}, by=owner, key="h").json
    client = street.call("POST", own, {"label": "Till"}, by=owner, key="c").json
    assert (hook["secret"], client["client_secret"]) == (CANARY, PLAIN)
    as_before(hook["id"])
    place_order()
    tell(Till([500, 410]))
    known = f"{hooks}/{hook['id']}"
    grant = b"grant_type=client_credentials"
    form = {"Content-Type": "application/x-www-form-urlencoded"}

    answers = [
        street.call("POST", hooks, {"url": "https://a.example.com/"}, by=owner, key="h"),
        street.call("POST", own, {"label": "Till"}, by=owner, key="c"),
        *(street.call("GET", path, by=owner) for path in (hooks, own, known, f"{known}/messages")),
        street.call("GET", f"{known}/replays/rpl_x", by=owner),
        street.call("POST", f"{known}/ping", by=owner),
        street.call("POST", f"{known}/enable", by=owner),
        street.call(
            "POST", "/oauth/token", raw=grant, headers={**form, **basic(client["client_id"], PLAIN)}
        ),
        street.call(
            "POST", "/oauth/token", raw=grant, headers={**form, **basic("cli_unknown", PLAIN)}
        ),
    ]

    assert [answer.status for answer in answers] == [
        201,
        201,
        200,
        200,
        200,
        200,
        404,
        202,
        200,
        200,
        401,
    ]
    said = "".join(answer.text + json.dumps(dict(answer.headers)) for answer in answers)
    lines = capsys.readouterr().out
    assert "A webhook was sent" in lines
    for secret in (CANARY, CANARY.removeprefix("whsec_"), PLAIN):
        assert secret not in said + lines


def test_every_get_of_this_domain_is_tried_above() -> None:
    paths = {spec.path for spec in (*api.specs, *webhooks_api.specs) if spec.method == "GET"}

    assert len(paths) == 5
