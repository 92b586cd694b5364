"""Documents are refused for what they could do, and the same things said in other ways."""

import pytest

from portal.adapters import documents
from portal.core.errors import BadDocument
from tests.photographs import pdf

ACTION = b"4 0 << /S /JavaScript /JS (app.alert(1)) >>"


def test_an_honest_document_passes() -> None:
    documents.check(pdf())
    documents.check(pdf("/OpenAction [2 0 R /Fit] /JSONLike 1", packed=b"4 0 << /Type /Page >>"))


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "format"),
        (b"<html>%PDF-1.7", "format"),
        (b"\xff\xd8\xff\xe0 JFIF", "format"),
        (b"%PDF-1.7\n" + b"0" * documents.MOST_BYTES, "large"),
        (pdf()[:-40], "broken"),
        (pdf("/Encrypt 9 0 R"), "locked"),
        (pdf("/OpenAction << /S /JavaScript /JS (app.alert(1)) >>"), "active"),
        (pdf("/OpenAction << /S /J#61vaScript >>"), "active"),
        (pdf("/OpenAction << /S /Launch /F (cmd.exe) >>"), "active"),
        (pdf("/Names << /EmbeddedFiles 5 0 R >>"), "active"),
        (pdf("/AcroForm << /XFA 5 0 R >>"), "active"),
        (pdf(packed=ACTION), "active"),
        (pdf(packed=ACTION.replace(b"JavaScript", b"#4aavaScript").replace(b"/JS ", b"/#4A#53 ")), "active"),
        (pdf(packed=b"4 0 << >>", filters="[/ASCII85Decode /FlateDecode]"), "active"),
        (pdf(packed=b"\0" * (documents.MOST_UNPACKED + 1)), "broken"),
        (pdf(packed=ACTION).replace(b"\nstream\r\n", b"\nstream\r\nx"), "broken"),
    ],
    ids=range(16),
)
def test_what_is_no_document_or_more_than_one_is_refused(raw: bytes, reason: str) -> None:
    with pytest.raises(BadDocument) as refused:
        documents.check(raw)
    assert refused.value.details["reason"] == reason
