"""The page in one file: style sheets, modules and content inlined, so that it opens from disk and asks for
nothing outside.

Modules keep their imports: each becomes a `data:` address of its own, and an import map says which name is which.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping
from html import escape
from pathlib import Path

PAGE = Path(__file__).parent / "page"  # where the files of the page lie
# What the file may do, whatever is in it: run what it holds, and ask nobody.
POLICY = (
    "default-src 'none'; script-src 'unsafe-inline' data:; style-src 'unsafe-inline'; img-src data: blob:; "
    "base-uri 'none'; form-action 'none'"
)
_IMPORT = re.compile(r"""(\bfrom\s*|\bimport\s*\(?\s*)(["'])(?:\./|/page/)([\w.-]+\.js)\2""")
_STYLE = re.compile(r"""<link\b[^>]*\brel="stylesheet"[^>]*\bhref="(?:[^"]*/)?([\w.-]+\.css)"[^>]*>""")
_MODULE = re.compile(
    r"""<script\b[^>]*\btype="module"[^>]*\bsrc="(?:[^"]*/)?([\w.-]+\.js)"[^>]*>\s*</script>"""
)
_PREFIX = "page/"


def one_file(
    page: Path, content: Mapping[str, object], *, title: str, instead: Mapping[str, str] | None = None
) -> str:
    """`index.html` of the folder `page` with all that it uses inlined; `content` is the hand-out's JSON.

    `instead`: what another page than the explorer has in place of some of its text. Errors: FileNotFoundError if the
    page uses a file that is not in its folder; ValueError if it lacks a text that is to be replaced.
    """
    html = (page / "index.html").read_text(encoding="utf-8")
    for theirs, ours in (instead or {}).items():
        if theirs not in html:
            raise ValueError(f"{page / 'index.html'} has no {theirs}")
        html = html.replace(theirs, ours)
    entry = _MODULE.search(html)
    if entry is None:
        raise ValueError(f"{page / 'index.html'} has no module to start with")
    addresses = {f"{_PREFIX}{name}": _as_data(source) for name, source in _modules(page, entry[1]).items()}
    import_map = json.dumps({"imports": addresses})
    held = _in_script(json.dumps(content, ensure_ascii=False))
    scripts = "\n".join(
        (
            f'<script type="application/json" id="handout">{held}</script>',
            f'<script type="importmap">{_in_script(import_map)}</script>',
            f'<script type="module">import "{_PREFIX}{entry[1]}";</script>',
        )
    )
    # Replaced by functions: what is inserted may hold what a template would take for a reference.
    html = _MODULE.sub(lambda found: scripts if found.start() == entry.start() else "", html)
    html = _STYLE.sub(lambda found: f"<style>\n{(page / found[1]).read_text(encoding='utf-8')}</style>", html)
    html = re.sub(
        r"<title>.*?</title>", lambda _: f"<title>{escape(title)}</title>", html, count=1, flags=re.S
    )
    language = content.get("language")
    if isinstance(language, Mapping):
        html = html.replace('<html lang="en">', f'<html lang="{escape(str(language["code"]))}">', 1)
    policy = f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
    return re.sub(r"<head>", lambda _: f"<head>\n    {policy}", html, count=1)


def one_module(page: Path, entry: str) -> str:
    """The module `entry` of the folder `page` and all that it imports as one module, for a notebook widget.

    Where it is loaded there is no import map and no folder: each module gets a `blob:` address when the widget
    is drawn. Errors: ValueError for modules that import each other in a circle.
    """
    modules = _modules(page, entry)
    _refuse_circles(modules, entry, ())
    return _LOADER.replace("ENTRY", json.dumps(entry)).replace("SOURCES", json.dumps(modules))


_LOADER = """const sources = SOURCES;
const addresses = {};
function address(name) {
  if (!(name in addresses)) {
    const imported = /(["'])page\\/([\\w.-]+\\.js)\\1/g;
    const text = sources[name].replace(imported, (_, quote, other) => quote + address(other) + quote);
    addresses[name] = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
  }
  return addresses[name];
}
const whole = import(address(ENTRY));
export default { render: async (context) => (await whole).default.render(context) };
"""


def _refuse_circles(modules: Mapping[str, str], name: str, above: tuple[str, ...]) -> None:
    if name in above:
        raise ValueError(f"modules import each other in a circle: {' -> '.join((*above, name))}")
    for other in dict.fromkeys(re.findall(rf"""["']{_PREFIX}([\w.-]+\.js)["']""", modules[name])):
        _refuse_circles(modules, other, (*above, name))


def _modules(page: Path, entry: str) -> dict[str, str]:
    """The module `entry` and all that it imports, by name, with imports by bare names."""
    found: dict[str, str] = {}
    wanted = [entry]
    while wanted:
        name = wanted.pop()
        if name in found:
            continue
        source = (page / name).read_text(encoding="utf-8")
        wanted += [each[3] for each in _IMPORT.finditer(source)]
        found[name] = _IMPORT.sub(lambda each: f"{each[1]}{each[2]}{_PREFIX}{each[3]}{each[2]}", source)
    return found


def _as_data(source: str) -> str:
    return "data:text/javascript;base64," + base64.b64encode(source.encode()).decode()


def _in_script(text: str) -> str:
    """JSON that cannot end the element it stands in."""
    return text.replace("</", "<\\/").replace("<!--", "<\\u0021--")
