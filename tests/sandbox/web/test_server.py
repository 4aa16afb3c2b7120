"""The page's server: its files to this machine, a token to its own page and to no other."""

import http.client
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from sandbox.web.server import Page, SignInFailed

TOLD = {
    "api": "http://a:1/x",
    "track": "http://a:1/y",
    "push": "http://b:2",
    "stripe": "http://c:3",
}


@dataclass
class Browser:
    port: int

    def __call__(
        self, method: str, path: str, body: object = None, **headers: str
    ) -> tuple[int, Any, http.client.HTTPMessage]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request(method, path, json.dumps(body), headers)
            answer = connection.getresponse()
            content = answer.read().decode()
            is_json = answer.headers["Content-Type"] == "application/json"
            return answer.status, json.loads(content) if is_json else content, answer.headers
        finally:
            connection.close()

    def asks(self, who: object, origin: str | None = None) -> tuple[int, Any]:
        """The page asks for somebody's token."""
        given = {"Origin": origin or f"http://127.0.0.1:{self.port}"}
        status, said, _ = self("POST", "/session", {"who": who}, **given)
        return status, said


def sign_in(who: str) -> str:
    if who == "store":
        raise SignInFailed
    return {"customer": "token-of-mina"}[who]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    page = Page(0, TOLD, sign_in)
    threading.Thread(target=page.serve, daemon=True).start()
    yield Browser(int(page.url.rpartition(":")[2]))
    page.stop()


def test_the_page_comes_with_a_policy(browser: Browser) -> None:
    status, page, headers = browser("GET", "/")

    assert status == 200
    assert '<script type="module" src="/start.js">' in page
    assert "script-src 'self'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/start.js", "text/javascript; charset=utf-8"),
        ("/vendor/preact.mjs", "text/javascript; charset=utf-8"),
        ("/style.css", "text/css; charset=utf-8"),
        ("/ko.json", "application/json"),
        ("/icon.svg", "image/svg+xml"),
    ],
)
def test_files_are_served_as_what_they_are(browser: Browser, path: str, kind: str) -> None:
    status, _, headers = browser("GET", path)

    assert (status, headers["Content-Type"]) == (200, kind)


@pytest.mark.parametrize(
    "path", ["/../server.py", "/%2e%2e/server.py", "/vendor/vendored.toml", "/x", "//etc/passwd"]
)
def test_nothing_else_is_served(browser: Browser, path: str) -> None:
    assert browser("GET", path)[0] == 404


def test_the_page_is_told_where_everything_is(browser: Browser) -> None:
    assert browser("GET", "/sandbox.json")[1] == TOLD


def test_the_page_gets_a_token(browser: Browser) -> None:
    assert browser.asks("customer") == (200, {"token": "token-of-mina"})


@pytest.mark.parametrize("origin", ["https://evil.test", "http://127.0.0.1:1", "null"])
def test_another_page_gets_no_token(browser: Browser, origin: str) -> None:
    status, said = browser.asks("customer", origin)

    assert status == 403
    assert "token" not in said


def test_a_page_under_another_name_is_not_answered(browser: Browser) -> None:
    """So is a page of a stranger whose name was made to lead here."""
    host = {"Host": f"evil.test:{browser.port}", "Origin": f"http://evil.test:{browser.port}"}

    assert browser("GET", "/", **host)[0] == 421
    assert browser("POST", "/session", {"who": "customer"}, **host)[0] == 403


@pytest.mark.parametrize(("who", "status"), [("operator", 400), (["x"], 400), ("store", 502)])
def test_who_cannot_sign_in_is_told_so(browser: Browser, who: object, status: int) -> None:
    assert browser.asks(who)[0] == status


def test_a_large_body_is_refused(browser: Browser) -> None:
    assert browser.asks("x" * 2000)[0] == 413
