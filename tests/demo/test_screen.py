"""What the terminal shows, and where its numbers come from."""

import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from rich.console import Console

from device_profiles.registry import Profiles
from domain.messages import Message, MessageKey, Outcome, OutcomeKind, Reason
from domain.time import berlin_day
from landpuls.demo.fleet import read_tally
from landpuls.demo.once import result_of
from landpuls.demo.screen import Facts, Screen, render
from landpuls.demo.seed import is_seeded, renew_keys, seed
from landpuls.demo.stats import FullContainer, Ledger, PlanState, Snapshot, Stats
from simulators.region import oberspreewald_lausitz
from storage.batch import commit_batch
from storage.database import Connection

NOW = datetime.now(UTC)
FACTS = Facts(
    page="http://127.0.0.1:8000/#key=lp_x", api="/api", logs="/logs", broker="Mosquitto", phase="live",
    services=(("ingest", True), ("work", False)),
)  # fmt: skip
LEDGER = Ledger(received=10, stored=7, duplicate=1, quarantined=1, ignored=1, redelivered=1, readings=30)
PLAN = PlanState(
    id=1,
    status="published",
    feasible=True,
    summary={"unserved_mandatory": 0},
    diagnosis=[],
    tours=5,
    stops=80,
    done=3,
)
SNAPSHOT = Snapshot(
    ledger=LEDGER,
    containers=600,
    containers_known=598,
    fullest=(
        FullContainer(name="Glas [12]", place="Calau", fraction="glass", fill_percent=91.0, full_at=NOW),
        FullContainer(name="Bio 3", place="Vetschau", fraction="organic", fill_percent=130.0, full_at=None),
    ),
    plan=PLAN,
)


def text_of(snapshot: Snapshot) -> str:
    """What is on the screen."""
    console = Console(file=io.StringIO(), width=140, record=True)
    console.print(render(snapshot, FACTS))
    return console.export_text()


def test_screen_shows_what_lives() -> None:
    """Ledger, plan, fullest containers, links and services are on one screen; brackets in names stay."""
    shown = text_of(SNAPSHOT)
    assert "10 received = 7 stored + 1 duplicate + 1 quarantined + 1 ignored" in shown
    assert "5 tours, 3 of 80 containers emptied" in shown
    assert "Glas [12]" in shown
    assert "91 %" in shown
    assert FACTS.page in shown
    assert len(shown.splitlines()) <= 24


def test_a_ledger_that_does_not_close_shows() -> None:
    """A missing message is visible at once."""
    assert "≠" in text_of(replace(SNAPSHOT, ledger=replace(LEDGER, stored=6)))


def test_plain_lines_without_a_terminal() -> None:
    """Into a file go plain lines, one in ten seconds, and no control characters."""
    file = io.StringIO()
    screen = Screen(console=Console(file=file, force_terminal=False))
    screen.show(SNAPSHOT, FACTS)
    screen.show(SNAPSHOT, FACTS)
    screen.close()
    assert file.getvalue().count("Ledger:") == 1
    assert "\x1b" not in file.getvalue()


def test_result_proves_or_not() -> None:
    """The account closes only with every acknowledged message received, and with a feasible published plan."""
    assert result_of(LEDGER, 9, PLAN, 1.0).proves
    assert not result_of(LEDGER, 10, PLAN, 1.0).proves
    assert not result_of(LEDGER, 9, replace(PLAN, feasible=False), 1.0).proves
    assert not result_of(LEDGER, 9, None, 1.0).proves


def test_what_the_fleet_sent_again_counts_as_redelivered() -> None:
    """Duplicates beyond the acknowledged are accounted for up to what the fleet sent again, and no further."""
    ledger = replace(LEDGER, stored=5, duplicate=3)
    result = result_of(ledger, 7, PLAN, 1.0, resent=2)
    assert (result.proves, result.redelivered) == (True, 3)
    assert not result_of(ledger, 7, PLAN, 1.0, resent=1).proves
    assert not result_of(ledger, 6, PLAN, 1.0, resent=9).proves, "more than there are duplicates"
    assert result_of(ledger, 9, PLAN, 1.0, resent=9).redelivered == 1, "nothing is missing"
    assert not result_of(ledger, 10, PLAN, 1.0, resent=9).proves, "a lost message stays lost"


def test_tally_of_an_earlier_run_is_not_taken_for_this_ones(tmp_path: Path) -> None:
    """A state file that the present fleet has not written yet says nothing; nor does half a file."""
    file = tmp_path / "simulator.json"
    assert read_tally(file).published == 0
    file.write_text('{"published_total": 5, "history_done": true, "progress": 1.0}')
    assert read_tally(file).history_done
    assert not read_tally(file, since=file.stat().st_mtime + 1).history_done
    file.write_text('{"published_tot')
    assert read_tally(file).published == 0


def test_counts_come_from_the_tables(database: str, owner: Connection, ingest: Connection) -> None:
    """Stats count each committed message once, over many looks."""
    stats = Stats(database)
    day = berlin_day(NOW)
    assert stats.look(day).ledger.received == 0
    for number in range(3):
        commit_batch(ingest, [outcome(number), outcome(number, redelivered=True)])
        assert stats.look(day).ledger.received == 2 * (number + 1)
    assert stats.look(day).ledger.balanced
    stats.close()


def outcome(number: int, *, redelivered: bool = False) -> Outcome:
    """A message in quarantine."""
    message = Message(
        topic="t", payload=b"%d" % number, received_at=datetime.now(UTC), redelivered=redelivered
    )
    key = UUID(int=number + 1)
    return Outcome(
        message=message,
        kind=OutcomeKind.QUARANTINED,
        key=MessageKey(key=key, payload_hash=key),
        reason=Reason.NOT_JSON,
    )


def test_region_is_seeded_once_and_whole(owner: Connection) -> None:
    """The region goes in with all of its things, devices and vehicles, in one transaction; its keys can be renewed."""
    region = oberspreewald_lausitz(1)
    assert not is_seeded(owner, region)
    keys = seed(owner, region, Profiles.load(), now=NOW - timedelta(0))
    assert is_seeded(owner, region)
    counts = owner.execute(
        "SELECT (SELECT count(*) FROM thing), (SELECT count(*) FROM installation), (SELECT count(*) FROM vehicle)"
    ).fetchone()
    assert counts == (len(region.things), len(region.devices), len(region.vehicles))
    renewed = renew_keys(owner, region)
    assert renewed.page not in (keys.page, keys.driver)
    assert renewed.page.startswith("lp_")
