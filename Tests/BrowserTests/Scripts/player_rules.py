# SPDX-License-Identifier: Apache-2.0
"""Runs the rules of the watch page's pure modules (player_rules.js) in the browser that they are for."""

import http.server
import pathlib
import subprocess
import sys
import tempfile
import threading

import kit

HERE = pathlib.Path(__file__).resolve().parent
TREE = HERE.parent.parent.parent / "Sources/Wire"

PAGE = b"<!doctype html><html lang=en><title>rules</title><link rel=icon href='data:,'><p>rules</p></html>"
RUN = """async () => {
    const { rules } = await import("/player_rules.js");
    const failures = [];
    for (const [name, rule] of Object.entries(rules)) {
        try { await rule(); } catch (error) { failures.push(`${name}: ${error.stack ?? error}`); }
    }
    return [Object.keys(rules).length, failures];
}"""


def fixtures(folder):
    """A second and a half of picture and sound, as its init segment and its second fragment."""
    file = folder / "all.mp4"
    words = (
        "ffmpeg -v error -f lavfi -i testsrc2=size=160x120:rate=10 -f lavfi -i sine=sample_rate=48000 -t 2 -c:v libx264"
        " -profile:v high -level 1.1 -pix_fmt yuv420p -g 10 -c:a aac"
        " -movflags empty_moov+default_base_moof+frag_keyframe"
    )
    subprocess.run([*words.split(), str(file)], check=True)
    data = file.read_bytes()
    parts, at = [], 0
    while at < len(data):
        size = int.from_bytes(data[at : at + 4], "big")
        parts.append((data[at + 4 : at + 8], data[at : at + size]))
        at += size
    first = next(index for index, (name, _) in enumerate(parts) if name == b"moof")
    second = next(index for index, (name, _) in enumerate(parts) if name == b"moof" and index > first)
    return {
        "/fixtures/init.mp4": b"".join(bytes for _, bytes in parts[:first]),
        "/fixtures/part.m4s": parts[second][1] + parts[second + 1][1],
    }


def serve(files):
    class Desk(http.server.BaseHTTPRequestHandler):
        def log_message(self, *words):
            pass

        def do_GET(self):
            kind = "text/html; charset=utf-8"
            if self.path in files:
                body, kind = files[self.path], "video/mp4"
            elif self.path.startswith("/watch/-/"):
                body, kind = (TREE / "Scripts" / self.path[9:]).read_bytes(), "text/javascript"
            elif self.path == "/watch/hall":
                body = (TREE / "Templates/watch.html").read_bytes()
            elif self.path == "/player_rules.js":
                body, kind = (HERE / "player_rules.js").read_bytes(), "text/javascript"
            else:
                body = PAGE
            self.send_response(200)
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    desk = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Desk)
    threading.Thread(target=desk.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{desk.server_address[1]}"


def main():
    with tempfile.TemporaryDirectory() as folder:
        address = serve(fixtures(pathlib.Path(folder)))
        with kit.browser() as chromium, kit.desktop(chromium) as page:
            page.goto(address + "/")
            count, failures = page.evaluate(RUN)
            if failures:
                sys.exit("\n".join(failures))
            print(f"{count} rules hold")


main()
