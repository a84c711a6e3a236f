"""Everything a run consists of: the records of all agents, the books, and what is shared."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from multiprocessing import parent_process
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from ..agents.labour import TRADE
from ..agents.moving import LISTS
from ..agents.ngo import NGO
from . import month as kernels
from .allocation import QUEUE
from .beforehand import check_chances
from .catchments import Catchments, seats_of, spots_of
from .contingency import draw_contingency
from .counters import LOG_LINES, MOST_LINES_A_MONTH, PLACE_CENSUS, offset_of
from .engine import engine_called
from .geography import neighbours, region_bounds, similar
from .jobs import Employers, divide_jobs, leaning_of_places, less_homes, share_of_homes, urban_of
from .layout import Layout, layout_of
from .ledger import OF_PLACE, Ledger, areas_of
from .made_once import made_once
from .thinning import Thinning
from .world import change_world, new_world

if TYPE_CHECKING:
    from ..scenarios import Places, Scenario
    from ..scenarios.schema import Parameters

T = TypeVar("T")
NATION_FIELDS = (
    "apprehension",
    "risk",
    "perception",
    "precedent",
    "conceded",
    "lately",
    "usual",
    "answered",
    "campaign",
    "enforced",
    "dated",
    "since",
    "stock_then",
    "cracks_down",
    "by_concern",
    "pressed",
    "weary",
    "usually_taken",
    "mean_fear",
    "spent",
)
CHUNK = 32_768  # rows: worth a thread's while, and few enough for all threads to end at the same time
FEW = 2_048  # the same, of those who need more work each, or lie apart
MOST_THREADS = 8  # unless asked for: each has counters of its own, which take memory where places are many
_BEFORE_THE_RUN = 1_000
_FIRST_ROOM = 5.0
_MOST_SPARE = 60_000_000  # rows: a system promises only so much more memory than it has
_SPARE_ROWS = 1.15  # rows reserved beyond those in use


def usual_threads() -> int:
    """One for each core, up to MOST_THREADS; one alone in a process that was started beside others, as those of studies
    and of Mesa's `batch_run` are."""
    if parent_process() is not None:
        return 1
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(cores, MOST_THREADS)


class Counters:
    """One thread's counters of the present month, its buffer of the event log, and room for what it finds."""

    def __init__(self, layout: Layout, places: int, regions: int, areas: int) -> None:
        self.places = np.zeros(places, layout.place)
        self.regions = np.zeros(regions, layout.region)
        self.nations = np.zeros(1, layout.nation)
        self.logs = np.zeros(1, layout.log)
        self.flows = np.zeros((areas, areas), np.int64)  # moves by area left and area found
        self.census, self.place_census = np.zeros(1, layout.census), np.zeros(places, PLACE_CENSUS)
        # Of a chunk: who turns to an NGO, the rows that become free, and the number of both.
        self.queue, self.gone = np.empty(CHUNK, QUEUE), np.empty(CHUNK, np.int64)
        self.found = np.zeros(2, np.int64)
        # Everything counted, as plain whole numbers; the stock comes first, then the flows.
        self.of_places = place = self.places.view(np.int32).reshape(places, -1)
        self.of_regions = region = self.regions.view(np.int32).reshape(regions, -1)
        nation, census = self.nations.view(np.int64), self.census.view(np.int64)
        self.stock = self.nations["stock"]
        stock, of_nation = offset_of(layout.place, "arrived") // 4, offset_of(layout.nation, "arrived") // 8
        of_place = self.place_census.view(np.int64)
        self._counted: tuple[np.ndarray, ...] = (place, region, nation, self.flows, census, of_place)
        flows: tuple[np.ndarray, ...] = place[:, stock:], region, nation[of_nation:], self.flows
        self._new_each_month = flows

    @property
    def all(self) -> tuple[np.ndarray, ...]:
        """Places, regions, nation and log, as kernels take them."""
        return self.places, self.regions, self.nations, self.logs

    def carry_over(self) -> None:
        """A new month: the stock stands, flows begin anew."""
        for counted in self._new_each_month:
            counted.fill(0)

    def clear_census(self) -> None:
        """Begin the census anew."""
        for counted in (self.census, self.place_census):
            counted.view(np.int64).fill(0)

    def replace_stock(self, other: Counters) -> None:
        """Take the stock of others for one's own, at the beginning of a month."""
        self.places[:], self.nations[:] = other.places, other.nations

    def take_over(self, other: Counters) -> None:
        """Add another thread's counters to these, and let it begin anew. All are whole numbers (changes of stock may be
        below 0), so that it does not matter who has counted what."""
        for own, others in zip(self._counted, other._counted, strict=True):
            own += others
            others.fill(0)


class State:
    """The state of a run between two months.

    `migrants` is an array of records with free rows (`present` = 0); `used` is the number of rows ever used.
    A row is no identity: it is given to another migrant once free.
    """

    def __init__(self, scenario: Scenario, *, engine: str = "compiled", threads: int = 1) -> None:
        if not isinstance(threads, int | np.integer) or isinstance(threads, bool) or threads < 1:
            raise ValueError(f"threads is {threads!r}, but must be a whole number, 1 or more")
        self.threads = threads
        self._pools: dict[int, ThreadPoolExecutor] = {}  # by process
        self.scenario = scenario
        self.dates = {month for month, _ in scenario.regimes}  # at which parameters change
        self.parameters: Parameters = scenario.parameters
        self.call: Callable[..., Any] = engine_called(engine)
        check_chances(scenario, self.call)  # as the months will, which is too late
        self.month = 0

        self.layout = layout_of(self.parameters, len(scenario.places.code))
        self.world = new_world(self.parameters)
        self.set_month_luck()

        places = scenario.places
        self.cities = _municipalities(places, self.layout).copy()
        self.employers = Employers(self.parameters, places)
        self.employers.settle(self.cities, self.parameters)
        draw_contingency(self.cities, places)
        self.trades = np.zeros(len(self.parameters.trades), TRADE)
        self.bounds = np.ascontiguousarray(region_bounds(places.region), np.int64)
        doors = len(self.parameters.doors)
        self.destinations = np.zeros((LISTS * doors, len(self.cities)))  # see month.lay_out_destinations
        self.ngos = np.zeros(0, NGO)
        self.ngos_changed = False
        self.catchments = Catchments(self.cities["spot"].copy(), len(self.parameters.ngo_kinds))
        self.offers_changed = True  # by a change dated this month: of services, rights, or what NGOs do
        needs = len(self.parameters.needs)
        self.nation = np.zeros(1, [*((name, float) for name in NATION_FIELDS), ("judgments", float, needs)])

        self.migrants = np.zeros(self._first_capacity(), self.layout.migrant)
        self.used = 0
        self._free = np.zeros(0, np.int64)
        self.areas = int(self.cities["area"].max()) + 1
        self.counters = [self._new_counters()]  # of each thread; the first one's are the country's
        self.queue = np.zeros(0, QUEUE)
        self.initial_stock = (
            self.counters[0].places["stock"].copy()
        )  # by place and status, before the first month
        self.ledger = Ledger(scenario, self.layout, self.areas)

        self.thinning = Thinning(self.call, self.parameters, self.layout)

    def change_parameters(self, parameters: Parameters) -> None:
        """What the scenario changes this month is written into the world record."""
        self.parameters = parameters
        changed = [change.path for change in self.scenario.timeline if change.month == self.month]
        change_world(self.world, parameters, changed)
        self.employers.settle(self.cities, parameters)
        self.offers_changed = True

    def _new_counters(self) -> Counters:
        return Counters(self.layout, len(self.cities), len(self.scenario.places.regions), self.areas)

    # Time and luck ------------------------------------------------------------------------------------

    @property
    def calendar_month(self) -> int:
        """1 to 12."""
        return (self.ledger.start_month - 1 + self.month) % 12 + 1

    @property
    def year(self) -> int:
        """Calendar year of the present month."""
        return int(self.ledger.year_of(self.month))

    def set_month_luck(self) -> None:
        """The month's key: all draws of the month start from it."""
        self.world["month"] = self.month
        counted = self.month + _BEFORE_THE_RUN  # years of decisions before the run have luck as well
        self.call(kernels.set_luck, self.world, np.uint64(self.scenario.seed), counted)

    def place_jobs(self, people: np.ndarray) -> None:
        """Divide each trade's jobs of a boom among places, and there among the categories of the trade, by `people`
        (D,) and who would come within a year. Spouses of nationals have homes instead, as residents have."""
        scale, world = self.parameters.scale, self.world[0]
        leaning = leaning_of_places(self.cities, self.world)
        wanted = people + 12.0 * world["doors_arrivals"] * (scale.share / scale.persons_per_record)
        spouses = world["doors_spouse"] != 0
        trade_of, boom = world["trade_of_door"], self.trades["jobs"]
        of_trade = np.bincount(trade_of[~spouses], wanted[~spouses], len(boom))[trade_of]
        wanted = np.where(spouses, wanted, wanted * (boom[trade_of] / np.maximum(1e-300, of_trade)))
        register = self.cities["foreign_residents"]
        homes = np.outer(share_of_homes(self.cities["population"], register), wanted[spouses])
        self.cities["jobs"][:, spouses] = homes
        self.cities["jobs"][:, ~spouses] = divide_jobs(
            leaning[:, ~spouses], less_homes(register, homes, wanted.sum()), wanted[~spouses]
        )
        for trade, jobs in enumerate(boom):
            posts = self.cities["jobs"][:, ~spouses & (trade_of == trade)].sum(axis=1)
            self.cities["posts"][:, trade] = posts * (jobs / max(1e-300, posts.sum()))

    def people_living(self) -> int:
        """Migrant records present at the end of the month (citizens among them)."""
        return int(self.counters[0].stock.sum())

    def head_count(self, month: int) -> Counters:
        """Counters with nothing in them but the stock as it stands at the end of `month`."""
        counted = self._new_counters()
        self.pass_span(kernels.count_everybody, 0, self.used, counted, month)
        return counted

    # Going through people -----------------------------------------------------------------------------

    @property
    def _pool(self) -> ThreadPoolExecutor:
        """Made when first needed, and anew in a process that was forked off: threads do not come along."""
        if self._pools.get(os.getpid()) is None:
            self._pools[os.getpid()] = ThreadPoolExecutor(self.threads)
        return self._pools[os.getpid()]

    def close(self) -> None:
        """Let the threads go; they come again when needed."""
        pool = self._pools.pop(os.getpid(), None)
        if pool is not None:
            pool.shutdown()

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_pools": {}}

    def pass_chunks(self, number: int, work: Callable[[int, int, Counters], T], chunk: int = 0) -> list[T]:
        """`work(first, last, counters)` for all `number` of something, chunk by chunk, by as many threads as there
        are; what it gives for each, in their order. Nothing of a result depends on who does which."""
        size = chunk or CHUNK
        if number <= size:
            return [work(0, number, self.counters[0])]
        firsts = range(0, number, size)
        lasts = [*firsts[1:], number]
        if self.threads == 1:
            return [work(*span, self.counters[0]) for span in zip(firsts, lasts, strict=True)]
        while len(self.counters) < self.threads:
            self.counters.append(self._new_counters())
        self.flush_logs()  # a migrant's lines have to come in their order
        idle = list(self.counters)

        def work_with_idle(first: int, last: int) -> T:
            counters = idle.pop()
            try:
                return work(first, last, counters)
            finally:
                idle.append(counters)

        futures = [self._pool.submit(work_with_idle, *span) for span in zip(firsts, lasts, strict=True)]
        try:
            found = [future.result() for future in futures]
        except BaseException:  # no thread may go on with these records once somebody knows
            for future in futures:
                future.cancel()
            wait(futures)
            raise
        self.flush_logs()
        return found

    def pass_span(
        self, kernel: Callable[..., Any], first: int, last: int, counters: Counters, *others: Any
    ) -> None:
        """One chunk: call the kernel, which stops when the log is nearly full, until it has come to the last."""
        while first < last:
            first = self.call(
                kernel, self.migrants, first, last, self.world, self.cities, *counters.all, *others
            )
            if counters.logs["count"][0] > LOG_LINES - MOST_LINES_A_MONTH:
                self.ledger.record_events(counters.logs)

    def flush_logs(self) -> None:
        """What has been logged goes to the ledger."""
        for counters in self.counters:
            self.ledger.record_events(counters.logs)

    def add_up(self) -> None:
        """What all threads have counted becomes the country's."""
        for counters in self.counters[1:]:
            self.counters[0].take_over(counters)

    # Rows ---------------------------------------------------------------------------------------------

    def _first_capacity(self) -> int:
        """Rows for those present at the start, and for many more: memory is taken only as rows are used."""
        scale = self.parameters.scale
        records = sum(door.initial for door in self.parameters.doors.values())
        records *= scale.share / scale.persons_per_record
        return int(min(records * _FIRST_ROOM, records + _MOST_SPARE)) + 4096

    def take_rows(self, number: int) -> np.ndarray:
        """`number` free rows (number,), reserving more where there are too few."""
        rows, self._free = self._free[:number], self._free[number:]
        fresh = number - len(rows)
        if fresh == 0:
            return rows
        if self.used + fresh > len(self.migrants):
            grown = np.zeros(int((self.used + fresh) * _SPARE_ROWS) + 64, self.layout.migrant)
            grown[: self.used] = self.migrants[: self.used]
            self.migrants = grown
        self.used += fresh
        return np.concatenate([rows, np.arange(self.used - fresh, self.used)])

    def free_rows(self, rows: list[np.ndarray]) -> None:
        """Rows whose migrants have left."""
        self._free = np.concatenate([self._free, *rows])

    def order_rows(self) -> None:
        """Put the migrants in the order of where they live, without free rows between them: those who come one after
        the other need the same place, which the processor then has at hand. No result depends on it (a test holds
        this)."""
        word = (
            np.uint8 if self.migrants.itemsize % 2 else np.uint16
        )  # added entries may make a record's length odd
        words = self.migrants.view(word).reshape(len(self.migrants), -1)
        room = np.zeros((2, len(self.cities) + 1), np.int64)
        self.used = int(self.call(kernels.order_by_home, self.migrants, words, self.used, *room))
        self._free = np.zeros(0, np.int64)


def _identity(name: str) -> int:
    """A number for a name, the same on every machine."""
    return int.from_bytes(hashlib.sha256(str(name).encode()).digest()[:8], "little")


@made_once(2)  # those of a large country take a hundred MB
def _municipalities(places: Places, layout: Layout) -> np.ndarray:
    cities = np.zeros(len(places.code), layout.municipality)
    cities["row"] = np.arange(len(cities))
    cities["identity"] = [_identity(code) for code in places.code]
    cities["area"] = areas_of(places)
    cities["region_identity"] = np.array([_identity(name) for name in places.wider_regions], np.uint64)[
        places.region
    ]
    cities["wider_region"] = np.unique(np.array(places.wider_regions), return_inverse=True)[1][places.region]
    for name in ("region", "level", *OF_PLACE):
        cities[name] = getattr(places, name)
    cities["urban"] = urban_of(places.population)
    cities["neighbours"] = neighbours(places)
    cities["similar"] = similar(places)
    cities["spot"], cities["seat"], cities["near"] = spots_of(places), seats_of(places), -1
    return cities
