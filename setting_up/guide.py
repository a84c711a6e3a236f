"""What `python3 start.py` tells: every command in plain words, before anything is installed."""

from __future__ import annotations

_HEAD = """\
    python3 start.py COMMAND ...       the first call sets everything up in the folder .venv, and says so
    python3 start.py COMMAND --help    what the command takes (start.py's own, marked *, take none)
"""

_FOOT = """\
Begin with `python3 start.py run two-towns`. A scenario is a name that `list` tells, or a file of your own.
Should .venv ever be out of order, delete that folder: the next call makes it anew."""

# For whom -> command -> what it does.
GROUPS: dict[str, dict[str, str]] = {
    "To run a scenario": {
        "list": "which scenarios there are, and the question each asks",
        "run": "simulate a scenario; leaves a folder of tables and figures",
        "explore": "move sliders in the browser, and watch history change; with --class for a whole class",
        "story": "one life of a run, in plain sentences",
        "measures": "what came of a run, by year and by group, and what each measure is",
        "plot": "draw the figures of a run again, or any measure as a chart, by what you split it",
        "places": "what a run says of some of its places, and, if its table tells, what was observed there",
    },
    "To teach": {
        "lessons": "the lessons, their exercises, and the answers",
        "notebook": "* open the lessons as notebooks in the browser",
        "handout": "one file that a class opens in a browser, with nothing to install",
    },
    "To ask a question of your own": {
        "new": "write a scenario file with comments, to begin from",
        "check": "find the mistakes in a scenario file, and tell what it holds",
        "explain": "what a parameter means: unit, range, source",
        "glossary": "what a word or a code means: denizen, take-up, E3, D5, P29",
        "compare": "scenarios or runs side by side: what was changed, what came of it, for whom",
        "study": "many runs from one file, which survive a power cut; and what they say",
        "sensitivity": "which parameters the results of a study rest on",
        "calibrate": "fit parameters to what was observed, and keep all that fit",
    },
    "To judge the model": {
        "schedule": "the order of a month, and of a month in a life",
        "mechanisms": "what the article claims, the rule for it, and how to switch it off",
        "effects": "what each mechanism does, switched off in turn (takes long)",
        "patterns": "hold the model against figures from the article and official sources",
    },
    "To change the project": {
        "test": "* style, types and tests (what follows goes to pytest)",
        "types": "* types only",
        "site": "* the documentation as pages for a browser, in build/site",
        "migrate": "rewrite files, studies and runs that an earlier release made",
    },
}
COMMANDS = [command for group in GROUPS.values() for command in group]


def guide() -> str:
    """All of it, as it is printed."""
    lines = ["Local citizenship: what cities and NGOs give migrants, and who gets it.", "", _HEAD]
    for title, group in GROUPS.items():
        lines += [title, *(f"    {command:<12} {told}" for command, told in group.items()), ""]
    return "\n".join([*lines, _FOOT])
