# SPDX-License-Identifier: Apache-2.0
"""What pages that call need, whatever they call."""

import pathlib

FLAGS = [
    "--no-sandbox",
    "--autoplay-policy=no-user-gesture-required",
    "--allow-loopback-in-peer-connection",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]
SCRIPT = (pathlib.Path(__file__).parent / "calls.js").read_text()


def page(chromium, studio):
    """A page of the studio's own origin, with what calls need."""
    new = chromium.new_page(viewport={"width": 800, "height": 480})
    new.on("pageerror", lambda error: print("page:", error))
    new.goto(studio.address + "/healthz")
    new.add_script_tag(content=SCRIPT)
    return new
