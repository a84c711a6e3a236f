"""Shared by all tests."""

from __future__ import annotations

import matplotlib as mpl

mpl.use("Agg")  # no test opens a window
