"""SNS mobile push and the phones behind it, in memory: what SNS promises, and how devices die.

Platform applications, their endpoints, and an inbox per device token. A token that is buried (the
app was removed) has its endpoints disabled; one that is enabled again all the same is disabled by
the next push, which SNS itself notices only after it has answered.
https://docs.aws.amazon.com/sns/latest/dg/mobile-push-send-devicetoken.html
"""

import json
import threading
import time
import uuid
from collections import defaultdict, deque
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

KEPT = 1000
LARGEST_APPLE_PAYLOAD = 4096
PREFIX = "arn:aws:sns:us-east-1:000000000000"
APPLE = frozenset({"APNS", "APNS_SANDBOX"})

type Json = dict[str, Any]


class Refused(Exception):  # noqa: N818 - it names what happened
    """SNS refuses: its code, the HTTP status that goes with it, and its words."""

    def __init__(self, code: str, words: str, status: int = 400) -> None:
        super().__init__(words)
        self.code, self.status = code, status


@dataclass
class Endpoint:
    """A device of one application, as SNS holds it."""

    arn: str
    application: str
    token: str
    enabled: bool = True
    user_data: str = ""

    @property
    def service(self) -> str:
        return self.application.split("/")[1]

    def attributes(self) -> dict[str, str]:
        held = {"Enabled": str(self.enabled).lower(), "Token": self.token}
        return {**held, "CustomUserData": self.user_data} if self.user_data else held


@dataclass(frozen=True)
class Message:
    """What a phone got: its place in the inbox, when (wall time), and what it would show."""

    number: int
    at: str
    service: str
    title: str
    body: str
    data: Json
    collapse_key: str
    urgent: bool
    payload: Json


class Phones:
    """Applications, endpoints and inboxes. Safe to use from many threads.

    With a path, applications and endpoints outlast a restart; what was pushed does not.
    """

    def __init__(self, path: Path | None = None, now: Callable[[], float] = time.time) -> None:
        self._path, self._now = path, now
        self._applications: set[str] = set()
        self._endpoints: dict[str, Endpoint] = {}
        self._inboxes: dict[str, deque[Message]] = defaultdict(lambda: deque(maxlen=KEPT))
        self._numbers: dict[str, int] = defaultdict(int)
        self._dead: set[str] = set()
        self._busy = 0
        self._changed = threading.Condition()
        if path and path.exists():
            self._restore(json.loads(path.read_text(encoding="utf-8")))

    # --- SNS's side --------------------------------------------------------------------------

    def create_application(self, name: str, service: str) -> str:
        arn = f"{PREFIX}:app/{service}/{name}"
        with self._changed:
            self._applications.add(arn)
            self._save()
        return arn

    def create_endpoint(
        self, application: str, token: str, user_data: str = "", enabled: str = ""
    ) -> str:
        """The endpoint of a token: a new one, or the one that is there if it is just like that."""
        with self._changed:
            if application not in self._applications:
                raise Refused("NotFound", "PlatformApplication does not exist", 404)
            if not token:
                raise Refused("InvalidParameter", "Invalid parameter: Token")
            there = self._of_token(application, token)
            if there:
                differs = enabled and enabled != str(there.enabled).lower()
                if differs or there.user_data != user_data:
                    words = f"{_taken(there)}, but different attributes."
                    raise Refused("InvalidParameter", words)
                return there.arn
            made = f"{application.replace(':app/', ':endpoint/')}/{uuid.uuid4()}"
            self._endpoints[made] = Endpoint(made, application, token, user_data=user_data)
            self._save()
            return made

    def attributes(self, arn: str) -> dict[str, str]:
        with self._changed:
            return self._found(arn).attributes()

    def set_attributes(self, arn: str, attributes: Mapping[str, str]) -> None:
        with self._changed:
            endpoint = self._found(arn)
            token = attributes.get("Token", endpoint.token)
            other = self._of_token(endpoint.application, token)
            if other and other is not endpoint:
                raise Refused("InvalidParameter", f"{_taken(other)}.")
            endpoint.token = token
            endpoint.user_data = attributes.get("CustomUserData", endpoint.user_data)
            if "Enabled" in attributes:
                endpoint.enabled = attributes["Enabled"].lower() == "true"
            self._save()

    def delete_endpoint(self, arn: str) -> None:
        with self._changed:
            self._endpoints.pop(arn, None)
            self._save()

    def publish(self, arn: str, message: str, headers: Mapping[str, str]) -> str:
        """Hand a message (the JSON of all services) to an endpoint's device. SNS's id for it."""
        with self._changed:
            if self._busy:
                self._busy -= 1
                raise Refused("Throttled", "Rate exceeded", 429)
            endpoint = self._endpoints.get(arn)
            if endpoint is None:
                words = "No endpoint found for the target arn specified"
                raise Refused("InvalidParameter", f"Invalid parameter: TargetArn Reason: {words}")
            if not endpoint.enabled:
                raise Refused("EndpointDisabled", "Endpoint is disabled")
            payload = _payload(endpoint.service, message)
            if endpoint.token in self._dead:
                endpoint.enabled = False
            else:
                self._deliver(endpoint, payload, headers)
            return str(uuid.uuid4())

    def text(self, number: str, words: str) -> str:
        """An SMS: it lies in the inbox of the phone number. SNS's id for it."""
        with self._changed:
            if not number.startswith("+"):
                raise Refused("InvalidParameter", "Invalid parameter: PhoneNumber")
            self._numbers[number] += 1
            self._inboxes[number].append(
                Message(
                    number=self._numbers[number],
                    at=datetime.fromtimestamp(self._now(), UTC).isoformat(timespec="milliseconds"),
                    service="SMS",
                    title="",
                    body=words,
                    data={},
                    collapse_key="",
                    urgent=True,
                    payload={},
                )
            )
            self._changed.notify_all()
            return str(uuid.uuid4())

    def _deliver(self, endpoint: Endpoint, payload: Json, headers: Mapping[str, str]) -> None:
        self._numbers[endpoint.token] += 1
        read = _of_apple if endpoint.service in APPLE else _of_firebase
        self._inboxes[endpoint.token].append(
            Message(
                number=self._numbers[endpoint.token],
                at=datetime.fromtimestamp(self._now(), UTC).isoformat(timespec="milliseconds"),
                service=endpoint.service,
                payload=payload,
                **read(payload, headers),
            )
        )
        self._changed.notify_all()

    # --- the phones' side --------------------------------------------------------------------

    def inbox(self, token: str, *, after: int = 0, wait: float = 0.0) -> list[Message]:
        """What a phone got behind a number, as soon as there is something, at most after `wait`."""

        def newer() -> list[Message]:
            return [one for one in self._inboxes.get(token, ()) if one.number > after]

        with self._changed:
            if wait:
                self._changed.wait_for(newer, wait)
            return newer()

    def bury(self, token: str) -> None:
        """The app was removed, and SNS has noticed."""
        with self._changed:
            self._dead.add(token)
            for endpoint in self._endpoints.values():
                endpoint.enabled = endpoint.enabled and endpoint.token != token
            self._save()

    def throttle(self, times: int) -> None:
        """Take no push so many times."""
        with self._changed:
            self._busy = times

    # --- what is held ------------------------------------------------------------------------

    def _found(self, arn: str) -> Endpoint:
        if arn not in self._endpoints:
            raise Refused("NotFound", "Endpoint does not exist", 404)
        return self._endpoints[arn]

    def _of_token(self, application: str, token: str) -> Endpoint | None:
        mine = (one for one in self._endpoints.values() if one.application == application)
        return next((one for one in mine if one.token == token), None)

    def _save(self) -> None:
        if self._path is None:
            return
        held = {
            "applications": sorted(self._applications),
            "endpoints": [asdict(one) for one in self._endpoints.values()],
            "dead": sorted(self._dead),
        }
        fresh = self._path.with_suffix(".new")
        fresh.touch(mode=0o600)
        fresh.write_text(json.dumps(held), encoding="utf-8")
        fresh.replace(self._path)

    def _restore(self, held: Json) -> None:
        self._applications = set(held["applications"])
        self._endpoints = {one["arn"]: Endpoint(**one) for one in held["endpoints"]}
        self._dead = set(held["dead"])


def _taken(endpoint: Endpoint) -> str:
    reason = f"Endpoint {endpoint.arn} already exists with the same Token"
    return f"Invalid parameter: Token Reason: {reason}"


def _payload(service: str, message: str) -> Json:
    """The part of a message that is for a service. Raises Refused for what SNS would not take."""
    try:
        said = json.loads(message)
        assert "default" in said, "No default entry in JSON message body"
        inner: Json = json.loads(said[service])
        if service in APPLE:
            size = len(json.dumps(inner, ensure_ascii=False).encode())
            assert size <= LARGEST_APPLE_PAYLOAD, "Notification is too large"
        else:
            data = inner["fcmV1Message"]["message"]["data"]
            assert all(isinstance(one, str) for one in data.values()), "data must be text"
    except (AssertionError, KeyError, TypeError, ValueError) as error:
        words = f"Invalid parameter: Message Reason: {error}"
        raise Refused("InvalidParameter", words) from error
    return inner


def _of_firebase(payload: Json, _: Mapping[str, str]) -> Json:
    said = payload["fcmV1Message"]["message"]
    android = said.get("android", {})
    return {
        "title": said["notification"]["title"],
        "body": said["notification"]["body"],
        "data": said["data"],
        "collapse_key": android.get("collapse_key", ""),
        "urgent": android.get("priority") == "HIGH",
    }


def _of_apple(payload: Json, headers: Mapping[str, str]) -> Json:
    return {
        "title": payload["aps"]["alert"]["title"],
        "body": payload["aps"]["alert"]["body"],
        "data": {name: value for name, value in payload.items() if name != "aps"},
        "collapse_key": headers.get("AWS.SNS.MOBILE.APNS.COLLAPSE_ID", ""),
        "urgent": headers.get("AWS.SNS.MOBILE.APNS.PRIORITY") == "10",
    }
