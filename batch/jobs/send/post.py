"""Admitted rows → one round of the post: each claimed, handed over once, settled."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from queue import SimpleQueue
from typing import NamedTuple

import pandas as pd

from batch.core.plan import Plan
from batch.core.records import Message
from batch.delivery.archive import Archive
from batch.delivery.compose import Mail, compose, copies_of, message_id, usable
from batch.delivery.postman import Postman
from batch.jobs.send.gate import Gate
from batch.jobs.send.session import Session
from batch.journal import AlreadyClaimed, Journal, Line, Settlement
from batch.report import Sending
from batch.settings import Settings
from batch.words import for_language

SECONDS_BETWEEN_LOOKS = 0.5


class Row(NamedTuple):
    """One reviewed row with what admission said of it."""

    debtor_id: str
    currency: str
    step: str
    email: str
    admitted: bool
    reason: str
    reason_on: pd.Timestamp


def rows_of(admissions: pd.DataFrame, decisions: pd.DataFrame) -> list[Row]:
    """Return the rows of ADMISSIONS, with the step that DECISIONS showed, in the order of the sheet."""
    both = admissions.merge(decisions[["debtor_id", "currency", "step"]], on=["debtor_id", "currency"])
    return [Row(*values) for values in both[list(Row._fields)].itertuples(index=False, name=None)]


@dataclass(frozen=True)
class Round:
    """One round of the post: the rows of one workbook, each to at most one mail."""

    shown: Plan
    today: Plan
    messages: Mapping[tuple[str, str], Message]
    chosen: Settings
    journal: Journal
    moment: Callable[[], dt.datetime]
    folder: Path | None  # where the mails go; None: to a server
    archive: Archive | None = None  # where a copy of each mail that left is kept

    def deliver(
        self, rows: list[Row], postman: Postman, gate: Gate, tick: Callable[[int, int], None]
    ) -> Iterator[Sending]:
        """Claim, hand over once, settle, on all sessions of the postman; told in the order of the sheet, which is that of leaving.

        `tick` is told how many of how many admitted rows are done.
        """
        done, wanted = 0, sum(row.admitted for row in rows)
        tick(done, wanted)
        ends: list[tuple[Row, Future[Sending]]] = [(row, Future()) for row in rows]
        waiting: SimpleQueue[tuple[Row, Future[Sending]]] = SimpleQueue()
        for one in ends:
            waiting.put(one)
        with ThreadPoolExecutor(postman.sessions) as sessions:
            for _ in range(postman.sessions):
                sessions.submit(Session(self, postman, gate).work, waiting)
            for row, end in ends:
                while not end.done():  # to wait without an end would keep Ctrl-C waiting, on Windows
                    wait([end], SECONDS_BETWEEN_LOOKS)
                yield end.result()
                done += row.admitted
                tick(done, wanted)

    def left(self, row: Row, reason: str = "", on: dt.date | None = None) -> Sending:
        """Return a row that does not leave, with its reason (default: what admission said)."""
        told = None if pd.isna(row.reason_on) else row.reason_on.date()
        cc, bcc = copies_of(row.email, self._copies.get(row.debtor_id, []), self.chosen.company)
        return Sending(
            debtor_id=row.debtor_id,
            name=self._names.get(row.debtor_id, row.debtor_id),
            currency=row.currency,
            step=row.step,
            outcome="left",
            email=row.email,
            reason=reason or row.reason,
            reason_on=on if reason else told,
            attachments=self._attached(row),
            cc=tuple(cc),
            bcc=tuple(bcc),
        )

    def mail_of(self, row: Row) -> Mail:
        """Return a row's mail; raises as `compose` does."""
        message = self.messages[row.debtor_id, row.currency]
        keys = [(line.item_id, line.step, line.round) for line in self._lines[row.debtor_id, row.currency]]
        identity = message_id(self.chosen.company, row.debtor_id, row.currency, message.step, keys)
        return compose(
            message,
            company=self.chosen.company,
            recipient=row.email,
            cc=self._copies.get(row.debtor_id, []),
            message_id=identity,
            at=self.moment(),
            references=[one for one in self._threads.get(row.debtor_id, []) if one != identity],
        )

    def claim(self, row: Row, mail: Mail, before: Settlement | None) -> int | AlreadyClaimed:
        """Claim a row's mail, as `Journal.claim` does, together with the settlement of the mail `before` it."""
        message = self.messages[row.debtor_id, row.currency]
        return self.journal.claim(
            mail.message_id,
            row.debtor_id,
            row.currency,
            message.step,
            self._lines[row.debtor_id, row.currency],
            recipient=row.email,
            subject=message.subject,
            text=message.text,
            at=self.moment(),
            before=before,
        )

    def _attached(self, row: Row) -> tuple[str, ...]:
        message = self.messages.get((row.debtor_id, row.currency))
        words = for_language(self.chosen.language)
        return (
            tuple(words.sentence("attachments", "listed", file.listed) for file in message.attachments)
            if message
            else ()
        )

    @cached_property
    def _lines(self) -> dict[tuple[str, str], list[Line]]:
        """Return, per account, the items that advance by its mail."""
        moving = self.shown.item_steps[self.shown.item_steps["advances"]].merge(
            self.shown.items[["item_id", "number"]], on="item_id"
        )
        lines: dict[tuple[str, str], list[Line]] = {}
        columns = moving[["debtor_id", "currency", "item_id", "number", "next_step", "round"]]
        for debtor, currency, *line in columns.itertuples(index=False, name=None):
            lines.setdefault((debtor, currency), []).append(Line(*line))
        return lines

    @cached_property
    def _threads(self) -> dict[str, list[str]]:
        """Return, per debtor, the Message-IDs of earlier mails, oldest first."""
        sent = self.today.events[(self.today.events["kind"] == "sent") & (self.today.events["message_id"] != "")]
        threads: dict[str, list[str]] = {}
        once = sent.drop_duplicates("message_id")[["debtor_id", "message_id"]]
        for debtor, identity in once.itertuples(index=False, name=None):
            threads.setdefault(debtor, []).append(identity)
        return threads

    @cached_property
    def _names(self) -> dict[str, str]:
        people = self.shown.ledger.debtors
        return dict(zip(people["debtor_id"], people["name"], strict=True))

    @cached_property
    def _copies(self) -> dict[str, list[str]]:
        people = self.shown.ledger.debtors
        given = zip(people["debtor_id"], people["cc"], strict=True)
        return {debtor: [one for one in cc.split(", ") if usable(one)] for debtor, cc in given if cc}
