"""What the explorer's page says without marking it: literals that read like prose, found by themselves, and looked up
as they are shown (`shown` in languages.js). And what no language could order: sentences that are glued together.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_COMMENT = re.compile(r"//[^\n]*|/\*.*?\*/", re.DOTALL)
_LITERAL = re.compile(r'"((?:[^"\\\n]|\\.)*)"(?:\s*\+\s*"((?:[^"\\\n]|\\.)*)")*')
_PIECE = re.compile(r'"((?:[^"\\\n]|\\.)*)"')
_ADDED = re.compile(r'"((?:[^"\\\n]|\\.)*)"\s*\+\s*(?!\s*")|(?<!")\s\+\s*"((?:[^"\\\n]|\\.)*)"')
# Before a literal that is no text: names of classes, events, elements, files, keys.
_NO_TEXT = re.compile(
    r"(?:class|className|role|type|id|href|for|rel|mode|font|cursor|lineCap|lineJoin|method|kind|name|value)\s*[:=]\s*$"
    r"|(?:from|import|case|typeof|===|!==|in)\s*\(?$|(?:querySelector(?:All)?|getElementById|addEventListener|closest|"
    r"matches|setAttribute|getContext|add|remove|toggle|contains|createElement|startsWith|endsWith|includes|split|join|"
    r"has|get|set|put|delete|svg)\(\s*$"
)
_WORD = re.compile(r"[a-z]{2,}")
# Fonts and rules.
_NAMES = ("Segoe UI", "Helvetica Neue", "Liberation Sans", "figcaption p", "(prefers-reduced-motion: reduce)")
_CODE = re.compile(
    r"^[\w.-]+$|[{}<>=#]|\.js\b|\.css\b|:\s*\d|https?:|^/|^\W*$|rgb|gradient|\bpx\b|^--|%\)$|application/|text/|utf-8"
)
LEAST = 4  # letters of a template besides its values, from which on it is a sentence that is glued together


def texts(source: str) -> Iterator[str]:
    """The texts of a script, in order, each once a place."""
    plain, _ = _without_templates(_COMMENT.sub("", source))
    for found in _LITERAL.finditer(plain):
        if _NO_TEXT.search(plain[max(0, found.start() - 40) : found.start()]):
            continue
        text = "".join(_PIECE.findall(found[0])).replace('\\"', '"')
        if _is_prose(text):
            yield text.strip()


def glued(source: str) -> Iterator[str]:
    """Sentences put together of words and values, where a message with placeholders should stand: templates, with
    {1}, {2} ... for their values, and literals to which something is added."""
    plain, templates = _without_templates(_COMMENT.sub("", source))
    for template in templates:
        fixed = re.sub(r"\{\d+\}", "", template)
        if len(re.findall("[a-z]", fixed)) >= LEAST and " " in fixed.strip() and not _CODE.search(fixed):
            yield template.strip()
    for found in _ADDED.finditer(plain):
        text = found[1] or found[2]
        if _is_prose(text):
            yield text.strip()


def _is_prose(text: str) -> bool:
    if (
        text in _NAMES
        or not _WORD.search(text)
        or (_CODE.search(text) and not re.fullmatch("[A-Z][a-z]{2,}", text))
    ):
        return False
    return bool(re.match(r"[A-Z]", text)) or " " in text.strip()


def _without_templates(source: str) -> tuple[str, list[str]]:
    """The source with its templates blanked, and these with numbered values; what a value itself says is kept."""
    out, templates, at = list[str](), list[str](), 0
    while at < len(source):
        if source[at] in "\"'":
            end = at + 1
            while end < len(source) and source[end] not in (source[at], "\n"):
                end += 2 if source[end] == "\\" else 1
            out.append(source[at : end + 1])
            at = end + 1
        elif source[at] == "`":
            text, inside, at = _template(source, at)
            templates.append(text)
            plain, more = _without_templates(inside)
            out.append(f" {plain} ")
            templates += more
        else:
            out.append(source[at])
            at += 1
    return "".join(out), templates


def _template(source: str, at: int) -> tuple[str, str, int]:
    """The template that begins here: its text, the code of its values, and where it ends."""
    text, inside, number = "", list[str](), 0
    at += 1
    while source[at] != "`":
        if source.startswith("${", at):
            begin, depth = at + 2, 1
            at = begin
            while depth:
                if source[at] == "`":
                    _, _, at = _template(source, at)
                    continue
                depth += {"{": 1, "}": -1}.get(source[at], 0)
                at += 1
            number += 1
            text += f"{{{number}}}"
            inside.append(source[begin : at - 1])
        else:
            at += 2 if source[at] == "\\" else 1
            text += source[at - 1]
    return text, " ; ".join(inside), at + 1
