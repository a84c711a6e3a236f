"""Where the jobs of each category are (D9, D13), and how employers differ by trade and place."""

from __future__ import annotations

import sys

import numpy as np
import numpy.typing as npt
from scipy.special import expit, logit, ndtr

from ..agents.employers import MOST_RUTHLESS
from ..scenarios.places import Places
from ..scenarios.places_draw import factor_of, luck_left, luck_of_places, size_of
from ..scenarios.schema import Parameters
from ..scenarios.schema.trades import Trade
from .made_once import made_once

Floats = npt.NDArray[np.float64]

_ROUNDS = 30  # of fitting jobs to both margins
LEAST_LEFT = 0.1  # part of a place's foreign residents that came to work, at least
_A_RECORD = 1.0  # jobs beside those of people: of a category of a few, too, some are somewhere else


def divide_jobs(leaning: Floats, register: Floats, people: Floats) -> Floats:
    """Jobs (P, D) for each category, in records: those of a place add up to its part of the register's foreigners,
    those of a category to its people.

    leaning: (P, D) how far a job of the place is one for the category; register: (P,) foreign residents;
    people: (D,) records. The place's sums are exact, the category's as near as the leanings let them be
    (iterative proportional fitting, Deming and Stephan 1940). A place without foreign residents has no jobs, unless
    there are none anywhere: then all places count alike. So do, for a category, jobs of which none is one for it. A
    category of which nobody is here or comes has none.
    """
    people = people + _A_RECORD * (people > 0.0)
    if register.sum() < 1.0:
        register = np.ones_like(register)
    place = register * (people.sum() / register.sum())
    jobs = leaning * place[:, None]
    jobs = np.where(jobs.any(axis=0), jobs, place[:, None])
    for _ in range(_ROUNDS):
        jobs = jobs * (people / np.maximum(1e-300, jobs.sum(axis=0)))
        jobs = jobs * (place / np.maximum(1e-300, jobs.sum(axis=1)))[:, None]
    return jobs


def share_of_homes(population: Floats, register: Floats) -> Floats:
    """(P,) the part of the homes of nationals' spouses in each place: by its residents, where foreigners are on the
    register. Where none are, there is none; but if none are anywhere, all residents count."""
    residents = population * (register > 0.0)
    if not residents.any():
        residents = population
    return residents / residents.sum()


def less_homes(register: Floats, homes: Floats, people: float) -> Floats:
    """(P,) the part of each place's foreign residents, as people of this run, that is not made up by `homes` (P, S) of
    spouses of nationals; where these are more, LEAST_LEFT of it."""
    of_place = register * (people / max(1.0, register.sum()))
    return np.maximum(LEAST_LEFT * of_place, of_place - homes.sum(axis=1))


def leaning_of_places(cities: np.ndarray, world: np.ndarray) -> Floats:
    """(P, D): jobs of factory towns, or of big cities that live on services, in the trades of the place.

    A choice between two kinds of place (logit): in a factory town the odds of a factory's jobs against a kitchen's are
    higher, and in a big city of services as much lower, by `moving.sorting` from a place that is neither,
    as a village. A category that either kind of place needs alike leans to none.
    """
    services = cities["urban"] * (1.0 - cities["industry"])
    factories = 1.0 - 2.0 * world["doors_urban"][0]
    kind = np.exp(world["moving_sorting"][0] * np.outer(cities["industry"] - services, factories))
    return kind * cities["trades"][:, world["trade_of_door"][0]]


def urban_of(population: Floats) -> Floats:
    """(P,) how far a place is a big city, 0 to 1, from its own residents: about its rank among Japan's."""
    return ndtr(size_of(population))


class Employers:
    """How far trades have jobs in each place, and how employers there insure and treat people.

    Drawn by `places_seed` from a place's own code: a row elsewhere in the table changes nothing here. The larger a
    place, the less it differs from what is usual.
    """

    def __init__(self, parameters: Parameters, places: Places) -> None:
        with_trades = [_luck_with_trade(places, sys.intern(name)) for name in parameters.trades]
        self._luck = np.stack(with_trades, axis=1)  # (P, trades, 3)
        self._left = luck_left(places.population)

    def settle(self, cities: np.ndarray, parameters: Parameters) -> None:
        """Write what is drawn into the cities, as the parameters now have it."""
        for number, trade in enumerate(parameters.trades.values()):
            jobs, insuring, treating = self._luck[:, number].T
            cities["trades"][:, number] = factor_of(jobs, trade.unevenness * self._left)
            cities["ruthless"][:, number] = self._ruthless(treating, trade)
            usual = np.clip(trade.insures, 1e-9, 1.0 - 1e-9)
            cities["insures"][:, number] = expit(logit(usual) + trade.reluctance * self._left * insuring)
            if trade.insures in (0.0, 1.0):
                cities["insures"][:, number] = trade.insures

    def most_ruthless(self, parameters: Parameters) -> Floats:
        """(trades,) how ruthless the worst employers of each trade are."""
        return np.array(
            [
                self._ruthless(self._luck[:, n, 2], trade).max()
                for n, trade in enumerate(parameters.trades.values())
            ]
        )

    def _ruthless(self, luck: Floats, trade: Trade) -> Floats:
        return np.minimum(MOST_RUTHLESS, factor_of(luck, trade.ruthlessness * self._left))


@made_once(64)  # a study may vary places_seed
def _luck_with_trade(places: Places, trade: str) -> Floats:
    """(P, 3): luck with jobs, with insurance, with treatment."""
    return luck_of_places(places.seed, places.code, f"trades/{trade}")
