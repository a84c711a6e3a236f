"""The plain Mesa twin of the benchmarks lives the same lives as the engine, so that they may be compared."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pandas as pd
import pytest
from scripts import benchmark_module
from small import small_scenario

from local_citizenship.model import LocalCitizenship

MILLION = 1_000_000
MONTHS = 27  # two fiscal years, and two Decembers
INDEX = {
    "monthly": ("month", "place", "status"),
    "needs": ("month", "region", "status", "need"),
    "doors": ("month", "door", "status"),
    "departures": ("month", "door", "status", "reason"),
    "census": ("year", "door", "status", "stay"),
}
# One of every kind of step: a dated change, a crackdown, a slump, a firewall, town halls that report.
CHANGES = [
    (13, "enforcement.halve_in", 3.0),
    (15, "labour.demand", 0.6),
    (18, "moving.entitlements_kept", 0.5),
    (20, "trades.factory.insures", 0.95),
]
SETTINGS: dict[str, Any] = {
    "city": {"firewall": 0.3},
    "enforcement": {"duty_to_report": 0.3},
    "labour": {"embeddedness": 0.5},
    "awareness": {"kept_on_moving": 0.5},
    "scale": {"persons_per_record": 1},
}


@pytest.fixture(scope="module")
def mesa_twin() -> ModuleType:
    return benchmark_module("mesa_twin")


def as_counts(frame: pd.DataFrame, index: tuple[str, ...]) -> dict[tuple[int, ...], tuple[int, ...]]:
    """A table of the ledger as the twin keeps it: numbers for names, {index: counts}."""
    numbers = frame.assign(
        **{
            name: frame[name].cat.codes
            for name in frame
            if isinstance(frame[name].dtype, pd.CategoricalDtype)
        }
    )
    if "language" in numbers:
        numbers["language"] = (numbers["language"] * MILLION).round().astype(int)
    keys = zip(*(numbers.pop(name).tolist() for name in index), strict=True)
    counts = zip(*(numbers[name].tolist() for name in numbers), strict=True)
    return dict(zip(keys, counts, strict=True))


@pytest.mark.parametrize("persons", [1, 5])
def test_the_twin_keeps_the_same_tables_as_the_engine(mesa_twin: ModuleType, persons: int) -> None:
    settings = {**SETTINGS, "scale": {"persons_per_record": persons}}
    scenario = small_scenario(settings, months=MONTHS, changes=CHANGES)
    engine, twin = LocalCitizenship(scenario), mesa_twin.MesaTwin(scenario)
    engine.run()
    for _ in range(MONTHS):
        twin.step()
    tables = engine.ledger.tables()
    for name, index in INDEX.items():
        expected = as_counts(tables[name], index)
        assert len(expected) > 20, name
        found = twin.tables[name]
        if name == "census":  # competence in the language, the last column, is kept in 32 bits by the engine
            for key, (*_, language) in expected.items():
                assert found[key][-1] == pytest.approx(language, abs=MILLION * 1e-5 * (1 + expected[key][0]))
            found, expected = ({key: row[:-1] for key, row in each.items()} for each in (found, expected))
        assert found == expected, name
    assert len(twin.migrants) == len(engine.migrants)
    assert [ngo.staff for ngo in twin.ngos] == [ngo.staff for ngo in engine.ngos]
    assert [city.level for city in twin.cities] == [list(city.level) for city in engine.municipalities]


@pytest.mark.parametrize("chance", ["mesa", "mesa-screened"])
def test_with_mesas_own_luck_the_twin_is_much_the_same_country(mesa_twin: ModuleType, chance: str) -> None:
    """Other draws of the same process: stocks within a tenth, needs within a fifth, of the engine's."""
    scenario = small_scenario(SETTINGS, months=MONTHS)
    engine, twin = LocalCitizenship(scenario), mesa_twin.MesaTwin(scenario, chance)
    engine.run()
    for _ in range(MONTHS):
        twin.step()
    monthly = engine.ledger.monthly()
    assert len(twin.migrants) == pytest.approx(len(engine.migrants), rel=0.1)
    needs = mesa_twin.MONTHLY_COLUMNS.index("needs")
    assert sum(row[needs] for row in twin.tables["monthly"].values()) == pytest.approx(
        monthly["needs"].sum(), rel=0.2
    )
    assert twin.tables["monthly"] != as_counts(monthly, INDEX["monthly"])
