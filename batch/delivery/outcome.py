"""A server's answer → what became of a mail, whose fault it is, and whether the server wants no further mail for now."""

import re
from enum import StrEnum
from typing import NamedTuple

_LONGEST_ANSWER = 500
_FOR_NOW, _FINAL, _CLOSING = 4, 5, 421
# The server is busy or the account has used up what it may send: whoever goes on is blocked for longer.
_TIRED_CODES = frozenset({421, 452, 454})
_TIRED_STATES = re.compile(r"450 4\.(2\.1|7\.\d+)\b")
_TIRED_WORDS = re.compile(r"\brate\b|\bthrottl|\btoo (many|fast)\b", re.IGNORECASE)
_MAILBOX_FULL = re.compile(r"\d{3} [45]\.2\.2\b")  # the customer's own quota, not ours
# An account that has sent its share, often said with a final code, though nothing is wrong with the customer's address: the states of
# Gmail (5.4.5) and Microsoft 365, the words of these and of hosters.
_USED_UP = re.compile(
    r"5\d\d 5\.(4\.5|1\.90|7\.23[23]|7\.705)\b|SubmissionQuotaExceeded"
    r"|\b(daily|hour|hourly|send|sending|outgoing|outbound)\b.{0,20}\b(limit|quota)\b|\brate limit"
    r"|\b(e-?mails|messages|recipients) per (minute|hour|day)\b|\btoo many (e-?mails|messages)\b|\bexceeded your\b",
    re.IGNORECASE,
)
# Some take so many mails over one connection, and say so without closing it.
_LINE_USED_UP = re.compile(r"[45]\d\d .*\b(mails?|e-?mails?|messages?)\b.*\b(session|connection)\b", re.IGNORECASE)


class Kind(StrEnum):
    """What became of a mail: LATER certainly did not leave and may be tried again, UNCERTAIN perhaps left."""

    SENT = "sent"
    REFUSED = "refused"
    UNCERTAIN = "uncertain"
    LATER = "later"


class Outcome(NamedTuple):
    """What became of a mail, the server's own words, and whether they ask for a pause of the whole post.

    `cut_short`: the server ended the conversation before it was given the text.
    """

    kind: Kind
    answer: str
    pause: bool = False
    cut_short: bool = False


class Answer(NamedTuple):
    """One answer of a server."""

    code: int
    words: bytes

    def __str__(self) -> str:
        """Return the answer on one line, code first."""
        return in_words(self.code, self.words)

    @property
    def ends_line(self) -> bool:
        """Say whether this conversation serves no further mail; another one may."""
        return self.code == _CLOSING or bool(_LINE_USED_UP.match(str(self)))

    @property
    def pause(self) -> bool:
        """Say whether the server wants no further mail for now: it is busy, or the account has sent its share."""
        said = str(self)
        if self.code // 100 not in {_FOR_NOW, _FINAL} or _MAILBOX_FULL.match(said):
            return False
        if _USED_UP.search(said):
            return True
        return self.code // 100 == _FOR_NOW and self._tired(said)

    def _tired(self, said: str) -> bool:
        return self.code in _TIRED_CODES or bool(_TIRED_STATES.match(said) or _TIRED_WORDS.search(said))

    def kind(self, unknown: Kind = Kind.LATER) -> Kind:
        """Return what an answer that is no yes makes of the mail; `unknown` when it is neither 4xx nor 5xx."""
        if self.pause:
            return Kind.LATER
        return {_FOR_NOW: Kind.LATER, _FINAL: Kind.REFUSED}.get(self.code // 100, unknown)


def in_words(code: int, words: bytes | str) -> str:
    """Return a server's answer on one line, code first."""
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return f"{code} {' '.join(text.split())}"[:_LONGEST_ANSWER]
