"""The pages about commands and configuration against the code."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import click
import pytest

from tonecheck.cli import main
from tonecheck.config import SETTINGS, Config, load_config

DOCS = Path(__file__).parents[2] / "docs"


def test_the_configuration_in_the_docs_is_the_default(tmp_path: Path) -> None:
    (block,) = re.findall(
        r"```toml\n(.*?)```", (DOCS / "CONFIGURATION.md").read_text(encoding="utf-8"), re.DOTALL
    )
    file = tmp_path / "tonecheck.toml"
    file.write_text(block, encoding="utf-8")
    assert load_config(None, file=file).config == Config()
    shown = {f"{table}.{key}" for table, content in tomllib.loads(block).items() for key in content}
    assert shown == set(SETTINGS)
    for setting in SETTINGS.values():
        assert [
            choice for choice in setting.choices[:8] if choice not in block and setting.kind == "text"
        ] == []


@pytest.mark.parametrize("name", ["check", "fix", "batch", "serve", "keys", "templates", "rules", "eval"])
def test_every_command_and_option_of_check_is_in_the_docs(name: str) -> None:
    page = (DOCS / "COMMANDS.md").read_text(encoding="utf-8")
    command = main.get_command(click.Context(main), name)
    assert command is not None
    assert f"`tonecheck {name}" in page
    if isinstance(command, click.Group):
        names = command.list_commands(click.Context(command))
        assert names
        assert [sub for sub in names if f"`{name} {sub}" not in page] == []
    else:
        options = [parameter.opts for parameter in command.params if isinstance(parameter, click.Option)]
        assert len(options) > 5
        assert [names for names in options if not any(name in page for name in names)] == []
