"""The page's script and style, and the messages → the content security policy of preview.html.

A frame that is filled from the page obeys the page's policy, so what a mail needs is named here: each style sheet and each
style on an element by its hash. Nothing else is allowed: no script but the page's, no address, no frame, no form.
"""

import base64
import hashlib
import re
from collections.abc import Collection, Iterable
from html import unescape

from batch.core.records import Message

_SHEET = re.compile(r"<style[^>]*>(.*?)</style>", re.DOTALL | re.IGNORECASE)
# The style of an element, in double quotes, in single ones or in none. Texts of a ledger hold no bare < and match nothing.
_STYLED = re.compile(r"""<[a-z][^<>]*?\sstyle\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'<>]+))""", re.IGNORECASE)
_OPENED = re.compile("<style", re.IGNORECASE)


def policy(style: str, script: str, lines: Collection[str], messages: Iterable[Message]) -> str:
    """Return the policy for a page with this style and script: hashes only, nothing unsafe inline.

    `lines` are those that the messages are made of, each once; the messages themselves tell what goes over several lines.
    """
    messages = tuple(messages)
    allowed = (_source(text) for text in (style, *_sheets(lines, messages), *_styles(lines, messages)))
    return "; ".join((
        "default-src 'none'",
        f"script-src {_source(script)}",
        # The word is CSP's own for: a hash also counts for a style on an element.
        f"style-src 'unsafe-hashes' {' '.join(allowed)}",
        "img-src data:",
        "base-uri 'none'",
        "form-action 'none'",
    ))  # fmt: skip


def _sheets(lines: Iterable[str], messages: Iterable[Message]) -> list[str]:
    """Return the style sheets inside the messages (a user's own layout may have some), each once."""
    if not any(_OPENED.search(line) for line in lines):
        return []
    return sorted({sheet for message in messages for sheet in _SHEET.findall(message.html)})


def _styles(lines: Iterable[str], messages: Iterable[Message]) -> list[str]:
    """Return the styles on elements, each once; a tag over several lines is looked for in one message of each wording."""
    wordings = {(message.language, message.step): message.html for message in messages}
    found = (styled for text in (*lines, *wordings.values()) if "style" in text for styled in _STYLED.findall(text))
    return sorted({unescape("".join(styled)) for styled in found})


def _source(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"
