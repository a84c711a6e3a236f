"""A figure as a file: PNG, SVG or PDF, for a slide or for print, with what it says to whoever can't see it."""

from __future__ import annotations

import html
import io
import re
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure

from . import png
from .declaration import own_look
from .sizes import SIZES

_CM_AN_INCH = 2.54
_WITHIN_JAPANESE = re.compile(
    r"\n(?=[\u3000-\u30ff\u3400-\u9fff\uff00-\uffef])|(?<=[\u3000-\u30ff\u3400-\u9fff])\n"
)
_POINTS_AN_INCH = 72


def title_of(figure: Figure) -> str:
    """The finding a figure says, on one line."""
    return _on_one_line(figure.get_suptitle())


def _on_one_line(text: str) -> str:
    """The text without its line breaks: of Japanese nothing stands in their place."""
    return " ".join(_WITHIN_JAPANESE.sub("", text).split())


def save(figure: Figure, path: Path, *, palette: bool = False, size: str = "slide", alt: str = "") -> None:
    """Write one figure, in the fonts of its title; its format follows from the file's ending. No date goes into the
    file.

    `palette`: a PNG file of at most 256 colours, a fifth of the size, for pages that are kept. `size`: one of SIZES; a
    figure is scaled as a whole. `alt`: what it shows, for whoever can't see it; title and subtitle if left out.
    """
    across = SIZES[size].across / _CM_AN_INCH
    scale = across / float(figure.get_size_inches()[0])
    alt = alt or ". ".join(part for part in (title_of(figure), _subtitle(figure)) if part)
    families = figure._suptitle.get_fontfamily() if figure._suptitle else ()  # type: ignore[attr-defined]
    with own_look(families):
        if path.suffix == ".png":
            figure.set_dpi(SIZES[size].dpi * scale)
            png.write(figure, path, palette=palette, dpi=SIZES[size].dpi, alt=alt)
        elif path.suffix == ".svg":
            path.write_text(_svg(figure, scale, alt), encoding="utf-8", newline="\n")
        else:
            _write_pdf(figure, path, scale, alt)


def _subtitle(figure: Figure) -> str:
    return " ".join(_on_one_line(text.get_text()) for text in figure.texts if text.get_gid() == "subtitle")


def _svg(figure: Figure, scale: float, alt: str) -> str:
    """As SVG, with a title and a description that browsers read out."""
    file = io.StringIO()
    figure.savefig(file, format="svg", metadata={"Date": None})
    text = file.getvalue()

    def scaled(found: re.Match[str]) -> str:
        return f'{found[1]}="{scale * float(found[2]):g}pt"'

    start = text.index("<svg")
    end = text.index(">", start) + 1
    head = re.sub(r'(?<=\s)(width|height)="([\d.]+)pt"', scaled, text[start:end])
    head = head[:-1] + ' role="img">'
    told = f"<title>{html.escape(title_of(figure))}</title><desc>{html.escape(alt)}</desc>"
    return f"{text[:start]}{head}\n {told}{text[end:]}"


def _write_pdf(figure: Figure, path: Path, scale: float, alt: str) -> None:
    """As PDF, the whole page scaled; the same that Matplotlib does, but for the scale."""
    from matplotlib.backends.backend_mixed import MixedModeRenderer
    from matplotlib.backends.backend_pdf import Op, PdfFile, RendererPdf

    about: Any = {"CreationDate": None, "Title": title_of(figure), "Subject": alt}
    width, height = (float(side) for side in figure.get_size_inches())
    dpi: float = figure.dpi
    file: Any = PdfFile(str(path), metadata=about)
    try:
        figure.set_dpi(_POINTS_AN_INCH)
        file.newPage(width * scale, height * scale)
        file.output(scale, 0, 0, scale, 0, 0, Op.concat_matrix)
        page: Any = MixedModeRenderer(figure, width, height, dpi, RendererPdf(file, dpi, height, width))
        figure.draw(page)
        page.finalize()
        file.finalize()
    finally:
        figure.set_dpi(dpi)
        file.close()
