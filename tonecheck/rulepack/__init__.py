"""YAML rule packs → ``Rule`` objects, strictly validated.

A pack is one file: ``category`` (or ``element``) and ``rules``, optionally ``lexicon`` and ``defaults``. What they may say is in
``tonecheck.ruleschema``.
"""

from tonecheck.rulepack.loading import load, pack_files
from tonecheck.rulepack.reading import load_file
from tonecheck.rulepack.rule import Example, Examples, Rule
from tonecheck.rulepack.yamlfile import read_yaml

__all__ = ["Example", "Examples", "Rule", "load", "load_file", "pack_files", "read_yaml"]
