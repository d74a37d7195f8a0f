"""What is skipped on a developer's machine fails in CI."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SKIPPED = {
    "test": "import pytest\n\n\ndef test_it():\n    pytest.skip('no broker')\n",
    "mark": "import pytest\n\n\n@pytest.mark.skip\ndef test_it():\n    pass\n",
    "module": "import pytest\n\npytest.skip('no broker', allow_module_level=True)\n",
}


@pytest.mark.parametrize("how", SKIPPED)
@pytest.mark.parametrize("ci", ["true", ""])
@pytest.mark.parametrize("processes", ["0", "2"])
def test_a_skip_fails_in_ci_only(tmp_path, how, ci, processes):
    """A skipped test, or module, fails the run if and only if CI is true, however many processes share the tests."""
    (tmp_path / "test_it.py").write_text(SKIPPED[how])
    (tmp_path / "test_other.py").write_text("def test_other():\n    pass\n")
    plugins = ["-p", "tests.ci_skips", "-p", "xdist.plugin", "-n", processes]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-c", os.devnull, *plugins, tmp_path],
        cwd=ROOT,
        env=os.environ | {"CI": ci, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode != 0) is (ci == "true"), done.stdout
