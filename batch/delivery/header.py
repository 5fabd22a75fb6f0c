"""What a mail's headers say → their lines as they leave: ASCII, short, ended by CRLF.

Written here and not by the standard library: it breaks ids that are longer than a line, takes the quotes off a long name with
commas, and takes longer over the headers of a mail than sending it takes.
"""

from base64 import b64encode
from collections.abc import Sequence
from email.headerregistry import Address
from functools import lru_cache

_END = "\r\n"
_LONGEST = 78
_LONGEST_PLAIN_NAME = 50
_BYTES_OF_A_WORD = 39  # RFC 2047: an encoded word has at most 75 characters, its line 76
_KEPT = 16  # senders that are remembered from mail to mail


def plain(name: str, *words: str) -> str:
    """Return a header of words that are never broken: where there are several, each has a line of its own."""
    return f"{name}: {f'{_END} '.join(words)}{_END}"


def text(name: str, value: str) -> str:
    """Return a header of one line of text in any letters."""
    if value.isascii() and len(name) + len(value) + 2 <= _LONGEST and "=?" not in value:
        return plain(name, value)
    return plain(name, *_encoded(value))


def addresses(name: str, given: Sequence[str]) -> str:
    """Return a header of bare addresses."""
    return plain(name, *(f"{one}," for one in given[:-1]), given[-1])


@lru_cache(maxsize=_KEPT)
def mailbox(name: str, address: str, display_name: str) -> str:
    """Return a header of one address with the name of whose it is."""
    if display_name.isascii() and len(display_name) <= _LONGEST_PLAIN_NAME and "=?" not in display_name:
        return plain(name, str(Address(display_name, addr_spec=address)))
    return plain(name, *_encoded(display_name), f"<{address}>")


def _encoded(value: str) -> list[str]:
    chunks = [""]
    for letter in value:
        if len((chunks[-1] + letter).encode()) > _BYTES_OF_A_WORD:
            chunks.append("")
        chunks[-1] += letter
    return [f"=?utf-8?b?{b64encode(chunk.encode()).decode('ascii')}?=" for chunk in chunks]
