"""The same model in idiomatic Mesa: a migrant is a `mesa.Agent` with plain attributes and a `step()`.

Nothing is written a second time but the loop. The rules are those of `local_citizenship.agents`, source and
all (the plain functions that Numba would compile), called with the agent itself as `migrant`; municipalities,
NGOs, accounts and the world are plain objects that hold Python numbers, the quickest that plain Python has.
What a scenario sets up (municipalities, calendar, parameters) is taken from the engine's `State`.
mesa_chance.py has the kinds of chance.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import mesa
import numpy as np

from benchmarks.mesa_chance import CHANCES, plain_rules
from local_citizenship.agents.awareness import ARRIVING, MOVING
from local_citizenship.agents.chance import QUEUES, REFERRED
from local_citizenship.agents.crackdown import monthly_reduction
from local_citizenship.agents.event import GOES, MOVES_AWAY, QUEUES_AT_NGO
from local_citizenship.agents.here import Here
from local_citizenship.agents.providers.ngo import REFUSAL
from local_citizenship.agents.tally import NOBODY, TALLIES
from local_citizenship.model.catchments import Catchments
from local_citizenship.model.counters import PLACE_CENSUS
from local_citizenship.model.ledger import MONTHLY_COLUMNS, NEEDS_COLUMNS
from local_citizenship.model.ngo_register import identity_of_ngo
from local_citizenship.model.schedule import (
    TRUST_AT_START,
    a_fiscal_year_begins,
    initial_records,
    opens_a_door,
)
from local_citizenship.model.state import NATION_FIELDS, State
from local_citizenship.scenarios.catalogue import REASONS, STATUSES

if TYPE_CHECKING:
    from local_citizenship.scenarios import Scenario

Table = dict[tuple[int, ...], tuple[int, ...]]

_SERVED = {f"served_{tally}": row for row, tally in enumerate(TALLIES)}

# Plain objects for what the engine keeps in arrays --------------------------------------------------------


class Sequence(list):
    """A list that tells its length the way an array does."""

    @property
    def shape(self) -> tuple[int]:
        return (len(self),)


# Of a municipality: see `worsen` in model/thinning.py.
WHAT_BOUNDS_LOOK_AT = (
    "tension", "prejudice", "raid", "ruthless", "knowers", "ngo_knowers", "ngo_staff", "migrants",
)  # fmt: skip


class Grid(dict):
    """A table of numbers by several indices, which tells its shape the way an array does."""

    def __init__(self, array: np.ndarray) -> None:
        super().__init__((index, value.item()) for index, value in np.ndenumerate(array))
        self.shape = array.shape


def plain_value(value: Any) -> Any:
    """A field of a record: a Python number, a list of them, or a table."""
    if np.ndim(value) > 1:
        return Grid(value)
    return Sequence(value.tolist()) if np.ndim(value) else value.item()


def as_object(record: Any) -> SimpleNamespace:
    """A record as a plain object: Python numbers, and lists of them."""
    return SimpleNamespace(**{name: plain_value(record[name]) for name in record.dtype.names})


def blank_counters(dtype: np.dtype[Any]) -> SimpleNamespace:
    """Empty counters: numbers, lists by one index, dictionaries by several."""
    fields = {}
    for name in dtype.names or ():
        shape = dtype[name].shape
        fields[name] = 0 if not shape else [0] * shape[0] if len(shape) == 1 else defaultdict(int)
    return SimpleNamespace(**fields)


# Agents ---------------------------------------------------------------------------------------------------


class Migrant(mesa.Agent):
    """One migrant; the attributes are those that the rules read and write."""

    model: MesaTwin

    def __init__(self, model: MesaTwin, door: int, identity: int) -> None:
        super().__init__(model)
        model.rules.be_born(self, model.world, door, identity)

    def step(self) -> None:
        """A month of life; see `live` in model/living.py, which this follows line by line."""
        model = self.model
        rules, world = model.rules, model.world
        random = (rules.random_bytes(world.luck_now, self.identity),)
        slots = rules.slots_of(self, model.cities[self.home].zone, world, random)
        if not rules.is_eventful(self, world, random, slots):
            return
        here = model.here(self.home)
        outcome = rules.live_through_month(self, here, random, slots)
        if outcome == QUEUES_AT_NGO:
            ngo = rules.pick_ngo(self, here, model.ngos)
            if ngo >= 0:
                model.queue.append((self, model.ngos[ngo]))
            else:
                self.tried |= REFUSAL
        elif outcome == MOVES_AWAY:
            first, last = model.bounds[here.city.region]
            place = rules.choose_place(self, world, model.destinations, first, last, MOVING)
            rules.be_deceived(self, world, MOVING)
            if place != self.home:
                rules.relocate(self, here, model.here(place))
            else:
                rules.change_job(self, here)
        elif outcome >= GOES:
            if self.need:
                rules.close_need(self, here, NOBODY)
            rules.depart(self, here, outcome - GOES)
            self.remove()


class MesaTwin(mesa.Model):
    """The model of local citizenship in plain Mesa. No lives are recorded.

    `step()` passes a month; `tables` holds what the ledger would (monthly, needs, doors, departures, census),
    each as {index: counts} in persons, without empty rows.
    """

    def __init__(self, scenario: Scenario, chance: str = "keyed") -> None:
        super().__init__(rng=scenario.seed)
        self.rules = plain_rules(CHANCES[chance](self))
        self.setting = State(scenario)  # calendar, parameters and municipalities; its arrays stay unused
        self.run_scenario = scenario
        self.persons = scenario.parameters.scale.persons_per_record
        self.world = SimpleNamespace()
        self.nation = SimpleNamespace(**dict.fromkeys(NATION_FIELDS, 0.0))
        self.nation.judgments = [0.0] * len(scenario.parameters.needs)
        self.cities = Sequence(as_object(city) for city in self.setting.cities)
        self.trades = Sequence(as_object(trade) for trade in self.setting.trades)
        self.bounds = self.setting.bounds.tolist()
        self.destinations = self.setting.destinations
        self.ngos: Sequence = Sequence()
        self.queue: list[tuple[Migrant, SimpleNamespace]] = []
        self.migrant_months = 0
        self.tables: dict[str, Table] = {
            name: {} for name in ("monthly", "needs", "doors", "departures", "census")
        }
        self._reset_counters()
        self._begin()

    @property
    def migrants(self) -> Iterable[Migrant]:
        """All migrants present."""
        return self.agents_by_type.get(Migrant, [])

    def release(self) -> None:
        """Give the agents' memory back, once a run is over."""
        self.queue.clear()
        self.remove_all_agents()

    # Before the first month -------------------------------------------------------------------------------

    def here(self, place: int) -> Here:
        """What surrounds somebody in a place."""
        city = self.cities[place]
        return Here(
            self.world,
            city,
            self.places[place],
            self.regions[city.region],
            self.national,
            SimpleNamespace(count=0),
        )

    def _reset_counters(self) -> None:
        layout = self.setting.layout
        self.places = [blank_counters(layout.place) for _ in self.cities]
        self.regions = [blank_counters(layout.region) for _ in self.bounds]
        self.national = blank_counters(layout.nation)

    def _begin(self) -> None:
        setting, parameters = self.setting, self.run_scenario.parameters
        self._read_world()
        self.rules.begin_trades(self.trades, [self.world], parameters.scale.share)
        for trade, record in zip(self.trades, setting.trades, strict=True):
            record["jobs"] = trade.jobs  # by which places get theirs
        self._nation_acts()
        self.rules.begin_cities([self.world], self.cities)
        initial = initial_records(setting)
        self._place_jobs(initial)
        self._places_attract()
        for door, number in enumerate(initial):
            self._admit(door, int(number + 0.5), 0, at_start=True)
        self._take_stock()
        self.rules.begin_concern([self.nation], [self.world], self.cities, parameters.scale.share)
        for city in self.cities:
            city.share_past[:] = [city.share] * 12
            city.tension = 0.0
        if parameters.ngos.enabled:
            number = int(parameters.ngos.initial * parameters.scale.share + 0.5)
            self.ngos = Sequence(SimpleNamespace() for _ in range(number))
            self.rules.found_first(self.ngos, [self.world], self.cities, number)
        self._register()
        self.rules.begin_services([self.world], self.cities)
        if self.run_scenario.places.has_level:
            for city in self.cities:
                city.service_level = float(np.mean(city.level))
        else:
            for year in range(-parameters.city.head_start, 0):
                setting.month = year
                self._turn_calendar()
                self._decide()
            setting.month = 0
        self._rank_by_level()
        self.world.talk[:] = [self.world.risk] * len(self.world.talk)
        for city in self.cities:
            city.risk, city.trust = self.world.risk, TRUST_AT_START * city.firewall

    # The month --------------------------------------------------------------------------------------------

    def step(self) -> None:
        """One month, in the order of THE_MONTH in model/schedule.py."""
        setting = self.setting
        self._turn_calendar()
        self._apply_dated_changes()
        self.rules.trades_act(self.trades, [self.world], self.cities)
        self._reset_counters()
        self._nation_acts()
        if a_fiscal_year_begins(setting):
            self._decide()
            self._rank_by_level()
            migrants = list(self.migrants)
            counters = (self.places, self.regions, [self.national], [SimpleNamespace(count=0)])
            span = Sequence(migrants), 0, len(migrants)
            self.rules.end_programmes(*span, [self.world], self.cities, *counters)
            if setting.parameters.ngos.enabled:
                self._ngos_account_and_are_founded()
            self.rules.reset_unmet(self.cities)
        self.rules.open_offices(self.ngos, [self.world])
        self._places_attract()
        self._newcomers_arrive()
        self.queue.clear()
        self._set_bounds()
        self.agents_by_type[Migrant].do("step")
        self._ngos_serve()
        self._take_stock()
        self._write_tables()
        if setting.calendar_month == 12 or setting.month == self.run_scenario.months - 1:
            self._take_census()
        setting.month += 1
        self.migrant_months += len(self.agents_by_type[Migrant])

    def _turn_calendar(self) -> None:
        self.setting.set_month_luck()
        record = self.setting.world[0]
        self.world.month = int(record["month"])
        self.world.luck_now = int(record["luck_now"])

    def _read_world(self) -> None:
        record = self.setting.world[0]
        for name in record.dtype.names:
            setattr(self.world, name, plain_value(record[name]))
        self.world.sampled_share = 0.0

    def _tell_world(self) -> None:
        """Let the setting know how the world stands, but for tables, which no rule writes."""
        record = self.setting.world[0]
        for name in record.dtype.names:
            value = getattr(self.world, name)
            if not isinstance(value, Grid):
                record[name] = value

    def _apply_dated_changes(self) -> None:
        setting = self.setting
        parameters = self.run_scenario.parameters_at(setting.month)
        if setting.month > 0 and parameters is not setting.parameters:
            opened = opens_a_door(setting.parameters, parameters)
            self._tell_world()
            setting.change_parameters(parameters)
            if opened:
                self._place_jobs(self._people())
            self._read_world()
            self._read_cities("trades", "ruthless", "insures")

    def _read_cities(self, *names: str) -> None:
        for city, record in zip(self.cities, self.setting.cities, strict=True):
            for name in names:
                setattr(city, name, plain_value(record[name]))

    def _people(self) -> np.ndarray:
        return np.sum([city.by_door for city in self.cities], axis=0, dtype=float)

    def _place_jobs(self, people: np.ndarray) -> None:
        self.setting.place_jobs(people)
        self._read_cities("jobs", "posts")

    def _nation_acts(self) -> None:
        world = self.world
        reduction = monthly_reduction(world.enforcement_halve_in, world.enforcement_answers_in)
        share = self.run_scenario.parameters.scale.share
        self.rules.nation_acts([self.nation], [world], self.cities, share, reduction)

    def _set_bounds(self) -> None:
        world, record, setting = self.world, self.setting.world[0], self.setting
        self._tell_world()
        for city, row in zip(self.cities, setting.cities, strict=True):
            for name in WHAT_BOUNDS_LOOK_AT:
                row[name] = getattr(city, name)
        look_again = setting.offers_changed or a_fiscal_year_begins(setting)
        setting.thinning.set_bounds(setting.world, setting.cities, look_again=look_again)
        setting.offers_changed = False
        self._read_cities("zone")
        world.search_bound = int(record["search_bound"])
        world.bounds = Grid(record["bounds"][: setting.cities["zone"].max() + 1])

    def _decide(self) -> None:
        self.rules.divide_fund([self.world], self.cities)
        self.rules.decide([self.world], self.cities)

    def _places_attract(self) -> None:
        self.rules.lay_out_destinations([self.world], self.cities, self.destinations)

    def _newcomers_arrive(self) -> None:
        parameters = self.setting.parameters
        numbers = np.zeros(len(parameters.doors), np.int64)
        self.rules.count_newcomers([self.world], parameters.scale.share, numbers)
        for door, number in enumerate(numbers):
            self._admit(door, int(number), self.setting.month + 1, at_start=False)

    def _admit(self, door: int, number: int, month: int, *, at_start: bool) -> None:
        rules, world = self.rules, self.world
        for ordinal in range(number):
            migrant = Migrant(self, door, rules.identity_of(month, world.doors_number[door], ordinal))
            place = rules.choose_place(migrant, world, self.destinations, 0, len(self.cities), ARRIVING)
            rules.be_deceived(migrant, world, ARRIVING)
            migrant.home = place
            if at_start:
                rules.have_been_here(migrant, self.here(place))
            else:
                rules.settle_in(migrant, self.here(place))

    def _ngos_serve(self) -> None:
        rules, world = self.rules, self.world
        ranked = [
            (rules.rank_in_queue(migrant, self.here(migrant.home), ngo,
                                 rules.draw(world.luck_now, migrant.identity, QUEUES)),
             migrant.identity, migrant, ngo)
            for migrant, ngo in self.queue
        ]  # fmt: skip
        ranked.sort(key=lambda client: client[:2])
        unlimited = not self.setting.parameters.ngos.limited
        room = {ngo.identity: len(ranked) if unlimited else ngo.capacity for ngo in self.ngos}
        served = []
        for _, _, _, ngo in ranked:
            served.append(room[ngo.identity] > 0)
            room[ngo.identity] -= served[-1]
        for (_, identity, migrant, ngo), taken in zip(ranked, served, strict=True):
            here = self.here(migrant.home)
            if not taken and rules.draw(world.luck_now, identity, REFERRED) < world.ngos_referral:
                other = self._ngo_with_most_room(migrant, here.city, room)
                if other is not None:
                    ngo, taken = other, True
                    room[ngo.identity] -= 1
                    here.place.ngo_referred[migrant.status] += 1
            if taken:
                ngo.served += 1
            else:
                ngo.turned_away += 1
            rules.hear_from_ngo(migrant, here, ngo, taken)

    def _ngo_with_most_room(self, migrant: Migrant, home: SimpleNamespace, room: dict[int, int]) -> Any:
        """C7: of those that take such a case, by room and distance; None if all are full."""
        rules, best, most = self.rules, None, 0.0
        for ngo in self.ngos:
            left = room[ngo.identity]
            if left > 0 and rules.takes_case(ngo, self.world, migrant):
                pull = rules.pull_of_room(left, home, self.cities[ngo.home], self.world)
                if pull > most:
                    best, most = ngo, pull
        return best

    def _take_stock(self) -> None:
        rules, world = self.rules, self.world
        for migrant in self.migrants:
            key = rules.key_of(migrant, world, world.month)
            rules.count(key, self.places[migrant.home], self.national, 1)
        rules.take_stock([world], self.cities, self.places, [self.national])

    def _rank_by_level(self) -> None:
        """Fifth of each place by service level; each holds a fifth of the migrants."""
        everybody = max(1.0, float(sum(city.migrants for city in self.cities)))
        below = 0.0
        for city in sorted(self.cities, key=lambda city: city.service_level):
            below += city.migrants
            city.service_quintile = min(4, int(5.0 * (below - city.migrants / 2.0) / everybody))

    # NGOs -------------------------------------------------------------------------------------------------

    def _ngos_account_and_are_founded(self) -> None:
        rules, worlds, cities = self.rules, [self.world], self.cities
        rules.keep_accounts(self.ngos, worlds, cities)
        rules.meet_in_networks(self.ngos, worlds)
        kinds = list(self.setting.parameters.ngo_kinds.values())
        advocates = np.array([ngo.staff for ngo in self.ngos if kinds[ngo.kind].courts])
        staff = np.array([ngo.staff for ngo in self.ngos])
        rules.speak_up([self.nation], worlds, self.cities, float(advocates.sum()), float(staff.sum()))
        homes, month = [-1] * len(self.ngos), self.setting.month
        rules.open_branches(self.ngos, worlds, cities, homes)
        parents = [(ngo, home) for ngo, home in zip(self.ngos, homes, strict=True) if home >= 0]
        there: Counter[int] = Counter()
        for parent, home in parents:
            branch = SimpleNamespace()
            there[home] += 1
            number = identity_of_ngo(month, home, there[home])
            rules.branch_off(branch, parent, self.world, cities[home], number)
            self.ngos.append(branch)
        founded, offices = [-1] * len(cities), [-1] * len(cities)
        rules.found_new(founded, offices, worlds, cities)
        for origin, kind in enumerate(founded):
            if kind >= 0:
                ngo = SimpleNamespace()
                home = cities[offices[origin]]
                rules.set_up(ngo, self.world, home, identity_of_ngo(month, origin, 0), kind)
                self.ngos.append(ngo)
        self.ngos = Sequence(ngo for ngo in self.ngos if ngo.alive)
        self._register()

    def _register(self) -> None:
        """Sort the register by place, and tell each municipality what it has, and what is within reach."""
        self.ngos.sort(key=lambda ngo: (ngo.home, ngo.identity))
        homes, kinds = (
            np.array([getattr(ngo, name) for ngo in self.ngos], np.int64) for name in ("home", "kind")
        )
        parameters = self.setting.parameters
        reach, spots = parameters.ngos.reach, self.setting.cities["spot"]
        found = Catchments(spots, len(parameters.ngo_kinds)).lay_out(homes, kinds, reach)
        for city, near, weight in zip(self.cities, *found, strict=True):
            city.near, city.near_weight = Grid(near), Grid(weight)
        self.rules.know_ngos(self.ngos, [self.world], self.cities)

    # What is observed -------------------------------------------------------------------------------------

    def _write_tables(self) -> None:
        month, persons = self.setting.month, self.persons
        tables = self.tables
        for place, counted in enumerate(self.places):
            columns = [
                [counted.served[_SERVED[name], status] for status in range(len(STATUSES))]
                if name in _SERVED
                else getattr(counted, name)
                for name in MONTHLY_COLUMNS
            ]
            for status, counts in enumerate(zip(*columns, strict=True)):
                if any(counts):
                    tables["monthly"][month, place, status] = tuple(persons * count for count in counts)
        for region, counted in enumerate(self.regions):
            for status, need in list(counted.needs):
                tables["needs"][month, region, status, need] = tuple(
                    persons * counted.served[_SERVED[name], status, need]
                    if name in _SERVED
                    else persons * getattr(counted, name)[status, need]
                    for name in NEEDS_COLUMNS
                )
        for door in range(len(self.setting.parameters.doors)):
            for status in range(len(STATUSES)):
                stock, arrived = self.national.stock[door, status], self.national.arrived[door, status]
                if stock + arrived:
                    tables["doors"][month, door, status] = (persons * stock, persons * arrived)
                for reason in range(len(REASONS)):
                    if gone := self.national.departures[door, status, reason]:
                        tables["departures"][month, door, status, reason] = (persons * gone,)

    def _take_census(self) -> None:
        layout = self.setting.layout
        census = blank_counters(layout.census)
        migrants = list(self.migrants)
        place_censuses = [blank_counters(PLACE_CENSUS) for _ in self.cities]
        counters = (self.places, self.regions, [self.national], [SimpleNamespace(count=0)])
        self.rules.take_census(
            migrants, 0, len(migrants), [self.world], self.cities, *counters, [census], place_censuses
        )
        for index in list(census.persons):
            self.tables["census"][self.setting.year, *index] = tuple(
                self.persons * getattr(census, name)[index] for name in layout.census.names or ()
            )
