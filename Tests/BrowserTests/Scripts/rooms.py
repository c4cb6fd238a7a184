# SPDX-License-Identifier: Apache-2.0
"""Chromium in a meeting's room by signalling.md alone: a picture and a voice go up and come down; what is switched off, hard
muted, or in another group arrives nowhere; the seat comes back with its events; a listener publishes nothing."""

import pathlib
import sys
import time

from playwright.sync_api import sync_playwright

import kit
from calls_kit import FLAGS, page
from studio import Studio, until

SCRIPT = (pathlib.Path(__file__).parent / "rooms.js").read_text()


def guest(chromium, studio, name, room="hall", **more):
    """A page with one person of the room in it."""
    new = page(chromium, studio)
    new.add_script_tag(content=SCRIPT + "\nwindow.Guest = Guest;")
    new.evaluate(
        "async ([base, who]) => { window.me = new Guest(base); await me.enter(who); }",
        [f"{studio.address}/room/{room}", {"name": name, **more}])
    until(lambda: new.evaluate("me.find('state').length > 0"), 5, f"{name} to be told of everything")
    return new


def ask(who, ask, **more):
    return who.evaluate("([ask, more]) => me.ask(ask, more)", [ask, more])


def identity(who):
    return who.evaluate("me.id")


def publish(who, width=640, height=360):
    code = """async ([width, height]) => {
      const stream = clockCamera(width, height, 25);
      stream.addTrack(tone().getTracks()[0]);
      return me.publish(stream);
    }"""
    if who.evaluate(code, [width, height]) != 204:
        sys.exit("the tracks were not taken")


def late(who, person):
    who.evaluate("(person) => me.show(person)", person)
    found = who.evaluate("me.video ? readClock(me.video) : null")
    return found and found["late"]


def sees(who, person, what):
    until(lambda: (late(who, person) or 9_999) < 2_000, 15, what)


def sees_nothing(who, person, what):
    """No frame is new for a second."""
    def count():
        return who.evaluate("""async () => { let frames = 0; for (const one of (await me.down.getStats()).values())
          if (one.type === 'inbound-rtp' && one.kind === 'video') frames += one.framesDecoded ?? 0; return frames; }""")

    def still():
        before = count()
        time.sleep(1)
        return count() == before

    until(still, 10, what)


def silent(who, what):
    def still():
        before = who.evaluate("me.heard()")
        time.sleep(1)
        return who.evaluate("me.heard()") - before < 5

    until(still, 10, what)


def hears(who, what):
    before = who.evaluate("me.heard()")
    until(lambda: who.evaluate("me.heard()") > before + 20, 10, what)


def main():
    studio = Studio()
    try:
        with sync_playwright() as playwright:
            chromium = playwright.chromium.launch(executable_path=kit.CHROMIUM, args=FLAGS)
            run(studio, chromium)
            chromium.close()
    finally:
        studio.close()


def run(studio, chromium):
    chair, speaker, viewer = (guest(chromium, studio, name) for name in ["ประธาน", "ผู้พูด", "ผู้ชม"])
    me = identity(speaker)
    publish(speaker)
    viewer.evaluate("me.watch()")
    chair.evaluate("me.watch()")
    speaker.evaluate("me.watch()")
    time.sleep(1.5)
    if viewer.evaluate("me.heard()") > 0:
        sys.exit("a microphone that is off was heard")
    began = time.monotonic()
    if ask(speaker, "media", microphone=True, camera=True, screen=False) != 204:
        sys.exit("the camera cannot be switched on")
    for who in (viewer, chair):
        ask(who, "watch", wishes=[{"person": me, "kind": "camera", "importance": "visible", "height": 360}])
    sees(viewer, me, "a picture")
    print(f"a picture came {time.monotonic() - began:.2f} s after it was switched on")
    hears(viewer, "a voice")
    if speaker.evaluate("me.heard()") > 0:
        sys.exit("somebody hears themselves")
    until(lambda: viewer.evaluate("me.find('speaker').at(-1)?.person") == me, 10, "who speaks to be told")
    until(lambda: viewer.evaluate("me.find('line').length > 0"), 5, "how the line is")
    groups(chair, speaker, viewer, me)
    mutes(chair, speaker, viewer, me)
    returns(speaker, viewer, me)
    listens(chair, speaker, viewer, me)
    print("what is told, shown and heard in a room is what it should be")


def groups(chair, speaker, viewer, me):
    """Another group is neither seen nor heard; everybody is back without a new connection."""
    other = identity(viewer)
    ask(chair, "groups.open", groups=[{"name": "ก", "people": [me]}, {"name": "ข", "people": [other]}])
    sees_nothing(viewer, me, "no picture of another group")
    silent(viewer, "no voice of another group")
    ask(chair, "groups.move", person=other, group=1)
    sees(viewer, me, "a picture within the group")
    hears(viewer, "a voice within the group")
    ask(chair, "groups.close")
    sees(viewer, me, "a picture when the groups are over")
    print("groups see and hear only themselves")


def mutes(chair, speaker, viewer, me):
    ask(chair, "mute", person=me, what="microphone", hard=True)
    silent(viewer, "no voice after a hard mute")
    refused = ask(speaker, "media", microphone=True, camera=True, screen=False)
    if refused == 204 or refused["code"] != "hardMuted" or not refused["sentence"]["th"]:
        sys.exit(f"a hard mute was undone by its target: {refused}")
    ask(chair, "allow", person=me, what="microphone", allowed=True)
    ask(speaker, "media", microphone=True, camera=True, screen=False)
    hears(viewer, "a voice after the mute")
    ask(chair, "stopVideo", person=me)
    sees_nothing(viewer, me, "no picture after it was stopped")
    ask(speaker, "media", microphone=True, camera=True, screen=False)
    sees(viewer, me, "a picture when it was switched on again")
    print("mutes hold, and end")


def returns(speaker, viewer, me):
    """A broken stream loses no event, and no picture."""
    viewer.evaluate("me.cut.abort()")
    until(lambda: speaker.evaluate(f"me.find('person').some(({{person}}) => person.id === '{identity(viewer)}' && person.away)"),
          5, "that somebody is away")
    viewer.evaluate("me.events = []")
    ask(speaker, "say", text="ขณะที่ไม่อยู่")
    viewer.evaluate("void me.listen()")
    until(lambda: viewer.evaluate("me.find('chat').length === 1"), 5, "what was missed")
    if viewer.evaluate("me.find('state').length") != 0:
        sys.exit("everything was told again to who missed one event")
    sees(viewer, me, "the picture goes on")
    print("a seat comes back with what it missed")


def listens(chair, speaker, viewer, me):
    ask(chair, "role", person=me, role="listener")
    sees_nothing(viewer, me, "no picture of a listener")
    until(lambda: speaker.evaluate("me.up.getSenders()[0].transport.state === 'closed'"), 5, "the call of a listener to end")
    status = speaker.evaluate("me.fetch('/calls/up', { method: 'POST', headers: { 'content-type': 'application/sdp' }, "
                              "body: me.up.localDescription.sdp }).then(({ status }) => status)")
    if status != 403:
        sys.exit(f"a listener may call up: {status}")
    print("a listener publishes nothing")


main()
