"""What a browser asks for, read with suspicion: every mistake becomes one sentence and a status, never a crash."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ...scenarios.errors import did_you_mean
from ...scenarios.settings import HIGHEST_SEED, MOST_MONTHS

if TYPE_CHECKING:
    from starlette.requests import Request

MOST_BYTES = 64 * 1024
SECONDS_FOR_BODY = 10.0
MOST_SETS = 400
_LONGEST_TEXT = 200
LARGEST = 1e300  # a whole number of JSON may be larger than any float, which is no value of a parameter


class RequestError(Exception):
    """A request that can't be met; `status` is HTTP's, `message` says why, `hint` what would do."""

    def __init__(
        self, message: str, hint: str = "", status: int = 400, retry_after: int | None = None
    ) -> None:
        super().__init__(message)
        self.message, self.hint, self.status, self.retry_after = message, hint, status, retry_after


@dataclass(frozen=True)
class RunRequest:
    """A run as it is asked for, sound but for what only the scenario can tell."""

    scenario: str
    seed: int | None
    months: int | None
    sets: tuple[str, ...]
    lane: str


async def json_body(request: Request) -> dict[str, Any]:
    """The body, a JSON object of at most MOST_BYTES. Errors: RequestError."""
    from starlette.requests import ClientDisconnect  # which a notebook, whose page has no server, is without

    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise RequestError(f"the body is {kind or 'of no kind'}, but must be application/json", status=415)
    length = request.headers.get("content-length", "0")
    if not length.isdecimal() or len(length) > 9 or int(length) > MOST_BYTES:
        raise _too_large()
    body = b""
    try:
        async with asyncio.timeout(SECONDS_FOR_BODY):
            async for chunk in request.stream():
                body += chunk
                if len(body) > MOST_BYTES:
                    raise _too_large()
    except ClientDisconnect:
        raise client_gone() from None
    except TimeoutError:
        raise RequestError("the body did not come in time", status=408) from None
    try:
        content = json.loads(body, parse_constant=_no_such_number)
    except (ValueError, RecursionError):
        raise RequestError("the body is not JSON") from None
    if not isinstance(content, dict):
        raise RequestError('the body must be a JSON object, as {"scenario": "two-towns"}')
    return content


def client_gone() -> RequestError:
    """What ends the work for a client that has gone away; nobody reads it."""
    return RequestError("the client has gone away", status=499)


def run_request(content: Any, scenarios: Mapping[str, str]) -> RunRequest:
    """The run that a JSON object asks for; `scenarios` are the names that may be asked for. Errors: RequestError."""
    if not isinstance(content, dict):
        raise RequestError('a run is asked for by an object, as {"scenario": "two-towns"}')
    if unknown := sorted(set(content) - {"scenario", "seed", "months", "sets", "lane"}):
        raise RequestError(f"unknown key {_short(unknown[0])}", did_you_mean(unknown[0][:99], _KEYS) or "")
    return RunRequest(
        requested_scenario(content.get("scenario"), scenarios),
        _whole(content, "seed", 0, HIGHEST_SEED),
        _whole(content, "months", 1, MOST_MONTHS),
        requested_sets(content.get("sets")),
        requested_text(content.get("lane", ""), "lane", 40),
    )


_KEYS = ("scenario", "seed", "months", "sets", "lane")


def requested_scenario(name: Any, scenarios: Mapping[str, str]) -> str:
    """A scenario by its name, among those there are. Errors: RequestError."""
    if not isinstance(name, str) or name not in scenarios:
        hint = did_you_mean(name[:99], scenarios) if isinstance(name, str) else None
        raise RequestError(
            f"there is no scenario {_short(name)}", hint or f"there are {', '.join(scenarios)}"
        )
    return name


def requested_sets(given: Any) -> tuple[str, ...]:
    """Values of parameters, path -> value, as `--set` takes them. Errors: RequestError."""
    if given is None:
        return ()
    if not isinstance(given, dict) or len(given) > MOST_SETS:
        raise RequestError(f"sets must be an object of at most {MOST_SETS} parameters with their values")
    for path in given:
        # Whether a scenario has it (entries of its own among them), the scenario will say.
        if not re.fullmatch(r"[a-z_]{1,40}(\.[a-z0-9_]{1,40}){1,3}", path):
            raise RequestError(f"unknown parameter {_short(path)}")
    return tuple(f"{path}={_value(path, value)}" for path, value in given.items())


def requested_text(given: Any, name: str, longest: int) -> str:
    """A short text without control characters. Errors: RequestError."""
    if not isinstance(given, str) or len(given) > longest or not given.isprintable():
        raise RequestError(f"{name} must be text of at most {longest} characters")
    return given


def _value(path: str, value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)) and abs(value) < LARGEST and len(text := repr(value)) < 40:
        return text
    if isinstance(value, str) and re.fullmatch(r"[A-Za-z][A-Za-z0-9_-]{0,39}", value):
        return value
    raise RequestError(f"{path} is {_short(value)}, which is no value that it can have")


def _whole(content: Mapping[str, Any], name: str, low: int, high: int) -> int | None:
    """A whole number, or one written out (JavaScript's own have but 53 bits), or None if it is left out."""
    value = content.get(name)
    if value is None:
        return None
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,19}", value):
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        raise RequestError(f"{name} is {_short(value)}, but must be a whole number from {low} to {high:,}")
    return value


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=True) if not isinstance(value, (dict, list)) else "a list or object"
    return text if len(text) <= _LONGEST_TEXT else text[:_LONGEST_TEXT] + "..."


def _no_such_number(text: str) -> float:
    raise ValueError(text)


def _too_large() -> RequestError:
    return RequestError(f"the request is too large: at most {MOST_BYTES // 1024} kB are read", status=413)
