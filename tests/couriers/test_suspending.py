"""Couriers whom an operator lets go on duty no more: told why, heard, and let back."""

import pytest

from chalicelib.core import notices, parts
from chalicelib.couriers import working
from tests import laws
from tests.couriers.papers import Office
from tests.couriers.street import Rider, Street, at_once
from tests.faults import Crash
from tests.world import Reply, World


@pytest.fixture
def office(world_at: World) -> Office:
    return Office(world_at)


def suspend(office: Office, who: str = "jun") -> Reply:
    return office.order("suspend", who, code="safety")


def appeal(jun: Rider, key: str = "a") -> Reply:
    said = {"text": "I had stopped at the light."}
    return jun.world.post("/v1/courier/appeal", said, token=jun.token, key=key)


def answer(office: Office, appeal_id: str, how: str) -> Reply:
    path = f"/v1/appeals/{appeal_id}/{how}"
    return office.world.post(path, {"reason": "Seen."}, token=office.world.operator())


def told() -> list[str]:
    return sorted(one.type.removeprefix("notice.") for one in notices.of("jun"))


def test_who_is_suspended_is_off_duty_and_is_told_why(office: Office, jun: Rider) -> None:
    answers = [suspend(office) for _ in range(2)]

    assert [one.json["status"] for one in answers] == ["suspended"] * 2
    assert jun.duty() is None
    refused = jun.start()
    assert (refused.status, refused.json["code"]) == (409, "courier_suspended")
    seen = jun.get("/v1/courier")["suspension"]
    assert (seen["code"], seen["reason"]) == ("safety", "Talked with them.")
    assert seen["id"] == refused.json["suspension_id"]
    assert told() == ["courier_suspended"]
    assert jun.events()[-2:] == ["courier.suspended", "courier.off_duty"]
    kept = [row for row in laws.rows("audit") if row["action"] == "courier.suspended"]
    assert len(kept) == 1


def test_an_offer_that_waits_is_another_couriers_then(
    office: Office, jun: Rider, street: Street
) -> None:
    offer_id = street.ask(jun, street.order())

    suspend(office)

    assert jun.duty() is None
    assert jun.answer(offer_id).status in {404, 409, 410}


def test_a_job_in_hand_is_finished_first(office: Office, jun: Rider, street: Street) -> None:
    order_id = street.order()
    steps = ("heading-to-store", "arrived-at-store", "picked-up", "heading-to-customer")
    job = street.job(jun, *steps, "arrived-at-customer", order_id=order_id)

    suspend(office)

    duty = jun.duty()
    assert duty is not None
    assert (duty.status, duty.jobs) == ("leaving", [job.id])
    done = jun.step(job.id, "delivered", body={"pin": street.pin(order_id)})
    assert done.status == 200
    assert jun.duty() is None


def test_should_the_operators_call_die_half_way_dispatch_ends_the_duty(
    office: Office, jun: Rider, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit = parts.commit
    commits: list[int] = []

    def dying(*chosen: parts.Part) -> None:
        if commits:
            raise Crash
        commits.append(1)
        commit(*chosen)

    with monkeypatch.context() as patched:
        patched.setattr(parts, "commit", dying)
        with pytest.raises(Crash):
            suspend(office)
    duty = jun.duty()
    assert duty is not None
    assert duty.status == "leaving"

    office.world.pump()

    assert jun.duty() is None


def test_who_is_let_back_may_work_again(office: Office, jun: Rider) -> None:
    suspend(office)

    restored = [office.order("restore").json["status"] for _ in range(2)]

    assert restored == ["active", "active"]
    assert jun.start().json["status"] == "on"
    assert told() == ["courier_restored", "courier_suspended"]


def test_a_granted_appeal_ends_a_suspension_and_not_the_next(office: Office, jun: Rider) -> None:
    suspend(office)
    made = appeal(jun)
    repeated, another = appeal(jun), appeal(jun, "b")
    granted = answer(office, made.json["id"], "grant")

    assert (made.status, repeated.json, another.status) == (201, made.json, 409)
    assert made.json["limit"] is None
    assert made.json["suspension_id"].startswith("sus_")
    assert (granted.json["status"], granted.json["lifted_until"]) == ("granted", None)
    assert jun.get("/v1/courier")["status"] == "active"
    assert jun.start().status == 200
    assert told() == ["courier_suspended", "suspension_appeal_granted"]
    assert suspend(office).json["status"] == "suspended"
    assert jun.start().json["code"] == "courier_suspended"


def test_a_refused_appeal_leaves_it(office: Office, jun: Rider) -> None:
    suspend(office)
    made = appeal(jun)

    answer(office, made.json["id"], "refuse")

    assert jun.start().json["code"] == "courier_suspended"
    assert told() == ["courier_suspended", "suspension_appeal_refused"]


def test_who_is_not_suspended_has_nothing_to_appeal_against(jun: Rider) -> None:
    refused = appeal(jun)

    assert (refused.status, refused.json["code"]) == (409, "not_suspended")


@pytest.mark.parametrize("verb", ["suspend", "restore"])
def test_nobody_who_is_no_courier_is_suspended(office: Office, verb: str) -> None:
    said = {"code": "other"} if verb == "suspend" else {}

    assert office.order(verb, "nobody", **said).status == 404


def test_two_who_suspend_at_once_suspend_once(office: Office, jun: Rider) -> None:
    at_once(lambda: suspend(office), lambda: suspend(office))

    assert told() == ["courier_suspended"]
    assert working.head("jun") is not None
    assert jun.duty() is None


def test_an_operator_sees_how_a_courier_stands(office: Office, jun: Rider) -> None:
    office.hand_in("identity", days=9)

    seen = office.world.get("/v1/couriers/jun", office.world.operator())
    missing = office.world.call("GET", "/v1/couriers/nobody", token=office.world.operator())

    assert (seen["id"], seen["status"], seen["duty"]) == ("jun", "active", "on")
    assert [one["status"] for one in seen["documents"]] == ["waiting"]
    assert missing.status == 404
    assert jun.get("/v1/courier")["duty"] == "on"
