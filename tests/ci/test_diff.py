"""What changed since a commit, asked of a real git."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tonecheck.ci.diff import changed_lines, check_ref, on_changed_lines
from tonecheck.ci.positions import Positions
from tonecheck.errors import UserError

from .conftest import located

Git = Callable[..., str]


@pytest.fixture
def git(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Git:
    """A repository in the current folder, and a way to call git in it. No configuration but its own is read."""
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", os.devnull)

    def call(*arguments: str) -> str:
        done = subprocess.run(
            ["git", "-c", "user.name=t", "-c", "user.email=t@example.com", *arguments],
            capture_output=True,
            encoding="utf-8",
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    call("init", "-q", "-b", "main")
    return call


def put(name: str, *lines: str, end: str = "\n") -> str:
    Path(name).parent.mkdir(parents=True, exist_ok=True)
    Path(name).write_bytes(("\n".join(lines) + end).encode())
    return name


def commit(git: Git) -> None:
    git("add", "-A")
    git("commit", "-q", "--allow-empty", "-m", "x")


def test_changed_and_added_lines_are_told_and_the_rest_is_not(git: Git) -> None:
    names = [put(name, "one", "two", "three", "four") for name in ("a.txt", "b.txt", "c.txt")]
    commit(git)
    put("a.txt", "one", "TWO", "three", "new", "four", "more")
    put("b.txt", "one", "four")
    assert changed_lines("HEAD", names) == {"a.txt": {2, 4, 6}, "b.txt": set()}


def test_lines_that_look_like_headings_are_lines(git: Git) -> None:
    put("a.txt", "one", "-- old", end="")
    commit(git)
    put("a.txt", "++ b/other.txt", "@@ -1 +7 @@", "diff --git a/x b/x", "++ /dev/null", end="")
    assert changed_lines("HEAD", ["a.txt"]) == {"a.txt": {1, 2, 3, 4}}


@pytest.mark.parametrize(
    "name", ["a b.txt", "é😀.txt", 'q"uote\\.txt', "tab\there.txt", "*.txt", ":(top)x", "-n", "b/a b/x"]
)
@pytest.mark.parametrize("quoted", ["true", "false"])
def test_unusual_names_are_found_and_taken_literally(git: Git, name: str, quoted: str) -> None:
    put(f"./{name}", "one", "two")
    put("other.txt", "one")
    commit(git)
    git("config", "core.quotePath", quoted)
    put(f"./{name}", "one", "2")
    put("other.txt", "1")
    assert changed_lines("HEAD", [name]) == {name: {2}}


def test_a_file_that_git_does_not_know_yet_is_new_in_every_line(git: Git) -> None:
    commit(git)
    put(".gitignore", "ignored.txt")
    names = [put("new.txt", "one", "two"), put("ignored.txt", "one"), put("staged.txt", "one")]
    git("add", "staged.txt")
    assert changed_lines("HEAD", names) == {"new.txt": {1, 2}, "ignored.txt": {1}, "staged.txt": {1}}


def test_a_branch_is_compared_with_where_it_began(git: Git) -> None:
    put("a.txt", "one", "two", "three")
    commit(git)
    git("checkout", "-q", "-b", "work")
    put("a.txt", "one", "two", "THREE")
    commit(git)
    git("checkout", "-q", "main")
    put("a.txt", "ONE", "two", "three")
    commit(git)
    git("checkout", "-q", "work")
    assert changed_lines("main", ["a.txt"]) == {"a.txt": {3}}


def test_it_works_from_a_folder_below_and_with_whole_paths(git: Git, monkeypatch: pytest.MonkeyPatch) -> None:
    put("sub/a.txt", "one", "two")
    put("b.txt", "one")
    commit(git)
    put("sub/a.txt", "one", "2")
    put("b.txt", "1")
    whole = str(Path("sub/a.txt").absolute())
    monkeypatch.chdir("sub")
    assert changed_lines("HEAD", ["a.txt", "../b.txt"]) == {"a.txt": {2}, "../b.txt": {1}}
    assert changed_lines("HEAD", [whole]) == {whole: {2}}


def test_the_configuration_of_a_repository_changes_nothing_and_runs_nothing(git: Git, folder: Path) -> None:
    put("a.txt", "one", "two")
    put(".gitattributes", "*.txt diff=evil")
    commit(git)
    evil = folder / "evil.sh"
    evil.write_text('#!/bin/sh\ntouch "$(dirname "$0")/ran"\n', encoding="utf-8")
    evil.chmod(0o755)
    for key, value in {
        "diff.external": str(evil),
        "diff.evil.command": str(evil),
        "diff.evil.textconv": str(evil),
        "core.fsmonitor": str(evil),
        "diff.noprefix": "true",
        "diff.mnemonicPrefix": "true",
        "color.ui": "always",
        "diff.relative": "true",
        "diff.context": "9",
        "diff.interHunkContext": "9",
    }.items():
        git("config", key, value)
    put("a.txt", "one", "2")
    assert changed_lines("HEAD", ["a.txt"]) == {"a.txt": {2}}
    assert not (folder / "ran").exists()


@pytest.mark.parametrize("ref", ["", "-O/tmp/x", "--output=x", "a b", "a\nb", "a\0b", "a\x1bb"])
def test_what_cannot_be_a_commit_is_refused_before_git_sees_it(ref: str) -> None:
    with pytest.raises(UserError, match="is no name of a commit"):
        check_ref(ref)


@pytest.mark.parametrize(
    ("ref", "path", "said"),
    [
        ("nowhere", "a.txt", "git knows no commit 'nowhere'"),
        ("HEAD:a.txt", "a.txt", "git knows no commit"),
        ("HEAD", "-", "standard input has no history"),
        ("HEAD", "../b.txt", "outside the repository"),
    ],
)
def test_what_git_cannot_answer_is_said_in_one_sentence(git: Git, ref: str, path: str, said: str) -> None:
    put("a.txt", "one")
    commit(git)
    with pytest.raises(UserError, match=f"^--diff: .*{said}"):
        changed_lines(ref, [path])


def test_outside_a_repository_it_says_so(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(folder.parent))
    with pytest.raises(UserError, match="not a git repository"):
        changed_lines("HEAD", ["a.txt"])


def test_without_git_it_says_so(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(folder))
    with pytest.raises(UserError, match="needs git"):
        changed_lines("HEAD", ["a.txt"])


@pytest.mark.parametrize(
    ("quote", "changed", "shown"),
    [
        ("pay now", {2}, True),
        ("pay now", {1, 3}, False),
        ("Or else\nwe sue", {4}, True),
        ("Or else\nwe sue", {2, 5}, False),
        ("pay now", None, False),
        (None, set(), True),
        (None, None, False),
    ],
)
def test_a_finding_counts_if_one_of_its_lines_changed(
    quote: str | None, changed: set[int] | None, shown: bool
) -> None:
    assert on_changed_lines(located(quote), changed) is shown


def test_a_line_break_at_the_end_of_a_finding_does_not_reach_the_next_line() -> None:
    item = located()._replace(place=Positions("one\ntwo\n").place(0, 4))
    assert not on_changed_lines(item, {2})
    assert on_changed_lines(item, {1})
