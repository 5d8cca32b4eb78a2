"""All faces say the same of the same draft, to the byte."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tonecheck import Checker, Config, Profile
from tonecheck.cli import main
from tonecheck.render.json import render

EXAMPLES = sorted(Path(__file__).parents[2].joinpath("examples").glob("*.txt"))
PROFILE = {
    "channel": "sms",
    "stage": "final",
    "jurisdiction": "uk",
    "sender": "third_party",
    "audience": "business",
}


def from_the_command_line(path, capsysbinary, *options):
    with pytest.raises(SystemExit):
        main(["check", str(path), "--no-config", "--format", "json", *options])
    return capsysbinary.readouterr().out


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_http_and_the_command_line_give_the_same_bytes(client, capsysbinary, path):
    text = path.read_text(encoding="utf-8")
    options = [f"--{name}={value}" for name, value in PROFILE.items()]
    assert client.post("/v1/check", json={"text": text}).data == from_the_command_line(path, capsysbinary)
    assert client.post("/v1/check", json={"text": text, **PROFILE}).data == from_the_command_line(
        path, capsysbinary, *options
    )


def test_python_the_batch_and_http_give_the_same_report(client):
    checker = Checker(Config())
    for path in EXAMPLES:
        text = path.read_text(encoding="utf-8")
        report = checker.check(text, Profile(**PROFILE))
        assert client.post("/v1/check", json={"text": text, **PROFILE}).data.decode() == render(report)
        line = client.post("/v1/batch", data=json.dumps({"id": 1, "text": text, **PROFILE})).data
        assert json.loads(line)["report"] == report.to_dict()


def test_a_server_process_gives_the_same_bytes(server, client):
    from urllib.request import Request, urlopen

    text = EXAMPLES[0].read_text(encoding="utf-8")
    request = Request(
        f"{server}/v1/check", json.dumps({"text": text}).encode(), {"Content-Type": "application/json"}
    )
    with urlopen(request, timeout=60) as answer:
        assert answer.read() == client.post("/v1/check", json={"text": text}).data
