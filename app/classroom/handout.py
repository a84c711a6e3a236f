"""A hand-out: finished worlds in one HTML file, to be explored without any installation."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...scenarios.languages import current
from .artifacts import diaries, life_shown, lives_shown
from .bundle import one_file
from .words import page_words

if TYPE_CHECKING:
    from ...outcomes.run import Run

MOST_LIVES = 300  # told in full, of each world
LIVES_ROOM = 400_000  # bytes, packed, that lives may take in all


@dataclass(frozen=True)
class Exhibit:
    """One world of a hand-out. `label` tells it from the others; those of one `group` differ by the seed alone."""

    run: Run
    label: str
    group: str


def handout(exhibits: Iterable[Exhibit], page: Path, *, title: str = "", lives: int = MOST_LIVES) -> str:
    """The hand-out as HTML; `lives`: at most so many of each world are told in full, as far as there is room.

    Errors: OutputError if a run cannot be read.
    """
    content = handout_content(exhibits, title=title, lives=lives)
    return one_file(page, content, title=content["title"])


def handout_content(
    exhibits: Iterable[Exhibit], *, title: str = "", lives: int = MOST_LIVES
) -> dict[str, Any]:
    """What a hand-out holds, as PROTOCOL.md has it. Errors: OutputError if a run cannot be read."""
    from .payload import places_json, world_of
    from .payload_bytes import from_bytes

    content: dict[str, Any] = {
        "language": page_words(current().code),
        "title": title,
        "worlds": [],
        "places": {},
        "lives": {},
    }
    room = LIVES_ROOM
    for exhibit in exhibits:
        block = world_of(exhibit.run)
        header, _ = from_bytes(block)
        if any(world["id"] == header["id"] for world in content["worlds"]):
            continue  # the same run twice
        about = {"label": exhibit.label, "id": header["id"], "group": exhibit.group, "seed": header["seed"]}
        content["worlds"].append({**about, "data": packed(block)})
        if header["places_id"] not in content["places"]:
            content["places"][header["places_id"]] = packed(places_json(exhibit.run))
        told = _lives(exhibit.run, lives, room)
        if told is not None:
            content["lives"][header["id"]] = told
            room -= sum(len(data) for data in told.values())
        content["title"] = content["title"] or header["title"]
    return content


def _lives(run: Run, most: int, room: float) -> dict[str, str] | None:
    """The list of lives, and as many of them in full as fit into `room` bytes; None if there are none, or no room."""
    from ...outcomes.story import StoryError

    while most > 0:
        try:
            shown = lives_shown(run, most)
        except StoryError:
            return None
        chosen = [int(life["migrant"]) for life in shown["lives"]]
        few = diaries(run, chosen)  # quicker to look through, life after life
        told = {str(migrant): life_shown(few, migrant) for migrant in chosen}
        found = {"list": packed(_json(shown)), "told": packed(_json(told))}
        size = sum(len(data) for data in found.values())
        if size <= room:
            return found
        most = min(most - 1, int(most * room / size * 0.95))
    return None


def packed(data: bytes) -> str:
    """Data as gzip, in base64; the same data give the same text."""
    return base64.b64encode(gzip.compress(data, 9, mtime=0)).decode()


def _json(content: Any) -> bytes:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
