"""Registering, changing tokens, changing hands, signing out."""

import json
from functools import partial

import pytest
from botocore.exceptions import ConnectionClosedError

from chalicelib.core import ids, parts
from chalicelib.core.errors import BusyError, UnavailableError
from chalicelib.notifications import devices, phones
from chalicelib.notifications.errors import DeviceLimitError, TokenRefusedError
from chalicelib.notifications.models import TokenOwner, owner_of
from sandbox.cloud.phones import Refused
from tests.clocks import StandingClock
from tests.conftest import Said
from tests.notifications.desk import CUSTOMER, Desk
from tests.world import World

DEVICE = "dev_01JD9Z6M7Q3W8K5N2R4T6V8X0Y"
TOKEN = "fZ1kQm0aT5:APA91bHun4MxP5egoKMwt2KZFBaFUH"
BODY = {"platform": "fcm", "token": TOKEN, "language": "ko"}


def _held(desk: Desk, person: str = CUSTOMER) -> list[dict[str, str]]:
    """What SNS holds of a person's devices."""
    arns = [str(device.endpoint_arn) for device in devices.of_person(person)]
    return [desk.phones.attributes(arn) for arn in arns]


# --- over HTTP -----------------------------------------------------------------------------


def test_a_device_is_registered_listed_and_removed_and_its_token_never_shown(
    world_at: World, said: Said
) -> None:
    mina, path = world_at.customer(), f"/v1/devices/{DEVICE}"

    put = world_at.call("PUT", path, BODY, token=mina)
    listed = world_at.call("GET", "/v1/devices", token=mina)
    gone = world_at.call("DELETE", path, token=mina)
    after = world_at.get("/v1/devices", mina)

    assert (put.status, gone.status, after) == (200, 204, {"items": []})
    assert listed.json["items"] == [put.json]
    assert put.json == {
        "id": DEVICE, "platform": "fcm", "language": "ko", "alive": True,
        "registered_at": "2026-11-22T12:00:00.000Z",
    }  # fmt: skip
    assert TOKEN not in put.text + listed.text + gone.text + json.dumps(said())


@pytest.mark.parametrize("wrong", ["ord_01JD9Z6M7Q3W8K5N2R4T6V8X0Y", "phone", "dev_1"])
def test_what_is_no_id_of_a_device_is_not_found(wrong: str, world_at: World) -> None:
    mina = world_at.customer()

    answers = [
        world_at.call("PUT", f"/v1/devices/{wrong}", BODY, token=mina),
        world_at.call("DELETE", f"/v1/devices/{wrong}", token=mina),
    ]

    assert [answer.status for answer in answers] == [404, 404]


def test_nobody_sees_or_removes_anothers_device(world_at: World) -> None:
    mina, jun = world_at.customer(), world_at.customer("jun")
    world_at.call("PUT", f"/v1/devices/{DEVICE}", BODY, token=mina)

    removed = world_at.call("DELETE", f"/v1/devices/{DEVICE}", token=jun)

    assert (removed.status, world_at.get("/v1/devices", jun)) == (204, {"items": []})
    assert len(world_at.get("/v1/devices", mina)["items"]) == 1


# --- endpoints -------------------------------------------------------------------------------


def test_a_device_becomes_an_enabled_endpoint_of_its_platform(desk: Desk) -> None:
    desk.register("jun", "jun-token-1", platform="apns")

    [device] = devices.of_person("jun")
    assert ":endpoint/APNS/test/" in str(device.endpoint_arn)
    assert _held(desk, "jun") == [{"Enabled": "true", "Token": "jun-token-1"}]


def test_registering_again_changes_nothing_and_asks_only_whether_it_is_still_right(
    desk: Desk, clock_at: StandingClock
) -> None:
    before = desk.register("jun", "jun-token-1", DEVICE)
    desk.wire.asked.clear()
    clock_at.move(60)

    again = desk.register("jun", "jun-token-1", DEVICE)

    assert again == before
    assert desk.wire.asked == ["GetEndpointAttributes"]


def test_a_new_token_goes_to_the_same_endpoint(desk: Desk) -> None:
    desk.register("jun", "jun-token-1", DEVICE)
    [before] = devices.of_person("jun")

    desk.register("jun", "jun-token-2", DEVICE)

    [device] = devices.of_person("jun")
    assert device.endpoint_arn == before.endpoint_arn
    assert _held(desk, "jun") == [{"Enabled": "true", "Token": "jun-token-2"}]


def test_a_disabled_endpoint_is_enabled_again(desk: Desk) -> None:
    desk.register("jun", "jun-token-1", DEVICE)
    desk.phones.bury("jun-token-1")

    desk.register("jun", "jun-token-1", DEVICE)

    assert _held(desk, "jun") == [{"Enabled": "true", "Token": "jun-token-1"}]


def test_an_endpoint_that_is_gone_is_made_anew(desk: Desk) -> None:
    desk.register("jun", "jun-token-1", DEVICE)
    [before] = devices.of_person("jun")
    desk.phones.delete_endpoint(str(before.endpoint_arn))

    desk.register("jun", "jun-token-1", DEVICE)

    assert _held(desk, "jun") == [{"Enabled": "true", "Token": "jun-token-1"}]


def test_a_phone_of_another_platform_gets_an_endpoint_there(desk: Desk) -> None:
    desk.register("jun", "jun-token-1", DEVICE)

    desk.register("jun", "jun-token-1", DEVICE, platform="apns")

    [device] = devices.of_person("jun")
    assert ":endpoint/APNS/" in str(device.endpoint_arn)


def test_a_token_that_sns_knows_with_other_attributes_keeps_its_endpoint(desk: Desk) -> None:
    application = phones.applications()["fcm"]
    there = desk.phones.create_endpoint(application, "jun-token-1", "made by hand")

    desk.register("jun", "jun-token-1")

    assert [str(one.endpoint_arn) for one in devices.of_person("jun")] == [there]


def test_a_token_that_another_endpoint_has_moves_the_device_to_that_endpoint(desk: Desk) -> None:
    application = phones.applications()["fcm"]
    desk.register("jun", "jun-token-1", DEVICE)
    there = desk.phones.create_endpoint(application, "jun-token-2")

    desk.register("jun", "jun-token-2", DEVICE)

    assert [str(one.endpoint_arn) for one in devices.of_person("jun")] == [there]


def test_a_token_that_the_push_service_never_gave_out_is_refused(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> str:
        raise Refused("InvalidParameter", "Invalid parameter: Token Reason: not hexadecimal")

    monkeypatch.setattr(desk.phones, "create_endpoint", refuse)

    with pytest.raises(TokenRefusedError):
        desk.register("jun", "jun-token-1")

    assert devices.of_person("jun") == []


@pytest.mark.parametrize("operation", ["CreatePlatformEndpoint", "GetEndpointAttributes"])
def test_while_sns_does_not_answer_nothing_is_stored(operation: str, desk: Desk) -> None:
    broken = ConnectionClosedError(endpoint_url="http://push.test")
    desk.wire.broken[operation] = [broken] * 3

    with pytest.raises(UnavailableError):
        desk.register("jun", "jun-token-1")

    assert devices.of_person("jun") == []


def test_an_application_that_is_not_there_is_an_outage(desk: Desk) -> None:
    desk.phones._applications.clear()

    with pytest.raises(UnavailableError):
        desk.register("jun", "jun-token-1")


def test_an_error_of_the_look_that_is_no_absence_is_an_outage(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: str) -> dict[str, str]:
        raise Refused("AuthorizationError", "no", 403)

    monkeypatch.setattr(desk.phones, "attributes", refuse)

    with pytest.raises(UnavailableError):
        desk.register("jun", "jun-token-1")


def test_without_applications_a_device_is_registered_all_the_same(bare: Desk) -> None:
    bare.register("jun", "jun-token-1")

    [device] = devices.of_person("jun")
    assert not device.endpoint_arn
    assert bare.wire.asked == []


# --- how many, and whose ------------------------------------------------------------------------


def _ten(desk: Desk) -> list[str]:
    names = [ids.new("dev") for _ in range(devices.MOST_DEVICES)]
    for number, name in enumerate(names):
        desk.register("jun", f"jun-token-{number}", name)
    return names


def test_an_eleventh_device_is_refused(desk: Desk) -> None:
    _ten(desk)

    with pytest.raises(DeviceLimitError):
        desk.register("jun", "one-too-many")

    assert len(devices.of_person("jun")) == devices.MOST_DEVICES


def test_a_dead_device_makes_room(desk: Desk) -> None:
    names = _ten(desk)
    dead = next(one for one in devices.of_person("jun") if one.id == names[3])
    devices.note(dead, alive=False, endpoint_arn=dead.endpoint_arn)

    made = desk.register("jun", "one-too-many")

    left = {device.id for device in devices.of_person("jun")}
    assert left == {*names, made.id} - {dead.id}


def test_ten_devices_may_change_their_tokens(desk: Desk) -> None:
    names = _ten(desk)

    desk.register("jun", "another-token", names[0])
    desk.register("jun", "jun-token-5")

    assert len(devices.of_person("jun")) == devices.MOST_DEVICES


def test_two_that_register_the_last_place_at_once_do_not_both_get_it(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    _ten(desk)
    devices.remove("jun", devices.of_person("jun")[0].id)
    real = phones.enlist
    rivals = iter([partial(desk.register, "jun", "rival-token")])

    def meanwhile(*given: str | None) -> str | None:
        for rival in rivals:
            rival()
        return real(*given)  # type: ignore[arg-type] # handed on as it is

    monkeypatch.setattr(phones, "enlist", meanwhile)

    with pytest.raises(DeviceLimitError):
        desk.register("jun", "late-token")

    assert len(devices.of_person("jun")) == devices.MOST_DEVICES


def test_a_phone_that_changes_hands_tells_its_new_owner_alone(desk: Desk) -> None:
    desk.register("jun", f"{CUSTOMER}-token")
    desk.order("CONFIRMED")

    desk.tell("order.confirmed")

    assert desk.inbox(f"{CUSTOMER}-token") == []
    assert devices.of_person(CUSTOMER) == []
    assert len(devices.of_person("jun")) == 1


def test_an_app_that_was_installed_anew_replaces_itself(desk: Desk) -> None:
    first = desk.register("jun", "jun-token-1")

    second = desk.register("jun", "jun-token-1")

    assert [device.id for device in devices.of_person("jun")] == [second.id]
    assert first.id != second.id


def test_a_token_that_is_given_up_may_be_anothers(desk: Desk) -> None:
    desk.register("jun", "jun-token-1", DEVICE)
    desk.register("jun", "jun-token-2", DEVICE)

    desk.register("lena", "jun-token-1")

    assert [device.token for device in devices.of_person("jun")] == ["jun-token-2"]
    assert [device.token for device in devices.of_person("lena")] == ["jun-token-1"]


def test_who_is_overtaken_by_another_owner_reads_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.register("jun", "shared-token", DEVICE)
    real = phones.enlist
    rivals = iter([partial(desk.register, "lena", "shared-token")])

    def meanwhile(*given: str | None) -> str | None:
        for rival in rivals:
            rival()
        return real(*given)  # type: ignore[arg-type] # handed on as it is

    monkeypatch.setattr(phones, "enlist", meanwhile)

    desk.register("jun", "shared-token", DEVICE, language="ko")

    assert [len(devices.of_person(person)) for person in ("jun", "lena")] == [1, 0]


def test_who_never_wins_the_race_is_told_to_try_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lose(*_: object) -> None:
        raise BusyError

    monkeypatch.setattr(parts, "commit", lose)

    with pytest.raises(BusyError):
        desk.register("jun", "jun-token-1")


# --- signing out ------------------------------------------------------------------------------


def test_after_signing_out_nothing_is_told_and_sns_has_forgotten_the_phone(desk: Desk) -> None:
    [device] = devices.of_person(CUSTOMER)
    desk.order("CONFIRMED")

    devices.remove(CUSTOMER, device.id)
    desk.tell("order.confirmed")

    assert desk.told(CUSTOMER) == []
    with pytest.raises(Refused):
        desk.phones.attributes(str(device.endpoint_arn))
    keys = owner_of(device.token)
    assert TokenOwner.count(keys.pk) == 0


@pytest.mark.usefixtures("desk")
def test_signing_out_twice_is_signing_out_once() -> None:
    [device] = devices.of_person(CUSTOMER)

    devices.remove(CUSTOMER, device.id)
    devices.remove(CUSTOMER, device.id)

    assert devices.of_person(CUSTOMER) == []


def test_an_endpoint_that_cannot_be_deleted_does_not_keep_anybody_signed_in(
    desk: Desk, said: Said
) -> None:
    [device] = devices.of_person(CUSTOMER)
    broken = ConnectionClosedError(endpoint_url="http://push.test")
    desk.wire.broken["DeleteEndpoint"] = [broken] * 3

    devices.remove(CUSTOMER, device.id)

    assert devices.of_person(CUSTOMER) == []
    assert "An endpoint stayed behind" in [line["said"] for line in said()]


def test_who_registered_without_applications_signs_out_without_them(bare: Desk) -> None:
    made = bare.register("jun", "jun-token-1")

    devices.remove("jun", made.id)

    assert (devices.of_person("jun"), bare.wire.asked) == ([], [])
