"""Admitted rows → one round of the post: each claimed, handed over once, settled."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import pandas as pd

from batch.core.plan import Plan
from batch.core.records import Message
from batch.delivery.compose import compose, message_id, usable
from batch.delivery.postman import Kind, Postman
from batch.journal import AlreadyClaimed, Journal, Line
from batch.report import Sending
from batch.settings import Settings


@dataclass(frozen=True)
class Round:
    """One round of the post: the rows of one workbook, each to at most one mail."""

    shown: Plan
    today: Plan
    messages: Mapping[tuple[str, str], Message]
    chosen: Settings
    journal: Journal
    now: dt.datetime
    limit: int | None

    def rehearse(self, rows: pd.DataFrame) -> Iterator[Sending]:
        """Say what would become of each row."""
        for row in rows.to_dict("records"):
            yield replace(self.left(row), outcome="ready", reason="") if row["admitted"] else self.left(row)

    def deliver(self, rows: pd.DataFrame, postman: Postman) -> Iterator[Sending]:
        """Claim, hand over once, settle: row by row, in the order of the sheet."""
        lines, threads = self._lines(), self._threads()
        tried = 0
        for row in rows.to_dict("records"):
            if not row["admitted"]:
                yield self.left(row)
            elif self.limit is not None and tried >= self.limit:
                yield self.left(row | {"reason": "limit-reached", "reason_on": pd.NaT})
            elif not usable(row["email"]):
                yield self.left(row | {"reason": "no-address", "reason_on": pd.NaT})
            else:
                tried += 1
                yield self._one(row, lines[row["debtor_id"], row["currency"]], threads.get(row["debtor_id"], []), postman)

    def left(self, row: Mapping[str, object]) -> Sending:
        """Return a row that does not leave, with its reason."""
        debtor, on = str(row["debtor_id"]), row["reason_on"]
        return Sending(
            debtor_id=debtor, name=self._names.get(debtor, debtor), currency=str(row["currency"]), step=str(row["step"]),
            outcome="left", email=str(row["email"]), reason=str(row["reason"]),
            reason_on=on.date() if isinstance(on, pd.Timestamp) else None,
        )  # fmt: skip

    def _one(self, row: Mapping[str, object], lines: list[Line], thread: list[str], postman: Postman) -> Sending:
        debtor, currency, email = str(row["debtor_id"]), str(row["currency"]), str(row["email"])
        message = self.messages[debtor, currency]
        keys = [(line.item_id, line.step, line.round) for line in lines]
        identity = message_id(self.chosen.company, debtor, currency, message.step, keys)
        mail = compose(
            message, company=self.chosen.company, recipient=email, cc=self._copies.get(debtor, []),
            message_id=identity, at=self.now, references=[one for one in thread if one != identity],
        )  # fmt: skip
        held = self.journal.claim(
            identity, debtor, currency, message.step, lines, recipient=email, subject=message.subject,
            text=message.text, at=self.now,
        )  # fmt: skip
        if isinstance(held, AlreadyClaimed):
            return self.left(dict(row) | {"reason": "already-sent", "reason_on": pd.Timestamp(held.at)})
        outcome = postman.deliver(mail, debtor=debtor)
        if outcome.kind is Kind.LATER:
            self.journal.withdraw(held, outcome.answer, self.now)
            return replace(self.left(row), outcome="later", reason="", answer=outcome.answer)
        self.journal.settle(held, outcome.kind.value, outcome.answer, self.now)
        return replace(self.left(row), outcome=outcome.kind.value, reason="", answer=outcome.answer)

    def _lines(self) -> dict[tuple[str, str], list[Line]]:
        """Return, per account, the items that advance by its mail."""
        moving = self.shown.item_steps[self.shown.item_steps["advances"]].merge(
            self.shown.items[["item_id", "number"]], on="item_id"
        )
        lines: dict[tuple[str, str], list[Line]] = {}
        columns = moving[["debtor_id", "currency", "item_id", "number", "next_step", "round"]]
        for debtor, currency, item_id, number, step, round_ in columns.itertuples(index=False, name=None):
            lines.setdefault((debtor, currency), []).append(Line(item_id, number, step, round_))
        return lines

    def _threads(self) -> dict[str, list[str]]:
        """Return, per debtor, the Message-IDs of earlier mails, oldest first."""
        sent = self.today.events[(self.today.events["kind"] == "sent") & (self.today.events["message_id"] != "")]
        return sent.drop_duplicates("message_id").groupby("debtor_id")["message_id"].agg(list).to_dict()

    @cached_property
    def _names(self) -> dict[str, str]:
        return self.shown.ledger.debtors.set_index("debtor_id")["name"].to_dict()

    @cached_property
    def _copies(self) -> dict[str, list[str]]:
        given = self.shown.ledger.debtors.loc[self.shown.ledger.debtors["cc"] != "", ["debtor_id", "cc"]]
        return {debtor: [one for one in cc.split(", ") if usable(one)] for debtor, cc in given.itertuples(index=False)}
