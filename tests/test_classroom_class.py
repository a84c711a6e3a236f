"""Class mode: each browser a seed of its own, run by the server, and one interval of all."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterator

import numpy as np
import pytest
from classroom import TestClient, answering, room, student

from local_citizenship.app.classroom import class_state
from local_citizenship.app.classroom.class_state import Class
from local_citizenship.app.classroom.class_teacher_routes import qr_code
from local_citizenship.app.classroom.requests import RequestError, RunRequest
from local_citizenship.experiments.replicates import seeds_for
from local_citizenship.outcomes.measures import main_outcomes
from local_citizenship.outcomes.simulate import simulate

MONTHS = 24
A = {"scenario": "two-towns", "months": MONTHS}
B = {**A, "sets": {"fear.weight": 0}}
QUESTION = {"question": "What if nobody were afraid?", "measure": "needs_met", "a": A, "b": B}


@pytest.fixture(scope="module")
def teacher() -> Iterator[TestClient]:
    of = room(class_mode=True, join_address="http://192.0.2.7:8765")
    with answering(of) as client:
        client.get(f"/teacher/{of.visitors.teacher_key}")
        yield client


def joined(teacher: TestClient) -> TestClient:
    """One more student, in front of the question."""
    browser = student(teacher)
    browser.get("/class")
    return browser


def you(browser: TestClient) -> dict:
    """What a student is told of itself."""
    return browser.get("/api/class/state").json()["you"]


@pytest.fixture(scope="module")
def students(teacher: TestClient) -> list[TestClient]:
    """Ten students, and the question is asked."""
    browsers = [joined(teacher) for _ in range(10)]
    for browser in browsers:
        you(browser)
    asked = teacher.post("/api/class/assign", json=QUESTION).json()
    assert asked["b"]["sets"] == ["fear.weight=0"]
    assert asked["b"]["words"] == ["Fear of apprehension: 0"]
    assert asked["a"]["words"] == []
    return browsers


@pytest.fixture(scope="module")
def answers(students: list[TestClient]) -> list[dict]:
    """All have predicted and run."""
    found = []
    for number, browser in enumerate(students):
        assert browser.post("/api/class/predict", json={"value": number / 100}).status_code == 200
        response = browser.post("/api/class/run", json={})
        assert response.status_code == 200, response.text
        found.append(response.json())
    return found


def needs_met(seed: int, *sets: str) -> float:
    return main_outcomes(simulate("two-towns", sets=sets, seed=seed, months=MONTHS))["needs_met"].value


def test_each_student_has_a_seed_of_its_own_and_keeps_it(students: list[TestClient]) -> None:
    for _ in range(2):
        states = [you(browser) for browser in students]
        assert [one["number"] for one in states] == list(range(1, 11))
        assert [one["seed"] for one in states] == [str(seed) for seed in seeds_for(1, 10)]


def test_what_pools_is_what_the_server_ran(teacher: TestClient, answers: list[dict]) -> None:
    for seed, answer in list(zip(seeds_for(1, 10), answers, strict=True))[:2]:
        assert answer["a"] == needs_met(seed)
        assert answer["b"] == needs_met(seed, "fear.weight=0")
    results = teacher.get("/api/class/results").json()
    assert results["join"] == "http://192.0.2.7:8765"
    assert [one["prediction"] for one in results["students"]] == [number / 100 for number in range(10)]
    differences = np.array([one["difference"] for one in results["students"]])
    assert len(set(differences)) > 5
    pooled = results["pooled"]
    assert pooled["n"] == 10
    assert pooled["mean"] == pytest.approx(differences.mean())
    half = 2.2621572 * differences.std(ddof=1) / np.sqrt(10)  # Student's t, 9 degrees of freedom
    assert pooled["high"] - pooled["mean"] == pytest.approx(half)
    assert pooled["mean"] - pooled["low"] == pytest.approx(half)


def test_all_answers_as_csv(teacher: TestClient, answers: list[dict]) -> None:
    rows = list(csv.DictReader(io.StringIO(teacher.get("/api/class/results.csv").text)))
    assert [float(row["difference"]) for row in rows] == [one["difference"] for one in answers]
    assert {row["measure"] for row in rows} == {"needs_met"}


def test_no_number_of_a_browser_enters_the_pool(teacher: TestClient, answers: list[dict], students) -> None:
    before = teacher.get("/api/class/results").json()["pooled"]
    forged = {"a": 0.0, "b": 1e9, "difference": 1e9, "value": 0.5}
    assert students[0].post("/api/class/run", json=forged).json()["difference"] == answers[0]["difference"]
    assert students[0].post("/api/class/predict", json={"value": 1.0}).status_code == 409  # too late
    assert teacher.get("/api/class/results").json()["pooled"] == before


@pytest.mark.parametrize("value", [None, "much", True, [1], 1e300])
def test_a_prediction_is_a_number(students: list[TestClient], value: object) -> None:
    response = students[1].post("/api/class/predict", json={"value": value})
    assert response.status_code == 400
    assert "must be a number" in response.json()["error"]


def test_students_cannot_do_what_the_teacher_does(students: list[TestClient], teacher: TestClient) -> None:
    assert students[3].post("/api/class/assign", json=QUESTION).status_code == 403
    for page in ("results", "results.csv"):
        assert students[3].get(f"/api/class/{page}").status_code == 403
    stranger = student(teacher)
    assert stranger.post("/api/class/predict", json={"value": 1}).status_code == 401


def test_no_run_without_a_prediction(teacher: TestClient) -> None:
    late = joined(teacher)
    you(late)
    response = late.post("/api/class/run", json={})
    assert response.status_code == 409
    assert "predict first" in response.json()["error"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"measure": "happiness"}, "there is no measure 'happiness'"),
        ({"b": None}, "world b is missing"),
        ({"b": {"scenario": "two-towns", "sets": {"fear.weight": 99}}}, "fear.weight is 99"),
        ({"a": {"scenario": "atlantis"}}, "there is no scenario"),
        ({"question": "x" * 401}, "question must be text"),
        ({"b": A}, "world A and world B are the same"),
        (
            {"b": {**A, "sets": {"fear.weight": 8}}},
            "is the same in world A and world B",
        ),  # which it is anyway
    ],
)
def test_a_question_that_cannot_be_asked_is_told_to_the_teacher(
    teacher: TestClient, changes: dict, words: str
) -> None:
    for how in ("try", "assign"):
        response = teacher.post(f"/api/class/{how}", json={**QUESTION, **changes})
        assert response.status_code == 400
        assert words in response.json()["error"]


def test_a_dry_run_tells_the_teacher_and_not_the_class() -> None:
    of = room(class_mode=True, workers=1)
    with answering(of) as teacher:
        teacher.get(f"/teacher/{of.visitors.teacher_key}")
        pupil = joined(teacher)
        tried = teacher.post("/api/class/try", json=QUESTION).json()
        assert tried["label"] == "Needs met"
        seeds = seeds_for(1, 2 * class_state.MOST_STUDENTS + 5)[-5:]
        assert tried["differences"][0] == needs_met(seeds[0], "fear.weight=0") - needs_met(seeds[0])
        assert tried["pooled"]["mean"] == pytest.approx(np.mean(tried["differences"]))
        assert (tried["pooled"]["n"], len(set(tried["differences"]))) == (5, 5)
        assert tried["seconds_each"] > 0.0
        assert pupil.get("/api/class/state").json()["assignment"] is None
        assert pupil.post("/api/class/try", json=QUESTION).status_code == 403


def test_rounds_are_kept_until_the_teacher_deletes_them() -> None:
    of = room(class_mode=True, workers=1)
    with answering(of) as teacher:
        teacher.get(f"/teacher/{of.visitors.teacher_key}")
        one, silent = joined(teacher), joined(teacher)
        seed = you(one)["seed"]
        you(silent)
        answers = []
        for number in (1, 2):
            asked = {**QUESTION, "question": f"=A1, {number}"}
            assert teacher.post("/api/class/assign", json=asked).json()["round"] == number
            empty = dict.fromkeys(("prediction", "a", "b", "difference"))
            assert you(one) == {"number": 1, "seed": seed, "running": False, **empty}
            one.post("/api/class/predict", json={"value": 0.1 * number})
            answers.append(one.post("/api/class/run", json={}).json())
        kept = teacher.get("/api/class/results").json()["kept"]
        assert [(one["assignment"]["round"], one["predicted"]) for one in kept] == [(1, 1)]
        assert kept[0]["pooled"]["mean"] == answers[0]["difference"]
        assert teacher.get("/api/class/round/1").json()["students"][0] == answers[0]
        assert teacher.get("/api/class/round/2").status_code == 404  # the present one
        assert one.get("/api/class/round/1").status_code == 403

        rows = list(csv.DictReader(io.StringIO(teacher.get("/api/class/results.csv").text)))
        assert [(row["round"], row["student"]) for row in rows] == [
            ("1", "1"),
            ("1", "2"),
            ("2", "1"),
            ("2", "2"),
        ]
        assert rows[0]["question"] == "'=A1, 1"  # which no spreadsheet computes
        assert float(rows[2]["off_by"]) == pytest.approx(abs(0.2 - answers[1]["difference"]))
        assert rows[2]["right_direction"] == ("yes" if answers[1]["difference"] > 0 else "no")
        assert (rows[1]["prediction"], rows[1]["off_by"], rows[1]["right_direction"]) == ("", "", "")

        assert one.post("/api/class/forget", json={}).status_code == 403
        assert teacher.post("/api/class/forget", json={}).status_code == 200
        results = teacher.get("/api/class/results").json()
        assert (results["assignment"], results["kept"], results["students"]) == (None, [], [])
        assert len(teacher.get("/api/class/results.csv").text.splitlines()) == 1
        assert you(silent)["number"] == 1


def test_the_code_is_a_picture_for_telephones(teacher: TestClient, students: list[TestClient]) -> None:
    picture = teacher.get("/api/class/qr.svg")
    assert picture.headers["content-type"] == "image/svg+xml"
    assert picture.content == qr_code("http://192.0.2.7:8765/class")  # this room has no code
    assert picture.content != qr_code("http://192.0.2.7:8765/join#K7QX2M")
    assert students[0].get("/api/class/qr.svg").status_code == 403


def test_there_may_be_no_picture(teacher: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "segno", None)  # as where it is not installed
    assert qr_code("http://192.0.2.7:8765/class") is None
    assert teacher.get("/api/class/qr.svg").status_code == 404


def test_in_a_full_class_the_place_of_a_silent_one_is_given_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(class_state, "MOST_STUDENTS", 3)
    world = RunRequest("two-towns", 1, MONTHS, (), "")
    of = Class(seed=1)
    about = {"question": "Why?", "measure": "needs_met", "label": "Needs met", "unit": "share of needs"}
    of.assign(**about, a=world, b=world)
    for token in ("a", "b", "c"):
        of.student(token)
    of.predict("a", 1.0)
    of.student("b")
    assert of.student("d").number == 4  # in the place of c, who has not been seen for longest
    assert of.student("d").seed == seeds_for(1, 4)[-1]
    assert [student.number for student in of.by_number()] == [1, 2, 4]
    of.predict("b", 1.0)
    of.predict("d", 1.0)
    with pytest.raises(RequestError, match="the class is full: 3 have answered"):
        of.student("e")
    assert of.student("a").prediction == 1.0
