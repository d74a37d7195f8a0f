"""The page for everyone: axe finds nothing to complain of, in any view, theme and state."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.dashboard.conftest import PATIENCE_MS, Open

pytestmark = [pytest.mark.browser, pytest.mark.slow]

expect.set_options(timeout=PATIENCE_MS)

AXE = Path(__file__).parents[2] / "dashboard" / "node_modules" / "axe-core" / "axe.min.js"
DETAILS = "[data-testid=details]"
OPENED = {"containers": DETAILS, "traffic": DETAILS, "tours": "#view ol.tours ol"}
# The table repeats itself 600 times: a few rows are as good as all, and much quicker.
SHORTEN = "document.querySelectorAll('tbody tr:nth-child(n + 12)').forEach((row) => row.remove())"


def _complaints(page: Page) -> list[str]:
    if not AXE.is_file():
        pytest.skip("axe-core is not installed; make setup installs the dashboard's packages")
    page.evaluate(SHORTEN)
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run().then((result) => result.violations)")
    return [
        f"{one['id']}: {node['html'][:120]} {node['failureSummary']}"
        for one in found
        for node in one["nodes"]
    ]


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("view", ["containers", "traffic", "tours"])
def test_views_are_accessible(open_page: Open, view: str, dark: bool) -> None:
    """Contrast, names, roles and landmarks hold in each view with something open in it."""
    page = open_page(dark=dark).page
    page.locator(f"#tab-{view}").click()
    page.locator("#view tbody tr button, #view ol.tours button").first.click()
    expect(page.locator(OPENED[view])).to_be_visible()
    expect(page.locator("[aria-busy=true]")).to_have_count(0)
    assert _complaints(page) == []


@pytest.mark.parametrize("dark", [False, True])
def test_sign_in_is_accessible(open_page: Open, dark: bool) -> None:
    """The form and its complaint hold too."""
    page = open_page(key=None, ready=False, dark=dark).page
    page.get_by_role("button", name="Anmelden").click()
    page.get_by_role("alert").wait_for()
    assert _complaints(page) == []
