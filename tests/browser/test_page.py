"""The page, as a person uses it: in a real browser, with a real server."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
from playwright.sync_api import expect

HARSH = (
    "Subject: FINAL WARNING\n"
    "\n"
    "Dear Mr Okafor,\n"
    "\n"
    "You have failed to pay the £480.00 you owe us on account 55-1832. As I have now told you four times, honest "
    "people pay their bills.\n"
    "\n"
    "Pay immediately or we will garnish your wages!!! No excuses will be accepted.\n"
    "\n"
    "Regards,\n"
    "Northgate Collections"
)
CALM = (
    "Dear Ms Ellis,\n\nThank you for being our customer. There is a balance of $120.00 on account 44-19. You can pay at "
    "https://pay.example.com by 14 May. If you have any questions, please call us on 555 0100.\n\nKind regards,\n"
    "Northgate Energy"
)
OUTLOOK = (
    "<html xmlns:o='urn:schemas-microsoft-com:office:office'><head><style>p.MsoNormal {margin:0}</style></head><body>"
    "<!--StartFragment--><p class=MsoNormal style='margin:0'>Dear <b style='mso-bidi-font-weight:normal'>Mr Okafor</b>,"
    "<o:p></o:p></p><p class=MsoNormal><o:p>&nbsp;</o:p></p>"
    "<p class=MsoNormal>You must <span style='font-weight:bold;color:red'>pay now</span>, see "
    "<a href='https://pay.example.com'>our page</a>.<o:p></o:p></p>"
    "<p class=MsoListParagraphCxSpFirst style='text-indent:-18.0pt;mso-list:l0 level1 lfo1'><![if !supportLists]>"
    "<span style='font-family:Symbol'><span style='mso-list:Ignore'>·<span style='font:7.0pt'>&nbsp;&nbsp;</span></span>"
    "</span><![endif]>by card<o:p></o:p></p>"
    "<p class=MsoListParagraphCxSpLast style='text-indent:-18.0pt;mso-list:l0 level1 lfo1'><![if !supportLists]>"
    "<span style='font-family:Symbol'><span style='mso-list:Ignore'>·<span style='font:7.0pt'>&nbsp;&nbsp;</span></span>"
    "</span><![endif]>by bank transfer<o:p></o:p></p><!--EndFragment--></body></html>"
)

_PASTE = """([text, html]) => {
  const data = new DataTransfer();
  data.setData('text/plain', text);
  if (html) data.setData('text/html', html);
  document.querySelector('.draft').dispatchEvent(
    new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true}));
}"""
_LINES = """() => [...document.querySelectorAll('.draft p, .draft h1, .draft h2')].map(line => line.textContent).join('\\n')"""


def paste(page: Any, text: str, html: str = "") -> None:
    page.locator(".draft").focus()
    page.evaluate(_PASTE, [text, html])


def draft(page: Any) -> str:
    return page.evaluate(_LINES)


def checked(page: Any, text: str = HARSH) -> Any:
    """Pastes a draft and waits for its report."""
    paste(page, text)
    expect(page.locator("#verdict-words")).not_to_be_empty()
    expect(page.locator("#status")).to_have_text("")
    return page


def card(page: Any, words: str) -> Any:
    return page.locator(".card", has_text=words).first


def settled(page: Any) -> None:
    expect(page.locator("#status")).to_have_text("")


def test_a_pasted_draft_is_underlined_and_judged(visit):
    page = checked(visit())
    expect(page.locator("#verdict-words")).to_have_text("Do not send")
    expect(page.locator("#verdict-reasons")).to_contain_text("must not be sent (threat)")
    expect(page.locator(".draft .c-threat.s-3")).to_have_text("we will garnish your wages")
    assert int(page.locator("#verdict-score").inner_text()) < 50
    expect(page.locator("#live")).to_contain_text("Do not send, score")
    first = card(page, "FINAL WARNING")
    expect(first).to_contain_text("Pressure")
    expect(first).to_contain_text("should change")
    expect(first.locator(".note-why").first).not_to_be_empty()


def test_plain_text_stays_exactly_what_it_was(visit):
    page = checked(visit(), "  Two  spaces\n\n\n- a dash\tand a tab\n**not bold**")
    assert draft(page) == "  Two  spaces\n\n\n- a dash\tand a tab\n**not bold**"


def test_a_calm_draft_is_fit_to_send(visit):
    page = checked(visit(), CALM)
    expect(page.locator("#verdict-words")).to_have_text("Fit to send")


def test_typing_is_checked_when_it_pauses_and_an_emptied_draft_clears_the_report(visit):
    page = visit()
    page.locator(".draft").click()
    page.keyboard.type("You are a deadbeat.")
    expect(page.locator(".draft .finding")).to_contain_text("deadbeat")
    page.get_by_role("button", name="Clear").click()
    expect(page.locator("#verdict")).to_be_hidden()
    expect(page.get_by_text("See how it will land.")).to_be_visible()
    page.get_by_role("button", name="Undo", exact=True).click()
    expect(page.locator(".draft .finding")).to_contain_text("deadbeat")


def test_accept_replaces_exactly_its_words_and_undo_brings_them_back(visit):
    page = checked(visit())
    card(page, "FINAL WARNING").get_by_role("button", name="Accept").first.click()
    settled(page)
    assert draft(page) == HARSH.replace("FINAL WARNING", "Final reminder")
    expect(page.locator(".card", has_text="FINAL WARNING")).to_have_count(0)
    page.get_by_role("button", name="Undo", exact=True).click()
    settled(page)
    assert draft(page) == HARSH
    expect(card(page, "FINAL WARNING")).to_be_visible()
    page.get_by_role("button", name="Redo").click()
    assert draft(page) == HARSH.replace("FINAL WARNING", "Final reminder")


def test_a_suggestion_can_be_edited_before_it_is_applied(visit):
    page = checked(visit())
    place = card(page, "FINAL WARNING")
    place.get_by_role("button", name="Edit before applying").first.click()
    field = place.get_by_role("textbox")
    expect(field).to_be_focused()
    field.fill("Your account 55-1832")
    place.get_by_role("button", name="Apply").click()
    settled(page)
    assert draft(page).startswith("Subject: Your account 55-1832\n")


def test_editing_a_suggestion_survives_a_check(visit):
    page = checked(visit())
    card(page, "FINAL WARNING").get_by_role("button", name="Edit before applying").first.click()
    page.locator(".editing textarea").fill("half a thou")
    with page.expect_response("**/v1/check"):
        page.select_option("[name=jurisdiction]", "uk")
    settled(page)
    expect(page.locator(".editing textarea")).to_have_value("half a thou")
    page.locator(".editing textarea").press("Escape")
    expect(page.locator(".editing")).to_have_count(0)


def test_a_missing_sentence_is_added_on_its_own_line(visit):
    page = checked(visit())
    page.locator(".card", has_text="A person to contact").get_by_role("button", name="Add").first.click()
    settled(page)
    expect(page.locator("#checklist")).to_contain_text("A person to contactpresent, required")
    assert len(draft(page)) > len(HARSH)


def test_a_dismissed_finding_stays_away_until_it_is_brought_back(visit):
    page = checked(visit())
    card(page, "FINAL WARNING").get_by_role("button", name="Dismiss").click()
    expect(page.locator(".card", has_text="FINAL WARNING")).to_have_count(0)
    expect(page.locator(".draft .finding", has_text="FINAL WARNING")).to_have_count(0)
    with page.expect_response("**/v1/check"):
        page.select_option("[name=jurisdiction]", "uk")
    settled(page)
    expect(page.locator(".card", has_text="FINAL WARNING")).to_have_count(0)
    page.get_by_role("button", name="Undo dismiss").click()
    expect(card(page, "FINAL WARNING")).to_be_visible()


def test_accept_all_safe_is_one_step(visit):
    page = checked(visit())
    page.get_by_role("button", name=re.compile("Accept all safe")).click()
    settled(page)
    mended = draft(page)
    assert "FINAL WARNING" not in mended
    assert "You have failed" not in mended
    assert "we will garnish your wages" in mended, "an unsafe rewording is left to a person"
    page.get_by_role("button", name="Undo", exact=True).click()
    assert draft(page) == HARSH


def test_the_profile_is_remembered_and_the_draft_is_not(visit):
    page = checked(visit())
    page.select_option("[name=stage]", "hardship")
    page.select_option("[name=jurisdiction]", "uk")
    page.reload()
    expect(page.locator("[name=stage]")).to_have_value("hardship")
    expect(page.locator("[name=jurisdiction]")).to_have_value("uk")
    assert draft(page) == ""
    stored = page.evaluate("JSON.stringify({...localStorage, ...sessionStorage})")
    assert set(json.loads(stored)) == {"tonecheck.profile"}
    assert "Okafor" not in stored


def test_the_theme_is_remembered(visit):
    page = visit()
    page.get_by_role("button", name="Light / dark").click()
    page.reload()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"


def test_the_checklist_jumps_to_the_evidence(visit):
    page = checked(visit())
    expect(page.locator("#checklist > li")).to_have_count(16)
    expect(page.locator("#checklist > li").first).to_contain_text("missing, required")
    page.locator("#checklist").get_by_role("button", name="Amount owed").press("Enter")
    expect(page.locator(".draft .evidence")).to_have_text("£480.00")
    assert page.evaluate("getSelection().toString()") == "£480.00"
    expect(page.locator(".draft")).to_be_focused()


def test_the_whole_journey_works_with_the_keyboard_alone(visit):
    page = visit()
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    for _ in range(4):
        if page.evaluate("document.activeElement.classList.contains('draft')"):
            break
        page.keyboard.press("Tab")
    expect(page.locator(".draft")).to_be_focused()
    page.keyboard.insert_text("You are a deadbeat. You ignored our letters. There is a balance of $40.")
    expect(page.locator(".draft .finding").first).to_be_visible()
    settled(page)
    page.keyboard.press("F8")
    first = page.locator(".card").first
    expect(first.locator("h3 button")).to_be_focused()
    page.keyboard.press("Alt+n")
    expect(page.locator(".card").nth(1).locator("h3 button")).to_be_focused()
    page.keyboard.press("Shift+F8")
    expect(first.locator("h3 button")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".draft")).to_be_focused()
    assert "deadbeat" in page.evaluate("getSelection().toString()")
    page.keyboard.press("F8")
    page.keyboard.press("Tab")
    act = page.evaluate("document.activeElement.textContent")
    assert act in {"Accept", "Remove", "Dismiss"}
    title = page.evaluate("document.activeElement.closest('.card').querySelector('h3').textContent.trim()")
    page.keyboard.press("Enter")
    # The next finding, whose wording was accepted.
    assert "ignored" in title
    expect(page.locator(".card h3", has_text=title)).to_have_count(0)
    assert page.evaluate("document.activeElement !== document.body"), (
        "the focus must go on to the next finding"
    )
    page.keyboard.press("Escape")
    expect(page.locator(".draft")).to_be_focused()


@pytest.mark.parametrize(
    "options",
    [
        pytest.param({}, id="light"),
        pytest.param({"color_scheme": "dark"}, id="dark"),
        pytest.param({"viewport": {"width": 360, "height": 740}}, id="phone"),
        pytest.param({"viewport": {"width": 360, "height": 740}, "color_scheme": "dark"}, id="dark phone"),
    ],
)
@pytest.mark.parametrize("text", [pytest.param("", id="empty"), pytest.param(HARSH, id="harsh")])
def test_axe_finds_no_violation(visit, options, text):
    axe = pytest.importorskip(
        "axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed"
    )
    page = visit(**options)
    if text:
        checked(page, text)
        page.locator(".more summary").first.click()
        card(page, "failed to pay").get_by_role("button", name="Edit before applying").first.click()
        page.keyboard.press("F8")
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    found = axe.Axe().run(page, options={"runOnly": tags}).response["violations"]
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == []


@pytest.mark.parametrize("width", [360, 390, 768, 1024, 1440])
def test_nothing_has_to_be_scrolled_sideways(visit, width):
    page = checked(visit(viewport={"width": width, "height": 740}))
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_every_control_is_large_enough_to_touch(visit):
    page = checked(visit(viewport={"width": 360, "height": 740}))
    small = page.evaluate(
        """() => [...document.querySelectorAll('button, select, summary')]
            .filter(one => one.checkVisibility())
            .filter(one => one.getBoundingClientRect().height < 24 || one.getBoundingClientRect().width < 24)
            .map(one => one.outerHTML)"""
    )
    assert small == []


def test_the_form_works_without_javascript(visit):
    page = visit(java_script_enabled=False)
    page.select_option("[name=jurisdiction]", "uk")
    page.fill("textarea[name=text]", HARSH + "\n<script>alert(1)</script> {{ 7*7 }}")
    page.get_by_role("button", name="Check").click()
    expect(page.locator("#verdict-words")).to_have_text("Do not send")
    expect(page.locator("[name=jurisdiction]")).to_have_value("uk")
    expect(page.locator("#findings")).to_contain_text("threatens the reader's income")
    expect(page.locator("#checklist > li")).to_have_count(16)
    assert (
        page.locator("textarea[name=text]").input_value() == HARSH + "\n<script>alert(1)</script> {{ 7*7 }}"
    )


def test_emoji_and_pounds_before_a_finding_move_no_underline(visit):
    page = checked(visit(), "Dear 🙂👩‍👩‍👧,\nabout the £5 💷 and the café: we will garnish your wages.")
    expect(page.locator(".draft .c-threat").first).to_have_text("we will garnish your wages")


def test_markup_in_a_draft_stays_text(visit):
    text = "<img src=x onerror=alert(1)> You are a deadbeat <b>now</b>."
    page = checked(visit(), text)
    assert draft(page) == text
    assert page.locator(".card img, .draft img[src]").count() == 0


def test_html_from_outlook_keeps_its_form(visit):
    page = visit()
    paste(page, "", OUTLOOK)
    expect(page.locator(".draft .finding").first).to_be_visible()
    assert page.locator(".draft strong").all_inner_texts() == ["Mr Okafor", "pay now"]
    assert page.locator(".draft ul > li").all_inner_texts() == ["by card", "by bank transfer"]
    expect(page.locator(".draft a")).to_have_attribute("href", "https://pay.example.com")
    assert draft(page).split("\n")[:3] == ["Dear Mr Okafor,", "", "You must pay now, see our page."]
    assert page.locator(".draft [style], .draft [class*=Mso]").count() == 0


def test_accepting_keeps_the_form_around_it(visit):
    page = visit()
    paste(
        page,
        "",
        "<p><b>Dear Mr Okafor</b>,</p><p>You have failed to pay the $480.00 on <i>account 55-1832</i>.</p>",
    )
    place = card(page, "failed to pay")
    place.get_by_role("button", name="Accept").first.click()
    expect(page.locator(".draft .finding", has_text="failed to pay")).to_have_count(0)
    expect(page.locator(".draft strong")).to_have_text("Dear Mr Okafor")
    expect(page.locator(".draft em")).to_have_text("account 55-1832")


def test_the_draft_is_copied_as_text_and_as_rich_text(visit):
    page = visit()
    paste(page, "", "<p>Dear <b>Mr Okafor</b>,</p><ul><li>one</li><li>two</li></ul>")
    expect(page.locator("#verdict-words")).not_to_be_empty()
    settled(page)
    page.get_by_role("button", name="Copy text").click()
    expect(page.locator("#live")).to_have_text("Copied.")
    assert page.evaluate("navigator.clipboard.readText()") == "Dear Mr Okafor,\n- one\n- two"
    page.get_by_role("button", name="Copy rich text").click()
    read = "navigator.clipboard.read().then(i => i[0].getType('text/html')).then(b => b.text())"
    page.wait_for_function(f"() => {read}.then(html => html.includes('<strong>'), () => false)")
    assert "<li>" in page.evaluate(read)


@pytest.mark.parametrize(("kind", "expected"), [(".txt", "FINAL WARNING"), (".html", "<div>You have failed")])
def test_the_draft_can_be_downloaded(visit, kind, expected):
    page = checked(visit())
    page.get_by_text("Save or print").click()
    with page.expect_download() as saved:
        page.get_by_role("button", name=f"Download as {kind}").click()
    assert saved.value.suggested_filename == f"draft{kind}"
    assert expected in saved.value.path().read_text(encoding="utf-8")


def test_the_printed_report_numbers_the_findings(visit):
    page = checked(visit())
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(page.locator("#print h1")).to_be_visible()
    expect(page.locator("#print sup").first).to_have_text("1")
    expect(page.locator("#print")).to_contain_text("Do not send")
    expect(page.locator(".sheet")).to_be_hidden()


def test_a_failure_is_one_sentence_with_a_way_to_try_again(visit):
    page = visit()
    refusal = {"title": "Busy", "detail": "every worker is busy; try again in a moment", "status": 503}
    page.route(
        "**/v1/check",
        lambda route: route.fulfill(
            status=503, content_type="application/problem+json", body=json.dumps(refusal)
        ),
    )
    paste(page, HARSH)
    expect(page.get_by_role("alert")).to_contain_text("every worker is busy; try again in a moment.")
    page.unroute("**/v1/check")
    page.get_by_role("button", name="Try again").click()
    expect(page.locator("#verdict-words")).to_have_text("Do not send")
    expect(page.locator("#error")).to_be_hidden()


def test_a_template_is_filled_in_and_lands_in_the_editor(visit):
    page = visit()
    known = {
        "templates": [
            {
                "id": "reminder/friendly",
                "title": "Friendly reminder",
                "purpose": "A first note.",
                "profile": {"stage": "reminder"},
                "variables": {
                    "name": {"type": "string", "meaning": "The customer's name", "samples": ["Ms Ellis"]}
                },
            }
        ]
    }
    page.route("**/v1/templates", lambda route: route.fulfill(json=known))
    asked = []

    def render(route):
        asked.append(route.request.post_data_json)
        route.fulfill(
            json={"text": "Dear Ms Ellis,\nthank you.", "html": None, "subject": "Hello", "report": None}
        )

    page.route("**/v1/templates/reminder/friendly/render", render)
    page.reload()
    page.get_by_role("button", name="Use a template").click()
    page.get_by_role("button", name="Fill in examples").click()
    expect(page.get_by_label("The customer's name")).to_have_value("Ms Ellis")
    page.get_by_role("button", name="Put it in the editor").click()
    expect(page.locator(".draft")).to_contain_text("thank you.")
    assert asked == [{"values": {"name": "Ms Ellis"}}]
    assert draft(page) == "Subject: Hello\n\nDear Ms Ellis,\nthank you."
    expect(page.locator("[name=stage]")).to_have_value("reminder")
