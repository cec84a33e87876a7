"""Pictures of the main pages, from the samples, for the README.

    python docs/screenshots/take.py

Needs the program chromium and what ``make setup`` installs. The day that "còn N ngày" counts from is fixed, so that a
new picture differs only where the pages do.
"""

from __future__ import annotations

import io
import shutil
import socket
import sys
import tempfile
import threading
from pathlib import Path

import uvicorn
from PIL import Image
from playwright.sync_api import sync_playwright

from api.app import create_app
from api.workspace import Workspace

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent
WIDE, PHONE = (1366, 768), (390, 844)
CALL = "lam-son.ubnd/cv/2024/1286-th"
# name, address, size, element to bring to the top
PAGES = (
    ("tra-cuu", "/tim?q=phong+trao+thi+dua", WIDE, ""),
    ("van-ban", "/van-ban/lam-son.nam-khoa.ubnd/kh/2024/52", WIDE, ".split"),
    ("chuoi-trien-khai", "/trien-khai?number=17-CT/TU", WIDE, ""),
    ("ngay-ky-niem", "/ngay-ky-niem?ngay=2024-06-01", WIDE, ""),
    ("so-do", f"/do-thi?key={CALL}", WIDE, ""),
    ("dien-thoai", "/van-ban/lam-son.nam-khoa.ubnd/kh/2024/52", PHONE, ""),
)


def main() -> int:
    """Writes one PNG for each page beside this script."""
    chromium = shutil.which("chromium")
    if chromium is None:
        print("chromium is not installed", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as folder:
        workspace = Workspace(Path(folder) / "kg-data")
        workspace.ingest([ROOT / "samples" / "documents"])
        listener = socket.socket()
        listener.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(create_app(workspace.root), log_level="error", log_config=None))
        running = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        running.start()
        try:
            _take(chromium, f"http://127.0.0.1:{listener.getsockname()[1]}")
        finally:
            server.should_exit = True
            running.join()
    return 0


def _take(chromium: str, url: str) -> None:
    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        for name, path, (width, height), top in PAGES:
            page = browser.new_page(viewport={"width": width, "height": height})
            page.goto(f"{url}{path}", wait_until="networkidle")
            if top:
                page.locator(top).evaluate("(one) => scrollTo(0, one.getBoundingClientRect().top - 8)")
            page.wait_for_timeout(1200 if name == "so-do" else 200)
            picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
            picture.quantize(128, dither=Image.Dither.NONE).save(HERE / f"{name}.png", optimize=True)
            page.close()
            print(name, file=sys.stderr)
        browser.close()


if __name__ == "__main__":
    sys.exit(main())
