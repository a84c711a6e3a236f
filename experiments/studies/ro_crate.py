"""A study's description for people and programs that have never seen it: RO-Crate metadata.

After the profile Process Run Crate: what was run with which software, from which files, and what came of it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from .folder import MANIFEST, RECORDS, SCENARIOS, STUDY, TABLES, StudyFolder, write_json

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
    from rocrate.model import ContextEntity, SoftwareApplication
    from rocrate.rocrate import ROCrate

    study, versions = folder.study, dict(folder.manifest["versions"])
    crate = ROCrate(version=_VERSION)
    crate.name = study.title
    crate.description = study.question or f"{study.title}: a study by simulation."
    crate.datePublished = finished
    profile = {"@type": "CreativeWork", "name": "Process Run Crate", "version": PROFILE.rpartition("/")[2]}
    crate.root_dataset["conformsTo"] = crate.add(ContextEntity(crate, PROFILE, properties=profile))
    about = {
        "name": "local-citizenship",
        "description": "An agent-based model of local citizenship, after Takeyuki Tsuda (2008).",
        "softwareVersion": versions.pop("local-citizenship"),
        "softwareRequirements": [f"{name} {version}" for name, version in versions.items()],
    }
    software = crate.add(SoftwareApplication(crate, "#local-citizenship", properties=about))

    def added(path: str, text: str) -> Any:
        kind = _TYPES[Path(path).suffix]
        properties = {"name": Path(path).name, "description": text, "encodingFormat": kind}
        return crate.add_file(dest_path=path, properties=properties)

    used = [added(STUDY, "The study as it was given: scenarios, factors, design, replicates, outcomes.")]
    for scenario in study.scenarios:
        text = f"The scenario {scenario.name}, all values resolved, with the source of each."
        used.append(added(f"{SCENARIOS}/{scenario.name}.yaml", text))
    endings = (".csv", ".parquet")
    made = [added(f"{TABLES}/{name}{end}", text) for name, text in _TABLES.items() for end in endings]
    for file in sorted((folder.path / RECORDS).glob("*.jsonl")):
        text = "Each run as it finished, with its time, a line of JSON with a checksum."
        made.append(added(f"{RECORDS}/{file.name}", text))
    added(MANIFEST, "Versions, hashes and times.")
    properties = {
        "name": f"The runs of {study.name}",
        "startTime": folder.manifest["created"],
        "endTime": finished,
        "actionStatus": "http://schema.org/CompletedActionStatus",
    }
    crate.add_action(software, identifier="#study", object=used, result=made, properties=properties)
    crate.root_dataset.append_to("mentions", crate.get("#study"))
    write_json(folder.path / CRATE, dict(crate.metadata.generate()))
