"""The scenarios that a study is about, as its file names them."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from ...scenarios import Scenario, ScenarioError, load_scenario
from ...scenarios.checks import Problems
from ...scenarios.files import chain_of
from ...scenarios.settings import MOST_MONTHS
from ...scenarios.yaml_text import Node, Scalar, SourceLocation
from .points import with_settings
from .read_factors import settings_of
from .yaml_fields import Fields, collecting, listing, missing

ENDINGS = (".yaml", ".yml")


def stem_of(file: Path) -> str:
    """The name of a study or scenario file without its ending."""
    return file.name.removesuffix(".yaml").removesuffix(".yml")


class ScenarioReader:
    """Reads `scenarios`, with `months` and `set` laid over them. `what`: "the study", as mistakes name it.

    `places`: scenario -> its table of places, where that is not a shipped one; known once they are read. `beside` and
    `scenarios_in` as in `read_study`. Errors: ScenarioError, by all it does.
    """

    def __init__(
        self, file: Path, fields: Fields, beside: Path, scenarios_in: Path | None, what: str = "the study"
    ) -> None:
        self.file, self.fields, self.beside, self.scenarios_in = file, fields, beside, scenarios_in
        self.what = what
        self.problems = Problems()
        self.places: dict[str, str] = {}

    def read(self) -> tuple[Scenario, ...]:
        fields, items = self.fields, self.fields.items
        if missing(items.get("scenarios")):
            spot = fields.keys.get("scenarios", SourceLocation(str(self.file)))
            raise spot.error(f"{self.what} has no scenarios", "as `scenarios: two-towns`, or a list of them")
        months = fields.number("months", None, whole=True, low=1, high=MOST_MONTHS)
        found: dict[str, Scenario] = {}
        for node in listing(items["scenarios"]):
            with collecting(self.problems):
                scenario = self._scenario(node, months)
                if scenario.name in found:
                    message = f"two scenarios are called {scenario.name!r}"
                    raise node.spot.error(message, "rename one of the files")
                found[scenario.name] = scenario
        self.problems.raise_first()
        if not found:
            raise items["scenarios"].spot.error(f"{self.what} has no scenarios", "list at least one")
        if "set" not in fields or self.scenarios_in is not None:
            return tuple(found.values())
        return tuple(self._with_fixed(scenario) for scenario in found.values())

    def _scenario(self, node: Node, months: int | None) -> Scenario:
        if not isinstance(node, Scalar) or not isinstance(node.value, str):
            message = f"a scenario is {node}, but must be the name of a scenario, or a scenario file"
            raise node.spot.error(message)
        reference = node.value
        try:
            if self.scenarios_in is not None:
                return load_scenario(self.scenarios_in / f"{stem_of(Path(reference))}.yaml")
            if reference.endswith(ENDINGS) or "/" in reference or os.sep in reference:
                reference = os.path.join(self.beside, reference)
            scenario = load_scenario(reference, months=months)
        except ScenarioError as error:
            if error.file is None:  # there is no such scenario
                raise node.spot.error(error.message, error.hint) from None
            raise
        own = _own_places(reference, scenario)
        if own:
            self.places[scenario.name] = own
        return scenario

    def _with_fixed(self, scenario: Scenario) -> Scenario:
        """The scenario with what the study sets in all runs."""
        node, key = self.fields.items["set"], self.fields.keys["set"]
        settings = settings_of(node, key, "set", [scenario])
        fixed = with_settings(scenario, settings, f"{self.file.name}:{key.line}")
        sources = dict(fixed.sources)
        for path, _ in settings:
            if not sources[path].startswith("assumption"):
                sources[path] = f"assumption of {self.file.name}"
        return replace(fixed, sources=sources)


def _own_places(reference: str, scenario: Scenario) -> str:
    """The file of a scenario's table of places, "" if that is a shipped one."""
    for file in reversed(chain_of(reference)):
        node = file.content.items.get("places")
        if isinstance(node, Scalar):
            beside = file.path.parent / node.text
            return str(beside) if os.path.isfile(beside) and not file.shipped else ""
    return ""
