"""A second start goes on where the first ended: nothing twice, nothing missing."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from domain.errors import UsageError
from simulators.config import SimulationConfig
from simulators.memory import read_memory, write_memory
from simulators.run import Simulation
from tests.simulators.conftest import NOW
from tests.simulators.test_fleet import digest


def through_json(state):
    """A state as it comes back from a file."""
    return json.loads(json.dumps(state))


def test_restart_goes_on_with_the_same_messages(fleet_of):
    """A fleet restored from its state publishes what it would have published without the interruption."""
    middle_s = (NOW - timedelta(hours=7)).timestamp()
    whole, first = fleet_of(), fleet_of()
    published = first.advance(middle_s)
    unsent, published = published[-3:], published[:-3]
    second = fleet_of()
    second.restore(through_json(first.state(unsent)))
    assert second.reached_s == middle_s
    published += second.advance(NOW.timestamp())
    assert digest(published) == digest([*whole.advance(middle_s), *whole.advance(NOW.timestamp())])


def test_after_a_long_pause_the_fleet_skips_what_is_too_old(fleet_of):
    """What lies before the history is lived, not published; frame counters tell of no loss that was not."""
    fleet = fleet_of(24)
    cut_s = (NOW - timedelta(hours=3)).timestamp()
    fleet.skip_to(cut_s)
    published = fleet.advance(NOW.timestamp())
    assert published
    assert all(one.publish_at_s > cut_s for one in published)


def test_file_is_written_whole_and_read_back(tmp_path, fleet_of):
    """The file holds the tally on top, and the fleet's state."""
    file, state = tmp_path / "state.json", fleet_of(1).state()
    write_memory(file, {"published": 7, "history_done": False}, state)
    read = read_memory(file)
    assert read["published"] == 7
    assert read["fleet"] == through_json(state)
    assert list(tmp_path.iterdir()) == [file]


def test_missing_file_begins_anew(tmp_path):
    """No file means a first start."""
    assert read_memory(tmp_path / "none.json") is None


@pytest.mark.parametrize("content", ["", "{", "[1]", '{"version": 99}'])
def test_foreign_file_is_refused_with_a_hint(tmp_path, content):
    """A file that is no state is named, and what to do about it."""
    file = tmp_path / "state.json"
    file.write_text(content)
    with pytest.raises(UsageError, match=r"state\.json .*delete it"):
        read_memory(file)


def test_unwritable_file_is_named(tmp_path, fleet_of):
    """A folder that is not there is said to be the reason."""
    with pytest.raises(UsageError, match="cannot be written"):
        write_memory(tmp_path / "none" / "state.json", {}, {})


def test_state_of_another_seed_is_refused(tmp_path, fleet_of, small):
    """A fleet never goes on with the memories of another one."""
    file = tmp_path / "state.json"
    write_memory(file, {"published_total": 0}, fleet_of(1, seed=2).state())
    with pytest.raises(UsageError, match="seed 2"):
        Simulation(SimulationConfig(seed=1, state_file=file), region=small)


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"port": 0}, "port"),
        ({"history_days": 31}, "history_days"),
        ({"api_url": "http://127.0.0.1:1"}, "api_key"),
        ({"in_flight": 0}, "in_flight"),
        ({"tls": True, "ca_file": Path("/nowhere/ca.pem")}, "ca_file"),
    ],
)
def test_wrong_settings_are_named(wrong, named):
    """A setting out of its range is refused before anything is connected."""
    with pytest.raises(UsageError, match=named):
        SimulationConfig(**wrong)
