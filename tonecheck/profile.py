"""Who writes to whom, how and when: the profile decides which rules apply and which elements are required.

The values are those of the annotation guide, section 1.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace

from tonecheck.errors import ProfileError, one_of

CHANNELS = ("email", "letter", "sms", "chat", "call_script")
STAGES = (
    "reminder",
    "overdue",
    "final",
    "plan",
    "plan_followup",
    "hardship",
    "dispute",
    "settlement",
    "handover",
    "thanks",
)
JURISDICTIONS = ("us", "uk")
SENDERS = ("first_party", "third_party")
AUDIENCES = ("consumer", "business")

VALUES: dict[str, tuple[str, ...]] = {
    "channel": CHANNELS,
    "stage": STAGES,
    "jurisdiction": JURISDICTIONS,
    "sender": SENDERS,
    "audience": AUDIENCES,
}

# Circumstances that no text can prove. A rule that depends on one runs only when the caller declares it.
FLAGS = (
    "arrears_notice",
    "attorney_represented",
    "bankruptcy",
    "breathing_space",
    "california",
    "cease_requested",
    "court_judgment",
    "debt_buyer",
    "default_notice",
    "disputed",
    "first_communication",
    "florida",
    "furnishes_to_bureau",
    "law_firm",
    "letter_of_claim",
    "licensed",
    "limited_content",
    "litigation_intended",
    "new_york",
    "northern_ireland",
    "opted_out",
    "regulated_credit",
    "scotland",
    "secured_debt",
    "sole_trader",
    "texas",
    "third_party_recipient",
    "time_barred",
    "validation_notice",
    "validation_period",
    "voicemail",
)


@dataclass(frozen=True, slots=True)
class Profile:
    """The circumstances of a draft. Raises ``ProfileError`` for a value that does not exist."""

    channel: str = "email"
    stage: str = "overdue"
    jurisdiction: str = "us"
    sender: str = "first_party"
    audience: str = "consumer"
    flags: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        for name, allowed in VALUES.items():
            value = getattr(self, name)
            if value not in allowed:
                raise ProfileError(one_of(value, allowed, name), name)
        for flag in self.flags:
            if flag not in FLAGS:
                raise ProfileError(one_of(flag, FLAGS, "flag"), "flags")

    def changed(self, **values: object) -> Profile:
        """A copy with the fields that are not ``None`` replaced."""
        return replace(self, **{name: value for name, value in values.items() if value is not None})  # type: ignore[arg-type]

    def to_dict(self) -> dict[str, object]:
        """The five fields of the contract, and ``flags`` (sorted) where any is declared."""
        result: dict[str, object] = {name: getattr(self, name) for name in VALUES}
        if self.flags:
            result["flags"] = sorted(self.flags)
        return result


FIELDS = tuple(field.name for field in fields(Profile))


def parse_flags(names: Iterable[str]) -> frozenset[str]:
    """Flag names as the command line and the API give them: hyphens or underscores, any case."""
    return frozenset(name.strip().lower().replace("-", "_") for name in names if name.strip())
