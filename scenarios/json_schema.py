"""The JSON Schema of a scenario file, by which an editor checks and completes it.

Built from the parameters as they are walked rather than from the models: of an entry (a door, a need, ...) the
default depends on the name, and the model of an entry does not know it. A file may add entries and drop them.
"""

from __future__ import annotations

from typing import Any

from .checks import all_parameters, shipped_index
from .counted import counts_schema
from .schema import ENTRY_SECTIONS, SHIPPED, KeyedSection, ParameterInfo, iter_parameters
from .schema.entries import DROP, LIKE, NAME
from .schema.parameter import LONGEST_LABEL, NOT_BLANK
from .settings import SETTINGS, Setting

MONTH = r"^[0-9]{4}-(0[1-9]|1[0-2])$"
_SOMETHING = {"pattern": NOT_BLANK, "not": {"pattern": "[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f]"}}
_TYPES = {bool: "boolean", int: "integer", float: "number", str: "string"}


def json_schema() -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of a scenario file, with each parameter's `unit` and `source`."""
    names = shipped_index().sections[""]
    parts = {name: _section(name) for name in names}
    later = {name: part for name in names if (part := _section(name, in_timeline=True))}
    # Most sections are the same in a timeline, and are written once.
    defs = parts | {f"{name}-later": part for name, part in later.items() if part != parts[name]}
    date = {"type": "string", "pattern": MONTH, "description": "first month in which it holds, as 1998-04"}
    changed = {name: _ref(f"{name}-later" if f"{name}-later" in defs else name) for name in later}
    change = _object({"from": date, **changed}, required=["from"], minProperties=2)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A scenario of local-citizenship",
        **_object(
            {
                "extends": _text("a shipped scenario, or a file beside this one"),
                **{name: _setting(setting) for name, setting in SETTINGS.items()},
                **{name: _ref(name) for name in names},
                "timeline": {
                    "type": "array",
                    "items": change,
                    "description": "dated changes, in the order of their dates",
                },
                "timeline_replaces": {
                    "type": "boolean",
                    "default": False,
                    "description": "whether the timeline of the scenario this one extends is dropped",
                },
                "observed": dict(counts_schema()),
                "sources": {
                    "type": "object",
                    "propertyNames": {"pattern": rf"^({'|'.join(names)})(\..+)?$"},
                    "additionalProperties": _text("what vouches for the value: a citation, or 'assumption'"),
                    "description": "sources of parameters, or of all parameters of a section, by path",
                },
                "layers": {
                    "type": "object",
                    "description": "record of where each value came from; not read",
                },
            }
        ),
        **_self_contained(),
        "$defs": defs,
    }


def _object(properties: dict[str, Any], **rest: Any) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": False, "properties": properties, **rest}


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/$defs/{name}"}


def _text(description: str) -> dict[str, Any]:
    return {"type": "string", **_SOMETHING, "description": description}


def _setting(setting: Setting) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": _TYPES[setting.kind], "description": setting.meaning}
    if setting.kind is int:
        schema |= {"minimum": setting.low, "maximum": setting.high}
    if setting.default is not None:
        schema["default"] = setting.default
    return schema | ({"pattern": MONTH} if setting.date else _SOMETHING if setting.kind is str else {})


def _self_contained() -> dict[str, Any]:
    """What a file that extends none must say of the entries it adds; else an extended file may have said it."""
    wanted = {}
    for section in ENTRY_SECTIONS:
        about: KeyedSection[Any] = getattr(SHIPPED, section)
        enough = [{"const": DROP}, {"required": [LIKE]}, {"required": about.must_say()}]
        wanted[section] = {
            "properties": {name: {} for name in about.names},
            "additionalProperties": {"anyOf": enough},
        }
    return {"if": {"not": {"required": ["extends"]}}, "then": {"properties": wanted}}


def _section(path: str, *, in_timeline: bool = False) -> dict[str, Any]:
    """The schema of a section; empty if there is nothing in it that a timeline may change."""
    properties: dict[str, Any] = {}
    for name in shipped_index().sections[path]:
        below = f"{path}.{name}"
        info = all_parameters().get(below)
        if info is None:
            part = _section(below, in_timeline=in_timeline)
            if path in ENTRY_SECTIONS and not in_timeline:
                part = {"anyOf": [part, {"const": DROP, "description": "leaves this one out"}]}
        elif in_timeline and info.start_only:
            continue
        else:
            part = _leaf(info)
        if part:
            properties[name] = part
    if not properties:
        return {}
    return _object(properties, **(_added(path, in_timeline) if path in ENTRY_SECTIONS else {}))


def _added(section: str, in_timeline: bool) -> dict[str, Any]:
    """What a section of entries allows beside those shipped: others, by `like` or with all they need."""
    about: KeyedSection[Any] = getattr(SHIPPED, section)
    names = {"pattern": f"^{NAME}$", "maxLength": LONGEST_LABEL, "not": {"enum": sorted(about.reserved())}}
    declared = {info.path: info for info in iter_parameters(about[about.names[0]])}
    properties = {
        name: {key: value for key, value in _leaf(info).items() if key != "default"}
        for name, info in declared.items()
        if not (in_timeline and info.start_only)
    }
    entry = _object(properties)
    if not in_timeline:
        properties[LIKE] = _text(f"the {about.one} that this one is a copy of, but for what is given here")
        entry = {"anyOf": [entry, {"const": DROP, "description": "leaves out what an extended file added"}]}
    # All that are shipped may be dropped, and as many added as there may be.
    limit = {} if in_timeline else {"maxProperties": len(about.shipped) + about.limit}
    return {"propertyNames": names, "additionalProperties": entry, **limit}


def _leaf(info: ParameterInfo) -> dict[str, Any]:
    listed = {"type": "array", "items": {"type": "string"}, "uniqueItems": True}
    about: dict[str, Any] = {
        "title": info.label,
        "description": f"{info.meaning} ({info.unit})",
        **(listed if info.type is tuple else {"type": _TYPES[info.type]}),
        "minimum": info.low if info.low is None else info.type(info.low),
        "maximum": info.high if info.high is None else info.type(info.high),
        "minLength": info.longest and 1,
        "maxLength": info.longest,
        "pattern": info.pattern,
        "not": _SOMETHING["not"] if info.pattern == NOT_BLANK else None,
        "enum": info.choices and list(info.choices),
        "default": list(info.default) if isinstance(info.default, tuple) else info.default,
        "unit": info.unit,
        "source": info.source,
        "mechanism": info.mechanism or None,
    }
    return {key: value for key, value in about.items() if value is not None}
