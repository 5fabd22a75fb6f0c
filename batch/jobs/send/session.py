"""One session of a round of the post: rows → mails claimed, handed over once and settled, one after the other.

What became of a mail is settled in the transaction that claims the session's next one: one wait for the disk in place of two. A
session never has more than one mail that is not settled.
"""

from concurrent.futures import Future
from dataclasses import replace
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, NamedTuple

from batch.core.problem import RelanceError
from batch.delivery.compose import Mail, usable
from batch.delivery.postman import Kind, Outcome, Postman
from batch.jobs.send.gate import Gate
from batch.journal import AlreadyClaimed, Settlement
from batch.report import Sending

if TYPE_CHECKING:
    from batch.jobs.send.post import Round, Row

    Waiting = SimpleQueue[tuple[Row, Future[Sending]]]


class _Answered(NamedTuple):
    """A mail that was handed over, what is to be settled of it, and who waits to hear that it is."""

    settlement: Settlement
    sending: Sending
    end: Future[Sending]


class Session:
    """Takes rows until none waits; each row's end is told once all of it is on disk."""

    def __init__(self, round_: "Round", postman: Postman, gate: Gate) -> None:
        """Take the round, who takes its mails away, and what lets them through."""
        self._round = round_
        self._postman = postman
        self._gate = gate
        self._answered: _Answered | None = None

    def work(self, waiting: "Waiting") -> None:
        """Take rows until none waits. An error ends its row, and lets no mail of any session through from then on."""
        with self._round.journal.session():
            self._work(waiting)

    def _work(self, waiting: "Waiting") -> None:
        while True:
            try:
                row, end = waiting.get_nowait()
            except Empty:
                break
            try:
                sending = self._next(row, end)
            except BaseException as error:  # noqa: BLE001  raised again by whoever waits for the row
                self._gate.shut()
                end.set_exception(error)
            else:
                if sending is not None:
                    end.set_result(sending)
        self._settle()

    def _next(self, row: "Row", end: Future[Sending]) -> Sending | None:
        """Return what became of a row; None when its end will be told with its settlement."""
        if not row.admitted:
            return self._round.left(row)
        if not usable(row.email):
            return self._round.left(row, "no-address")
        if self._gate.paced:  # nothing waits for a settlement while the minute is full
            self._settle()
        reason = self._gate.opens()
        return self._round.left(row, reason) if reason else self._one(row, end)

    def _one(self, row: "Row", end: Future[Sending]) -> Sending | None:
        try:
            mail = self._round.mail_of(row)
        except RelanceError as error:
            if error.code != "ATTACHMENT-CHANGED":
                raise
            return self._round.left(row, "attachment-changed")
        claim = self._claim(row, mail)
        if isinstance(claim, AlreadyClaimed):
            return self._round.left(row, "already-sent", claim.at.date())
        outcome = self._postman.deliver(mail, debtor=row.debtor_id)
        self._gate.hear(outcome)
        self._answered = _Answered(
            Settlement(claim, outcome.kind.value, outcome.answer, self._round.moment()),
            self._sending(row, outcome),
            end,
        )
        if outcome.kind not in (Kind.SENT, Kind.UNCERTAIN):  # lines are given back at once, and by themselves
            self._settle()
        elif self._round.archive:
            self._round.archive.keep(mail, row.debtor_id, self._round.messages[row.debtor_id, row.currency].step)
        return None

    def _claim(self, row: "Row", mail: Mail) -> int | AlreadyClaimed:
        """Claim a row's mail, and settle the one before it in the same transaction."""
        before, self._answered = self._answered, None
        try:
            claim = self._round.claim(row, mail, before.settlement if before else None)
        except BaseException:
            self._answered = before  # what is known of it may still be written down
            self._settle()
            raise
        if before:
            before.end.set_result(before.sending)
        return claim

    def _settle(self) -> None:
        """Settle the mail that is not settled yet, if there is one."""
        answered, self._answered = self._answered, None
        if answered is None:
            return
        try:
            self._round.journal.end(answered.settlement)
        except BaseException as error:  # noqa: BLE001  as above
            self._gate.shut()
            answered.end.set_exception(error)
        else:
            answered.end.set_result(answered.sending)

    def _sending(self, row: "Row", outcome: Outcome) -> Sending:
        done = replace(self._round.left(row), outcome=outcome.kind.value, reason="", reason_on=None)
        if self._round.folder and outcome.kind is Kind.SENT:
            return replace(done, file=self._round.folder / outcome.answer)
        return replace(done, answer=outcome.answer)
