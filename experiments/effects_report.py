"""docs/effects.md: what each mechanism does, as measured."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ruamel.yaml import YAML

from .effects import Effect, as_table
from .mechanisms import Mechanism, settings_text

SHOWN = 6  # outcomes shown for each mechanism, those it moves most


def write_effects(
    path: Path,
    effects: list[Effect],
    *,
    command: str,
    mechanisms: Sequence[Mechanism],
    scenario: str,
) -> Path:
    """Write the report, and all its numbers as CSV beside it."""
    notes = read_notes(path.with_name("effects-notes.yaml"))
    pairs = max(effect.pairs for effect in effects)
    numbers = path.with_suffix(".csv").name
    lines = [
        "# What each mechanism does",
        "",
        f"Made by `{command}`: scenario `{scenario}`, {pairs} pairs of runs a mechanism. In each pair one run has the "
        "mechanism on and one has it off; both have the same seed, so the same people meet with the same luck.",
        "",
        "A change is **on minus off**: what the mechanism adds, with its 95% interval (t, over pairs). Shown are the "
        f"outcomes whose interval leaves zero out, at most {SHOWN}, those first that change most for their size; all "
        f"outcomes are in [{numbers}]({numbers}). With so many comparisons, some small effects are luck.",
        "",
    ]
    for mechanism in mechanisms:
        found = [effect for effect in effects if effect.mechanism == mechanism.id]
        lines += [f"## {mechanism.id}: {mechanism.name}", ""]
        if mechanism.brought_in:
            lines += [
                f"Brought in for the comparison: {', '.join(f'`{each}`' for each in settings_text(mechanism.brought_in))}.",
                "",
            ]
        lines += [f"Off: {', '.join(f'`{each}`' for each in settings_text(mechanism.without))}.", ""]
        lines += _table(found)
        if mechanism.id in notes:
            lines += [notes[mechanism.id].strip(), ""]
    path.write_text("\n".join(lines).rstrip() + "\n", encoding="utf-8")
    as_table(effects).round(6).to_csv(path.with_suffix(".csv"), index=False)
    return path


def _table(found: list[Effect]) -> list[str]:
    clear = sorted((e for e in found if e.clear), key=_size, reverse=True)
    if not clear:
        return ["**No outcome changes clearly.**", ""]
    rows = ["| outcome | on | off | change | 95% interval |", "|---|---|---|---|---|"]
    for effect in clear[:SHOWN]:
        interval = f"{number(effect.low, sign=True)} to {number(effect.high, sign=True)}"
        rows.append(
            f"| {effect.label} ({effect.unit}) | {number(effect.on)} | {number(effect.off)} | "
            f"{number(effect.change, sign=True)} | {interval} |"
        )
    if len(clear) > SHOWN:
        rows += ["", f"and {len(clear) - SHOWN} more."]
    return [*rows, ""]


def _size(effect: Effect) -> float:
    """Relative change."""
    return abs(effect.change) / max(1e-12, abs(effect.on), abs(effect.off))


def number(value: float, *, sign: bool = False) -> str:
    """A number as one reads it."""
    plus = "+" if sign else ""
    if abs(value) >= 100:
        return f"{value:{plus},.0f}"
    return f"{value:{plus}.3g}"


def read_notes(path: Path) -> dict[str, str]:
    """Hand-written remarks by mechanism; none if there is no such file."""
    if not path.exists():
        return {}
    return {
        str(key): str(value) for key, value in (YAML(typ="safe").load(path.read_text("utf-8")) or {}).items()
    }
