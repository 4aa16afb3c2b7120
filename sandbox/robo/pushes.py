"""The way of pushes: devices that people register, and their inboxes at the push port."""

import hashlib
import threading
import uuid
from dataclasses import dataclass, field
from urllib.parse import quote

from chalicelib.core import ids
from sandbox.robo.caller import Caller
from sandbox.robo.crew import Crew
from sandbox.robo.line import Json, Line, Lost
from sandbox.robo.pace import Over, Pace, seconds_of
from sandbox.robo.phone import Phone

WAIT = 20
OK = 200
MILLIS = 1000


@dataclass
class Person:
    """Whoever has signed in on a device: all the eyes that look at its screen."""

    token: str
    phones: list[Phone] = field(default_factory=list)
    last: int = 0


class Pushes:
    """Registers devices and reads their inboxes, each in a thread of its own."""

    def __init__(self, port: Line, pace: Pace, crew: Crew) -> None:
        """`port` must allow as many connections as there are devices: each waits on one."""
        self.count = 0
        self.lags: list[float] = []
        self._port = port
        self._pace = pace
        self._crew = crew
        self._people: dict[str, Person] = {}
        self._seen: set[tuple[str, str]] = set()
        self._lock = threading.Lock()

    def forget(self) -> None:
        """Count anew."""
        with self._lock:
            self.count = 0
            self.lags.clear()

    def phone(self, email: str, api: Caller) -> Phone:
        """A phone in this person's hand, registered by their app. Raises Refused or Lost."""
        phone = Phone(self._pace)
        with self._lock:
            known = self._people.get(email)
            person = self._people.setdefault(email, Person(f"fcm:{uuid.uuid4().hex}"))
            person.phones.append(phone)
        if known is None:
            body = {"platform": "fcm", "token": person.token, "language": "ko"}
            api.call("PUT", f"/v1/devices/{_device(email)}", body)
            self._crew.go(f"phone of {email}", lambda: self._read(person))
        return phone

    def _read(self, person: Person) -> None:
        while not self._pace.over:
            path = f"/inbox/{quote(person.token, safe='')}?after={person.last}&wait={WAIT}"
            try:
                reply = self._port.ask("GET", path, b"", {}, WAIT + 10.0)
            except Lost:
                self._pace.rest(0.5)
                continue
            if reply.status != OK:
                raise Lost(f"the push port: {reply.status}")
            for message in reply.body["messages"]:
                person.last = max(person.last, int(message["number"]))
                self._hand_on(person, message)
        raise Over

    def _hand_on(self, person: Person, message: Json) -> None:
        event = str(message["data"].get("event_id", ""))
        with self._lock:
            self.count += 1
            if event and (person.token, event) not in self._seen:
                self._seen.add((person.token, event))
                late = seconds_of(message["at"]) - _made(event)
                self.lags.append(late * self._pace.rate)
            phones = list(person.phones)
        for phone in phones:
            phone.push(message)


def _made(event_id: str) -> float:
    """When an event was committed: an id begins with the millisecond of its making, wall time."""
    return (ids.to_uuid(event_id).int >> 80) / MILLIS


def _device(email: str) -> str:
    """The app makes this id once and keeps it: here it follows from the name."""
    value = uuid.UUID(bytes=hashlib.sha256(email.encode()).digest()[:16], version=4)
    return ids.from_uuid("dev", value)
