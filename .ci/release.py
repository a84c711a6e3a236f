"""Makes a release, and publishes nothing.

    python3 .ci/release.py 0.2.0 [--date 2026-12-01]

Leaves the wheel and the source archive in `dist/`, built twice the same, checked and tried out (see packages.py), and
writes version and date where they are said (package/__init__.py, CHANGELOG.md, CITATION.cff, codemeta.json,
.zenodo.json). Commit, tag and upload are yours; it ends with their commands. If anything fails, no file of the checkout
has changed.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

from packages import ROOT, make, write

VERSION = re.compile(r"\d+\.\d+\.\d+")


def released(text: dict[str, str], version: str, day: date) -> dict[str, str]:
    """The files as the release has them: name -> text. SystemExit tells what does not fit."""
    if not VERSION.fullmatch(version):
        sys.exit(f"{version} is no version: say three numbers, as 0.2.0.")
    (coming, state), *before = re.findall(r"^## (\S+) \((.+)\)$", text["CHANGELOG.md"], re.MULTILINE)
    if state != "unreleased":
        sys.exit(
            f"CHANGELOG.md begins with {coming} ({state}): what is new needs a section `## {version} (unreleased)`."
        )
    if before and _numbers(version) <= _numbers(before[0][0]):
        sys.exit(f"{version} does not follow {before[0][0]}, the last release in CHANGELOG.md.")
    return {
        "package/__init__.py": _put(
            text["package/__init__.py"], r'^__version__ = ".*"$', f'__version__ = "{version}"'
        ),
        "CHANGELOG.md": _put(text["CHANGELOG.md"], r"^## \S+ \(unreleased\)$", f"## {version} ({day})"),
        "CITATION.cff": _put(
            _put(text["CITATION.cff"], r"^version: .*$", f"version: {version}"),
            r"^date-released: .*$",
            f"date-released: {day}",
        ),
        **{
            name: _put(text[name], r'^ "version": ".*",$', f' "version": "{version}",')
            for name in ("codemeta.json", ".zenodo.json")
        },
    }


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in version.split("."))


def _put(text: str, pattern: str, line: str) -> str:
    changed, times = re.subn(pattern, line, text, flags=re.MULTILINE)
    if times != 1:
        sys.exit(f"A line like {pattern} should stand once in its file, and stands {times} times.")
    return changed


def main() -> None:
    """Write, build, check, and tell what is left to do."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("version")
    parser.add_argument(
        "--date", type=date.fromisoformat, default=datetime.now(UTC).date(), metavar="YYYY-MM-DD"
    )
    asked = parser.parse_args()
    if subprocess.check_output(["git", "status", "--porcelain"], cwd=ROOT):
        sys.exit("There are changes that are not committed: a release is made of what is.")
    names = ("package/__init__.py", "CHANGELOG.md", "CITATION.cff", "codemeta.json", ".zenodo.json")
    before = {name: (ROOT / name).read_text(encoding="utf-8") for name in names}
    after = released(before, asked.version, asked.date)
    midnight = datetime(asked.date.year, asked.date.month, asked.date.day, tzinfo=UTC)
    files = make(ROOT / "dist", int(midnight.timestamp()), after)
    write(after, ROOT)
    version, built = asked.version, " ".join(str(Path("dist", file.name)) for file in files)
    print(
        f"Left to do: git commit -am 'Release {version}' && git tag {version} && git push origin HEAD {version}"
    )
    print(f"and, to publish: build/tools/bin/python -m twine upload {built}")


if __name__ == "__main__":
    main()
