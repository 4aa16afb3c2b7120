"""The push port over HTTP: the phones' inboxes, and SNS as boto3 speaks it."""

import contextlib
import http.client
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from sandbox.cloud.ministack import client
from sandbox.cloud.phones import KEPT, Phones, Refused
from sandbox.cloud.push import serve

FIREBASE = {
    "fcmV1Message": {
        "message": {
            "notification": {"title": "On its way", "body": "Soon"},
            "data": {"event_id": "evt_1"},
            "android": {"collapse_key": "ord_1", "priority": "HIGH"},
        }
    }
}
APPLE = {"aps": {"alert": {"title": "On its way", "body": "Soon"}}, "event_id": "evt_1"}


@dataclass
class Port:
    phones: Phones
    number: int

    def __call__(self, method: str, path: str, body: bytes = b"") -> tuple[int, Any]:
        connection = http.client.HTTPConnection("127.0.0.1", self.number, timeout=5)
        try:
            connection.request(method, path, body)
            answer = connection.getresponse()
            text = answer.read()
            return answer.status, json.loads(text) if text.startswith(b"{") else text.decode()
        finally:
            connection.close()

    @property
    def sns(self) -> Any:  # noqa: ANN401 - boto3 builds its clients at run time
        return client(f"http://127.0.0.1:{self.number}", "sns")

    def endpoint(self, phone: str = "phone-1", service: str = "GCM") -> str:
        application = self.sns.create_platform_application(
            Name="test", Platform=service, Attributes={}
        )["PlatformApplicationArn"]
        made: str = self.sns.create_platform_endpoint(
            PlatformApplicationArn=application, Token=phone
        )["EndpointArn"]
        return made

    def publish(self, arn: str, payload: object = FIREBASE, service: str = "GCM") -> None:
        message = {"default": "Soon", service: json.dumps(payload)}
        priority = {"DataType": "String", "StringValue": "10"}
        self.sns.publish(
            TargetArn=arn,
            MessageStructure="json",
            Message=json.dumps(message),
            MessageAttributes={"AWS.SNS.MOBILE.APNS.PRIORITY": priority},
        )

    def inbox(self, phone: str = "phone-1", query: str = "") -> list[dict[str, Any]]:
        status, answer = self("GET", f"/inbox/{phone}{query}")
        assert status == 200
        messages: list[dict[str, Any]] = answer["messages"]
        return messages


@pytest.fixture
def port() -> Iterator[Port]:
    phones = Phones(now=lambda: 1_800_000_000.25)
    server = serve(0, phones)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield Port(phones, server.server_address[1])
    server.shutdown()
    thread.join()
    server.server_close()


def _refusal(act: Any, **given: Any) -> tuple[str, str]:  # noqa: ANN401 - a method of boto3's
    with pytest.raises(ClientError) as refused:
        act(**given)
    error = refused.value.response["Error"]
    return str(error["Code"]), str(error["Message"])


def test_what_is_published_is_in_the_inbox_of_that_phone_only(port: Port) -> None:
    port.publish(port.endpoint())

    [message] = port.inbox()
    assert message == {
        "number": 1, "at": "2027-01-15T08:00:00.250+00:00", "service": "GCM",
        "title": "On its way", "body": "Soon", "data": {"event_id": "evt_1"},
        "collapse_key": "ord_1", "urgent": True, "payload": FIREBASE,
    }  # fmt: skip
    assert port.inbox("phone-2") == []


def test_an_apple_phone_shows_the_same(port: Port) -> None:
    port.publish(port.endpoint(service="APNS"), APPLE, "APNS")

    [message] = port.inbox()
    assert (message["title"], message["data"], message["urgent"]) == (
        "On its way",
        {"event_id": "evt_1"},
        True,
    )


def test_a_phone_reads_on_from_where_it_was(port: Port) -> None:
    endpoint = port.endpoint()
    for _ in range(3):
        port.publish(endpoint)

    assert [one["number"] for one in port.inbox(query="?after=1")] == [2, 3]


def test_who_waits_hears_as_soon_as_there_is_something(port: Port) -> None:
    endpoint = port.endpoint()
    sender = threading.Thread(target=port.publish, args=[endpoint])
    sender.start()

    [message] = port.inbox(query="?wait=4")

    sender.join()
    assert message["number"] == 1


def test_who_waits_for_nothing_is_told_so(port: Port) -> None:
    assert port.phones.inbox("phone-1", wait=0.01) == []


def test_the_oldest_messages_make_room(port: Port) -> None:
    endpoint = port.endpoint()
    message = json.dumps({"default": "", "GCM": json.dumps(FIREBASE)})

    for _ in range(KEPT + 1):
        port.phones.publish(endpoint, message, {})

    assert [one.number for one in port.phones.inbox("phone-1")] == list(range(2, KEPT + 2))


def test_a_phone_without_the_app_takes_nothing_more_and_keeps_what_it_had(port: Port) -> None:
    endpoint = port.endpoint()
    port.publish(endpoint)

    assert port("DELETE", "/push/phone-1") == (200, {})

    assert _refusal(port.publish, arn=endpoint)[0] == "EndpointDisabled"
    assert len(port.inbox()) == 1


def test_a_dead_phone_that_is_enabled_again_is_disabled_by_the_next_push(port: Port) -> None:
    endpoint = port.endpoint()
    port("DELETE", "/push/phone-1")
    port.sns.set_endpoint_attributes(EndpointArn=endpoint, Attributes={"Enabled": "true"})

    port.publish(endpoint)

    assert port.inbox() == []
    assert _refusal(port.publish, arn=endpoint)[0] == "EndpointDisabled"


def test_creating_an_endpoint_twice_makes_one(port: Port) -> None:
    assert port.endpoint() == port.endpoint()


def test_an_endpoint_with_other_attributes_is_named_in_the_refusal(port: Port) -> None:
    endpoint = port.endpoint()
    application = endpoint.replace(":endpoint/", ":app/").rpartition("/")[0]

    code, words = _refusal(
        port.sns.create_platform_endpoint,
        PlatformApplicationArn=application,
        Token="phone-1",
        CustomUserData="other",
    )

    assert code == "InvalidParameter"
    assert f"Endpoint {endpoint} already exists with the same Token, but different" in words


def test_a_token_belongs_to_one_endpoint_of_an_application(port: Port) -> None:
    first, second = port.endpoint("phone-1"), port.endpoint("phone-2")

    code, words = _refusal(
        port.sns.set_endpoint_attributes, EndpointArn=second, Attributes={"Token": "phone-1"}
    )

    assert (code, first in words) == ("InvalidParameter", True)


def test_attributes_are_read_and_set(port: Port) -> None:
    endpoint = port.endpoint()
    changed = {"Token": "phone-9", "Enabled": "false", "CustomUserData": "a & b"}

    port.sns.set_endpoint_attributes(EndpointArn=endpoint, Attributes=changed)

    assert port.sns.get_endpoint_attributes(EndpointArn=endpoint)["Attributes"] == changed


def test_an_endpoint_that_was_deleted_is_found_by_nobody(port: Port) -> None:
    endpoint = port.endpoint()

    port.sns.delete_endpoint(EndpointArn=endpoint)
    port.sns.delete_endpoint(EndpointArn=endpoint)

    assert _refusal(port.sns.get_endpoint_attributes, EndpointArn=endpoint)[0] == "NotFound"
    code, words = _refusal(port.publish, arn=endpoint)
    assert (code, "No endpoint found" in words) == ("InvalidParameter", True)


def test_an_application_that_was_never_made_has_no_endpoints(port: Port) -> None:
    nowhere = "arn:aws:sns:us-east-1:000000000000:app/GCM/none"

    code, _ = _refusal(
        port.sns.create_platform_endpoint, PlatformApplicationArn=nowhere, Token="phone-1"
    )

    assert code == "NotFound"


def test_an_endpoint_needs_a_token(port: Port) -> None:
    application = port.phones.create_application("test", "GCM")

    with pytest.raises(Refused, match="Token"):
        port.phones.create_endpoint(application, "")


@pytest.mark.parametrize(
    ("service", "payload"),
    [
        ("GCM", {"fcmV1Message": {"message": {"data": {"number": 1}}}}),
        ("GCM", {"data": {}}),
        ("APNS", {**APPLE, "long": "x" * 5000}),
    ],
)
def test_a_message_that_a_push_service_would_not_take_is_refused(
    service: str, payload: object, port: Port
) -> None:
    endpoint = port.endpoint(service=service)

    code, _ = _refusal(port.publish, arn=endpoint, payload=payload, service=service)

    assert code == "InvalidParameter"


def test_a_throttle_ends_by_itself(port: Port) -> None:
    endpoint = port.endpoint()
    port.phones.throttle(1)

    assert _refusal(port.publish, arn=endpoint)[0] == "Throttled"
    port.publish(endpoint)

    assert len(port.inbox()) == 1


def test_endpoints_and_deaths_outlast_a_restart(tmp_path: Path) -> None:
    before = Phones(tmp_path / "push.json")
    application = before.create_application("test", "GCM")
    alive, dead = (before.create_endpoint(application, one) for one in ("phone-1", "phone-2"))
    before.bury("phone-2")

    after = Phones(tmp_path / "push.json")

    assert after.attributes(alive) == {"Enabled": "true", "Token": "phone-1"}
    assert after.attributes(dead)["Enabled"] == "false"
    assert after.create_endpoint(application, "phone-1") == alive


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "/", b"Action=Subscribe", 400),
        ("POST", "/", b"Action=Publish", 400),
        ("POST", "/push/phone-1", b"{}", 404),
        ("GET", "/push/phone-1", b"", 404),
        ("GET", "/inbox/", b"", 404),
        ("DELETE", "/inbox/phone-1", b"", 404),
        ("GET", "/health", b"", 200),
    ],
)
def test_what_the_port_does_not_know_is_refused(
    port: Port, method: str, path: str, body: bytes, status: int
) -> None:
    assert port(method, path, body)[0] == status


def test_what_is_larger_than_sns_takes_is_refused_before_it_is_read(port: Port) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port.number, timeout=5)
    with contextlib.closing(connection):
        connection.putrequest("POST", "/")
        connection.putheader("Content-Length", "600000")
        connection.endheaders()

        assert connection.getresponse().status == 413


def test_a_page_of_a_known_origin_may_read_inboxes_and_no_other() -> None:
    server = serve(0, Phones(), ["http://127.0.0.1:12400"])
    threading.Thread(target=server.serve_forever, daemon=True).start()
    allowed = []
    for origin in ("http://127.0.0.1:12400", "https://evil.test"):
        connection = http.client.HTTPConnection("127.0.0.1", server.server_address[1], timeout=5)
        connection.request("GET", "/inbox/phone", headers={"Origin": origin})
        allowed.append(connection.getresponse().headers["Access-Control-Allow-Origin"])
        connection.close()
    server.shutdown()
    server.server_close()

    assert allowed == ["http://127.0.0.1:12400", None]
