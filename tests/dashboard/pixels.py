"""Looking at what was painted: a canvas has no elements to ask, nor does it say when it is finished."""

import base64
import time
from collections.abc import Callable

from playwright.sync_api import Page

PATIENCE_S = 60.0
PAUSE_MS = 250
READ = """async (picture) => {
  const bytes = Uint8Array.from(atob(picture), (each) => each.charCodeAt(0));
  const bitmap = await createImageBitmap(new Blob([bytes], {type: 'image/png'}));
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  const context = canvas.getContext('2d');
  context.drawImage(bitmap, 0, 0);
  const {data, width} = context.getImageData(0, 0, bitmap.width, bitmap.height);
  const hex = (at) => '#' + [0, 1, 2].map((part) => data[at + part].toString(16).padStart(2, '0')).join('');
  WORK
}"""


def until_painted(page: Page, is_so: Callable[[], bool]) -> None:
    """Look until the picture is as wanted."""
    end = time.monotonic() + PATIENCE_S
    while not is_so():
        assert time.monotonic() < end, "the picture did not become as wanted"
        page.wait_for_timeout(PAUSE_MS)


def _read(page: Page, selector: str, work: str) -> object:
    picture = base64.b64encode(page.locator(selector).screenshot()).decode()
    return page.evaluate(READ.replace("WORK", work), picture)


def distinct_colours(page: Page, selector: str) -> int:
    """How many colours an element shows."""
    work = "const seen = new Set(); for (let at = 0; at < data.length; at += 4) seen.add(hex(at)); return seen.size;"
    return int(str(_read(page, selector, work)))


def centre_of(page: Page, selector: str, colour: str) -> tuple[float, float]:
    """The middle of all pixels of one colour, in pixels of the element, once it stays where it is."""
    work = f"""let [left, top, right, bottom] = [Infinity, Infinity, -1, -1];
      for (let at = 0; at < data.length; at += 4) {{
        if (hex(at) !== '{colour}') continue;
        const [x, y] = [(at / 4) % width, Math.floor(at / 4 / width)];
        [left, top, right, bottom] = [Math.min(left, x), Math.min(top, y), Math.max(right, x), Math.max(bottom, y)];
      }}
      return right < 0 ? null : [(left + right) / 2, (top + bottom) / 2];"""
    seen: list[object] = [None]

    def stays() -> bool:
        seen.append(_read(page, selector, work))
        return seen[-1] is not None and seen[-1] == seen[-2]

    until_painted(page, stays)
    found = seen[-1]
    assert isinstance(found, list)
    return float(found[0]), float(found[1])


def colour_at(page: Page, selector: str, x: float, y: float) -> str:
    """The colour of one pixel of an element."""
    return str(_read(page, selector, f"return hex(4 * (Math.round({y}) * width + Math.round({x})));"))
