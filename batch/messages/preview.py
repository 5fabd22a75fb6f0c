"""A plan and its messages → preview.html: one page, without network, that shows every message as it will look.

The messages lie in a JSON block; one sandboxed frame is filled with the one that is looked at. A content security policy
lets only this page's own script run, by its hash, and nothing be fetched, whatever a name or a template holds.
"""

import base64
import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib.resources import files

from jinja2 import Environment, StrictUndefined, Template
from markupsafe import Markup

from batch.core.plan import Plan
from batch.core.policy import Company
from batch.core.records import Message
from batch.core.tables import ACCOUNT, STANDINGS
from batch.messages.accounts import WORDED, Account
from batch.messages.clean import clean
from batch.words import Words

GROUP = "preview"
JSON_WORDS = ("shown", "nothing_found", "none", "to", "no_email", "approval_needed", "approval_auto")
PAGE_WORDS = (
    "title", "search", "step", "all_steps", "standing", "all_standings", "choose", "back", "form_html", "form_text",
    "previous", "next", "frame", "keys",
)  # fmt: skip

# What could end the script element or open another one inside it, written so that JSON reads the same.
_HARMFUL = "<\u2028\u2029"
_STYLE = re.compile(r"<style[^>]*>(.*?)</style>", re.DOTALL | re.IGNORECASE)


def preview(
    plan: Plan,
    written_to: Iterable[Account],
    messages: Mapping[tuple[str, str], Message],
    words: Words,
    company: Company,
) -> str:
    """Return the page, in the reviewer's language: what needs approval first, then by the amount asked."""
    accounts = [account for account in written_to if _key(account) in messages]
    needed = _needed(plan)
    accounts.sort(key=lambda account: (_key(account) not in needed, -account.asked))
    style, script = _part("preview.css"), _part("preview.js")
    return _page().render(
        language=words.language,
        company=clean(company.name),
        as_of=words.sentence(GROUP, "as_of", {"as_of": words.long_date(plan.as_of)}),
        count=words.sentence(GROUP, "count", {"n": len(accounts)}) if accounts else words.label(GROUP, "none"),
        words={code: words.label(GROUP, code) for code in PAGE_WORDS},
        style=Markup(style),  # noqa: S704  our own file
        script=Markup(script),  # noqa: S704  our own file
        style_hashes=Markup(" ".join(map(_source, (style, *_styles(messages.values()))))),  # noqa: S704  base64
        script_hash=Markup(_hash(script)),  # noqa: S704  base64
        messages=Markup(_json(plan, accounts, messages, needed, words)),  # noqa: S704  every < > & is escaped
    )


def _key(account: Account) -> tuple[str, str]:
    return account.debtor.debtor_id, account.currency


def _needed(plan: Plan) -> set[tuple[str, str]]:
    """Return the accounts whose step a person must approve."""
    steps = plan.account_steps[plan.account_steps["approval"] == "needed"]
    return set(zip(*(steps[name].tolist() for name in ACCOUNT), strict=True))


def _json(
    plan: Plan,
    accounts: list[Account],
    messages: Mapping[tuple[str, str], Message],
    needed: set[tuple[str, str]],
    words: Words,
) -> str:
    """Return the messages and their labels as JSON that is safe inside a script element.

    Steps and standings are places in lists of labels: the page holds a standing only as the reviewer reads it. Texts are
    places in one list of lines, since messages have most of their lines in common: a third of the size.
    """
    standing_of = dict(zip(plan.standings["debtor_id"].tolist(), plan.standings["standing"].tolist(), strict=True))
    steps = [step for step in WORDED if any(account.step == step for account in accounts)]
    found = {standing_of[account.debtor.debtor_id] for account in accounts}
    standings = [standing for standing in STANDINGS if standing in found]
    shared = Lines()
    entries = [
        {
            "key": f"{account.debtor.debtor_id}|{account.currency}",
            "id": clean(account.debtor.debtor_id),
            "name": clean(account.debtor.name) or clean(account.debtor.debtor_id),
            "email": clean(account.debtor.email),
            "asked": words.amount(account.asked, account.currency),
            "late": _late(account, words),
            "channel": words.label("channels", account.channel),
            "step": steps.index(account.step),
            "standing": standings.index(standing_of[account.debtor.debtor_id]),
            "needed": _key(account) in needed,
            "subject": messages[_key(account)].subject,
            "text": shared.places(messages[_key(account)].text, "\n\n"),
            "html": shared.places(messages[_key(account)].html, "\n"),
        }
        for account in accounts
    ]
    page = {
        "words": {code: words.label(GROUP, code) for code in JSON_WORDS},
        "steps": [words.label("steps", step) for step in steps],
        "standings": [words.label("standings", standing) for standing in standings],
        "messages": entries,
        "lines": list(shared.known),
    }
    written = json.dumps(page, ensure_ascii=False, separators=(",", ":"))
    for sign in _HARMFUL:
        written = written.replace(sign, f"\\u{ord(sign):04x}")
    return written


class Lines:
    """The lines that texts have in common, each kept once."""

    def __init__(self) -> None:
        """Begin without lines."""
        self.known: dict[str, int] = {}

    def places(self, text: str, end: str) -> list[int]:
        """Return the text as places of its lines or paragraphs, which end with `end`."""
        known = self.known
        return [known.setdefault(line, len(known)) for line in text.split(end)]


def _late(account: Account, words: Words) -> str:
    days = max((item.days_late for item in account.asked_for), default=0)
    return words.sentence(GROUP, "late", {"n": days}) if days > 0 else ""


def _styles(messages: Iterable[Message]) -> list[str]:
    """Return the style sheets inside the messages (a user's own layout may have some), each once."""
    return sorted({sheet for message in messages if "<style" in message.html for sheet in _STYLE.findall(message.html)})


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"


def _source(text: str) -> str:
    return f"'{_hash(text)}'"


@lru_cache(maxsize=4)
def _part(name: str) -> str:
    """Return one of the page's own files; the hash holds for the text between the tags, line ends included."""
    return files(__package__).joinpath(name).read_text(encoding="utf-8").strip()


@lru_cache(maxsize=1)
def _page() -> Template:
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    return environment.from_string(_part("preview.html.j2"))
