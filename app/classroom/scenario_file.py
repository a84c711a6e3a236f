"""The scenario file that brings a state of the page back."""

from __future__ import annotations

from typing import Any

from ...scenarios import ScenarioTemplate
from ...scenarios.checks import get, put
from .asked import RunAsked


def scenario_file(reference: str, asked: RunAsked) -> str:
    """YAML text that extends the scenario and sets what the page has set. Errors: ScenarioError for what
    cannot be."""
    from ...outcomes.plain_yaml import dumped

    scenario = ScenarioTemplate(reference).scenario(sets=asked.sets, seed=asked.seed, months=asked.months)
    values = scenario.parameters.model_dump()
    content: dict[str, Any] = {
        "extends": asked.scenario if reference == asked.scenario else f"{asked.scenario}.yaml",
        "title": f"{scenario.title}, changed" if asked.sets else scenario.title,
        "question": scenario.question,
        "months": scenario.months,
        "seed": scenario.seed,
    }
    for path, layer in scenario.layers.items():
        if layer == "--set":
            *heads, _ = path.split(".")
            within = content
            for head in heads:
                within = within.setdefault(head, {})
            put(content, path, get(values, path))
    command = "local-citizenship run FILE"
    return f"# Made by local-citizenship explore. Run it with: {command}\n{dumped(content)}"
