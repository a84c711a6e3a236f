"""Who has come in, and how: by the code, or by the teacher's own address.

A right code is never refused, whatever others behind the same address have tried: a whole school comes from one. It is
wrong ones that wait for their answer. A code has 6 of 32 letters: who guesses as fast as the server can answer,
some 1,000 a second, finds it within two lessons once in a hundred tries.
"""

from __future__ import annotations

import secrets
import time
from collections import Counter, OrderedDict, deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

CODE_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # without those that are mistaken for one another
CODE_LENGTH = 6
TRIES_A_MINUTE = 10  # wrong codes from one origin that are answered at once
SECONDS_FOR_WRONG_CODE = 2.0  # until each further one is answered
MOST_WAITING = 20  # wrong codes of one origin at once; they hold connections
MOST_FROM_ONE_ORIGIN = 400
_MOST_VISITORS = 10_000
_MOST_ORIGINS = 10_000


def new_code() -> str:
    """A code for a class to join by, as K7QX2M."""
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))


@dataclass
class Visitors:
    """Who has come in: a token in a cookie each. `code`: what must be given to come in, None if nothing.

    The teacher comes by an address that holds `teacher_key`, and nobody else can. An origin is what counts as one
    address (see guard.origin_of); where one has too many visitors, the one longest unseen has to come in again.
    """

    code: str | None = None
    teacher_key: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    _teachers: set[str] = field(default_factory=set)
    _origins: dict[str, str] = field(default_factory=dict)  # by token
    # origin -> tokens, the one longest unseen first
    _tokens: dict[str, OrderedDict[str, None]] = field(default_factory=dict)
    _wrong: OrderedDict[str, deque[float]] = field(default_factory=OrderedDict)
    _waiting: Counter[str] = field(default_factory=Counter)

    def enter(self, origin: str, *, teacher: bool = False) -> str:
        """Let somebody in; returns their token."""
        token = secrets.token_urlsafe(24)
        if teacher:
            self._teachers.add(token)
            return token
        if len(self._tokens.get(origin, ())) >= MOST_FROM_ONE_ORIGIN:
            self._forget_one_of(origin)
        elif len(self._origins) >= _MOST_VISITORS:
            self._forget_one_of(max(self._tokens, key=lambda each: len(self._tokens[each])))
        self._origins[token] = origin
        self._tokens.setdefault(origin, OrderedDict())[token] = None
        return token

    def _forget_one_of(self, origin: str) -> None:
        token, _ = self._tokens[origin].popitem(last=False)
        del self._origins[token]
        if not self._tokens[origin]:
            del self._tokens[origin]

    def come_again(self, token: str) -> bool:
        """Whether this token was given out; if so, it has been seen now."""
        if token in self._origins:
            self._tokens[self._origins[token]].move_to_end(token)
            return True
        return token in self._teachers

    def is_teacher(self, token: str) -> bool:
        """Whether this is a teacher's token."""
        return token in self._teachers

    def is_code(self, given: str) -> bool:
        """Whether this is the code, or none is needed."""
        return self.code is None or secrets.compare_digest(given.strip().upper().encode(), self.code.encode())

    @contextmanager
    def wrong_code(self, origin: str) -> Iterator[float | None]:
        """Of a wrong code: the seconds to wait before saying so; None where too many wait already."""
        now = time.monotonic()
        latest = self._wrong.setdefault(origin, deque(maxlen=TRIES_A_MINUTE))
        self._wrong.move_to_end(origin)
        if len(self._wrong) > _MOST_ORIGINS:
            self._wrong.popitem(last=False)
        often = len(latest) == TRIES_A_MINUTE and now - latest[0] < 60.0
        latest.append(now)
        if not often:
            yield 0.0
        elif self._waiting[origin] >= MOST_WAITING:
            yield None
        else:
            self._waiting[origin] += 1
            try:
                yield SECONDS_FOR_WRONG_CODE
            finally:
                self._waiting[origin] -= 1
                self._waiting += Counter()  # which keeps none that is zero

    def is_teacher_key(self, given: str) -> bool:
        """Whether the teacher's address was used."""
        return secrets.compare_digest(given.encode(), self.teacher_key.encode())
