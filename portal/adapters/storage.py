"""Where photos live: a folder by default, any S3-compatible store by its address."""

import obstore
from obstore.exceptions import BaseError
from obstore.store import from_url


class StorageError(Exception):
    """The store did not keep or give what was asked: full, read-only, absent or out of reach."""


class Storage:
    """Bytes under a key. `url` is `file:///folder` or `s3://bucket/prefix` (credentials from AWS_*)."""

    def __init__(self, url: str):
        options = {"mkdir": True} if url.startswith("file:") else {}
        try:
            self._store = from_url(url, **options)
        except (BaseError, OSError) as error:
            raise StorageError(url) from error

    def put(self, key: str, data: bytes) -> None:
        try:
            obstore.put(self._store, key, data)
        except (BaseError, OSError) as error:
            raise StorageError(key) from error

    def get(self, key: str) -> bytes:
        """Return the bytes; raise StorageError where the key is unknown."""
        try:
            return obstore.get(self._store, key).bytes().to_bytes()
        except (BaseError, OSError) as error:
            raise StorageError(key) from error

    def delete(self, keys: list[str]) -> None:
        """Remove the keys; one that is already gone is no error."""
        for key in keys:
            try:
                obstore.delete(self._store, key)
            except FileNotFoundError:
                continue
            except (BaseError, OSError) as error:
                raise StorageError(key) from error
