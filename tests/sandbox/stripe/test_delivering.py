import pytest

from sandbox.stripe.delivering import send
from sandbox.stripe.webhooks import Delivery
from tests.sandbox.stripe.serving import Receiver


def delivery_to(url: str) -> Delivery:
    return Delivery("dlv_1", "evt_1", "charge.succeeded", url, {"Stripe-Signature": ""}, b"{}", 1)


@pytest.mark.parametrize("status", [200, 302, 500])
def test_the_status_of_the_receiver_is_told(status: int) -> None:
    receiver = Receiver(status)

    answered = send(delivery_to(f"{receiver.url}?a=1"))

    receiver.close()
    assert answered == status


def test_no_answer_is_no_status() -> None:
    receiver = Receiver()
    receiver.close()

    assert send(delivery_to(receiver.url)) is None


@pytest.mark.parametrize("host", ["shop.example", "169.254.169.254", "10.0.0.1", "2130706433"])
def test_nothing_is_sent_to_another_machine(host: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert send(delivery_to(f"http://{host}/hook")) is None
    assert "not on this machine" in capsys.readouterr().out
