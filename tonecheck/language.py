"""The statistical language pipeline: spaCy, loaded only when a rule or guard asks for syntax.

``default`` is the pipeline trained by this project and shipped in the package (see ``training/language``); ``none``
works without statistics; any other name is an installed spaCy pipeline or a folder that holds one.
"""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

from tonecheck.errors import ConfigError

DEFAULT_PIPELINE = Path(__file__).parent / "data" / "pipeline"
_NEEDLESS = ["ner", "textcat", "senter", "entity_linker", "spancat"]


class Language:
    """A lazily loaded spaCy pipeline. ``components`` leaves out what is not named (``None`` keeps all)."""

    def __init__(self, pipeline: str = "default", without: tuple[str, ...] = ()) -> None:
        self.pipeline = pipeline
        self._without = without
        self._nlp: Any = None
        self._lock = threading.Lock()

    @property
    def statistical(self) -> bool:
        return self.pipeline != "none"

    @property
    def nlp(self) -> Any:
        """The loaded pipeline. Raises ``ConfigError`` when it is not installed."""
        with self._lock:
            if self._nlp is None:
                self._nlp = self._load()
        return self._nlp

    def _load(self) -> Any:
        import spacy

        if not self.statistical:
            return spacy.blank("en")
        name = DEFAULT_PIPELINE if self.pipeline == "default" else self.pipeline
        try:
            return spacy.load(name, exclude=[*_NEEDLESS, *self._without])
        except OSError as err:
            raise ConfigError(
                f"language.pipeline {self.pipeline!r} is not an installed spaCy pipeline; install it, give the folder "
                'that holds it, or write "default" or "none"'
            ) from err

    def parse(self, sentence: str) -> Any | None:
        """spaCy ``Doc`` of one sentence, or ``None`` without statistics."""
        return self.nlp(sentence) if self.statistical else None
