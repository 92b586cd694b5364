"""Reading a form of the administrator's door as a browser would."""

import re
from html import unescape


def typed(page: str) -> dict[str, str]:
    """What the form on the page would send as it stands."""
    form = re.search(r'<form class="stack" method="post".*?</form>', page, re.S)
    assert form
    fields: dict[str, str] = {}
    for tag in re.findall(r"<input[^>]*>", form[0]):
        said = {name: unescape(value) for name, value in re.findall(r'([\w-]+)="([^"]*)"', tag)}
        if said["type"] not in ("checkbox", "radio") or re.search(r"\bchecked\b", tag):
            fields[said["name"]] = said["value"]
    for name, words in re.findall(r'<textarea[^>]*name="(\w+)"[^>]*>(.*?)</textarea>', form[0], re.S):
        fields[name] = unescape(words).strip()
    for name, options in re.findall(r'<select[^>]*name="(\w+)"[^>]*>(.*?)</select>', form[0], re.S):
        chosen = re.search(r'<option selected value="([^"]*)"', options)
        fields[name] = chosen[1] if chosen else ""
    return fields


def error_at(page: str, field: str) -> str:
    """The sentence at a field, '' where there is none."""
    found = re.search(rf'id="{field}-error">\s*<p><strong>Lỗi:</strong> (.*?)</p>', page)
    return unescape(found[1]) if found else ""
