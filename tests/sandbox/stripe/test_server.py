import json
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import stripe

from sandbox.stripe.faults import Call, Stage
from tests.sandbox.stripe.port import Reply
from tests.sandbox.stripe.serving import SECRET, HttpPort, Receiver, served
from tests.sandbox.stripe.stories import create, do, hold, look, wallet

ROOT = Path(__file__).parents[3]


@pytest.fixture
def http() -> Iterator[HttpPort]:
    with served() as port:
        yield port


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = Receiver(500)
    yield receiver
    receiver.close()


def test_a_webhook_is_sent_again_after_a_500(receiver: Receiver) -> None:
    with served(receiver) as http:
        intent = create(http)
        first, second = receiver.next(), receiver.next()

    events = [
        stripe.Webhook.construct_event(got.body, got.signature, SECRET) for got in (first, second)
    ]
    assert first.body == second.body
    assert [event.id for event in events] == [events[0].id] * 2
    assert events[0].data.object["id"] == intent["id"]


def test_fifty_requests_with_one_key_make_one_intent(http: HttpPort) -> None:
    with ThreadPoolExecutor(50) as pool:
        replies = list(pool.map(lambda _: hold(http, key="k"), range(50)))

    good = {reply["id"] for reply in replies if reply.status == 200}
    conflicts = [reply.error["code"] for reply in replies if reply.status != 200]
    assert len(good) == 1
    assert set(conflicts) <= {"idempotency_key_in_use"}
    assert len(http.call("GET", "payment_intents")["data"]) == 1


def test_two_requests_with_one_key_conflict_while_the_first_is_under_way() -> None:
    arrived, go_on = threading.Event(), threading.Event()

    def wait(stage: Stage, call: Call) -> None:
        if stage == "before" and call.idempotency_key == "k" and not arrived.is_set():
            arrived.set()
            go_on.wait(10)

    with served(fault=wait) as http, ThreadPoolExecutor(1) as pool:
        first = pool.submit(create, http, "k")
        arrived.wait(10)
        second = create(http, "k")
        go_on.set()
        third = create(http, "k") if first.result().status == 200 else second

    assert (second.status, second.error["code"]) == (409, "idempotency_key_in_use")
    assert third["id"] == first.result()["id"]


@contextmanager
def process(state: Path, *more: str) -> Iterator[tuple[subprocess.Popen[str], HttpPort]]:
    """The real program, until it is killed or told to stop."""
    command = [sys.executable, "-m", "sandbox.stripe", "--port", "0", "--state", str(state), *more]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(  # noqa: S603 - our own program
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    ) as running:
        assert running.stdout is not None
        match = re.search(r"http://\S+:\d+", running.stdout.readline())
        assert match is not None
        try:
            yield running, HttpPort(match[0])
        finally:
            running.kill()


def test_a_killed_server_has_lost_nothing_that_it_answered(tmp_path: Path) -> None:
    state = tmp_path / "stripe.jsonl"
    with process(state) as (running, http):
        intent = hold(http, key="k")
        running.kill()
        running.wait()

    with process(state) as (_, http):
        again = hold(http, key="k")
        captured = do(http, intent, "capture")

    assert again.body == intent.body
    assert again.headers["Idempotent-Replayed"] == "true"
    assert captured["status"] == "succeeded"


def test_sigterm_stops_it_within_a_second(tmp_path: Path) -> None:
    with process(tmp_path / "stripe.jsonl") as (running, http):
        create(http)

        running.send_signal(signal.SIGTERM)

        assert running.wait(timeout=1) == 0


def test_the_clock_goes_on_at_the_rate_it_began_with(tmp_path: Path) -> None:
    state = tmp_path / "stripe.jsonl"
    with process(state, "--wall-rate", "3600") as (_, http):
        first = create(http)["created"]

    with process(state, "--wall-rate", "3600") as (_, http):
        second = create(http)["created"]

    command = [sys.executable, "-m", "sandbox.stripe", "--port", "0", "--state", str(state)]
    other = subprocess.run(  # noqa: S603 - our own program
        command, cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert second >= first
    assert other.returncode != 0
    assert "--wall-rate 3600" in other.stderr


def test_it_prints_neither_numbers_nor_secrets(tmp_path: Path) -> None:
    with process(tmp_path / "stripe.jsonl") as (running, http):
        intent = create(http)
        card = {"number": "4242424242424242", "exp_month": 12, "exp_year": 2040, "cvc": "123"}
        params = {
            "client_secret": intent["client_secret"],
            "payment_method_data": {"type": "card", "card": card},
        }
        paid = http.call(
            "POST", f"payment_intents/{intent['id']}/confirm", params, bearer="pk_test_x"
        )
        http.open("GET", f"/pages/checkout?client_secret={intent['client_secret']}")
        running.terminate()
        printed, _ = running.communicate(timeout=5)

    assert paid["status"] == "succeeded"
    assert "/pages/checkout 200" in printed
    assert "4242424242424242" not in printed
    assert "_secret_" not in printed


def test_a_body_over_a_megabyte_is_refused(http: HttpPort) -> None:
    connection = HTTPConnection(urlsplit(http.url).netloc, timeout=10)
    connection.putrequest("POST", "/v1/payment_intents")
    connection.putheader("Content-Length", "1000001")
    connection.endheaders()

    status = connection.getresponse().status

    connection.close()
    assert status == 413


def test_a_browser_of_any_origin_may_call_it(http: HttpPort) -> None:
    asked = {"Origin": "https://shop.example", "Access-Control-Request-Method": "POST"}

    preflight = http.open("OPTIONS", "/v1/payment_intents/pi_1/confirm", headers=asked)
    script = http.open("GET", "/js/stripe.js")

    assert preflight.status == 204
    assert preflight.headers["Access-Control-Allow-Origin"] == "*"
    assert "authorization" in preflight.headers["Access-Control-Allow-Headers"].lower()
    assert script.headers["Content-Type"].startswith("text/javascript")
    assert "confirmCardPayment" in script.text


def test_a_person_passes_the_challenge_by_a_form(http: HttpPort) -> None:
    intent = hold(http, "pm_card_threeDSecure2Required")
    page = intent["next_action"]["use_stripe_sdk"]["stripe_js"].removeprefix(http.url)

    asked = http.open("GET", page)
    answered = http.open("POST", page, {"outcome": "approve"})

    assert 'value="approve"' in asked.text
    assert json.loads(answered.text)["status"] == "requires_capture"
    assert look(http, intent)["status"] == "requires_capture"


def choose(http: HttpPort, intent: Reply, outcome: str, accept: str) -> tuple[int, str]:
    url = intent["next_action"]["redirect_to_url"]["url"].removeprefix(http.url)
    page = http.open("POST", url, {"outcome": outcome}, {"Accept": accept})
    return page.status, page.headers.get("Location", "")


@pytest.mark.parametrize(
    ("outcome", "status", "redirect_status"),
    [
        ("approve", "requires_capture", "succeeded"),
        ("decline", "requires_payment_method", "failed"),
        ("processing", "processing", "pending"),
    ],
)
def test_a_browser_returns_from_the_wallet_to_the_shop(
    http: HttpPort, outcome: str, status: str, redirect_status: str
) -> None:
    # https://docs.stripe.com/payments/kakao-pay/accept-a-payment: redirect_status
    intent = wallet(http, capture_method="manual")

    answered, location = choose(http, intent, outcome, "text/html")

    query = parse_qs(urlsplit(location).query)
    assert answered == 303
    assert location.startswith("https://shop.example/back?order=1&")
    assert query["payment_intent"] == [intent["id"]]
    assert query["payment_intent_client_secret"] == [intent["client_secret"]]
    assert query["redirect_status"] == [redirect_status]
    if outcome != "processing":  # which may be over by now
        assert look(http, intent)["status"] == status


def test_who_walks_away_is_not_sent_back(http: HttpPort) -> None:
    intent = wallet(http)

    answered = choose(http, intent, "leave", "text/html")

    assert answered == (200, "")


def test_an_unknown_choice_is_refused(http: HttpPort) -> None:
    answered, _ = choose(http, wallet(http), "maybe", "*/*")

    assert answered == 400


def test_the_pay_page_opens_with_the_right_secret_only(http: HttpPort) -> None:
    intent = create(http)

    right = http.open("GET", f"/pages/checkout?client_secret={intent['client_secret']}")
    wrong = http.open("GET", f"/pages/checkout?client_secret={intent['id']}_secret_x")

    assert (right.status, wrong.status) == (200, 404)
    assert "20.00 usd" in right.text


def test_what_is_saved_already_is_offered_first_and_a_setup_saves(http: HttpPort) -> None:
    client = stripe.StripeClient("sk_test_x", base_addresses={"api": http.url})
    customer = client.v1.customers.create().id
    method = client.v1.payment_methods.attach("pm_card_visa", {"customer": customer}).id
    setup = client.v1.setup_intents.create({"customer": customer})
    intent = client.v1.payment_intents.create(
        {"amount": 2000, "currency": "usd", "customer": customer, "payment_method": method}
    )

    pays, saves = (
        http.open("GET", f"/pages/checkout?client_secret={one.client_secret}").text
        for one in (intent, setup)
    )

    assert '<select name="kind"><option value="saved">Card ···· 4242</option>' in pays
    assert "<h1>Save</h1>" in saves


def test_what_a_stranger_sends_is_shown_as_text(http: HttpPort) -> None:
    secret = create(http)["client_secret"]

    page = http.open("GET", f"/pages/checkout?client_secret={secret}&return_url=%22%3E%3Cscript%3E")

    assert '"><script>' not in page.text
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]


def test_a_page_for_nobody_is_404(http: HttpPort) -> None:
    pages = [http.open("GET", path).status for path in ("/pages/3ds/pi_nobody", "/", "/pages/x")]

    assert pages == [404, 404, 404]


def test_the_official_library_works_over_http(http: HttpPort) -> None:
    client = stripe.StripeClient("sk_test_x", base_addresses={"api": http.url})

    intent = client.v1.payment_intents.create({"amount": 2000, "currency": "usd"})

    assert client.v1.payment_intents.retrieve(intent.id).amount == 2000


@pytest.mark.parametrize(
    ("query", "headers", "word"),
    [
        ("&lang=ko", {}, "결제하기"),
        ("", {"Accept-Language": "ko-KR,ko;q=0.9"}, "결제하기"),
        ("", {"Cookie": "a=b; lang=ko"}, "결제하기"),
        ("&lang=fr", {}, "Pay"),
        ("&lang=en", {"Accept-Language": "ko"}, "Pay"),
    ],
)
def test_the_pages_speak_the_language_of_their_reader(
    http: HttpPort, query: str, headers: dict[str, str], word: str
) -> None:
    secret = create(http)["client_secret"]

    page = http.open("GET", f"/pages/checkout?client_secret={secret}{query}", headers=headers)

    assert f"<h1>{word}</h1>" in page.text
