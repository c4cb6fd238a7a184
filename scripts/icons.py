# SPDX-License-Identifier: Apache-2.0
"""Draws the icons of the installed web app from Sources/Pages/Styles/icon.svg, with Debian's chromium.

usage: .venv/bin/python scripts/icons.py
They are kept as base64 text, because what is embedded in the program is text.
"""
import base64
import pathlib

from playwright.sync_api import sync_playwright

root = pathlib.Path(__file__).resolve().parent.parent / "Sources" / "Pages"
mark = (root / "Styles" / "icon.svg").read_text(encoding="utf-8")
# A maskable icon fills its square; what matters lies in the middle four fifths (W3C Web Application Manifest).
square = mark.replace('rx="15" ', "")
# A badge is only its shape: Android paints it in one colour.
badge = mark.replace('<rect width="64" height="64" rx="15" fill="#1d4f5c"/>', "").replace("#f0c465", "#fff")
drawings = {
    "icon-192": (192, mark, "transparent"),
    "icon-512": (512, mark, "transparent"),
    "maskable-512": (512, square, "#1d4f5c"),
    "touch-180": (180, square, "#1d4f5c"),
    "badge-96": (96, badge, "transparent"),
}

with sync_playwright() as play:
    browser = play.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
    for name, (side, drawing, ground) in drawings.items():
        page = browser.new_page(viewport={"width": side, "height": side})
        page.set_content(
            f'<body style="margin:0;background:{ground}"><img width="{side}" height="{side}" '
            f'src="data:image/svg+xml;base64,{base64.b64encode(drawing.encode()).decode()}">')
        picture = page.screenshot(omit_background=True)
        (root / "Icons" / f"{name}.png.base64").write_bytes(base64.encodebytes(picture).rstrip() + b"\n")
        print(f"{name}: {len(picture)} bytes")
        page.close()
    browser.close()
