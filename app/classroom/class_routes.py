"""Class mode over the web: what a student's browser and the teacher's screen ask for, and how one comes in."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from starlette.responses import JSONResponse, RedirectResponse, Response

from . import artifacts
from .class_state import Assignment, Class, Student
from .guard import with_token
from .requests import RequestError, RunRequest, json_body, requested_text, run_request
from .web import answers, origin_of_request, page_file, page_with_token, unless_gone, who
from .worker import Work

if TYPE_CHECKING:
    from starlette.requests import Request

    from .classroom import Classroom

_LONGEST_QUESTION = 400


@answers("/join")
async def _join_page(request: Request, room: Classroom) -> Response:
    return page_file("join.html")


@answers("/api/join", "POST")
async def _join(request: Request, room: Classroom) -> Response:
    """Of anybody: to come in with the code."""
    given = requested_text((await json_body(request)).get("code", ""), "code", 40)
    visitors, origin = room.visitors, origin_of_request(request)
    if not visitors.is_code(given):
        with visitors.wrong_code(origin) as seconds:
            if seconds is None:
                hint = "wait a moment, and look at the teacher's screen"
                raise RequestError("too many wrong codes", hint, 429, 2)
            await asyncio.sleep(seconds)
        raise RequestError("this is not the code", "look at the teacher's screen", 403)
    token = request.scope["visitor"] or visitors.enter(origin)
    return with_token(JSONResponse({"go": "/class" if room.class_mode else "/"}), token)


@answers("/teacher/{key}")
async def _teacher(request: Request, room: Classroom) -> Response:
    """The teacher's own address, by which nobody else comes in."""
    if not room.visitors.is_teacher_key(request.path_params["key"]):
        raise RequestError("there is nothing here", status=404)
    response = RedirectResponse("/class" if room.class_mode else "/", status_code=303)
    token = request.scope["visitor"] if request.scope["teacher"] else room.visitors.enter("", teacher=True)
    return with_token(response, token)


@answers("/class")
async def _page(request: Request, room: Classroom) -> Response:
    """Of anybody who has joined: the page of class mode, a teacher's or a student's."""
    return page_with_token(request, "class.html")


@answers("/api/class/state")
async def _state(request: Request, room: Classroom) -> Response:
    """Of both, again and again: the question, and one's own number, seed, prediction and result."""
    teacher, of_class = request.scope["teacher"], _class_of(room)
    assigned = _shown(of_class.assignment)
    if teacher:
        return JSONResponse({"teacher": True, "assignment": assigned, "scenarios": list(room.scenarios)})
    student = of_class.student(_token(request))
    return JSONResponse({"teacher": False, "assignment": assigned, "you": _student_shown(student)})


@answers("/api/class/predict", "POST")
async def _predict(request: Request, room: Classroom) -> Response:
    """Of a student: `{value}`, the prediction of B less A."""
    value = (await json_body(request)).get("value")
    if (
        isinstance(value, bool) or not isinstance(value, (int, float)) or not abs(value) <= 1e12
    ):  # NaN neither
        hint = "how much larger will it be in world B than in world A?"
        raise RequestError("the prediction must be a number", hint)
    return JSONResponse(_student_shown(_class_of(room).predict(_token(request), float(value))))


@answers("/api/class/run", "POST")
async def _run(request: Request, room: Classroom) -> Response:
    """Of a student: the server runs A and B with the student's seed."""
    await json_body(request)
    assignment, student = _class_of(room).begin(_token(request))
    try:
        found = await _outcomes(request, room, (assignment.a, assignment.b), student.seed)
        student.a, student.b = (values[assignment.measure]["value"] for values in found)
    finally:
        student.running = False
    return JSONResponse(_student_shown(student))


async def _outcomes(
    request: Request, room: Classroom, worlds: Sequence[RunRequest], seed: int
) -> list[dict[str, Any]]:
    """The main outcomes of each world with this seed."""
    works = [room.runs.work(replace(world, seed=seed)) for world in worlds]
    runs = (room.runs.make(work, who(request), artifacts.outcomes) for work in works)
    return await asyncio.gather(*runs)


@answers("/api/class/assign", "POST")
async def _assign(request: Request, room: Classroom) -> Response:
    """Of the teacher: `{question, measure, a, b}`, a new round; `a` and `b` as for `/api/run`, without a seed."""
    _only_teacher(request)
    content = await json_body(request)
    worlds = []
    for name in ("a", "b"):
        given = content.get(name)
        if not isinstance(given, dict):
            raise RequestError(f"world {name} is missing", 'write {"scenario": "two-towns", "sets": {}}')
        worlds.append(run_request(given, room.scenarios))
    measure = requested_text(content.get("measure", ""), "measure", 60)
    question = requested_text(content.get("question", ""), "question", _LONGEST_QUESTION)
    # Both worlds are run at once with the first seed: what cannot be run is told to the teacher, not to the class.
    of_class = _class_of(room)
    tried = await _outcomes(request, room, worlds, of_class.seed)
    if measure not in tried[0]:
        raise RequestError(f"there is no measure {measure!r}", f"there are {', '.join(tried[0])}")
    about = tried[0][measure]
    assigned = of_class.assign(question, measure, about["label"], about["unit"], worlds[0], worlds[1])
    return JSONResponse(_shown(assigned))


@answers("/api/class/measures")
async def _measures(request: Request, room: Classroom) -> Response:
    """Of both: the measures that can be asked about."""
    small = Work("two-towns", months=12)  # for the names alone
    found = await unless_gone(request, room.runs.make(small, who(request), artifacts.outcomes))
    shown = [{"name": name, "label": one["label"], "unit": one["unit"]} for name, one in found.items()]
    return JSONResponse({"measures": shown})


@answers("/api/class/results")
async def _results(request: Request, room: Classroom) -> Response:
    """Of the teacher, again and again: predictions, each student's difference, the pooled interval."""
    _only_teacher(request)
    of_class = _class_of(room)
    students = [_student_shown(student) for student in of_class.by_number()]
    about = {"assignment": _shown(of_class.assignment), "join": room.join_address, "code": room.visitors.code}
    return JSONResponse({**about, "students": students, "pooled": of_class.pooled()})


@answers("/api/class/results.csv")
async def _csv(request: Request, room: Classroom) -> Response:
    """Of the teacher: the same to keep."""
    _only_teacher(request)
    headers = {"Content-Disposition": 'attachment; filename="class.csv"'}
    return Response(_class_of(room).as_csv(), media_type="text/csv", headers=headers)


def _class_of(room: Classroom) -> Class:
    if room.of_class is None:
        raise RequestError("this is no class", "start it with: local-citizenship explore --class", 404)
    return room.of_class


def _only_teacher(request: Request) -> None:
    if not request.scope["teacher"]:
        raise RequestError("only the teacher's screen can do this", status=403)


def _token(request: Request) -> str:
    token = request.scope["visitor"]
    if not token:
        raise RequestError("open /class first", "the page gives you a seed of your own", 401)
    return token


def _student_shown(student: Student) -> dict[str, Any]:
    shown = {**asdict(student), "difference": student.difference, "seed": str(student.seed)}
    return {name: None if isinstance(v, float) and not math.isfinite(v) else v for name, v in shown.items()}


def _shown(assignment: Assignment | None) -> dict[str, Any] | None:
    if assignment is None:
        return None
    words = ("round", "question", "measure", "label", "unit")
    worlds = {
        name: {"scenario": world.scenario, "months": world.months, "sets": list(world.sets)}
        for name, world in (("a", assignment.a), ("b", assignment.b))
    }
    return {**{name: getattr(assignment, name) for name in words}, **worlds}
