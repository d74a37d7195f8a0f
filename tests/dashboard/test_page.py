"""What people see and do on the page, in a real browser against the real service."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.dashboard.conftest import PATIENCE_MS, Open, Service
from tests.dashboard.living import DONE, HOURS, STOPS, Living, change_fill, collect
from tests.dashboard.pixels import centre_of, colour_at, distinct_colours, until_painted

pytestmark = [pytest.mark.browser, pytest.mark.slow]

expect.set_options(timeout=PATIENCE_MS)

MAP = "[data-testid=map]"
RING = "#0068d6"
EMPTY = "#fbe7ae"


def _rows(page: Page):
    return page.locator("tbody tr")


def test_key_leaves_the_address_and_no_other_host_is_asked(
    open_page: Open, service: Service, living: Living
) -> None:
    """The key of the fragment moves into the tab's session, and every request goes to the service itself."""
    opened = open_page()
    assert opened.page.url == f"{service.address}/"
    assert opened.page.evaluate("sessionStorage.getItem('landpuls.key')") == living.key
    opened.page.get_by_role("tab", name="Touren").click()
    expect(opened.page.get_by_test_id("plan")).to_be_visible()
    own = (service.address, "data:", "blob:")
    assert [url for url in opened.requests if not url.startswith(own)] == []
    assert [url for url in opened.requests if living.key in url.partition("#")[0]] == []


def test_everything_is_there_at_first_sight(open_page: Open, living: Living) -> None:
    """German by default: who is signed in, that the data is invented, all containers with the fullest first."""
    page = open_page().page
    expect(page.locator("html")).to_have_attribute("lang", "de")
    expect(page.get_by_test_id("organisation")).to_contain_text("Abfallverband")
    expect(page.get_by_text("Vorführdaten")).to_be_visible()
    expect(page.get_by_test_id("connection")).to_contain_text("Live")
    expect(_rows(page)).to_have_count(living.containers)
    expect(_rows(page).first).to_contain_text(living.watched_name)
    expect(_rows(page).first).to_contain_text("98 %")


def test_map_shows_the_region(open_page: Open) -> None:
    """Ground, roads, lakes and things are drawn: a broken style or worker would leave one colour."""
    page = open_page().page
    until_painted(page, lambda: distinct_colours(page, MAP) > 50)


def test_values_stream_into_table_details_and_map(open_page: Open, living: Living) -> None:
    """A new fill level appears everywhere without a reload, and the table keeps its order under the pointer."""
    page = open_page().page
    row = page.locator(f"#container-{living.watched}")
    row.get_by_role("button").click()
    expect(page.get_by_test_id("fill")).to_have_text("98 %")
    change_fill(living.url, living.watched, 7)
    expect(page.get_by_test_id("fill")).to_have_text("7 %")
    expect(row).to_contain_text("7 %")
    expect(_rows(page).first).to_have_id(f"container-{living.watched}")
    x, y = centre_of(page, MAP, RING)
    until_painted(page, lambda: colour_at(page, MAP, x, y) == EMPTY)
    change_fill(living.url, living.watched, 98)
    expect(page.get_by_test_id("fill")).to_have_text("98 %")


def test_click_on_the_map_selects_and_the_table_follows(open_page: Open, living: Living) -> None:
    """What is clicked on the map opens its details and is marked in the table."""
    page = open_page().page
    page.get_by_role("searchbox").fill(living.watched_name)
    page.locator(f"#container-{living.watched}").get_by_role("button").click()
    x, y = centre_of(page, MAP, RING)
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("details")).to_have_count(0)
    box = page.get_by_test_id("map").bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + x, box["y"] + y)
    expect(page.get_by_test_id("details")).to_contain_text(living.watched_name)
    expect(page.locator("tr.selected")).to_have_id(f"container-{living.watched}")


def test_details_tell_the_week(open_page: Open, living: Living) -> None:
    """Details show fill, rate, site and the course of the last seven days from the readings."""
    page = open_page().page
    page.locator(f"#container-{living.watched}").get_by_role("button").click()
    details = page.get_by_test_id("details")
    expect(details).to_contain_text("Standplatz")
    expect(details).to_contain_text("je Tag")
    chart = details.get_by_role("img")
    expect(chart).to_have_attribute(
        "aria-label", re.compile(r"Füllstand der letzten 7 Tage, zwischen \d+ % und 9\d %")
    )
    expect(chart.locator("path.line").first).to_be_visible()


def test_filters_and_order(open_page: Open, living: Living) -> None:
    """Search, organisation and fraction narrow the table; a click on a heading turns the order round."""
    page = open_page().page
    page.get_by_label("Fraktion").select_option(label="Glas")
    expect(page.get_by_text(re.compile(r"^\d+ von 600 Containern"))).to_be_visible()
    expect(_rows(page)).not_to_have_count(living.containers)
    for text in _rows(page).locator(".sub").all_inner_texts():
        assert text.startswith("Glas")
    page.get_by_role("button", name="Füllstand").click()
    expect(page.get_by_role("columnheader", name="Füllstand")).to_have_attribute("aria-sort", "ascending")
    page.get_by_role("searchbox").fill("gibt es nicht")
    expect(page.get_by_text("Kein Container passt zu dieser Auswahl.")).to_be_visible()
    page.get_by_role("button", name="Auswahl aufheben").click()
    expect(_rows(page)).to_have_count(living.containers)


def test_keyboard_alone_is_enough(open_page: Open) -> None:
    """Arrow keys walk through views and rows, Enter opens the details, Escape closes them."""
    page = open_page().page
    page.get_by_role("tab", name="Container").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="Verkehr")).to_be_focused()
    expect(page.get_by_role("tab", name="Verkehr")).to_have_attribute("aria-selected", "true")
    _rows(page).first.get_by_role("button").focus()
    page.keyboard.press("ArrowDown")
    second = _rows(page).nth(1).get_by_role("button")
    expect(second).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("details")).to_contain_text(second.inner_text())
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("details")).to_have_count(0)


def test_counters_show_flow_speed_and_lorries(open_page: Open, living: Living) -> None:
    """Each counter stands with its last quarter hour, the busiest first."""
    page = open_page().page
    page.get_by_role("tab", name="Verkehr").click()
    expect(_rows(page)).to_have_count(living.counters)
    flows = [int(text.replace(".", "")) for text in page.locator("td .flow").all_inner_texts()]
    assert flows == sorted(flows, reverse=True)
    _rows(page).first.get_by_role("button").click()
    expect(page.get_by_test_id("flow")).to_contain_text("Fz/h")


def test_tours_and_their_progress(open_page: Open, living: Living) -> None:
    """Today's plan stands with its tours; a stop that the driver does is ticked off as it happens."""
    page = open_page().page
    page.get_by_role("tab", name="Touren").click()
    plan = page.get_by_test_id("plan")
    expect(plan).to_contain_text("Veröffentlicht")
    expect(plan).to_contain_text(f"{DONE} von {2 * STOPS} geleert")
    expect(plan).to_contain_text("97,0 km")
    page.get_by_role("button", name=re.compile("^Tour 2")).click()
    stops = page.get_by_role("list", name="Stopps von Tour 2").get_by_role("listitem")
    expect(stops).to_have_count(STOPS + 3)
    expect(stops.nth(STOPS).locator(".mark")).to_have_text(str(STOPS))
    collect(living.url, living.last_stop, living.last_thing)
    expect(stops.nth(STOPS)).to_contain_text("geleert")
    expect(plan).to_contain_text(f"{DONE + 1} von {2 * STOPS} geleert")


def test_ledger_closes(open_page: Open) -> None:
    """The closing line says that everything received is stored, duplicate, quarantined or ignored, and agrees."""
    page = open_page().page
    line = page.get_by_test_id("ledger")
    received = HOURS + 3
    parts = [f"{HOURS} gespeichert", "1 doppelt", "1 in Quarantäne", "1 ohne Inhalt"]
    expect(line).to_contain_text(re.compile(rf"{received} empfangen\s*=\s*" + r"\s*\+\s*".join(parts)))
    expect(line).to_contain_text("geht auf")


def test_english_is_complete_and_stays(open_page: Open) -> None:
    """One click turns the whole page English, numbers and times included, also after a reload."""
    page = open_page().page
    german = set(page.locator("body").inner_text().split("\n"))
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.get_by_role("tab", name="Containers")).to_be_visible()
    left = {
        text
        for text in german
        if re.search(r"empfangen|Schwelle|Füllstand|Vorführdaten|Suchen|Legende", text)
    }
    assert left & set(page.locator("body").inner_text().split("\n")) == set()
    page.reload()
    expect(page.get_by_role("tab", name="Containers")).to_be_visible()


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("view", ["containers", "traffic", "tours"])
def test_pictures_for_people(
    open_page: Open, screenshots: Callable[[Page, str], None], living: Living, view: str, dark: bool
) -> None:
    """Nothing is wider than a phone's screen, in any view and theme; pictures are kept for people to look at."""
    page = open_page(width=390, height=844, dark=dark).page
    page.locator(f"#tab-{view}").click()
    screenshots(page, f"phone-{view}-{'dark' if dark else 'light'}")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
