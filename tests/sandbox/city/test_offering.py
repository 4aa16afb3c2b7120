"""What a store of the city offers: made once, and only where there is the store."""

from pathlib import Path

from sandbox.city.client import Api
from sandbox.city.offering import SLUG, TEA, offer
from sandbox.city.record import Record


class Owner(Api):
    """Notes what is asked."""

    def __init__(self) -> None:
        super().__init__("http://a:1")
        self.asked: list[tuple[str, str, object]] = []

    def call(
        self, method: str, path: str, body: object = None, *, key: str = "", why: str = ""
    ) -> dict[str, str]:
        assert key
        assert not why
        self.asked.append((method, path, body))
        return {}


def test_an_offer_is_made_once_where_there_is_its_store(tmp_path: Path) -> None:
    owner, record = Owner(), tmp_path / "city.json"

    offer(7, record, owner=owner)
    assert owner.asked == []
    Record(record).note(SLUG, id="sto_1")
    for _ in range(2):
        offer(7, record, owner=owner)

    assert owner.asked == [("POST", "/v1/stores/sto_1/promotions", TEA)]
