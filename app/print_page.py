"""A page of the documentation, ready to be printed on A4: `python -m local_citizenship.app.print_page docs/NAME.md`.

Needs markdown-it-py (in the extra `dev`), and leaves NAME.html beside the Markdown file.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from html import escape
from pathlib import Path

PRINTED = ("teachers-guide", "ethics")  # pages of docs that link to each other as HTML
# What a page in another language (NAME.CODE.md) needs so that one sheet will do: its font, and a smaller size.
LETTERS = {
    "ja": '"Noto Sans CJK JP", "Hiragino Sans", "Yu Gothic", Meiryo, sans-serif; font-size: 7.9pt',
    "ko": '"Noto Sans CJK KR", "Apple SD Gothic Neo", "Malgun Gothic", sans-serif; font-size: 8pt',
    "es": '"DejaVu Sans", Verdana, Arial, sans-serif; font-size: 8.2pt',
    "it": '"DejaVu Sans", Verdana, Arial, sans-serif; font-size: 8.2pt',
}
STYLE = """
@page { size: A4; margin: 11mm 12mm; }
* { box-sizing: border-box; }
body { font: 8.8pt/1.32 "DejaVu Sans", Verdana, Arial, sans-serif; color: #222; margin: 0 auto; max-width: 190mm; }
h1 { font-size: 14pt; margin: 0 0 2mm; }
main { columns: 2; column-gap: 7mm; }
h2 { font-size: 10pt; margin: 3mm 0 1mm; break-after: avoid; color: #003f63; }
p, ul, table { margin: 0 0 1.6mm; }
ul { padding-left: 3.5mm; }
li { margin-bottom: 0.7mm; }
table { border-collapse: collapse; width: 100%; break-inside: avoid; }
thead th:empty { padding: 0; border: 0; }
th:first-child:not(:only-child), td:first-child { min-width: 13mm; }
td, th { vertical-align: top; text-align: left; padding: 0.5mm 2mm 0.5mm 0; border-bottom: 0.2mm solid #ccc; }
tr, li { break-inside: avoid; }
code { font: 7pt "DejaVu Sans Mono", monospace; white-space: nowrap; }
a { color: inherit; text-decoration: none; border-bottom: 0.2mm solid #0072b2; }
@media screen { body { padding: 8mm; } }
"""


def as_html(text: str, language: str = "en") -> str:
    """A Markdown page as one HTML file in two columns, its first heading above them; needs nothing from outside.

    `language`: the code of that in which it is written.
    """
    from markdown_it import MarkdownIt

    heading, _, rest = text.partition("\n")
    title = escape(heading.removeprefix("# ").strip())
    body = MarkdownIt("commonmark", {"html": False}).enable("table").render(rest)
    for page in PRINTED:
        body = body.replace(f'"{page}.md"', f'"{page}.html"')
    own = f"body {{ font-family: {LETTERS[language]}; }}\n" if language in LETTERS else ""
    return (
        f'<!doctype html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n<title>{title}</title>\n'
        f"<style>{STYLE}{own}</style>\n</head>\n<body>\n<h1>{title}</h1>\n<main>\n{body}</main>\n</body>\n</html>\n"
    )


def language_of(page: Path) -> str:
    """The language of a page by its name: "ja" of guide.ja.md, English without one."""
    code = page.stem.rpartition(".")[2]
    return code if code in LETTERS else "en"


def main(files: Sequence[str]) -> int:
    """Write an HTML file beside each Markdown file; the exit status."""
    if not files or any(not name.endswith(".md") or not Path(name).is_file() for name in files):
        sys.stderr.write("Give one or more Markdown files, as docs/teachers-guide.md.\n")
        return 2
    for name in files:
        target = Path(name).with_suffix(".html")
        language = language_of(Path(name))
        target.write_text(as_html(Path(name).read_text(encoding="utf-8"), language), encoding="utf-8")
        print(f"Wrote {target}.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
