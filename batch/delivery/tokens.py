"""A mail account without password → the access token that it logs in with instead, fetched anew before it ends.

Google: the file that yagmail keeps (oauth2_file) and its refresh. Microsoft 365: msal, as an application with its secret, or for a
person who signed in once (`relance doctor --sign-in`) and whose leave is kept in a file that only its owner may read.
"""

import json
import os
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from batch.core.problem import RelanceError, Source

if TYPE_CHECKING:
    import msal

APPLICATION_SCOPE = "https://outlook.office365.com/.default"
PERSON_SCOPE = "https://outlook.office.com/SMTP.Send"
_SECONDS_BEFORE_THE_END = 60
_GOOGLE_KEYS = ("google_client_id", "google_client_secret", "google_refresh_token")
_OWNER_ONLY = 0o600
_LONGEST_REASON = 300


class Token(NamedTuple):
    """An access token and the moment, in seconds of `time.time`, at which it ends."""

    value: str
    ends: float


class Bearer:
    """Whoever may speak for an account: gives a token that is still good."""

    def __init__(self, fetch: Callable[[], Token]) -> None:
        """Take how a token is fetched; none is fetched yet. `fetch` raises RelanceError, OAUTH and a reason."""
        self._fetch = fetch
        self._token: Token | None = None

    def value(self) -> str:
        """Return a token that is good for another minute at least."""
        if self._token is None or self.ended:
            self._token = self._fetch()
        return self._token.value

    @property
    def ended(self) -> bool:
        """Say whether the token that was given last ends within a minute."""
        return self._token is not None and time.time() > self._token.ends - _SECONDS_BEFORE_THE_END


@dataclass(frozen=True)
class Microsoft:
    """An application registered with Microsoft Entra: without secret, a person signs in once."""

    authority: str  # https://login.microsoftonline.com/<tenant>
    client_id: str
    secret: str = field(repr=False)
    cache: Path  # what a signed-in person allowed
    user: str

    def token(self) -> Token:
        """Fetch a token; raises RelanceError OAUTH-NOT-INSTALLED, OAUTH-SIGN-IN or OAUTH-REFUSED."""
        if self.secret:
            return self._read(self._ask(lambda application: application.acquire_token_for_client([APPLICATION_SCOPE])))

        def silently(application: "msal.ClientApplication") -> Any:  # noqa: ANN401  msal's own dictionary
            accounts = application.get_accounts(username=self.user) or application.get_accounts()
            return application.acquire_token_silent([PERSON_SCOPE], accounts[0]) if accounts else None

        answer = self._ask(silently)
        if not answer:
            raise RelanceError("OAUTH-SIGN-IN", user=self.user, reason="no token in the cache")
        return self._read(answer)

    def sign_in(self, tell: Callable[[str], None]) -> None:
        """Let a person sign in on a page of Microsoft's; `tell` is given what to do, in Microsoft's words."""

        def by_code(application: "msal.PublicClientApplication") -> Any:  # noqa: ANN401  msal's own dictionary
            flow = application.initiate_device_flow([PERSON_SCOPE])
            if "user_code" not in flow:
                return flow
            tell(str(flow["message"]))
            return application.acquire_token_by_device_flow(flow)

        self._read(self._ask(by_code))

    def _ask(self, ask: Callable[[Any], Any]) -> Any:  # noqa: ANN401  msal's own dictionary
        try:
            import msal  # noqa: PLC0415  an extra, and half a second
        except ImportError as error:
            raise RelanceError("OAUTH-NOT-INSTALLED") from error
        cache = msal.SerializableTokenCache()
        with suppress(OSError, ValueError):
            cache.deserialize(self.cache.read_text(encoding="utf-8"))
        known = {"authority": self.authority, "token_cache": cache, "instance_discovery": False}
        try:
            answer = ask(
                msal.ConfidentialClientApplication(self.client_id, client_credential=self.secret, **known)
                if self.secret
                else msal.PublicClientApplication(self.client_id, **known)
            )
        except (OSError, ValueError) as error:  # requests' errors are OSErrors; a wrong authority is a ValueError
            raise self._refused(type(error).__name__) from None
        if cache.has_state_changed and not self.secret:
            self._remember(cache.serialize())
        return answer

    def _read(self, answer: Mapping[str, Any]) -> Token:
        if "access_token" not in answer:
            raise self._refused(str(answer.get("error_description") or answer.get("error") or "?"))
        return Token(str(answer["access_token"]), time.time() + int(answer.get("expires_in", 0)))

    def _refused(self, reason: str) -> RelanceError:
        return RelanceError("OAUTH-REFUSED", user=self.user, reason=" ".join(reason.split())[:_LONGEST_REASON])

    def _remember(self, written: str) -> None:
        beside = self.cache.with_name(f".{self.cache.name}.part")
        try:
            beside.unlink(missing_ok=True)
            handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ONLY)
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(written)
            beside.replace(self.cache)
        except OSError as error:
            reason = error.strerror or str(error)
            raise RelanceError("OAUTH-FILE", Source(file=str(self.cache)), reason=reason) from error


def google(file: Path, user: str) -> Token:
    """Fetch a token with the file that yagmail made; raises RelanceError OAUTH-FILE or OAUTH-REFUSED."""
    import yagmail.oauth2  # noqa: PLC0415  only for such accounts

    try:
        kept = json.loads(file.read_text(encoding="utf-8"))
        known = [str(kept[name]) for name in _GOOGLE_KEYS]
    except (OSError, ValueError, KeyError, TypeError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or type(error).__name__
        raise RelanceError("OAUTH-FILE", Source(file=str(file)), reason=reason) from None
    try:
        value, seconds = yagmail.oauth2.refresh_authorization(*known)
    except (OSError, ValueError, KeyError) as error:
        raise RelanceError("OAUTH-REFUSED", user=user, reason=str(error)[:_LONGEST_REASON]) from None
    return Token(str(value), time.time() + int(seconds))
