"""The LanguageTool API: what real clients send, what they need back, and two of them run as they are."""

from __future__ import annotations

import contextlib
import json
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote, urlencode

import language_tool_python
import pytest
from flask import Flask, request
from hypothesis import given
from hypothesis import strategies as st
from pylanguagetool import api as pylanguagetool

from tonecheck.profile import Profile
from tonecheck.service import languagetool
from tonecheck.service.languagetool.markup import MarkedText, Piece
from tonecheck.service.languagetool.matches import matches_of, sentences_of
from tonecheck.service.languagetool.query import BadQuery, Wanted, parameters, profile_of, text_of, wanted_by
from tonecheck.service.settings import Settings

HARSH = "Dear Sam 😀,\n\nYou failed to pay $40 & fees of 5%. Pay now or we will see you in court!\n\nKind regards,\nAcme Ltd\n"
EDITORS = Path(__file__).parents[2] / "docs" / "EDITORS.md"
ISSUE_TYPES = {"omission", "legal", "style", "typographical", "register"}


def cut(text: str, offset: int, length: int) -> str:
    """What a client that counts in UTF-16 code units underlines."""
    return text.encode("utf-16-le")[2 * offset : 2 * (offset + length)].decode("utf-16-le")


def put(text: str, match: dict, value: str) -> str:
    """The text after a client has put ``value`` in place of the match."""
    whole = text.encode("utf-16-le")
    start, end = 2 * match["offset"], 2 * (match["offset"] + match["length"])
    return (whole[:start] + value.encode("utf-16-le") + whole[end:]).decode("utf-16-le")


def checked(client, text: str = HARSH, **more: str) -> dict:
    response = client.post("/v2/check", data={"text": text, "language": "en-US", **more})
    assert response.status_code == 200, response.text
    return response.get_json()


def rules(answer: dict) -> set[str]:
    return {match["rule"]["id"] for match in answer["matches"]}


def finding(start: int | None, end: int | None, *suggestions: tuple[int, int, str], **more: object) -> dict:
    kinds = [{"start": a, "end": b, "text": text, "safe": True} for a, b, text in suggestions]
    return {
        "rule": "threat/sue",
        "category": "threat",
        "severity": 3,
        "start": start,
        "end": end,
        "message": "It threatens.",
        "why": "It frightens.",
        "suggestions": kinds,
        **more,
    }


def matched(text: str | MarkedText, *findings: dict) -> list[dict]:
    marked = text if isinstance(text, MarkedText) else MarkedText([Piece(text, text)])
    return matches_of(findings, marked, sentences_of(marked), Wanted(picky=True))


# ── what clients send ────────────────────────────────────────────────────────────────────────────────────────────────

FORM = urlencode({"text": HARSH, "language": "en-US"})
BOUNDARY = "--x1\r\nContent-Disposition: form-data; name="
BODIES = {
    "a form": (FORM, "application/x-www-form-urlencoded"),
    "a form that calls itself JSON, as LTeX sends it": (FORM, "application/json"),
    "a form that calls itself text": (FORM, "text/plain"),
    "a form without a type": (FORM, None),
    "a form with %20 for spaces, as LibreOffice sends it": (
        f"text={quote(HARSH, safe='-._~')}&language=en-US",
        "application/x-www-form-urlencoded",
    ),
    "a form that is not encoded, as older LibreOffice sends it": (
        f"text={HARSH}&language=en-US",
        "application/x-www-form-urlencoded",
    ),
    "a form that is not encoded, language first": (f"language=en-US&text={HARSH}", None),
    "JSON": (json.dumps({"text": HARSH, "language": "en-US"}), "application/json"),
    "JSON that calls itself a form": (json.dumps({"text": HARSH}), "application/x-www-form-urlencoded"),
    "JSON with data": (json.dumps({"data": {"annotation": [{"text": HARSH}]}}), "application/json"),
    "JSON that is the data": (json.dumps({"annotation": [{"text": HARSH}]}), "application/json"),
    "a form with data": (urlencode({"data": json.dumps({"text": HARSH})}), "application/json"),
    "multipart": (
        f'{BOUNDARY}"language"\r\n\r\nen-US\r\n{BOUNDARY}"text"\r\n\r\n{HARSH}\r\n--x1--\r\n',
        "multipart/form-data; boundary=x1",
    ),
    "multipart that calls itself a form": (
        f'\r\n{BOUNDARY}"text"\r\n\r\n{HARSH}\r\n--x1--\r\n',
        "application/x-www-form-urlencoded",
    ),
}


@pytest.mark.parametrize(("body", "kind"), BODIES.values(), ids=BODIES)
def test_a_body_is_read_by_what_it_is_whatever_it_is_called(client, body, kind):
    response = client.post("/v2/check", data=body.encode(), content_type=kind)
    assert response.status_code == 200
    match = next(m for m in response.get_json()["matches"] if m["rule"]["id"] == "BLAME_FAILED_TO")
    # An unencoded body loses the line end at its end, and nothing else.
    assert cut(HARSH, match["offset"], match["length"]).startswith("You failed to pay $40")


@pytest.fixture
def other(app):
    """An application with these routes alone."""
    made = Flask("other")
    made.extensions = dict(app.extensions)
    made.register_blueprint(languagetool.blueprint())
    return made


def test_a_form_that_flask_has_parsed_is_read_again(other):
    other.before_request(lambda: request.form and None)
    response = other.test_client().post("/v2/check", data={"text": HARSH})
    assert "BLAME_FAILED_TO" in rules(response.get_json())


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (f"{FORM}&username=u&apiKey=secret", "application/x-www-form-urlencoded"),
        (f"{FORM}&apiKey=secret", "application/json"),
        (f"text={HARSH}&language=en-US&username=u&apiKey=secret", "application/x-www-form-urlencoded"),
        (json.dumps({"text": HARSH, "apiKey": "secret"}), "application/json"),
    ],
)
def test_a_key_is_found_wherever_a_client_puts_it_and_the_text_stays_whole(other, body, kind):
    keys = []
    other.before_request(lambda: keys.append(languagetool.key_among_parameters()))
    answer = other.test_client().post("/v2/check", data=body.encode(), content_type=kind).get_json()
    assert keys == ["secret"]
    assert any("fees of 5%" in match["sentence"] for match in answer["matches"])


@pytest.mark.parametrize("body", [b"{", b"text=" + b"x" * 3_000_000, b""])
def test_a_request_that_cannot_be_read_has_no_key(other, body):
    keys = []
    other.before_request(lambda: keys.append(languagetool.key_among_parameters()))
    assert other.test_client().post("/v2/check", data=body).status_code in (400, 413)
    assert keys == [None]


def test_a_query_string_is_read_too(client):
    assert "BLAME_FAILED_TO" in rules(client.get("/v2/check", query_string={"text": HARSH}).get_json())


@pytest.mark.parametrize(
    "path",
    [
        "/v2/check",
        "/v2/check/",
        "/v2/v2/check",
        "/v2/with/level=picky/check",
        "/v2/with/level=picky/v2/check",
    ],
)
def test_every_address_that_clients_make_of_ours_answers(client, path):
    assert "BLAME_FAILED_TO" in rules(client.post(path, data={"text": HARSH}).get_json())


ADDRESSES = sorted(
    set(re.findall(r"http://127\.0\.0\.1:8000(/[^\s`\"|,)]*|(?=[`\"]))", EDITORS.read_text("utf-8")))
)


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_address_of_the_editors_page_answers(client, address):
    base = address.removesuffix("/check").rstrip("/")
    ends = ["/v2/check"] if not base.startswith("/v2") else ["/check", "/v2/check"]
    for end in ends:
        assert "matches" in client.post(base + end, data={"text": "You failed to pay."}).get_json()


def test_unknown_parameters_are_ignored(client):
    more = {
        "useragent": "x",
        "motherTongue": "de-DE",
        "enableHiddenRules": "true",
        "preferredVariants": "",
        "v": "9",
    }
    assert checked(client, **more) == checked(client)


@pytest.mark.parametrize(
    ("given", "path", "value"),
    [
        ({"level": "default"}, "level=picky", "default"),
        ({}, "level=picky;stage=final", "picky"),
        ({}, "stage=final&level=picky", "picky"),
    ],
)
def test_what_the_address_says_holds_unless_the_client_says_otherwise(given, path, value):
    assert parameters(urlencode(given).encode(), {}, path)["level"] == value


def test_lists_of_the_address_and_of_the_client_add_up():
    given = parameters(b"disabledRules=A,B", {}, "disabledRules=C")
    assert wanted_by(given).disabled == {"A", "B", "C"}


@pytest.mark.parametrize(
    ("given", "jurisdiction"),
    [
        ({"language": "en-GB"}, "uk"),
        ({"language": "en_gb"}, "uk"),
        ({"language": "en-US"}, "us"),
        ({"language": "en"}, "us"),
        ({"language": "auto"}, "us"),
        ({}, "us"),
        ({"language": "de-DE"}, "us"),
        ({"language": "de-DE", "preferredVariants": "en-GB"}, "us"),
        ({"language": "auto", "preferredVariants": "de-DE,en-GB"}, "uk"),
        ({"language": "en-GB", "jurisdiction": "us"}, "us"),
    ],
)
def test_the_language_tells_the_jurisdiction(given, jurisdiction):
    assert profile_of(given, Profile()).jurisdiction == jurisdiction


def test_an_unknown_language_keeps_the_jurisdiction_of_the_configuration():
    assert profile_of({"language": "en-AU"}, Profile(jurisdiction="uk")).jurisdiction == "uk"


def test_profile_fields_are_taken_as_parameters():
    given = {"channel": "sms", "stage": " final ", "audience": "", "flags": "time-barred, disputed"}
    assert profile_of(given, Profile()) == Profile(
        "sms", "final", flags=frozenset({"time_barred", "disputed"})
    )


@pytest.mark.parametrize(("language", "code"), [("en-GB", "en-GB"), ("auto", "en-US"), ("fr", "en-US")])
def test_the_answer_names_the_english_that_was_read(client, language, code):
    answer = checked(client, language=language)["language"]
    assert (answer["code"], answer["detectedLanguage"]["code"]) == (code, code)


# ── which findings ───────────────────────────────────────────────────────────────────────────────────────────────────

THREAT = finding(0, 4)
SLIGHT = finding(0, 4, rule="clarity/long", category="clarity", severity=1)
ABSENCE = finding(None, None, rule="missing/contact", category="missing", severity=2)


@pytest.mark.parametrize(
    ("given", "admitted"),
    [
        ({}, [THREAT, ABSENCE]),
        ({"level": "picky"}, [THREAT, SLIGHT, ABSENCE]),
        ({"level": "default"}, [THREAT, ABSENCE]),
        ({"disabledRules": "THREAT_SUE,NO_SUCH_RULE"}, [ABSENCE]),
        ({"disabledRules": "threat/sue"}, [ABSENCE]),
        ({"disabledCategories": "MISSING"}, [THREAT]),
        ({"disabledCategories": "MISSING", "enabledRules": "MISSING_CONTACT"}, [THREAT, ABSENCE]),
        ({"enabledRules": "CLARITY_LONG"}, [THREAT, SLIGHT, ABSENCE]),
        ({"enabledCategories": "CLARITY"}, [THREAT, SLIGHT, ABSENCE]),
        ({"enabledRules": "CLARITY_LONG", "enabledOnly": "true"}, [SLIGHT]),
        ({"enabledCategories": "THREAT", "enabledOnly": "true"}, [THREAT]),
        ({"enabledOnly": "false"}, [THREAT, ABSENCE]),
        ({"mode": "textLevelOnly"}, [ABSENCE]),
        ({"mode": "allButTextLevelOnly"}, [THREAT]),
        ({"mode": "all"}, [THREAT, ABSENCE]),
    ],
)
def test_a_client_chooses_which_findings_it_hears_of(given, admitted):
    wanted = wanted_by(given)
    assert [one for one in (THREAT, SLIGHT, ABSENCE) if wanted.admits(one)] == admitted


def test_turning_everything_off_is_refused():
    with pytest.raises(BadQuery, match="enabledOnly"):
        wanted_by({"enabledOnly": "true"})


# ── matches ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_every_match_has_all_that_clients_read(client):
    answer = checked(client, level="picky")
    assert answer["software"].items() >= {"apiVersion": 1, "premium": False, "status": ""}.items()
    assert answer["warnings"] == {"incompleteResults": False}
    assert [cut(HARSH, a, b - a) for a, b in answer["sentenceRanges"]][:2] == [
        "Dear Sam 😀,",
        "You failed to pay $40 & fees of 5%.",
    ]
    assert [[one["from"], one["to"]] for one in answer["extendedSentenceRanges"]] == answer["sentenceRanges"]
    assert len(answer["matches"]) > 5
    for match in answer["matches"]:
        rule, context = match["rule"], match["context"]
        text = cut(HARSH, match["offset"], match["length"])
        assert text and text in match["sentence"]
        assert cut(context["text"], context["offset"], context["length"]) == text.replace("\n", " ")
        assert match["message"] and match["shortMessage"] and match["type"]["typeName"] in ("Other", "Hint")
        assert re.fullmatch("[A-Z0-9_]+", rule["id"]) and re.fullmatch("[A-Z_]+", rule["category"]["id"])
        assert rule["description"] and rule["category"]["name"] and rule["urls"] == []
        assert rule["issueType"] in ISSUE_TYPES
        assert match["ignoreForIncompleteSentence"] == (rule["category"]["id"] == "MISSING")
        assert match["contextForSureMatch"] in (0, -1)
    keys = [(match["offset"], match["length"], match["rule"]["id"]) for match in answer["matches"]]
    assert len(set(keys)) == len(keys)


def test_a_match_takes_the_range_of_its_suggestion():
    [match] = matched("Sam, pay or we sue!", finding(12, 18, (5, 19, "please pay.")))
    assert cut("Sam, pay or we sue!", match["offset"], match["length"]) == "pay or we sue!"
    assert match["replacements"] == [{"value": "please pay."}]


def test_suggestions_of_different_ranges_are_written_out_for_all_of_them():
    text = "You failed to pay $40."
    [match] = matched(text, finding(0, 21, (0, 17, "We await"), (0, 22, "$40 is open.")))
    assert [put(text, match, one["value"]) for one in match["replacements"]] == [
        "We await $40.",
        "$40 is open.",
    ]


def test_an_insertion_becomes_the_sentence_with_it():
    [match] = matched("We will sue.", finding(0, 12, (12, 12, " Or not.")))
    assert match["replacements"] == [{"value": "We will sue. Or not."}]


def test_a_suggestion_for_another_paragraph_is_left_out():
    [match] = matched("We will sue.\n\nGood bye.", finding(0, 12, (14, 23, "Take care.")))
    assert (match["offset"], match["length"], match["replacements"]) == (0, 12, [])


def test_safe_suggestions_come_first():
    one = finding(0, 4, (0, 4, "risky"), (0, 4, "safe"))
    one["suggestions"][0]["safe"] = False
    assert [r["value"] for r in matched("Pay!", one)[0]["replacements"]] == ["safe", "risky"]


def test_two_findings_of_a_rule_that_end_up_in_one_range_become_one_match():
    sentence = (0, 14, "Please pay.")
    matches = matched(
        "pay or we sue!", finding(0, 3, sentence), finding(10, 13, sentence, (0, 14, "Do pay."))
    )
    assert [[one["value"] for one in match["replacements"]] for match in matches] == [
        ["Please pay.", "Do pay."]
    ]


def test_the_worst_of_a_range_comes_first_and_absences_last():
    slight, absence = {**SLIGHT, "end": 18}, {**ABSENCE}
    matches = matched("We will sue you so.", absence, {**slight, "end": 19}, {**THREAT, "end": 19})
    assert [match["rule"]["id"] for match in matches] == ["THREAT_SUE", "CLARITY_LONG", "MISSING_CONTACT"]


@pytest.mark.parametrize(
    ("text", "at", "addition", "result"),
    [
        ("Please pay soon.", 16, "\n\nCall us.", "Please pay soon.\n\nCall us."),
        ("Hi all. Please pay soon.", 7, " Call us.", "Hi all. Call us. Please pay soon."),
        ("Please pay soon.", 0, "Dear Sam,\n\n", "Dear Sam,\n\nPlease pay soon."),
        (
            "Please pay soon.\n\nBest,\nAcme",
            16,
            "\n\nCall us.",
            "Please pay soon.\n\nCall us.\n\nBest,\nAcme",
        ),
        ("You owe us.\n\nPlease pay soon.", 11, " It is $5.", "You owe us.\n\nPlease pay soon. It is $5."),
        ("Please pay us soon: now.", 13, " (Acme)", "Please pay us (Acme) soon: now."),
    ],
)
def test_an_absence_is_anchored_on_the_last_sentence_and_taking_it_makes_a_good_letter(
    text, at, addition, result
):
    [match] = matched(text, finding(None, None, (at, at, addition)))
    assert cut(text, match["offset"], match["length"]).startswith("Please pay")
    assert put(text, match, match["replacements"][0]["value"]) == result


@pytest.mark.parametrize(("at", "addition"), [(0, "Dear Sam,\n\n"), (32, "\nTel. 1")])
def test_an_addition_that_fits_nowhere_near_the_last_sentence_is_left_out(at, addition):
    [match] = matched("You owe us.\n\nPlease pay soon.\nBest", finding(None, None, (at, at, addition)))
    assert match["replacements"] == []


def test_a_text_without_any_sentence_holds_its_absences_itself():
    [match] = matched("Hello", ABSENCE)
    assert (match["offset"], match["length"], match["sentence"]) == (0, 5, "Hello")


# ── positions ────────────────────────────────────────────────────────────────────────────────────────────────────────

WORDS = st.text(st.sampled_from("ab é—\n😀🏳‍👩🏽𝔘漢"), max_size=12)


@given(before=WORDS, quote=WORDS.filter(bool), after=WORDS)
def test_offsets_in_utf_16_find_the_same_characters(before, quote, after):
    text = before + quote + after
    [match] = matched(text, finding(len(before), len(before + quote)))
    context = match["context"]
    assert cut(text, match["offset"], match["length"]) == quote
    assert cut(context["text"], context["offset"], context["length"]) == quote.replace("\n", " ")


@given(before=WORDS, bold=WORDS.filter(bool), after=WORDS)
def test_offsets_count_the_markup(before, bold, after):
    marked = MarkedText(
        [
            Piece(before, before),
            Piece("<b>😀", "", True),
            Piece(bold, bold),
            Piece("</b>", "", True),
            Piece("<p>", "\n\n", True),
            Piece(after, after),
        ]
    )
    assert marked.read == before + bold + "\n\n" + after
    [match] = matched(marked, finding(len(before), len(before + bold)))
    assert cut(marked.whole, match["offset"], match["length"]) == bold


def data(*annotation: dict) -> MarkedText:
    return text_of({"data": json.dumps({"annotation": annotation})})


def test_a_reading_of_markup_stands_for_all_of_the_markup():
    marked = data({"text": "R"}, {"markup": "&amp;", "interpretAs": "&"}, {"text": "D owes."})
    assert (marked.read, marked.span(0, 3), marked.span(1, 2)) == ("R&D owes.", (0, 7), (1, 6))


@pytest.mark.parametrize(
    ("markup", "editable"),
    [
        ({"markup": "<b>"}, False),
        ({"markup": "$x$", "interpretAs": "Dummy0"}, False),
        ({"markup": "\r\n", "interpretAs": "\n"}, True),
        ({"markup": "", "interpretAs": " "}, True),
    ],
)
def test_no_replacement_is_offered_that_would_lose_markup(markup, editable):
    marked = data({"markup": "<p>"}, {"text": "pay"}, markup, {"text": "now"}, {"markup": "</p>"})
    end = len(marked.read)
    [match] = matched(marked, finding(0, end, (0, end, "please pay")))
    assert bool(match["replacements"]) == editable
    assert cut(marked.whole, match["offset"], match["length"]) == marked.whole[3:-4]


def test_markup_is_interpreted_before_the_text_is_checked(client):
    annotation = [
        {"text": "You "},
        {"markup": "<i>"},
        {"text": "failed"},
        {"markup": "</i>"},
        {"text": " to pay 😀."},
    ]
    whole = "You <i>failed</i> to pay 😀."
    response = client.post("/v2/check", data={"data": json.dumps({"annotation": annotation})})
    match = next(m for m in response.get_json()["matches"] if m["rule"]["id"] == "BLAME_FAILED_TO")
    assert cut(whole, match["offset"], match["length"]).startswith("You <i>failed</i> to pay")
    assert match["replacements"] == []
    assert match["sentence"].startswith("You failed to pay")


def test_half_a_character_in_json_moves_nothing(client):
    answer = client.post("/v2/check", data=b'{"text": "Hi \\ud83d Sam. You failed to pay."}').get_json()
    assert answer["sentenceRanges"] == [[0, 9], [10, 28]]
    assert "BLAME_FAILED_TO" in rules(answer)


# ── other routes, errors ─────────────────────────────────────────────────────────────────────────────────────────────


def test_the_other_routes_answer_as_languagetool_does(client):
    longcodes = [language["longCode"] for language in client.get("/v2/languages").get_json()]
    assert longcodes == ["en", "en-GB", "en-US"]
    assert client.get("/v2/healthcheck").text == "OK"
    assert client.get("/v2/info").get_json()["software"]["name"] == "tonecheck"
    limit = client.get("/v2/maxtextlength")
    assert (limit.text, limit.mimetype) == (str(Settings().longest), "text/plain")


@pytest.mark.parametrize("text", ["", "  \n"])
def test_an_empty_document_has_no_matches(client, text):
    assert checked(client, text)["matches"] == []


PRIVATE = "Zebediah"
WRONG = {
    "nothing": ({}, 400, "Missing 'text' or 'data'"),
    "text and data": ({"text": PRIVATE, "data": "{}"}, 400, "not both"),
    "data that is no JSON": ({"data": PRIVATE}, 400, "Could not parse JSON"),
    "data that is a list": ({"data": "[]"}, 400, "either 'text' or 'annotation'"),
    "data that nests without end": ({"data": "[" * 100_000}, 400, "Could not parse JSON"),
    "annotation that is no list": ({"data": '{"annotation": "Zebediah"}'}, 400, "has to be a list"),
    "a piece that is neither": ({"data": '{"annotation": [{"x": "Zebediah"}]}'}, 400, "annotation[0]"),
    "a piece that is both": (
        {"data": '{"annotation": [{"text": "a", "markup": "b"}]}'},
        400,
        "annotation[0]",
    ),
    "an unknown channel": ({"text": PRIVATE, "channel": "fax"}, 400, "channel 'fax'"),
    "an unknown flag": ({"text": PRIVATE, "flags": "rich"}, 400, "flag 'rich'"),
    "only what is enabled, which is nothing": ({"text": PRIVATE, "enabledOnly": "true"}, 400, "enabledOnly"),
    "a long text": ({"text": PRIVATE * 20_000}, 413, "exceeds the limit of 100000 characters"),
    "a long body": ({"text": PRIVATE, "x": "y" * 3_000_000}, 413, "exceeds the limit"),
}


@pytest.mark.parametrize(("given", "status", "words"), WRONG.values(), ids=WRONG)
def test_an_error_is_plain_text_without_a_word_of_the_draft(client, given, status, words):
    response = client.post("/v2/check", data=given)
    assert (response.status_code, response.mimetype) == (status, "text/plain")
    assert response.text.startswith("Error: ") and words in response.text and PRIVATE not in response.text


@pytest.mark.parametrize(("body", "words"), [(b'{"text": "Zebediah', "JSON"), (b"\xff\xfe\x00", "Missing")])
def test_a_broken_body_is_a_clear_error(client, body, words):
    response = client.post("/v2/check", data=body)
    assert (response.status_code, response.mimetype) == (400, "text/plain")
    assert words in response.text and PRIVATE not in response.text


STARTS = st.sampled_from(
    [b"", b"text=", b"data={", b'{"text":', b'{"data":', b"--x\r\ncontent-disposition: form-data"]
)
SHAPES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["text", "data", "annotation", "markup", "interpretAs"]), inner)
    ),
)


@given(start=STARTS, rest=st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(start, rest):
    with contextlib.suppress(BadQuery):
        assert isinstance(text_of(parameters(start + rest, {})).read, str)


@given(shape=SHAPES)
def test_any_json_is_read_or_refused(shape):
    with contextlib.suppress(BadQuery):
        assert isinstance(text_of(parameters(json.dumps(shape).encode(), {})).read, str)


@pytest.mark.parametrize("depth", [500, 900, 50_000])
def test_json_that_nests_deeply_is_no_error_of_ours(client, depth):
    for body in ('{"x":' + "[" * depth + "]" * depth + "}", '{"data":' + "[" * depth + "]" * depth + "}"):
        assert client.post("/v2/check", data=body).status_code == 400


def test_an_unknown_action_is_not_found_in_plain_text(client):
    response = client.get("/v2/words")
    assert (response.status_code, response.mimetype) == (404, "text/plain")


# ── two clients, as they are on PyPI ─────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def tool(server):
    with language_tool_python.LanguageTool("en-US", remote_server=server) as made:
        yield made


def test_language_tool_python_finds_the_words(tool):
    found = {match.rule_id: match for match in tool.check(HARSH)}
    blame = found["BLAME_FAILED_TO"]
    assert HARSH[blame.offset : blame.offset + blame.error_length].startswith("You failed to pay $40")
    assert blame.matched_text and blame.category == "BLAME" and blame.replacements
    assert blame.get_line_and_column(HARSH)[0] == 3


def test_language_tool_python_corrects_a_text(tool):
    tool.disabled_categories = {"MISSING"}
    corrected = tool.correct("Dear Sam, you failed to pay $40.")
    assert "failed" not in corrected and "$40" in corrected


def test_language_tool_python_chooses_rules(tool):
    tool.disabled_categories = {"MISSING"}
    tool.disabled_rules = {"BLAME_FAILED_TO"}
    some = {match.rule_id for match in tool.check(HARSH)}
    tool.picky = True
    all_of_them = {match.rule_id for match in tool.check(HARSH)}
    assert "BLAME_FAILED_TO" not in some and not any(rule.startswith("MISSING") for rule in some)
    assert some < all_of_them


def test_language_tool_python_tells_our_errors(tool):
    tool.enabled_rules_only = True
    with pytest.raises(language_tool_python.exceptions.LanguageToolError, match="Error: You must specify"):
        tool.check(HARSH)


@pytest.mark.parametrize("language", ["en", "en-GB", "auto"])
def test_language_tool_python_knows_our_languages(server, language):
    with language_tool_python.LanguageTool(language, remote_server=server, mother_tongue="en-US") as made:
        assert made.check("You failed to pay.")


def test_pylanguagetool_finds_the_words(server):
    answer = pylanguagetool.check(HARSH, f"{server}/v2/", "auto", preferred_variants="en-GB", picky=True)
    assert "BLAME_FAILED_TO" in rules(answer)
    assert answer["language"]["code"] == "en-GB"
    assert {one["longCode"] for one in pylanguagetool.get_languages(f"{server}/v2/")} == {
        "en",
        "en-GB",
        "en-US",
    }


def test_pylanguagetool_raises_our_errors(server):
    with pytest.raises(ValueError, match="Error: You must specify"):
        pylanguagetool.check(HARSH, f"{server}/v2/", "en-US", enabled_only=True)


def test_the_command_line_of_pylanguagetool_prints_the_suggestions(server, tmp_path):
    draft = tmp_path / "draft.txt"
    draft.write_text("Dear Sam, you failed to pay $40.", encoding="utf-8")
    command = "from pylanguagetool import main; main()"
    run = subprocess.run(
        [
            sys.executable,
            "-W",
            "ignore",
            "-c",
            command,
            "-a",
            f"{server}/v2/",
            "-l",
            "en-US",
            "-r",
            "--no-color",
            draft,
        ],
        capture_output=True,
        encoding="utf-8",
        env={"PYTHONIOENCODING": "utf-8", "HOME": str(tmp_path)},
        timeout=60,
    )
    assert run.returncode == 1, run.stderr
    assert "BLAME_FAILED_TO: Blame: failed to" in run.stdout and "faults the reader" in run.stdout
