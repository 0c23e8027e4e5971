"""Where the shared folder lies: beside the repository. Absent on a reader's own machine, never in CI."""

import os
from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[3] / "shared"


def shared(part: str) -> Path:
    folder = SHARED / part
    if not folder.exists():
        message = f"the shared folder is not there: {folder}"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    return folder
