"""What stands before every request: who may come in, from where, and what a browser may do with the answer.

- The Host header must be an address, or a name of this machine: a page elsewhere whose name is made to point
  here (DNS rebinding) gets nothing.
- A POST must come from our own page (Origin, Sec-Fetch-Site). No answer may be read by another site's page.
- With a join code, nothing but the page `/join` is open to those who have not given it (see visitors.py).
"""

from __future__ import annotations

import ipaddress
import socket
from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse, RedirectResponse, Response

from .visitors import Visitors

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

COOKIE = "classroom"
_METHODS = frozenset({"GET", "HEAD", "POST"})
_OPEN = frozenset(
    (
        *("/join", "/favicon.ico", "/api/join", "/page/style.css", "/page/class.css"),
        *("/page/join.js", "/page/languages.js", "/page/words.js"),
    )
)
POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


class Guard:
    """What every request passes first. `hosts`: further names by which this machine may be called."""

    def __init__(self, app: ASGIApp, visitors: Visitors, hosts: tuple[str, ...] = ()) -> None:
        self._app, self._visitors = app, visitors
        own = socket.gethostname().lower()
        self._hosts = frozenset({"localhost", own, f"{own}.local", *(host.lower() for host in hosts)})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":  # no websockets here
            await send({"type": "websocket.close", "code": 1008})
            return
        headers = Headers(scope=scope)
        token = token_of(headers)
        scope["visitor"] = token if self._visitors.come_again(token) else ""
        scope["teacher"] = self._visitors.is_teacher(token)
        refusal = self._refusal(scope, headers)

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                out = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    out.setdefault(name, value)
            await send(message)

        await (refusal or self._app)(scope, receive, send_guarded)

    def _refusal(self, scope: Scope, headers: Headers) -> Response | None:
        if scope["method"] not in _METHODS:
            return error_response("only GET and POST are answered", status=405)
        if not self._is_own_name(headers.getlist("host")):
            hint = "use the address that it printed when it started"
            return error_response("this server is not called by that name", hint, 421)
        if scope["method"] == "POST" and not _is_own_page(headers):
            return error_response("this request comes from another site's page", status=403)
        if self._visitors.code is not None and not scope["visitor"] and not _is_join_page(scope["path"]):
            if scope["path"].startswith("/api/"):
                return error_response("join the class first", "the code is on the teacher's screen", 401)
            return RedirectResponse("/join", status_code=303)
        return None

    def _is_own_name(self, given: list[str]) -> bool:
        if len(given) != 1:
            return False
        try:
            parts = urlsplit(f"//{given[0]}")
            name = (parts.hostname or "").rstrip(".").lower()
            _ = parts.port  # which must be a number
        except ValueError:
            return False
        if parts.path or parts.query or parts.fragment or "@" in given[0]:
            return False
        return name in self._hosts or _is_address(name)


def error_response(
    message: str, hint: str = "", status: int = 400, retry_after: int | None = None
) -> JSONResponse:
    """A refusal as the page reads it."""
    headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
    return JSONResponse({"error": message, "hint": hint}, status, headers)


def token_of(headers: Headers) -> str:
    """The token in the visitor's cookie, or nothing."""
    try:
        cookies = SimpleCookie(headers.get("cookie", "")[:4096])
    except CookieError:
        return ""
    return cookies[COOKIE].value if COOKIE in cookies else ""


def with_token(response: Any, token: str) -> Any:
    """The answer, with the token as a cookie that scripts cannot read and other sites' pages do not send."""
    response.set_cookie(COOKIE, token, max_age=12 * 3600, httponly=True, samesite="strict")
    return response


def is_loopback(host: str) -> bool:
    """Whether nobody but this machine can reach `host`, a name or an address."""
    return host.lower() == "localhost" or (_is_address(host) and ipaddress.ip_address(host).is_loopback)


def origin_of(address: str) -> str:
    """Who is counted as one: an address, or with IPv6 the network of one household or school (its first 64 bits)."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(ipaddress.IPv6Network((int(found) >> 64 << 64, 64)))


def _is_address(name: str) -> bool:
    """A bare address cannot be rebound: there is no name to look up."""
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _is_own_page(headers: Headers) -> bool:
    if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return False
    origin = headers.get("origin")
    if origin is None:
        return True  # not a browser: those name the origin with every POST
    return origin.lower() in {f"{scheme}://{headers['host']}".lower() for scheme in ("http", "https")}


def _is_join_page(path: str) -> bool:
    return path in _OPEN or path.startswith(("/teacher/", "/words/"))
