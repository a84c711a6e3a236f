"""Class mode over the web: what the teacher's screen asks for."""

from __future__ import annotations

import asyncio
import io
import math
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from starlette.responses import JSONResponse, Response

from ...scenarios.languages import tr, tr_term
from .class_marks import as_csv
from .class_routes import assignment_shown, class_of, outcomes_of, student_shown
from .class_state import Class, Round, pooled
from .requests import RequestError, RunRequest, json_body, requested_text, run_request
from .sliders import scenario_shown
from .web import answers, unless_gone
from .worker import last_edit

if TYPE_CHECKING:
    from starlette.requests import Request

    from .classroom import Classroom

_LONGEST_QUESTION = 400
_DRY_RUNS = 5
_BESIDE = 2  # seeds that a question is tried with besides the first student's


@answers("/api/class/assign", "POST")
async def _assign(request: Request, room: Classroom) -> Response:
    """`{question, measure, a, b}`, a new round; `a` and `b` as for `/api/run`, without a seed.

    Both worlds are run first: what cannot be run, or makes no difference, is told to the teacher, not to the class.
    """
    of_class, asked = _taught(request, room), await _question(request, room)
    tried = await _tried(request, room, asked, [of_class.seed, *of_class.seeds_beside(_BESIDE)], enough=True)
    words = [await asyncio.to_thread(_words, room, world) for world in (asked.a, asked.b)]
    assigned = of_class.assign(**vars(asked), label=tried.label, unit=tried.unit, words=tuple(words))
    return JSONResponse(assignment_shown(assigned))


def _words(room: Classroom, world: RunRequest) -> tuple[str, ...]:
    """What is set in a world, as one reads it; in the teacher's language, as the question is."""
    reference = room.scenarios[world.scenario]
    shown = scenario_shown(world.scenario, reference, last_edit(reference))
    labels = {one["path"]: one["label"] for one in (*shown["parameters"], *shown["levers"])}
    said = {"true": tr("yes"), "false": tr("no")}
    sets = (each.partition("=") for each in world.sets)
    return tuple(
        tr("{name}: {value}", name=_called(path, labels.get(path, path)), value=said.get(value, value))
        for path, _, value in sets
    )


def _called(path: str, label: str) -> str:
    """What a parameter is called: of an entry (a door, a service), with the entry's name before it."""
    entry, colon, own = label.rpartition(": ")
    parameter = tr_term(own, "parameter label")
    if not colon:
        return parameter
    section = path.partition(".")[0]
    return tr("{name}: {value}", name=tr_term(entry, f"{section} label"), value=parameter)


@answers("/api/class/try", "POST")
async def _try(request: Request, room: Classroom) -> Response:
    """The same, but the class is not asked: what comes of it with seeds that are no student's."""
    of_class, asked = _taught(request, room), await _question(request, room)
    began = time.perf_counter()
    tried = await _tried(request, room, asked, of_class.seeds_beside(_DRY_RUNS), enough=False)
    seconds = (time.perf_counter() - began) / _DRY_RUNS
    return JSONResponse({**asdict(tried), "pooled": pooled(tried.differences), "seconds_each": seconds})


@dataclass(frozen=True)
class _Question:
    """A question as the teacher would like to ask it."""

    question: str
    measure: str
    a: RunRequest
    b: RunRequest


async def _question(request: Request, room: Classroom) -> _Question:
    """What the teacher wants to ask. Errors: RequestError."""
    content = await json_body(request)
    worlds = []
    for name in ("a", "b"):
        given = content.get(name)
        if not isinstance(given, dict):
            raise RequestError(f"world {name} is missing", 'write {"scenario": "two-towns", "sets": {}}')
        worlds.append(replace(run_request(given, room.scenarios), seed=None, lane=""))
    measure = requested_text(content.get("measure", ""), "measure", 60)
    question = requested_text(content.get("question", ""), "question", _LONGEST_QUESTION)
    if worlds[0] == worlds[1]:
        hint = tr("change something in world B")
        raise RequestError(tr("world A and world B are the same"), hint)
    return _Question(question, measure, *worlds)


@dataclass(frozen=True)
class _Tried:
    """What came of a question: the measure's words, and B less A for each seed that gave a number."""

    label: str
    unit: str
    differences: list[float]


async def _tried(
    request: Request, room: Classroom, asked: _Question, seeds: Sequence[int], *, enough: bool
) -> _Tried:
    """Both worlds run with each seed, or until there is a difference, which is `enough`. Errors: RequestError for
    what cannot be run or measured, or does not differ."""
    differences: list[float] = []
    for seed in seeds:  # one after the other: of the processes there is one for the class, too
        a, b = await unless_gone(request, outcomes_of(request, room, (asked.a, asked.b), seed))
        if asked.measure not in a:
            raise RequestError(f"there is no measure {asked.measure!r}", f"there are {', '.join(a)}")
        label, unit = a[asked.measure]["label"], a[asked.measure]["unit"]
        difference = b[asked.measure]["value"] - a[asked.measure]["value"]
        if math.isfinite(difference):
            differences.append(difference)
        if enough and any(differences):
            break
    outcome = tr_term(label, "outcome label")
    if not differences:
        hint = tr("compare something else, or more months or people")
        raise RequestError(tr("{outcome} has no number in these worlds", outcome=outcome), hint)
    if not any(differences):
        hint = tr("what is changed does nothing to it: change something else, or compare something else")
        raise RequestError(tr("{outcome} is the same in world A and world B", outcome=outcome), hint)
    return _Tried(label, unit, differences)


@answers("/api/class/results")
async def _results(request: Request, room: Classroom) -> Response:
    """Again and again: predictions, each student's difference, the pooled interval; `kept`: earlier rounds in
    short."""
    of_class = _taught(request, room)
    now = of_class.round
    about = {"assignment": assignment_shown(of_class.assignment), "join": room.join_address}
    return JSONResponse(
        {
            **about,
            "code": room.visitors.code,
            "students": [student_shown(student) for student in of_class.by_number()],
            "pooled": pooled([]) if now is None else now.pooled(),
            "kept": [_round_shown(one) for one in of_class.kept],
        }
    )


@answers("/api/class/round/{number}")
async def _kept_round(request: Request, room: Classroom) -> Response:
    """An earlier round, with its students."""
    for one in _taught(request, room).kept:
        if str(one.assignment.round) == request.path_params["number"]:
            students = [student_shown(student) for student in one.students]
            return JSONResponse({**_round_shown(one), "students": students})
    raise RequestError(tr("there is no such round (any more)"), status=404)


@answers("/api/class/results.csv")
async def _csv(request: Request, room: Classroom) -> Response:
    """All rounds, to keep and to mark by."""
    headers = {"Content-Disposition": 'attachment; filename="class.csv"'}
    return Response(as_csv(_taught(request, room).rounds()), media_type="text/csv", headers=headers)


@answers("/api/class/forget", "POST")
async def _forget(request: Request, room: Classroom) -> Response:
    """Delete all that is kept of questions, students and answers."""
    of_class = _taught(request, room)
    await json_body(request)
    of_class.forget()
    return JSONResponse({})


@answers("/api/class/qr.svg")
async def _qr(request: Request, room: Classroom) -> Response:
    """Where to join, with the code, for a telephone's camera."""
    _taught(request, room)
    code = room.visitors.code
    # What follows the # stays in the browser: no code in any log on the way.
    address = f"{room.join_address}/join#{code}" if code else f"{room.join_address}/class"
    picture = qr_code(address)
    if picture is None:
        raise RequestError("there is no picture of the address", "its page has it in large letters", 404)
    return Response(picture, media_type="image/svg+xml")


def qr_code(text: str) -> bytes | None:
    """The text as a QR code, in SVG, black on white; None where the package that draws it is not installed."""
    try:
        import segno
    except ImportError:
        return None
    svg = io.BytesIO()
    segno.make_qr(text).save(svg, kind="svg", dark="#000", light="#fff", omitsize=True)
    return svg.getvalue()


def _round_shown(one: Round) -> dict[str, Any]:
    about = {"predicted": one.predicted, "pooled": one.pooled()}
    return {**about, "assignment": assignment_shown(one.assignment)}


def _taught(request: Request, room: Classroom) -> Class:
    """The class, for its teacher. Errors: RequestError for others."""
    of_class = class_of(room)
    if not request.scope["teacher"]:
        raise RequestError(tr("only the teacher's screen can do this"), status=403)
    return of_class
