"""The accounts that are written to and their messages → the JSON block of preview.html, safe inside a script element."""

import json
from base64 import b64encode
from collections.abc import Collection, Iterable, Mapping, Sequence

from batch.core.codes import STANDINGS
from batch.core.plan import Plan
from batch.core.records import Message
from batch.messages.accounts import WORDED, Account
from batch.messages.clean import clean
from batch.words import Words

GROUP = "preview"
JSON_WORDS = ("shown", "nothing_found", "none", "to", "no_email", "approval_needed", "approval_auto", "waits", "gone")
# What could end the script element or open another one inside it, written so that JSON reads the same.
_HARMFUL = "<\u2028\u2029"

Key = tuple[str, str]


class Lines:
    """The lines that texts have in common, each kept once."""

    def __init__(self) -> None:
        """Begin without lines."""
        self.known: dict[str, int] = {}

    def places(self, text: str, end: str) -> list[int]:
        """Return the text as places of its lines or paragraphs, which end with `end`."""
        known = self.known
        return [known.setdefault(line, len(known)) for line in text.split(end)]


def key_of(account: Account) -> Key:
    """Return whom a message is for: debtor and currency."""
    return account.debtor.debtor_id, account.currency


def island(
    plan: Plan, accounts: Sequence[Account], messages: Mapping[Key, Message], needed: set[Key], words: Words
) -> tuple[str, Collection[str]]:
    """Return labels and messages, in the order of `accounts`, and the lines that the messages are made of.

    `needed` are those that a person must approve.
    Steps and standings are places in lists of labels: the page holds a standing only as the reviewer reads it. Texts are
    places in one list of lines, since messages have most of their lines in common: a third of the size.
    """
    standing_of = dict(zip(plan.standings["debtor_id"].tolist(), plan.standings["standing"].tolist(), strict=True))
    steps = _in_use(WORDED, (account.step for account in accounts))
    standings = _in_use(STANDINGS, (standing_of[account.debtor.debtor_id] for account in accounts))
    shared = Lines()
    entries = [
        _shown(account, words)
        | {
            "step": steps[account.step],
            "standing": standings[standing_of[account.debtor.debtor_id]],
            "needed": key_of(account) in needed,
        }
        | _written(messages[key_of(account)], shared)
        | _enclosed(messages[key_of(account)], words)
        for account in accounts
    ]
    page = {
        "words": {code: words.label(GROUP, code) for code in JSON_WORDS},
        "steps": [words.label("steps", step) for step in steps],
        "standings": [words.label("standings", standing) for standing in standings],
        "messages": entries,
        "lines": list(shared.known),
    }
    return _harmless(page), shared.known


def _in_use(codes: Iterable[str], used: Iterable[str]) -> dict[str, int]:
    """Return the codes that are used and their places, in the order of `codes`."""
    found = set(used)
    return {code: place for place, code in enumerate(code for code in codes if code in found)}


def _shown(account: Account, words: Words) -> dict[str, object]:
    """Return what the page tells of the account beside its message."""
    debtor = account.debtor
    return {
        "id": clean(debtor.debtor_id),
        "name": clean(debtor.name) or clean(debtor.debtor_id),
        "email": clean(debtor.email),
        "asked": words.amount(account.asked, account.currency),
        "late": _late(account, words),
        "channel": words.label("channels", account.channel),
    }


def _late(account: Account, words: Words) -> str:
    days = max((item.days_late for item in account.asked_for), default=0)
    return words.sentence(GROUP, "late", {"n": days}) if days > 0 else ""


def _written(message: Message, shared: Lines) -> dict[str, object]:
    """Return the message itself, its texts as places of shared lines."""
    return {
        "key": message.anchor,
        "subject": message.subject,
        "text": shared.places(message.text, "\n\n"),
        "html": shared.places(shown_html(message), "\n"),
    }


def _enclosed(message: Message, words: Words) -> dict[str, object]:
    """Return names and sizes of the attached files, and whether the message waits for one that is missing."""
    files = [words.sentence("attachments", "listed", file.listed) for file in message.attachments]
    return {"files": files, "held": message.held}


def shown_html(message: Message) -> str:
    """Return the HTML with its pictures inside, since a page has no parts that it could name."""
    html = message.html
    for image in message.images:
        content = b64encode(image.content).decode("ascii")
        html = html.replace(f'"cid:{image.cid}"', f'"data:{image.kind};base64,{content}"')
    return html


def _harmless(page: Mapping[str, object]) -> str:
    written = json.dumps(page, ensure_ascii=False, separators=(",", ":"))
    for sign in _HARMFUL:
        written = written.replace(sign, f"\\u{ord(sign):04x}")
    return written
