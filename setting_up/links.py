"""The rooms under their installed names, for type checkers and editors."""

from __future__ import annotations

import importlib
import os
import shutil
from pathlib import Path


def lay_out_links(root: Path, links: Path | None = None) -> Path:
    """Link the rooms under their installed names into a folder (build/links), for type checkers and editors.

    They go by folders, and a link is always up to date. Rooms are the folders with a `py.typed`; what lies in
    `package` is the package's own. Returns the folder `local_citizenship` with the links.
    """
    package = (links or root / "build" / "links") / "local_citizenship"
    package.mkdir(parents=True, exist_ok=True)
    above = root / "package"
    sources = [folder for folder in root.iterdir() if (folder / "py.typed").is_file() and folder != above]
    sources += [file for file in above.iterdir() if file.is_file()] if above.is_dir() else []
    wanted = {source.name: source for source in sources}
    for link in package.iterdir():
        if link.name not in wanted or not (link.exists() and link.samefile(wanted[link.name])):
            _remove(link)
    for name, source in wanted.items():
        if not (package / name).exists():
            _link(source, package / name)
    return package


def _link(source: Path, link: Path) -> None:
    """A symbolic link; on a Windows that forbids them a junction, or a hard link for a file; else a copy."""
    try:
        link.symlink_to(os.path.relpath(source, link.parent), target_is_directory=source.is_dir())
    except FileExistsError:
        pass  # laid out by another start.py meanwhile
    except OSError:
        try:
            if source.is_dir():
                importlib.import_module("_winapi").CreateJunction(str(source), str(link))
            else:
                os.link(source, link)
        except (ImportError, AttributeError, OSError):
            shutil.copytree(source, link) if source.is_dir() else shutil.copy(source, link)


def _remove(link: Path) -> None:
    """A link, junction or copy; what it leads to stays."""
    if link.is_symlink() or not link.is_dir():
        link.unlink(missing_ok=True)
        return
    try:
        os.rmdir(link)  # a junction goes; a copy is not empty, and stays
    except OSError:
        shutil.rmtree(link)
