"""The accounts that are written to and the creditor → one message for each account that is written to, and the problems met on the way."""

import datetime as dt
import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from html import escape
from pathlib import Path

from batch.core.policy import Company, Policy
from batch.core.problem import Problem, Severity
from batch.core.records import Attachment, Image, Message
from batch.messages.accounts import Account
from batch.messages.blocks import BODY, SUBJECT, Block, SubjectMissingError, read_wording
from batch.messages.clean import clean
from batch.messages.columns import text_of
from batch.messages.context import Facts, Line, Party, creditor, debtor_party, facts
from batch.messages.discounts import Offer
from batch.messages.enclosures import NOTHING, Enclosed, Enclosing, Enclosures
from batch.messages.grids import Grid, Payment, grids
from batch.messages.markup import body
from batch.messages.paper import goes_by_letter, paper
from batch.messages.terms import Charged
from batch.messages.transfer import Transfer
from batch.messages.wording import LAYOUT, WordingError, Wordings
from batch.words import LANGUAGES, for_language

FALLBACK_LANGUAGE = "en"
FACT_TYPES = (Party, Line, Charged, Offer, Transfer, Enclosed)


def render(
    accounts: Iterable[Account], as_of: dt.date, *, company: Company, policy: Policy, templates: Path | None = None
) -> tuple[dict[tuple[str, str], Message], tuple[Problem, ...]]:
    """Return the messages by (debtor_id, currency) and the problems; the accounts are those that `gather` found.

    `templates` is the user's own folder; files that it lacks are the shipped ones. A broken template (TEMPLATE-BROKEN,
    TEMPLATE-NO-SUBJECT) or an account with nothing left to ask for (MESSAGE-INCOMPLETE) leaves that account without a
    message and the others as they are. A file that cannot be attached is a problem (enclosures). RelanceError
    TEMPLATES-NOT-FOUND when `templates` is no folder, ATTACHMENTS-NOT-… when the invoices' folder or the terms cannot be used.
    """
    accounts = tuple(accounts)
    enclosing = Enclosing(policy.attachments, company, accounts)
    writer = Writer(Wordings(templates, FACT_TYPES), company, policy, as_of)
    messages: dict[tuple[str, str], Message] = {}
    # A broken template would say the same for each of its accounts: said once.
    problems: dict[str, Problem] = {}
    for account in accounts:
        enclosures = enclosing.of(account)
        for problem in enclosures.problems:
            problems.setdefault(repr(problem), problem)
        try:
            messages[account.debtor.debtor_id, account.currency] = writer.write(account, enclosures)
        except WordingError as error:
            problems.setdefault(repr(error.problem), error.problem)
    return messages, (*_about_creditor(company, messages), *problems.values())


def told_of(
    problems: Iterable[Problem], messages: Mapping[tuple[str, str], Message], leaving: Collection[tuple[str, str]]
) -> tuple[Problem, ...]:
    """Return the problems without what could not be attached to messages that do not leave; one that waits for its file is told."""
    all_ = {repr(problem) for message in messages.values() for problem in message.problems}
    told = {
        repr(problem)
        for key, message in messages.items()
        if key in leaving or message.held
        for problem in message.problems
    }
    return tuple(problem for problem in problems if repr(problem) in told or repr(problem) not in all_)


class Writer:
    """What all messages of a run share: the templates, the creditor, the policy, the day."""

    def __init__(self, wordings: Wordings, company: Company, policy: Policy, as_of: dt.date) -> None:
        """Take what was decided for the run; nothing is read before the first message."""
        self._wordings = wordings
        self._company = company
        self._creditor: Party = creditor(company)
        self._policy = policy
        self._as_of = as_of
        self._filled: dict[tuple[object, ...], str] = {}
        self._languages: dict[tuple[str, str], str] = {}

    def write(self, account: Account, enclosures: Enclosures = NOTHING) -> Message:
        """Return the message of one account; WordingError when it cannot be written."""
        if account.asked < max(1, self._policy.least_tolerance):
            raise WordingError(_nothing_asked(account))
        wording = account.template or account.step
        language = self._language(account.debtor.language, wording)
        words = for_language(language)
        answer, debtor = self._how_to_answer(language, on_paper=goes_by_letter(account)), debtor_party(account.debtor)
        known = facts(
            account, debtor, self._creditor, answer, self._company, enclosures.said, self._policy, words, self._as_of
        )
        subject, blocks = self._wording(f"{language}/{wording}.j2", known, language)
        used = {block for block in blocks if isinstance(block, str)}
        tables = grids(used, account, known, words, self._as_of, coded=self._company.payment_code)
        text = "\n\n".join(_paragraphs(blocks, tables)) + "\n"
        frame = self._frame(language, account.step)
        return Message(
            debtor_id=account.debtor.debtor_id,
            currency=account.currency,
            step=account.step,
            language=language,
            subject=subject,
            text=text,
            html=frame.replace(SUBJECT, escape(subject)).replace(BODY, body(blocks, tables)),
            digest="" if enclosures.held else digest(account.step, subject, text, enclosures.files),
            images=_images(tables),
            attachments=enclosures.files,
            held=enclosures.held,
            problems=enclosures.problems,
            paper=self._paper(subject, blocks, tables, known)
            if goes_by_letter(account) and not enclosures.held
            else "",
        )

    def _paper(self, subject: str, blocks: list[Block], tables: Mapping[str, Grid | None], known: Facts) -> str:
        policy = self._policy
        return paper(subject, blocks, tables, known, self._as_of, for_language(policy.language), policy.country)

    def _wording(self, name: str, known: Facts, language: str) -> tuple[str, list[Block]]:
        """Return subject and blocks of a filled template."""
        filled = self._wordings.fill(name, known)
        try:
            return read_wording(filled, language)
        except SubjectMissingError:
            raise WordingError(self._wordings.broken(name, 1, "", "TEMPLATE-NO-SUBJECT")) from None

    def _how_to_answer(self, language: str, *, on_paper: bool) -> str:
        """Return where an answer goes; a letter on paper is none that one could simply reply to."""
        return self._once(f"{language}/_answer.j2", {"creditor": self._creditor, "on_paper": on_paper}).strip()

    def _frame(self, language: str, step: str) -> str:
        """Return the layout of the HTML form with marks where subject and body go."""
        known = {"creditor": self._creditor, "language": language, "step": step}
        return self._once(LAYOUT, known | {"subject": SUBJECT, "body": BODY})

    def _once(self, name: str, known: dict[str, object]) -> str:
        """Return a filled template that is the same for many messages."""
        key = (name, known.get("language"), known.get("step"), known.get("on_paper"))
        if key not in self._filled:
            self._filled[key] = self._wordings.fill(name, known)
        return self._filled[key]

    def _language(self, wanted: str, step: str) -> str:
        """Return the debtor's language, else the settings', where there are words and a wording in it; else English."""
        code = (wanted or self._policy.language)[:2].lower()
        if (code, step) not in self._languages:
            known = code in LANGUAGES and self._wordings.has(f"{code}/{step}.j2")
            self._languages[code, step] = code if known else FALLBACK_LANGUAGE
        return self._languages[code, step]


def digest(step: str, subject: str, text: str, files: Iterable[Attachment] = ()) -> str:
    """Return what changes when a word of a message or an attached file changes: 16 hexadecimal digits."""
    written = f"{step}\n{subject}\n{text}".replace("\r\n", "\n")
    written += "".join(f"\n{file.name} {file.sha256}" for file in files)
    return hashlib.sha256(written.encode()).hexdigest()[:16]


def _paragraphs(blocks: Iterable[Block], tables: Mapping[str, Grid | None]) -> Iterator[str]:
    """Yield the paragraphs and tables of the text form."""
    for block in blocks:
        if not isinstance(block, str):
            yield "\n".join(block)
        elif grid := tables[block]:
            yield text_of(grid)


def _images(tables: Mapping[str, Grid | None]) -> tuple[Image, ...]:
    """Return the pictures that the tables show in the HTML form."""
    return tuple(grid.code for grid in tables.values() if isinstance(grid, Payment) and grid.code)


def _nothing_asked(account: Account) -> Problem:
    """Return the problem of an account that has a step but nothing left to ask for."""
    debtor = account.debtor
    known = {"debtor": clean(debtor.name) or debtor.debtor_id, "currency": account.currency, "step": account.step}
    return Problem("MESSAGE-INCOMPLETE", Severity.WARNING, facts=known)


def _about_creditor(company: Company, messages: Mapping[tuple[str, str], Message]) -> Iterable[Problem]:
    """Yield what the messages cannot say because the settings do not give it."""
    if messages and not company.name.strip():
        yield Problem("CREDITOR-NAME-MISSING", Severity.WARNING)
    if messages and not company.iban.strip():
        yield Problem("CREDITOR-IBAN-MISSING", Severity.INFO)
