"""The bank account that customers pay into → its IBAN and BIC in their plain form, or what is wrong with them.

The check digits and lengths are schwifty's (the IBAN registry); it takes a tenth of a second to load and is needed only where
an account is given.
"""

from pydantic_core import PydanticCustomError

# IBAN's country → other countries whose banks' codes go with it.
_SHARED = {
    "FR": ("BL", "GF", "GP", "MC", "MF", "MQ", "NC", "PF", "PM", "RE", "TF", "WF", "YT"),
    "MC": ("FR",),
    "GB": ("GG", "IM", "JE"),
}


def iban(written: str) -> str:
    """Return the IBAN without spaces, "" when none is given; refuses a wrong one, naming country, length, check digits or form."""
    plain = "".join(written.split()).upper()
    if not plain:
        return ""
    from schwifty import IBAN, exceptions  # noqa: PLC0415  a tenth of a second

    try:
        return str(IBAN(plain))
    except exceptions.InvalidCountryCode:
        raise _refused("iban-country", country=plain[:2]) from None
    except exceptions.InvalidLength:
        known = IBAN(plain, allow_invalid=True).spec.iban_length
        raise _refused("iban-length", country=plain[:2], n=known, have=len(plain)) from None
    except exceptions.InvalidChecksumDigits:
        raise _refused("iban-checksum") from None
    except exceptions.SchwiftyException:
        raise _refused("iban") from None


def bic(written: str) -> str:
    """Return the BIC without spaces, "" when none is given; refuses one of another form or of no country."""
    plain = "".join(written.split()).upper()
    if not plain:
        return ""
    from schwifty import BIC, exceptions  # noqa: PLC0415  as above

    try:
        return str(BIC(plain))
    except exceptions.SchwiftyException:
        raise _refused("bic") from None


def refuse_strangers(iban: str, bic: str) -> None:
    """Refuse a BIC of another country than the IBAN: one of the two is mistyped."""
    here, there = iban[:2], bic[4:6]
    if iban and bic and there != here and there not in _SHARED.get(here, ()):
        raise _refused("bic-country", below=("bic",), country=here)


def _refused(expected: str, below: tuple[str, ...] = (), **facts: object) -> PydanticCustomError:
    return PydanticCustomError("shape", "not an account", {"expected": expected, "facts": facts, "below": below})
