"""The register of NGOs: who exists, sorted by place, and what each municipality has."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..agents.ngo import NGO, set_up
from ..agents.rows import Row
from ..agents.rule import interpreted

if TYPE_CHECKING:
    from .state import State

_IDENTITY_MONTH = 1_000_000


def retire(state: State) -> None:
    """Strike the closed NGOs off."""
    state.ngos = state.ngos[state.ngos["alive"] == 1].copy()


def register(state: State, kinds: np.ndarray) -> None:
    """Enter the newly founded (`kinds`: (P,), a kind or -1 for each place), and sort the register by place."""
    homes = np.flatnonzero(kinds >= 0)
    founded = np.zeros(len(homes), NGO)
    for row, home in enumerate(homes):
        identity = (state.month + 1) * _IDENTITY_MONTH + int(home)
        interpreted(set_up)(Row(founded, row), Row(state.world, 0), identity, int(kinds[home]), int(home))
    ngos = np.concatenate([state.ngos, founded])
    state.ngos = ngos[np.lexsort((ngos["identity"], ngos["home"]))]
    state.ngos_changed = True
    cities, home = state.cities, state.ngos["home"]
    places = np.arange(len(cities))
    cities["ngo_first"] = np.searchsorted(home, places, side="left")
    cities["ngo_count"] = np.searchsorted(home, places, side="right") - cities["ngo_first"]
    cities["ngo_staff"] = np.bincount(home, weights=state.ngos["staff"], minlength=len(cities))
    bits = np.zeros(len(cities), np.uint8)
    np.bitwise_or.at(bits, home, (1 << state.ngos["kind"]).astype(np.uint8))
    cities["ngo_kinds"] = bits
