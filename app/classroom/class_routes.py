"""Class mode over the web: how one comes in, and what a student's browser asks for."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from starlette.responses import JSONResponse, RedirectResponse, Response

from ...outcomes.invocation import typed
from ...scenarios.languages import tr
from . import artifacts
from .class_state import Assignment, Class, Student
from .guard import with_token
from .requests import RequestError, RunRequest, json_body, requested_text
from .web import answers, origin_of_request, page_in_language, page_with_token, unless_gone, who
from .worker import Work

if TYPE_CHECKING:
    from starlette.requests import Request

    from .classroom import Classroom


@answers("/join")
async def _join_page(request: Request, room: Classroom) -> Response:
    return page_in_language(room, "join.html")


@answers("/api/join", "POST")
async def _join(request: Request, room: Classroom) -> Response:
    """Of anybody: to come in with the code."""
    given = requested_text((await json_body(request)).get("code", ""), "code", 40)
    visitors, origin = room.visitors, origin_of_request(request)
    if not visitors.is_code(given):
        with visitors.wrong_code(origin) as seconds:
            if seconds is None:
                hint = tr("wait a moment, and look at the teacher's screen")
                raise RequestError(tr("too many wrong codes"), hint, 429, 2)
            await asyncio.sleep(seconds)
        raise RequestError(tr("this is not the code"), tr("look at the teacher's screen"), 403)
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
    teacher, of_class = request.scope["teacher"], class_of(room)
    assigned = assignment_shown(of_class.assignment)
    if teacher:
        return JSONResponse({"teacher": True, "assignment": assigned, "scenarios": list(room.scenarios)})
    student = of_class.student(_token(request))
    return JSONResponse({"teacher": False, "assignment": assigned, "you": student_shown(student)})


@answers("/api/class/predict", "POST")
async def _predict(request: Request, room: Classroom) -> Response:
    """Of a student: `{value}`, the prediction of B less A."""
    value = (await json_body(request)).get("value")
    if (
        isinstance(value, bool) or not isinstance(value, (int, float)) or not abs(value) <= 1e12
    ):  # NaN neither
        hint = tr("how much larger will it be in world B than in world A?")
        raise RequestError(tr("the prediction must be a number"), hint)
    return JSONResponse(student_shown(class_of(room).predict(_token(request), float(value))))


@answers("/api/class/run", "POST")
async def _run(request: Request, room: Classroom) -> Response:
    """Of a student: the server runs A and B with the student's seed."""
    await json_body(request)
    assignment, student = class_of(room).begin(_token(request))
    try:
        found = await outcomes_of(request, room, (assignment.a, assignment.b), student.seed)
        student.a, student.b = (values[assignment.measure]["value"] for values in found)
    finally:
        student.running = False
    return JSONResponse(student_shown(student))


async def outcomes_of(
    request: Request, room: Classroom, worlds: Sequence[RunRequest], seed: int
) -> list[dict[str, Any]]:
    """The main outcomes of each world with this seed."""
    works = [room.runs.work(replace(world, seed=seed)) for world in worlds]
    runs = (room.runs.make(work, who(request), artifacts.outcomes) for work in works)
    return await asyncio.gather(*runs)


@answers("/api/class/measures")
async def _measures(request: Request, room: Classroom) -> Response:
    """Of both: the measures that can be asked about."""
    small = Work("two-towns", months=12)  # for the names alone
    found = await unless_gone(request, room.runs.make(small, who(request), artifacts.outcomes))
    shown = [{"name": name, "label": one["label"], "unit": one["unit"]} for name, one in found.items()]
    return JSONResponse({"measures": shown})


def class_of(room: Classroom) -> Class:
    """The class. Errors: RequestError where there is none."""
    if room.of_class is None:
        hint = tr("start it with: {command}", command=typed("explore --class"))
        raise RequestError(tr("this is no class"), hint, 404)
    return room.of_class


def _token(request: Request) -> str:
    token = request.scope["visitor"]
    if not token:
        raise RequestError(tr("open /class first"), tr("the page gives you a seed of your own"), 401)
    return token


def student_shown(student: Student) -> dict[str, Any]:
    """A student as pages are told of it."""
    shown = {**asdict(student), "difference": student.difference, "seed": str(student.seed)}
    return {name: None if isinstance(v, float) and not math.isfinite(v) else v for name, v in shown.items()}


def assignment_shown(assignment: Assignment | None) -> dict[str, Any] | None:
    """A question as pages are told of it."""
    if assignment is None:
        return None
    words = ("round", "question", "measure", "label", "unit")
    worlds = {
        name: {
            "scenario": world.scenario,
            "months": world.months,
            "sets": list(world.sets),
            "words": list(said),
        }
        for name, world, said in zip("ab", (assignment.a, assignment.b), assignment.words, strict=True)
    }
    return {**{name: getattr(assignment, name) for name in words}, **worlds}
