"""What the archive holds and what the journal knows → the mails that left and that the journal has forgotten.

A journal that was restored from an older copy, or begun anew, would send them again. The archive is only listed, never read.
"""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from batch.core.problem import Problem, Severity, Source
from batch.delivery.archive import Archive, Filed
from batch.delivery.eml import mark_of


@dataclass(frozen=True)
class Unremembered:
    """The mails of which the journal knows nothing, day by day."""

    mails: tuple[Filed, ...] = ()

    @property
    def last(self) -> Mapping[str, dt.date]:
        """Return the day of the last such mail of each customer that has one."""
        return {mail.debtor_id: mail.day for mail in sorted(self.mails, key=lambda mail: mail.day)}

    def problems(self, archive: Archive | None, journal: str) -> tuple[Problem, ...]:
        """Return them as one problem; `journal` is where the journal lies."""
        if not archive or not self.mails:
            return ()
        days = [mail.day for mail in self.mails]
        facts = {
            "n": len(self.mails),
            "customers": len(self.last),
            "first": min(days),
            "last": max(days),
            "folder": str(archive.folder),
            "journal": journal,
        }
        return (Problem("JOURNAL-BEHIND-ARCHIVE", Severity.ERROR, Source(file=journal), facts),)


def unremembered(
    archive: Archive | None, debtor_ids: Iterable[str], known: Callable[[], Mapping[str, int]]
) -> Unremembered:
    """Return what of these customers' mails the journal does not know.

    `known` gives how often each Message-ID may have left. It is asked after the archive was listed: whoever sends meanwhile claims
    first and files afterwards. A mail that was sent anew, since it had not left, is filed twice and known twice.
    """
    filed = sorted(archive.filed(debtor_ids), key=lambda mail: mail.day) if archive else []
    if not filed:
        return Unremembered()
    left: Counter[str] = Counter()
    for message_id, times in known().items():
        left[mark_of(message_id)] += times
    forgotten = []
    for mail in filed:
        left[mail.mark] -= 1
        if left[mail.mark] < 0:
            forgotten.append(mail)
    return Unremembered(tuple(forgotten))
