"""A rendered message → the body of its mail with the headers that describe it: text beside HTML, pictures, attached files.

Each part is made as it leaves, in bytes that every server carries; what is attached to many mails is made once.
"""

import hashlib
import re
from base64 import encodebytes
from binascii import b2a_qp
from email.message import MIMEPart
from email.policy import SMTP
from functools import lru_cache
from pathlib import Path

from batch.core.problem import RelanceError, Source
from batch.core.records import Attachment, Image, Message

# C0 and C1 controls, line and paragraph separators, half characters, and marks that turn the reading direction.
_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufeff]")
_UNSAFE_IN_TEXT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")


def one_line(text: str) -> str:
    """Return a text as a header or a file's name may hold it."""
    return _UNSAFE.sub(" ", text.replace("\r\n", "\n")).strip()


def body(message: Message) -> bytes:
    """Return the body as it leaves; RelanceError ATTACHMENT-CHANGED when a file is no longer the one that was shown."""
    whole = _text("plain", message.text)
    if message.html:
        html = _text("html", message.html)
        if message.images:
            html = _several("related", [html, *map(_picture, message.images)], '; type="text/html"')
        whole = _several("alternative", [whole, html])
    if message.attachments:
        whole = _several("mixed", [whole, *map(_file, message.attachments)])
    return whole


def _several(kind: str, parts: list[bytes], also: str = "") -> bytes:
    # Neither quoted-printable nor base64 ever holds "=_".
    mark = f"=_{kind}"
    between = f"\r\n--{mark}\r\n".encode("ascii")
    head = f'Content-Type: multipart/{kind}; boundary="{mark}"{also}\r\n\r\n--{mark}\r\n'.encode("ascii")
    return b"".join([head, between.join(parts), f"\r\n--{mark}--\r\n".encode("ascii")])


def _text(kind: str, text: str) -> bytes:
    lines = _UNSAFE_IN_TEXT.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    ended = lines if lines.endswith("\n") else f"{lines}\n"
    head = f'Content-Type: text/{kind}; charset="utf-8"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n'
    return head.encode("ascii") + b2a_qp(ended.replace("\n", "\r\n").encode())


def _picture(image: Image) -> bytes:
    head = (
        f"Content-Type: {image.kind}\r\nContent-Transfer-Encoding: base64\r\n"
        f"Content-Disposition: inline\r\nContent-ID: <{image.cid}>\r\n\r\n"
    )
    return head.encode("ascii") + encodebytes(image.content).replace(b"\n", b"\r\n")


@lru_cache(maxsize=4)  # the terms of sale go out with every mail
def _file(file: Attachment) -> bytes:
    try:
        content = Path(file.path).read_bytes()
    except OSError:
        content = b""
    if hashlib.sha256(content).hexdigest() != file.sha256:
        raise RelanceError("ATTACHMENT-CHANGED", Source(file=file.name), name=file.name)
    main, _, sub = file.kind.partition("/")
    part = MIMEPart(policy=SMTP)
    part.set_content(content, main, sub, disposition="attachment", filename=one_line(file.name))
    return part.as_bytes()
