"""What a resident fills in, and how the answer is read."""

from html import unescape
from io import BytesIO
from typing import Any

from flask.testing import FlaskClient
from PIL import Image
from werkzeug.test import TestResponse

DONG_HA = {"latitude": "16.816600", "longitude": "107.100300"}
FILLED = {
    "category": "den_duong",
    "description": "Đèn đường trước chợ tắt ba đêm nay, tối thui",
    "area": "19333",
    "place": "Trước chợ Đông Hà",
    "client_key": "b7d9b0a2-may-cua-lan",
}


def send(client: FlaskClient, *files: tuple[bytes, str], **changes: Any) -> TestResponse:
    """Send the filled form with these changes (None leaves the field out) and these files."""
    data = {name: value for name, value in {**FILLED, **changes}.items() if value is not None}
    if files:
        data["photos"] = [(BytesIO(raw), name) for raw, name in files]
    answer = client.post("/phan-anh/moi", data=data, content_type="multipart/form-data")
    answer.request.environ["wsgi.input"].close()
    return answer


def page(answer: TestResponse) -> str:
    """The page's text as a person reads it."""
    return unescape(answer.text)


def error_at(answer: TestResponse, field: str) -> str:
    """The sentences that stand at this field, '' where there are none."""
    _before, found, after = page(answer).partition(f'id="{field}-error"')
    return after.partition("</div>")[0] if found else ""


def picture(colour: str = "teal", size: tuple[int, int] = (640, 480), kind: str = "JPEG") -> bytes:
    out = BytesIO()
    Image.new("RGB", size, colour).save(out, kind)
    return out.getvalue()
