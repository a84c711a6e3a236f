"""What pages of the site can say beyond Markdown: run a command, write a file, show a figure with its table.

    ```{typed}                  each line is a command, run as the page is read; what it prints stands below it
    python3 start.py list
    ```
    ```{written} mine.yaml      the file is shown, and written where the page's commands run
    extends: two-towns
    ```
    ```{drawn} runs/two-towns-seed1/figures/03-claiming-cascade.png
    ```

Commands of one page run one after the other in a folder of its own, `build/tried/PAGE`. A command whose exit status
is none of `:status:` (0 if left out) is a warning, which fails the build.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from docutils.transforms import Transform
from pygments.lexers.special import TextLexer
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

LOGGER = logging.getLogger(__name__)
TYPED = "python3 start.py "
PATIENCE = 300  # seconds
ACROSS = 88  # characters on a line of what is printed
LANGUAGES = {".yaml": "yaml", ".py": "python", ".csv": "text", ".md": "markdown"}
_TRIED = "tried"  # in the page's own data: its folder has been made


def numbers(text: str) -> list[int]:
    """Numbers with blanks between them. Errors: ValueError."""
    return [directives.nonnegative_int(part) for part in text.split()]


class _OnPage(SphinxDirective):
    """With the folder in which the commands of this page run: empty when the page begins to be read."""

    @property
    def folder(self) -> Path:
        place = Path(self.env.srcdir) / "build" / "tried" / self.env.docname.replace("/", "-")
        if _TRIED not in self.env.temp_data:
            self.env.temp_data[_TRIED] = True
            shutil.rmtree(place, ignore_errors=True)
            place.mkdir(parents=True)
        return place

    def warn(self, text: str) -> None:
        LOGGER.warning(text, location=self.get_location(), type="tried")


class Typed(_OnPage):
    """Commands as they are typed, and what they print."""

    has_content = True
    option_spec: ClassVar = {
        "status": numbers,  # those that are well, 0 if left out
        "lines": directives.positive_int,  # of what is printed, at most
        "quiet": directives.flag,  # what is printed is left out
    }

    def run(self) -> list[nodes.Node]:
        found: list[nodes.Node] = []
        for line in self.content:
            typed = nodes.literal_block(line, line, language="bash", classes=["typed"])
            found += [typed, *(self._printed(line) if self.config.run_commands else [])]
        return found

    def _printed(self, line: str) -> list[nodes.Node]:
        if not line.startswith(TYPED):
            self.warn(f"a command begins with `{TYPED}`: {line}")
            return []
        words = shlex.split(line.removeprefix(TYPED))
        words = [part for word in words for part in self._spelt_out(word)]
        done = subprocess.run(
            [sys.executable, "-P", "-m", "local_citizenship.app", *words],
            cwd=self.folder,
            env={
                **os.environ,
                **{"LOCAL_CITIZENSHIP_TYPED": TYPED.strip(), "COLUMNS": str(ACROSS), "NO_COLOR": "1"},
            },
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            timeout=PATIENCE,
        )
        if done.returncode not in self.options.get("status", [0]):
            self.warn(f"exit status {done.returncode} of `{line}`: {done.stdout[-2000:]}")
        lines = [each.rstrip() for each in done.stdout.strip("\n").splitlines()]
        if "quiet" in self.options or not any(lines):
            return []
        most = self.options.get("lines", len(lines))
        told = "\n".join([*lines[:most], *(["..."] if most < len(lines) else [])])
        block = nodes.literal_block(told, told, language="none")
        kind = [] if "│" in told else ["prose"]
        return [nodes.container("", block, classes=["printed", *kind])]

    def _spelt_out(self, word: str) -> list[str]:
        """As a shell spells out asterisks."""
        there = sorted(self.folder.glob(word)) if set("*?") & set(word) else []
        return [str(each.relative_to(self.folder)) for each in there] or [word]


class Written(_OnPage):
    """A file of the page's own."""

    required_arguments = 1
    has_content = True

    def run(self) -> list[nodes.Node]:
        file = self.folder / self.arguments[0]
        file.parent.mkdir(parents=True, exist_ok=True)
        text = "\n".join(self.content)
        file.write_text(text + "\n", encoding="utf-8")
        block = nodes.literal_block(text, text, language=LANGUAGES.get(file.suffix, "text"))
        caption = nodes.caption("", "", nodes.literal("", self.arguments[0]))
        return [nodes.container("", caption, block, literal_block=True, classes=["literal-block-wrapper"])]


class Drawn(_OnPage):
    """A figure that a command of this page left, by a path that may have asterisks in it."""

    required_arguments = 1
    option_spec: ClassVar = {"alt": directives.unchanged}

    def run(self) -> list[nodes.Node]:
        if not self.config.run_commands:
            return []
        there = sorted(self.folder.glob(self.arguments[0]))
        if len(there) != 1:
            self.warn(f"{len(there)} files are called {self.arguments[0]}")
            return []
        uri = "/" + there[0].relative_to(self.env.srcdir).as_posix()
        alt = self.options.get("alt") or description(there[0])
        return [nodes.figure("", nodes.image(uri=uri, alt=alt), classes=["drawn"])]


def description(picture: Path) -> str:
    """What a figure of ours says to whoever can't see it, as it stands in the file; "" if nothing does."""
    from PIL import Image

    with Image.open(picture) as opened:
        return str(opened.info.get("Description", ""))


class FiguresHaveTables(Transform):
    """A picture without alternative text fails the build; one with its table beside it is followed by a link there."""

    default_priority = 5

    def apply(self, **_: Any) -> None:
        env = self.document.settings.env
        linked = {
            env.relfn2path(each["reftarget"], env.docname)[1]
            for each in self.document.findall(addnodes.download_reference)
        }
        for image in list(self.document.findall(nodes.image)):
            if not str(image.get("alt", "")).strip():
                image["alt"] = self._said(env, image["uri"])
            if not image["alt"]:
                LOGGER.warning(f"no alternative text: {image['uri']}", location=image, type="figure")
            if "://" in image["uri"] or not (table := self._table(env, image["uri"])):
                continue
            if str(table) in linked:
                continue
            target = "/" + table.relative_to(env.srcdir).as_posix()
            link = addnodes.download_reference("", "", reftarget=target, refdoc=env.docname)
            link += nodes.inline("", "The table behind this figure (CSV)")
            if isinstance(image.parent, nodes.figure):
                image.parent += nodes.caption("", "", link)
            else:
                block = image.parent
                after = nodes.paragraph("", "", link, classes=["table-behind"])
                block.parent.insert(block.parent.index(block) + 1, after)

    def _said(self, env: Any, uri: str) -> str:
        """What a picture that lies here says of itself."""
        file = Path(env.relfn2path(uri, env.docname)[1])
        return description(file) if file.suffix == ".png" and file.is_file() else ""

    def _table(self, env: Any, uri: str) -> Path | None:
        _, path = env.relfn2path(uri, env.docname)
        table = Path(path).with_suffix(".csv")
        return table if table.is_file() else None


class FoldersArePages(Transform):
    """A link to a folder of the checkout leads to its README, its page of the same name, or the page of the code."""

    default_priority = 6

    def apply(self, **_: Any) -> None:
        env = self.document.settings.env
        for link in self.document.findall(addnodes.pending_xref):
            if link.get("reftype") != "myst" or link.get("refdomain") is not None:
                continue
            _, path = env.relfn2path(link["reftarget"], env.docname)
            folder = Path(path)
            if not folder.is_dir():
                continue
            name = folder.relative_to(env.srcdir).as_posix()
            pages = [f"{name}/README", name]
            page = next((each for each in pages if Path(env.srcdir, f"{each}.md").is_file()), None)
            link["refdomain"] = "doc"
            link["reftarget"] = page or "build/reference/code"
            link["reftargetid"] = None if page else name.replace("/", "-")


def as_restructured(*about: Any) -> None:
    """A docstring as reStructuredText: `Args:` as a list; what is set apart by an indent, as code."""
    lines: list[str] = about[-1]
    found: list[str] = []
    arguments = False
    for at, line in enumerate(lines):
        arguments = line == "Args:" or (arguments and line.startswith(" "))
        indent = len(line) - len(line.lstrip())
        if arguments and indent == 4:
            name, _, told = line.strip().partition(":")
            found += ["", f"* ``{name}``:{told}"]
        elif arguments and indent:
            found[-1] += f" {line.strip()}"
        elif indent and not lines[at - 1].strip() and found and not _last(found).startswith((" ", "::")):
            found += ["::", "", line]
        else:
            found.append(line)
    lines[:] = found


def _last(lines: list[str]) -> str:
    return next((line for line in reversed(lines) if line.strip()), "")


def setup(app: Sphinx) -> dict[str, Any]:
    """Register all of it with Sphinx."""
    app.add_config_value("run_commands", True, "env", bool)
    app.add_directive("typed", Typed)
    app.add_directive("written", Written)
    app.add_directive("drawn", Drawn)
    app.add_transform(FiguresHaveTables)
    app.add_transform(FoldersArePages)
    app.add_lexer("csv", TextLexer)
    app.connect("autodoc-process-docstring", as_restructured)
    app.add_object_type("parameter", "parameter", "pair: %s; parameter", objname="parameter")
    app.add_object_type("measure", "measure", "pair: %s; measure", objname="measure")
    return {"parallel_read_safe": True, "parallel_write_safe": True}
