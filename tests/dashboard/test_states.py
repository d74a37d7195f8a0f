"""The page when something is missing: no key, no service, no stream, no plan, nothing to show."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, WebSocket, expect

from tests.dashboard.conftest import PATIENCE_MS, Open, Service
from tests.dashboard.living import Living, change_fill, set_plan

pytestmark = [pytest.mark.browser, pytest.mark.slow]

expect.set_options(timeout=PATIENCE_MS)


def test_without_a_key_the_page_asks_for_one(open_page: Open, living: Living) -> None:
    """The form refuses what is no key, says so when the service does, and opens the region with a good one."""
    page = open_page(key=None, ready=False).page
    field = page.get_by_label("API-Schlüssel")
    field.fill("something")
    page.get_by_role("button", name="Anmelden").click()
    expect(page.get_by_role("alert")).to_contain_text("der mit „lp_“ beginnt")
    field.fill("lp_wrong")
    page.get_by_role("button", name="Anmelden").click()
    expect(page.get_by_role("alert")).to_contain_text("gilt nicht")
    field.fill(living.key)
    page.get_by_role("button", name="Anmelden").click()
    expect(page.get_by_role("tab", name="Container")).to_be_visible()


def test_signing_out_forgets_the_key(open_page: Open) -> None:
    """After signing out nothing of the region is on the page, and the key is gone from the session."""
    page = open_page().page
    page.get_by_role("button", name="Abmelden").click()
    expect(page.get_by_label("API-Schlüssel")).to_be_visible()
    expect(page.get_by_role("table")).to_have_count(0)
    assert page.evaluate("sessionStorage.length") == 0


def test_service_that_does_not_answer(open_page: Open) -> None:
    """Without an answer the page says what to check, and tries again on demand."""
    opened = open_page(key=None, ready=False)
    page = opened.page
    page.route("**/api/v1/**", lambda route: route.abort())
    page.get_by_label("API-Schlüssel").fill("lp_any")
    page.get_by_role("button", name="Anmelden").click()
    expect(page.get_by_role("alert")).to_contain_text("Der Landpuls-Dienst antwortet nicht")
    expect(page.get_by_role("button", name="Noch einmal versuchen")).to_be_visible()


@pytest.fixture
def refilled(living: Living) -> Iterator[None]:
    """Give the watched container the fill back that the other tests expect."""
    yield
    change_fill(living.url, living.watched, 98)


@pytest.mark.usefixtures("refilled")
def test_lost_connection_heals_and_nothing_is_missed(
    open_page: Open, service: Service, living: Living
) -> None:
    """While the service is away the page says that values stand still; then it heals by itself and misses nothing."""
    page = open_page().page
    page.locator(f"#container-{living.watched}").get_by_role("button").click()
    expect(page.get_by_test_id("fill")).to_have_text("98 %")
    with service.away():
        expect(page.get_by_test_id("disconnected")).to_contain_text("Verbindung unterbrochen")
        expect(page.get_by_test_id("connection")).to_contain_text("Getrennt")
        change_fill(living.url, living.watched, 42)
    expect(page.get_by_test_id("connection")).to_contain_text("Live")
    expect(page.get_by_test_id("fill")).to_have_text("42 %")
    expect(page.get_by_test_id("disconnected")).to_have_count(0)


def test_click_connects_without_waiting(open_page: Open, service: Service) -> None:
    """Each click makes an attempt at once: with the page's clock at a halt nothing else could."""
    page = open_page().page
    page.clock.install()
    page.clock.pause_at(page.evaluate("Date.now() + 1000"))
    button = page.get_by_role("button", name="Jetzt verbinden")
    attempts: list[WebSocket] = []
    page.on("websocket", lambda attempt: attempts.append(attempt))
    with service.away():
        expect(button).to_be_visible()
        assert attempts == []
        with page.expect_websocket():
            button.click()
        expect(button).to_be_visible()
        assert len(attempts) == 1
    button.click()
    expect(page.get_by_test_id("connection")).to_contain_text("Live")
    expect(button).to_have_count(0)
    assert len(attempts) == 2


def test_plan_that_is_being_computed(open_page: Open, living: Living) -> None:
    """The progress of a plan moves while it is computed, and its publication shows by itself."""
    set_plan(living.url, "computing", progress=0.25)
    page = open_page().page
    page.get_by_role("tab", name="Touren").click()
    bar = page.get_by_role("progressbar", name="Fortschritt der Berechnung")
    expect(bar).to_have_attribute("aria-valuenow", "25")
    set_plan(living.url, "computing", progress=0.6)
    expect(bar).to_have_attribute("aria-valuenow", "60")
    set_plan(living.url, "published")
    expect(page.get_by_test_id("plan")).to_contain_text("Veröffentlicht")
    expect(bar).to_have_count(0)


def test_plan_that_cannot_be_met_says_why(
    open_page: Open, living: Living, screenshots: Callable[[Page, str], None]
) -> None:
    """An infeasible plan says in the page's language what stands against it, with figures and names."""
    reason = {
        "constraint": "capacity_volume",
        "containers": [living.watched],
        "needed": 8000,
        "available": 6000,
        "unit": "l",
        "detail": "8000 l are more than any vehicle takes (6000 l)",
    }
    set_plan(living.url, "infeasible", diagnosis=[reason])
    try:
        page = open_page().page
        page.get_by_role("tab", name="Touren").click()
        plan = page.get_by_test_id("plan")
        expect(plan).to_contain_text("Nicht erfüllbar")
        expect(plan).to_contain_text("Volumen des Fahrzeugs")
        expect(plan).to_contain_text("8.000 l sind mehr, als ein Fahrzeug fasst (6.000 l).")
        expect(plan).not_to_contain_text("more than any vehicle")
        expect(plan).to_contain_text(living.watched_name)
        screenshots(page, "infeasible")
    finally:
        set_plan(living.url, "published")


def test_plan_made_during_its_shift(open_page: Open, living: Living) -> None:
    """A plan whose departures had passed when it was made says so; any other does not."""
    page = open_page().page
    page.get_by_role("tab", name="Touren").click()
    expect(page.get_by_test_id("plan")).to_be_visible()
    expect(page.get_by_test_id("past")).to_have_count(0)
    set_plan(living.url, "published", past=True)
    try:
        page.reload()
        page.get_by_role("tab", name="Touren").click()
        expect(page.get_by_test_id("past")).to_contain_text("Abfahrten lagen schon zurück")
    finally:
        set_plan(living.url, "published")


def test_day_without_a_plan(open_page: Open, living: Living) -> None:
    """Without a plan the view says so, and how one comes about."""
    set_plan(living.url, "superseded")
    try:
        page = open_page().page
        page.get_by_role("tab", name="Touren").click()
        expect(page.get_by_text("Für heute steht noch kein Plan")).to_be_visible()
    finally:
        set_plan(living.url, "published")
