"""The baseline: headline totals of fixed runs, to the person, so that no number moves unnoticed.

`python tests/baseline_tools.py` writes `tests/baseline/*.json` anew. Whoever does so adds a line to
CHANGELOG.md: "numbers moved: why".
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from small import small_scenario

from local_citizenship.model import LocalCitizenship
from local_citizenship.scenarios import Scenario, load_scenario
from local_citizenship.scenarios.catalogue import SERVICES

FOLDER = Path(__file__).parent / "baseline"
HOW_TO_UPDATE = (
    "If the change is meant: run `python tests/baseline_tools.py`, and add a line to CHANGELOG.md, "
    "'numbers moved: why'."
)

# A shipped scenario, and a small country with all doors, NGOs and many towns that decide for themselves.
SCENARIOS: dict[str, Callable[[], Scenario]] = {
    "two-towns": lambda: load_scenario("two-towns", months=48),
    "small-country": lambda: small_scenario(months=48),
}
PROVIDERS = ("served_city", "served_ngo", "served_nation", "served_job", "served_informal", "unmet")
FLOWS = (
    "arrived",
    "left",
    "deported",
    "moved_in",
    "needs",
    "aware",
    "willing",
    "eligible",
    "claimed",
    *PROVIDERS,
)


def measure(scenario: Scenario) -> dict[str, Any]:
    """Headline totals of a run: whole numbers, and service levels in millionths."""
    model = LocalCitizenship(scenario)
    model.run()
    tables = model.ledger.tables()
    monthly, last = tables["monthly"], tables["places_yearly"]
    last = last[last["year"] == last["year"].max()]
    at_the_end = monthly[monthly["month"] == model.month - 1].groupby("status", observed=False)["stock"].sum()
    gone = tables["departures"].groupby("reason", observed=False)["persons"].sum()
    census = tables["census"]
    census = census[census["year"] == census["year"].max()]
    return {
        "months": model.month,
        "seed": scenario.seed,
        "stock at the end": {status: int(number) for status, number in at_the_end.items()},
        "over all months": {name: int(monthly[name].sum()) for name in FLOWS},
        "departures": {reason: int(number) for reason, number in gone.items()},
        "moves": int(tables["moves"]["moves"].sum()),
        "enrolments lost by moving": int(tables["moves"]["enrolments_lost"].sum()),
        "modes": {mode: int(census[mode].sum()) for mode in ("never", "episodic", "sustained")},
        "insured": int(census["insured"].sum()),
        "NGOs at the end": len(model.ngos),
        "service level, sum over places, millionths": {
            service: round(float(last[f"level_{service}"].sum()) * 1e6) for service in SERVICES
        },
        "events kept": len(tables["events"]),
    }


def path_of(name: str) -> Path:
    """Where the baseline of a scenario is kept."""
    return FOLDER / f"{name}.json"


def differences(kept: Any, now: Any, where: str = "") -> list[str]:
    """What moved, one line each: `stock at the end / legal: 512 -> 530`."""
    if isinstance(kept, dict) and isinstance(now, dict):
        names = [*kept, *(name for name in now if name not in kept)]
        found = (differences(kept.get(n), now.get(n), f"{where} / {n}" if where else str(n)) for n in names)
        return [line for lines in found for line in lines]
    return [] if kept == now else [f"{where}: {kept} -> {now}"]


def update() -> None:
    """Write all baselines anew, and say what moved."""
    FOLDER.mkdir(exist_ok=True)
    for name, scenario in SCENARIOS.items():
        path, now = path_of(name), measure(scenario())
        kept = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        path.write_text(json.dumps(now, indent=2) + "\n", encoding="utf-8")
        moved = differences(kept, now)
        print(f"{path.name}: {len(moved)} numbers moved", *moved, sep="\n  ")
    print("Now add a line to CHANGELOG.md: 'numbers moved: why'.")


if __name__ == "__main__":
    update()
