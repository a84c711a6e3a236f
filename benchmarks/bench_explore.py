"""The classroom's server: from a slider to the world in the browser's hands, and what a hand-out weighs.

The server is the real one, a process of its own on this machine; each request has a seed and a setting that it
has not met before, so that nothing comes from what it keeps. What the browser then takes to draw is not in it.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.common import ROOT, Figure, arguments, machine, median, report, spread

BAR_SMALL, BAR_LARGE = 0.08, 1.2  # seconds, of the 0.1 and 1.5 that a full redraw may take
BAR_PAYLOAD_SMALL, BAR_PAYLOAD_LARGE = 0.015, 0.15
BAR_HANDOUT = 3.0  # MB
SECONDS_TO_WARM = 6.0  # until both processes of the server are ready
SMALL, LARGE = "two-towns", "japan-sample"


@contextlib.contextmanager
def serving() -> Iterator[http.client.HTTPConnection]:
    """A connection to a server of its own."""
    command = [
        sys.executable,
        "-P",
        "-m",
        "local_citizenship.app",
        "explore",
        SMALL,
        "--no-browser",
        "--port",
        "0",
    ]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        address = process.stdout.readline().split()[-1]
        connection = http.client.HTTPConnection(address.removeprefix("http://").rstrip("/"), timeout=300)
        try:
            yield connection
        finally:
            process.terminate()


def seconds_to_world(connection: http.client.HTTPConnection, scenario: str, number: int) -> float:
    """From the request to the last byte of the world. Errors: RuntimeError if there is none."""
    asked = {"scenario": scenario, "seed": 1000 + number, "sets": {"fear.weight": number % 20}, "lane": "a"}
    started = time.perf_counter()
    connection.request("POST", "/api/run", json.dumps(asked), {"Content-Type": "application/json"})
    answer = connection.getresponse()
    data = answer.read()
    taken = time.perf_counter() - started
    if answer.status != 200 or b"LCW1" not in data:
        raise RuntimeError(data[:500].decode(errors="replace"))
    return taken


def seconds_to_reduce(scenario: str, rounds: int) -> list[float]:
    """A finished model to the bytes of its world."""
    from local_citizenship.app.classroom.payload import world_of
    from local_citizenship.model import LocalCitizenship
    from local_citizenship.outcomes.run import Run

    model = LocalCitizenship(scenario)
    model.run()
    taken = []
    for _ in range(rounds + 1):
        started = time.perf_counter()
        world_of(Run.from_model(model))
        taken.append(time.perf_counter() - started)
    return taken[1:]  # the first loads what it needs


def handed_out(scenario: str) -> tuple[float, float]:
    """Megabytes of a hand-out of one run with its lives, and seconds to make it of the finished run."""
    from local_citizenship.app.classroom.bundle import PAGE
    from local_citizenship.app.classroom.handout import Exhibit, handout
    from local_citizenship.model import LocalCitizenship
    from local_citizenship.outcomes.run import Run
    from local_citizenship.outcomes.whole_folder import write_whole

    model = LocalCitizenship(scenario)
    model.run()
    run = Run.from_model(model)
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        page = Path(folder) / "lesson.html"
        write_whole(page, handout([Exhibit(run, scenario, scenario)], PAGE))
        return page.stat().st_size / 1e6, time.perf_counter() - started


def main() -> None:
    parser = arguments(__doc__, rounds=9)
    options = parser.parse_args()
    about = machine()
    figures = []
    with serving() as connection:
        seconds_to_world(connection, SMALL, 0)
        time.sleep(SECONDS_TO_WARM)
        connection.close()  # which the server has given up meanwhile; the next request opens another
        for scenario in (SMALL, LARGE):  # each process reads the scenario once
            seconds_to_world(connection, scenario, 0)
            seconds_to_world(connection, scenario, 1)
        for scenario, bar in ((SMALL, BAR_SMALL), (LARGE, BAR_LARGE)):
            taken = [seconds_to_world(connection, scenario, 2 + number) for number in range(options.rounds)]
            figures.append(
                Figure(f"slider to world, {scenario}", median(taken), "s", bar, note=spread(taken))
            )
    for scenario, bar in ((SMALL, BAR_PAYLOAD_SMALL), (LARGE, BAR_PAYLOAD_LARGE)):
        taken = seconds_to_reduce(scenario, options.rounds)
        figures.append(Figure(f"model to world, {scenario}", median(taken), "s", bar, note=spread(taken)))
    for scenario in (SMALL, LARGE):
        size, seconds = handed_out(scenario)
        figures.append(Figure(f"hand-out of {scenario}", size, "MB", BAR_HANDOUT, note="with lives"))
        figures.append(Figure(f"making it, {scenario}", seconds, "s", note="from a finished run"))
    report("explore", figures, about, options.json)


if __name__ == "__main__":
    main()
