"""Candidates of a language model behind an OpenAI-compatible server (llama.cpp, vLLM, Ollama), where the configuration names one.

Off by default, and nothing else ever opens a connection. What comes back is text from a stranger: it is bounded, and
passes the guard like every other candidate. A server that is slow, gone or talks nonsense adds nothing, and breaks nothing.
"""

from __future__ import annotations

import json
import time
import urllib.request
from collections.abc import Sequence
from http.client import HTTPException
from typing import Any

from tonecheck.profile import Profile

MOST_CANDIDATES = 3
MOST_CHARACTERS = 600
_MOST_BYTES = 64_000
_INSTRUCTION = (
    "You edit messages of a business to a customer who owes it money. Rewrite the sentence that you are given so that it is "
    "polite, clear, kind and short. Keep every amount, date, name, reference, link, phone number and e-mail address exactly as "
    "written; add no fact and no promise. Answer with a JSON list of up to three strings and nothing else."
)


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """The draft goes to the server that was named, and to no other."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


class LanguageModel:
    """``seconds``: as long as all questions about one message may take together."""

    def __init__(self, url: str, model: str | None = None, seconds: float = 20) -> None:
        self._url = url.rstrip("/") + "/chat/completions"
        self._model = model
        self._until = time.monotonic() + seconds
        # No proxy of the environment either.
        self._opener = urllib.request.build_opener(_NoRedirect, urllib.request.ProxyHandler({}))

    def candidates(self, sentence: str, categories: Sequence[str], profile: Profile) -> list[str]:
        """What the server proposes for a sentence; empty when it does not answer well, or time is up."""
        left = self._until - time.monotonic()
        if left <= 0:
            return []
        wording = f"Channel: {profile.channel}. Country: {profile.jurisdiction}. It is: {', '.join(categories)}.\n\n{sentence}"
        body = {
            "messages": [
                {"role": "system", "content": _INSTRUCTION},
                {"role": "user", "content": wording},
            ],
            "temperature": 0,
            "max_tokens": 400,
            **({"model": self._model} if self._model else {}),
        }
        request = urllib.request.Request(
            self._url, json.dumps(body).encode("utf-8"), {"Content-Type": "application/json"}
        )
        try:
            with self._opener.open(request, timeout=left) as answer:
                content = json.loads(answer.read(_MOST_BYTES))["choices"][0]["message"]["content"]
            return _read(content)
        except (OSError, HTTPException, ValueError, LookupError, TypeError, RecursionError):
            return []


def _read(content: Any) -> list[str]:
    """The strings of a JSON list, which may stand in a code block; what is no plain single line is left out."""
    if not isinstance(content, str):
        return []
    start, end = content.find("["), content.rfind("]")
    found = json.loads(content[start : end + 1]) if 0 <= start < end else []
    lines = (
        [" ".join(one.split()) for one in found if isinstance(one, str)] if isinstance(found, list) else []
    )
    return [line for line in lines if line.isprintable() and 0 < len(line) <= MOST_CHARACTERS][
        :MOST_CANDIDATES
    ]
