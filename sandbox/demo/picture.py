"""A terminal's recorded lines as a picture: `python -m sandbox.demo.picture < said.txt > demo.svg`.

Plain SVG with a system's own monospace letters, so that it looks alike wherever it is shown.
"""

import sys
from collections.abc import Sequence
from xml.sax.saxutils import escape

COLUMNS = 112
LETTER, LINE, EDGE = 8.4, 19, 22
PAPER, INK, QUIET, GREEN = "#1c1917", "#e7e5e4", "#a8a29e", "#86efac"
TITLE = "make demo: what a terminal shows"


def picture(lines: Sequence[str]) -> str:
    """An SVG of the lines, cut at `COLUMNS`. Bars and verdicts stand out."""
    width, height = round(COLUMNS * LETTER + 2 * EDGE), len(lines) * LINE + 2 * EDGE
    rows = "\n".join(
        f'<text x="{EDGE}" y="{EDGE + LINE * (number + 1) - 5}" fill="{_colour(line)}" '
        f'xml:space="preserve">{escape(line[:COLUMNS])}</text>'
        for number, line in enumerate(lines)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" '
        f'height="{height}" role="img" aria-label="{TITLE}" font-size="14" '
        "font-family=\"ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace\">\n"
        f'<rect width="{width}" height="{height}" rx="12" fill="{PAPER}"/>\n{rows}\n</svg>\n'
    )


def _colour(line: str) -> str:
    if line.startswith(("$", "[")) or "holds" in line:
        return GREEN
    return QUIET if line.startswith("  done") else INK


def main() -> None:
    sys.stdout.write(picture(sys.stdin.read().rstrip("\n").split("\n")))


if __name__ == "__main__":
    main()
