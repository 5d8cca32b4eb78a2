"""Configuration files: where they are found, what wins, and what is refused with its line."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path

import pytest

from tonecheck import Checker, Config
from tonecheck.config import SETTINGS, check_rule_names, load_config
from tonecheck.errors import ConfigError
from tonecheck.profile import Profile

NOWHERE: dict[str, str] = {}


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_without_a_file_everything_has_its_default(folder: Path) -> None:
    loaded = load_config(folder, environment=NOWHERE)
    assert loaded.config == Config()
    assert loaded.file is None
    assert {loaded.origin(name) for name in SETTINGS} == {"default"}


def test_a_file_sets_every_setting(folder: Path) -> None:
    write(
        folder / "tonecheck.toml",
        """
[profile]
channel = "sms"
stage = "final"
jurisdiction = "uk"
sender = "third_party"
audience = "business"
flags = ["Time-Barred", "licensed"]
[language]
pipeline = "none"
[rules]
packs = ["house/rules"]
disable = ["sarcasm/*"]
as_of = "2025-04-05"
[rules.severity]
"threat/court" = 1
[verdict]
compliance = "enforce"
[output]
fail_on = "block"
format = "json"
""",
    )
    assert load_config(folder, environment=NOWHERE).config == Config(
        profile=Profile(
            "sms", "final", "uk", "third_party", "business", frozenset({"time_barred", "licensed"})
        ),
        pipeline="none",
        packs=(folder / "house/rules",),
        disable=("sarcasm/*",),
        as_of=date(2025, 4, 5),
        severity={"threat/court": 1},
        compliance="enforce",
        fail_on="block",
        format="json",
    )


def test_the_nearest_file_up_the_tree_is_read_and_no_other(folder: Path) -> None:
    write(folder / "tonecheck.toml", '[profile]\nchannel = "sms"\nstage = "final"\n')
    write(folder / "a/pyproject.toml", '[tool.tonecheck.profile]\nchannel = "chat"\n')
    write(folder / "a/b/pyproject.toml", '[project]\nname = "other"\n')
    (folder / "a/b/c").mkdir()
    loaded = load_config(folder / "a/b/c", environment=NOWHERE)
    assert loaded.file == folder / "a/pyproject.toml"
    assert (loaded.config.profile.channel, loaded.config.profile.stage) == ("chat", "overdue")


def test_tonecheck_toml_is_preferred_to_pyproject_beside_it(folder: Path) -> None:
    write(folder / "pyproject.toml", '[tool.tonecheck.profile]\nchannel = "chat"\n')
    write(folder / "tonecheck.toml", '[profile]\nchannel = "sms"\n')
    assert load_config(folder, environment=NOWHERE).config.profile.channel == "sms"


def test_the_search_ends_at_a_repository(folder: Path) -> None:
    write(folder / "tonecheck.toml", '[profile]\nchannel = "sms"\n')
    (folder / "inner/.git").mkdir(parents=True)
    assert load_config(folder / "inner", environment=NOWHERE).file is None


def test_a_broken_pyproject_that_does_not_name_us_is_passed_over(folder: Path) -> None:
    write(folder / "pyproject.toml", "[project\n")
    assert load_config(folder, environment=NOWHERE).file is None


def test_the_variable_names_a_file_and_the_option_wins_over_it(folder: Path) -> None:
    write(folder / "tonecheck.toml", '[profile]\nchannel = "sms"\n')
    write(folder / "a.toml", '[profile]\nchannel = "chat"\n')
    write(folder / "b.toml", '[profile]\nchannel = "letter"\n')
    environment = {"TONECHECK_CONFIG": "a.toml"}
    assert load_config(folder, environment=environment).config.profile.channel == "chat"
    named = load_config(folder, file=Path("b.toml"), environment=environment)
    assert named.config.profile.channel == "letter"
    assert load_config(None, environment=environment).config.profile.channel == "email"


def test_options_replace_a_value_and_add_to_a_list(folder: Path) -> None:
    write(
        folder / "tonecheck.toml",
        '[profile]\nchannel = "sms"\nflags = ["texas"]\n[rules]\ndisable = ["blame/*"]\nseverity = {"a/b" = 1, "c/*" = 2}\n',
    )
    overrides = {
        "profile.channel": "chat",
        "profile.flags": ("new-york",),
        "rules.disable": ("shame/*", "blame/*"),
        "rules.severity": {"a/b": 3},
    }
    loaded = load_config(folder, overrides, environment=NOWHERE)
    assert loaded.config.profile == Profile(channel="chat", flags=frozenset({"texas", "new_york"}))
    assert loaded.config.disable == ("blame/*", "shame/*")
    # The last entry that stands for a rule wins, so that an option comes after everything in the file.
    assert list(loaded.config.severity.items()) == [("c/*", 2), ("a/b", 3)]
    assert loaded.origin("profile.channel") == "--channel"
    assert loaded.origin("profile.flags", "texas") == "tonecheck.toml:3"
    assert loaded.origin("profile.flags", "new_york") == "--flag"
    assert loaded.origin("rules.severity", "c/*") == "tonecheck.toml:6"
    assert loaded.origin("rules.disable", "shame/*") == "--disable"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x = 1", "tonecheck.toml:1: table 'x' does not exist"),
        ("\n[profil]\n", "tonecheck.toml:2: table 'profil' does not exist; did you mean 'profile'?"),
        ("profile = 3", "tonecheck.toml:1: profile is a table: write [profile] and its keys below"),
        ('[profile]\nstage = "final"\nchanel = "sms"', "tonecheck.toml:3: key of [profile] 'chanel' does not exist; did you mean 'channel'?"),
        ('[profile]\nchannel = "emial"', "tonecheck.toml:2: profile.channel 'emial' does not exist; did you mean 'email'?"),
        ("[profile]\nchannel = 3", "tonecheck.toml:2: profile.channel is a text, not 3"),
        ("[profile]\nchannel = true", "tonecheck.toml:2: profile.channel is a text, not true"),
        ('[profile]\nflags = "texas"', "tonecheck.toml:2: profile.flags is a list of texts, not the text 'texas'"),
        ('[profile]\nflags = [\n "texas",\n "texs",\n]', "tonecheck.toml:4: profile.flags 'texs' does not exist; did you mean 'texas'?"),
        ('[language]\npipeline = ""', "tonecheck.toml:2: language.pipeline is a text"),
        ('[rules]\npacks = "a"', "tonecheck.toml:2: rules.packs is a list of texts"),
        ('[rules]\nas_of = "soon"', "tonecheck.toml:2: rules.as_of is a day such as"),
        ("[rules]\ndisable = [1]", "tonecheck.toml:2: rules.disable is a list of texts"),
        ('[rules]\nseverity = ["a"]', "tonecheck.toml:2: rules.severity is a table"),
        ('[rules.severity]\n"a/b" = 1\n"c/d" = 4', "tonecheck.toml:3: rules.severity: the severity of 'c/d' is 1, 2 or 3, not 4"),
        ('[rules.severity]\n"a/b" = true', "tonecheck.toml:2: rules.severity: the severity of 'a/b' is 1, 2 or 3, not true"),
        ('[rules.severity]\n"a/b" = 2.0', "is 1, 2 or 3, not 2.0"),
        ('[verdict]\ncompliance = "enforced"', "tonecheck.toml:2: verdict.compliance 'enforced' does not exist; did you mean 'enforce'?"),
        ('[output]\nfail_on = "send"', "tonecheck.toml:2: output.fail_on 'send' does not exist"),
        ('output.format = "yaml"', "tonecheck.toml:1: output.format 'yaml' does not exist"),
        ("[profile]\nchannel = ", "tonecheck.toml:2: not valid TOML"),
        ("[profile]\nchannel = 'a'\nchannel = 'b'", "tonecheck.toml:3: not valid TOML: Cannot overwrite a value"),
        ("x = " + "[" * 5000, "tonecheck.toml:1: not valid TOML"),
    ],
)  # fmt: skip
def test_a_wrong_file_is_refused_with_its_line_and_the_mend(folder: Path, text: str, message: str) -> None:
    write(folder / "tonecheck.toml", text)
    with pytest.raises(ConfigError) as caught:
        load_config(folder, environment=NOWHERE)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_the_line_is_found_below_the_tables_of_pyproject(folder: Path) -> None:
    write(
        folder / "pyproject.toml",
        '[project]\nname = "x"\n[tool.other.profile]\nchannel = 1\n[tool.tonecheck.profile]\nstage = "final"\nchannel = 1\n',
    )
    with pytest.raises(ConfigError, match=r"^pyproject\.toml:7: profile\.channel"):
        load_config(folder, environment=NOWHERE)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"file": Path("gone.toml")}, "gone.toml: the configuration file cannot be read: No such file"),
        (
            {"environment": {"TONECHECK_CONFIG": "gone.toml"}},
            "(the variable TONECHECK_CONFIG names this file)",
        ),
        (
            {"file": Path("binary.toml")},
            "binary.toml: the configuration file cannot be read: it is not UTF-8",
        ),
        ({"file": Path("pyproject.toml")}, "pyproject.toml: there is no table [tool.tonecheck] in it"),
    ],
)
def test_a_named_file_that_cannot_be_used_is_refused(folder: Path, arguments: dict, message: str) -> None:
    (folder / "binary.toml").write_bytes(b"\xff\xfe")
    write(folder / "pyproject.toml", "")
    with pytest.raises(ConfigError) as caught:
        load_config(folder, **{"environment": NOWHERE, **arguments})
    assert message in str(caught.value)


def test_show_config_is_a_file_that_gives_the_same_settings(folder: Path) -> None:
    write(folder / "tonecheck.toml", '[rules]\npacks = ["a\\tb \\"c\\""]\n[language]\npipeline = "./p"\n')
    overrides = {
        "rules.severity": {"threat/*": 3},
        "profile.flags": ("texas",),
        "rules.disable": ("blame/*",),
    }
    first = load_config(folder, overrides, environment=NOWHERE)
    text = first.to_toml()
    tomllib.loads(text)
    again = load_config(None, file=write(folder / "copy.toml", text), environment=NOWHERE)
    assert again.config == first.config
    assert first.config.packs == (folder / 'a\tb "c"',)
    assert Path(first.config.pipeline) == folder / "p"


RULES = ("threat/court", "threat/wages", "blame/failed-to")


@pytest.mark.parametrize(
    "config", [Config(disable=("threat/*",)), Config(severity={"blame/failed-to": 1}), Config()]
)
def test_settings_about_rules_that_are_there_pass(config: Config) -> None:
    check_rule_names(config, RULES)


@pytest.mark.parametrize(
    ("config", "message"),
    [
        (
            Config(disable=("threat/cort",)),
            "rules.disable: there is no rule 'threat/cort'; did you mean 'threat/court'?",
        ),
        (Config(severity={"shame/*": 1}), "rules.severity: there is no rule 'shame/*'"),
    ],
)
def test_settings_about_rules_that_are_not_there_are_refused(config: Config, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        check_rule_names(config, RULES)
    assert message in str(caught.value)


def test_a_checker_refuses_them_too() -> None:
    with pytest.raises(ConfigError, match="there is no rule"):
        Checker(Config(disable=("nothing/of-this-name",)))
