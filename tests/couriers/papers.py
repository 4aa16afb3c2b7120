"""Couriers' documents: what a city asks for, what is put into the bucket, what an operator says."""

from dataclasses import dataclass
from typing import Any

import boto3

from chalicelib.core import clock, storage
from chalicelib.core.settings import settings
from tests import people
from tests.couriers.street import ZONE
from tests.world import Reply, World

DAY = 86_400


@dataclass(frozen=True)
class Office:
    """Where documents come to, with a bucket behind it."""

    world: World

    def __post_init__(self) -> None:
        storage.forget()
        boto3.client("s3", region_name=settings().region).create_bucket(Bucket=settings().bucket)

    def ask(self, *kinds: str, city: str = ZONE, **more: Any) -> Reply:  # noqa: ANN401 - any JSON
        """The city asks for these from now on."""
        asked = [{"kind": kind, "begins": clock.stamp(clock.now()), **more} for kind in kinds]
        body = {"documents": asked, "reason": "The law."}
        path = f"/v1/cities/{city}/courier-rules"
        return self.world.call("PUT", path, body, token=self.world.operator())

    def allow(self, most_minutes: int, rest_minutes: int = 660) -> Reply:
        """The city lets couriers work for so long, and has them rest."""
        hours = {"most_minutes": most_minutes, "rest_minutes": rest_minutes}
        body, path = {"hours": hours, "reason": "The law."}, f"/v1/cities/{ZONE}/courier-rules"
        return self.world.call("PUT", path, body, token=self.world.operator())

    def announce(self, kind: str, days: float | None = None, who: str = "jun") -> Reply:
        """A courier announces a document that ends in so many days."""
        until = clock.stamp(clock.after(days * DAY)) if days is not None else None
        new = {"kind": kind, "media_type": "application/pdf", "bytes": 3, "valid_until": until}
        return self.world.post(
            "/v1/courier/documents", new, token=courier(who), key=self.world.new_key()
        )

    def put(self, document_id: str) -> None:
        bucket = boto3.client("s3", region_name=settings().region)
        bucket.put_object(Bucket=settings().bucket, Key=f"documents/{document_id}", Body=b"pdf")

    def send(self, document_id: str, who: str = "jun") -> Reply:
        path = f"/v1/courier/documents/{document_id}/sent"
        return self.world.post(path, token=courier(who))

    def hand_in(self, kind: str, days: float | None = None, who: str = "jun") -> str:
        """A document that waits for a look. Its id."""
        document_id = str(self.announce(kind, days, who).json["id"])
        self.put(document_id)
        assert self.send(document_id, who).status == 200
        return document_id

    def review(self, document_id: str, verdict: str = "approved", **said: object) -> Reply:
        who = said.pop("who", "jun")
        path = f"/v1/couriers/{who}/documents/{document_id}/review"
        body = {"verdict": verdict, "reason": "Looked at.", **said}
        return self.world.post(path, body, token=self.world.operator())

    def approve(self, kind: str, days: float | None = None) -> str:
        """A document that was handed in and approved. Its id."""
        document_id = self.hand_in(kind, days)
        assert self.review(document_id).status == 200
        return document_id

    def order(self, verb: str, who: str = "jun", **said: object) -> Reply:
        """An operator suspends or restores a courier."""
        body = {"reason": "Talked with them.", **said}
        return self.world.post(f"/v1/couriers/{who}/{verb}", body, token=self.world.operator())


def courier(who: str) -> str:
    return people.person("courier", who)
