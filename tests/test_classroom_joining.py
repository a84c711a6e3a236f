"""Coming in by the code: a right one never waits for others' wrong ones, and nobody crowds a class out."""

from __future__ import annotations

import time

import pytest
from classroom import TestClient, answering, room, student

from local_citizenship.app.classroom import visitors as visiting
from local_citizenship.app.classroom.guard import origin_of
from local_citizenship.app.classroom.visitors import MOST_WAITING, TRIES_A_MINUTE, Visitors, new_code

CODE = "K7QX2M"
SCHOOL = "192.0.2.9"


def join(browser: TestClient, code: str) -> int:
    return browser.post("/api/join", json={"code": code}).status_code


def test_a_right_code_is_never_refused_and_wrong_ones_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visiting, "SECONDS_FOR_WRONG_CODE", 0.2)
    with answering(room(visitors=Visitors(code=CODE), workers=1)) as client:
        far = student(client, SCHOOL)
        for _ in range(TRIES_A_MINUTE):
            assert join(far, "AAAAAA") == 403
        began = time.perf_counter()
        for _ in range(3):
            assert join(far, "AAAAAA") == 403
        assert time.perf_counter() - began >= 0.6
        for _ in range(35):
            pupil = student(client, SCHOOL)
            assert join(pupil, CODE) == 200
            assert pupil.get("/api/scenarios").status_code == 200


def test_few_wrong_codes_wait_at_once() -> None:
    door = Visitors(code=CODE)
    tries = [door.wrong_code(SCHOOL) for _ in range(TRIES_A_MINUTE + MOST_WAITING + 1)]
    assert [one.__enter__() for one in tries][-2:] == [visiting.SECONDS_FOR_WRONG_CODE, None]
    for one in tries:
        one.__exit__(None, None, None)
    with door.wrong_code(SCHOOL) as seconds:
        assert seconds == visiting.SECONDS_FOR_WRONG_CODE
    assert not door._waiting


def test_wrong_codes_are_forgotten_after_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    door, now = Visitors(code=CODE), 0.0
    monkeypatch.setattr(visiting.time, "monotonic", lambda: now)
    for now in (*range(TRIES_A_MINUTE), 59.0, 200.0):
        with door.wrong_code(SCHOOL) as seconds:
            assert bool(seconds) is (now == 59.0), now


def test_where_too_many_come_from_the_one_longest_unseen_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visiting, "MOST_FROM_ONE_ORIGIN", 3)
    monkeypatch.setattr(visiting, "_MOST_VISITORS", 4)
    door = Visitors(code=CODE)
    teacher, elsewhere = door.enter("", teacher=True), door.enter("192.0.2.10")
    first, second, third = (door.enter(SCHOOL) for _ in range(3))
    assert door.come_again(first)
    fourth = door.enter(SCHOOL)
    assert [door.come_again(one) for one in (first, second, third, fourth)] == [True, False, True, True]
    door.enter("192.0.2.11")  # one too many in all: a place is found where most are
    assert [door.come_again(one) for one in (first, third, fourth)] == [False, True, True]
    assert door.come_again(elsewhere)
    assert door.come_again(teacher)
    assert door.is_teacher(teacher)
    assert not door.is_teacher(fourth)


@pytest.mark.parametrize(
    ("address", "origin"),
    [
        ("192.0.2.9", "192.0.2.9"),
        ("::ffff:192.0.2.9", "192.0.2.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::7%eth0", "2001:db8:1:2::/64"),
        ("testclient", "testclient"),
    ],
)
def test_what_counts_as_one_address(address: str, origin: str) -> None:
    assert origin_of(address) == origin


def test_codes_differ_and_are_easy_to_read() -> None:
    codes = {new_code() for _ in range(100)}
    assert len(codes) == 100
    assert not set("".join(codes)) & set("IO01")
