"""The demo's folder: whose it is, who works there, and whether there is room."""

import stat
import subprocess
import sys
from pathlib import Path

import pytest

from domain.errors import LandpulsError
from landpuls.demo.folder import MARKER, DemoFolder
from landpuls.demo.secrets import Secrets


def test_new_folder_is_marked(tmp_path: Path) -> None:
    """The first start makes the folder and marks it; the second finds it."""
    folder = DemoFolder(tmp_path)
    assert folder.prepare()
    assert (folder.path / MARKER).is_file()
    assert not folder.prepare()


def test_fresh_deletes_only_what_is_the_demos(tmp_path: Path) -> None:
    """--fresh deletes a marked folder, and refuses one that something else made."""
    folder = DemoFolder(tmp_path)
    folder.delete()
    folder.prepare()
    (folder.logs / "ingest.log").write_text("x")
    folder.delete()
    assert not folder.path.exists()
    folder.path.mkdir()
    (folder.path / "thesis.txt").write_text("irreplaceable")
    with pytest.raises(LandpulsError, match="not made by `landpuls demo`"):
        folder.delete()
    with pytest.raises(LandpulsError, match="not the demo's"):
        folder.prepare()
    assert (folder.path / "thesis.txt").exists()


def test_interrupted_deletion_is_taken_up_again(tmp_path: Path) -> None:
    """A folder of which only the marker is left can still be deleted."""
    folder = DemoFolder(tmp_path)
    folder.prepare()
    for entry in (folder.logs, folder.broker):
        entry.rmdir()
    folder.delete()
    assert not folder.path.exists()


def test_second_supervisor_is_refused(tmp_path: Path) -> None:
    """A second demo on the same home says which process runs the first, and how to run both."""
    code = (
        "import sys\nfrom pathlib import Path\nfrom landpuls.demo.folder import DemoFolder\n"
        "with DemoFolder(Path(sys.argv[1])).locked():\n    print('held', flush=True)\n    sys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-P", "-c", code, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with (
            pytest.raises(LandpulsError, match=rf"process {holder.pid}.*--home"),
            DemoFolder(tmp_path).locked(),
        ):
            pass
        holder.communicate()
    with DemoFolder(tmp_path).locked():
        pass


def test_full_disk_is_said_up_front(tmp_path: Path) -> None:
    """A disk without room is refused with the numbers and what to do."""
    folder = DemoFolder(tmp_path)
    folder.prepare()
    with pytest.raises(LandpulsError, match=r"nearly full.*Make room"):
        folder.check_space(needed_bytes=2**62)


def test_home_that_is_a_file(tmp_path: Path) -> None:
    """A home that cannot be a folder is named, with what to do."""
    home = tmp_path / "home"
    home.write_text("")
    with pytest.raises(LandpulsError, match="cannot be written"), DemoFolder(home).locked():
        pass


def test_secrets_are_for_their_user_alone(tmp_path: Path) -> None:
    """Passwords and keys survive a restart, and nobody else may read them."""
    file = tmp_path / "secrets.json"
    made = Secrets.load(file).with_keys(page_key="lp_page", driver_key="lp_driver")
    made.save(file)
    assert Secrets.load(file) == made
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert "lp_page" not in repr(made)
    assert made.ingest_password not in repr(made)
    file.write_text("{")
    with pytest.raises(LandpulsError, match="--fresh"):
        Secrets.load(file)
