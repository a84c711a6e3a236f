"""`explore`: the model in the browser, for oneself or for a class."""

from __future__ import annotations

import contextlib
import signal
import socket
import threading
import time
import webbrowser
from typing import Annotated, Any

from typer import Argument, Option

from ..scenarios.languages import language_for
from ..scenarios.languages.kinds import AUTO
from .console import UsageMistake, out, say
from .options import MaxTable, speak

LOOPBACK = "127.0.0.1"
EVERYWHERE = "0.0.0.0", "::"
USUAL_PORT = 8765
INSTALL = (
    "explore needs more packages: `python3 start.py explore` installs them by itself, "
    'and so does pip install "local-citizenship[classroom]"'
)


def explore(
    scenario: Annotated[
        str, Argument(metavar="SCENARIO", help="A shipped scenario (see `list`) or a scenario file.")
    ] = "two-towns",
    port: Annotated[int | None, Option(min=0, max=65535, help="The port; a free one if left out.")] = None,
    host: Annotated[
        str,
        Option(help="Who can reach it: 127.0.0.1 is this machine alone; 0.0.0.0 its network, with a code."),
    ] = LOOPBACK,
    seed: Annotated[
        int | None, Option(help="The luck to begin with; the scenario's own if left out.")
    ] = None,
    _: MaxTable = None,
    language: Annotated[
        str,
        Option(
            "--lang",
            metavar="CODE",
            help="Language of the page and of lives: en, ja, ko, es, it; auto: the page in each browser's.",
        ),
    ] = "en",
    no_browser: Annotated[bool, Option("--no-browser", help="Do not open a browser.")] = False,
    class_mode: Annotated[
        bool, Option("--class", help="Class mode: each student runs a seed, the results are pooled.")
    ] = False,
) -> None:
    """Explore a scenario in the browser: move a slider, and the whole history runs again."""
    try:
        import starlette  # noqa: F401  (named, so that its absence is noticed here)

        from .classroom.classroom import open_classroom
        from .classroom.serving import server_for
    except ImportError as error:
        raise UsageMistake(INSTALL) from error
    if not host.strip():
        raise UsageMistake(
            f"--host is empty: give {LOOPBACK} for this machine alone, 0.0.0.0 for its network"
        )
    speak(language)
    room = open_classroom(scenario, seed=seed, host=host, class_mode=class_mode)
    room.language = AUTO if language.lower() == AUTO else language_for(language).code
    code = room.visitors.code
    page = f"/teacher/{room.visitors.teacher_key}" if class_mode or code is not None else "/"
    with _listening(host, port) as (listener, number):
        host = as_bound(host, listener)
        room.join_address = join_address(host, number)
        own = f"http://{LOOPBACK if host == '0.0.0.0' else _shown(host)}:{number}{page}"
        if code is None:
            say(f"Explore {room.first}: {own}")
        else:
            say(f"Yours:    {own}", f"Students: {room.join_address}", f"Code:     {code}")
        say("Ctrl-C stops it.")
        server = server_for(room)
        threading.Thread(target=_say_if_cold, daemon=True).start()
        if not no_browser:
            threading.Thread(target=_open, args=(server, own), daemon=True).start()
        with contextlib.suppress(KeyboardInterrupt):
            if hasattr(signal, "SIGHUP"):  # the server minds the other ways to be stopped by itself
                signal.signal(signal.SIGHUP, server.handle_exit)
            server.run(sockets=[listener])
    out().print("Stopped.")


def _say_if_cold() -> None:
    """Aside, since finding out takes longer than the rest of the start."""
    from ..agents.code_cache import cache_is_cold

    if cache_is_cold():
        out().print("Compiling the rules, once: the first run waits about half a minute.")


@contextlib.contextmanager
def _listening(host: str, port: int | None) -> Any:
    """A socket that listens, and its port. Errors: UsageMistake if the port or the address can't be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    tries = [port] if port is not None else [USUAL_PORT, 0]
    # Said to be TCP: else asyncio would not switch off Nagle's delay, which costs 40 ms between two frames.
    with socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        for each in tries:
            try:
                listener.bind((host, each))
            except (OSError, UnicodeError) as error:
                if each == tries[-1]:
                    reason = getattr(error, "strerror", None) or str(error)
                    raise UsageMistake(f"{host}, port {each}, can't be listened at: {reason}") from error
                continue
            break
        listener.listen(256)
        yield listener, listener.getsockname()[1]


def as_bound(host: str, listener: socket.socket) -> str:
    """`host`; where it is another way to say all addresses of this machine (as 0), the usual one."""
    bound = str(listener.getsockname()[0])
    return bound if bound in EVERYWHERE else host


def join_address(host: str, port: int) -> str:
    """The address at which others on the network reach this machine."""
    if host not in EVERYWHERE:
        return f"http://{_shown(host)}:{port}"
    return f"http://{own_address()}:{port}"


def own_address() -> str:
    """This machine's address on its network, or its name if it has none. Nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # an address kept for documentation: it only chooses the way out
            return str(probe.getsockname()[0])
        except OSError:
            return socket.gethostname()


def _shown(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _open(server: Any, address: str) -> None:
    while not server.started:
        if server.should_exit:
            return
        time.sleep(0.02)
    webbrowser.open(address)
