"""The lines that `make run` prints for a person: they work, one after another, in one bash."""

from dataclasses import replace

import pytest

from sandbox import opening, people, tour
from sandbox.city.client import Api
from sandbox.city.quarter import SEED, quarter
from sandbox.city.seeding import seed
from tests.e2e.town import Town

pytestmark = pytest.mark.e2e


@pytest.fixture
def told(town: Town) -> tour.Context:
    """The city of the tour, with the one store that it visits."""
    whole = quarter(SEED)
    small = replace(whole, stores=(whole.store(tour.STORE),))
    seed(
        small,
        town.box.run_dir / "city.json",
        owner=Api(town.box.api, town.sign_in(people.OWNER)),
        operator=Api(town.box.api, town.sign_in(people.OPERATOR)),
        receiver=Api(town.box.receiver),
        receiver_url=town.box.receiver,
    )
    return opening.context(town.box)


def test_every_line_of_the_tour_works_and_prints_what_it_promises(told: tour.Context) -> None:
    steps = tour.tour(told)

    with tour.Shell() as shell:
        said = {step.title: shell.run(step).strip() for step in steps}

    def of(word: str) -> str:
        [found] = [text for title, text in said.items() if word in title]
        return found

    assert of("Mina signs in").startswith("Authorization: Bearer ey")
    assert "Seongmisan Gimbap" in of("open now")
    assert "chamchi" in of("its menu")
    assert of("Order it").startswith("the same order: True")
    assert of("Pay, as an app does") == "requires_capture"
    due, held = of("Tell Ieum").split()[1::2]
    assert due == held
    assert "order.created" in of("The store's screen")
    assert of("The kitchen").split() == ["CONFIRMED", "PREPARING", "READY_FOR_PICKUP", "PICKED_UP"]
    assert of("Mina looks at her order").startswith("PICKED_UP")
    assert of("An operator reads the books").endswith("balance: 0")
