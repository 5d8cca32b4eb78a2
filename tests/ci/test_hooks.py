"""The hooks of pre-commit, run by pre-commit itself; the GitHub Action, run as far as a machine can; the examples, by their schemas."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from tonecheck.ci.action import expanded, main

ROOT = Path(__file__).parents[2]
FIT = "The balance is $40. Thank you.\n"
HARSH = "The balance is $40.\nPay now or we will sue you.\n"
# What pip says when it finds no index.
OFFLINE = re.compile(
    r"Could not find a version|NewConnectionError|Failed to establish|Temporary failure|No matching dist"
)


@pytest.fixture
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Variables for git and pre-commit that keep them off this user's configuration and caches; ``tonecheck`` is this checkout."""
    programs = tmp_path / "bin"
    programs.mkdir()
    script = programs / "tonecheck"
    script.write_text(
        f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" -m tonecheck "$@"\n', encoding="utf-8"
    )
    script.chmod(0o755)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "PRE_COMMIT"))}
    return {
        **kept,
        "PATH": os.pathsep.join([str(programs), str(Path(sys.executable).parent), os.environ["PATH"]]),
        "PRE_COMMIT_HOME": str(tmp_path / "home"),
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_SYSTEM": os.devnull,
        **{
            f"GIT_{who}_{what}": "t@example.com"
            for who in ("AUTHOR", "COMMITTER")
            for what in ("NAME", "EMAIL")
        },
        "NO_COLOR": "1",
    }


def call(words: list[str], folder: Path, environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        words, cwd=folder, env=dict(environment), capture_output=True, encoding="utf-8", timeout=560
    )


def repository(folder: Path, environment: Mapping[str, str]) -> str:
    """Make a folder a repository with all that is in it, and give its commit."""
    for words in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "x"]):
        done = call(["git", *words], folder, environment)
        assert done.returncode == 0, done.stderr
    return call(["git", "rev-parse", "HEAD"], folder, environment).stdout.strip()


def messages(
    folder: Path, hooks: Path, commit: str, hook: Mapping[str, Any], environment: Mapping[str, str]
) -> Path:
    """A repository of messages that uses the hooks of another one."""
    (folder / "messages").mkdir(parents=True)
    (folder / "messages" / "harsh.txt").write_text(HARSH, encoding="utf-8")
    (folder / "messages" / "fit.txt").write_text(FIT, encoding="utf-8")
    (folder / "elsewhere.txt").write_text(HARSH, encoding="utf-8")
    config = {"repos": [{"repo": str(hooks), "rev": commit, "hooks": [dict(hook)]}]}
    (folder / ".pre-commit-config.yaml").write_text(yaml.safe_dump(config), encoding="utf-8")
    repository(folder, environment)
    return folder


def pre_commit(folder: Path, environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    pytest.importorskip("pre_commit", reason="pre-commit is not installed")
    return call([sys.executable, "-m", "pre_commit", "run", "--all-files", "--verbose"], folder, environment)


def test_pre_commit_runs_the_hook_on_messages_and_on_nothing_else(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    hooks = tmp_path / "hooks"
    hooks.mkdir()
    shutil.copy(ROOT / ".pre-commit-hooks.yaml", hooks)
    # The hook as it is, but with this checkout instead of an installation.
    hook = {
        "id": "tonecheck",
        "language": "system",
        "args": ["--model", "none", "--pipeline", "none", "--quiet"],
    }
    folder = messages(tmp_path / "mails", hooks, repository(hooks, environment), hook, environment)
    done = pre_commit(folder, environment)
    assert done.returncode == 1, done.stdout
    assert "messages/harsh.txt" in done.stdout and "messages/fit.txt" in done.stdout
    assert "elsewhere.txt" not in done.stdout
    (folder / "messages" / "harsh.txt").unlink()
    (folder / "messages" / "fit.txt").unlink()
    call(["git", "add", "-A"], folder, environment)
    assert pre_commit(folder, environment).returncode == 0


def test_pre_commit_installs_the_hook_from_a_repository_and_runs_it(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    hooks = tmp_path / "hooks"
    hooks.mkdir()
    left_out = shutil.ignore_patterns("__pycache__")
    for name in ("tonecheck", "rules", "templates"):
        shutil.copytree(ROOT / name, hooks / name, ignore=left_out)
    for name in (".pre-commit-hooks.yaml", "pyproject.toml", "README.md", "LICENSE", "NOTICE"):
        shutil.copy(ROOT / name, hooks)
    hook = {"id": "tonecheck", "args": ["--quiet"]}
    folder = messages(tmp_path / "mails", hooks, repository(hooks, environment), hook, environment)
    # Nothing of this checkout may be found but what the hook installs.
    environment = {**environment, "PATH": os.environ["PATH"], "PYTHONPATH": ""}
    done = pre_commit(folder, environment)
    log = tmp_path / "home" / "pre-commit.log"
    told = done.stdout + done.stderr + (log.read_text(encoding="utf-8") if log.exists() else "")
    if done.returncode == 3 and OFFLINE.search(told):
        pytest.skip("no package index can be reached, from which pre-commit installs the hook")
    assert done.returncode == 1, told
    assert "messages/harsh.txt: BLOCK" in done.stdout, done.stdout


def test_the_manifest_of_the_hooks_is_valid() -> None:
    clientlib = pytest.importorskip("pre_commit.clientlib", reason="pre-commit is not installed")
    hooks = clientlib.load_manifest(str(ROOT / ".pre-commit-hooks.yaml"))
    assert [hook["id"] for hook in hooks] == ["tonecheck", "tonecheck-templates"]


@pytest.mark.parametrize(
    ("schema", "path"),
    [
        ("github-actions", "action.yml"),
        ("github-workflows", "examples/ci/github-workflow.yml"),
        ("gitlab-ci", "examples/ci/gitlab-ci.yml"),
    ],
)
def test_the_files_for_code_hosts_fit_their_schemas(schema: str, path: str) -> None:
    pytest.importorskip(
        "check_jsonschema", reason="check-jsonschema, which brings these schemas, is not installed"
    )
    words = [
        sys.executable,
        "-m",
        "check_jsonschema",
        "--builtin-schema",
        f"vendor.{schema}",
        str(ROOT / path),
    ]
    if schema == "gitlab-ci":
        words += ["--data-transform", "gitlab-ci"]
    done = subprocess.run(words, capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_example_for_pre_commit_uses_hooks_that_exist() -> None:
    manifest = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    example = yaml.safe_load((ROOT / "examples/ci/pre-commit-config.yaml").read_text(encoding="utf-8"))
    used = {hook["id"] for repo in example["repos"] for hook in repo["hooks"]}
    assert used == {hook["id"] for hook in manifest}


# --- the action ----------------------------------------------------------------------------------------------------------


def action() -> dict[str, Any]:
    content = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
    assert isinstance(content, dict)
    return content


def test_no_input_of_the_action_becomes_part_of_a_script() -> None:
    scripts = [step["run"] for step in action()["runs"]["steps"] if "run" in step]
    assert scripts and not any("${{" in script for script in scripts)


def test_the_action_uses_every_input_and_the_example_only_inputs_that_exist() -> None:
    content = action()
    steps = yaml.safe_dump(content["runs"]["steps"])
    assert [name for name in content["inputs"] if f"inputs.{name}" not in steps] == []
    example = yaml.safe_load((ROOT / "examples/ci/github-workflow.yml").read_text(encoding="utf-8"))
    (used,) = [
        step["with"] for step in example["jobs"]["tonecheck"]["steps"] if "/tonecheck@" in step["uses"]
    ]
    assert set(used) <= set(content["inputs"])


def inputs(**given: str) -> dict[str, str]:
    """The variables that the step "Check" sets for these inputs."""
    content = action()
    (step,) = [step for step in content["runs"]["steps"] if step.get("name") == "Check"]
    assert step["run"] == "python -m tonecheck.ci.action"
    values = {
        name.replace("-", "_"): row.get("default", "") for name, row in content["inputs"].items()
    } | given
    names = {
        variable: re.fullmatch(r"\$\{\{ inputs\.([a-z-]+) \}\}", text)
        for variable, text in step["env"].items()
    }
    return {variable: values[match[1].replace("-", "_")] for variable, match in names.items() if match}


@pytest.fixture
def mails(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    (folder / "mails" / "deep er").mkdir(parents=True)
    (folder / "mails" / "fit.txt").write_text(FIT, encoding="utf-8")
    (folder / "mails" / "deep er" / "harsh.txt").write_text(HARSH, encoding="utf-8")
    return folder


FAST = "--model none --pipeline none --disable 'missing/*'"


def test_the_action_annotates_and_writes_sarif(mails: Path, capfd: pytest.CaptureFixture[str]) -> None:
    given = inputs(files="\nmails/**/*.txt\n", args=FAST, sarif="out.sarif")
    assert main(given) == 1
    assert "::error file=mails/deep er/harsh.txt,line=2," in capfd.readouterr().out
    log = json.loads((mails / "out.sarif").read_text(encoding="utf-8"))
    uris = {artifact["location"]["uri"] for artifact in log["runs"][0]["artifacts"]}
    assert uris == {"mails/fit.txt", "mails/deep%20er/harsh.txt"}


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"files": "mails/fit.txt", "args": FAST}, 0),
        ({"files": "mails/**/*.txt", "args": FAST, "fail_on": "never"}, 0),
        ({"files": "mails/**/*.txt", "args": FAST, "diff": "--output=x"}, 2),
        ({"files": "mails/nowhere.txt", "args": FAST}, 2),
        ({"files": "mails/*.eml"}, 2),
        ({}, 2),
        ({"files": "mails/fit.txt", "args": "'open"}, 2),
    ],
)
def test_the_action_ends_as_the_command_does(mails: Path, given: dict[str, str], status: int) -> None:
    assert main(inputs(**given)) == status


def test_nothing_that_an_input_holds_is_run(mails: Path) -> None:
    hostile = "$(touch ran)`touch ran`; touch ran"
    assert main(inputs(files=hostile, args=f"{FAST}")) == 2
    assert main(inputs(files="mails/fit.txt", args=f"{FAST} {hostile}")) == 2
    assert not (mails / "ran").exists()


def test_patterns_stand_for_files_in_order_and_each_once(mails: Path) -> None:
    assert expanded("mails/**\n mails/fit.txt \n\nnowhere.txt\n") == [
        "mails/deep er/harsh.txt",
        "mails/fit.txt",
        "nowhere.txt",
    ]
