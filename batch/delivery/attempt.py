"""One mail over one conversation, once → its outcome.

Sender, recipients and DATA go together where the server says that it takes them so (PIPELINING, RFC 2920): one wait instead
of three. The text never leaves before the server has asked for it, so what is known of the mail is the same either way.
"""

import re
import smtplib
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from batch.delivery.outcome import Answer, Kind, Outcome

_YES, _YES_ELSEWHERE, _START_MAIL = 250, 251, 354
_DOT_THAT_BEGINS_A_LINE = re.compile(rb"(?m)^\.")


class _Envelope(NamedTuple):
    """What the server said before the text; whom it was not asked about, or did not answer, is missing."""

    sender: Answer | None
    recipients: Mapping[str, Answer]
    data: Answer | None
    broken: str  # why the line went down before all was answered; "" = it stands

    @property
    def refused(self) -> dict[str, Answer]:
        """Return the recipients that the server does not take."""
        return {one: said for one, said in self.recipients.items() if said.code not in {_YES, _YES_ELSEWHERE}}

    @property
    def answers(self) -> list[Answer]:
        """Return all that the server said."""
        return list(filter(None, [self.sender, *self.recipients.values(), self.data]))

    @property
    def cut_short(self) -> bool:
        """Say whether the server has ended the conversation."""
        return bool(self.broken) or any(answer.ends_line for answer in self.answers)

    @property
    def taken(self) -> bool:
        """Say whether the server takes the sender and a recipient."""
        return self.sender is not None and self.sender.code == _YES and len(self.refused) < len(self.recipients)

    @property
    def wanted(self) -> bool:
        """Say whether the server waits for the text of a mail that has a recipient."""
        return self.taken and self.data is not None and self.data.code == _START_MAIL


def attempt(line: smtplib.SMTP, sender: str, recipients: Sequence[str], content: bytes) -> Outcome:
    """Hand a mail's bytes over, once; the first recipient's address decides, the others get copies.

    Addresses are bare ones, as `compose` has checked them. A conversation that can serve no further mail is closed. Never raises for
    what a server does.
    """
    try:
        line.ehlo_or_helo_if_needed()
        said = _envelope(line, sender, recipients, len(content))
    except (smtplib.SMTPException, OSError) as error:
        line.close()
        return Outcome(Kind.LATER, str(error), cut_short=True)
    if not said.wanted:
        _take_back(line, said)
        return _not_wanted(said, recipients[0])._replace(cut_short=said.cut_short)
    try:
        # `send_message` would write the mail anew and change lines that start with "From "; these are the .eml's bytes.
        end = b".\r\n" if content.endswith(b"\r\n") else b"\r\n.\r\n"
        line.send(_DOT_THAT_BEGINS_A_LINE.sub(b"..", content) + end)
        answer = Answer(*line.getreply())
    except (smtplib.SMTPException, OSError) as error:
        line.close()
        return Outcome(Kind.UNCERTAIN, str(error))
    if answer.code != _YES:
        _begin_anew(line, [answer])
        return Outcome(answer.kind(unknown=Kind.UNCERTAIN), str(answer), answer.pause)
    return _handed_over(answer, said.refused, recipients[0])


def _envelope(line: smtplib.SMTP, sender: str, recipients: Sequence[str], size: int) -> _Envelope:
    together = line.has_extn("pipelining")
    told_size = f" SIZE={size}" if line.has_extn("size") else ""
    commands = [
        f"MAIL FROM:<{sender}>{told_size}\r\n",
        *(f"RCPT TO:<{one}>\r\n" for one in recipients),
    ]
    answers: list[Answer] = []
    broken = ""
    try:
        if together:
            line.send("".join([*commands, "DATA\r\n"]))
        for command in commands:
            if not together:
                line.send(command)
            answers.append(Answer(*line.getreply()))
            if answers[-1].ends_line or (answers[0].code != _YES and not together):
                break
        said = _Envelope(answers[0], dict(zip(recipients, answers[1:], strict=False)), None, "")
        if not answers[-1].ends_line and (together or said.taken):
            if not together:
                line.send("DATA\r\n")
            return said._replace(data=Answer(*line.getreply()))
    except (smtplib.SMTPException, OSError) as error:
        broken = str(error)
    return _Envelope(answers[0] if answers else None, dict(zip(recipients, answers[1:], strict=False)), None, broken)


def _not_wanted(said: _Envelope, main: str) -> Outcome:
    """Return what became of a mail whose text never left."""
    if said.sender is not None and said.sender.code != _YES:
        # The account's trouble, not this debtor's: no address is to blame, the mail waits.
        return Outcome(Kind.LATER, str(said.sender), said.sender.pause)
    if said.taken and said.data is not None:
        return Outcome(said.data.kind(), str(said.data), said.data.pause)
    pause = any(answer.pause for answer in said.refused.values())
    if main in said.refused:
        return Outcome(said.refused[main].kind(), _listed(said.refused), pause)
    return Outcome(Kind.LATER, _listed(said.refused) or said.broken, pause)


def _handed_over(answer: Answer, refused: Mapping[str, Answer], main: str) -> Outcome:
    pause = any(said.pause for said in refused.values())
    if main not in refused:
        return Outcome(Kind.SENT, "; ".join(filter(None, [str(answer), _listed(refused)])), pause)
    # Only copies left. To try again would send them twice, so a refusal for now is for a person to look at.
    kind = Kind.REFUSED if refused[main].kind() is Kind.REFUSED else Kind.UNCERTAIN
    return Outcome(kind, _listed(refused), pause)


def _take_back(line: smtplib.SMTP, said: _Envelope) -> None:
    """Get ready for the next mail; a server that asks for the text of a mail it has refused gets none."""
    if said.broken or (said.data is not None and said.data.code == _START_MAIL):
        line.close()
    else:
        _begin_anew(line, said.answers)


def _begin_anew(line: smtplib.SMTP, answers: Sequence[Answer]) -> None:
    if any(answer.ends_line for answer in answers):
        line.close()
        return
    try:
        line.rset()
    except (smtplib.SMTPException, OSError):
        line.close()


def _listed(refused: Mapping[str, Answer]) -> str:
    return "; ".join(f"{address}: {answer}" for address, answer in refused.items())
