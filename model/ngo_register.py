"""The register of NGOs: who exists, sorted by place, and what each municipality has."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from ..agents.ngo import NGO
from . import year as yearly

if TYPE_CHECKING:
    from .state import State

Number = TypeVar("Number", int, np.ndarray)
# An identity is, in decimal digits, the month, the number of the branch and the place; what has no room there stands
# in front of all: the number's tens, and the hundred thousands of the place.
_MONTH, _BRANCH, _FAR, _TENS = 10**6, 10**5, 10**12, 10**15


def identity_of_ngo(month: int, home: Number, number: Number) -> Number:
    """Who an NGO is that was founded this month in a place (`number` 0), or opened there as its first, second ...
    branch: others that come or go elsewhere change nothing of its luck."""
    ahead = number // 10 * _TENS + home // _BRANCH * _FAR
    return ahead + (month + 1) * _MONTH + number % 10 * _BRANCH + home % _BRANCH


def enter_new(state: State) -> None:
    """Open branches, found new NGOs, and strike the closed ones off."""
    homes, kinds = np.empty(len(state.ngos), np.int64), np.empty(len(state.cities), np.int64)
    offices = np.empty(len(state.cities), np.int64)
    state.call(yearly.open_branches, state.ngos, state.world, state.cities, homes)
    state.call(yearly.found_new, kinds, offices, state.world, state.cities)
    parents, founded = np.flatnonzero(homes >= 0), np.flatnonzero(kinds >= 0)
    new = np.zeros(len(parents) + len(founded), NGO)
    if len(new):
        new["home"] = np.concatenate([homes[parents], offices[founded]])
        new["kind"][len(parents) :] = kinds[founded]
        there: Counter[int] = Counter()
        numbers = np.zeros(len(new), np.int64)
        for row, home in enumerate(homes[parents].tolist()):
            there[home] += 1
            numbers[row] = there[home]
        origins = np.concatenate(
            [homes[parents], founded]
        )  # of whom a place founds one at most, wherever it opens
        new["identity"] = identity_of_ngo(state.month, origins, numbers)
        state.call(yearly.set_up_new, new, state.ngos, parents, state.world, state.cities)
    state.ngos = np.concatenate([state.ngos[state.ngos["alive"] == 1], new])


def register(state: State) -> None:
    """Sort the register by place, and tell each municipality what it has, and what is within reach."""
    state.ngos = state.ngos[np.lexsort((state.ngos["identity"], state.ngos["home"]))]
    state.ngos_changed = True
    found = state.catchments.lay_out(state.ngos["home"], state.ngos["kind"], state.parameters.ngos.reach)
    state.cities["near"], state.cities["near_weight"] = found
    state.call(yearly.know_ngos, state.ngos, state.world, state.cities)
