"""The same store by configuration: a folder, and a real S3 server on the loopback interface."""

from collections.abc import Iterator
from pathlib import Path
from urllib.request import Request, urlopen

import pytest
from moto.server import ThreadedMotoServer

from portal.adapters.storage import Storage, StorageError


@pytest.fixture(scope="module")
def s3_server() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    address = f"http://{host}:{port}"
    with urlopen(Request(f"{address}/photos", method="PUT")) as answer:
        assert answer.status == 200
    yield address
    server.stop()


@pytest.fixture(params=["folder", "s3"])
def storage(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Storage:
    if request.param == "folder":
        return Storage(f"file://{tmp_path}/photos")
    settings = {
        "AWS_ENDPOINT": request.getfixturevalue("s3_server"),
        "AWS_ALLOW_HTTP": "true",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_REGION": "us-east-1",
    }
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    return Storage("s3://photos/portal")


def test_what_is_put_is_given_back_until_it_is_deleted(storage: Storage) -> None:
    storage.put("ab/abc-small.webp", b"one")
    storage.put("ab/abc-small.webp", b"two")
    assert storage.get("ab/abc-small.webp") == b"two"
    storage.delete(["ab/abc-small.webp", "ab/never-there.webp"])
    with pytest.raises(StorageError):
        storage.get("ab/abc-small.webp")


@pytest.mark.parametrize("key", ["../outside", "ab/../../outside", "/etc/passwd"])
def test_no_key_leads_out_of_the_store(tmp_path: Path, key: str) -> None:
    storage = Storage(f"file://{tmp_path}/photos")
    (tmp_path / "outside").write_bytes(b"private")
    with pytest.raises((StorageError, ValueError)):
        storage.get(key)


def test_a_store_that_cannot_write_says_so(tmp_path: Path) -> None:
    storage = Storage(f"file://{tmp_path}/photos")
    (tmp_path / "photos" / "ab").write_bytes(b"a file where a folder should be")
    with pytest.raises(StorageError):
        storage.put("ab/abc-small.webp", b"one")
