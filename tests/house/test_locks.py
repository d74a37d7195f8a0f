"""The locks name everything with its hashes, and no index."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOCKS = sorted((ROOT / "requirements").glob("*.lock"))


def pinned(lock):
    """Return each package of a lock with its version and markers."""
    return set(
        re.findall(r"^([a-z0-9][a-z0-9.-]*==[^\\\n]+)", lock.read_text(encoding="utf-8"), flags=re.MULTILINE)
    )


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_locks_name_no_index(lock):
    """Whoever installs uses the index that they have configured."""
    assert re.findall(r"://|--(?:extra-)?index-url|--find-links", lock.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_every_package_has_hashes(lock):
    """No package can be exchanged for another of the same version."""
    blocks = re.split(r"\n(?=\S)", lock.read_text(encoding="utf-8").strip())
    assert [block for block in blocks if "--hash=sha256:" not in block] == []


def test_locks_agree():
    """What is tested is what runs: the runtime and the build lock hold nothing that the developers' has not."""
    everything = pinned(ROOT / "requirements" / "dev.lock")
    assert {lock.name for lock in LOCKS} == {"bench.lock", "build.lock", "dev.lock", "runtime.lock"}
    ours = [lock for lock in LOCKS if lock.name != "bench.lock"]
    assert [sorted(pinned(lock) - everything) for lock in ours] == [[], [], []]


def test_what_is_measured_is_what_runs():
    """Beside the peers, the benchmark's lock holds the versions of the runtime's."""
    runtime, bench = (pinned(ROOT / "requirements" / f"{name}.lock") for name in ("runtime", "bench"))
    assert {line.partition(" ;")[0].strip() for line in runtime} <= {
        line.partition(" ;")[0].strip() for line in bench
    }


def test_locks_hold_what_the_project_names():
    """Each dependency of the project is in the lock."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = {re.match(r"[A-Za-z0-9.-]+", line)[0].lower() for line in project["dependencies"]}
    locked = {line.partition("==")[0] for line in pinned(ROOT / "requirements" / "runtime.lock")}
    assert wanted - locked == set()


def test_npm_names_no_registry():
    """Neither npm's lock nor its configuration holds a registry's address."""
    lock = (ROOT / "dashboard" / "package-lock.json").read_text(encoding="utf-8")
    assert '"resolved"' not in lock
    assert (
        "omit-lockfile-registry-resolved=true"
        in (ROOT / "dashboard" / ".npmrc").read_text(encoding="utf-8").split()
    )
