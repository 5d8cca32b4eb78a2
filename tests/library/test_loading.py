"""What is wrong with a template is told with its file, its line and the mend."""

from __future__ import annotations

import pytest

from tonecheck.library import Library, TemplateError, UnknownTemplate

from .conftest import HEAD

GOOD = HEAD + "Hello {{ name }}\n"

WRONG = [
    # what is changed in GOOD, to what, the line, and what is said
    ("---\ntitle", "title", 1, "has no head"),
    ('["Sam"]}\n---', '["Sam"]}', 1, "does not end"),
    ("title: A note", "titel: A note", 2, "'titel' does not exist; did you mean 'title'?"),
    ("title: A note\n", "", 1, "lacks 'title'"),
    ("title: A note", "title: [", 4, "not valid YAML"),
    ("title: A note", "title: A\ntitle: B", 3, "'title' stands twice"),
    ("channel: chat", "chanel: chat", 4, "did you mean 'channel'?"),
    ("channel: chat", "channel: chatt", 4, "did you mean 'chat'?"),
    ("channel: chat, ", "", 4, "profile lacks 'channel'"),
    ("channel: chat", "channel: sms", 4, "its profile wants sms-us.j2"),
    ("jurisdiction: us", "jurisdiction: us, flags: [voicemial]", 4, "did you mean 'voicemail'?"),
    ("variables:", "subject: Hi\nvariables:", 5, "only email and letter have a subject"),
    ("type: string", "type: strin", 6, "did you mean 'string'?"),
    ("type: string", "kind: string", 6, "'kind' does not exist"),
    ("type: string", "type: money", 6, "a sample of name is no money: give an amount such as 186.20"),
    ("type: string, ", "", 6, "the variable name lacks 'type'"),
    ('["Sam"]', "[]", 6, "at least one"),
    ("  name:", "  Name:", 6, "small letters"),
    ("{{ name }}", "{{ nam }}", 8, "'nam' is used but not declared (did you mean 'name'?)"),
    ("{{ name }}", "there", 6, "'name' is declared but not used"),
    ("Hello", "\n\nHello {% if %}", 10, "Expected"),
    ("{{ name }}", "{{ name | mony }}", 8, "the filter 'mony' does not exist; did you mean 'money'?"),
    ("Hello", "{% from '_macros/none.j2' import x %}", 8, "there is no file '_macros/none.j2'"),
    ("Hello", "{% include name %}", 8, "as a text in quotation marks"),
]


@pytest.mark.parametrize(("old", "new", "line", "said"), WRONG)
def test_a_wrong_template_is_refused_at_its_line(make, old, new, line, said):
    assert old in GOOD
    library = make(GOOD.replace(old, new, 1))
    with pytest.raises(TemplateError) as caught:
        library.get("note/chat-us")
    assert f"note/chat-us.j2:{line}: " in str(caught.value)
    assert said in str(caught.value)


def test_a_good_template_is_read_as_it_declares_itself(make):
    found = make(GOOD).get("note/chat-us")
    assert (found.title, found.purpose, found.subject) == ("A note", "For a test.", None)
    assert (found.profile.channel, found.profile.sender) == ("chat", "first_party")
    assert found.body == "Hello {{ name }}\n"
    assert found.variables["name"].to_dict() == {
        "type": "string",
        "meaning": "The name",
        "samples": ["Sam"],
        "optional": False,
    }


MACROS = """{% macro hello() %}Hello {{ name }}{% endmacro %}
{% macro other() %}{{ elsewhere }}{% endmacro %}
{% macro both() %}{{ hello() }}{{ other() }}{% endmacro %}
"""
THROUGH = [
    # the body, and what is said of it; None: it is right
    ("{% from '_macros/m.j2' import hello with context %}\n{{ hello() }}", None),
    ("{% import '_macros/m.j2' as m with context %}\n{{ m.hello() }}", None),
    (
        "{% from '_macros/m.j2' import both with context %}\n{{ both() }}",
        ":8: the variable 'elsewhere' is used by _macros",
    ),
    (
        "{% from '_macros/m.j2' import hello %}\n{{ hello() }}",
        ":8: _macros/m.j2 uses the variable 'name'; import it",
    ),
    (
        "{% from '_macros/m.j2' import helo with context %}\n{{ helo() }}",
        ":8: _macros/m.j2 has no macro 'helo'",
    ),
    ("{% include '_macros/part.j2' %}", None),
]


@pytest.mark.parametrize(("text", "said"), THROUGH)
def test_variables_are_followed_through_what_is_imported(make, text, said):
    library = make(HEAD + text, {"_macros/m.j2": MACROS, "_macros/part.j2": "Dear {{ name }}"})
    if said is None:
        assert library.render("note/chat-us", {"name": "Sam"}).text in ("Hello Sam", "Dear Sam")
        return
    with pytest.raises(TemplateError) as caught:
        library.get("note/chat-us")
    assert said in str(caught.value)


def test_files_that_import_each_other_end(make):
    circle = {
        "_macros/a.j2": "{% from '_macros/b.j2' import b with context %}{% macro a() %}{{ name }}{% endmacro %}",
        "_macros/b.j2": "{% from '_macros/a.j2' import a with context %}{% macro b() %}{{ a() }}{% endmacro %}",
    }
    library = make(HEAD + "{% from '_macros/b.j2' import b with context %}\n{{ b() }}", circle)
    assert library.get("note/chat-us").title == "A note"
    with pytest.raises(TemplateError, match="without end"):
        library.render("note/chat-us", {"name": "Sam"})


def test_folders_with_an_underscore_hold_no_templates(make):
    assert make(GOOD, {"_macros/m.j2": "", "cadences/utility.yaml": ""}).ids == ("note/chat-us",)


def test_an_unknown_id_is_refused_with_the_nearest(make):
    with pytest.raises(UnknownTemplate, match="did you mean note/chat-us"):
        make(GOOD).get("note/chat-uk")


def test_a_template_is_read_once(make, tmp_path):
    library = make(GOOD)
    first = library.get("note/chat-us")
    (tmp_path / "note/chat-us.j2").unlink()
    assert library.get("note/chat-us") is first


def test_no_path_leads_out_of_the_folder(tmp_path, make):
    (tmp_path / "secret.j2").write_text("secret", encoding="utf-8")
    library = make(GOOD)
    inner = Library(tmp_path / "note")
    with pytest.raises(UnknownTemplate):
        inner.get("../secret")
    assert library.ids == ("note/chat-us", "secret")
    (tmp_path / "note/chat-us.j2").write_text(
        HEAD + "{{ name }}{% include '../secret.j2' %}", encoding="utf-8"
    )
    with pytest.raises(TemplateError, match="there is no file"):
        library.get("note/chat-us")
