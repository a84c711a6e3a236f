"""For the kernels of tutorials and lessons: a figure that is shown says what it is to whoever can't see it.

build.py lays this file among the start-up files of IPython. The text goes into the picture's own description, where
directives.py looks for it.
"""

from __future__ import annotations

from typing import Any

from IPython.core import pylabtools


def told(figure: Any) -> str:
    """Titles, axes and legends of a figure, in sentences."""
    parts = [
        figure.get_suptitle(),
        *(text.get_text() for text in figure.texts if text.get_gid() == "subtitle"),
    ]
    for axes in figure.axes:
        parts.append(axes.get_title(loc="left") or axes.get_title())
        parts += [
            f"{name}: {label}"
            for name, label in (("Across", axes.get_xlabel()), ("Up", axes.get_ylabel()))
            if label
        ]
        if legend := axes.get_legend():
            parts.append(f"Shown: {', '.join(text.get_text() for text in legend.get_texts())}")
    said = dict.fromkeys(" ".join(part.split()).rstrip(".") for part in parts)
    return ". ".join(["Chart", *filter(None, said)]) + "."


def with_text(plain: Any) -> Any:
    """As IPython makes a picture of a figure, with its text."""

    def picture(figure: Any, fmt: str = "png", *others: Any, **about: Any) -> Any:
        if fmt == "png":
            about["metadata"] = {"Description": told(figure), **about.get("metadata", {})}
        return plain(figure, fmt, *others, **about)

    return picture


pylabtools.print_figure = with_text(pylabtools.print_figure)
