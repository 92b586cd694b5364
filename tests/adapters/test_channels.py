"""A letter has one reader and one subject, whatever stands in its address and words."""

import pytest

from portal.adapters.channels import Refused, letter


def test_a_letter_has_its_subject_and_its_words() -> None:
    mail = letter("lan@example.vn", "Phản ánh QT-2611-04F7-K\n\nĐã xử lý xong.\nCảm ơn bạn.")
    assert (mail["To"], mail["Subject"]) == ("lan@example.vn", "Phản ánh QT-2611-04F7-K")
    assert mail.get_content() == "Đã xử lý xong.\nCảm ơn bạn.\n"


@pytest.mark.parametrize(
    "address",
    [
        "lan@example.vn\r\nBcc: all@example.org",
        "lan@example.vn, all@example.org",
        "lan@example.vn;all@example.org",
        "Lan <lan@example.vn>",
        "lan@example.vn\x00",
        "lan",
        "",
    ],
)
def test_an_address_that_is_more_than_one_is_refused(address: str) -> None:
    with pytest.raises(Refused):
        letter(address, "Chào bạn")


def test_a_subject_cannot_become_another_header() -> None:
    mail = letter("lan@example.vn", "Chào\rBcc: all@example.org\u2028X: y\n\nChào bạn")
    assert mail["Bcc"] is None and mail["Subject"] == "Chào Bcc: all@example.org X: y"
    assert set(mail.keys()) == {"To", "Subject", "MIME-Version", "Content-Type", "Content-Transfer-Encoding"}
