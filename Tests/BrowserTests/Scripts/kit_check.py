# SPDX-License-Identifier: Apache-2.0
"""Tries the kit on pages of its own, served on loopback."""
import http.server
import threading

import kit

GOOD = """<!DOCTYPE html><html lang="th"><head><meta charset="utf-8"><title>ดี</title>
<meta name="viewport" content="width=device-width"></head>
<body><main><h1>สวัสดี</h1><p id="said">ไม่มีสคริปต์</p></main><script src="/script.js"></script></body></html>"""
BAD = GOOD.replace("<h1>", "<img src='/dot.svg'><h1>")
WIDE = GOOD.replace("<h1>", "<h1 style='width:900px'>")
INLINE = GOOD.replace("<h1>", "<script>let x = 1</script><h1>")
PAGES = {
    "/good": ("text/html", GOOD),
    "/bad": ("text/html", BAD),
    "/wide": ("text/html", WIDE),
    "/inline": ("text/html", INLINE),
    "/dot.svg": ("image/svg+xml", "<svg xmlns='http://www.w3.org/2000/svg'/>"),
    "/script.js": ("text/javascript", "document.getElementById('said').textContent = 'มีสคริปต์'"),
    "/favicon.ico": ("image/svg+xml", "<svg xmlns='http://www.w3.org/2000/svg'/>"),
}


class Shop(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        kind, text = PAGES[self.path]
        self.send_response(200)
        self.send_header("Content-Type", kind + "; charset=utf-8")
        self.send_header("Content-Security-Policy", "script-src 'self'")
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_):
        pass


def must_fail(words, body):
    try:
        body()
    except kit.Wrong as wrong:
        assert words in str(wrong), f"failed for another reason: {wrong}"
    else:
        raise SystemExit(f"nobody noticed: {words}")


def visit(chromium, path):
    with kit.desktop(chromium) as page:
        page.goto(base + path)


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Shop)
threading.Thread(target=server.serve_forever, daemon=True).start()
base = f"http://127.0.0.1:{server.server_port}"

with kit.browser() as chromium:
    for kind, open_reader, said in [
        ("desktop", kit.desktop, "มีสคริปต์"),
        ("phone", kit.phone, "มีสคริปต์"),
        ("plain", kit.plain, "ไม่มีสคริปต์"),
    ]:
        with open_reader(chromium) as page:
            page.goto(base + "/good")
            kit.expect(page.locator("#said")).to_have_text(said)
            kit.shot(page, "good-" + kind)
            if kind != "plain":
                kit.check(page, "good-" + kind)
        print("well:", kind)
    with kit.phone(chromium) as page:
        assert page.goto(base + "/bad").ok
        must_fail("image-alt", lambda: kit.axe(page))
        page.goto(base + "/wide")
        must_fail("in a window of 320 px", lambda: kit.narrow(page))
    must_fail("Content Security Policy", lambda: visit(chromium, "/inline"))
print("the kit sees what is wrong")
