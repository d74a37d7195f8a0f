"""Compiled kernels are kept where the caller wants them, and never in the way of solving."""

import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import processing
from processing.routing import warm

ROOT = Path(processing.__file__).parent.parent
CHECK = """
import sys
from pathlib import Path
from processing.routing import warm
warm.use_cache(Path(sys.argv[1]))
assert "numba" not in sys.modules
"""


@pytest.fixture(autouse=True)
def numba_keeps_its_folder() -> Iterator[None]:
    """The compiler of this process, if loaded, goes on with the folder it had."""
    numba = sys.modules.get("numba")
    before = numba.config.CACHE_DIR if numba else None
    yield
    if numba:
        numba.config.CACHE_DIR = before


def test_cache_folder_is_made_where_it_can_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder is made below the one given, and an unwritable one gives way to a temporary folder."""
    monkeypatch.setenv(warm.VARIABLE, "")
    chosen = warm.use_cache(tmp_path)
    assert chosen.parent == tmp_path
    assert chosen.is_dir()
    assert os.environ[warm.VARIABLE] == str(chosen)
    elsewhere = warm.use_cache(Path("/proc/nowhere"))
    assert elsewhere.is_dir()
    assert Path("/proc") not in elsewhere.parents


@pytest.fixture
def shared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The temporary folder that all users of a machine share."""
    monkeypatch.setenv(warm.VARIABLE, "")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return tmp_path


def test_temporary_cache_is_for_its_owner_alone(shared: Path) -> None:
    """A temporary cache folder is closed to others, and the next process finds the same one."""
    first = warm.use_cache(Path("/proc/nowhere"))
    assert first.parent == shared / f"landpuls-kernels-{os.getuid()}"
    assert stat.S_IMODE(first.parent.stat().st_mode) == 0o700
    assert warm.use_cache(Path("/proc/nowhere")) == first


@pytest.mark.parametrize("kind", ["open", "link", "file"])
def test_a_temporary_folder_that_others_may_fill_is_not_used(shared: Path, kind: str) -> None:
    """Kernels are not loaded from where others could have put theirs: open to them, led to by a link, or no folder."""
    taken = shared / f"landpuls-kernels-{os.getuid()}"
    if kind == "open":
        taken.mkdir()
        taken.chmod(0o777)
    elif kind == "link":
        (shared / "elsewhere").mkdir(mode=0o700)
        taken.symlink_to(shared / "elsewhere")
    else:
        taken.write_text("")
    chosen = warm.use_cache(Path("/proc/nowhere"))
    assert chosen.is_dir()
    assert taken not in chosen.parents
    assert chosen.parent.parent == shared
    assert stat.S_IMODE(chosen.parent.stat().st_mode) == 0o700


def test_a_temporary_folder_of_somebody_else_is_not_used(
    shared: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder that another user made first is not used, even if it is closed to all but them."""
    stranger = os.getuid() + 1
    monkeypatch.setattr("os.getuid", lambda: stranger)
    taken = shared / f"landpuls-kernels-{stranger}"
    taken.mkdir(mode=0o700)
    chosen = warm.use_cache(Path("/proc/nowhere"))
    assert taken not in chosen.parents


def test_choosing_the_folder_does_not_load_the_compiler(tmp_path: Path) -> None:
    """Numba, which reads the folder as it is loaded, is not loaded before the folder is chosen."""
    done = subprocess.run(
        [sys.executable, "-c", CHECK, str(tmp_path)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_folder_is_chosen_when_nobody_did(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a word about caches the kernels go below LANDPULS_HOME; a choice made before stays."""
    monkeypatch.setenv(warm.VARIABLE, "")
    monkeypatch.setenv("LANDPULS_HOME", str(tmp_path))
    warm.ensure_cache()
    chosen = Path(os.environ[warm.VARIABLE])
    assert chosen.parent == tmp_path / "kernels"
    monkeypatch.setenv("LANDPULS_HOME", "/elsewhere")
    warm.ensure_cache()
    assert Path(os.environ[warm.VARIABLE]) == chosen
