"""The template library: messages that are fit to send, to be filled with the values of an account."""

from __future__ import annotations

from tonecheck.library.errors import TemplateError, UnknownTemplate, ValueErrors
from tonecheck.library.loader import Library, shipped
from tonecheck.library.rendering import Rendered
from tonecheck.library.template import Template, Variable

__all__ = [
    "Library",
    "Rendered",
    "Template",
    "TemplateError",
    "UnknownTemplate",
    "ValueErrors",
    "Variable",
    "shipped",
]
