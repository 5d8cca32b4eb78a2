"""Settings: one typed object with every default, the file that changes them, and where the packs of this installation are.

The command line wins over the file, and the file over the defaults. Lists and the table of severities are added to;
everything else is replaced. The file is ``tonecheck.toml``, or ``pyproject.toml`` with a table ``[tool.tonecheck]``:
the nearest one up the tree, unless an option or the variable ``TONECHECK_CONFIG`` names another.
"""

from __future__ import annotations

import fnmatch
import json
import os
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from tonecheck.configfile import ConfigFile, find_file, read_file
from tonecheck.errors import ConfigError, closest, one_of
from tonecheck.profile import FIELDS, FLAGS, VALUES, Profile, parse_flags

_PACKAGE = Path(__file__).parent
ENVIRONMENT = "TONECHECK_CONFIG"
DEFAULT = "default"
# The day on which the shipped packs were last read against the law.
RULES_AS_OF = date(2026, 11, 21)


def data_folder(name: str) -> Path:
    """``rules`` or ``templates``: inside the installed package, or beside it in a checkout."""
    installed = _PACKAGE / "_packs" / name
    return installed if installed.exists() else _PACKAGE.parent / name


@dataclass(frozen=True)
class Config:
    """All settings. ``disable`` takes rule ids and globs (``sarcasm/*``); ``severity`` maps ids or globs to 1-3."""

    profile: Profile = field(default_factory=Profile)
    pipeline: str = "default"
    backend: str = "onnx"  # of the tone model: "onnx", "transformers" or "none"
    model_path: str | None = None  # a folder or hub id; None: the shipped model
    threads: int = 1
    suggestions: bool = True
    llm_url: str | None = None
    llm_model: str | None = None
    llm_seconds: int = 20
    packs: tuple[Path, ...] = ()
    disable: tuple[str, ...] = ()
    severity: Mapping[str, int] = field(default_factory=dict)
    compliance: str = "advise"  # "enforce": legal findings count towards the verdict, too
    fail_on: str = "revise"
    format: str = "text"
    # Globs of templates and the fields of a profile that they change; of two for a field the later one holds.
    template_profiles: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    as_of: date = (
        RULES_AS_OF  # rules are applied as in force on this day, so that a report never depends on the clock
    )


class Setting(NamedTuple):
    """What a setting takes. ``kind``: "text", "texts" (a list), "number" (from 1 on), "levels" (a table of numbers from 1 to 3) or
    "profiles" (a table of fields of a profile)."""

    kind: str
    choices: tuple[str, ...] = ()


SETTINGS: dict[str, Setting] = {
    **{f"profile.{name}": Setting("text", values) for name, values in VALUES.items()},
    "profile.flags": Setting("texts", FLAGS),
    "language.pipeline": Setting("text"),
    "model.backend": Setting("text", ("onnx", "transformers", "none")),
    "model.path": Setting("text"),
    "model.threads": Setting("number"),
    "rewrite.suggestions": Setting("text", ("on", "off")),
    "rewrite.llm_url": Setting("text"),
    "rewrite.llm_model": Setting("text"),
    "rewrite.llm_seconds": Setting("number"),
    "rules.packs": Setting("texts"),
    "rules.disable": Setting("texts"),
    "rules.as_of": Setting("text"),
    "rules.severity": Setting("levels"),
    "templates.profiles": Setting("profiles"),
    "verdict.compliance": Setting("text", ("advise", "enforce")),
    "output.fail_on": Setting("text", ("block", "revise", "never")),
    "output.format": Setting("text", ("text", "json", "sarif", "github", "gitlab", "junit", "rdjson")),
}
_TABLES = ("levels", "profiles")
_LEVELS = (1, 2, 3)
MOST_THREADS = 64
# Where a setting, or one entry of its list or table, was given: ``file:line`` or the option.
Place = Callable[..., str]


@dataclass(frozen=True)
class LoadedConfig:
    """The settings in force and where each came from.

    ``origins`` has a key for each setting (``profile.channel``) and for each entry of a list or table
    (``rules.disable.sarcasm/*``). An origin is ``default``, ``file:line``, or the name of an option.
    """

    config: Config
    origins: Mapping[str, str]
    file: Path | None = None

    def origin(self, setting: str, entry: str | None = None) -> str:
        key = setting if entry is None else f"{setting}.{entry}"
        return " ".join(self.origins.get(key, DEFAULT).split())

    def check_rules(self, names: Collection[str]) -> None:
        """Raise ``ConfigError``, with its place, for a rule that does not exist. ``names``: ids and former ids."""
        check_rule_names(self.config, names, self.origins)

    def to_toml(self) -> str:
        """Every setting as a configuration file, with a comment that says where its value came from."""
        values = _values_of(self.config)
        lines: list[str] = []
        table = ""
        # A table inside [rules] has to follow the plain keys of [rules].
        for name, setting in SETTINGS.items():
            head, key = name.split(".", 1)
            if head != table:
                lines += ["", f"[{head}]"] if lines else [f"[{head}]"]
                table = head
            if setting.kind in _TABLES:
                lines += ["", f"[{name}]" + ("" if values[name] else f"  # {DEFAULT}")]
                lines += [
                    f"{_quoted(entry)} = {_written(value)}  # {self.origin(name, entry)}"
                    for entry, value in values[name].items()
                ]
            elif setting.kind == "texts" and values[name]:
                lines.append(f"{key} = [")
                lines += [f"    {_quoted(entry)},  # {self.origin(name, entry)}" for entry in values[name]]
                lines.append("]")
            elif setting.kind == "texts":
                lines.append(f"{key} = []  # {self.origin(name)}")
            else:
                value = values[name] if setting.kind == "number" else _quoted(values[name])
                lines.append(f"{key} = {value}  # {self.origin(name)}")
        return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    # A TOML basic string is a JSON string, but for the one control character that JSON leaves alone.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _written(value: Any) -> str:
    """A value of a table, in TOML."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{name} = {_written(one)}" for name, one in value.items()) + "}"
    if isinstance(value, Collection) and not isinstance(value, str):
        return "[" + ", ".join(map(_written, value)) + "]"
    return _quoted(value) if isinstance(value, str) else str(value)


def check_rule_names(
    config: Config, names: Collection[str], origins: Mapping[str, str] | None = None
) -> None:
    """Raise ``ConfigError`` for an entry of ``disable`` or ``severity`` that stands for no rule.

    ``names``: the ids and former ids of all rules. ``origins``: see ``LoadedConfig``.
    """
    for setting, patterns in (("rules.disable", config.disable), ("rules.severity", config.severity)):
        for pattern in patterns:
            if not any(fnmatch.fnmatchcase(name, pattern) for name in names):
                place = (origins or {}).get(f"{setting}.{pattern}", setting)
                raise ConfigError(f"{place}: {no_such_rule(pattern, names)}")


def no_such_rule(name: str, names: Collection[str]) -> str:
    """The sentence that refuses a rule's name and proposes the nearest one."""
    meant = closest(name, names)
    hint = "" if meant is None else f"did you mean {meant!r}? "
    return f"there is no rule {name!r}; {hint}see 'tonecheck rules list'"


# --- from the file and the options to the settings --------------------------------------------------------------------


def load_config(
    start: Path | None,
    overrides: Mapping[str, Any] | None = None,
    *,
    file: Path | None = None,
    environment: Mapping[str, str] = os.environ,
) -> LoadedConfig:
    """The settings in force.

    ``start``: the folder from which the file is looked for; ``None`` reads no file at all. ``file`` names it instead.
    ``overrides``: setting (``profile.channel``) → value, of the command line. Raises ``ConfigError`` with the place.
    """
    values = _values_of(Config())
    origins = dict.fromkeys(SETTINGS, DEFAULT)
    found = _chosen(start, file, environment)
    if found is not None:
        for name, value in _settings_in(found):
            _put(values, origins, name, value, _place_in(found, name))
    for name, value in (overrides or {}).items():
        place = _option(name)
        _put(values, origins, name, _checked(name, value, place), place)
    return LoadedConfig(_config_from(values), origins, found.path if found else None)


def _chosen(start: Path | None, file: Path | None, environment: Mapping[str, str]) -> ConfigFile | None:
    if file is not None:
        return read_file(file)
    if start is None:
        return None
    if environment.get(ENVIRONMENT):
        try:
            return read_file(Path(environment[ENVIRONMENT]))
        except ConfigError as err:
            raise ConfigError(f"{err} (the variable {ENVIRONMENT} names this file)") from err
    path = find_file(start)
    return read_file(path) if path else None


def _option(name: str) -> Place:
    last = name.split(".")[-1].replace("_", "-")
    option = "--" + {"flags": "flag", "packs": "pack", "backend": "model"}.get(last, last)
    return lambda entry=None: option


def _place_in(file: ConfigFile, name: str) -> Place:
    keys = name.split(".")
    if SETTINGS[name].kind == "profiles":
        # An entry may have a header of its own: [templates.profiles."mails/*"].
        return lambda entry=None, key=None: file.place(*keys, *(one for one in (entry, key) if one))
    return lambda entry=None: file.place(*keys, entry=entry)


def _settings_in(file: ConfigFile) -> Iterator[tuple[str, Any]]:
    tables = list(dict.fromkeys(name.split(".")[0] for name in SETTINGS))
    for table, content in file.data.items():
        if table not in tables:
            raise ConfigError(f"{file.place(table)}: {one_of(table, tables, 'table')}")
        if not isinstance(content, dict):
            raise ConfigError(f"{file.place(table)}: {table} is a table: write [{table}] and its keys below")
        known = [name.split(".")[1] for name in SETTINGS if name.startswith(f"{table}.")]
        for key, value in content.items():
            if key not in known:
                raise ConfigError(f"{file.place(table, key)}: {one_of(key, known, f'key of [{table}]')}")
            name = f"{table}.{key}"
            yield name, _from_here(name, _checked(name, value, _place_in(file, name)), file.path.parent)


def _from_here(name: str, value: Any, folder: Path) -> Any:
    """Paths in a file are relative to the file."""
    if name == "rules.packs":
        return tuple(str(folder / path) for path in value)
    if name == "model.path" and (folder / value).is_dir():
        return str(folder / value)
    if name == "language.pipeline" and ("/" in value or "\\" in value):
        return str(folder / value)
    return value


def _checked(name: str, value: Any, place: Place) -> Any:
    """The value of a setting in its final form. Raises ``ConfigError``."""
    kind, choices = SETTINGS[name]
    if kind == "levels":
        return _checked_levels(name, value, place)
    if kind == "profiles":
        return _checked_profiles(name, value, place)
    if kind == "number":
        if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= MOST_THREADS:
            raise ConfigError(
                f"{place()}: {name} is a whole number from 1 to {MOST_THREADS}, not {_kind(value)}"
            )
        return value
    if kind == "text":
        if not isinstance(value, str) or not value:
            raise ConfigError(f"{place()}: {name} is a text, not {_kind(value)}")
        if choices and value not in choices:
            raise ConfigError(f"{place()}: {one_of(value, choices, name)}")
        if name == "rules.as_of":
            _checked_date(value, place)
        if name == "rewrite.llm_url" and not value.startswith(("http://", "https://")) and value != DEFAULT:
            raise ConfigError(f"{place()}: {name} begins with http:// or https://, not {_kind(value)}")
        return value
    if not isinstance(value, list | tuple) or not all(isinstance(item, str) and item for item in value):
        raise ConfigError(f"{place()}: {name} is a list of texts, not {_kind(value)}")
    if name == "profile.flags":
        value = sorted(parse_flags(value))
    for item in value:
        if choices and item not in choices:
            raise ConfigError(f"{place(item)}: {one_of(item, choices, name)}")
    return tuple(value)


def _checked_date(value: str, place: Place) -> None:
    try:
        date.fromisoformat(value)
    except ValueError as err:
        raise ConfigError(
            f'{place()}: rules.as_of is a day such as "2026-11-21", not {_kind(value)}'
        ) from err


def _checked_levels(name: str, value: Any, place: Place) -> dict[str, int]:
    if not isinstance(value, Mapping):
        raise ConfigError(f'{place()}: {name} is a table of rules and numbers: "threat/*" = 3')
    for pattern, level in value.items():
        if type(level) is not int or level not in _LEVELS:
            raise ConfigError(
                f"{place(pattern)}: {name}: the severity of {pattern!r} is 1, 2 or 3, not {_kind(level)}"
            )
    return dict(value)


def _checked_profiles(name: str, value: Any, place: Place) -> dict[str, dict[str, Any]]:
    if not isinstance(value, Mapping):
        raise ConfigError(
            f'{place()}: {name} is a table of globs and profiles: "mails/sms/*" = {{channel = "sms"}}'
        )
    return {pattern: _checked_profile(pattern, fields, place) for pattern, fields in value.items()}


def _checked_profile(pattern: str, fields: Any, place: Place) -> dict[str, Any]:
    """The fields that one glob changes, in their final form."""
    if not isinstance(fields, Mapping) or not fields:
        example = '{channel = "sms", stage = "overdue"}'
        raise ConfigError(f"{place(pattern)}: the profile of {pattern!r} is a table such as {example}")
    result: dict[str, Any] = {}
    for key, value in fields.items():
        where = place(pattern, key)
        if key not in FIELDS:
            raise ConfigError(f"{where}: {one_of(key, FIELDS, f'field of the profile of {pattern!r}')}")
        if key == "flags":
            if not isinstance(value, list) or not all(isinstance(flag, str) for flag in value):
                raise ConfigError(
                    f"{where}: the flags of {pattern!r} are a list of texts, not {_kind(value)}"
                )
            result[key] = tuple(sorted(parse_flags(value)))
            for flag in result[key]:
                if flag not in FLAGS:
                    raise ConfigError(f"{where}: {one_of(flag, FLAGS, f'flag of {pattern!r}')}")
        elif not isinstance(value, str):
            raise ConfigError(f"{where}: {key} of {pattern!r} is a text, not {_kind(value)}")
        else:
            result[key] = value.lower().replace("-", "_")
            if result[key] not in VALUES[key]:
                raise ConfigError(f"{where}: {one_of(value, VALUES[key], f'{key} of {pattern!r}')}")
    return result


def _kind(value: Any) -> str:
    """A wrong value as a message names it."""
    match value:
        case str():
            return f"the text {value!r:.60}"
        case bool() | int() | float():
            return str(value).lower()
        case list() | tuple():
            return "an empty list" if not value else f"the list {list(value)!r:.60}"
        case Mapping():
            return "a table"
    return f"{value!r:.60}"


def _put(values: dict[str, Any], origins: dict[str, str], name: str, value: Any, place: Place) -> None:
    """Set a value, or add to a list or table, and note where it came from."""
    kind = SETTINGS[name].kind
    if kind in ("text", "number"):
        values[name] = value
        origins[name] = place()
        return
    for entry in value:
        origins[f"{name}.{entry}"] = place(Path(entry).name if name == "rules.packs" else entry)
    if kind in _TABLES:
        # The last entry that stands for a rule wins, so one that is given again moves to the end.
        kept = {entry: level for entry, level in values[name].items() if entry not in value}
        values[name] = {**kept, **value}
    else:
        values[name] = tuple(dict.fromkeys([*values[name], *value]))
    if not value:
        origins[name] = place()


def _values_of(config: Config) -> dict[str, Any]:
    profile = config.profile
    return {
        **{f"profile.{name}": getattr(profile, name) for name in VALUES},
        "profile.flags": tuple(sorted(profile.flags)),
        "language.pipeline": config.pipeline,
        "model.backend": config.backend,
        "model.path": config.model_path or DEFAULT,
        "model.threads": config.threads,
        "rewrite.suggestions": "on" if config.suggestions else "off",
        "rewrite.llm_url": config.llm_url or DEFAULT,
        "rewrite.llm_model": config.llm_model or DEFAULT,
        "rewrite.llm_seconds": config.llm_seconds,
        "rules.packs": tuple(str(path) for path in config.packs),
        "rules.disable": config.disable,
        "rules.as_of": config.as_of.isoformat(),
        "rules.severity": dict(config.severity),
        "templates.profiles": dict(config.template_profiles),
        "verdict.compliance": config.compliance,
        "output.fail_on": config.fail_on,
        "output.format": config.format,
    }


def _unless_default(value: str) -> str | None:
    return None if value == DEFAULT else value


def _config_from(values: Mapping[str, Any]) -> Config:
    packs: Sequence[str] = values["rules.packs"]
    return Config(
        profile=Profile(
            **{name: values[f"profile.{name}"] for name in VALUES}, flags=frozenset(values["profile.flags"])
        ),
        pipeline=values["language.pipeline"],
        backend=values["model.backend"],
        model_path=_unless_default(values["model.path"]),
        threads=values["model.threads"],
        suggestions=values["rewrite.suggestions"] == "on",
        llm_url=_unless_default(values["rewrite.llm_url"]),
        llm_model=_unless_default(values["rewrite.llm_model"]),
        llm_seconds=values["rewrite.llm_seconds"],
        packs=tuple(Path(path) for path in packs),
        disable=values["rules.disable"],
        severity=values["rules.severity"],
        template_profiles=values["templates.profiles"],
        compliance=values["verdict.compliance"],
        fail_on=values["output.fail_on"],
        format=values["output.format"],
        as_of=date.fromisoformat(values["rules.as_of"]),
    )
