"""An ensemble made small for shipping, and its medoid as the parameters of a scenario file."""

from __future__ import annotations

import json
import math
import re
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

import pandas as pd
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.tokens import CommentToken

from ...outcomes.csv_text import write_csv
from ...outcomes.whole_folder import OutputError, existing_parent, whole_folder, write_whole
from ...scenarios import ScenarioError, load_scenario
from ...scenarios.bounded import yaml_bytes
from ...scenarios.checks import get
from ...scenarios.errors import did_you_mean
from ..studies.ensembles import MANIFEST, PARAMETERS, SETS, load_ensemble, read_sets, text_of
from ..studies.folder import write_json
from ..studies.provenance import rules_hash
from .crate import write_crate
from .plan import Floats

LARGEST = 200_000  # bytes of a packed ensemble: it is read by whoever installs the package
TARGETS, PREDICTIVE, HOLDING = "targets.csv", "predictive.csv", "holding"
KEPT = (TARGETS, "waves.csv", "pairs.csv")
SUMMARY = "summary.md"
_DIGITS = 9  # of a parameter in a packed set


def pack(ensemble: Path, target: Path, overwrite: bool = False, *, same_rules: bool = False) -> int:
    """Write an ensemble into the folder `target` as shipped ones are: sets, parameters with the medoid's values (the
    scenario's own where nothing was learned), targets, waves, clear pairs, the summary without figures, the manifest,
    and what describes it all to programs.

    The same ensemble gives the same bytes, which are counted and returned. `same_rules`: the model's code is another by
    now and was found to make the same tables, so that the ensemble is one of it; the manifest keeps the hash of the
    code that it was made with as `rules_calibrated`. Errors: OutputError, also if they are more than LARGEST.
    """
    kept = load_ensemble(ensemble)
    facts = json.loads(yaml_bytes(ensemble / MANIFEST))
    here, there = ensemble.resolve(), target.expanduser().resolve()
    if here.is_relative_to(there) or there.is_relative_to(here):
        raise OutputError(f"{target} is what is packed, or holds it, or lies in it: choose another name")
    if same_rules and kept.outdated:
        calibrated = facts.get("rules_calibrated", facts["rules"])  # the first, if it is not the first time
        facts = {**facts, "rules_calibrated": calibrated, "rules": rules_hash()}
    with whole_folder(target, overwrite, mark=MANIFEST, what="an ensemble") as built:
        write_csv(read_sets(ensemble / SETS), built / SETS, float_format=f"%.{_DIGITS}g")
        known = pd.read_csv(ensemble / PARAMETERS, dtype=str, keep_default_na=False)
        known["medoid"] = [
            text_of(kept.medoid[path]) if path in kept.medoid else own
            for path, own in zip(known["parameter"], known["own"], strict=True)
        ]
        write_csv(known, built / PARAMETERS)
        for name in KEPT:
            if (ensemble / name).is_file():
                table = pd.read_csv(ensemble / name, keep_default_na=False)
                if name == TARGETS and HOLDING not in table and (ensemble / PREDICTIVE).is_file():
                    table[HOLDING] = _holding(table, pd.read_csv(ensemble / PREDICTIVE), kept.weights)
                table = table[table["clear"].astype(str) == "True"] if "clear" in table else table
                write_csv(table, built / name, float_format="%.6g")
        if (ensemble / SUMMARY).is_file():
            text = (ensemble / SUMMARY).read_text(encoding="utf-8")
            without = re.sub(r"^!\[.*\n+", "", text, flags=re.MULTILINE)
            (built / SUMMARY).write_text(without, encoding="utf-8", newline="\n")
        write_json(built / MANIFEST, facts)
        write_crate(built, facts, _day_of(ensemble))
        size = sum(file.stat().st_size for file in built.iterdir())
        if size > LARGEST:
            raise OutputError(
                f"packed, {ensemble} has {size:,} bytes, and {LARGEST:,} are the most: take fewer sets"
            )
    return size


def _holding(targets: pd.DataFrame, predictive: pd.DataFrame, weights: Floats) -> list[float]:
    """The column `holding` of a table of targets that was written before there was one (see `targets_table`)."""
    found = []
    for each in targets.to_dict("records"):
        runs = predictive[(predictive["target"] == each["target"]) & predictive["value"].notna()]
        away, worth = runs["value"] - float(each["value"]), weights[runs["set"].to_numpy(int)]
        by_side = {"above": away >= 0.0, "below": away <= 0.0}
        within = by_side.get(str(each["side"]), away.abs() <= float(each["tolerance"])).to_numpy()
        found.append(float(worth[within].sum() / worth.sum()) if len(runs) else math.nan)
    return found


def _day_of(ensemble: Path) -> str:
    """The day on which the calibration was begun, or today where its folder is not there."""
    beside = ensemble.parent / MANIFEST
    if beside.is_file():
        return str(json.loads(yaml_bytes(beside)).get("created", ""))[:10]
    return datetime.now(UTC).date().isoformat()


# The medoid ------------------------------------------------------------------------------------------------


def write_medoid(ensemble: Path, file: Path) -> list[str]:
    """Give a scenario file what was learned, as the ensemble's medoid has it, with sources that name the ensemble;
    comments and all else stay. Returns what changed, a line a parameter. Errors: OutputError; ScenarioError if the file
    is none, or would be none.
    """
    kept = load_ensemble(ensemble)
    name = kept.name or ensemble.resolve().name
    if not file.is_file():
        near = did_you_mean(file.name, [each.name for each in existing_parent(file).glob("*.yaml")])
        raise OutputError(f"there is no scenario file {file}" + (f"; {near}" if near else ""))
    scenario = load_scenario(file)
    kept.kept(scenario)  # which tells of parameters that it lacks
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = 4096
    yaml.indent(mapping=2, sequence=4, offset=2)
    before = yaml_bytes(file)
    content = yaml.load(before.decode().replace("\r\n", "\n"))
    told, now_there = [], scenario.parameters.model_dump()
    for path, value in kept.medoid.items():
        rounded = float(text_of(value)) if isinstance(value, float) else value
        _put(content, path.split("."), rounded)
        told.append(f"{path}: {text_of(get(now_there, path))} -> {text_of(rounded)}")
    for path in kept.medoid:
        _put(content, ["sources", path], f"fitted: medoid of the ensemble {name}")
    text = _dumped(yaml, content)
    _checked(file, text)
    write_whole(file, text.replace("\n", "\r\n") if b"\r\n" in before else text)
    return told


def _put(content: Any, keys: list[str], value: Any) -> None:
    """Set a value, making sections as they are needed. What is said in comments below the last line of a section stays
    below a new one."""
    section, rest = content, list(keys)
    while len(rest) > 1 and rest[0] in section:
        section = section[rest.pop(0)]
    if rest[0] in section:
        section[rest[0]] = value
        return
    above, line = section, next(reversed(section), None)
    while line is not None and isinstance(above[line], CommentedMap) and above[line]:
        above, line = above[line], next(reversed(above[line]))
    for key in rest[:-1]:
        section[key] = CommentedMap()
        section = section[key]
    section[rest[-1]] = value
    comments = above.ca.items.get(line)
    if comments and comments[2] is not None:  # as it was read, what follows a line belongs to it
        on_the_line, _, below = comments[2].value.partition("\n")
        mark, own = comments[2].start_mark, comments[2] if on_the_line else None
        if own is not None:
            own.value = f"{on_the_line}\n"
        above.ca.items[line] = [None, None, own, None]
        section.ca.items[rest[-1]] = [None, None, CommentToken(f"\n{below}", mark), None]


def _dumped(yaml: YAML, content: Any) -> str:
    stream = StringIO()
    yaml.dump(content, stream)
    return stream.getvalue()


def _checked(file: Path, text: str) -> None:
    """Errors: OutputError if the text is no scenario."""
    with NamedTemporaryFile(dir=file.parent, prefix=f".{file.stem}-", suffix=".yaml", delete=False) as opened:
        opened.write(text.encode())
    trial = Path(opened.name)  # beside the file, since it may build on its neighbours
    try:
        load_scenario(trial)
    except ScenarioError as error:
        told = str(error).replace(str(trial), str(file)).replace(trial.name, file.name)
        raise OutputError(
            f"with the medoid of the ensemble this would be no scenario, and it stays: {told}"
        ) from error
    finally:
        trial.unlink(missing_ok=True)
