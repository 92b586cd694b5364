"""Words that only the keys of the configuration open: sealed for storing, and a blind index for finding them again.

The index is made with a key of its own, so new encryption keys leave it as it is (docs/adr/0020).
"""

import hmac
import unicodedata
from collections.abc import Callable, Sequence
from hashlib import sha256

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from portal.core import phones

INDEX_CHARACTERS = 32  # 128 bits: two people of a province never share one


class Unsealable(Exception):
    """None of the keys opens it: one was taken away too early, or the words were changed in the database."""


class Vault:
    """`keys` are Fernet keys, newest first: the first one seals, all of them open. `index_key` is any long secret."""

    def __init__(self, keys: Sequence[str], index_key: str):
        self._singles = [Fernet(key) for key in keys]
        self._all = MultiFernet(self._singles)
        derive = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"portal blind index")
        self._index_key = derive.derive(index_key.encode())

    def seal(self, words: str) -> str:
        """Sealed words, other ones each time. Nothing ('') stays nothing: a column says whether it holds any."""
        return self._all.encrypt(words.encode()).decode() if words else ""

    def unseal(self, sealed: str) -> str:
        """What `seal` was given. Raises Unsealable."""
        return self._opened(self._all.decrypt, sealed)

    def reseal(self, sealed: str) -> str:
        """The same words under the newest key. Raises Unsealable."""
        return self._opened(self._all.rotate, sealed)

    def key_of(self, sealed: str) -> int | None:
        """Which key opens it, 0 the newest; None where none does."""
        for number, key in enumerate(self._singles):
            try:
                key.decrypt(sealed)
            except InvalidToken:
                continue
            return number
        return None

    def index(self, kind: str, value: str) -> str:
        """The same for the same value of this kind ('phone' as core.phones reads it, 'email'), and tells nothing of it.

        Nothing ('') has none. Raises ValueError for what is no phone number.
        """
        if not value:
            return ""
        said = f"{kind}\0{NORMAL.get(kind, str)(value)}"
        return hmac.new(self._index_key, said.encode(), sha256).hexdigest()[:INDEX_CHARACTERS]

    @staticmethod
    def _opened(way: Callable[[str], bytes], sealed: str) -> str:
        try:
            return way(sealed).decode() if sealed else ""
        except InvalidToken as error:
            raise Unsealable from error


def _email(value: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", value).casefold()).strip()


NORMAL: dict[str, Callable[[str], str]] = {"phone": phones.parse, "email": _email}
