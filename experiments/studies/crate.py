"""A study's description for people and programs that have never seen it: RO-Crate metadata.

After the profile Process Run Crate: what was run with which software, from which files, and what came of it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from .folder import MANIFEST, RECORDS, STUDY, StudyFolder, write_json

CRATE = "ro-crate-metadata.json"
PROFILE = "https://w3id.org/ro/wfrun/process/0.5"
_VERSION = "1.1"  # of RO-Crate, the one that the profile builds on
_TYPES = {
    ".csv": "text/csv",
    ".json": "application/json",
    ".jsonl": "application/jsonl",
    ".parquet": "application/vnd.apache.parquet",
    ".yaml": "application/yaml",
}
_TABLES = {
    "points": "Design points: the scenario and the value of each factor.",
    "runs": "Runs: design point, replicate, seed; the error of those that failed, and what repeats them.",
    "values": "What was kept of each run: a row a number, by design point, replicate, outcome and year "
    "(-1: of the whole run).",
    "outcomes": "Outcomes: what each is, and its unit.",
    "factors": "Factors: the parameter, its role, source, unit and range.",
}


def write_crate(folder: StudyFolder, finished: str) -> None:
    """Describe the files of a complete study. `finished`: when, ISO 8601. Errors: StudyError."""
    write_json(folder.path / CRATE, description(folder, finished))


def description(folder: StudyFolder, finished: str) -> dict[str, Any]:
    """The JSON-LD document."""
    from rocrate.model import ContextEntity, SoftwareApplication
    from rocrate.rocrate import ROCrate

    study = folder.study
    crate = ROCrate(version=_VERSION)
    crate.name = study.title
    crate.description = study.question or f"{study.title}: a study by simulation."
    crate.datePublished = finished
    profile = {"@type": "CreativeWork", "name": "Process Run Crate", "version": PROFILE.rpartition("/")[2]}
    crate.root_dataset["conformsTo"] = crate.add(ContextEntity(crate, PROFILE, properties=profile))
    versions = folder.manifest["versions"]
    software = crate.add(
        SoftwareApplication(
            crate,
            "#local-citizenship",
            properties={
                "name": "local-citizenship",
                "description": "An agent-based model of local citizenship, after Takeyuki Tsuda (2008).",
                "softwareVersion": versions["local-citizenship"],
                "softwareRequirements": [f"{n} {v}" for n, v in versions.items() if n != "local-citizenship"],
            },
        )
    )
    used = [
        _added(crate, STUDY, "The study as it was given: scenarios, factors, design, replicates, outcomes.")
    ]
    for scenario in study.scenarios:
        text = f"The scenario {scenario.name}, all values resolved, with the source of each."
        used.append(_added(crate, f"scenarios/{scenario.name}.yaml", text))
    made = [
        _added(crate, f"tables/{name}{ending}", text)
        for name, text in _TABLES.items()
        for ending in (".csv", ".parquet")
    ]
    for file in sorted((folder.path / RECORDS).glob("*.jsonl")):
        text = "Each run as it finished, with its time, a line of JSON with a checksum."
        made.append(_added(crate, f"{RECORDS}/{file.name}", text))
    _added(crate, MANIFEST, "Versions, hashes and times.")
    crate.add_action(
        software,
        identifier="#study",
        object=used,
        result=made,
        properties={
            "name": f"The runs of {study.name}",
            "startTime": folder.manifest["created"],
            "endTime": finished,
            "actionStatus": "http://schema.org/CompletedActionStatus",
        },
    )
    crate.root_dataset.append_to("mentions", crate.get("#study"))
    return dict(crate.metadata.generate())


def _added(crate: Any, path: str, text: str) -> Any:
    about = {"name": Path(path).name, "description": text, "encodingFormat": _TYPES[Path(path).suffix]}
    return crate.add_file(dest_path=path, properties=about)
