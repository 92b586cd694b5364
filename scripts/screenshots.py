"""The two pictures of README.md: `make run` in one terminal, `.venv/bin/python -m scripts.screenshots` in another.

Needs Chromium and the packages of `make test`. An argument names another address than http://127.0.0.1:5000.
"""

import shutil
import sys
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from portal.services.demonstration import SIGN_INS

FOLDER = Path(__file__).parents[1] / "docs" / "img"
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
MOST_BYTES = 150_000


def main() -> int:
    """Write docs/img/phone.webp and docs/img/desktop.webp; return the exit status."""
    address = sys.argv[1].rstrip("/") if len(sys.argv) > 1 else "http://127.0.0.1:5000"
    path = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if path is None:
        print("Chromium is not installed: apt install chromium", file=sys.stderr)
        return 1
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        keep(home(browser, address), "phone")
        keep(ticket(browser, address), "desktop")
        browser.close()
    return 0


def home(browser: Browser, address: str) -> bytes:
    """The first page on a phone of 360 × 740 points, twice as sharp."""
    page = browser.new_page(viewport={"width": 360, "height": 740}, device_scale_factor=2)
    page.goto(f"{address}/")
    return shot(page)


def ticket(browser: Browser, address: str) -> bytes:
    """The first ticket with a photo in the inbox of the demonstration's first officer, at 1280 × 800."""
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.goto(f"{address}/can-bo/")
    page.fill("[name=username]", SIGN_INS[0].username)
    page.fill("[name=password]", SIGN_INS[0].password)
    page.click("main [type=submit]")
    page.click("li:has(img) a[href*='/can-bo/phan-anh/']")
    return shot(page)


def shot(page: Page) -> bytes:
    page.wait_for_load_state("networkidle")
    return page.screenshot()


def keep(picture: bytes, name: str) -> None:
    path = FOLDER / f"{name}.webp"
    Image.open(BytesIO(picture)).save(path, "WEBP", quality=85, method=6)
    size = path.stat().st_size
    print(f"{path.relative_to(FOLDER.parents[1])}: {size:,} bytes")
    if size > MOST_BYTES:
        raise ValueError(f"{path.name} is larger than {MOST_BYTES:,} bytes")


if __name__ == "__main__":
    sys.exit(main())
