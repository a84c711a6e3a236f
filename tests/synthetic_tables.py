"""A made-up small country in the ledger's format, to try measures and figures without a model.

Nothing here follows from behaviour: people flow between cells (place x status x door) at fixed chances. But
the accounts balance to the person, and the tables agree with each other, as the ledger's do.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from local_citizenship.outcomes.dictionary import TABLES, conform
from local_citizenship.outcomes.run import Run, ScenarioInfo
from local_citizenship.scenarios.catalogue import (
    DOORS,
    NEEDS,
    NGO_KINDS,
    PROVIDERS,
    REASONS,
    SERVICES,
    STATUSES,
)
from local_citizenship.scenarios.schema import Parameters, iter_parameters, values_by_path

START = "1990-01"
N_STATUS, N_DOOR, N_NEED, N_SERVICE = len(STATUSES), len(DOORS), len(NEEDS), len(SERVICES)
CITIZEN, DENIZEN, LEGAL, IRREGULAR, OVERSTAYER, SMUGGLED = range(N_STATUS)
COETHNIC = DOORS.index("coethnic")

# Share of arrivals by door, and the status in which one arrives.
ARRIVALS = np.array([0.10, 0.25, 0.12, 0.13, 0.15, 0.05, 0.15, 0.05])
STATUS_ON_ARRIVAL = np.array([LEGAL] * 6 + [OVERSTAYER, SMUGGLED])
# Monthly chances by status: leave, be deported, move house.
LEAVE = np.array([0.001, 0.003, 0.012, 0.012, 0.013, 0.010])
DEPORT = np.array([0.0, 0.0, 0.0, 0.003, 0.009, 0.008])
MOVE = np.array([0.004, 0.006, 0.012, 0.014, 0.016, 0.016])
STATUS_CHANGES = (
    (LEGAL, DENIZEN, 0.0012),
    (LEGAL, IRREGULAR, 0.0020),
    (LEGAL, OVERSTAYER, 0.0045),
    (DENIZEN, CITIZEN, 0.0010),
    (OVERSTAYER, LEGAL, 0.0008),
)
NEED_RATE = np.array([0.04, 0.25, 0.06, 0.05, 0.01, 0.06, 0.02, 0.03, 0.03, 0.15])  # episodes a person-year
AWARE = np.array([0.90, 0.80, 0.62, 0.50, 0.42, 0.38])
WILLING = np.array([0.92, 0.85, 0.62, 0.45, 0.36, 0.30])
ELIGIBLE = np.array([0.97, 0.92, 0.85, 0.55, 0.45, 0.40])
SUSTAINED = np.array([0.20, 0.15, 0.08, 0.02, 0.01, 0.005])
INSURED = np.array([0.95, 0.85, 0.55, 0.30, 0.0, 0.0])
THRESHOLD = np.array([0.40, 0.43, 0.55, 0.47, 0.39, 0.55, 0.61, 0.51, 0.67, 0.85, 0.95])  # as the services
CASCADE = (
    "needs",
    "aware",
    "willing",
    "eligible",
    "claimed",
    "served_city",
    "served_ngo",
    "served_nation",
    "unmet",
)
CENSUS_COUNTS = (
    "persons", "settlers", "never", "episodic", "sustained", "knows_city", "knows_ngo", "insured",
    "months_stayed", "first_city", "members", "mobilised", "language",
)  # fmt: skip


def make_run(seed: int = 1, places: int = 60, regions: int = 5, months: int = 48) -> Run:
    """The made-up country as a finished run, with the schema's defaults for parameters."""
    scenario = ScenarioInfo(
        name="made-up",
        seed=seed,
        start=START,
        months=months,
        title="A made-up country",
        question="Do measures and figures work?",
        hash="0" * 16,
        parameters=values_by_path(Parameters()),
        layers={info.path: "default" for info in iter_parameters(Parameters())},
        sources={info.path: info.source for info in iter_parameters(Parameters())},
        timeline=(
            {
                "month": min(24, months - 1),
                "date": "1992-01",
                "path": "enforcement.apprehension",
                "value": 0.02,
                "where": "made-up.yaml:9",
            },
        ),
    )
    timing = {"model_seconds": 0.5, "migrant_months": 100_000, "compile_seconds": 0.0}
    return Run(scenario, make_tables(seed, places, regions, months), {"timing": timing, "versions": {}})


def make_tables(
    seed: int = 1, places: int = 60, regions: int = 5, months: int = 48
) -> dict[str, pd.DataFrame]:
    """All tables of the ledger for a made-up country that starts in January 1990."""
    return _Country(np.random.default_rng(seed), places, regions, months).tables()


class _Country:
    def __init__(self, rng: np.random.Generator, places: int, regions: int, months: int) -> None:
        self.rng, self.n, self.months = rng, places, months
        self.region = np.sort(np.arange(places) % regions)
        angle = 2 * np.pi * self.region / regions
        self.latitude = np.round(36 + 2.5 * np.sin(angle) + rng.normal(0, 0.5, places), 4)
        self.longitude = np.round(138 + 3 * np.cos(angle) + rng.normal(0, 0.6, places), 4)
        self.population = np.round(np.exp(rng.normal(10.8, 1.1, places)))
        prosperity = rng.normal(0, 1, places) + rng.normal(0, 0.6, regions)[self.region]
        self.fiscal = np.round(np.clip(0.6 + 0.25 * prosperity, 0.1, 2.0), 3)
        self.share = np.clip(np.exp(-5.0 + 0.6 * prosperity + rng.normal(0, 0.5, places)), 0.0005, 0.15)
        self.foreign = np.maximum(2, np.round(self.population * self.share))
        self.history = np.round(rng.beta(1, 3, places), 3)
        self.international = np.round(np.clip(0.15 * np.log(self.population / 20_000), 0, 1), 3)
        self.industry = np.round(rng.beta(2, 2, places), 3)
        self.pull = self.foreign / self.foreign.sum()
        self.agenda = rng.normal(0, 0.06, (places, N_SERVICE))
        self.level = np.zeros((places, N_SERVICE))
        self.stock = np.zeros((places, N_STATUS, N_DOOR), np.int64)
        for door in range(N_DOOR):
            cells = rng.multinomial(int(0.6 * self.foreign.sum() * ARRIVALS[door]), self.pull)
            self.stock[:, STATUS_ON_ARRIVAL[door], door] += cells
        self.decide_services(0)
        self.frames: dict[str, list[pd.DataFrame]] = {}
        self.moved: dict[tuple[int, int], np.ndarray] = {}
        self.flows = np.zeros((places, places), np.int64)
        self.ngos = [self.new_ngo(number, 1989) for number in range(max(2, places // 6))]
        self.closed: list[dict[str, Any]] = []

    def tables(self) -> dict[str, pd.DataFrame]:
        for month in range(self.months):
            self.pass_month(month)
            if month % 12 == 11:
                self.close_year(month)
        if self.months % 12:
            self.keep_moves(1990 + self.months // 12)
        self.keep("events", self.lives())
        tables = {name: pd.concat(frames, ignore_index=True) for name, frames in self.frames.items()}
        tables["places"] = self.places_table()
        names = ("census", "places_yearly", "ngos")  # without a December, nothing of the year is known
        tables.update({name: pd.DataFrame() for name in names if name not in tables})
        return {name: conform(name, table) for name, table in tables.items()}

    def keep(self, name: str, frame: pd.DataFrame) -> None:
        self.frames.setdefault(name, []).append(frame)

    def pass_month(self, month: int) -> None:
        rng, stock = self.rng, self.stock
        flows = {
            name: np.zeros_like(stock)
            for name in ("arrived", "moved_in", "moved_out", "status_in", "status_out", "left", "deported")
        }
        for a, b, chance in STATUS_CHANGES:
            changed = rng.binomial(stock[:, a] - flows["status_out"][:, a], chance)
            flows["status_out"][:, a] += changed
            flows["status_in"][:, b] += changed
        remaining = stock - flows["status_out"]
        for name, chances in (("left", LEAVE), ("deported", DEPORT), ("moved_out", MOVE)):
            flows[name] = rng.binomial(remaining, np.broadcast_to(chances[None, :, None], stock.shape))
            remaining = remaining - flows[name]
        leaving_cells = flows["moved_out"].sum(axis=0)
        flows["moved_in"] = np.moveaxis(rng.multinomial(leaving_cells, self.pull), -1, 0)
        demand = 1.0 - 0.35 * np.sin(np.pi * month / max(24, self.months))
        for door in range(N_DOOR):
            coming = rng.poisson(0.022 * self.foreign.sum() * ARRIVALS[door] * demand)
            flows["arrived"][:, STATUS_ON_ARRIVAL[door], door] = rng.multinomial(coming, self.pull)
        self.stock = (
            remaining + flows["moved_in"] + flows["status_in"] + flows["arrived"]
        )  # remaining already lacks all who went
        counts = {name: flow.sum(axis=2) for name, flow in flows.items()}
        self.count_month(month, counts)
        self.count_moves(counts["moved_out"])
        self.count_flows(flows["moved_out"].sum(axis=(1, 2)), flows["moved_in"].sum(axis=(1, 2)))
        self.keep("doors", _cells(
            {"stock": self.stock.sum(axis=0).T, "arrived": flows["arrived"].sum(axis=0).T},
            {"door": DOORS, "status": STATUSES}, month=month,
        ))  # fmt: skip
        gone = flows["left"].sum(axis=0).T
        by_reason = rng.multinomial(gone, [0.35, 0.2, 0.1, 0.0, 0.35])
        by_reason[:, :, REASONS.index("deported")] = flows["deported"].sum(axis=0).T
        self.keep("departures", _cells(
            {"persons": by_reason}, {"door": DOORS, "status": STATUSES, "reason": REASONS}, month=month
        ))  # fmt: skip
        self.keep("nation", pd.DataFrame({
            "month": [month], "apprehension": [0.009 if month < 24 else 0.02],
            "fear": [0.45 if month < 24 else 0.7], "demand": [demand], "perception": [0.3], "precedent": [0.05],
            "migrants": [int(self.stock.sum())],
            "unauthorised": [int(self.stock[:, IRREGULAR:].sum())], "ngos": [len(self.ngos)],
        }))  # fmt: skip

    def count_month(self, month: int, counts: dict[str, np.ndarray]) -> None:
        rng = self.rng
        stock = self.stock.sum(axis=2)
        rates = NEED_RATE[None, None, :] / 12 * (1 + 0.4 * (np.arange(N_STATUS) >= IRREGULAR))[None, :, None]
        cascade = self.cascade(rng.poisson(stock[:, :, None] * rates))
        by_place = {name: values.sum(axis=2) for name, values in cascade.items()}
        eligible_aware = by_place["eligible"] + rng.binomial(
            by_place["aware"] - by_place["willing"], ELIGIBLE[None, :]
        )
        by_place["eligible_any"] = eligible_aware + rng.binomial(
            by_place["needs"] - by_place["aware"], 0.8 * ELIGIBLE[None, :]
        )
        by_place["eligible_aware"] = eligible_aware
        by_place["refused"] = rng.poisson(0.15 * by_place["claimed"])
        by_place["turned_away"] = rng.poisson(0.10 * by_place["claimed"])
        by_place["sustained"] = rng.binomial(stock, SUSTAINED[None, :] * (0.3 + self.mean_level[:, None]))
        by_place["insured"] = rng.binomial(stock, INSURED[None, :])
        by_place["ngo_cases"] = by_place["served_ngo"] + rng.poisson(0.05 * by_place["claimed"])
        by_place["ngo_served"] = by_place["served_ngo"]
        by_place["ngo_returned"] = rng.binomial(by_place["served_ngo"], 0.2)
        frame = _cells(
            {"stock": stock, **counts, **by_place},
            {"place": range(self.n), "status": STATUSES},
            month=month,
        )
        for name in ("ngo_phone", "ngo_referred", "members", "mobilised"):
            frame[name] = frame["ngo_served"] // 10
        self.keep("monthly", frame)
        regions = int(self.region.max()) + 1
        by_region = {}
        for name in CASCADE:
            by_region[name] = np.zeros((regions, N_STATUS, N_NEED), np.int64)
            np.add.at(by_region[name], self.region, cascade[name])
        axes = {"region": range(regions), "status": STATUSES, "need": NEEDS}
        self.keep("needs", _cells(by_region, axes, month=month))

    def cascade(self, needs: np.ndarray) -> dict[str, np.ndarray]:
        """From needs (place, status, need) to who met them, the better where the city does more."""
        rng, city = self.rng, self.mean_level[:, None, None]
        aware = rng.binomial(needs, np.clip(AWARE[None, :, None] * (0.7 + city), 0, 1))
        willing = rng.binomial(aware, np.broadcast_to(WILLING[None, :, None], needs.shape))
        eligible = rng.binomial(willing, np.clip(ELIGIBLE[None, :, None] * (0.8 + 0.4 * city), 0, 1))
        claimed = rng.binomial(eligible, 0.9)
        by_city = rng.binomial(claimed, np.clip(0.15 + 0.8 * city * ELIGIBLE[None, :, None], 0, 1))
        by_ngo = rng.binomial(claimed - by_city, 0.2)
        by_nation = rng.binomial(claimed - by_city - by_ngo, 0.15)
        met = by_city + by_ngo + by_nation
        values = (needs, aware, willing, eligible, claimed, by_city, by_ngo, by_nation, needs - met)
        return dict(zip(CASCADE, values, strict=True))

    def count_moves(self, moved_out: np.ndarray) -> None:
        before = self.mean_level
        mean_after = float((self.pull * before).sum())
        fifth = self.fifths()
        for status in range(N_STATUS):
            for origin in range(1, 6):
                there = fifth == origin
                moves = moved_out[there, status]
                level = float((moves * before[there]).sum())
                lost = self.rng.binomial(int(moves.sum()), 0.1 + 0.3 * float(INSURED[status]))
                cell = self.moved.setdefault((origin, status), np.zeros(4))
                cell += [moves.sum(), level, moves.sum() * mean_after, lost]

    def count_flows(self, moved_out: np.ndarray, moved_in: np.ndarray) -> None:
        places = np.arange(self.n)
        origins, destinations = (
            np.repeat(places, moved_out),
            self.rng.permutation(np.repeat(places, moved_in)),
        )
        np.add.at(self.flows, (origins, destinations), 1)

    def fifths(self) -> np.ndarray:
        """1..5 by service level, each holding about a fifth of the migrants."""
        order = np.argsort(self.mean_level, kind="stable")
        people = self.stock.sum(axis=(1, 2))[order]
        rank = (np.cumsum(people) - people / 2) / max(1, people.sum())
        fifth = np.empty(self.n, int)
        fifth[order] = np.minimum(5, 1 + np.floor(5 * rank)).astype(int)
        return fifth

    def keep_moves(self, year: int) -> None:
        rows = [
            (year, origin, STATUSES[status], int(cell[0]), cell[1], cell[2], int(cell[3]))
            for (origin, status), cell in sorted(self.moved.items())
            if cell[0] > 0
        ]
        names = ["year", "origin_fifth", "status", "moves", "level_before", "level_after", "enrolments_lost"]
        self.keep("moves", pd.DataFrame(rows, columns=names))
        self.moved = {}
        axes = {"origin": range(self.n), "destination": range(self.n)}
        self.keep("flows", _cells({"moves": self.flows}, axes, year=year))
        self.flows[:] = 0

    def decide_services(self, years: int) -> None:
        people = self.stock.sum(axis=(1, 2))
        share = people / self.population
        self.motivation = (
            0.12 * np.log10(1 + people) + 0.25 * np.minimum(1, share / 0.05)
            + 0.2 * np.minimum(1, self.fiscal / 1.5) + 0.2 * self.history + 0.1 * self.international
            + 0.03 * years
        )  # fmt: skip
        wanted = np.clip((self.motivation[:, None] - THRESHOLD[None, :] - self.agenda) / 0.3, 0, 1)
        self.level = np.maximum(self.level, np.where(wanted > 0.05, wanted, 0.0))
        self.mean_level = self.level.mean(axis=1)

    def new_ngo(self, number: int, year: int) -> dict[str, Any]:
        kind = str(self.rng.choice(NGO_KINDS))
        home = int(self.rng.choice(self.n, p=self.pull))
        capacity = int(self.rng.integers(2, 20))
        profile = {"branch": False, "specialised": number % 3 == 0, "skill": 0.6}
        return {"ngo": number, "kind": kind, "place": home, "capacity": capacity, "founded": year, **profile}

    def close_year(self, month: int) -> None:
        rng, year = self.rng, 1990 + month // 12
        self.decide_services(month // 12 + 1)
        self.keep_moves(year)
        self.keep("census", self.census(year))
        people = self.stock.sum(axis=(1, 2))
        budget = 0.05 * self.population * self.fiscal * self.motivation * 1e-3
        capacity = np.zeros(self.n, np.int64)
        offices = np.zeros(self.n, np.int64)
        for office in self.ngos:
            capacity[office["place"]] += office["capacity"]
            offices[office["place"]] += 1
        coethnics = self.stock[:, :, COETHNIC].sum(axis=1)
        self.keep("places_yearly", pd.DataFrame({
            "year": year, "place": np.arange(self.n), "migrants": people,
            "unauthorised": self.stock[:, IRREGULAR:].sum(axis=(1, 2)), "motivation": self.motivation,
            "budget": budget, "spent": budget * np.minimum(1, 0.2 + self.mean_level),
            "grant": 0.0, "fit": 0.8, "tension": 0.1, "firewall": False,
            **{f"level_{name}": self.level[:, i] for i, name in enumerate(SERVICES)},
            "service_level": self.mean_level, "ngos": offices, "ngo_capacity": capacity,
            "coethnics": coethnics, "coethnics_insured": rng.binomial(coethnics, 0.65),
            "coethnics_know_welfare": rng.binomial(coethnics, 0.5),
            "coethnics_first_city": rng.binomial(coethnics, 0.4),
        }))  # fmt: skip
        rows = []
        for office in self.ngos:
            served = int(rng.binomial(12 * office["capacity"], 0.8))
            closed = bool(rng.random() < 0.08)
            money = round(float(rng.gamma(4, 1.5)), 2)
            away = int(rng.poisson(4))
            rows.append(
                {
                    "year": year,
                    **office,
                    "funds": money,
                    "served": served,
                    "turned_away": away,
                    "closed": closed,
                }
            )
        table = pd.DataFrame(rows)
        self.keep("ngos", table[list(TABLES["ngos"])])
        self.ngos = [office for office, row in zip(self.ngos, rows, strict=True) if not row["closed"]]
        number = int(table["ngo"].max()) + 1
        self.ngos += [self.new_ngo(number + i, year + 1) for i in range(int(rng.poisson(1.5)) + 1)]

    def census(self, year: int) -> pd.DataFrame:
        rng = self.rng
        persons = self.stock.sum(axis=0).T  # door, status
        fade = np.array([0.97, 0.93, 0.78, 0.74, 0.72, 0.70])
        stay = np.arange(21)
        chances = fade[:, None] ** stay[None, :]
        chances = chances / chances.sum(axis=1, keepdims=True)
        by_stay = rng.multinomial(persons, np.broadcast_to(chances[None], (N_DOOR, N_STATUS, 21)))
        part = np.clip(SUSTAINED[None, :, None] * (0.4 + 0.12 * stay), 0, 0.5)
        sustained = rng.binomial(by_stay, np.broadcast_to(part, by_stay.shape))
        once = np.broadcast_to((1 - 0.85 ** (1 + stay))[None, None, :] * 0.7, by_stay.shape)
        episodic = rng.binomial(by_stay - sustained, once)
        settle = np.broadcast_to(np.clip(0.08 + 0.07 * stay, 0, 0.9)[None, None, :], by_stay.shape)
        counts = {
            "persons": by_stay,
            "settlers": rng.binomial(by_stay, settle),
            "never": by_stay - sustained - episodic,
            "episodic": episodic,
            "sustained": sustained,
            "knows_city": rng.binomial(by_stay, np.clip(0.25 + 0.05 * stay, 0, 0.9)[None, None, :]),
            "knows_ngo": rng.binomial(by_stay, np.clip(0.10 + 0.03 * stay, 0, 0.6)[None, None, :]),
            "insured": rng.binomial(by_stay, INSURED[None, :, None]),
            "months_stayed": by_stay * 12 * stay + rng.binomial(11 * by_stay, 0.5),
            "first_city": rng.binomial(by_stay, (0.87 ** (stay + 0.5))[None, None, :]),
            "members": by_stay // 50,
            "mobilised": by_stay // 100,
            "language": by_stay // 3,
        }
        axes = {"door": DOORS, "status": STATUSES, "stay": range(21)}
        return _cells({name: counts[name] for name in CENSUS_COUNTS}, axes, year=year)

    def lives(self) -> pd.DataFrame:
        """Thirty lives, each an arrival and a few needs that were met or not."""
        rng = self.rng
        rows: list[tuple[object, ...]] = []
        for _ in range(30):
            who = np.uint64(rng.integers(1, 2**63))
            month = int(rng.integers(0, self.months))
            status = STATUSES[int(rng.choice([LEGAL, LEGAL, OVERSTAYER, SMUGGLED]))]
            place = int(rng.choice(self.n, p=self.pull))
            mind = [False, False, False, round(float(rng.random()), 2), 0.0]
            rows.append((month, who, "arrived", place, status, None, None, 0, *mind))
            while (month := month + int(rng.integers(1, 9))) < self.months:
                need = str(rng.choice(NEEDS))
                mind[0] = mind[0] or bool(rng.random() < 0.4)
                mind[4] = round(min(1.0, float(mind[4]) + 0.08), 2)
                rows.append((month, who, "need", place, status, need, None, 0, *mind))
                ended = str(rng.choice(["served", "refused", "gave_up", "moved", "left"]))
                provider = str(rng.choice(PROVIDERS[1:])) if ended in ("served", "refused") else None
                if ended == "moved":
                    place = int(rng.choice(self.n, p=self.pull))
                rows.append((month, who, ended, place, status, need, provider, 0, *mind))
                if ended == "left":
                    break
        names = ["month", "migrant", "event", "place", "status", "need", "provider", "detail",
                 "knows_city", "knows_ngo", "settler", "fear", "belonging"]  # fmt: skip
        table = pd.DataFrame(rows, columns=names).sort_values("month", kind="stable", ignore_index=True)
        return table.astype({"migrant": np.uint64, "belonging": float})

    def places_table(self) -> pd.DataFrame:
        region_name = [f"Region {chr(65 + r % 26)}" for r in range(int(self.region.max()) + 1)]
        return pd.DataFrame({
            "place": np.arange(self.n), "code": [f"{r + 1:02d}{i:03d}" for i, r in enumerate(self.region)],
            "name": [f"{region_name[r]} municipality {i}" for i, r in enumerate(self.region)],
            "region": self.region, "region_name": [region_name[r] for r in self.region],
            "area": np.arange(self.n),
            "latitude": self.latitude, "longitude": self.longitude, "population": self.population,
            "foreign_residents": self.foreign, "fiscal_strength": self.fiscal, "history": self.history,
            "internationalisation": self.international, "industry": self.industry,
        })  # fmt: skip


def _cells(
    counts: dict[str, np.ndarray], axes: Mapping[str, Sequence[object]], **constants: int
) -> pd.DataFrame:
    """Arrays of one shape -> a tidy table with a column for each axis, without the rows that are all zero."""
    shape = next(iter(counts.values())).shape
    keep = np.zeros(shape, bool)
    for values in counts.values():
        keep |= values != 0
    where = np.nonzero(keep)
    frame: dict[str, object] = {name: np.full(len(where[0]), value) for name, value in constants.items()}
    for index, (name, labels) in zip(where, axes.items(), strict=True):
        frame[name] = index if isinstance(labels, range) else np.asarray(labels, dtype=object)[index]
    frame.update({name: values[keep] for name, values in counts.items()})
    return pd.DataFrame(frame)
