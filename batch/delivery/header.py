"""What a mail's headers say → their lines as they leave: ASCII, short, ended by CRLF.

Written here and not by the standard library: it breaks ids that are longer than a line, takes the quotes off a long name with
commas, and takes longer over the headers of a mail than sending it takes.
"""

import re
from base64 import b64encode
from collections.abc import Iterator, Sequence
from email.headerregistry import Address
from functools import lru_cache
from itertools import groupby
from textwrap import wrap

_END = "\r\n"
_LONGEST = 78
_LONGEST_PLAIN_NAME = 50
_BYTES_OF_A_WORD = 39  # RFC 2047: an encoded word has at most 75 characters, its line 76
_ATOM = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]{1,60}")
_LONGEST_LINE_OF_ATOMS = 66  # after “Reply-To: ”
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
    """Return a header of one address with the name of whose it is; several spaces in a row count as one, as readers show them."""
    shown = re.sub(" +", " ", display_name)
    if shown.isascii() and len(shown) <= _LONGEST_PLAIN_NAME and "=?" not in shown:
        return plain(name, str(Address(shown, addr_spec=address)))
    return plain(name, *_phrase(shown), f"<{address}>")


def _phrase(shown: str) -> Iterator[str]:
    """Yield the lines of a name that must be encoded.

    Some readers, Python's among them, show a space between two encoded words of a name, where RFC 2047 (6.2) has none. So a name that
    is too long for one encoded word has only the words encoded that must be, and those together that stand together: between an
    encoded word and a plain one every reader shows the space that is there.
    """
    if _fits(shown):
        yield from _encoded(shown)
        return
    for as_it_is, words in groupby(shown.split(" "), key=lambda word: bool(_ATOM.fullmatch(word)) and "=?" not in word):
        if as_it_is:
            yield from wrap(" ".join(words), _LONGEST_LINE_OF_ATOMS, break_long_words=False, break_on_hyphens=False)
        else:
            yield from _encoded_by_words(list(words))


def _encoded_by_words(words: Sequence[str]) -> Iterator[str]:
    """Yield encoded words that are cut between words where they can be; the space belongs to the one before it."""
    together = ""
    for word, end in zip(words, [" "] * (len(words) - 1) + [""], strict=True):
        if together and not _fits(together + word + end):
            yield from _encoded(together)
            together = ""
        together += word + end
    yield from _encoded(together)


def _fits(text: str) -> bool:
    return len(text.encode()) <= _BYTES_OF_A_WORD


def _encoded(value: str) -> list[str]:
    chunks = [""]
    for letter in value:
        if not _fits(chunks[-1] + letter):
            chunks.append("")
        chunks[-1] += letter
    return [f"=?utf-8?b?{b64encode(chunk.encode()).decode('ascii')}?=" for chunk in chunks]
