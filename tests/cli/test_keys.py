"""``tonecheck keys``: add, list, revoke."""

from __future__ import annotations

import re
from pathlib import Path

from tonecheck.service.keys import Keys


def test_add_prints_the_key_alone_and_tells_the_rest_on_stderr(run, folder: Path) -> None:
    done = run("keys", "add", "crm", "--file", "keys.jsonl", "--rate", "300")
    assert done.exit_code == 0
    assert re.fullmatch(r"tck_[\w-]{43}\n", done.stdout)
    secret = done.stdout.strip()
    key = Keys.load(folder / "keys.jsonl").owner(secret)
    assert key is not None
    assert (key.name, key.rate) == ("crm", 300)
    assert f"key {key.id}, 300 requests a minute; it is shown this once" in done.stderr
    assert secret not in done.stderr + (folder / "keys.jsonl").read_text(encoding="utf-8")


def test_list_shows_each_key_and_whether_it_is_good(run) -> None:
    secrets = [run("keys", "add", name, "--file", "k").stdout.strip() for name in ("crm", "Zoë’s desk")]
    first = Keys.load("k").owner(secrets[0])
    assert first is not None
    run("keys", "revoke", first.id, "--file", "k")
    done = run("keys", "list", "--file", "k")
    assert done.exit_code == 0
    heading, crm, desk = done.stdout.splitlines()
    assert heading.split() == ["id", "created", "rate", "state", "name"]
    assert crm.split() == [first.id, first.created, "120", "revoked", "crm"]
    assert desk.split()[2:] == ["120", "good", "Zoë’s", "desk"]
    assert crm.index("crm") == desk.index("Zoë")
    assert not any(secret in done.stdout for secret in secrets)


def test_revoke_says_which_key_it_was(run) -> None:
    secret = run("keys", "add", "crm", "--file", "k").stdout.strip()
    keys = Keys.load("k")
    key = keys.owner(secret)
    assert key is not None
    done = run("keys", "revoke", key.id, "--file", "k")
    assert (done.exit_code, done.stdout, done.stderr) == (0, "", f"key {key.id} (crm) is revoked\n")
    assert keys.owner(secret) is None


def test_a_mistake_is_status_2_with_place_and_mend(run, folder: Path) -> None:
    secret = run("keys", "add", "crm", "--file", "k").stdout.strip()
    mistakes = {
        ("list", "--file", "nowhere"): "nowhere: the keys cannot be read",
        ("revoke", "00000000", "--file", "nowhere"): "nowhere: the keys cannot be read",
        ("revoke", "zzzz", "--file", "k"): "k: key 'zzzz' does not exist",
        ("revoke", secret, "--file", "k"): "is a key, not the id of one",
        ("add", "", "--file", "k"): "name: give 1 to 80",
        ("add", "crm", "--file", "k", "--rate", "0"): "rate: give a whole number",
        ("add", "crm", "--file", "no/such/folder"): "no/such/folder: the keys cannot be written",
        ("add", "crm", "--file", "."): "'.' is a directory",
        ("add", "crm"): "Missing option '--file'",
        ("list",): "Missing option '--file'",
    }
    for arguments, message in mistakes.items():
        done = run("keys", *arguments)
        assert (done.exit_code, done.stdout) == (2, ""), arguments
        assert message in done.stderr
        assert done.stderr.count("\n") == 1
        assert secret not in done.stderr
    assert len(Keys.load(folder / "k").all()) == 1
