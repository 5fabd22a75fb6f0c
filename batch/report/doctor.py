"""What a check-up found → what `relance doctor` says: ok, careful or wrong, line by line, each with its remedy."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from batch.core.problem import Problem, RelanceError, Severity
from batch.report.problems import INDENT
from batch.words import Words

if TYPE_CHECKING:
    from rich.console import Console

STYLES = {"ok": "green", "careful": "yellow", "wrong": "bold red"}


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at: `code` and `facts` say what is well (words group "doctor"), `trouble` what is not."""

    check: str
    code: str = ""
    facts: Mapping[str, object] = field(default_factory=dict)
    trouble: Problem | RelanceError | None = None

    @property
    def state(self) -> str:
        """Return ok, careful or wrong."""
        if self.trouble is None:
            return "ok"
        return (
            "wrong" if isinstance(self.trouble, RelanceError) or self.trouble.severity is Severity.ERROR else "careful"
        )

    def told(self, words: Words) -> tuple[str, str]:
        """Return the sentence and the remedy ("" when none is needed)."""
        if self.trouble is None:
            return words.sentence("doctor", self.code, self.facts), ""
        return words.problem(self.trouble)


def all_well(findings: Sequence[Finding]) -> bool:
    """Say whether nothing is wrong."""
    return not any(finding.state == "wrong" for finding in findings)


def doctor_json(findings: Sequence[Finding], *, version: str, words: Words) -> dict[str, Any]:
    """Return every finding with its state, its sentence and its remedy."""
    checks = []
    for finding in findings:
        sentence, remedy = finding.told(words)
        code = finding.trouble.code if finding.trouble else None
        checks.append(
            {
                "check": finding.check,
                "state": finding.state,
                "code": code,
                "sentence": sentence,
                "remedy": remedy or None,
            }
        )
    return {"relance": version, "ok": all_well(findings), "checks": checks}


def print_doctor(console: "Console", findings: Sequence[Finding], words: Words, *, quiet: bool) -> None:
    """Print what was looked at; `quiet` leaves out what is well."""
    for finding in findings:
        if quiet and finding.state == "ok":
            continue
        sentence, remedy = finding.told(words)
        state, check = words.label("doctor", finding.state), words.label("doctor", f"check_{finding.check}")
        console.print(f"{state:<9}", style=STYLES[finding.state], end=" ")
        console.print(f"{check} – {sentence}", soft_wrap=True)
        if remedy:
            console.print(INDENT + remedy, soft_wrap=True)
