"""The documentation site, as Sphinx builds it: `python3 start.py site` (see build.py beside this file).

The source folder is the checkout itself, so that each page is read where it lies and its links hold here as they do
in the checkout; what is generated lies in `build/reference`.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
sys.path.insert(0, str(HERE))

project = "Local citizenship"
author = "The local-citizenship authors"
copyright = author
_VERSION = re.compile(r'^__version__ = "(.*)"$', re.MULTILINE)
release = _VERSION.findall((ROOT / "package" / "__init__.py").read_text(encoding="utf-8"))[0]
language = "en"

extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx_copybutton",
    "sphinx_design",
    "directives",
]
root_doc = "docs/site/index"
include_patterns = [
    "README.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "docs/*.md",
    "docs/site/**.md",
    "docs/studies/*/summary.md",
    "notebooks/*.ipynb",
    "scenarios/data/README.md",
    "benchmarks/*.md",
    "build/reference/**.md",
]
# Folders that are not looked into.
exclude_patterns = [
    *(".*", "runs", "dist", "**/__pycache__", "*.egg-info", "build/[!r]*"),
    *(
        "agents",
        "app",
        "experiments",
        "model",
        "outcomes",
        "package",
        "setting_up",
        "tests",
        "scenarios/schema",
    ),
    *("docs/make", "docs/gallery", "docs/figures"),
]
nitpicky = True

# Markdown: headings have the anchors that links in the checkout use.
myst_enable_extensions = ["attrs_block", "colon_fence", "deflist"]
myst_heading_anchors = 4
myst_links_external_new_tab = False
suppress_warnings = [
    "myst.header",  # a page that stands in another may begin below the first level
]

# Tutorials and lessons: executed as they are read, each in an empty folder; one cell that fails fails the build.
nb_execution_mode = "force"
nb_execution_in_temp = True
nb_execution_timeout = 600
nb_execution_raise_on_error = True
nb_merge_streams = True
nb_ipywidgets_js: dict[str, dict[str, str]] = {}  # they would be fetched from outside

# Public names, from their docstrings, which are plain text with code in single backticks.
default_role = "code"
autodoc_member_order = "bysource"
autodoc_typehints = "none"
add_module_names = False
python_use_unqualified_type_names = True

# The pages. Nothing is asked of another address, and the search works from a folder on disk: what it finds is not
# shown in its context, for which a browser would have to read other files.
html_theme = "furo"
html_title = "Local citizenship"
html_static_path = ["static"]
html_css_files = ["site.css"]
html_show_sphinx = False
html_show_search_summary = False
html_copy_source = False
html_last_updated_fmt = None
pygments_style = "friendly"
pygments_dark_style = "monokai"
copybutton_exclude = ".linenos, .gp, .go"
