# SPDX-License-Identifier: Apache-2.0
"""Links into a room, for scripts about rooms: each that opens nothing says why, in a sentence on the page."""

import sys
import time

from room_desk import signed
from room_page import enter, knock, look, shot
from studio import until


def refused(page, address, name, sentence):
    """At the door it is said why not."""
    page.goto("about:blank")
    knock(page, address, name)
    page.locator("#entry-said", has_text=sentence).wait_for()
    if page.locator("body").get_attribute("data-place") != "door":
        sys.exit(f"who is refused is not at the door: {sentence}")


def links(desk, page):
    """Without a pass, with an expired one, with another meeting's, as nobody in particular where everybody must be known."""
    desk.meeting("sealed", title="ประชุมเฉพาะผู้มีลิงก์", entry="pass")
    desk.meeting("known", title="ประชุมที่ต้องยืนยันตัวตน", entry="identified")
    sealed, known = desk.address + "/room/sealed", desk.address + "/room/known"
    refused(page, sealed, "ผู้ไม่มีลิงก์", "เข้าได้ด้วยลิงก์จากผู้จัดเท่านั้น")
    if "ต้องเข้าด้วยลิงก์" not in page.locator("#door-more").inner_text():
        sys.exit("the door does not say beforehand that a link is needed")
    shot(page, "link-none")
    expired = signed("sealed", "speaker", until_second=time.time() - 1)
    refused(page, f"{sealed}#pass={expired}", "ผู้มาช้า", "ลิงก์นี้หมดอายุแล้ว")
    if "pass" in page.url:
        sys.exit(f"the pass is still in the address bar: {page.url}")
    look(page, "link-expired", schemes=("light",))
    refused(page, f"{sealed}#pass={signed('known', 'speaker')}", "ผู้มาผิดห้อง", "ลิงก์นี้ใช้กับการประชุมนี้ไม่ได้")
    refused(page, f"{known}#pass={signed('known', 'speaker')}", "", "โปรดเข้าด้วยลิงก์ส่วนตัวที่สำนักงานส่งให้")
    listens(page, sealed)
    revoked(desk, page, sealed)
    print("each link that opens nothing says why")


def listens(page, address):
    """A listener's link makes a listener, whatever they try."""
    page.goto("about:blank")
    knock(page, f"{address}#pass={signed('sealed', 'listener')}", "ผู้ฟัง ใจดี")
    page.wait_for_selector("body[data-place=inside]")
    page.wait_for_selector("#bar-camera", state="hidden")
    held = page.evaluate("[...document.querySelectorAll('video')].some((one) => one.srcObject?.active)")
    if held:
        sys.exit("a listener's camera is still on")
    page.keyboard.press("m")
    page.locator(".toast.wrong", has_text="ท่านอยู่ในฐานะผู้ฟัง").wait_for()
    refusal = """async (address) => { const seat = JSON.parse(sessionStorage["sanyan.room.sealed"]); const answer =
        await fetch(address, { method: "POST", headers: { authorization: `Bearer ${seat.token}`,
        "content-type": "application/json" }, body: JSON.stringify({ ask: "end" }) }); return (await answer.json()).code; }"""
    if page.evaluate(refusal, address + "/asks") != "notForYou":
        sys.exit("a listener may end the meeting")
    shot(page, "link-listener")
    page.click("#bar-leave")
    page.click("#card button[type=submit]")
    page.wait_for_selector("#over:not([hidden])")


def revoked(desk, page, address):
    """Whoever holds a link that is taken back goes at once, and does not come in again."""
    page.goto("about:blank")
    knock(page, f"{address}#pass={signed('sealed', 'speaker', key='i13@example.ac.th', name='นางสาวมาลี ตัวอย่าง')}", "มาลี")
    page.wait_for_selector("body[data-place=inside]")
    name = page.locator(".tile .name").first.inner_text()
    if "มาลี ตัวอย่าง" not in name:
        sys.exit(f"who is known by the pass goes by another name: {name}")
    began = time.monotonic()
    desk.meeting("sealed", title="ประชุมเฉพาะผู้มีลิงก์", entry="pass", revokedKeys=["i13"])
    page.locator("#over:not([hidden]) h1", has_text="ผู้ดูแลให้ท่านออกจากห้อง").wait_for()
    print(f"who holds a link that was taken back is out after {time.monotonic() - began:.1f} s")
    page.click("#over-again")
    page.wait_for_selector("body[data-place=door]")
    page.wait_for_selector("#door-microphone[aria-pressed=true]")
    page.click("#enter")
    page.locator("#entry-said", has_text="ลิงก์นี้หมดอายุแล้ว").wait_for()


def consents(desk, host, address):
    """Who comes is told that it is recorded, and agrees by coming; without, the room stays closed."""
    host.goto(address, wait_until="domcontentloaded")
    host.wait_for_selector("#consent:not([hidden])")
    host.wait_for_selector("#enter:has-text('ยินยอมและเข้าร่วม')")
    host.wait_for_selector("#advice li", timeout=15_000)
    look(host, "consent", schemes=("light",))
    answer = host.evaluate("""async (address) => { const answer = await fetch(address, { method: "POST", body:
        JSON.stringify({ name: "ไม่ยินยอม" }), headers: { "content-type": "application/json" } });
        return [answer.status, (await answer.json()).code]; }""", address.split("#")[0] + "/people")
    if answer != [403, "needsConsent"]:
        sys.exit(f"who was not asked is let in where it is recorded: {answer}")


def asked(desk, host, guest):
    """A meeting is to be recorded when people are in it already: they are asked there, and nothing is recorded before."""
    desk.meeting("later", title="ประชุมที่ยังไม่บันทึก")
    address = desk.address + "/room/later"
    for page, name in ((host, "ประธาน"), (guest, "ผู้ร่วมประชุม")):
        page.goto("about:blank")
        enter(page, f"{address}#pass={signed('later', 'host')}" if page is host else address, name)
    desk.meeting("later", title="ประชุมที่บันทึก", records=True, consentThai="ขอบันทึกการประชุมนี้เพื่อทำรายงาน")
    for page in (host, guest):
        page.locator("#card p", has_text="ขอบันทึกการประชุมนี้เพื่อทำรายงาน").wait_for()
        look(page, "consent-inside", schemes=("light",))
    host.click("#card button[type=submit]")
    host.click("#bar-record")
    host.locator(".toast.wrong", has_text="มีผู้อยู่ในห้องที่ยังไม่ได้ยินยอม").wait_for()
    # Who looks away from the question is asked again.
    guest.keyboard.press("Escape")
    guest.wait_for_selector("#card:not([open])", state="attached")
    host.click("#bar-record")
    guest.locator("#card button[type=submit]", has_text="ยินยอม").click()
    host.locator(".toast", has_text="ทุกคนในห้องยินยอมให้บันทึกแล้ว").wait_for()
    host.click("#bar-record")
    for page in (host, guest):
        page.locator(".chip.record").wait_for()
    guest.reload(wait_until="domcontentloaded")
    guest.wait_for_selector("body[data-place=inside]")
    guest.locator(".chip.record").wait_for()
    if guest.locator("#card[open]").count():
        sys.exit("who has agreed is asked again")
    print("who is inside already agrees there, and it is recorded when all have")


def consented(desk, log, names):
    """Who agreed, and when, is in the report to the desk and in the event log."""
    report = until(lambda: desk.report("rally"), 10, "what the meeting came to")
    told = {one["name"]: (one.get("consented"), one["visits"][0]["from"]) for one in report["attendance"]}
    if any(told.get(name, (None, 0))[0] is not True for name in names):
        sys.exit(f"the report does not say who agreed: {told}")
    joins = {}
    for one in log:
        if one["kind"] == "join" and one.get("isOn") is True:
            joins.setdefault(one["name"], one["at"])
    if any(joins.get(name) != told[name][1] for name in names):
        sys.exit(f"the log says otherwise than the report: {joins} {told}")
    print("who agreed to the recording, and when, is in the report and in the log")
