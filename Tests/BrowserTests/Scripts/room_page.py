# SPDX-License-Identifier: Apache-2.0
"""Pages of a meeting room in Chromium, for scripts that let them meet: what they see of one another, and pictures of them."""

import contextlib
import pathlib

import kit
from studio import until

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
    "--allow-loopback-in-peer-connection",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]
# A script that runs first has a scope of its own.
CALLS = (pathlib.Path(__file__).parent / "calls.js").read_text() + "\nObject.assign(globalThis, { clockCamera, readClock });\n"

# What is noted from the page's first moment on: its connections, and when somebody else's picture was there.
NOTES = """
window.calls_ = [];
window.RTCPeerConnection = class extends RTCPeerConnection {
  constructor(...how) { super(...how); window.calls_.push(this); }
};
window.enteredAt_ = 0;
addEventListener("submit", () => { window.enteredAt_ = performance.now(); }, true);
const look = () => {
  const all = [...document.querySelectorAll(".tile:not(.mirrored) video")];
  const seen = all.some((one) => one.videoWidth > 0 && one.readyState > 1);
  if (seen) window.seenAt_ = performance.now();
  else requestAnimationFrame(look);
};
requestAnimationFrame(look);
"""
# A camera that shows the time: its picture says how late it is.
CLOCK = """
const devices = navigator.mediaDevices, real = devices?.getUserMedia.bind(devices);
if (devices) devices.getUserMedia = async (wish) => (wish.video ? clockCamera(WIDTH, HEIGHT, RATE) : real(wish));
"""
# Where several browsers share a machine and how sharp they are is not what is looked at.
FRUGAL = [one.replace("media-stream", "media-stream=fps=10") if one.endswith("fake-device-for-media-stream") else one
          for one in FLAGS]
SMALL, LARGE = (640, 360, 12), (1280, 720, 30)
SIZES = {"desktop": (1280, 800), "phone": (320, 640)}


@contextlib.contextmanager
def reader(chromium, name, width, height, scheme="light", clock=None, forgives=None):
    """A page in a context of its own; its complaints fail the script at its end, but for those that have `forgives` in them.
    `clock` is how large a camera that shows the time is, and how many pictures it gives in a second."""
    context = chromium.new_context(
        viewport={"width": width, "height": height}, locale="th-TH", timezone_id="Asia/Bangkok", color_scheme=scheme
    )
    context.set_default_timeout(10_000)
    camera = CLOCK
    for word, value in zip(("WIDTH", "HEIGHT", "RATE"), clock or ()):
        camera = camera.replace(word, str(value))
    context.add_init_script(CALLS + NOTES + (camera if clock else ""))
    page = context.new_page()
    complaints = []
    page.on("pageerror", lambda error: complaints.append(f"uncaught: {error}"))
    def hear(one):
        if kit.is_complaint(one) and not (forgives and forgives in one.text):
            complaints.append(one.text)

    page.on("console", hear)
    try:
        yield page
        if complaints:
            raise kit.Wrong("the page complains:\n  " + "\n  ".join(complaints))
    except BaseException:
        with contextlib.suppress(Exception):
            kit.shot(page, f"failed-{name}")
        raise
    finally:
        context.close()


def enter(page, address, name):
    """Through the door, with this name."""
    knock(page, address, name)
    page.wait_for_selector("body[data-place=inside], body[data-place=lobby]")


def knock(page, address, name):
    """To the door, and asks to be let in."""
    # A video without frames holds back the page's `load`.
    with page.expect_response("**/about"):
        page.goto(address, wait_until="domcontentloaded")
    page.wait_for_selector("body[data-place=door]")
    # Who is invited by name comes in under that one.
    if name and page.is_editable("#entry-name"):
        page.fill("#entry-name", name)
    page.wait_for_selector("#door-camera[aria-pressed=true]")
    page.wait_for_selector("#door-microphone[aria-pressed=true]")
    page.click("#enter")


def tile(name):
    """The picture of the person of this name."""
    return f".tile:has(.name:text-is('{name}'))"


def clock(page, name):
    """The time that somebody's picture shows; nothing when it cannot be read."""
    code = "(one) => { const video = document.querySelector(`${one} video`); return video && readClock(video); }"
    return page.evaluate(code, f".tile[data-person='{person(page, name)}']")


def person(page, name):
    found = page.locator(tile(name))
    return found.first.get_attribute("data-person") if found.count() else ""


def pixels(page, name):
    """Somebody's picture, 16 × 9 pixels of it."""
    return page.evaluate("""(one) => {
        const video = document.querySelector(one)?.querySelector("video");
        if (!video?.videoWidth) return null;
        const canvas = document.createElement("canvas");
        [canvas.width, canvas.height] = [16, 9];
        const pen = canvas.getContext("2d", { willReadFrequently: true });
        pen.drawImage(video, 0, 0, 16, 9);
        return [...pen.getImageData(0, 0, 16, 9).data];
    }""", f".tile[data-person='{person(page, name)}']")


def flow(page, kind, direction, field):
    """The sum of a figure over all of the page's connections: `inbound` or `outbound`, `audio` or `video`."""
    return page.evaluate("""async ([kind, direction, field]) => {
        let sum = 0;
        for (const call of calls_.filter((one) => one.connectionState !== "closed")) {
            for (const one of (await call.getStats()).values()) {
                if (one.type === `${direction}-rtp` && one.kind === kind) sum += one[field] ?? 0;
            }
        }
        return sum;
    }""", [kind, direction, field])


def flows(page, kind, direction, field, what, seconds=8):
    """Waits until a figure grows."""
    before = flow(page, kind, direction, field)
    until(lambda: flow(page, kind, direction, field) > before or page.wait_for_timeout(100), seconds, what)


def moves(page, name, what, seconds=12):
    """Somebody's picture is there, and another one a moment later."""
    first = until(lambda: pixels(page, name) or page.wait_for_timeout(50), seconds, what)
    until(lambda: pixels(page, name) not in (None, first) or page.wait_for_timeout(50), 6, f"{what}, and that it moves")


def silent(page, what):
    """No packet of sound comes for a second."""
    def still():
        before = flow(page, "audio", "inbound", "packetsReceived")
        page.wait_for_timeout(1_000)
        return flow(page, "audio", "inbound", "packetsReceived") - before < 3
    until(still, 8, what)


def said(page, words):
    """The short word that comes up and says this; it is closed, so that the next one is not taken for it."""
    toast = page.locator(".toast", has_text=words).first
    toast.wait_for()
    toast.locator(".close").click()


def wires(page):
    """The page's calls: which they are, and by which words both ends know each other. A restart of ICE changes the words,
    a new call is another one."""
    return page.evaluate("""calls_.map((call, at) => [at, call]).filter(([, call]) => call.connectionState === "connected")
        .map(([at, call]) => [at, ...[call.localDescription, call.remoteDescription].map(({ sdp }) =>
            /a=ice-ufrag:(\\S+)/.exec(sdp)[1])])""")


def leads(page):
    """What hosts have, on the side."""
    if not page.locator("#panel-hosts:visible").count():
        menu(page, "#bar-more", "ผู้ดูแล")
    page.wait_for_selector("#panel-hosts:visible")


def shot(page, name):
    """A picture of what is seen now, without anything else being looked at."""
    page.screenshot(path=str(kit.OUT / f"{name}.png"))


def menu(page, opener, word):
    """Opens a menu and takes what is called so."""
    page.locator(opener).first.dispatch_event("click")
    page.locator("#menu li button", has_text=word).first.click()


def look(page, name, sizes=SIZES, schemes=("light", "dark")):
    """Pictures of a state at both sizes and in both schemes; axe and the width where it is hardest."""
    before = page.viewport_size
    for size, (width, height) in sizes.items():
        page.set_viewport_size({"width": width, "height": height})
        for scheme in schemes:
            page.emulate_media(color_scheme=scheme)
            page.wait_for_timeout(350)
            page.screenshot(path=str(kit.OUT / f"{name}-{size}-{scheme}.png"))
            if (size, scheme) in {("desktop", "light"), ("phone", "dark")}:
                kit.axe(page)
                kit.narrow(page)
    page.set_viewport_size(before)
    page.emulate_media(color_scheme="light")
