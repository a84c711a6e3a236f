"""The register of NGOs: who exists, sorted by place, and what each municipality has."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from ..agents.municipality import FULL_LOBBY
from ..agents.ngo import NGO, branch_off, set_up
from ..agents.rows import Row
from ..agents.rule import interpreted

if TYPE_CHECKING:
    from .state import State

_IDENTITY_MONTH = 1_000_000
_BRANCH = (
    100_000  # identities of branches, after those of the newly founded; a second one in a place, after these
)


def retire(state: State) -> None:
    """Strike the closed NGOs off."""
    state.ngos = state.ngos[state.ngos["alive"] == 1].copy()


def enter_founded(state: State, kinds: np.ndarray) -> None:
    """Enter the newly founded: `kinds` (P,) is a kind, or -1, for each place."""
    homes = np.flatnonzero(kinds >= 0)
    founded = np.zeros(len(homes), NGO)
    world = Row(state.world, 0)
    with np.errstate(over="ignore"):
        for row, home in enumerate(homes):
            identity = (state.month + 1) * _IDENTITY_MONTH + int(home)
            city = Row(state.cities, int(home))
            interpreted(set_up)(Row(founded, row), world, city, identity, int(kinds[home]))
    state.ngos = np.concatenate([state.ngos, founded])


def identity_of_branch(month: int, home: int, number: int) -> int:
    """Who the first, second ... branch opened this month in a place is: other NGOs that come or go elsewhere change
    nothing of its luck."""
    return (month + 1) * _IDENTITY_MONTH + _BRANCH * number + home


def enter_branches(state: State, homes: np.ndarray) -> None:
    """Enter the branches: `homes` (N,) is the place, or -1, where each NGO opens one."""
    parents = np.flatnonzero(homes >= 0)
    branches = np.zeros(len(parents), NGO)
    world = Row(state.world, 0)
    there: Counter[int] = Counter()
    with np.errstate(over="ignore"):
        for row, parent in enumerate(parents):
            home = int(homes[parent])
            there[home] += 1
            identity = identity_of_branch(state.month, home, there[home])
            city = Row(state.cities, home)
            interpreted(branch_off)(Row(branches, row), Row(state.ngos, int(parent)), world, city, identity)
    state.ngos = np.concatenate([state.ngos, branches])


def register(state: State) -> None:
    """Sort the register by place, and tell each municipality what it has."""
    state.ngos = state.ngos[np.lexsort((state.ngos["identity"], state.ngos["home"]))]
    state.ngos_changed = True
    cities, ngos, home = state.cities, state.ngos, state.ngos["home"]
    kinds = state.parameters.ngo_kinds
    places = np.arange(len(cities))
    cities["ngo_first"] = np.searchsorted(home, places, side="left")
    cities["ngo_count"] = np.searchsorted(home, places, side="right") - cities["ngo_first"]
    same = home.astype(np.int64) * len(kinds) + ngos["kind"]
    ngos["colleagues"] = np.bincount(same, minlength=1)[same] if len(ngos) else 0
    cities["ngo_staff"] = np.bincount(home, weights=ngos["staff"], minlength=len(cities))
    bits = np.zeros(len(cities), cities["ngo_kinds"].dtype)
    np.bitwise_or.at(bits, home, (1 << ngos["kind"]).astype(bits.dtype))
    cities["ngo_kinds"] = bits
    monitors = np.array([kind.monitors for kind in kinds.values()])
    unions = np.where(monitors[ngos["kind"]], ngos["staff"], 0.0)
    thousands = np.maximum(0.1, cities["migrants"] * state.ledger.persons / 1000.0)
    staff = np.bincount(home, weights=unions, minlength=len(cities))
    cities["monitored"] = np.minimum(1.0, staff / thousands / FULL_LOBBY)
    state.world["phone_kinds"] = int(np.bitwise_or.reduce(bits)) if len(bits) else 0
