"""A sending → a copy of the reviewed workbook that says what became of each row. The mails have left: nothing here may fail."""

from collections.abc import Sequence
from pathlib import Path

from batch.core.problem import Problem, RelanceError, Severity, Source
from batch.report import Sending, told
from batch.words import Words
from batch.workbook.sent import sent_path, write_sent

ACTED = frozenset({"sent", "refused", "uncertain", "later"})


def copied(reviewed: Path, sending: Sequence[Sending], words: Words) -> tuple[Path | None, tuple[Problem, ...]]:
    """Write the copy beside the reviewed workbook and return its path; none when no mail was tried, or a problem when it cannot be."""
    if not any(mail.outcome in ACTED for mail in sending):
        return None, ()
    target = sent_path(reviewed, words.language)
    try:
        write_sent(reviewed, target, told(sending, words), words.language)
    except (RelanceError, OSError) as error:
        reason = error.code if isinstance(error, RelanceError) else error.strerror or str(error)
        facts = {"file": target.name, "reason": reason}
        return None, (Problem("SENT-COPY-NOT-WRITTEN", Severity.WARNING, Source(file=reviewed.name), facts),)
    return target, ()
