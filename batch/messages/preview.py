"""A plan and its messages → preview.html: one page, without network, that shows every message as it will look.

The messages lie in a JSON block (`island`); one sandboxed frame is filled with the one that is looked at. A content security
policy (`guard`) lets only this page's own script run and nothing be fetched, whatever a name or a template holds.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib.resources import files

from jinja2 import Environment, StrictUndefined, Template
from markupsafe import Markup

from batch.core.plan import Plan
from batch.core.policy import Company
from batch.core.records import Message
from batch.core.tables import ACCOUNT
from batch.messages.accounts import Account
from batch.messages.clean import clean
from batch.messages.guard import policy
from batch.messages.island import GROUP, Key, island, key_of
from batch.words import Words

PAGE_WORDS = (
    "title", "search", "step", "all_steps", "standing", "all_standings", "more", "no_script", "choose", "back", "back_short",
    "form_html", "form_text", "previous", "next", "frame", "keys",
)  # fmt: skip


def preview(
    plan: Plan, written_to: Iterable[Account], messages: Mapping[Key, Message], words: Words, company: Company
) -> str:
    """Return the page, in the reviewer's language: what needs approval first, then by the amount asked."""
    accounts = [account for account in written_to if key_of(account) in messages]
    needed = _needed(plan)
    accounts.sort(key=lambda account: (key_of(account) not in needed, -account.asked))
    style, script = _part("preview.css"), _part("preview.js")
    entries, lines = island(plan, accounts, messages, needed, words)
    return _page().render(
        language=words.language,
        company=clean(company.name),
        as_of=words.sentence(GROUP, "as_of", {"as_of": words.long_date(plan.as_of)}),
        count=words.sentence(GROUP, "count", {"n": len(accounts)}) if accounts else words.label(GROUP, "none"),
        words={code: words.label(GROUP, code) for code in PAGE_WORDS},
        style=Markup(style),  # noqa: S704  our own file
        script=Markup(script),  # noqa: S704  our own file
        policy=Markup(policy(style, script, lines, messages.values())),  # noqa: S704  fixed words and base64
        messages=Markup(entries),  # noqa: S704  every < is escaped
    )


def _needed(plan: Plan) -> set[Key]:
    """Return the accounts whose step a person must approve."""
    steps = plan.account_steps[plan.account_steps["approval"] == "needed"]
    return set(zip(*(steps[name].tolist() for name in ACCOUNT), strict=True))


@lru_cache(maxsize=4)
def _part(name: str) -> str:
    """Return one of the page's own files; the hash holds for the text between the tags, line ends included."""
    return files(__package__).joinpath(name).read_text(encoding="utf-8").strip()


@lru_cache(maxsize=1)
def _page() -> Template:
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    return environment.from_string(_part("preview.html.j2"))
