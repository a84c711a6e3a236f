"""What people add to a report that is made: paragraphs by id, in a YAML file beside it."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from ..outcomes.whole_folder import OutputError
from ..scenarios.bounded import UnreadableError, yaml_bytes


def read_notes(file: Path, what: str, known: Collection[str]) -> dict[str, str]:
    """Each paragraph by its id, none if there is no file. `what`: what the `known` ids are of. Errors: OutputError."""
    if not file.exists():
        return {}
    try:
        given = YAML(typ="safe").load(yaml_bytes(file).decode()) or {}
    except (UnreadableError, UnicodeDecodeError, YAMLError) as error:
        raise OutputError(f"{file} can't be read: {' '.join(str(error).split())[:200]}") from error
    if not isinstance(given, dict) or not all(isinstance(text, str) for text in given.values()):
        raise OutputError(f"{file} must give, for the id of a {what}, a paragraph of text")
    for identity in given:
        if identity not in known:
            raise OutputError(f"{file}: there is no {what} {str(identity)!r}")
    return given
