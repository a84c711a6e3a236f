"""The page in a notebook (Jupyter, Colab, VS Code): the same modules, with the kernel for a server; works offline.

from local_citizenship.app.classroom.widget import Explorer, show

Explorer("two-towns")       # sliders; each move runs the history again
show(run)                   # a finished run, or several, to look at
"""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

try:
    import anywidget
    import traitlets
    from cachetools import LRUCache
except ImportError as error:
    raise ImportError(
        'the notebook widget needs anywidget and cachetools: pip install "local-citizenship[notebook]"'
    ) from error

from ...scenarios import ScenarioError, ScenarioTemplate
from ...scenarios.files import shipped_names
from .artifacts import life_shown, lives_shown, measures_csv
from .bundle import PAGE, one_module
from .handout import Exhibit, handout_content
from .requests import RequestError, requested_scenario, run_request
from .sliders import scenario_file, scenario_shown, scenarios_shown
from .worker import throttled

if TYPE_CHECKING:
    from ...outcomes.run import Run

_SECONDS_BETWEEN_NEWS = 0.1
_KEPT_RUNS = 6


class _Page(anywidget.AnyWidget):
    """The page, drawn in a notebook's output."""

    _esm = traitlets.Unicode().tag(sync=True)
    _css = traitlets.Unicode().tag(sync=True)
    content = traitlets.Unicode("").tag(sync=True)
    scenario = traitlets.Unicode("").tag(sync=True)
    seed = traitlets.Unicode("").tag(sync=True)
    height = traitlets.Unicode("720px").tag(sync=True)

    @traitlets.default("_esm")
    def _modules(self) -> str:
        return one_module(PAGE, "widget.js")

    @traitlets.default("_css")
    def _style(self) -> str:
        with contextlib.suppress(FileNotFoundError):
            sheets = ("base.css", "style.css", "maps.css", "charts.css", "panels.css", "layouts.css")
            return "".join((PAGE / name).read_text(encoding="utf-8") for name in sheets)
        return ""


class Explorer(_Page):
    """Explore a scenario in a notebook: move a slider, and the whole history runs again, in the kernel.

    `scenario`: a shipped scenario by name, or a file; `seed`: the luck to begin with, the scenario's own if left out;
    `height`: of the page, as CSS has it. Errors: ScenarioError for a scenario that can't be loaded.
    """

    def __init__(
        self, scenario: str = "two-towns", *, seed: int | None = None, height: str = "720px"
    ) -> None:
        # One at a time, and not in the kernel's own thread, which must be free to hear that nobody waits any more.
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="explorer")
        first = ScenarioTemplate(scenario)
        loaded = first.scenario(seed=seed)
        shipped = {name: name for name in shipped_names()}
        self._references = shipped if scenario in shipped else {**shipped, loaded.name: scenario}
        self._prepared = {loaded.name: first}
        self._runs: LRUCache[str, Run] = LRUCache(_KEPT_RUNS)
        self._cancelled: set[int] = set()
        self._lanes: dict[str, int] = {}
        self._lock = threading.Lock()
        super().__init__(scenario=loaded.name, seed=str(loaded.seed), height=height)
        self.on_msg(self._hear)

    def close(self) -> None:
        """End the widget and its runs."""
        self._thread.shutdown(wait=False, cancel_futures=True)
        super().close()

    def _hear(self, _: Any, message: Any, buffers: Any) -> None:
        """A message of the page: a call, or that one is no longer waited for."""
        if not isinstance(message, dict):
            return
        if "cancel" in message:
            with self._lock:
                self._cancelled.add(message["cancel"])
            return
        call, verb, given = message.get("call"), message.get("verb"), message.get("arguments", [])
        if not isinstance(call, int) or not isinstance(given, list):
            return
        if verb == "run" and given and isinstance(given[0], dict):
            lane = str(given[0].get("lane", ""))
            with self._lock:
                if (older := self._lanes.get(lane)) is not None:
                    self._cancelled.add(older)
                self._lanes[lane] = call
        self._thread.submit(self._answer, call, str(verb), given)

    def _answer(self, call: int, verb: str, given: list[Any]) -> None:
        from ...outcomes.simulate import Stopped
        from ...outcomes.story import StoryError

        verbs: dict[str, Callable[..., Any]] = {
            "scenarios": self._scenarios,
            "scenario": self._scenario,
            "places": self._places,
            "lives": self._lives,
            "life": self._life,
            "csv": self._csv,
            "scenarioFile": self._scenario_file,
        }
        try:
            if verb == "run":
                self.send({"call": call, "result": None}, [self._run(call, *given)])
            elif verb in verbs:
                self.send({"call": call, "result": verbs[verb](*given)})
            else:
                raise RequestError(f"there is no verb {verb!r}")
        except (RequestError, ScenarioError) as mistake:
            self.send({"call": call, "error": mistake.message, "hint": mistake.hint or ""})
        except StoryError as mistake:
            self.send({"call": call, "error": str(mistake), "hint": ""})
        except Stopped:
            self.send({"call": call, "error": "this run was stopped, since nobody waits for it", "hint": ""})
        except Exception as error:  # a bug must not end the thread without a word
            self.send({"call": call, "error": f"{type(error).__name__}: {error}", "hint": "please report it"})

    def _scenarios(self) -> dict[str, Any]:
        return scenarios_shown(self._references, self.scenario, self.seed)

    def _scenario(self, name: str) -> dict[str, Any]:
        return scenario_shown(name, self._references[requested_scenario(name, self._references)])

    def _run(self, call: int, request: dict[str, Any]) -> bytes:
        from ...outcomes.simulate import simulate
        from .payload import world_id, world_of

        asked = run_request(request, self._references)
        name = asked.scenario
        if name not in self._prepared:
            self._prepared[name] = ScenarioTemplate(self._references[name])
        scenario = self._prepared[name].scenario(sets=asked.sets, seed=asked.seed, months=asked.months)

        def tell(done: int, months: int) -> None:
            progress = {"done": done, "total": months, "date": scenario.date(done - 1)}
            self.send({"call": call, "progress": progress})

        run = simulate(
            scenario, progress=throttled(tell, _SECONDS_BETWEEN_NEWS), stop=lambda: self._is_cancelled(call)
        )
        self._runs[world_id(run)] = run
        return world_of(run)

    def _is_cancelled(self, call: int) -> bool:
        with self._lock:
            cancelled = call in self._cancelled
            self._cancelled.discard(call)
        return cancelled

    def _kept(self, world: str) -> Run:
        run = self._runs.get(world)
        if run is None:
            raise RequestError("there is no such world here (any more)", "run the scenario again")
        return run

    def _places(self, places_id: str) -> dict[str, Any]:
        from .payload import places_shown

        for run in self._runs.values():
            shown = places_shown(run)
            if shown["id"] == places_id:
                return shown
        raise RequestError("there are no such places", "run the scenario again")

    def _lives(self, world: str) -> dict[str, Any]:
        return lives_shown(self._kept(world), 2_000)

    def _life(self, world: str, migrant: str, against: str | None = None) -> dict[str, Any]:
        other = self._kept(against) if against else None
        return life_shown(self._kept(world), int(migrant), other)

    def _csv(self, world: str) -> str:
        return measures_csv(self._kept(world)).decode()

    def _scenario_file(self, request: dict[str, Any]) -> str:
        asked = run_request(request, self._references)
        return scenario_file(self._references[asked.scenario], asked)


def show(*runs: Run, height: str = "720px") -> _Page:
    """Finished runs (`load_run(folder)`, `Run.from_model(model)`) to look at in a notebook, two side by side.

    Errors: ValueError without a run; OutputError if one cannot be read.
    """
    if not runs:
        raise ValueError("show(run): give at least one run")
    exhibits = [Exhibit(run, f"{run.title}, seed {run.seed}", run.scenario_name) for run in runs]
    return _Page(content=json.dumps(handout_content(exhibits)), height=height)
