"""`--json`: what a command tells, as data for other programs."""

from __future__ import annotations

import json
import math
from dataclasses import asdict, is_dataclass
from typing import Annotated, Any

from typer import Option

from .console import say

Json = Annotated[bool, Option("--json", help="Print it as JSON, for other programs.")]


def say_json(data: Any) -> None:
    """Print data as JSON: tables as lists of rows, what is no number as null."""
    say(json.dumps(as_plain(data), ensure_ascii=False, indent=1))


def as_plain(data: Any) -> Any:
    """Tables, records and numbers of any kind as JSON has them."""
    if hasattr(data, "to_dict") and hasattr(data, "columns"):
        return [as_plain(row) for row in data.to_dict("records")]
    if is_dataclass(data) and not isinstance(data, type):
        return as_plain(asdict(data))
    if isinstance(data, dict):
        return {str(name): as_plain(value) for name, value in data.items()}
    if isinstance(data, (list, tuple, set, frozenset)):
        return [as_plain(value) for value in data]
    if hasattr(data, "item"):  # NumPy's numbers
        return as_plain(data.item())
    if isinstance(data, float) and not math.isfinite(data):
        return None
    return data if data is None or isinstance(data, (bool, int, float)) else str(data)
