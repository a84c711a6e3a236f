"""Reading `uncertainty` of a study's file: the plausible worlds that each design point is run under."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from ...outcomes.whole_folder import OutputError
from ...scenarios import Scenario
from ...scenarios.files import chain_of
from ...scenarios.yaml_text import Scalar, YamlMapping
from .ensembles import KeptEnsemble, ensemble_of, find_ensemble, load_ensemble, shipped_ensembles
from .read_scenarios import ENDINGS
from .study import DRAW, ENSEMBLE, PLACES_SEED, UNCERTAINTY, Design, Factor, Worlds
from .yaml_fields import Fields, listing

KEY = "uncertainty"
KEYS = (ENSEMBLE, "sets", "places")
CROSSED = ("list", "grid")  # designs whose points can be run under every world
SETS = 20
MOST_SETS, MOST_DRAWS = 2000, 100
_SEEDS = 7919  # apart from each other, and from the scenario's own


def read_worlds(
    fields: Fields,
    design: Design,
    factors: Sequence[Factor],
    scenarios: Sequence[Scenario],
    seed: int,
    beside: Path,
    folder: Path | None,
) -> Worlds | None:
    """`uncertainty: ensemble`, or `{ensemble: NAME, sets: 20, places: 3}`; None if the study has none.

    `beside`: where an ensemble's folder is looked for; `folder`: of a study, which holds a copy. Errors: ScenarioError.
    """
    if KEY not in fields:
        return None
    spot = fields.keys[KEY]
    if design.kind not in CROSSED:
        raise spot.error(
            f"{KEY} goes with a list or a grid, and this design is {design.kind}", "leave one of them out"
        )
    node = fields.items[KEY]
    group = Fields(node, KEYS, KEY) if isinstance(node, YamlMapping) else None
    if group is None and fields.scalar(KEY) != ENSEMBLE:
        raise fields.wrong(KEY, ENSEMBLE, "or `{ensemble: japan, sets: 20, places: 3}`")
    named = group.text(ENSEMBLE, "") if group is not None else ""
    try:
        ensemble = load_ensemble(folder / ENSEMBLE if folder else _found(named, scenarios, fields, beside))
        kept = {scenario.name: ensemble.kept(scenario) for scenario in scenarios}
    except OutputError as error:
        raise spot.error(str(error)) from None
    sets = group.number("sets", SETS, whole=True, low=2, high=MOST_SETS) if group else SETS
    draws = group.number("places", 1, whole=True, low=1, high=MOST_DRAWS) if group else 1
    for factor in factors:
        if factor.name in (ENSEMBLE, DRAW):
            raise spot.error(f"with {KEY} no factor can be called {factor.name}", "give it another name")
    set_already = [path for factor in factors for path in factor.paths]
    if draws > 1 and PLACES_SEED in set_already:
        raise spot.error(f"{PLACES_SEED} is a factor already", "leave out `places`, or the factor")
    stay = {name: tuple(dict.fromkeys([*paths, *set_already])) for name, paths in kept.items()}
    worlds = [_sets_of(ensemble, sets, seed)]
    if draws > 1:
        own = scenarios[0].places_seed
        seeds = tuple(own + _SEEDS * number for number in range(draws))
        worlds.append(Factor(DRAW, (PLACES_SEED,), UNCERTAINTY, "Draw of places", "seed", seeds))
    return Worlds(str(ensemble.path), tuple(worlds), stay)


def _found(named: str, scenarios: Sequence[Scenario], fields: Fields, beside: Path) -> Path:
    """The folder of the ensemble that is meant. Errors: OutputError."""
    if named:
        return find_ensemble(os.path.join(beside, named) if os.sep in named or "/" in named else named)
    first = listing(fields.items["scenarios"])[0]
    reference = str(first.value) if isinstance(first, Scalar) else ""
    if reference.endswith(ENDINGS) or "/" in reference or os.sep in reference:
        reference = os.path.join(beside, reference)
    name = ensemble_of([file.path.stem for file in chain_of(reference)])
    if name is None:
        known = ", ".join(shipped_ensembles()) or "none yet"
        raise OutputError(
            f"no ensemble is shipped for {scenarios[0].name} (there are: {known}): give `ensemble: DIR`"
        )
    return find_ensemble(name)


def _sets_of(ensemble: KeptEnsemble, count: int, seed: int) -> Factor:
    """The factor whose values are sets, as likely as each other: one of great weight stands there several times."""
    chosen = ensemble.evenly(count, np.random.default_rng([seed, count]))
    named: dict[str, list[tuple[str, object]]] = {}
    for number in chosen:
        name, again = f"set {number}", 2
        while name in named:
            name, again = f"set {number}, {again}", again + 1
        named[name] = ensemble.settings(number)
    paths = tuple(ensemble.own)
    alternatives = {name: tuple(settings) for name, settings in named.items()}
    return Factor(
        ENSEMBLE, paths, UNCERTAINTY, "Plausible set", "set", tuple(alternatives), alternatives=alternatives
    )
