"""The built page, served by the real API on a real database, in a real browser."""

import asyncio
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import psycopg
import pytest
import uvicorn
from playwright.sync_api import Browser, Page, sync_playwright

from api.config import BUILT_PAGE, ApiConfig, LiveConfig
from api.serve import listening_socket, uvicorn_config
from storage.embedded import EmbeddedPostgres
from tests.dashboard.living import Living, populate
from tests.fixtures.brokers import free_port

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # WebGL without a graphics card.
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
]
BRISK = LiveConfig(interval_s=0.05, idle_s=0.5, ledger_s=0.1)
PATIENCE_MS = 60_000


@dataclass(kw_only=True)
class Service:
    """The API with the page on one port; it can be stopped and started again."""

    url: str
    port: int
    _server: uvicorn.Server | None = field(default=None, repr=False)
    _thread: threading.Thread | None = field(default=None, repr=False)

    @property
    def address(self) -> str:
        """Where the page is."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Begin to serve."""
        config = ApiConfig(database_url=self.url, port=self.port, live=BRISK)
        server = uvicorn.Server(uvicorn_config(config))
        bound = threading.Event()

        def run() -> None:
            with listening_socket("127.0.0.1", self.port) as listener:
                bound.set()
                asyncio.run(server.serve(sockets=[listener]))

        self._server, self._thread = server, threading.Thread(target=run)
        self._thread.start()
        assert bound.wait(20)

    def stop(self) -> None:
        """Stop as on SIGTERM, connections included."""
        if self._server and self._thread:
            self._server.should_exit = True
            self._thread.join(timeout=30)

    @contextmanager
    def away(self) -> Iterator[None]:
        """Stop for as long as the block runs."""
        self.stop()
        try:
            yield
        finally:
            self.start()


@dataclass
class Opened:
    """A page and what its browser complained of."""

    page: Page
    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)


Open = Callable[..., Opened]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Headless Chromium; for this module only, because its event loop runs in this thread."""
    executable = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if executable is None:
        pytest.skip("no Chromium here; on Debian: apt-get install chromium")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        yield launched
        launched.close()


@contextmanager
def _database(cluster: EmbeddedPostgres, template: str, name: str) -> Iterator[str]:
    with psycopg.connect(cluster.url(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        yield cluster.url(database=name)
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="module")
def living(cluster: EmbeddedPostgres, template: str) -> Iterator[Living]:
    """The demonstration region, seeded once for the module."""
    with _database(cluster, template, "dashboard") as url:
        yield populate(url)


@pytest.fixture(scope="module")
def service(living: Living) -> Iterator[Service]:
    """The running API with the built page."""
    if not (BUILT_PAGE / "index.html").is_file():
        pytest.skip("the page is not built; make setup builds it")
    service = Service(url=living.url, port=free_port())
    service.start()
    try:
        yield service
    finally:
        service.stop()


@pytest.fixture
def open_page(browser: Browser, service: Service, living: Living) -> Iterator[Open]:
    """Open the page in a context of its own, signed in unless told otherwise; complaints fail the test."""
    opened: list[Opened] = []

    def open_(
        *, key: str | None = "", width: int = 1280, height: int = 800, dark: bool = False, ready: bool = True
    ) -> Opened:
        context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
            locale="en-US",
            timezone_id="America/New_York",
        )
        context.set_default_timeout(PATIENCE_MS)
        one = Opened(context.new_page())
        one.page.on("pageerror", lambda error: one.complaints.append(str(error)))
        one.page.on("console", lambda message: _note(one, message.type, message.text))
        one.page.on("request", lambda request: one.requests.append(request.url))
        fragment = "" if key is None else f"#key={key or living.key}"
        one.page.goto(f"{service.address}/{fragment}")
        if ready:
            one.page.get_by_role("tab").first.wait_for()
        opened.append(one)
        return one

    yield open_
    for one in opened:
        one.page.context.close()
    assert [complaint for one in opened for complaint in one.complaints] == []


def _note(opened: Opened, kind: str, text: str) -> None:
    # The browser itself reports refused requests and broken sockets, which some tests are about.
    if kind == "error" and not text.startswith(("Failed to load resource", "WebSocket connection to")):
        opened.complaints.append(text)


@pytest.fixture
def screenshots() -> Callable[[Page, str], None]:
    """Keep a picture where LANDPULS_SCREENSHOTS says, to be looked at by people."""
    folder = os.environ.get("LANDPULS_SCREENSHOTS")

    def take(page: Page, name: str) -> None:
        if folder:
            page.wait_for_timeout(2500)
            page.screenshot(path=f"{folder}/{name}.png")

    return take
