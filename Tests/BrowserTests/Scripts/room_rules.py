# SPDX-License-Identifier: Apache-2.0
"""Runs the rules of the meeting room's pure modules (room_rules.js) in the browser that they are for."""

import http.server
import pathlib
import sys
import threading

import kit

HERE = pathlib.Path(__file__).resolve().parent
SCRIPTS = HERE.parent.parent.parent / "Sources/Wire/Scripts"
TEMPLATE = SCRIPTS.parent / "Templates/room.html"

PAGE = b"<!doctype html><html lang=en><title>rules</title><link rel=icon href='data:,'><p>rules</p></html>"
RUN = """async (modules) => {
    const { rules } = await import("/room_rules.js");
    const failures = [];
    const texts = Object.fromEntries(await Promise.all(modules.map(async (one) => [one, await (await fetch(one)).text()])));
    for (const [name, rule] of Object.entries(rules)) {
        try { await rule(texts); } catch (error) { failures.push(`${name}: ${error.stack ?? error}`); }
    }
    return [Object.keys(rules).length, failures];
}"""


class Desk(http.server.BaseHTTPRequestHandler):
    def log_message(self, *words):
        pass

    def do_GET(self):
        body, kind = PAGE, "text/html; charset=utf-8"
        if self.path.startswith("/room/-/"):
            body, kind = (SCRIPTS / self.path[8:]).read_bytes(), "text/javascript; charset=utf-8"
        elif self.path == "/room/hall":
            body = TEMPLATE.read_bytes()
        elif self.path == "/room_rules.js":
            body, kind = (HERE / "room_rules.js").read_bytes(), "text/javascript; charset=utf-8"
        self.send_response(200)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def main():
    desk = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Desk)
    threading.Thread(target=desk.serve_forever, daemon=True).start()
    modules = ["/room/hall", *(f"/room/-/room/{one.name}" for one in sorted((SCRIPTS / "room").glob("*.js")))]
    with kit.browser() as chromium, kit.desktop(chromium) as page:
        page.goto(f"http://127.0.0.1:{desk.server_address[1]}/")
        count, failures = page.evaluate(RUN, modules)
        if failures:
            sys.exit("\n".join(failures))
        print(f"{count} rules hold")


main()
