"""What couriers show before they may work, who looks at it, and when it is over."""

from datetime import timedelta

import pytest

from chalicelib.core import clock, dynamo, notices
from chalicelib.couriers import standing
from chalicelib.couriers.models import CourierHead, courier_key
from chalicelib.couriers.standing_models import Document
from chalicelib.couriers.standing_schemas import CourierRules, Suspension
from chalicelib.couriers.status import DocumentKind, Vehicle
from tests import laws
from tests.couriers.papers import DAY, Office
from tests.couriers.street import Rider, Street, at_once
from tests.world import World

LICENCE, IDENTITY = DocumentKind.DRIVING_LICENCE, DocumentKind.IDENTITY
NOW = clock.parse("2026-11-22T12:00:00.000Z")
SUSPENDED = Suspension.model_validate(
    {"id": "sus_01JD9Z6M7Q3W8K5N2R4T6V8X0Y", "code": "safety", "reason": "-", "at": NOW}
)


@pytest.fixture
def office(world_at: World) -> Office:
    return Office(world_at)


@pytest.fixture
def jun(world_at: World) -> Rider:
    """A courier who has said who they are, and in which city."""
    rider = Rider(world_at)
    assert rider.introduce(city="seoul").status == 200
    return rider


def told(who: str = "jun") -> list[str]:
    return sorted(one.type.removeprefix("notice.") for one in notices.of(who))


def paper(kind: str = LICENCE, status: str = "approved", days: float | None = None) -> Document:
    until = clock.stamp(NOW + timedelta(days=days)) if days is not None else None
    return Document("COURIER#jun", "DOC#1", kind=kind, status=status, valid_until=until)


# --- how a courier stands: pure -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("needed", "shown", "suspended", "status"),
    [
        ([], [], None, "active"),
        ([LICENCE], [], None, "onboarding"),
        ([LICENCE], [paper(status="waiting")], None, "onboarding"),
        ([LICENCE], [paper(status="refused")], None, "onboarding"),
        ([LICENCE], [paper(kind=IDENTITY)], None, "onboarding"),
        ([LICENCE], [paper()], None, "active"),
        ([LICENCE], [paper(days=1)], None, "active"),
        ([LICENCE], [paper(days=0)], None, "documents_expired"),
        ([LICENCE], [paper(days=-1), paper(days=1)], None, "active"),
        ([LICENCE], [paper(days=-1), paper()], None, "active"),
        ([LICENCE, IDENTITY], [paper(days=-1)], None, "onboarding"),
        ([], [], SUSPENDED, "suspended"),
        ([LICENCE], [], SUSPENDED, "suspended"),
    ],
)
def test_a_courier_stands_as_what_they_have_shown(
    needed: list[DocumentKind], shown: list[Document], suspended: Suspension | None, status: str
) -> None:
    assert standing.judged(needed, shown, suspended, NOW).status == status


def test_the_first_of_what_is_needed_says_until_when() -> None:
    shown = [paper(days=9), paper(kind=IDENTITY, days=3), paper(kind=IDENTITY, days=5)]

    found = standing.judged([LICENCE, IDENTITY], shown, None, NOW)
    for_ever = standing.judged([LICENCE], [paper()], None, NOW)

    assert found.until == NOW + timedelta(days=5)
    assert for_ever.until is None


def test_what_is_asked_for_hangs_on_the_vehicle_and_the_day() -> None:
    rules = CourierRules.model_validate(
        {
            "documents": [
                {"kind": "identity", "begins": NOW},
                {"kind": "driving_licence", "vehicles": ["scooter", "car"], "begins": NOW},
                {"kind": "insurance", "begins": NOW + timedelta(seconds=1)},
            ]
        }
    )

    by_foot = standing.demanded(rules, Vehicle.FOOT, NOW)
    by_car = standing.demanded(rules, Vehicle.CAR, NOW)
    later = standing.demanded(rules, Vehicle.FOOT, NOW + timedelta(seconds=1))

    assert by_foot == ["identity"]
    assert by_car == ["identity", "driving_licence"]
    assert later == ["identity", "insurance"]


# --- a city's rules -------------------------------------------------------------------------------


def test_a_city_asks_for_nothing_until_an_operator_says_so(office: Office, jun: Rider) -> None:
    before = jun.get("/v1/cities/seoul/courier-rules")
    asked = [office.ask("identity") for _ in range(2)]

    assert (before["documents"], before["version"]) == ([], 0)
    assert [one.json["version"] for one in asked] == [1, 1]
    assert office.ask("insurance").json["version"] == 2
    kept = [row for row in laws.rows("audit") if row["action"] == "courier_rules.set"]
    assert len(kept) == 2


def test_what_is_no_name_of_a_city_has_no_rules(jun: Rider) -> None:
    answer = jun.world.call("GET", "/v1/cities/Se%20oul/courier-rules", token=jun.token)

    assert answer.status == 404


def test_who_works_where_nothing_is_asked_is_active_at_once(jun: Rider) -> None:
    assert jun.get("/v1/courier")["status"] == "active"
    assert jun.start().json["status"] == "on"


def test_a_courier_of_an_older_release_goes_on_as_before(office: Office, world_at: World) -> None:
    old = CourierHead(
        courier_key("jun"), dynamo.HEAD, id="jun", version=1, given_name="Jun",
        vehicle="scooter", created_at="2026-01-01T00:00:00.000Z",
    )  # fmt: skip
    old.save()
    jun = Rider(world_at)

    started = jun.start()
    office.ask("identity")

    assert started.json["status"] == "on"
    assert jun.get("/v1/courier")["status"] == "onboarding"
    assert jun.get("/v1/duty")["status"] == "on"


# --- handing in, and looking at -------------------------------------------------------------------


def test_a_courier_shows_what_is_asked_for_and_may_then_work(office: Office, jun: Rider) -> None:
    office.ask("driving_licence")
    refused = jun.start()
    announced = office.announce("driving_licence", days=100)
    document_id = announced.json["id"]
    too_soon = office.send(document_id)
    office.put(document_id)
    sent = [office.send(document_id).json["status"] for _ in range(2)]
    [waits] = office.world.get("/v1/couriers/waiting", office.world.operator())["items"]
    approved = [office.review(document_id).json["status"] for _ in range(2)]

    assert (refused.status, refused.json["code"]) == (409, "onboarding")
    assert refused.json["missing"] == ["driving_licence"]
    assert announced.json["upload"]["headers"]["Content-Length"] == "3"
    assert (too_soon.status, too_soon.json["code"]) == (409, "file_not_there")
    assert sent == ["waiting", "waiting"]
    assert (waits["id"], waits["courier_id"]) == (document_id, "jun")
    assert "response-content-disposition=attachment" in waits["file_url"]
    assert approved == ["approved", "approved"]
    assert office.world.get("/v1/couriers/waiting", office.world.operator())["items"] == []
    assert jun.start().json["status"] == "on"
    assert told() == ["document_approved", "document_ends"]
    assert jun.events() == ["courier.changed", "courier.document_approved", "courier.on_duty"]


def test_a_document_that_is_refused_says_why_and_does_not_count(office: Office, jun: Rider) -> None:
    office.ask("identity")
    document_id = office.hand_in("identity")

    unsaid = office.review(document_id, "refused")
    refused = office.review(document_id, "refused", problem="unreadable")
    otherwise = office.review(document_id)

    assert unsaid.status == 400
    assert (refused.status, refused.json["problem"]) == (200, "unreadable")
    assert (otherwise.status, otherwise.json["code"]) == (409, "document_state")
    assert jun.start().json["code"] == "onboarding"
    assert told() == ["document_refused"]
    [own] = jun.get("/v1/courier/documents")["items"]
    assert (own["status"], own["problem"], "file_url" in own) == ("refused", "unreadable", False)
    assert office.send(document_id).json["status"] == "refused"


def test_a_document_that_nobody_has_sent_is_not_looked_at(office: Office, jun: Rider) -> None:
    document_id = office.announce("identity").json["id"]
    foreign = office.send(document_id, who="ari")
    missing = office.review("doc_0000000000000000000000000A")

    assert office.review(document_id).json["code"] == "document_state"
    assert (foreign.status, missing.status) == (404, 404)
    assert jun.get("/v1/courier/documents")["items"][0]["status"] == "awaited"


def test_what_is_over_is_neither_handed_in_nor_approved(office: Office, jun: Rider) -> None:
    late = office.announce("identity", days=-1)
    document_id = office.hand_in("identity", days=1)
    office.world.clock.move(DAY)
    approved = office.review(document_id)
    longer = office.review(document_id, valid_until=clock.stamp(clock.after(DAY)))

    assert (late.status, late.json["errors"][0]["pointer"]) == (400, "/valid_until")
    assert approved.status == 400
    assert longer.json["valid_until"] == clock.stamp(clock.after(DAY))
    assert len(jun.get("/v1/courier/documents")["items"]) == 1


def test_who_has_not_said_who_they_are_hands_in_nothing(office: Office) -> None:
    assert office.announce("identity").json["code"] == "no_profile"


def test_nobody_fills_the_desk(office: Office, jun: Rider) -> None:
    for _ in range(20):
        assert office.announce("identity").status == 201

    refused = office.announce("identity")

    assert (refused.status, refused.json["code"]) == (409, "too_many_documents")
    assert len(jun.get("/v1/courier/documents")["items"]) == 20


def test_repeating_an_announcement_makes_one_document(office: Office, jun: Rider) -> None:
    new = {"kind": "identity", "media_type": "image/png", "bytes": 9}
    made = [
        office.world.post("/v1/courier/documents", new, token=jun.token, key="k") for _ in range(2)
    ]
    other = office.world.post(
        "/v1/courier/documents", {**new, "bytes": 8}, token=jun.token, key="k"
    )

    assert made[0].json["id"] == made[1].json["id"]
    assert len(jun.get("/v1/courier/documents")["items"]) == 1
    assert made[1].headers["Idempotent-Replayed"] == "true"
    assert other.status == 422


def test_an_address_to_put_a_file_does_not_outlive_its_promise(office: Office, jun: Rider) -> None:
    office.announce("identity")
    office.world.clock.move(900)

    assert jun.get("/v1/courier/documents")["items"][0]["upload"] is None


def test_of_two_operators_at_once_one_decides(office: Office, jun: Rider) -> None:
    document_id = office.hand_in("identity")

    answers = at_once(
        lambda: office.review(document_id),
        lambda: office.review(document_id, "refused", problem="forged"),
    )

    assert sorted(one.status for one in answers) == [200, 409]
    assert len(told()) == 1
    assert jun.get("/v1/courier/documents")["items"][0]["status"] in {"approved", "refused"}


# --- what ends ------------------------------------------------------------------------------------


def test_a_courier_is_warned_two_weeks_before_of_the_last_document_alone(
    office: Office, jun: Rider
) -> None:
    office.approve("insurance", days=20)
    first = [one for one in notices.of("jun") if one.type == "notice.document_ends"]
    office.world.clock.move(1)
    office.approve("insurance", days=380)
    last = [one for one in notices.of("jun") if one.type == "notice.document_ends"]

    assert [one.not_before for one in first] == ["2026-11-28T12:00:00.000Z"]
    assert [one.not_before for one in last] == ["2027-11-23T12:00:01.000Z"]
    assert jun.get("/v1/courier")["status"] == "active"


def test_when_a_document_ends_its_courier_is_off_duty_and_may_not_come_back(
    office: Office, jun: Rider
) -> None:
    office.ask("identity")
    office.approve("identity", days=1)
    assert jun.start().status == 200
    office.world.pump()
    office.world.tick(DAY - 60)
    before = jun.duty()

    office.world.tick(60)

    assert before is not None
    assert jun.duty() is None
    assert jun.events()[-1] == "courier.off_duty"
    again = jun.start()
    assert (again.status, again.json["code"]) == (409, "documents_expired")
    assert again.json["expired"] == ["identity"]
    assert jun.get("/v1/courier")["status"] == "documents_expired"


def test_who_has_a_job_when_a_document_ends_finishes_it_first(
    office: Office, street: Street, world_at: World
) -> None:
    jun = Rider(world_at)
    jun.introduce()
    office.ask("identity")
    office.approve("identity", days=1)
    world_at.clock.move(DAY - 300)
    assert jun.start().status == 200
    order_id = street.order()
    job = street.job(jun, "heading-to-store", "arrived-at-store", "picked-up", order_id=order_id)
    world_at.pump()

    for _ in range(6):
        world_at.clock.move(60)
        jun.locate(int(clock.now().timestamp()))
        world_at.tick(0)

    during = jun.duty()
    assert during is not None
    assert (during.status, during.jobs) == ("leaving", [job.id])
    stayed = jun.start()
    assert stayed.json["code"] == "documents_expired"
    pin = street.pin(order_id)
    jun.step(job.id, "heading-to-customer", "arrived-at-customer")
    assert jun.step(job.id, "delivered", body={"pin": pin}).status == 200
    world_at.pump()
    assert jun.duty() is None
