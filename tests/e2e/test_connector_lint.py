"""The shipped connectors, proved against the deployed databases with logins like those of apps."""

import subprocess
import sys
from pathlib import Path

import pytest

APPGUARD = Path(sys.executable).parent / "appguard"


@pytest.mark.e2e
def test_the_databases_hold_what_the_connectors_promise(endpoints):
    done = subprocess.run(
        [APPGUARD, "connectors", "lint", "--database", "secret"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "Clean: nothing to correct.\n"), done.stderr
