"""`tonecheck serve`: what it refuses before it listens, and how it ends."""

from __future__ import annotations

import signal
import socket
import urllib.request

import pytest

from tests.service.conftest import serving
from tonecheck.cli import main


def refused(arguments, capsys):
    with pytest.raises(SystemExit) as ended:
        main(["serve", "--no-config", *arguments])
    assert ended.value.code == 2
    return capsys.readouterr().err


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "::"])
def test_it_does_not_listen_for_others_without_keys(capsys, host):
    assert "give --keys FILE" in refused(["--host", host], capsys)


def test_a_file_of_keys_has_to_be_there(capsys, tmp_path):
    told = refused(["--host", "0.0.0.0", "--port", "0", "--keys", str(tmp_path / "none.jsonl")], capsys)
    assert "none.jsonl" in told


def test_a_port_in_use_is_told(capsys):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        told = refused(["--port", str(taken.getsockname()[1])], capsys)
    assert "cannot listen on 127.0.0.1" in told


def test_wrong_options_are_refused_with_the_nearest(capsys):
    assert "did you mean 'email'" in refused(["--channel", "emial"], capsys)


def test_it_ends_in_peace_when_it_is_told_to():
    with serving("--workers", "0", "--model", "none", "--pipeline", "none") as (address, lines, process):
        with urllib.request.urlopen(f"{address}/healthz", timeout=30) as answer:
            assert answer.status == 200
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == 0
    assert "Traceback" not in "".join(lines)
