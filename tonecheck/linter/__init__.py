"""The linter of templates: reads Jinja2 by its syntax tree and judges every message that a template can become.

``sources`` finds and reads files, ``parsing`` makes trees with places, ``values`` makes expressions of them, ``evaluation`` evaluates those
within bounds, ``expand`` follows includes, inheritance and macros to a tree of text and choices, ``domains`` says what conditions can be,
``explore`` walks every feasible path, ``cover`` and ``judge`` have them checked, ``when`` puts the paths of a finding in words, ``advice`` says
what to write in the source instead, ``fix`` writes it. Nothing of a template is ever run.
"""

from __future__ import annotations

from tonecheck.linter.options import LintOptions
from tonecheck.linter.run import lint

__all__ = ["LintOptions", "lint"]
