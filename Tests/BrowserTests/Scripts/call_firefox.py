# SPDX-License-Identifier: Apache-2.0
"""Firefox publishes by WHIP and plays by WHEP: pictures that carry their own time arrive."""

import json
import pathlib
import sys
import time

import kit
from firefox import Firefox
from studio import Studio, until

SCRIPT = (pathlib.Path(__file__).parent / "calls.js").read_text()


def load(firefox, studio):
    """A window of the studio's own origin, with what calls need."""
    window = firefox.window(studio.address + "/healthz")
    code = "const tag = document.createElement('script'); tag.textContent = given[0]; document.head.append(tag);"
    firefox.run(window, code, SCRIPT)
    return window


def main():
    # Firefox has no way to 127.0.0.1: it calls from this machine's own address to the same.
    studio, firefox = Studio("0.0.0.0"), Firefox()
    try:
        print("Firefox", firefox.version)
        publisher, viewer = load(firefox, studio), load(firefox, studio)
        code = """const stream = window.eval("clockCamera(640, 360, 15)");
          stream.addTrack(window.eval("tone()").getTracks()[0]);
          window.call_ = await window.eval("publish")(given[0], stream, {});"""
        firefox.run(publisher, code, studio.address + "/whip/hall")
        began = time.monotonic()
        firefox.run(viewer, "window.call_ = await play(given[0]);", studio.address + "/whep/hall")
        picture = "return readClock(call_.video);"

        def shown():
            # A window that is not in front rests: they take turns.
            firefox.run(publisher, "return figures(call_);")
            return firefox.run(viewer, picture)

        until(shown, 15, "a first picture in Firefox")
        print(f"the first picture came after {time.monotonic() - began:.2f} s")
        end = time.monotonic() + 5
        while time.monotonic() < end:
            time.sleep(0.3)
            found = shown()
        figures = firefox.run(viewer, "return figures(call_);")
        print(found, json.dumps(figures))
        firefox.shot(viewer, kit.OUT / "firefox.png")
        if not found or found["late"] > 3_000 or figures["inbound video"]["frames"] < 30:
            sys.exit("too few pictures, or too late")
        if figures["inbound audio"]["packets"] < 100:
            sys.exit("too little sound")
        firefox.run(publisher, "window.tags = await restart(call_);")
        time.sleep(2)
        after = firefox.run(viewer, picture)
        if not after or after["late"] > 3_000:
            sys.exit(f"the picture did not stay after a restart of ICE: {after}")
        print("a restart of ICE kept the picture")
    finally:
        firefox.close()
        studio.close()


main()
