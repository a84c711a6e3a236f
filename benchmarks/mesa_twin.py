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
from local_citizenship.agents.claiming import TRIED_NGO
from local_citizenship.agents.migrant import GOES, MOVES_AWAY, QUEUES_AT_NGO
from local_citizenship.agents.municipality import FULL_LOBBY
from local_citizenship.model.books import ACCOUNT, CENSUS, NATIONAL, PLACE_CENSUS, REGIONAL
from local_citizenship.model.ledger import MONTHLY_COLUMNS, NEEDS_COLUMNS
from local_citizenship.model.ngo_register import _IDENTITY_MONTH, _UNION, identity_of_branch
from local_citizenship.model.schedule import ADVOCATES, a_fiscal_year_begins
from local_citizenship.model.screen import set_screen
from local_citizenship.model.state import NATION_FIELDS, State
from local_citizenship.model.world import WORLD, set_parameters
from local_citizenship.scenarios.catalogue import (
    CITY,
    DOOR_KIND_OF,
    DOORS,
    NATION,
    NGO,
    NOBODY,
    REASONS,
    STATUSES,
)

if TYPE_CHECKING:
    from local_citizenship.scenarios import Scenario

Table = dict[tuple[int, ...], tuple[int, ...]]

_SERVED = {"served_city": CITY, "served_ngo": NGO, "served_nation": NATION}

# Plain objects for what the engine keeps in arrays --------------------------------------------------------


class Sequence(list):
    """A list that tells its length the way an array does."""

    @property
    def shape(self) -> tuple[int]:
        return (len(self),)


def as_object(record: Any) -> SimpleNamespace:
    """A record as a plain object: Python numbers, and lists of them."""
    names = record.dtype.names
    return SimpleNamespace(
        **{n: Sequence(v) if isinstance(v := record[n].tolist(), list) else v for n in names}
    )


def blank_book(dtype: np.dtype[Any]) -> SimpleNamespace:
    """An empty book: numbers, lists by one index, dictionaries by several."""
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
        """A month of life; see `live` in model/month.py, which this follows line by line."""
        model = self.model
        rules, world, national = model.rules, model.world, model.national
        home = self.home
        account = model.accounts[home]
        bytes_ = rules.luck(world.luck_now, self.identity)
        lanes = rules.lanes_of(self, world, bytes_)
        if not rules.is_eventful(self, world, bytes_, lanes):
            return
        city = model.cities[home]
        regional = model.regionals[city.region]
        outcome = rules.live_through_month(self, world, city, account, regional, None, bytes_, lanes)
        if outcome == QUEUES_AT_NGO:
            ngo = rules.pick_ngo(self, world, city, model.ngos)
            if ngo >= 0:
                model.queue.append((self, model.ngos[ngo]))
            else:
                self.tried |= TRIED_NGO
        elif outcome == MOVES_AWAY:
            first, last = model.bounds[city.region]
            place = rules.choose_place(self, world, model.destinations, first, last, MOVING)
            if place != home:
                there, city_there = model.accounts[place], model.cities[place]
                rules.relocate(self, world, city, account, place, city_there, there, national, None)
            else:
                rules.change_job(self, world, city, None)
        elif outcome >= GOES:
            if self.need:
                rules.close_need(self, world, city, account, regional, None, NOBODY)
            rules.depart(self, world, city, account, national, None, outcome - GOES)
            self.remove()


class MesaTwin(mesa.Model):
    """The model of local citizenship in plain Mesa. No diaries are kept.

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
        self.cities = Sequence(as_object(city) for city in self.setting.cities)
        self.bounds = self.setting.bounds.tolist()
        self.destinations = self.setting.destinations
        self.ngos: Sequence = Sequence()
        self.queue: list[tuple[Migrant, SimpleNamespace]] = []
        self.migrant_months = 0
        self.tables: dict[str, Table] = {
            name: {} for name in ("monthly", "needs", "doors", "departures", "census")
        }
        self._open_books()
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

    def _open_books(self) -> None:
        self.accounts = [blank_book(ACCOUNT) for _ in self.cities]
        self.regionals = [blank_book(REGIONAL) for _ in self.bounds]
        self.national = blank_book(NATIONAL)

    def _begin(self) -> None:
        setting, parameters = self.setting, self.run_scenario.parameters
        self._read_world()
        initial = {name: getattr(parameters.doors, name).initial for name in DOORS}
        back = sum(number for name, number in initial.items() if DOOR_KIND_OF[name] == "back")
        self.nation.perception = min(1.0, parameters.public.media * back / max(1.0, sum(initial.values())))
        self._nation_acts()
        self.rules.settle_rules_of_access([self.world], self.cities)
        self._places_attract()
        for door, name in enumerate(DOORS):
            number = int(initial[name] * parameters.scale.share / self.persons + 0.5)
            self._admit(door, number, 0, at_start=True)
        self._take_stock()
        for city in self.cities:
            city.share_past[:] = [city.share] * 12
            city.tension = 0.0
        if parameters.ngos.enabled:
            number = int(parameters.ngos.initial * parameters.scale.share + 0.5)
            self.ngos = Sequence(SimpleNamespace() for _ in range(number))
            self.rules.found_first(self.ngos, [self.world], self.cities, number)
        self._register()
        if self.run_scenario.places.has_level:
            for city in self.cities:
                city.service_level = float(np.mean(city.level))
        else:
            for year in range(-parameters.city.head_start, 0):
                setting.month = year
                self._turn_calendar()
                self._decide()
            setting.month = 0
        self._rank_fifths()
        for city in self.cities:
            city.risk = self.world.risk

    # The month --------------------------------------------------------------------------------------------

    def step(self) -> None:
        """One month, in the order of THE_MONTH in model/schedule.py."""
        setting = self.setting
        self._turn_calendar()
        self._open_books()
        self._apply_dated_changes()
        self._nation_acts()
        if setting.month > 0 and setting.calendar_month == setting.parameters.city.fiscal_month:
            self._decide()
            self._rank_fifths()
            migrants = list(self.migrants)
            books = (self.accounts, [self.national], [SimpleNamespace(count=0)])
            self.rules.end_programmes(Sequence(migrants), [self.world], self.cities, *books)
            if setting.parameters.ngos.enabled:
                self._ngos_account_and_are_founded()
            self.rules.forget_unmet(self.cities)
        self.rules.open_offices(self.ngos, [self.world])
        self._places_attract()
        self._newcomers_arrive()
        self.queue.clear()
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
        for name in WORLD.names or ():
            setattr(self.world, name, record[name].tolist())
        self.world.sampled_share = 0.0

    def _apply_dated_changes(self) -> None:
        setting = self.setting
        parameters = self.run_scenario.parameters_at(setting.month)
        if setting.month > 0 and parameters is not setting.parameters:
            setting.parameters = parameters
            set_parameters(setting.world, parameters)
            setting.offers_changed = True
            self._read_world()

    def _nation_acts(self) -> None:
        nation, world, record = self.nation, self.world, self.setting.world[0]
        people = max(1, sum(city.migrants for city in self.cities))
        unauthorised = float(sum(city.unauthorised for city in self.cities))
        self.rules.perceive_crime(nation, world, unauthorised / people)
        years = world.enforcement_halve_in
        self.rules.set_enforcement(nation, world, 1.0 - 0.5 ** (1.0 / (12.0 * years)) if years > 0 else 0.0)
        self.rules.set_demand(nation, world)
        for name in NATION_FIELDS:
            setattr(world, name, getattr(nation, name))
            record[name] = getattr(nation, name)
        record["most_tension"], record["usual_wages"] = world.most_tension, world.usual_wages
        look_again = self.setting.offers_changed or a_fiscal_year_begins(self.setting)
        set_screen(self.setting.call, self.setting.world, look_again=look_again)
        self.setting.offers_changed = False
        world.search_bound = int(record["search_bound"])
        world.screen = {
            (door, number): int(bounds) for (door, number), bounds in np.ndenumerate(record["screen"])
        }

    def _decide(self) -> None:
        self.rules.divide_fund([self.world], self.cities)
        self.rules.decide([self.world], self.cities)

    def _places_attract(self) -> None:
        self.rules.lay_out_destinations([self.world], self.cities, self.destinations)

    def _newcomers_arrive(self) -> None:
        parameters = self.setting.parameters
        monthly = np.array([getattr(parameters.doors, name).arrivals for name in DOORS])
        expected = monthly * parameters.scale.share * self.world.demand / self.persons
        for door, number in enumerate(self.setting.newcomers(expected)):
            self._admit(door, int(number), self.setting.month + 1, at_start=False)

    def _admit(self, door: int, number: int, month: int, *, at_start: bool) -> None:
        rules, world = self.rules, self.world
        for ordinal in range(number):
            migrant = Migrant(self, door, rules.identity_of(month, door, ordinal))
            place = rules.choose_place(migrant, world, self.destinations, 0, len(self.cities), ARRIVING)
            migrant.home = place
            city, account = self.cities[place], self.accounts[place]
            if at_start:
                rules.have_been_here(migrant, world, city, None)
            else:
                rules.settle_in(migrant, world, city, account, self.national, None)

    def _ngos_serve(self) -> None:
        rules, world = self.rules, self.world
        ranked = [
            (rules.rank_in_queue(migrant, world, ngo, rules.draw(world.luck_now, migrant.identity, QUEUES)),
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
            city, account = self.cities[migrant.home], self.accounts[migrant.home]
            if not taken and rules.draw(world.luck_now, identity, REFERRED) < world.ngos_referral:
                other = self._ngo_with_most_room(migrant, city.region, room)
                if other is not None:
                    ngo, taken = other, True
                    room[ngo.identity] -= 1
                    account.ngo_referred[migrant.status] += 1
            if taken:
                ngo.served += 1
            else:
                ngo.turned_away += 1
            regional = self.regionals[city.region]
            rules.hear_from_ngo(migrant, world, city, account, regional, None, ngo, taken)

    def _ngo_with_most_room(self, migrant: Migrant, region: int, room: dict[int, int]) -> Any:
        """C7: in the region, among those that take such a case; None if all are full."""
        best = None
        for ngo in self.ngos:
            left = room[ngo.identity]
            if left > 0 and (best is None or left > room[best.identity]):
                same_region = self.cities[ngo.home].region == region
                if same_region and self.rules.takes_case(ngo, migrant.need - 1, migrant.door):
                    best = ngo
        return best

    def _take_stock(self) -> None:
        rules, world = self.rules, self.world
        for migrant in self.migrants:
            standing = rules.standing_of(migrant, world, world.month)
            rules.count(standing, self.accounts[migrant.home], self.national, 1)
        rules.take_stock([world], self.cities, self.accounts)

    def _rank_fifths(self) -> None:
        """Fifth of each place by service level; each holds a fifth of the migrants."""
        everybody = max(1.0, float(sum(city.migrants for city in self.cities)))
        below = 0.0
        for city in sorted(self.cities, key=lambda city: city.service_level):
            below += city.migrants
            city.fifth = min(4, int(5.0 * (below - city.migrants / 2.0) / everybody))

    # NGOs -------------------------------------------------------------------------------------------------

    def _ngos_account_and_are_founded(self) -> None:
        rules, worlds, cities = self.rules, [self.world], self.cities
        rules.keep_accounts(self.ngos, worlds, cities)
        rules.meet_in_networks(self.ngos, worlds)
        advocates = np.array([ngo.staff for ngo in self.ngos if ngo.kind in ADVOCATES])
        staff = np.array([ngo.staff for ngo in self.ngos])
        scale = self.setting.scale_of_country
        rules.judge_cases(self.nation, self.world, float((advocates * scale).sum()))
        rules.lobby_the_state(self.nation, self.world, float((staff * scale).sum()))
        homes = [-1] * len(self.ngos)
        rules.open_branches(self.ngos, worlds, cities, homes)
        identity = (self.setting.month + 1) * _IDENTITY_MONTH
        parents = [(ngo, home) for ngo, home in zip(self.ngos, homes, strict=True) if home >= 0]
        there: Counter[int] = Counter()
        for parent, home in parents:
            branch = SimpleNamespace()
            there[home] += 1
            number = identity_of_branch(self.setting.month, home, there[home])
            rules.branch_off(branch, parent, self.world, cities[home], number)
            self.ngos.append(branch)
        kinds = [-1] * len(cities)
        rules.found_new(kinds, worlds, cities)
        for home, kind in enumerate(kinds):
            if kind >= 0:
                ngo = SimpleNamespace()
                rules.set_up(ngo, self.world, cities[home], identity + home, kind)
                self.ngos.append(ngo)
        self.ngos = Sequence(ngo for ngo in self.ngos if ngo.alive)
        self._register()

    def _register(self) -> None:
        """Sort the register by place, and tell each municipality what it has."""
        self.ngos.sort(key=lambda ngo: (ngo.home, ngo.identity))
        unions = [0.0] * len(self.cities)
        for city in self.cities:
            city.ngo_first = city.ngo_count = city.ngo_kinds = 0
            city.ngo_staff = 0.0
        for row, ngo in enumerate(self.ngos):
            city = self.cities[ngo.home]
            if city.ngo_count == 0:
                city.ngo_first = row
            city.ngo_count += 1
            city.ngo_kinds |= 1 << ngo.kind
            city.ngo_staff += ngo.staff
            if ngo.kind == _UNION:
                unions[ngo.home] += ngo.staff
        of_a_kind = Counter((ngo.home, ngo.kind) for ngo in self.ngos)
        for ngo in self.ngos:
            ngo.colleagues = of_a_kind[ngo.home, ngo.kind]
        self.world.phone_kinds = 0
        for city, staff in zip(self.cities, unions, strict=True):
            thousands = max(0.1, city.migrants * self.persons / 1000.0)
            city.monitored = min(1.0, staff / thousands / FULL_LOBBY)
            self.world.phone_kinds |= city.ngo_kinds
        self.setting.world["phone_kinds"] = self.world.phone_kinds

    # What is observed -------------------------------------------------------------------------------------

    def _write_tables(self) -> None:
        month, persons = self.setting.month, self.persons
        tables = self.tables
        for place, account in enumerate(self.accounts):
            columns = [
                [account.served[_SERVED[name], status] for status in range(len(STATUSES))]
                if name in _SERVED
                else getattr(account, name)
                for name in MONTHLY_COLUMNS
            ]
            for status, counts in enumerate(zip(*columns, strict=True)):
                if any(counts):
                    tables["monthly"][month, place, status] = tuple(persons * count for count in counts)
        for region, regional in enumerate(self.regionals):
            for status, need in list(regional.needs):
                tables["needs"][month, region, status, need] = tuple(
                    persons * regional.served[_SERVED[name], status, need]
                    if name in _SERVED
                    else persons * getattr(regional, name)[status, need]
                    for name in NEEDS_COLUMNS
                )
        for door in range(len(DOORS)):
            for status in range(len(STATUSES)):
                stock, arrived = self.national.stock[door, status], self.national.arrived[door, status]
                if stock + arrived:
                    tables["doors"][month, door, status] = (persons * stock, persons * arrived)
                for reason in range(len(REASONS)):
                    if gone := self.national.departures[door, status, reason]:
                        tables["departures"][month, door, status, reason] = (persons * gone,)

    def _take_census(self) -> None:
        census = blank_book(CENSUS)
        migrants = list(self.migrants)
        place_censuses = [blank_book(PLACE_CENSUS) for _ in self.cities]
        self.rules.take_census(migrants, len(migrants), [self.world], self.cities, [census], place_censuses)
        for index in list(census.persons):
            self.tables["census"][self.setting.year, *index] = tuple(
                self.persons * getattr(census, name)[index] for name in CENSUS.names or ()
            )
