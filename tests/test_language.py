"""The statistical pipeline: loaded late, named in the configuration, refused clearly."""

import pytest

from tonecheck.errors import ConfigError
from tonecheck.language import DEFAULT_PIPELINE, Language


def test_when_the_shipped_pipeline_parses_then_tags_lemmas_and_subjects_are_there():
    doc = Language().parse("You failed to pay.")
    assert [(token.tag_, token.lemma_, token.dep_) for token in doc][:2] == [
        ("PRP", "you", "nsubj"),
        ("VBD", "fail", "ROOT"),
    ]


def test_when_statistics_are_off_then_nothing_is_parsed():
    assert Language("none").parse("You failed to pay.") is None


def test_when_a_folder_is_named_then_it_is_loaded():
    assert Language(str(DEFAULT_PIPELINE)).parse("Pay.") is not None


def test_when_a_pipeline_is_not_installed_then_the_message_says_what_to_do():
    with pytest.raises(
        ConfigError, match=r"language\.pipeline 'en_none' is not an installed spaCy pipeline; install it"
    ):
        Language("en_none").parse("Pay.")


def test_when_a_language_is_made_then_nothing_is_loaded_yet():
    assert Language()._nlp is None
