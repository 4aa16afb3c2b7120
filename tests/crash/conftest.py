"""One shard, since a sweep asks each; and how many cases were run is said at the end."""

import pytest

SHARDED = (
    "chalicelib.core.outbox",
    "chalicelib.couriers.dispatching",
    "chalicelib.orders.deadlines",
    "chalicelib.orders.moving",
    "chalicelib.payments.changing",
    "chalicelib.payments.following",
    "chalicelib.payments.wallet_models",
)


@pytest.fixture(autouse=True)
def _one_shard(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in SHARDED:
        monkeypatch.setattr(f"{module}.SHARDS", 1)
