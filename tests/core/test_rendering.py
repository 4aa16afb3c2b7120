from dataclasses import replace

import pytest

from chalicelib.core import rendering
from chalicelib.core.settings import settings


def test_where_no_origin_is_listed_nothing_is_said_about_origins(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    closed = replace(settings(), cors_origins=frozenset())
    monkeypatch.setattr(rendering, "settings", lambda: closed)

    assert rendering.cors("https://app.test") == {}
    assert rendering.cors(None) == {}
