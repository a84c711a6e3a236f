"""Who lives in some towns that the article or a register tells of: docs/towns.md.

`python docs/make/towns.py` runs japan-sample to the end of 2004 with five seeds, and writes the mean by group.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from local_citizenship.experiments.replicates import seeds_for
from local_citizenship.model.simulation import Simulation
from local_citizenship.scenarios import Scenario, load_scenario
from local_citizenship.scenarios.markdown import markdown_table

PAGE = Path(__file__).resolve().parents[1] / "towns.md"
SCENARIO, MONTHS, SEEDS = "japan-sample", 180, 5

# What is told of each: by the article, and by a register or census (foreigners of all kinds, special permanent
# residents among them).
TOWNS = {
    "Oizumi-machi": "industrial towns in Gunma with highly visible communities; 5,223, 13.0% (census 2010)",
    "Hamamatsu-shi": "31,896 (city, 2006), 72% of those at work in manufacturing (survey of 2010)",
    "Toyota-shi": "industrial cities in Aichi; of Brazilians 25% lived in Aichi in 2008",
    "Kawasaki-shi": "the proactive city; 29,122 (register 2013)",
    "Kawaguchi-shi": "significant populations, minimal services; 21,682 (register 2013)",
    "Shinjuku-ku": "parts of Tokyo; 25,742, 7.9% (census 2010)",
    "Osaka-shi": "119,050 (1997), among them many of the minority of before 1945, whom the model leaves out",
}
HEAD = f"""\
# Who lives in some towns

Made by `python docs/make/towns.py`: {SCENARIO}, end of 2004, mean of {SEEDS} seeds, everybody but citizens, by group of
compatriots. **People are simulated: no number is an estimate for a town.** Set beside it is what the article (Tsuda
2008) and registers tell, so that it can be seen whether the right groups stand out in the right towns. The model has
about half as many people as the register of 2013: it leaves out the minority of before 1945, children and others.
"""


def people(scenario: Scenario, seed: int) -> np.ndarray:
    """(P, groups) persons of each group in each place at the end of the run."""
    model = Simulation(load_scenario(SCENARIO, seed=seed, months=MONTHS), threads=1)
    for _ in range(MONTHS):
        model.step()
    found = model.state.cities["by_group"] * scenario.parameters.scale.persons_per_record
    model.release()
    return np.asarray(found, float)


def main() -> None:
    scenario = load_scenario(SCENARIO, months=MONTHS)
    groups = list(dict.fromkeys(door.group for door in scenario.parameters.doors.root.values()))
    mean = np.mean([people(scenario, seed) for seed in seeds_for(scenario.seed, SEEDS)], axis=0)
    mean = mean[:, : len(groups)]
    country = mean.sum(axis=0) / mean.sum()
    shown = [group for group in groups if country[groups.index(group)] > 0.02]
    rows = [row_of("all Japan", mean.sum(axis=0), country, groups, shown, 0.0, "")]
    names = list(scenario.places.name)
    for name, told in TOWNS.items():
        row = names.index(name)
        share = mean[row].sum() / scenario.places.population[row]
        rows.append(row_of(name.rpartition("-")[0], mean[row], country, groups, shown, share, told))
    heads = ("town", "people", "of residents", *shown, "Brazilians: times as usual", "told")
    brazil = mean[:, groups.index("brazil")] / scenario.places.population
    large = scenario.places.population >= 20_000
    most = np.argsort(np.where(large, -brazil, 0.0))[:10]
    listed = ", ".join(
        f"{names[row]} ({scenario.places.regions[scenario.places.region[row]]})" for row in most
    )
    last = f"Of towns of 20,000 and more, those with the highest share of Brazilians among residents are: {listed}."
    PAGE.write_text("\n".join([HEAD, markdown_table(heads, rows), "", last, ""]), encoding="utf-8")


def row_of(
    name: str,
    people: np.ndarray,
    country: np.ndarray,
    groups: list[str],
    shown: list[str],
    share: float,
    told: str,
) -> tuple[str, ...]:
    parts = people / people.sum()
    brazil = groups.index("brazil")
    return (
        name,
        f"{people.sum():,.0f}",
        f"{share:.1%}" if share else "",
        *(f"{parts[groups.index(group)]:.0%}" for group in shown),
        f"{parts[brazil] / country[brazil]:.1f}",
        told,
    )


if __name__ == "__main__":
    main()
