"""Values as a file holds them: those that fit a parameter, those just beside, and those that nobody should write."""

from __future__ import annotations

import math
from typing import Any

from hypothesis import strategies as st

from local_citizenship.scenarios.checks import all_parameters
from local_citizenship.scenarios.schema.parameter import ParameterInfo

# Texts that look like something else, or like nothing at all: plain YAML, as it stands behind a colon.
ODD = (
    "", "~", "null", "true", "yes", "off", "0", "-0.0", "-1", "1", "0.5", "1e3", "1e400", "-1e400", "1e-320",
    ".nan", ".inf",
    "-.inf", "0x1F", "0o17", "017", "1_000", "1,5", "50%", "12:30", "2004-04", "1990-13", "2004-04-01",
    "9" * 400, "9" * 5000,
    "1" + "0" * 30 + ".5", "18446744073709551616", "9223372036854775807", "drop", "like", "root", "[]", "{}", "[[]]",
    "{weight: 0,5}", "[1, 2", "{a: 1", "'open", '"open', '"\\x41\\n"', '"\\ud800"', '"\\0"', "'it''s'", "*none",
    "&a 1", "!!int 3",
    "!!python/object:os.system x", "!custom 3", "|\n  text", ">-\n  folded\n  text", "# nothing", "a: b", "- a",
    "? a", "@x",
    "`x`", "%x", "\u65e5\u672c", "\u202eabc", "\u00e9" * 300, "\U0001f600", "'\u0007'", "=1+1", "@SUM(A1)",
    "../../etc/passwd", "/dev/zero",
    "\u0663", "x" * 2000,
)  # fmt: skip
odd = st.sampled_from(ODD) | st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=12)


# Texts that mean something to what prints them: markup, formulas, HTML, formats, commands of a spreadsheet.
MARKUP = (
    "[red]", "[/red]", "[/]", "[link=x]y", "$x", "$\\frac{$", "a$b$c", "$$", "_x^2", "{0}", "%d", "<b>",
    "</script>", "&amp;", "\\n", "=1+1", "@A1", "-1", "| x |", "`x`", "**", "../x", "a/b", "x: y", "# x",
    "nan", "None", "\u202e\u05d0", "\U0001f600", "\u4e2d\u6587", "e\u0301",
)  # fmt: skip
any_text = st.sampled_from(MARKUP) | st.text(min_size=1, max_size=25)


def quoted(text: str) -> str:
    """Text as YAML reads it back."""
    inner = "".join(
        f"\\{c}" if c in '"\\' else c if c.isprintable() and ord(c) < 0xD800 else f"\\U{ord(c):08x}"
        for c in text
    )
    return f'"{inner}"'


@st.composite
def fitting(draw: st.DrawFn, info: ParameterInfo) -> str:
    """A value that the parameter can have, its ends more often than anything between."""
    if info.type is bool:
        return draw(st.sampled_from(("true", "false")))
    if info.choices:
        return quoted(draw(st.sampled_from(info.choices)))
    if info.type is tuple:
        needs = [
            path.split(".")[1]
            for path in all_parameters()
            if path.startswith("needs.") and path.endswith(".rate")
        ]
        return f"[{', '.join(draw(st.lists(st.sampled_from(needs), unique=True, max_size=10)))}]"
    if info.pattern:
        return f"'#{draw(st.integers(0, 0xFFFFFF)):06x}'"
    if info.type is str:
        return quoted(draw(any_text)[: info.longest or 20])
    assert info.low is not None
    assert info.high is not None
    low, high = info.low, min(info.high, 1e12)
    ends = st.sampled_from((low, high, info.usual or high, low + (high - low) / 2))
    if info.type is int:
        return str(int(draw(ends | st.integers(int(low), int(high)))))
    small = st.floats(low, min(high, low + 1.0))
    return plain(draw(ends | st.floats(low, high) | small))


@st.composite
def beside(draw: st.DrawFn, info: ParameterInfo) -> str:
    """A value that the parameter just cannot have."""
    if info.low is None or info.high is None:
        return draw(odd)
    if info.type is int:
        return draw(
            st.sampled_from(
                (str(int(info.low) - 1), str(int(info.high) + 1), f"{info.low + 0.5}", f"{info.low}")
            )
        )
    below, above = (math.nextafter(info.low, -math.inf), math.nextafter(info.high, math.inf))
    return plain(draw(st.sampled_from((below, above, -info.high, info.high * 10 + 1))))


def value_of(info: ParameterInfo, careful: bool) -> st.SearchStrategy[str]:
    """A value that fits; if nobody is `careful`, now and then any other."""
    if careful:
        return fitting(info)
    return st.integers(0, 9).flatmap(
        lambda luck: fitting(info) if luck < 7 else beside(info) if luck == 7 else odd
    )


def plain(number: Any) -> str:
    """A number in YAML."""
    text = repr(float(number))
    return text if "e" not in text or "." in text else text.replace("e", ".0e")
