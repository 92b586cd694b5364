"""Reading a form of the administrator's door as a browser would."""

import re
from html import unescape
from typing import Any


def typed(page: str) -> dict[str, Any]:
    """What the form on the page would send as it stands; a list for the ticked boxes of one name."""
    form = re.search(r'<form class="stack" method="post".*?</form>', page, re.S)
    assert form
    fields: dict[str, Any] = {}
    for tag in re.findall(r"<input[^>]*>", form[0]):
        said = {name: unescape(value) for name, value in re.findall(r'([\w-]+)="([^"]*)"', tag)}
        if said["type"] not in ("checkbox", "radio") or re.search(r"\bchecked\b", tag):
            name, value = said["name"], said["value"]
            fields[name] = [*fields.get(name, []), value] if _is_one_of_several(form[0], name) else value
    for name, words in re.findall(r'<textarea[^>]*name="(\w+)"[^>]*>(.*?)</textarea>', form[0], re.S):
        fields[name] = unescape(words).strip()
    for name, options in re.findall(r'<select[^>]*name="(\w+)"[^>]*>(.*?)</select>', form[0], re.S):
        chosen = re.search(r'<option selected value="([^"]*)"', options)
        fields[name] = chosen[1] if chosen else ""
    return fields


def _is_one_of_several(form: str, name: str) -> bool:
    return len(re.findall(rf'<input[^>]*name="{name}"[^>]*type="checkbox"', form)) > 1


def error_at(page: str, field: str) -> str:
    """The sentence at a field, '' where there is none."""
    found = re.search(rf'id="{field}-error">\s*<p><strong>Lỗi:</strong> (.*?)</p>', page)
    return unescape(found[1]) if found else ""
