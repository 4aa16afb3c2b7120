"""The page as a person has it: three phones, their language, their width; and what broke in it."""

import os
import re
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, ConsoleMessage, Frame, FrameLocator, Locator, Page, expect

AXE = Path(__file__).parent / "axe" / "axe.min.js"
PATIENCE = 60_000.0  # milliseconds
WIDE, NARROW = (1280, 860), (390, 844)
LOCALES = {"en": "en-GB", "ko": "ko-KR"}
QUICKLY = "?pace=1500"  # metres in a second, on a scooter
NETWORK = "Failed to load resource"  # the API's no is an answer, and shown by the page
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
MOST_STOPS = 120
COLOURS = 256  # of a picture: the page has few, and a third of the bytes are enough

COUNT_NOTES = """() => {
  const make = BaseAudioContext.prototype.createOscillator;
  window.notes = 0;
  BaseAudioContext.prototype.createOscillator = function () {
    window.notes += 1;
    return make.call(this);
  };
}"""

expect.set_options(timeout=PATIENCE)


class Phones:
    """Opened by `open`. `customer`, `store` and `courier` are the three sections of the page."""

    def __init__(self, chromium: Browser, url: str) -> None:
        self._chromium = chromium
        self._url = url
        self._broken: list[str] = []
        self.page: Page

    def open(
        self, language: str = "en", size: tuple[int, int] = WIDE, query: str = QUICKLY
    ) -> "Phones":
        """The page, in the language that the browser prefers."""
        width, height = size
        context = self._chromium.new_context(
            locale=LOCALES[language],
            viewport={"width": width, "height": height},
            reduced_motion="reduce",
        )
        self.page = context.new_page()
        self.page.set_default_timeout(PATIENCE)
        self.page.on("pageerror", lambda error: self._broken.append(str(error)))
        self.page.on("console", self._hear)
        self.page.goto(f"{self._url}/{query}")
        self.customer.locator("h3").wait_for()
        return self

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error" and NETWORK not in message.text:
            self._broken.append(message.text)

    def close(self) -> None:
        """Raises AssertionError if a script broke, or the policy stopped something."""
        self.page.context.close()
        assert self._broken == []

    @property
    def customer(self) -> Locator:
        return self.page.locator("#customer")

    @property
    def store(self) -> Locator:
        return self.page.locator("#store")

    @property
    def courier(self) -> Locator:
        return self.page.locator("#courier")

    @property
    def stripe(self) -> FrameLocator:
        """The payment provider's frame."""
        return self.customer.frame_locator("iframe.pay")

    def show(self, app: str) -> None:
        """On a narrow screen one app is shown: this one, from now on."""
        self.page.locator(f".apps a.{app}").click()

    def resize(self, size: tuple[int, int]) -> None:
        width, height = size
        self.page.set_viewport_size({"width": width, "height": height})

    def opens(self, name: str) -> None:
        """The store's people open a store's board."""
        self.store.get_by_role("combobox").select_option(label=name)

    def ticket(self, order: str = "") -> Locator:
        """On the store's board, an order, or the one that the customer follows."""
        return self.store.locator("article", has_text=(order or self.followed())[-4:])

    def followed(self) -> str:
        """The id of the order that the customer follows."""
        order: str = self.page.evaluate("JSON.parse(localStorage['ieum.following'])")
        return order

    def listen(self) -> None:
        """Turn the store's sound on, and count from now on what it plays."""
        sound = self.store.get_by_role("switch", name="Sound")
        sound.click()
        expect(sound).to_be_checked()
        self.page.evaluate(COUNT_NOTES)

    def hears(self) -> None:
        """The store has rung since `listen`, or rings now."""
        self.page.wait_for_function("window.notes > 0")

    # --- who sees, and who does not ----------------------------------------------------------

    def demand_accessible(self) -> None:
        """Raises AssertionError for what axe finds on the screen as it is: each rule and place."""
        self.page.evaluate(AXE.read_text(encoding="utf-8"))
        # What scrolls away below the basket's bar is cut off by it, and larger than is seen.
        asked = {
            "runOnly": {"type": "tag", "values": RULES},
            "rules": {"target-size": {"enabled": False}},
        }
        found = self.page.evaluate("(asked) => axe.run(document, asked)", asked)
        told = [
            f"{one['id']}: {one['help']}: {place['html'][:160]}"
            for one in found["violations"]
            for place in one["nodes"]
        ]
        assert not told, "\n".join(told)

    def tab_to(self, name: str) -> None:
        """Press Tab until the focus is on what has that name. Raises AssertionError if it never is.

        Whatever has the focus must be seen to have it.
        """
        wanted = re.compile(name)
        for _ in range(MOST_STOPS):
            self.page.keyboard.press("Tab")
            said, is_seen = self._focused()
            assert is_seen, f"nobody sees that {said} has the focus"
            if wanted.search(said):
                return
        raise AssertionError(f"Tab never came to {name}")

    def press(self, name: str, key: str = "Enter") -> None:
        self.tab_to(name)
        self.page.keyboard.press(key)

    def _focused(self) -> tuple[str, bool]:
        for frame in self._frames():
            said: list[str | bool] = frame.evaluate(
                """() => {
                  const it = document.activeElement;
                  if (!it || it === document.body || it.tagName === "IFRAME") return ["", true];
                  const words = it.getAttribute("aria-label") ?? it.labels?.[0]?.innerText;
                  const style = getComputedStyle(it);
                  const seen = style.outlineStyle !== "none" || it.tagName === "H3";
                  return [(words ?? it.innerText ?? "").trim(), seen];
                }"""
            )
            if said[0]:
                return str(said[0]), bool(said[1])
        return "", True

    def _frames(self) -> list[Frame]:
        """The innermost first: the outer ones only see a frame."""
        return [frame for frame in reversed(self.page.frames) if not frame.is_detached()]

    def picture(self, name: str) -> None:
        """Take a picture, if pictures are wanted, with no push before anything."""
        if folder := os.environ.get("PICTURES"):
            for push in self.page.locator(".push:visible button").all():
                push.click()
            taken = Image.open(BytesIO(self.page.screenshot(animations="disabled")))
            few = taken.convert("RGB").quantize(COLOURS, kmeans=1, dither=Image.Dither.NONE)
            few.save(Path(folder) / f"{name}.png", optimize=True)
