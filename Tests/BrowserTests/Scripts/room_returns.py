# SPDX-License-Identifier: Apache-2.0
"""Wi-Fi to mobile, a network that falls silent, a closed lid: the same person comes back to the same seat, with the hand, the
pictures and their sizes, first by a restart of ICE. The long absences are gone through when LONG is set."""

import os
import sys
import time

from playwright.sync_api import sync_playwright

import kit
from room_network import HOME, Elsewhere, leave
from room_page import FRUGAL, SMALL, clock, enter, moves, person, reader, shot, tile, wires
from studio import Studio, until

HOST, GUEST = "ผศ. สมหญิง ตัวอย่าง", "นายสมชาย ใจดี"


def seat(host, guest):
    """What must be there again: who it is, whether the hand is up, and how large everybody sees the other."""
    height = "(one) => document.querySelector(`.tile[data-person='${one}'] video`)?.videoHeight ?? 0"
    return {
        "person": guest.evaluate("document.querySelector('.tile.mirrored')?.dataset.person"),
        "hand": guest.locator("#bar-hand[aria-pressed=true]").count() + host.locator(f"{tile(GUEST)} .mark.hand").count(),
        "seen": guest.evaluate(height, person(guest, HOST)),
        "shown": host.evaluate(height, person(host, GUEST)),
        "order": guest.locator(".tile").evaluate_all("all => all.map((one) => one.dataset.person)"),
    }


def is_back(now, was):
    """The same person, hand and places; pictures of more than the smallest size, where they were. The largest take a machine
    that has nothing else to do."""
    sizes = all(now[one] >= min(was[one], 180) for one in ("seen", "shown"))
    return sizes and all(now[one] == was[one] for one in ("person", "hand", "order"))


def fresh(page, since):
    """Whether the host's picture was drawn after this moment."""
    found = clock(page, HOST)
    return found and found["late"] / 1_000 < min(1.5, time.monotonic() - since)


def comes_back(host, guest, was, before, what, limit, keeps):
    """Within so many seconds everything is as it was; `keeps` when the calls must be the same ones."""
    began = time.monotonic()
    until(lambda: fresh(guest, began) or guest.wait_for_timeout(30), limit, f"{what}: the host's picture")
    took = time.monotonic() - began
    moves(host, GUEST, f"{what}: the guest's picture at the host's", limit)
    both = time.monotonic() - began
    until(lambda: is_back(seat(host, guest), was) or guest.wait_for_timeout(100), 60, f"{what}: everything as it was, {was}")
    until(lambda: len(wires(guest)) == 2 or guest.wait_for_timeout(50), limit, f"{what}: both calls")
    after = wires(guest)
    isSame = [one[0] for one in before] == [one[0] for one in after]
    how = "the same calls, ICE anew" if isSame and before != after else "the same calls" if isSame else "new calls"
    whole = time.monotonic() - began
    print(f"{what}: sees after {took:.1f} s, is seen after {both:.1f} s, as it was after {whole:.1f} s; {how}", flush=True)
    print("now:", seat(host, guest), flush=True)
    if keeps and not isSame:
        sys.exit(f"{what}: calls were made anew where ICE could be: {before} {after}")
    return after


def away(host):
    return host.locator(f"{tile(GUEST)}.away").count()


def go_through(elsewhere, host, guest):
    guest.click("#bar-hand")
    host.wait_for_selector(f"{tile(GUEST)} .mark.hand")
    moves(host, GUEST, "the guest's picture")
    began = time.monotonic()
    until(lambda: fresh(guest, began) or guest.wait_for_timeout(30), 15, "the host's picture")
    guest.wait_for_timeout(3_000)
    was, now = seat(host, guest), wires(guest)
    print("before:", was, flush=True)
    elsewhere.take("mobile")
    now = comes_back(host, guest, was, now, "from Wi-Fi to mobile", 20, True)
    with elsewhere.silence():
        guest.wait_for_timeout(10_000)
        shot(guest, "silent-10")
        print("meanwhile the light says:", guest.locator("#light-word").text_content(), "and the host sees that they are",
              "away" if away(host) else "there")
    now = comes_back(host, guest, was, now, "10 s of silence", 20, True)
    if not os.environ.get("LONG"):
        return
    with elsewhere.silence():
        guest.wait_for_timeout(40_000)
        shot(guest, "silent-40")
        shot(host, "silent-40-host")
    now = comes_back(host, guest, was, now, "40 s of silence", 60, False)
    road = elsewhere.road
    elsewhere.take("")
    guest.wait_for_timeout(10_000)
    shot(guest, "offline-10")
    elsewhere.take(road)
    now = comes_back(host, guest, was, now, "10 s without any network", 60, False)
    elsewhere.take("")
    guest.wait_for_timeout(40_000)
    elsewhere.take("wifi")
    now = comes_back(host, guest, was, now, "40 s without any network, then another", 60, False)
    with elsewhere.sleep():
        host.wait_for_timeout(30_000)
        shot(host, "lid-host")
    comes_back(host, guest, was, now, "30 s with the lid closed", 60, False)


def main():
    leave()
    elsewhere = Elsewhere()
    studio = Studio(HOME, http="0.0.0.0")
    there = f"http://{HOME}:{studio.http}"
    flags = [one + f", EXCLUDE {HOME}" if one.startswith("--host-resolver-rules") else one for one in FRUGAL]
    # Cameras are for secure pages alone, and what is not this machine is not secure by itself.
    flags.append(f"--unsafely-treat-insecure-origin-as-secure={there}")
    try:
        elsewhere.take("wifi")
        with sync_playwright() as playwright:
            chromium = playwright.chromium.launch(executable_path=kit.CHROMIUM, args=flags)
            other = playwright.chromium.launch(executable_path=elsewhere.browser(), args=flags)
            with reader(chromium, "host", 1280, 800, clock=SMALL, forgives="net::ERR_") as host, \
                    reader(other, "guest", 1280, 800, forgives="net::ERR_") as guest:
                enter(host, studio.address + "/room/hall", HOST)
                enter(guest, there + "/room/hall", GUEST)
                go_through(elsewhere, host, guest)
            other.close()
            chromium.close()
    finally:
        studio.close()
        elsewhere.close()


main()
