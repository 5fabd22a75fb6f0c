"""What became of each reviewed row → the object that `relance send --json` prints: names that scripts rely on."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from batch.core.problem import Problem
from batch.report.figures import decimal_string
from batch.report.outlook import summary_json
from batch.report.problems import problem_json
from batch.report.sending import Sending
from batch.words import Words


def sending_json(
    sending: Sequence[Sending], problems: Sequence[Problem], *, version: str, dry_run: bool, words: Words, to_self: str = "",
    copy: Path | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Return what became of each row; `outcome` is sent, ready (dry run), trial (`to_self`), refused, uncertain, later or left.

    `cc` and `bcc` are who gets a copy of the mail; with `to_self` nobody does. `workbook` is the copy that says it of each row;
    `release` names the mails of which a person has to say whether they left, or that they may be tried again.
    """
    return {
        "relance": version,
        "dry_run": dry_run,
        "to_self": to_self or None,
        "summary": summary_json(sending, words),
        "mails": [
            {
                "debtor_id": mail.debtor_id,
                "name": mail.name,
                "currency": mail.currency,
                "step": mail.step or None,
                "email": mail.email or None,
                "cc": list(mail.cc),
                "bcc": list(mail.bcc),
                "subject": mail.subject or None,
                "asked": decimal_string(mail.asked, mail.currency),
                "attachments": list(mail.attachments),
                "outcome": mail.outcome,
                "reason": mail.reason or None,
                "sentence": mail.sentence(words) or None,
                "file": str(mail.file) if mail.file else None,
                "release": list(mail.doubts),
            }
            for mail in sending
        ],
        "workbook": str(copy) if copy else None,
        "problems": [problem_json(problem, words) for problem in problems],
    }
