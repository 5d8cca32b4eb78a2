"""LanguageTool's HTTP API, version 2, so that the editors and add-ons that speak it underline harsh wording.

routes.py   the addresses, and errors as LanguageTool words them
query.py    what a client asks, however it wraps it up
markup.py   text with markup in it, and the way back to its positions
matches.py  findings as matches
"""

from __future__ import annotations

from tonecheck.service.languagetool.routes import blueprint, key_among_parameters

__all__ = ["blueprint", "key_among_parameters"]
