"""Shared by all tests."""

from __future__ import annotations

from pathlib import Path

import matplotlib as mpl
import pytest

mpl.use("Agg")  # no test opens a window


@pytest.fixture(scope="session")
def unafraid(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A scenario file: two towns in which nobody fears."""
    file = tmp_path_factory.mktemp("scenarios") / "unafraid.yaml"
    file.write_text("extends: two-towns\ntitle: Without fear\nfear: {weight: 0}\n")
    return file
