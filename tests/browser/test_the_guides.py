"""The guides: whatever they have their reader type works, one line after another."""

from pathlib import Path

import pytest

from sandbox import guides
from sandbox.tour import Shell, Step

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]
GUIDES = [
    path for path in sorted((ROOT / "docs/guides").glob("*.md")) if guides.lines(path.read_text())
]
LAST = {
    "courier": ["2850 KRW earned", "off"],
    "diner": ["CANCELLED for 0"],
    "joining": ["1 order claimed"],
    "store": ["READY_FOR_PICKUP", "READY_FOR_PICKUP", "PICKED_UP"],
}


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.stem)
def test_a_guide_can_be_followed(city: Path, guide: Path) -> None:
    said = ""
    with Shell() as shell:
        for block in guides.lines(guide.read_text(encoding="utf-8")):
            said = shell.run(Step(guide.stem, block.replace(".run/", f"{city}/")))

    assert said.splitlines()[-len(LAST[guide.stem]) :] == LAST[guide.stem]
