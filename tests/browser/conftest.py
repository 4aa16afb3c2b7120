"""A small city that runs, and a Chromium that looks at its page.

CHROMIUM=/path/to/it says which one. BROWSER=none leaves these tests out.
PAGE=http://127.0.0.1:12400 looks at what `make run` has opened.
"""

import os
import shutil
from collections.abc import Generator, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from sandbox import guides, opening, people
from sandbox.city.client import Api
from sandbox.city.offering import offer
from sandbox.city.quarter import SEED, quarter
from sandbox.city.seeding import seed
from tests.browser.phones import Phones
from tests.e2e import logs
from tests.e2e.running import free_ports, up

HERE = Path(__file__).parent
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MISSING = (
    "No Chromium was found. Install one (Debian: apt-get install chromium), say where it is "
    "(CHROMIUM=/path/to/it make browser), or leave these tests out (BROWSER=none make check)."
)
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update",
)  # fmt: skip
_run_dir: list[Path] = []
OPEN_ALL_NIGHT = ("seongmisan-gimbap", "all-night-mart")


@pytest.fixture(autouse=True)
def _fresh_world() -> None:
    """No moto here: these tests speak to the embedded cloud."""


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Whichever is installed: none is downloaded."""
    if os.environ.get("BROWSER") == "none":
        pytest.skip("BROWSER=none: the page is not looked at.")
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        pytest.fail(MISSING, pytrace=False)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def page(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:  # noqa: ARG001 - without a browser nothing is started
    """Where the page of a city with two stores is, which never close."""
    if there := os.environ.get("PAGE"):
        yield there
        return
    with up(tmp_path_factory.mktemp("sandbox"), free_ports()) as running:
        cognito = running.cloud.client("cognito-idp")
        people.create(cognito, running.deployment.pool_id)

        def signed_in(person: people.Person) -> Api:
            return Api(running.api, people.sign_in(cognito, running.client_id, person.email))

        city = quarter(SEED)
        seed(
            replace(city, stores=[city.store(slug) for slug in OPEN_ALL_NIGHT]),
            running.run_dir / "city.json",
            owner=signed_in(people.OWNER),
            operator=signed_in(people.OPERATOR),
            receiver=Api(running.receiver),
            receiver_url=running.receiver,
        )
        offer(SEED, running.run_dir / "city.json", owner=signed_in(people.OWNER))
        guides.save(opening.context(running), running.run_dir)
        _run_dir.append(running.run_dir)
        yield running.web


@pytest.fixture
def city(page: str) -> Path:
    """The folder of the running sandbox, in which the guides find their helpers."""
    assert page
    return _run_dir[0] if _run_dir else Path(".run")


@pytest.fixture
def phones(chromium: Browser, page: str) -> Iterator[Phones]:
    """The page in a browser of its own, closed at the end: whatever broke in it fails the test."""
    made = Phones(chromium, page)
    yield made
    made.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A failure is shown together with what the functions and processes have said."""
    report = yield
    if report.failed and HERE in item.path.parents:
        report.sections.extend(("what the sandbox said", logs.told(box)) for box in logs.running)
    return report
