"""What calibrations learned from, in single runs of scenarios as they ship: at the ensemble's scale, and at full size.

`python docs/make/full_size.py korea italy spain` prints a table for docs/calibration.md ("At full size").
"""

from __future__ import annotations

import sys

from local_citizenship.experiments.calibration.read_plan import find_plan, read_plan
from local_citizenship.experiments.studies.kept import kept_of
from local_citizenship.outcomes.simulate import simulate
from local_citizenship.scenarios import load_scenario
from local_citizenship.scenarios.markdown import markdown_table

FULL = 1.0  # person a record


def rows_of(name: str) -> list[tuple[str, ...]]:
    """A row a target: the observed value, and a run's at either scale; `missed`: it lies beyond the tolerance."""
    plan = read_plan(find_plan(name))
    asked = plan.scenarios[0]
    found = []
    for scale in (asked.parameters.scale.persons_per_record, FULL):
        settings = [f"scale.persons_per_record={scale:g}", "stories.share=0"]
        found.append(
            kept_of(simulate(load_scenario(name, sets=settings, months=asked.months)), plan.outcomes)
        )
    told = []
    for target in plan.targets:
        values = [float(each[target.outcome.name][-1][1]) for each in found]
        cells = (f"{value:.4g}{'' if target.holds(value) else ' (missed)'}" for value in values)
        told.append((target.name, target.use, f"{target.value:.4g} ± {target.tolerance:.3g}", *cells))
    return told


def main() -> None:
    """Print the table."""
    head = ("target", "use", "observed", "at the ensemble's scale", "a record a person")
    print(markdown_table(head, [row for name in sys.argv[1:] for row in rows_of(name)]))


if __name__ == "__main__":
    main()
