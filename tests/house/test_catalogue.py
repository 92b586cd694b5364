"""Every sentence that a person sees is Vietnamese in the source and complete in English."""

import re
import subprocess
import sys
import unicodedata
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[2]
ENGLISH = ROOT / "translations" / "en" / "LC_MESSAGES" / "messages.po"
PLACEHOLDER = re.compile(r"%\(\w+\)s")
WORDS_IN_MARKUP = re.compile(r">[^<{]*[^\W\d_]{2,}[^<{]*<")
NOT_SPOKEN = r"{#.*?#}|{% block shape %}.*?{% endblock %}|{%.*?%}|<(svg).*?</\1>"
NAMES = {"English", "Tiếng Việt"}


def read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file)


def extracted(tmp_path: Path) -> Catalog:
    template = tmp_path / "messages.pot"
    command = [
        sys.executable,
        "-m",
        "babel.messages.frontend",
        "extract",
        "-F",
        "babel.cfg",
        "-k",
        "_l",
        "-o",
    ]
    subprocess.run([*command, template, "portal"], cwd=ROOT, check=True, capture_output=True)
    return read(template)


def test_english_is_complete(tmp_path: Path) -> None:
    english = {message.id: message for message in read(ENGLISH) if message.id}
    wanted = [message.id for message in extracted(tmp_path) if message.id]
    assert [key for key in wanted if key not in english] == [], "CONTRIBUTING.md says how to update it"
    for message in english.values():
        strings = message.string if isinstance(message.string, tuple) else (message.string,)
        assert all(strings) and not message.fuzzy, f"untranslated: {message.id}"


def test_translations_keep_their_placeholders() -> None:
    for message in read(ENGLISH):
        if message.id:
            keys = message.id if isinstance(message.id, tuple) else (message.id,)
            strings = message.string if isinstance(message.string, tuple) else (message.string,)
            wanted = set(PLACEHOLDER.findall(keys[-1]))
            assert all(set(PLACEHOLDER.findall(string)) == wanted for string in strings), keys[0]


def test_source_text_is_nfc() -> None:
    for folder, pattern in (
        ("portal", "*.py"),
        ("portal", "*.html"),
        ("portal", "*.csv"),
        ("translations", "*.po"),
    ):
        for path in (ROOT / folder).rglob(pattern):
            content = path.read_text(encoding="utf-8")
            assert unicodedata.is_normalized("NFC", content), path


def test_no_template_speaks_past_the_catalogue() -> None:
    for path in (ROOT / "portal" / "templates").rglob("*.html"):
        content = path.read_text(encoding="utf-8")
        content = re.sub(NOT_SPOKEN, "", content, flags=re.DOTALL)
        spoken = {match.strip("<> \n") for match in WORDS_IN_MARKUP.findall(content)} - NAMES
        assert not spoken, f"{path}: {spoken}"
