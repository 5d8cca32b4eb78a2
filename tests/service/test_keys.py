"""API keys: the file, the rates, the decision; and the client with a real server."""

from __future__ import annotations

import json
import os
import re
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from tonecheck.client import ApiError, Client
from tonecheck.errors import UserError
from tonecheck.service import keys as module
from tonecheck.service.guard import Guard
from tonecheck.service.keys import Key, Keys, Rates, decide, presented_key


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "keys.jsonl"


@pytest.fixture
def keys(path: Path) -> Keys:
    return Keys.load(path, new=True)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time in its only element, in seconds; it stands still unless it is moved."""
    now = [1_800_000_000.0]
    monkeypatch.setattr("time.time", lambda: now[0])
    return now


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def rewrite(path: Path, *lines: object) -> None:
    """Edit the file in place, as a person with an editor may."""
    text = "".join((line if isinstance(line, str) else json.dumps(line)) + "\n" for line in lines)
    path.write_text(text, encoding="utf-8")
    path.chmod(0o600)


def test_a_key_is_256_random_bits_and_kept_as_a_hash_only(keys, path):
    made = [keys.add("crm", 300), keys.add("crm")]
    assert all(re.fullmatch(r"tck_[\w-]{43}", key) for key in made)
    assert made[0] != made[1]
    first, second = rows(path)
    assert set(first) == {"id", "name", "sha256", "created", "rate", "revoked"}
    assert (first["name"], first["rate"], first["revoked"]) == ("crm", 300, False)
    assert (second["rate"], first["id"] != second["id"]) == (120, True)
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", first["created"])
    assert not any(key[4:] in path.read_text(encoding="utf-8") for key in made)


def test_the_owner_of_a_key_is_found_by_it_alone(keys):
    made = [keys.add(name) for name in ("one", "two", "three")]
    assert [keys.owner(key).name for key in made] == ["one", "two", "three"]


@pytest.mark.parametrize(
    "spoil", [str.lower, str.strip, lambda key: key[:-1], lambda key: key[4:], lambda key: key + "a"]
)
def test_what_is_nearly_a_key_is_none(keys, spoil):
    key = keys.add("one")
    spoilt = spoil(key)
    assert (keys.owner(spoilt) is None) == (spoilt != key)


@pytest.mark.parametrize("presented", ["", "tck_", "\0", "é🙂", "\udcff", "x" * 10_000_000])
def test_any_text_at_all_can_be_presented(keys, presented):
    keys.add("one")
    assert keys.owner(presented) is None


def test_the_hash_itself_opens_nothing(keys, path):
    keys.add("one")
    assert keys.owner(rows(path)[0]["sha256"]) is None


def test_every_key_is_compared_whichever_it_is(keys, monkeypatch):
    made = [keys.add(str(number)) for number in range(4)]
    compared: list[str] = []
    real = module.hmac.compare_digest

    def counting(one: str, other: str) -> bool:
        compared.append(other)
        return real(one, other)

    monkeypatch.setattr(module.hmac, "compare_digest", counting)
    for presented in (made[0], made[3], "tck_unknown"):
        compared.clear()
        keys.owner(presented)
        assert len(set(compared)) == 4


def test_a_revoked_key_is_nobodys_and_the_others_stay(keys, path):
    first, second = keys.add("one"), keys.add("two")
    id = keys.owner(first).id
    assert keys.revoke(id).revoked
    assert keys.owner(first) is None
    assert keys.owner(second).name == "two"
    assert [row["revoked"] for row in rows(path)] == [True, False]
    assert keys.revoke(id).revoked


def test_revoking_what_is_not_there_names_the_nearest_and_never_a_key(keys):
    key = keys.add("one")
    id = keys.owner(key).id
    with pytest.raises(UserError, match=f"did you mean '{id}'"):
        keys.revoke(id[:-1])
    with pytest.raises(UserError, match="is a key, not the id") as caught:
        keys.revoke(key)
    assert key not in str(caught.value)


def test_what_another_process_changes_holds_at_once(keys, path):
    key = keys.add("one")
    serving = Keys.load(path)
    assert serving.owner(key).name == "one"
    code = "import sys; from tonecheck.service.keys import Keys; keys = Keys.load(sys.argv[1]); print(keys.add('two')); keys.revoke(keys.all()[0].id)"
    done = subprocess.run([sys.executable, "-c", code, path], capture_output=True, text=True, check=True)
    assert serving.owner(key) is None
    assert serving.owner(done.stdout.strip()).name == "two"


def test_the_file_is_read_again_only_when_it_has_changed(keys, path, monkeypatch):
    key = keys.add("one")
    keys.all()
    read: list[Path] = []
    real = module._read
    monkeypatch.setattr(module, "_read", lambda path: read.append(path) or real(path))
    assert keys.owner(key) and keys.owner(key)
    assert read == []
    (row,) = rows(path)
    rewrite(path, {**row, "name": "another"})
    assert keys.owner(key).name == "another"
    assert len(read) == 1


@pytest.mark.skipif(os.name != "posix", reason="locks of POSIX")
def test_keys_that_are_added_at_once_are_all_kept(path, monkeypatch):
    real = module._write

    def slow(path: Path, keys: list[Key]) -> None:
        # Long enough for the others to have read the file, were they let.
        time.sleep(0.05)
        real(path, keys)

    monkeypatch.setattr(module, "_write", slow)
    threads = [threading.Thread(target=lambda: Keys.load(path, new=True).add("k")) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(Keys.load(path).all()) == 4


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
def test_the_file_is_its_owners_alone_and_nothing_else_is_left_behind(keys, path):
    mask = os.umask(0)
    try:
        keys.add("one")
        path.chmod(0o644)
        keys.add("two")
    finally:
        os.umask(mask)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
def test_a_file_that_others_may_write_to_is_refused(keys, path):
    keys.add("one")
    path.chmod(0o620)
    with pytest.raises(UserError, match="chmod 600"):
        Keys.load(path)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root gives files away")
def test_a_key_that_root_adds_leaves_the_file_to_the_user_of_the_service(keys, path):
    keys.add("one")
    os.chown(path, 12_345, 12_346)
    keys.add("two")
    assert (path.stat().st_uid, path.stat().st_gid) == (12_345, 12_346)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_write_that_fails_leaves_the_file_as_it_was(keys, path, monkeypatch):
    key = keys.add("one")
    before = path.read_bytes()

    def full(number: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(module.os, "fsync", full)
    with pytest.raises(UserError, match="cannot be written: No space left"):
        keys.add("two")
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]
    assert keys.owner(key)


def test_a_link_to_the_file_stays_a_link(keys, path, tmp_path):
    keys.add("one")
    link = tmp_path / "link.jsonl"
    link.symlink_to(path)
    Keys.load(link).add("two")
    assert link.is_symlink()
    assert len(rows(path)) == 2


@pytest.mark.parametrize("name", ["", "  ", "x" * 81, "two\nlines", "\x1b[31m"])
def test_a_name_that_cannot_be_shown_is_refused(keys, path, name):
    with pytest.raises(UserError, match=r"^name: "):
        keys.add(name)
    assert not path.exists()


@pytest.mark.parametrize("rate", [0, -1, 100_001, 1.5, True, "120"])
def test_a_rate_that_cannot_be_kept_is_refused(keys, path, rate):
    with pytest.raises(UserError, match=r"^rate: "):
        keys.add("one", rate)
    assert not path.exists()


GOOD = {
    "id": "ab12",
    "name": "crm",
    "sha256": "0" * 64,
    "created": "2027-05-14",
    "rate": 120,
    "revoked": False,
}
WRONG = {
    "no JSON": ("{", "not a JSON object"),
    "no object": ([1], "not a JSON object"),
    "too deep": ("[" * 100_000, "not a JSON object"),
    "mistyped revoked": ({**GOOD, "revokd": True}, "did you mean 'revoked'"),
    "revoked as text": ({**GOOD, "revoked": "yes"}, "revoked: "),
    "no hash": ({name: value for name, value in GOOD.items() if name != "sha256"}, "sha256: "),
    "a key for its hash": ({**GOOD, "sha256": "tck_secret"}, "sha256: "),
    "an id that is none": ({**GOOD, "id": "../x"}, "id: "),
    "rate 0": ({**GOOD, "rate": 0}, "rate: "),
    "no day": ({**GOOD, "created": "yesterday"}, "created: "),
    "a name over two lines": ({**GOOD, "name": "a\nb"}, "name: "),
    "the same id": (GOOD, "ab12 is there twice"),
}


@pytest.mark.parametrize(("line", "message"), WRONG.values(), ids=WRONG)
def test_a_wrong_line_is_named_and_its_hash_is_not_shown(path, line, message):
    rewrite(path, GOOD, "", line)
    with pytest.raises(UserError, match=re.escape(f"{path}:3: ") + ".*" + re.escape(message)) as caught:
        Keys.load(path)
    assert "tck_secret" not in str(caught.value)


def test_a_file_that_is_not_there_or_no_text_is_named(path):
    with pytest.raises(UserError, match="make it with 'tonecheck keys add'"):
        Keys.load(path)
    path.write_bytes(b"\xff\xfe")
    path.chmod(0o600)
    with pytest.raises(UserError, match="is not UTF-8"):
        Keys.load(path)


def test_no_repr_shows_a_hash(keys, path):
    keys.add("one")
    assert rows(path)[0]["sha256"] not in repr(keys) + repr(keys.all())


def test_a_key_may_call_as_often_as_its_rate_in_any_minute(clock):
    rates = Rates()
    assert [rates.allow("a", 3) for _ in range(3)] == [None] * 3
    assert rates.allow("a", 3) == 60
    clock[0] += 45.5
    assert rates.allow("a", 3) == 15
    clock[0] += 14.6
    assert [rates.allow("a", 3) for _ in range(4)] == [None, None, None, 60]


def test_the_window_moves_rather_than_starts_anew(clock):
    rates = Rates()
    assert rates.allow("a", 2) is None
    clock[0] += 50
    assert rates.allow("a", 2) is None
    clock[0] += 11
    assert [rates.allow("a", 2), rates.allow("a", 2)] == [None, 49]


def test_each_key_has_its_own_count_and_refusals_cost_nothing(clock):
    rates = Rates()
    assert rates.allow("a", 1) is None
    assert [rates.allow("a", 1) for _ in range(50)] == [60] * 50
    assert rates.allow("b", 1) is None
    clock[0] += 60.1
    assert rates.allow("a", 1) is None


HEADERS = {
    "bearer": ({"Authorization": "Bearer tck_a"}, "tck_a"),
    "any case": ({"Authorization": "bEARER   tck_a "}, "tck_a"),
    "x-api-key": ({"X-API-Key": " tck_b "}, "tck_b"),
    "both": ({"Authorization": "Bearer other", "X-API-Key": "tck_b"}, "tck_b"),
    "basic": ({"Authorization": "Basic dGNrX2E6"}, None),
    "basic and ours": ({"Authorization": "Basic dGNrX2E6", "X-API-Key": "tck_b"}, "tck_b"),
    "empty": ({"Authorization": "Bearer ", "X-API-Key": " "}, None),
    "no scheme": ({"Authorization": "tck_a"}, None),
    "none": ({}, None),
}


@pytest.mark.parametrize(("headers", "key"), HEADERS.values(), ids=HEADERS)
def test_the_key_of_a_request(headers, key):
    assert presented_key(headers) == key


def test_the_decision_about_a_request(keys, clock):
    key = keys.add("crm", 1)
    rates = Rates()
    passed = decide(key, keys, rates)
    assert (passed.allowed, passed.status, passed.key.name) == (True, 200, "crm")
    often = decide(key, keys, rates)
    assert (often.allowed, often.status, often.headers) == (False, 429, {"Retry-After": "60"})
    without = decide(None, keys, rates)
    assert (without.status, without.headers) == (401, {"WWW-Authenticate": 'Bearer realm="tonecheck"'})
    unknown = decide("tck_unknown", keys, rates)
    assert unknown.status == 401
    assert 'error="invalid_token"' in unknown.headers["WWW-Authenticate"]
    assert all(decision.title and decision.detail for decision in (often, without, unknown))
    assert key not in repr([passed, often, without, unknown])
    assert "tck_unknown" not in repr(unknown)


def test_a_refused_key_does_not_count(keys, clock):
    key = keys.add("crm", 1)
    rates = Rates()
    assert [decide("tck_x", keys, rates).status for _ in range(5)] == [401] * 5
    assert decide(key, keys, rates).allowed


@pytest.mark.parametrize("harm", [Path.unlink, lambda path: rewrite(path, "{")], ids=["gone", "damaged"])
def test_while_the_file_cannot_be_used_nobody_passes_and_then_all_do_again(keys, path, harm):
    key = keys.add("crm")
    content = path.read_text(encoding="utf-8")
    assert decide(key, keys, Rates()).allowed
    harm(path)
    refused = decide(key, keys, Rates())
    assert (refused.status, set(refused.headers)) == (503, {"Retry-After"})
    assert str(path) not in repr(refused)
    rewrite(path, content.strip())
    assert decide(key, keys, Rates()).allowed


def test_the_hash_is_not_in_the_repr_of_a_decision(keys):
    key = keys.add("crm")
    decision = decide(key, keys, Rates())
    assert isinstance(decision.key, Key)
    assert decision.key.sha256 not in repr(decision)


def test_the_service_asks_for_the_key_and_hears_of_its_revocation(keys, path, clock):
    key = keys.add("crm", 2)
    app = Flask("guarded")
    app.add_url_rule("/v1/rules", "rules", lambda: "in")
    app.add_url_rule("/healthz", "health", lambda: "well")
    Guard(path).register(app)
    http = app.test_client()
    good = {"Authorization": f"Bearer {key}"}
    refused = http.get("/v1/rules")
    assert (refused.status_code, refused.mimetype) == (401, "application/problem+json")
    assert refused.headers["WWW-Authenticate"].startswith("Bearer")
    assert http.get("/healthz").status_code == 200
    assert [http.get("/v1/rules", headers=good).status_code for _ in range(3)] == [200, 200, 429]
    keys.revoke(keys.owner(key).id)
    assert http.get("/v1/rules", headers={"X-API-Key": key}).status_code == 401


def test_the_client_speaks_with_a_real_server(server):
    draft = "Pay now or we will garnish your wages, Zoë 🙂."
    with Client(server, timeout=60) as client:
        # Until rules and model are loaded the service says that it is busy, and the client comes again.
        for _ in range(600):
            if client.ready():
                break
            time.sleep(0.1)
        else:
            pytest.fail("the service did not get ready in a minute")
        report = client.check(draft, channel="sms", stage="final")
        assert report["verdict"] == "block"
        assert report["profile"]["channel"] == "sms"
        found = [one for one in report["findings"] if one["start"] is not None]
        assert found
        assert all(draft[one["start"] : one["end"]] == one["quote"] for one in found)
        fixed = client.fix(draft, unsafe=True)
        assert set(fixed) >= {"text", "before", "after", "applied"}
        assert fixed["after"]["score"] > fixed["before"]["score"]
        records = [{"id": number, "text": draft if number % 2 else 5} for number in range(40)]
        answers = list(client.batch(records))
        assert [answer["id"] for answer in answers] == list(range(40))
        assert [("report" in answer, "error" in answer) for answer in answers] == [
            (False, True),
            (True, False),
        ] * 20
        rules = client.rules()
        assert client.rule(rules[0]["id"])["id"] == rules[0]["id"]
        with pytest.raises(ApiError) as unknown:
            client.rule("threat/no-such-rule")
        assert unknown.value.status == 404
        with pytest.raises(ApiError, match="stage") as wrong:
            client.check(draft, stage="never", request_id="from-the-test")
        assert (wrong.value.status, wrong.value.request_id) == (422, "from-the-test")
