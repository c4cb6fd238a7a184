# SPDX-License-Identifier: Apache-2.0
"""A meeting of people of known colours goes on air: each is where the layout has them, with a name; who is in a group is on
no air and no tape; whatever beside the studio is killed comes back; a killed studio goes on; the door offers the broadcast."""

import contextlib
import json
import os
import pathlib
import sys
import time

from playwright.sync_api import sync_playwright

import kit
from airing import Audience, ask, children, cost, guest, holes, kill, log, near
from room_page import FLAGS, reader
from studio import Studio, post, until

RED, GREEN, BLUE, YELLOW = (220, 30, 30), (30, 200, 30), (40, 40, 220), (220, 210, 30)
MARK, SLATE = (29, 79, 92), (23, 66, 78)
NAMES = ["สมหญิง", "วิภา", "ผู้ช่วยศาสตราจารย์ น้ำผึ้ง ณ เชียงใหม่"]
MORE = ["--air", "hall:cast", "--layout", "speaker"]
FOLDER = pathlib.Path(kit.DATA) / "meetings" / "hall"


def css(colour):
    return "rgb({} {} {})".format(*colour)


def publish(who, colour, **on):
    who.evaluate("""async (name) => {
        const stream = colour(name, 320, 180, 10);
        stream.addTrack(tone().getTracks()[0]);
        await me.publish(stream);
    }""", css(colour))
    turn(who, camera=True, **on)


def turn(who, microphone=False, camera=False, screen=False):
    ask(who, "media", microphone=microphone, camera=camera, screen=screen)


def share(who):
    who.evaluate("""async (name) => {
        await me.up.getSenders()[2].replaceTrack(colour(name, 640, 360, 5).getVideoTracks()[0]);
    }""", css(YELLOW))


def sees(audience, places, what, seconds=25):
    """The audience's picture has these colours in these places; answers it."""
    last = []

    def found():
        last[:] = [audience.picture() or (last or [None])[0]]
        return last[0] and all(last[0].is_(colour, *place) for colour, place in places)

    with contextlib.suppress(SystemExit):
        until(found, seconds, what)
        last[0].save(kit.OUT / f"air-{what.replace(' ', '-')}.png")
        return last[0]
    if last and last[0]:
        last[0].save(kit.OUT / "air-failed.png")
        sys.exit(f"{what}: {[(colour, last[0].at(x + w // 2, y + h // 2)) for colour, (x, y, w, h) in places]}")
    sys.exit(f"{what}: there is no picture")


SPEAKER = [(YELLOW, (0, 90, 960, 540)), (RED, (960, 0, 320, 180)), (GREEN, (960, 180, 320, 180)),
           (BLUE, (960, 360, 320, 180))]
SIDE = [(YELLOW, (0, 180, 640, 360)), (RED, (640, 180, 640, 360))]
GRID = [(YELLOW, (0, 0, 640, 360)), (RED, (640, 0, 640, 360)), (GREEN, (0, 360, 640, 360)),
        (BLUE, (640, 360, 640, 360))]


def plate(picture, place):
    """How far a name reaches that stands at the lower left of a place."""
    x, y, width, height = place
    size = max(12, min(30, height // 16))
    count, reach = picture.white(x, y + height - size * 2, width, size * 2)
    if count < 20:
        sys.exit(f"no name at {place}: {count} white pixels")
    return reach


def layouts(audience, chair):
    first = sees(audience, SPEAKER, "the speaker layout", 40)
    if not near(first.at(1197, 56), MARK):
        sys.exit(f"the office's mark is not there: {first.at(1197, 56)}")
    ask(chair, "air", isOn=True, layout="side", person=None)
    sees(audience, SIDE, "a screen and who speaks")
    ask(chair, "air", isOn=True, layout="grid", person=None)
    grid = sees(audience, GRID, "the grid")
    red, green, blue = (plate(grid, place) for _, place in GRID[1:])
    # Each name is as wide as it is long.
    if not blue > 2 * red > 0 or not red > green:
        sys.exit(f"the names are not those: {red}, {green}, {blue}")
    print(f"every layout is as it should be; names reach to {red}, {green} and {blue} pixels")


def groups(audience, chair, apart):
    """Nobody sees or hears on air who is in a group."""
    turn(chair, camera=True, screen=True)
    until(lambda: audience.level() < -60, 30, "silence on air when nobody speaks")
    turn(apart, microphone=True, camera=True)
    until(lambda: audience.level() > -40, 30, "somebody to be heard on air")
    ask(chair, "groups.open", groups=[{"name": "ก", "people": [apart.evaluate("me.id")]}])
    ask(apart, "say", text="ในกลุ่ม")
    began = time.monotonic()
    sees(audience, [(YELLOW, (0, 0, 640, 360)), (RED, (640, 0, 640, 360)), (BLUE, (320, 360, 640, 360))], "the others")
    until(lambda: audience.level() < -60, 30, "silence from a group")
    if audience.picture().has(GREEN):
        sys.exit("somebody in a group is on air")
    time.sleep(max(0.0, 4 - (time.monotonic() - began)))
    ask(chair, "groups.close")
    everybody = [YELLOW, RED, GREEN, BLUE]
    until(lambda: (found := audience.picture()) and all(map(found.has, everybody)), 40, "everybody to be on air again")
    until(lambda: audience.level() > -40, 30, "who came back to be heard on air")
    turn(apart, camera=True)
    turn(chair, microphone=True, camera=True, screen=True)
    print("a group is neither seen nor heard on air")


def killed(audience, studio, listener):
    """Each program beside the studio, killed in the middle: another takes its place, and the call knows nothing of it."""
    listener.evaluate("""() => {
        window.longest_ = 0;
        let last = -1, at = performance.now();
        setInterval(async () => {
            const count = await me.heard(), now = performance.now();
            if (count !== last) [last, at] = [count, now];
            else window.longest_ = Math.max(window.longest_, now - at);
        }, 100);
    }""")
    own, beside = cost(studio.program.pid, 3)
    print(f"four sources in one picture: the studio {own:.3f}, its children {beside:.3f} of a processor")
    for what, word in [("decoder", "rawvideo pipe:1"), ("encoder", "libx264"), ("mixer", "amix")]:
        known = children(studio.program.pid, word)
        if not known:
            sys.exit(f"no {what}")
        for one in known:
            kill(one)
        before, began = audience.parts(), time.monotonic()
        fresh = lambda: set(children(studio.program.pid, word)) - set(known)  # noqa: E731
        until(lambda: len(set(audience.parts()) - set(before)) >= 3, 20, f"new parts after a {what} was killed")
        until(lambda: len(fresh()) == len(known), 30, f"another {what}")
        back = time.monotonic() - began
        moves(audience, f"the pictures after a {what} was killed")
        sees(audience, GRID, f"the grid after a {what} was killed")
        until(lambda: audience.level() > -40, 30, f"sound after a {what} was killed")
        print(f"another {what} after {back:.1f} s, everything as before after {time.monotonic() - began:.1f} s")
    longest = listener.evaluate("longest_")
    print(f"no sound in the call for {longest:.0f} ms at the longest")
    if longest > 1_500:
        sys.exit("the call was touched")


def moves(audience, what):
    """What moves at the upper edge of each of four pictures stands elsewhere."""
    def edges():
        found = audience.picture()
        return found and [[found.at(x + a, y)[2] > 128 for a in range(4, 640, 8)] for _, (x, y, _, _) in upper]

    upper = [(colour, (x, y + 12, width, height)) for colour, (x, y, width, height) in GRID if colour != BLUE]
    first = until(edges, 30, what)
    until(lambda: (now := edges()) and all(a != b for a, b in zip(first, now)), 30, what)


@contextlib.contextmanager
def crowd(address):
    """So many come in by the room's door that it says no; then they go again."""
    def said(path, words, token=""):
        fields = {"authorization": f"Bearer {token}"} if token else {}
        return post(f"{address}/room/hall/{path}", json.dumps(words).encode(), "application/json", **fields)

    tokens = []
    while (answer := said("people", {"name": f"ผู้ฟัง {len(tokens)}", "language": "th", "consent": True}))[0] == 201:
        tokens.append(json.loads(answer[2])["token"])
    if answer[0] != 503 or json.loads(answer[2])["code"] != "full" or len(tokens) < 400:
        sys.exit(f"after {len(tokens)} people the door says {answer}")
    yield
    for token in tokens:
        if (status := said("asks", {"ask": "leave"}, token)[0]) != 204:
            sys.exit(f"one of the crowd wants to go: {status}")


def overflow(chromium, studio):
    """At the door: who would rather listen, and who finds no room, watch on the same page."""
    for name, size in [("desktop", (1280, 800)), ("phone", (320, 640))]:
        is_full = name == "phone"
        full = crowd(studio.address) if is_full else contextlib.nullcontext()
        with full, reader(chromium, f"overflow-{name}", *size, forgives="503" if is_full else "") as page:
            page.goto(studio.address + "/room/hall", wait_until="domcontentloaded")
            page.wait_for_selector("body[data-place=door]")
            if is_full:
                page.fill("#entry-name", "มาสาย")
                page.wait_for_selector("#door-camera[aria-pressed=true]")
                page.click("#enter")
                page.wait_for_selector("#entry-said:has-text('ห้องเต็ม')")
            page.click("#overflow")
            frame = page.frame_locator("#watching-view iframe")
            video = frame.locator("video#picture")
            video.wait_for()
            plays = lambda: video.evaluate("(one) => one.videoWidth && !one.paused && one.currentTime")  # noqa: E731
            first = until(plays, 20, "the broadcast to play in the room's page")
            until(lambda: plays() > first + 1, 10, "the broadcast to go on playing")
            kit.check(page, f"overflow-{name}")
            page.click("#watching-back")
            page.wait_for_selector("body[data-place=door]")
            if page.locator("#watching-view iframe").count():
                sys.exit("what was watched goes on behind the door")
    print("who finds no room, or would rather listen, watches on the room's page")


def slate(audience, everybody):
    for who in everybody:
        turn(who)
    found = sees(audience, [(SLATE, (0, 0, 400, 300)), (SLATE, (900, 0, 380, 300))], "nobody there")
    letters, _ = found.white(300, 340, 680, 160)
    if letters < 1_500:
        sys.exit(f"there are no words on the slate: {letters} white pixels")
    until(lambda: audience.level() < -60, 30, "silence when nobody is there")
    print("nobody there: the slate, and silence")


def recalled(folder):
    """What was torn is finished, who was in a group has a hole in it, and what was going on goes on."""
    began = time.monotonic()
    studio = Studio(more=MORE)
    try:
        until(lambda: all(file.stat().st_mode & 0o222 == 0 for file in folder.iterdir()), 10, "what was torn to be finished")
        if not log(folder)[-1].get("isBroken"):
            sys.exit("nobody says that it was torn")
        with sync_playwright() as playwright:
            chromium = playwright.chromium.launch(executable_path=kit.CHROMIUM, args=FLAGS)
            chair = guest(chromium, studio, NAMES[0])
            publish(chair, RED, microphone=True)
            until(lambda: chair.evaluate("me.find('air').at(-1)?.layout === 'grid' && me.find('air').at(-1).isOn"), 10,
                  "the meeting to be on air again as it was")
            until(lambda: chair.evaluate("me.find('recording').at(-1)?.isOn"), 10, "the recording to go on")
            audience = until(lambda: suppressed(lambda: Audience(studio.address)), 40, "a broadcast again")
            sees(audience, [(RED, (0, 0, 1280, 720))], "who came back")
            chromium.close()
        print(f"on air and recording again {time.monotonic() - began:.1f} s after the studio was started anew")
    finally:
        studio.close()


def suppressed(work):
    with contextlib.suppress(OSError, StopIteration):
        return work()


def tracks(folder):
    """Of who was in a group nothing was recorded meanwhile; of the others everything."""
    owners = {line["source"]: line["name"] for line in log(folder) if line["kind"] == "owner"}
    found = {}
    for line in log(folder):
        if line["kind"] == "track" and line["what"] in ("camera", "microphone"):
            found[owners.get(line["source"], ""), line["what"]] = holes(folder / line["file"])
    print("longest pauses", found)
    if found[NAMES[1], "camera"] < 3.5:
        sys.exit("somebody in a group was recorded")
    if found[NAMES[2], "camera"] > 2:
        sys.exit("somebody who was in no group has a hole")
    if any(line["kind"] == "chat" and line["text"] == "ในกลุ่ม" for line in log(folder)):
        sys.exit("what was written in a group is in the log")


def main():
    os.makedirs(kit.OUT, exist_ok=True)
    began = time.monotonic()
    studio = Studio(more=MORE)
    try:
        with sync_playwright() as playwright:
            chromium = playwright.chromium.launch(executable_path=kit.CHROMIUM, args=FLAGS)
            run(studio, chromium)
            # In the middle of everything.
            studio.close()
            chromium.close()
    finally:
        studio.close()
    folder = sorted(one for one in FOLDER.iterdir() if (one / "log.jsonl").exists())[-1]
    recalled(folder)
    tracks(folder)
    print(f"took {time.monotonic() - began:.1f} s")


def run(studio, chromium):
    chair, apart, third = everybody = [guest(chromium, studio, name) for name in NAMES]
    ask(chair, "record", isOn=True)
    publish(chair, RED, microphone=True)
    publish(apart, GREEN)
    publish(third, BLUE)
    third.evaluate("me.watch()")
    share(chair)
    turn(chair, microphone=True, camera=True, screen=True)
    audience = until(lambda: suppressed(lambda: Audience(studio.address)), 40, "a broadcast")
    layouts(audience, chair)
    groups(audience, chair, apart)
    killed(audience, studio, third)
    overflow(chromium, studio)
    slate(audience, everybody)
    turn(chair, camera=True)
    sees(audience, [(RED, (0, 0, 1280, 720))], "the first to come back")


main()
