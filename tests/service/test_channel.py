"""Whole messages over a socket, however it cuts them."""

from __future__ import annotations

import socket
import threading

import pytest

from tonecheck.service.channel import Channel, packed


@pytest.fixture
def ends():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


@pytest.mark.parametrize(
    "message", ["", "ready", ("answer", b"\0" * 5_000_000)], ids=["empty", "word", "large"]
)
def test_a_message_arrives_as_it_was_sent(ends, message):
    ours, theirs = map(Channel, ends)
    sending = threading.Thread(target=theirs.send, args=(packed(message),))
    sending.start()
    assert ours.receive() == message
    sending.join()


def test_a_message_in_single_bytes_arrives_whole(ends):
    data = packed("Dear Sam")
    sending = threading.Thread(target=lambda: [ends[1].sendall(data[n : n + 1]) for n in range(len(data))])
    sending.start()
    assert Channel(ends[0]).receive() == "Dear Sam"
    sending.join()


def test_nothing_within_the_limit_is_a_timeout(ends):
    channel = Channel(ends[0])
    channel.limit(0.05)
    with pytest.raises(TimeoutError):
        channel.receive()


@pytest.mark.parametrize("sent", [b"", packed("Dear Sam")[:-1]], ids=["at once", "in the middle"])
def test_when_the_other_end_is_gone_then_that_is_said(ends, sent):
    ends[1].sendall(sent)
    ends[1].close()
    with pytest.raises(EOFError):
        Channel(ends[0]).receive()
