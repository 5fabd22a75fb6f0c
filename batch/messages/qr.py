"""A transfer → the code that telephone banking reads: the European guideline EPC069-12, version 002, as a small PNG image.

segno makes the code; its own helper for such codes looks at neither amounts' bounds nor line breaks and tries all eight masks,
which takes four times as long for the same reading.
"""

import hashlib
import struct
import zlib

import numpy as np

from batch.core.records import Image
from batch.messages.transfer import Transfer

SMALLEST, LARGEST = 1, 99_999_999_999  # cents: 0.01 to 999,999,999.99
LONGEST_PAYEE = 70
LARGEST_VERSION = 13  # more than 331 bytes are no such code
DOT, MARGIN = 4, 4  # pixels to a dot, dots of white around
MASK = 0  # any of the eight can be read


def qr_code(transfer: Transfer) -> Image | None:
    """Return the code; None where there can be none: another currency than the euro, no IBAN or payee, an amount out of bounds."""
    payable = transfer.currency == "EUR" and SMALLEST <= transfer.amount <= LARGEST
    if not (payable and transfer.iban and transfer.payee):
        return None
    import segno  # noqa: PLC0415  not needed by those who show no code

    content = epc_text(transfer)
    try:
        code = segno.make_qr(content, error="m", boost_error=False, encoding="utf-8", mask=MASK)
    except segno.DataOverflowError:
        return None
    if int(code.version) > LARGEST_VERSION:
        return None
    name = hashlib.sha256(content.encode()).hexdigest()[:16]
    return Image(f"{name}@relance.invalid", "image/png", png(np.array(code.matrix, dtype=np.uint8)))


def epc_text(transfer: Transfer) -> str:
    """Return the lines that the code holds; the texts of a transfer have no line breaks."""
    euros, cents = divmod(transfer.amount, 100)
    lines = (
        "BCD", "002", "1", "SCT",  # 1: UTF-8
        transfer.bic, transfer.payee[:LONGEST_PAYEE].strip(), transfer.iban, f"EUR{euros}.{cents:02}",
        "", "",  # purpose and structured reference
        transfer.reference,
    )  # fmt: skip
    return "\n".join(lines)


def png(dots: np.ndarray) -> bytes:
    """Return an image of two colours, each dot (1 = black) some pixels wide, with its white margin."""
    black = np.pad(dots, MARGIN).repeat(DOT, axis=0).repeat(DOT, axis=1)
    height, width = black.shape
    rows = np.packbits(1 - black, axis=1)
    lines = np.pad(rows, ((0, 0), (1, 0))).tobytes()  # each begins with the number of its filter: none
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(lines, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )
