"""A packed ensemble's description for people and programs that have never seen it: RO-Crate metadata."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

CRATE = "ro-crate-metadata.json"
_VERSION = "1.1"
_TEXTS = {
    "sets.csv": "The plausible sets: weight, and a column a parameter.",
    "parameters.csv": "Prior and posterior of each parameter, its verdict, the calibrated scenario's own value, the "
    "medoid's.",
    "targets.csv": "What the sets' own runs say of each target, learned from or not.",
    "waves.csv": "What was left of the prior after each wave.",
    "pairs.csv": "Pairs of parameters that make up for each other.",
    "summary.md": "The same in words.",
    "manifest.json": "Versions, hashes of scenarios, rules and the calibration's file, seed, budget.",
}
_TYPES = {".csv": "text/csv", ".json": "application/json", ".md": "text/markdown"}
LICENSE = "https://spdx.org/licenses/MIT"


def write_crate(folder: Path, facts: Mapping[str, Any], day: str) -> None:
    """Describe the files of a packed ensemble. `facts`: its manifest; `day`: of its making, ISO 8601.

    The same files give the same bytes: RO-Crate 1.1, written without its library, which numbers and dates on its own.
    """
    versions = dict(facts["versions"])
    software = {
        "@id": "#local-citizenship",
        "@type": "SoftwareApplication",
        "name": "local-citizenship",
        "description": "An agent-based model of local citizenship, after Takeyuki Tsuda (2008).",
        "softwareVersion": versions.pop("local-citizenship"),
        "softwareRequirements": [f"{name} {version}" for name, version in versions.items()],
    }
    files = [
        {
            "@id": name,
            "@type": "File",
            "name": name,
            "description": text,
            "encodingFormat": _TYPES[Path(name).suffix],
            "contentSize": str((folder / name).stat().st_size),
        }
        for name, text in _TEXTS.items()
        if (folder / name).is_file()
    ]
    action = {
        "@id": "#calibration",
        "@type": "CreateAction",
        "name": f"The calibration {facts['name']}",
        "instrument": {"@id": software["@id"]},
        "result": [{"@id": each["@id"]} for each in files],
        "description": f"{facts['runs']:,} runs, seed {facts['seed']}; rules' hash {facts['rules']}.",
    }
    root = {
        "@id": "./",
        "@type": "Dataset",
        "name": f"{facts['title']}: ensemble",
        "description": f"{facts['sets']} plausible sets of parameters with weights: calibration {facts['name']}.",
        "datePublished": day,
        "license": {"@id": LICENSE},
        "hasPart": [{"@id": each["@id"]} for each in files],
        "mentions": {"@id": action["@id"]},
    }
    about = {
        "@id": CRATE,
        "@type": "CreativeWork",
        "conformsTo": {"@id": f"https://w3id.org/ro/crate/{_VERSION}"},
        "about": {"@id": "./"},
    }
    terms = {"@id": LICENSE, "@type": "CreativeWork", "name": "MIT License"}
    graph = [about, root, software, action, *files, terms]
    content = {"@context": f"https://w3id.org/ro/crate/{_VERSION}/context", "@graph": graph}
    (folder / CRATE).write_text(
        json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8", newline="\n"
    )
