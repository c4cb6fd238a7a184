# SPDX-License-Identifier: Apache-2.0
"""A host leads a room from the page's own buttons: groups, roles, questions of a webinar, recording and air, the door. What
the others see of it is looked at in their own browsers."""

import json
import pathlib
import sys

from playwright.sync_api import sync_playwright

import kit
import room_passes
import room_shares
from room_desk import Desk, signed
from room_page import (
    FRUGAL, SMALL, clock, enter, flow, flows, knock, leads, look, menu, moves, person, reader, said, shot, silent, tile, wires)
from studio import until

HOST, GUEST, THIRD, LATE = "ผศ. สมหญิง ตัวอย่าง", "นายสมชาย ใจดี", "วิภา ตั้งใจ", "ผู้มาใหม่ ตัวอย่าง"
TITLE = "ประชุมสภาคณาจารย์ ครั้งที่ 11/2569"


def open_panel(page, tab):
    if not page.locator(f"#panel-{tab}:visible").count():
        page.evaluate("(one) => document.getElementById(one).click()", f"bar-{tab}")
    page.wait_for_selector(f"#panel-{tab}:visible")


def close_panel(page):
    if page.locator("#side:visible").count():
        page.click("#side-close")


def groups(host, guest, third):
    """Each group sees and hears itself alone; nobody's connection is made anew for it."""
    everybody = (host, guest, third)
    for page in everybody:
        flows(page, "audio", "inbound", "totalAudioEnergy", "that everybody hears before the groups")
    before = [wires(page) for page in everybody]
    leads(host)
    host.fill("#hosts-groups", "2")
    host.locator("#panel-hosts button", has_text="เปิดกลุ่มย่อย").click()
    for page in (guest, third):
        page.locator(".chip.group").wait_for(state="attached")
        until(lambda: page.locator(".tile").count() == 1 or page.wait_for_timeout(50), 5, "that one is alone in a group")
    until(lambda: host.locator("#tiles .tile").count() == 1 or host.wait_for_timeout(50), 5, "that the host is alone, too")
    for page, who in ((guest, "a group"), (third, "the other group"), (host, "the main room")):
        silent(page, f"that {who} hears no other")
    look(host, "groups")
    shot(third, "group-alone-phone")
    alone = host.locator(f"select[data-act='group-{self_of(guest)}']").input_value()
    host.select_option(f"select[data-act='group-{self_of(third)}']", alone)
    moves(guest, THIRD, "that a group sees who came to it")
    moves(third, GUEST, "that who came sees the group")
    flows(guest, "audio", "inbound", "totalAudioEnergy", "that a group hears who came to it")
    if guest.locator(tile(HOST)).count():
        sys.exit("a group sees the host, who is not in it")
    open_panel(host, "talk")
    host.select_option("#chat-to", label="ทุกกลุ่ม")
    host.fill("#chat-text", "เหลือเวลาอีกห้านาที")
    host.press("#chat-text", "Enter")
    for page in (guest, third):
        page.locator(".toast", has_text="เหลือเวลาอีกห้านาที").wait_for()
    shot(guest, "group")
    leads(host)
    host.locator("#panel-hosts button", has_text="ให้ทุกคนกลับห้องใหญ่").click()
    said(guest, "กลับมาประชุมรวม")
    until(lambda: clock(guest, HOST) or guest.wait_for_timeout(50), 10, "the host's picture after the groups")
    moves(host, THIRD, "that the host sees who was in a group")
    after = [wires(page) for page in everybody]
    if before != after or any(len(one) != 2 for one in after):
        sys.exit(f"groups cost a connection: {before} {after}")
    print("groups see and hear themselves alone, and the same two connections carry everybody there and back")


def self_of(page):
    """What the room calls the person at this page."""
    return page.evaluate("document.querySelector('.tile.mirrored').dataset.person")


def roles(host, guest, third):
    """Co-host: leads, but has no power over a host. Listener and speaker: see `webinar`."""
    menu(host, f"{tile(GUEST)} .more", "ผู้ช่วยดูแล")
    said(guest, "ท่านเป็นผู้ช่วยประธาน")
    leads(guest)
    if guest.locator("#panel-hosts button", has_text="จบการประชุม").count():
        sys.exit("a co-host may end it for everybody")
    close_panel(guest)
    guest.locator(f"{tile(HOST)} .more").dispatch_event("click")
    choices = guest.locator("#menu li button").all_inner_texts()
    guest.keyboard.press("Escape")
    if any(one in word for word in choices for one in ("ให้ออก", "ปิดไมค์", "ให้ไปรอ", "ผู้ฟัง")):
        sys.exit(f"a co-host has power over a host: {choices}")
    third.wait_for_selector("#bar-microphone[aria-pressed=true]")
    menu(guest, f"{tile(THIRD)} .more", "ปิดไมค์")
    said(third, "ประธานปิดไมโครโฟนของท่าน")
    third.wait_for_selector("#bar-microphone[aria-pressed=false]")
    third.click("#bar-microphone")
    third.wait_for_selector("#bar-microphone[aria-pressed=true]")
    menu(host, f"{tile(GUEST)} .more", "ผู้พูด")
    said(guest, "ท่านเป็นผู้พูด")
    guest.locator("#bar-more").dispatch_event("click")
    if guest.locator("#menu li button", has_text="ผู้ดูแล").count():
        sys.exit("who leads no more still has what hosts have")
    guest.keyboard.press("Escape")
    print("a co-host leads, and has no power over a host")


def spotlight(host, guest, third):
    """Whom a host puts there has the large place with everybody, whatever they chose."""
    menu(host, f"{tile(THIRD)} .more", "ขึ้นจอใหญ่ให้ทุกคนเห็น")
    for page in (host, guest):
        page.wait_for_selector(f"{tile(THIRD)}.main .mark.host")
    look(guest, "spotlight", schemes=("light",))
    menu(host, f"{tile(THIRD)} .more", "เลิกขึ้นจอใหญ่")
    guest.wait_for_selector(f"{tile(THIRD)}:not(.main)")
    print("who is in the spotlight is large with everybody")


def stops(host, guest):
    """A host stops a camera and lowers a hand; the person knows, and may switch it on again."""
    menu(host, f"{tile(GUEST)} .more", "ปิดกล้อง")
    said(guest, "ประธานปิดกล้อง")
    guest.wait_for_selector("#bar-camera[aria-pressed=false]")
    host.wait_for_selector(f"{tile(GUEST)}:not(.has-picture)")
    guest.click("#bar-camera")
    moves(host, GUEST, "a camera that was stopped, and switched on again")
    guest.click("#bar-hand")
    host.wait_for_selector(f"{tile(GUEST)} .mark.hand")
    menu(host, f"{tile(GUEST)} .more", "เอามือลง")
    said(guest, "ประธานเอามือของท่านลง")
    guest.wait_for_selector("#bar-hand[aria-pressed=false]")
    print("a host stops a camera and lowers a hand")


def webinar(host, guest, third):
    """Listeners do not publish; what they ask is read by all when a host shows it, and not before."""
    leads(host)
    host.locator("#panel-hosts [data-act='hosts.webinar']").click()
    host.wait_for_selector("#panel-hosts [data-act='hosts.webinar']:checked")
    close_panel(host)
    menu(host, f"{tile(GUEST)} .more", "ผู้ฟัง")
    said(guest, "ท่านเป็นผู้ฟัง")
    for name in ("microphone", "camera", "share"):
        guest.wait_for_selector(f"#bar-{name}", state="hidden")
    host.wait_for_selector(f"{tile(GUEST)}:not(.has-picture) .mark.microphone-off")
    until(lambda: len(wires(guest)) == 1 or guest.wait_for_timeout(50), 5, "that a listener's call up ends")
    for page in (host, guest, third):
        open_panel(page, "talk")
    for text in ("จะเปิดให้ลงทะเบียนเมื่อใดคะ", "ข้อความที่ไม่เกี่ยวกับการประชุม"):
        guest.fill("#chat-text", text)
        guest.press("#chat-text", "Enter")
        host.locator(".remark .mark.waiting").last.wait_for()
        host.locator(".remark", has_text=text).wait_for()
    shot(host, "question-host")
    shot(guest, "question-own")
    third.wait_for_timeout(300)
    if third.locator(".remark", has_text="ลงทะเบียน").count():
        sys.exit("a question was read before it was shown")
    look(host, "question", schemes=("light",))
    host.locator(".remark", has_text="ลงทะเบียน").locator("button", has_text="แสดงให้ทุกคน").click()
    third.locator(".remark", has_text="จะเปิดให้ลงทะเบียนเมื่อใดคะ").wait_for()
    host.locator(".remark", has_text="ไม่เกี่ยวกับ").locator("button", has_text="ไม่แสดง").click()
    host.locator(".remark.hidden-one").wait_for()
    if third.locator(".remark", has_text="ไม่เกี่ยวกับ").count():
        sys.exit("a question that was not shown is read")
    shot(third, "question-shown-phone")
    for page in (host, guest, third):
        close_panel(page)
    guest.click("#bar-hand")
    open_panel(host, "people")
    host.locator(".hands ol .one", has_text=GUEST).locator("button", has_text="ให้พูด").click()
    guest.locator(".toast", has_text="เชิญพูด").locator("button", has_text="เปิดไมค์").click()
    guest.wait_for_selector("#bar-microphone[aria-pressed=true]")
    shot(guest, "floor-given")
    guest.click("#bar-camera")
    moves(host, GUEST, "the picture of a listener who got the floor")
    host.locator(".holds .quiet").click()
    close_panel(host)
    said(guest, "สิ้นสุดการพูดของท่าน")
    guest.wait_for_selector("#bar-microphone", state="hidden")
    menu(host, f"{tile(GUEST)} .more", "ผู้พูด")
    said(guest, "ท่านเป็นผู้พูด")
    guest.wait_for_selector("#bar-microphone", state="visible")
    print("a listener's question is read by all only when a host has shown it")


def produces(host, guest, third):
    """Recording and air from the bar; everybody sees that it is so."""
    everybody = (host, guest, third)
    for button, chip in (("record", "record"), ("air", "air")):
        host.click(f"#bar-{button}")
        if button == "air":
            look(guest, "recorded")
            shot(host, "air-ask")
            host.select_option("#card select[name=layout]", "speaker")
            host.click("#card button[type=submit]")
        for page in everybody:
            page.locator(f".chip.{chip}").wait_for(state="attached")
        host.wait_for_selector(f"#bar-{button}[aria-pressed=true]")
    shot(host, "producing")
    shot(third, "producing-phone")
    for button, chip in (("air", "air"), ("record", "record")):
        host.click(f"#bar-{button}")
        for page in everybody:
            page.locator(f".chip.{chip}").wait_for(state="detached")
    print("a host records and goes on air from the bar, and everybody sees it")


def door(host, guest, third, late, address):
    """To the lobby and back; out for good; and nobody is let in any more."""
    menu(host, f"{tile(GUEST)} .more", "ให้ไปรอหน้าห้อง")
    guest.wait_for_selector("#lobby:not([hidden])")
    shot(guest, "to-lobby")
    host.locator(".toast", has_text=GUEST).locator("button", has_text="ให้เข้า").click()
    guest.wait_for_selector("body[data-place=inside]")
    until(lambda: clock(guest, HOST) or guest.wait_for_timeout(50), 10, "a picture for who was let in again")
    menu(host, f"{tile(THIRD)} .more", "ให้ออกจากห้อง")
    host.check("#card input[name=bar]")
    shot(host, "remove-ask")
    host.click("#card button[type=submit]")
    third.locator("#over:not([hidden]) h1", has_text="ท่านเข้าห้องนี้ไม่ได้").wait_for()
    shot(third, "barred-phone")
    room_passes.refused(third, address, "ชื่ออื่น", "ท่านไม่ได้รับอนุญาตให้เข้าห้องนี้")
    leads(host)
    host.locator("#panel-hosts [data-act='hosts.locked']").click()
    host.locator(".chip.lock").wait_for()
    room_passes.refused(late, address, LATE, "ห้องปิดรับผู้เข้าร่วมแล้ว")
    if "ห้องปิดรับ" not in late.locator("#door-more").inner_text():
        sys.exit("the door does not say beforehand that it is locked")
    shot(late, "locked")
    print("a host sends people outside, bars them, and locks the room")


def end(desk, host, guest):
    leads(host)
    host.locator("#panel-hosts button", has_text="จบการประชุมสำหรับทุกคน").click()
    host.click("#card button[type=submit]")
    for page in (host, guest):
        page.locator("#over:not([hidden]) h1", has_text="จบการประชุมแล้ว").wait_for()
    logs = list(pathlib.Path(kit.DATA, "meetings", "rally").glob("*.events.jsonl"))
    log = [json.loads(line) for line in logs[0].read_text().splitlines()]
    room_passes.consented(desk, log, [HOST, GUEST, THIRD])


def main():
    desk = Desk()
    studio = desk.open()
    address = desk.address + "/room/rally"
    try:
        desk.broadcast("on-air")
        desk.meeting("rally", title=TITLE, records=True, broadcast="on-air")
        with sync_playwright() as playwright:
            chromium = playwright.chromium.launch(executable_path=kit.CHROMIUM, args=FRUGAL)
            with reader(chromium, "host", 1280, 800, clock=SMALL) as host, reader(chromium, "guest", 1280, 800) as guest, \
                    reader(chromium, "third", 320, 640) as third, reader(chromium, "late", 1280, 800) as late:
                room_passes.consents(desk, host, f"{address}#pass={signed('rally', 'host')}")
                host.goto("about:blank")
                enter(host, f"{address}#pass={signed('rally', 'host')}", HOST)
                room_shares.pretends_to_blur(guest)
                room_shares.blurs(guest, late, address)
                enter(guest, address, GUEST)
                enter(third, address, THIRD)
                until(lambda: clock(guest, HOST) or guest.wait_for_timeout(50), 15, "the host's picture")
                moves(host, THIRD, "the third one's picture")
                groups(host, guest, third)
                spotlight(host, guest, third)
                stops(host, guest)
                roles(host, guest, third)
                webinar(host, guest, third)
                room_shares.files(host, guest)
                room_shares.floats(guest, {HOST: host, THIRD: third})
                room_shares.pages(host, third, address)
                room_shares.keys(guest)
                produces(host, guest, third)
                door(host, guest, third, late, address)
                end(desk, host, guest)
                room_passes.asked(desk, host, third)
                room_passes.links(desk, late)
            chromium.close()
    finally:
        studio.close()


if __name__ == "__main__":
    main()
