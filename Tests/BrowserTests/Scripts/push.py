# SPDX-License-Identifier: Apache-2.0
"""A notice from the desk to the lock screen and back, in a real browser with its real service worker.

The office calls a push service on this machine; it judges the headers, has py-vapid judge the token, opens the body with
http-ece and hands the text to Chromium through its DevTools protocol (ServiceWorker.deliverPushMessage).

What is not real: Chromium subscribes only where it reaches its maker's push service, which tests do not. So the two
calls that subscribe answer with a subscription of the test's own: an endpoint here, and keys drawn here. And nobody can
press a button of the operating system's notice: the press is given to the worker as the browser would give it.
"""
import base64
import contextlib
import http.server
import json
import queue
import re
import sqlite3
import tempfile
import threading
import time

import http_ece
import kit
import office
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from kit import Wrong, expect
from office import go, press, same, told
from playwright.sync_api import sync_playwright
from py_vapid import Vapid02

WHO = "somchai"
AUTH = bytes(range(16))


def text(raw):
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


class PushService(http.server.ThreadingHTTPServer):
    """Takes pushes for one browser, as strictly as RFC 8030, 8291 and 8292 allow."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Endpoint)
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.point = text(self.key.public_key().public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint))
        self.origin = f"http://127.0.0.1:{self.server_address[1]}"
        self.application_key = None
        self.pushes, self.faults, self.status = queue.Queue(), [], 201
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def next(self):
        """The next push, as its path, headers and message."""
        try:
            push = self.pushes.get(timeout=20)
        except queue.Empty:
            raise Wrong(f"no push came; the push service complains: {self.faults}") from None
        same(self.faults, [], "what the push service complains of")
        return push


class Endpoint(http.server.BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.server.status == 201:
            try:
                self.server.pushes.put((self.path, dict(self.headers), self.open(body)))
            except Exception as fault:
                self.server.faults.append(repr(fault))
        self.send_response(self.server.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def open(self, body):
        names = {"authorization", "content-encoding", "content-type", "ttl", "urgency", "topic", "host", "content-length",
                 "user-agent", "accept"}
        odd = {name.lower() for name in self.headers} - names
        assert not odd, f"headers {odd}"
        assert self.headers["Content-Encoding"] == "aes128gcm"
        assert 0 <= int(self.headers["TTL"]) <= 2_419_200
        assert self.headers["Urgency"] in ("very-low", "low", "normal", "high")
        assert re.fullmatch(r"[A-Za-z0-9_-]{1,32}", self.headers["Topic"])
        assert len(body) <= 4096
        scheme, rest = self.headers["Authorization"].split(" ", 1)
        parts = dict(part.strip().split("=", 1) for part in rest.split(","))
        assert scheme == "vapid" and parts["k"] == self.server.application_key, "another key"
        assert Vapid02.verify(f"vapid t={parts['t']},k={parts['k']}"), "the token"
        claims = parts["t"].split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))
        assert claims["aud"] == self.server.origin and claims["sub"] == "mailto:desk@example.ac.th", claims
        assert time.time() < claims["exp"] <= time.time() + 86_400, claims
        plain = http_ece.decrypt(body, private_key=self.server.key, auth_secret=AUTH, version="aes128gcm")
        return json.loads(plain)


SUBSCRIBING = """
    (() => {
        const made = (noted) => ({
            endpoint: noted.endpoint, expirationTime: null, options: {},
            toJSON: () => ({ endpoint: noted.endpoint, expirationTime: null, keys: noted.keys }),
            unsubscribe: async () => { localStorage.removeItem("subscription"); return true; },
        });
        PushManager.prototype.getSubscription = async () => {
            const noted = localStorage.getItem("subscription");
            return noted ? made(JSON.parse(noted)) : null;
        };
        PushManager.prototype.subscribe = async (options) => {
            const key = btoa(String.fromCharCode(...new Uint8Array(options.applicationServerKey)));
            const noted = { endpoint: ENDPOINT, keys: { p256dh: POINT, auth: AUTH }, key };
            localStorage.setItem("subscription", JSON.stringify(noted));
            return made(noted);
        };
    })();
"""


class Phone:
    """The one browser of this test: a page, and its service worker."""

    def __init__(self, context, service):
        self.context, self.service = context, service
        # Only pages of the office have something to subscribe to.
        subscribing = SUBSCRIBING.replace("ENDPOINT", json.dumps(f"{service.origin}/send/one"))
        subscribing = subscribing.replace("POINT", json.dumps(service.point)).replace("AUTH", json.dumps(text(AUTH)))
        context.add_init_script(f"if (window.PushManager) {{ {subscribing} }}")
        context.grant_permissions(["notifications"], origin=kit.BASE_URL)
        self.page = context.new_page()
        self.tools = context.new_cdp_session(self.page)
        self.registrations = []
        self.tools.on(
            "ServiceWorker.workerRegistrationUpdated",
            lambda event: self.registrations.extend(event["registrations"]))
        self.tools.send("ServiceWorker.enable")

    @property
    def worker(self):
        return self.context.service_workers[0]

    def deliver(self, message):
        """What the browser's own push service would do."""
        self.tools.send("ServiceWorker.deliverPushMessage", {
            "origin": kit.BASE_URL, "registrationId": self.registrations[-1]["registrationId"],
            "data": json.dumps(message)})

    def lines(self):
        """What stands on the lock screen: title, text, tag and buttons. To be asked when it has been shown: whoever asks
        Chromium just then has it forget the line."""
        return self.worker.evaluate("""async () => (await self.registration.getNotifications()).map((line) =>
            ({ title: line.title, body: line.body, tag: line.tag, buttons: line.actions.map((action) => action.title) }))""")

    def press(self, tag, action):
        """Presses a line, or its button, as the browser would tell the worker of it."""
        self.worker.evaluate("""async ([tag, action]) => {
            const [notification] = await self.registration.getNotifications({ tag });
            self.dispatchEvent(new NotificationEvent("notificationclick", { notification, action }));
        }""", [tag, action])


def wait(what, ask, wanted):
    """Asks until the answer is the wanted one."""
    found = None
    until = time.monotonic() + 30
    while time.monotonic() < until:
        found = ask()
        if found == wanted:
            return
        time.sleep(0.05)
    same(found, wanted, what)


def cabinet(query, *values):
    with contextlib.closing(sqlite3.connect(f"file:{kit.DATA}/sanyan.sqlite?mode=ro", uri=True)) as database:
        return database.execute(query, values).fetchall()


def look(page, name):
    """At a desk's width and at a small telephone's."""
    for width, height in ((1280, 900), (320, 640)):
        page.set_viewport_size({"width": width, "height": height})
        kit.check(page, f"{name}-{width}")
    page.set_viewport_size({"width": 1280, "height": 900})


def set_up(phone):
    page = phone.page
    go(page, "/admin/ways/push")
    page.get_by_label("ที่อยู่ติดต่อสำหรับผู้ให้บริการพุช").fill("nobody")
    press(page, "บันทึก")
    expect(page.locator(".errors")).to_contain_text("กรอกอีเมล")
    page.get_by_label("ที่อยู่ติดต่อสำหรับผู้ให้บริการพุช").fill("desk@example.ac.th")
    page.get_by_label("อนุญาตที่อยู่ในเครือข่ายภายในและที่อยู่ http").check()
    page.get_by_label("ใช้ช่องทางนี้").check()
    press(page, "บันทึก")
    told(page, "บันทึกช่องทางแล้ว")
    look(page, "way-push")
    go(page, "/admin/ways/ntfy")
    look(page, "way-ntfy")
    # The test may run at night: no quiet hours.
    go(page, "/admin/ladder")
    for name in ("quietFrom", "quietUntil"):
        page.locator(f"[name={name}]").fill("20:00")
    press(page, "บันทึก")
    told(page, "บันทึกบันไดแจ้งเตือนแล้ว")


def switch_on(phone):
    page = phone.page
    go(page, "/me")
    button = page.get_by_role("button", name="เปิดรับบนเครื่องนี้")
    expect(button).to_be_visible()
    look(page, "me-off")
    phone.service.application_key = page.locator("#this-device").get_attribute("data-key")
    press(page, "เปิดรับบนเครื่องนี้")
    told(page, "เครื่องนี้รับการแจ้งเตือนแล้ว")
    row = page.locator(".devices li")
    expect(row).to_contain_text("(เครื่องนี้)")
    expect(row).to_contain_text("Chrome · Linux")
    expect(page.get_by_text("เครื่องนี้รับการแจ้งเตือนอยู่")).to_be_visible()
    key = page.evaluate("JSON.parse(localStorage.getItem('subscription')).key")
    same(key.replace("+", "-").replace("/", "_").rstrip("="), phone.service.application_key, "the key subscribed with")
    look(page, "me-on")


def ring(phone):
    """Ring my phone now."""
    press(phone.page, "เรียกเครื่องนี้เดี๋ยวนี้", exact=False)
    path, headers, message = phone.service.next()
    same((path, headers["Urgency"], message["kind"]), ("/send/one", "high", "trial"), "the trial call")
    if not 0 < int(headers["TTL"]) <= 60:
        raise Wrong(f"a trial call makes no sense for {headers['TTL']} seconds")
    phone.deliver(message)
    wait("the device's answer", lambda: cabinet("SELECT answered_at IS NOT NULL FROM device"), [(1,)])
    wait("the lock screen", lambda: [line["title"] for line in phone.lines()], ["ทดลองเสียงเรียก"])
    go(phone.page, "/me")
    expect(phone.page.locator(".devices li")).to_contain_text("ตอบปกติ")


def assign(page):
    """Somebody puts me in charge of an occasion."""
    matter = office.matter_of(page, "เปิดบ้านวิชาการ")
    go(page, matter + "/assignment")
    row = page.locator("ul.choosing li", has_text=office.PEOPLE[WHO])
    row.locator('[name="officer"]').check()
    row.locator('[name="charge"]').check()
    press(page, "มอบหมายและจอง")
    told(page, "มอบหมายและจองแล้ว")


def acknowledge(phone):
    assign(phone.page)
    while True:
        path, headers, message = phone.service.next()
        if message["title"].startswith("ท่านได้รับมอบหมาย"):
            break
    same((headers["Urgency"], message["kind"], message["button"]), ("high", "notice", "รับทราบ"), "the notice")
    if "เปิดบ้านวิชาการ" not in message["body"] or "หอประชุมใหญ่" not in message["body"]:
        raise Wrong(f"the lock screen does not say what and where: {message['body']!r}")
    notice = message["notice"]
    delivery = lambda: cabinet(
        """SELECT accepted_at IS NOT NULL, shown_at IS NOT NULL, acknowledged_at IS NOT NULL FROM delivery
        WHERE way = 'push' AND notice = ?""", notice)
    wait("sent and accepted", delivery, [(1, 0, 0)])
    phone.deliver(message)
    tag = f"n{notice}"
    wait("shown", delivery, [(1, 1, 0)])
    wait("the lock screen", lambda: [line["buttons"] for line in phone.lines() if line["tag"] == tag], [["รับทราบ"]])
    # Signed out, and pressed all the same: the token that came with the notice is the permission.
    phone.context.clear_cookies()
    phone.press(tag, "acknowledge")
    wait("acknowledged", delivery, [(1, 1, 1)])
    wait("the lock screen after the press", lambda: [line for line in phone.lines() if line["tag"] == tag], [])
    same(cabinet("SELECT acknowledged_at IS NOT NULL FROM notice WHERE id = ?", notice), [(1,)], "the notice itself")
    office.sign_in(phone.page, WHO)
    return message


def weekly(phone):
    """The silent check: nothing is to be seen while a page is in sight, and nothing stays when none is."""
    page = phone.page
    go(page, "/admin/ways/push")
    with page.expect_navigation():
        page.get_by_role("button", name="ลองเดี๋ยวนี้").click()
    expect(page.locator(".notice", has_text="ใช้งานได้")).to_be_visible()
    _, headers, message = phone.service.next()
    same((headers["Urgency"], message["kind"]), ("low", "check"), "the check")
    before = cabinet("SELECT answered_at FROM device")[0][0]
    lines = phone.lines()
    time.sleep(0.01)
    phone.deliver(message)
    wait("an answer with a page in sight", lambda: cabinet("SELECT answered_at FROM device")[0][0] > before, True)
    same(phone.lines(), lines, "the lock screen stays as it was")
    page.goto("about:blank")
    before = cabinet("SELECT answered_at FROM device")[0][0]
    phone.deliver(message)
    wait("an answer with no page in sight", lambda: cabinet("SELECT answered_at FROM device")[0][0] > before, True)
    wait("the quiet line is taken away", lambda: [line for line in phone.lines() if line["tag"] == "check"], [])


def move(phone):
    """The browser gets another address, while no page is open."""
    before = cabinet("SELECT mark FROM device")
    noted = {"endpoint": f"{phone.service.origin}/send/two", "keys": {"p256dh": phone.service.point, "auth": text(AUTH)}}
    phone.worker.evaluate("""(noted) => {
        const event = new ExtendableEvent("pushsubscriptionchange");
        event.newSubscription = { endpoint: noted.endpoint, toJSON: () => ({ expirationTime: null, ...noted }) };
        self.dispatchEvent(event);
    }""", noted)
    wait("another address", lambda: cabinet("SELECT mark FROM device") != before, True)
    go(phone.page, "/me")
    press(phone.page, "เรียกเครื่องนี้เดี๋ยวนี้", exact=False)
    path, _, _ = phone.service.next()
    same(path, "/send/two", "where it rings now")


def leave(phone):
    """The push service knows the device no longer: everybody sees it."""
    phone.service.status = 410
    press(phone.page, "เรียกเครื่องนี้เดี๋ยวนี้", exact=False)
    wait("gone", lambda: cabinet("SELECT gone_at IS NOT NULL, subscription FROM device"), [(1, "")])
    go(phone.page, "/me")
    expect(phone.page.locator(".who .alarm")).to_contain_text("1 เครื่องไม่ตอบ")
    expect(phone.page.locator(".devices li")).to_contain_text("เลิกรับแล้ว")
    look(phone.page, "me-gone")
    press(phone.page, "นำออก", exact=False)
    expect(phone.page.locator(".who .alarm")).to_have_count(0)


with sync_playwright() as playwright, tempfile.TemporaryDirectory() as profile:
    # A window that keeps nothing takes no pushes, so the browser has a profile.
    context = playwright.chromium.launch_persistent_context(
        profile, executable_path=kit.CHROMIUM, viewport={"width": 1280, "height": 900}, locale="th-TH",
        timezone_id="Asia/Bangkok",
        args=["--no-sandbox", "--disable-gpu", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"])
    context.set_default_timeout(15_000)
    phone = Phone(context, PushService())
    complaints = []
    phone.page.on("pageerror", lambda error: complaints.append(f"uncaught: {error}"))
    phone.page.on("console", lambda said: complaints.append(said.text) if kit.is_complaint(said) else None)
    try:
        office.sign_in(phone.page, WHO)
        for step in (set_up, switch_on, ring, acknowledge, weekly, move, leave):
            step(phone)
            print(f"done: {step.__name__}", flush=True)
        same(complaints, [], "what the pages complain of")
        same(phone.service.faults, [], "what the push service complains of")
    except Exception:
        with contextlib.suppress(Exception):
            kit.shot(phone.page, "failed")
        raise
    finally:
        context.close()
