# SPDX-License-Identifier: Apache-2.0
"""Chromium publishes by WHIP and plays by WHEP: pictures that carry their own time arrive, soon and whole; a restart of
ICE keeps them going; either end's goodbye is heard; strangers get no answer; a broadcast takes a browser as its encoder."""

import contextlib
import json
import pathlib
import random
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

from playwright.sync_api import sync_playwright

import kit
from calls_kit import FLAGS, page
from studio import Studio, port, post, until


def publish(page, address, **how):
    code = """async ([address, how]) => {
      const stream = clockCamera(1280, 720, 30);
      stream.addTrack(tone().getTracks()[0]);
      window.call_ = await publish(address, stream, how);
    }"""
    page.evaluate(code, [address, how])


def play(page, address, **how):
    page.evaluate("async ([address, how]) => { window.call_ = await play(address, how); }", [address, how])


def picture(page):
    return page.evaluate("readClock(call_.video)")


def figures(page):
    return page.evaluate("figures(call_)")


def first_picture(page, address, **how):
    began = time.monotonic()
    play(page, address, **how)
    until(lambda: picture(page), 10, "a first picture")
    return time.monotonic() - began


def watch(studio, chromium):
    """A meeting: somebody publishes three sizes, two play; the second one costs the publisher no key frame."""
    hall = studio.address + "/w%sp/hall"
    publisher, viewer, late = page(chromium, studio), page(chromium, studio), page(chromium, studio)
    sizes = [{"rid": "q", "scaleResolutionDownBy": 4}, {"rid": "h", "scaleResolutionDownBy": 2}, {"rid": "f"}]
    publish(publisher, hall % "hi", encodings=sizes)
    took = first_picture(viewer, hall % "he")
    print(f"the first picture came after {took:.2f} s")
    lateness = []
    end = time.monotonic() + 6
    while time.monotonic() < end:
        if found := picture(viewer):
            lateness.append(found["late"])
        viewer.wait_for_timeout(100)
    lateness.sort()
    print(f"pictures were {lateness[len(lateness) // 2]} ms late (median of {len(lateness)}), {lateness[-1]} ms at most")
    if len(lateness) < 10 or lateness[len(lateness) // 2] > 1_500:
        sys.exit(f"too few pictures, or too late: {lateness}")
    found = figures(viewer)
    print(json.dumps(found))
    if found["protection"] != "SRTP_AEAD_AES_128_GCM" or found["inbound video"]["frames"] < 30:
        sys.exit(f"not protected as it should be, or too few frames: {found}")
    if found["inbound audio"]["packets"] < 100:
        sys.exit(f"too little sound: {found}")
    viewer.screenshot(path=kit.OUT / "played.png")
    asked = sum(one.get("plis") or 0 for name, one in figures(publisher).items() if name.startswith("outbound video"))
    print(f"a later viewer saw a picture after {first_picture(late, hall % 'he'):.2f} s")
    more = sum(one.get("plis") or 0 for name, one in figures(publisher).items() if name.startswith("outbound video"))
    print(f"key frames asked of the publisher: {asked}, with the later viewer {more}")
    return publisher, viewer, late


def framed(studio, chromium):
    """Where no UDP gets through, the same goes by TCP."""
    viewer = page(chromium, studio)
    took = first_picture(viewer, studio.address + "/whep/hall", isByTCP=True)
    print(f"by TCP the first picture came after {took:.2f} s")
    viewer.wait_for_timeout(2_000)
    pair = """call_.getReceivers()[0].transport.iceTransport.getSelectedCandidatePair().remote.protocol"""
    found = picture(viewer)
    if viewer.evaluate(pair) != "tcp" or not found or found["late"] > 3_000:
        sys.exit(f"it did not go by TCP, or came late: {viewer.evaluate(pair)} {found}")
    viewer.close()


@contextlib.contextmanager
def relay(secret):
    """Debian's coturn with a secret that the studio knows; the words that tell the studio of it."""
    place = port()
    words = f"turnserver -n -L 127.0.0.1 -p {place} --use-auth-secret --static-auth-secret={secret} --realm=example.ac.th"
    words += " --allow-loopback-peers --no-tls --no-dtls --no-cli --log-file=/dev/null --pidfile=/dev/null"
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    helper = subprocess.Popen(words.split(), **quiet)
    file = pathlib.Path(kit.DATA).parent / "turn.secret"
    file.write_text(secret + "\n")
    try:
        yield ["--turn", f"turn:127.0.0.1:{place}?transport=udp", "--turn-secret", str(file)]
    finally:
        helper.kill()
        helper.wait()


def relayed(studio, chromium, viewer):
    """Where nothing else gets through, it goes by the TURN server that every answer names."""
    helpers = viewer.evaluate("call_.helpers")
    if len(helpers) != 1:
        sys.exit(f"the answer names no TURN server: {helpers}")
    hidden = page(chromium, studio)
    print(f"by TURN the first picture came after {first_picture(hidden, studio.address + '/whep/hall', helpers=helpers):.2f} s")
    pair = """call_.getReceivers()[0].transport.iceTransport.getSelectedCandidatePair().local.type"""
    if hidden.evaluate(pair) != "relay":
        sys.exit(f"it did not go by TURN: {hidden.evaluate(pair)}")
    hidden.close()


def restarts(publisher, viewer):
    tags = publisher.evaluate("restart(call_)")
    if tags["before"] == tags["after"]:
        sys.exit("the session's tag did not change with its restart")
    before = picture(viewer)["shown"]
    until(lambda: (picture(viewer) or {}).get("shown", before) != before, 3, "a new picture after the restart")
    viewer.wait_for_timeout(1_500)
    found = picture(viewer)
    if not found or found["late"] > 3_000:
        sys.exit(f"the picture did not stay after the restart: {found}")
    print("a restart of ICE kept the picture")


def goodbyes(studio, publisher, viewer, late):
    """DELETE ends it for the browser; a browser that closes is noticed."""
    if viewer.evaluate("fetch(call_.session, { method: 'DELETE' }).then(({ status }) => status)") != 200:
        sys.exit("DELETE is not answered by 200")
    closed = "call_.getReceivers()[0].transport.state === 'closed'"
    until(lambda: viewer.evaluate(closed), 3, "that the player hears goodbye")
    session = late.evaluate("call_.session")
    late.evaluate("call_.close()")

    def gone():
        request = urllib.request.Request(session, method="PATCH", data=b"a=end-of-candidates\r\n")
        request.add_header("content-type", "application/trickle-ice-sdpfrag")
        try:
            return urllib.request.urlopen(request).status == 404
        except urllib.error.HTTPError as error:
            return error.code == 404

    until(gone, 3, "that the studio hears goodbye")
    print("goodbyes are heard both ways")


def refusals(studio):
    """Every refusal has its status."""
    hall, keyed = studio.address + "/whip/hall", studio.address + "/whip/keyed"
    expected = [
        ((hall, b"v=0", "text/plain"), 415), ((hall, b"nonsense"), 400), ((studio.address + "/whip/none", b"v=0"), 404),
        ((keyed, b"v=0"), 401), ((hall + "/none", b"a=x", "application/trickle-ice-sdpfrag", "PATCH"), 404),
        ((hall + "/none", b"", "x/y", "DELETE"), 404), ((hall + "/none", b"a=x", "x/y", "PATCH"), 415),
        ((studio.address + "/whip/cast", b"v=0"), 401),
    ]
    for question, status in expected:
        found, headers, body = post(*question)
        if found != status:
            sys.exit(f"{question}: {found} {body}, not {status}")
    preflight = urllib.request.urlopen(urllib.request.Request(hall, method="OPTIONS"))
    if preflight.status != 204 or "PATCH" not in preflight.headers["access-control-allow-methods"]:
        sys.exit(f"OPTIONS: {preflight.status} {preflight.headers}")
    print("every refusal has its status")


def strangers(studio, viewer):
    """Whatever is sent to the port by somebody who proved nothing is dropped without an answer, and nobody notices."""
    dice = random.Random(5)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        line.settimeout(0.3)
        line.connect(("127.0.0.1", studio.udp))
        check = bytes([0, 1, 0, 0]) + bytes([0x21, 0x12, 0xA4, 0x42]) + dice.randbytes(12)
        named = bytes([0, 1, 0, 20]) + check[4:20] + bytes([0, 6, 0, 13]) + b"abcdefgh:ijkl" + bytes(3)
        line.send(check)
        line.send(named)
        for first in [0x16, 0x14, 0x80, 0x90, 0x40, 0xFF, 0x00, 0x01]:
            for _ in range(100):
                line.send(bytes([first]) + dice.randbytes(dice.randrange(1_400)))
        line.send(b"")
        with contextlib.suppress(TimeoutError):
            sys.exit(f"a stranger was answered: {line.recv(2_000)}")
    with socket.create_connection(("127.0.0.1", studio.udp)) as line:
        line.sendall(b"\xff\xff" + dice.randbytes(2_000))
        if line.recv(100):
            sys.exit("a stranger's frame was answered")
    counted = dict(re.findall(r"^(sanyan_meetings_\w+) (\d+)$", metrics(studio), re.MULTILINE))
    if int(counted["sanyan_meetings_strangers_total"]) < 500 or int(counted["sanyan_meetings_false_checks_total"]) < 2:
        sys.exit(f"strangers were not counted: {counted}")
    found = picture(viewer)
    if not found or found["late"] > 3_000:
        sys.exit(f"the picture suffered from strangers: {found}")
    print("strangers get no answer, and nobody notices")


def broadcast(studio, chromium):
    """A browser as a broadcast's encoder: the audience gets H.264 and Opus by HLS."""
    encoder = page(chromium, studio)
    publish(encoder, studio.address + "/whip/cast", key="a-stream-key", codec="h264")

    def listed():
        with contextlib.suppress(urllib.error.HTTPError):
            with urllib.request.urlopen(studio.address + "/live/cast/v0.plain.m3u8") as answer:
                text = answer.read().decode()
            return text if text.count("#EXTINF") >= 2 else ""
        return ""

    text = until(listed, 20, "two segments of the broadcast")
    base = studio.address + "/live/cast/"
    first = re.search(r'#EXT-X-MAP:URI="([^"]+)"', text).group(1)
    segment = next(line for line in text.splitlines() if line and not line.startswith("#"))
    file = kit.OUT / "cast.mp4"
    file.write_bytes(b"".join(urllib.request.urlopen(base + name).read() for name in (first, segment)))
    words = "ffprobe -v error -count_frames -show_entries stream=codec_name,nb_read_frames -of csv=p=0".split()
    found = subprocess.run([*words, str(file)], capture_output=True, text=True, check=True)
    print("the audience gets", found.stdout.split())
    kinds = dict(line.split(",")[:2] for line in found.stdout.split())
    if found.stderr or set(kinds) != {"h264", "opus"} or int(kinds["h264"]) < 20 or int(kinds["opus"]) < 40:
        sys.exit(f"not what was published: {found}")
    viewer = page(chromium, studio)
    print(f"by WHEP the broadcast's first picture came after {first_picture(viewer, studio.address + '/whep/cast'):.2f} s")
    viewer.wait_for_timeout(2_000)
    found = picture(viewer)
    if not found or found["late"] > 3_000:
        sys.exit(f"by WHEP the broadcast is late: {found}")
    # Who fetched a segment above is forgotten after three target durations; who plays by WHEP stays.
    viewer.wait_for_timeout(7_000)
    figure = re.search(r'^sanyan_broadcast_viewers\{broadcast="cast"\} (\d+)$', metrics(studio), re.MULTILINE)
    if int(figure.group(1)) != 1:
        sys.exit(f"who plays by WHEP does not count: {figure.group(0)}")
    status, _, body = post(studio.address + "/whip/cast", encoder.evaluate("call_.localDescription.sdp").encode(),
                           authorization="Bearer a-stream-key")
    if status != 409:
        sys.exit(f"a second publisher: {status} {body}")
    encoder.close()
    closed = "call_.getReceivers()[0].transport.state === 'closed'"
    until(lambda: viewer.evaluate(closed), 10, "that the broadcast's player hears goodbye")
    if post(studio.address + "/whep/cast", viewer.evaluate("call_.localDescription.sdp").encode())[0] != 503:
        sys.exit("a broadcast without its publisher is not said to be silent")


def metrics(studio):
    return urllib.request.urlopen(studio.address + "/metrics").read().decode()


def main():
    with relay("a-secret-for-the-test") as words:
        run(Studio(more=words))


def run(studio):
    try:
        with sync_playwright() as playwright:
            chromium = playwright.chromium.launch(executable_path=kit.CHROMIUM, args=FLAGS)
            publisher, viewer, late = watch(studio, chromium)
            framed(studio, chromium)
            relayed(studio, chromium, viewer)
            restarts(publisher, viewer)
            strangers(studio, viewer)
            refusals(studio)
            goodbyes(studio, publisher, viewer, late)
            publisher.close()
            broadcast(studio, chromium)
            chromium.close()
    finally:
        studio.close()


main()
