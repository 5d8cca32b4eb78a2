"""The packs of the law, as a caller meets them: who a rule binds, what stays silent, and docs/COMPLIANCE.md against the rules.

``python tests/test_compliance.py`` writes the table of docs/COMPLIANCE.md anew.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tonecheck import Checker, Config, Profile
from tonecheck.config import data_folder
from tonecheck.profile import FLAGS
from tonecheck.rulepack import Rule, load

ROOT = Path(__file__).parent.parent
DOCUMENT = ROOT / "docs" / "COMPLIANCE.md"
BEGIN, END = "<!-- table of rules: begin -->\n", "<!-- table of rules: end -->\n"
FOLDERS = ("us", "uk", "any")


def law() -> list[Rule]:
    """The rules under rules/us, rules/uk and rules/any, in the order of their files."""
    folders = [data_folder("rules") / name for name in FOLDERS]
    return [rule for rule in load([data_folder("rules") / "lexicon.yaml", *folders]) if not rule.is_element]


def when(rule: Rule) -> str:
    """The profile that a rule is for, in words."""
    names = {"sender": {"first_party": "creditor", "third_party": "collector"}}
    parts = []
    for name in ("jurisdiction", "sender", "audience", "channel", "stage"):
        values = rule.applies.get(name, ())
        if values:
            parts.append(" or ".join(names.get(name, {}).get(value, value) for value in values))
    for sign, name in (("flag", "flags"), ("not with", "not_flags")):
        if rule.applies.get(name):
            parts.append(f"{sign} " + ", ".join(f"`{flag}`" for flag in rule.applies[name]))
    if rule.effective_from:
        parts.append(f"from {rule.effective_from}")
    return "; ".join(parts) or "always"


def table(rules: list[Rule]) -> str:
    """The rules as Markdown, one table for each pack."""
    lines: list[str] = []
    place = ""
    for rule in rules:
        name = "/".join(Path(rule.place).parts[-2:])
        if name != place:
            lines += ["", f"### rules/{name}", ""]
            lines += [
                "| rule | what | when | severity | citation | how sure |",
                "| --- | --- | --- | --- | --- | --- |",
            ]
            place = name
        cells = [
            f"`{rule.id}`",
            rule.message,
            when(rule),
            str(rule.severity),
            rule.citation or "",
            rule.source or "",
        ]
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines).strip() + "\n"


LAW = law()
COMPLIANCE = [rule for rule in LAW if rule.category == "compliance"]


def found(checker: Checker, text: str, **profile: object) -> set[str]:
    """The ids of the legal findings of a message."""
    flags = profile.pop("flags", ())
    report = checker.check(text, Profile(**profile, flags=frozenset(flags)))  # type: ignore[arg-type]
    return {finding.rule for finding in report.findings if finding.category == "compliance"}


def test_the_document_shows_every_rule_as_it_is() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    shown = text[text.index(BEGIN) + len(BEGIN) : text.index(END)]
    assert shown == table(LAW), "run python tests/test_compliance.py"


def test_the_document_explains_every_flag() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    explained = text[text.index("## Flags") : text.index(BEGIN)]
    assert [flag for flag in FLAGS if f"`{flag}`" not in explained] == []


@pytest.mark.parametrize("rule", COMPLIANCE, ids=lambda rule: rule.id)
def test_a_legal_rule_says_where_it_comes_from(rule: Rule) -> None:
    assert rule.citation and rule.source and rule.why and rule.instead
    assert rule.applies.get("jurisdiction") or "any" in rule.place
    assert not rule.verdict


@pytest.mark.parametrize("rule", COMPLIANCE, ids=lambda rule: rule.id)
def test_what_is_unverified_ships_as_a_note(rule: Rule) -> None:
    source = (rule.source or "").lower()
    if "unverified" in source or "inference" in source:
        assert rule.severity == 1
    if "secondary" in source:
        assert rule.severity <= 2


@pytest.mark.parametrize("rule", COMPLIANCE, ids=lambda rule: rule.id)
def test_the_general_ban_is_cited_to_creditors_only(rule: Rule) -> None:
    if rule.citation == "12 USC 5531, 5536" and rule.id != "compliance/us-credit-score-promise":
        assert rule.applies["sender"] == ("first_party",)
        assert rule.severity == 1
    if "1692" in (rule.citation or "") and rule.id != "compliance/us-disclosure-first-party":
        assert rule.applies["sender"] == ("third_party",)


def test_a_threat_of_arrest_cites_the_law_that_binds_the_sender(checker: Checker) -> None:
    text = "You will be arrested on Friday."
    assert "compliance/us-threat-arrest" in found(checker, text, sender="third_party")
    assert "compliance/us-threat-arrest-creditor" in found(checker, text)
    bound = found(checker, text, flags={"california"})
    assert "compliance/us-ca-threat-arrest" in bound
    assert "compliance/us-threat-arrest-creditor" not in bound
    assert found(checker, text, jurisdiction="uk") == {"compliance/uk-criminal"}


def test_a_business_gets_only_what_does_not_need_a_consumer(checker: Checker) -> None:
    text = "You will be arrested. You stole from us. We will garnish your wages and sue you on Friday."
    assert found(checker, text, audience="business", sender="third_party") == {"compliance/us-business-crime"}


def test_a_rule_with_an_unknown_flag_is_silent(checker: Checker) -> None:
    text = "Please pay your balance of $40, or we may go to court."
    assert "compliance/us-time-barred-threat" not in found(checker, text, sender="third_party")
    assert "compliance/us-time-barred-threat" in found(
        checker, text, sender="third_party", flags={"time_barred"}
    )


PRESCRIBED = [
    "The law limits how long you can be sued on a debt. Because of the age of your debt, we will not sue you for it, "
    "and we will not report it to any credit reporting agency.",
    "The state Rosenthal Fair Debt Collection Practices Act and the federal Fair Debt Collection Practices Act require "
    "that, except under unusual circumstances, collectors may not contact you before 8 a.m. or after 9 p.m. They may not "
    "harass you by using threats of violence or arrest or by using obscene language. Collectors may not use false or "
    "misleading statements or call you at work if they know or have reason to know that you may not receive personal "
    "calls at work. For the most part, collectors may not tell another person, other than your attorney or spouse, about "
    "your debt. For more information about debt collection activities, you may contact the Federal Trade Commission at "
    "1-877-FTC-HELP or www.ftc.gov.",
    "If a creditor or debt collector receives a money judgment against you in court, state and federal laws may prevent "
    "the following types of income from being taken to pay the debt:\n• Supplemental security income, (SSI);\n• Social "
    "security;\n• Public assistance (welfare);\n• Spousal support, maintenance (alimony) or child support;\n• Unemployment "
    "benefits;\n• Disability benefits;\n• Workers' compensation benefits;\n• Public or private pensions;\n• Veterans' "
    "benefits;\n• Federal student loans, federal student grants, and federal work study funds; and\n• Ninety percent of "
    "your wages or salary earned in the last sixty days.",
    "Call or write to us by July 20, 2026, to dispute all or part of the debt. If you do not, we will assume that our "
    "information is correct. If you write to us by July 20, 2026, we must stop collection on any amount you dispute until "
    "we send you information that shows you owe the debt.",
]


@pytest.mark.parametrize("text", PRESCRIBED, ids=["ca-1788", "ca-1812", "ny", "b-1"])
def test_prescribed_text_breaks_no_prohibition(checker: Checker, text: str) -> None:
    flags = {"california", "validation_period", "time_barred"}
    message = f"Dear Ms Rowe\n\nThis is from a debt collector.\n\n{text}\n"
    assert found(checker, message, sender="third_party", channel="letter", flags=flags) <= {
        "compliance/us-ca-time-barred"
    }


def test_enforcing_makes_the_law_count() -> None:
    text = "This message is from North Hall Ltd. Please call us on 503-555-0142 about your garden."
    profile = Profile(stage="thanks", sender="third_party", channel="chat")
    assert Checker().check(text, profile).verdict == "send"
    assert Checker(Config(compliance="enforce")).check(text, profile).verdict == "revise"


@pytest.mark.parametrize(
    "path", ["kind-final-notice-uk.eml", "sms-reminder-uk.txt", "handover-notice-uk.txt"], ids=str
)
def test_a_kind_message_is_not_flooded(checker: Checker, path: str) -> None:
    profile = Profile(jurisdiction="uk", stage="final", channel="sms" if "sms" in path else "email")
    report = checker.check((ROOT / "examples" / path).read_bytes(), profile, name=path)
    assert [finding.rule for finding in report.findings if finding.category == "compliance"] == []


if __name__ == "__main__":
    document = DOCUMENT.read_text(encoding="utf-8")
    head, rest = document.split(BEGIN)
    DOCUMENT.write_text(head + BEGIN + table(LAW) + END + rest.split(END)[1], encoding="utf-8")
