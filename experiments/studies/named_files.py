"""The file that a command is given: by its path or, where such files come with the package, by its name."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from pathlib import Path

from ...scenarios import ScenarioError
from ...scenarios.errors import did_you_mean
from .read_scenarios import ENDINGS


@dataclass(frozen=True)
class NamedFiles:
    """Files of a kind, as `study`. `folder`: where those lie that come with the package; `goes_on`: the command that
    goes on with a folder of this kind."""

    kind: str
    folder: Callable[[], Traversable] | None = None
    goes_on: str = ""

    def shipped(self) -> tuple[str, ...]:
        """The names of those that come with the package."""
        names = (each.name for each in self.folder().iterdir()) if self.folder else ()
        return tuple(sorted(name.removesuffix(".yaml") for name in names if name.endswith(".yaml")))

    def find(self, reference: str | os.PathLike[str]) -> Path:
        """The file: a shipped one by its name, or a path. Errors: ScenarioError if there is none."""
        name = os.fspath(reference)
        if not name.strip() or "\0" in name:
            raise ScenarioError(f"{name!r} is not the name of a {self.kind}")
        is_path = name.endswith(ENDINGS) or os.sep in name or "/" in name
        shipped = self.shipped()
        if self.folder and not is_path and name in shipped:
            return Path(str(self.folder() / f"{name}.yaml"))
        path = Path(name)
        if path.is_dir():
            hint = f"`{self.goes_on} {name}` goes on with a {self.kind}" if self.goes_on else None
            raise ScenarioError(f"{name} is a folder, not a {self.kind} file", hint=hint)
        if not path.exists():
            beside = [each.name for each in path.parent.glob("*.y*ml")] if path.parent.is_dir() else []
            hint = did_you_mean(path.name, beside) if is_path else did_you_mean(name, shipped)
            if shipped:
                hint = hint or f"those that come with the package: {', '.join(shipped)}"
            raise ScenarioError(f"there is no {self.kind} {'file ' if is_path else ''}{name!r}", hint=hint)
        return path
