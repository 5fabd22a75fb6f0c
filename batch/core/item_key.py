"""What names an item → the parts of its key, debtor|kind|number|due|occurrence, none of them too long."""

import hashlib
from collections.abc import Sequence

LONGEST_KEY_PART = 200  # characters
_MARK = 32  # digits of a digest


def key_parts(texts: Sequence[str]) -> Sequence[str]:
    """Return texts as parts of an item's key: a very long one keeps its beginning and ends with its digest.

    A server's index refuses keys of more than about 2,700 bytes; two parts of at most 200 characters stay below in any script.
    """
    if max(map(len, texts), default=0) <= LONGEST_KEY_PART:
        return texts
    return [text if len(text) <= LONGEST_KEY_PART else _shortened(text) for text in texts]


def _shortened(text: str) -> str:
    mark = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:_MARK]
    return f"{text[: LONGEST_KEY_PART - _MARK - 1]}~{mark}"
