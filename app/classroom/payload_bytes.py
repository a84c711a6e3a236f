"""A world as a block of bytes: a header in JSON, then arrays of small whole numbers (app/classroom/PROTOCOL.md).

A value is `least + scale * raw`, and there is none where raw is `missing`; of a 4-byte float the value is the
raw number, and there is none where it is not a number.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

MAGIC = b"LCW1"
_ALIGNED = 8
_KINDS = {"u1": np.uint8, "u2": np.uint16, "u4": np.uint32, "f4": np.float32}


@dataclass(frozen=True)
class Packed:
    """An array as it travels: `raw`, and what its numbers stand for. `missing`: the raw number of no value."""

    raw: NDArray[Any]
    least: float = 0.0
    scale: float = 1.0
    missing: int | None = None

    @property
    def values(self) -> NDArray[np.float64]:
        """What the numbers stand for; NaN where there is no value."""
        values = self.least + self.scale * self.raw.astype(np.float64)
        if self.missing is not None:
            values[self.raw == self.missing] = np.nan
        return values


def counts(values: ArrayLike, unit: int = 1) -> Packed:
    """Whole numbers that are multiples of `unit`, exactly, in as few bytes as hold them.

    Errors: ValueError for numbers that are negative or of no such multiple.
    """
    whole = np.asarray(values)
    raw = np.rint(np.asarray(whole, np.float64) / unit).astype(np.int64)
    if raw.size and (raw.min() < 0 or not np.array_equal(raw * unit, whole)):
        raise ValueError(f"not all of these counts are multiples of {unit}")
    most = int(raw.max(initial=0))
    kind = np.uint8 if most < 2**8 else np.uint16 if most < 2**16 else np.uint32
    return Packed(raw.astype(kind), scale=float(unit))


def measured(
    values: ArrayLike, steps: str = "u2", low: float | None = None, high: float | None = None
) -> Packed:
    """Numbers rounded to 254 ("u1") or 65,534 ("u2") even steps between `low` and `high`, or between what there is.

    NaN becomes the missing number. Errors: ValueError for numbers outside the range given.
    """
    number = np.asarray(values, np.float64)
    there = np.isfinite(number)
    known = number[there]
    least = low if low is not None else float(known.min(initial=0.0))
    most = high if high is not None else float(known.max(initial=least))
    if known.size and (known.min() < least - 1e-9 or known.max() > most + 1e-9):
        raise ValueError(f"values from {known.min()} to {known.max()} lie outside {least} to {most}")
    kind = _KINDS[steps]
    missing = 2 ** (8 * np.dtype(kind).itemsize) - 1
    scale = (most - least) / (missing - 1) or 1.0
    raw = np.full(number.shape, missing, kind)
    raw[there] = np.rint((known - least) / scale).clip(0, missing - 1).astype(kind)
    return Packed(raw, least, scale, missing)


def floats(values: ArrayLike) -> Packed:
    """A few numbers as they are, in 4 bytes each."""
    return Packed(np.asarray(values, np.float32))


def to_bytes(header: Mapping[str, Any], arrays: Mapping[str, Packed]) -> bytes:
    """Header and arrays as one block."""
    described, chunks, offset = {}, [], 0
    for name, packed in arrays.items():
        raw = np.ascontiguousarray(packed.raw, packed.raw.dtype.newbyteorder("<"))
        described[name] = {
            "type": f"{raw.dtype.kind}{raw.dtype.itemsize}",
            "shape": list(raw.shape),
            "offset": offset,
            "scale": packed.scale,
            "least": packed.least,
            "missing": packed.missing,
        }
        data = raw.tobytes()
        chunks += [data, bytes(-len(data) % _ALIGNED)]
        offset += len(data) + (-len(data) % _ALIGNED)
    text = json.dumps({**header, "arrays": described}, ensure_ascii=False, separators=(",", ":")).encode()
    text += b" " * (-(len(text) + 8) % _ALIGNED)
    return b"".join([MAGIC, len(text).to_bytes(4, "little"), text, *chunks])


def from_bytes(block: bytes) -> tuple[dict[str, Any], dict[str, Packed]]:
    """Header and arrays of a block. Errors: ValueError if it is none."""
    if block[:4] != MAGIC:
        raise ValueError("this is not a world: it does not begin with LCW1")
    start = 8 + int.from_bytes(block[4:8], "little")
    header = json.loads(block[8:start])
    arrays = {}
    for name, about in header["arrays"].items():
        kind = np.dtype(_KINDS[about["type"]]).newbyteorder("<")
        size = int(np.prod(about["shape"]))
        raw = np.frombuffer(block, kind, size, start + about["offset"]).reshape(about["shape"])
        arrays[name] = Packed(raw, about["least"], about["scale"], about["missing"])
    return header, arrays
