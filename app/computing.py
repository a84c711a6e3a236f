"""On what processes a study or a calibration makes its runs: options that several commands share, declared once."""

from __future__ import annotations

import contextlib
import functools
import inspect
import shlex
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, get_type_hints

import typer
from typer import Option

from ..outcomes.invocation import typed
from .console import STOPPED, UsageMistake, cores, err, say, say_if_cold

if TYPE_CHECKING:
    from ..experiments.studies.folder import StudyFolder
    from ..experiments.studies.running import LocalEngine

Workers = Annotated[
    int | None, Option(min=1, help="Processes; the results are the same. One for each core if left out.")
]
Cluster = Annotated[
    str | None,
    Option("--cluster", metavar="tcp://HOST:PORT", help="A Dask scheduler whose workers do the runs."),
]
Quiet = Annotated[bool, Option("--quiet", "-q", help="Print the folder of the results only.")]


@dataclass(frozen=True)
class Computing:
    """What is said of it. Errors: UsageMistake if it is both on this computer and on a cluster."""

    workers: Workers = None
    cluster: Cluster = None
    quiet: Quiet = False

    def __post_init__(self) -> None:
        if self.workers is not None and self.cluster is not None:
            raise UsageMistake("give --workers or --cluster, not both: a cluster's workers are its own")

    def engine(self, folder: StudyFolder) -> LocalEngine:
        """What makes the runs of this folder."""
        if self.cluster is not None:
            from ..experiments.studies.cluster import DaskEngine

            return DaskEngine(folder, self.cluster)
        from ..experiments.studies.running import LocalEngine

        return LocalEngine(folder, self.workers or cores())

    def say_if_cold(self) -> None:
        """Tell that rules are compiled first, where that is here and anybody listens."""
        if not self.quiet and self.cluster is None:
            say_if_cold()


def computes(command: Callable[..., None]) -> Callable[..., None]:
    """The command, whose `computing` (Computing, or what extends it) is said by an option for each of its fields."""
    hints = get_type_hints(command, include_extras=True)
    kind = hints.pop("computing")
    options = get_type_hints(kind, include_extras=True)

    @functools.wraps(command)
    def spread(**given: Any) -> None:
        command(computing=kind(**{name: given.pop(name) for name in options}), **given)

    own = [each for each in inspect.signature(command).parameters.values() if each.name != "computing"]
    more = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=getattr(kind, name))
        for name in options
    ]
    spread.__annotations__ = hints | options
    spread.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [each.replace(annotation=spread.__annotations__[each.name]) for each in (*own, *more)]
    )
    return spread


@contextlib.contextmanager
def resumable(*words: str) -> Iterator[None]:
    """Within, Ctrl-C is told with the command that goes on."""
    try:
        yield
    except KeyboardInterrupt:
        say(f"Stopped. What is finished is kept; go on with: {typed(shlex.join(words))}", to=err())
        raise typer.Exit(STOPPED) from None
