#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Draws the slates and writes them as clips that need no encoder any more: Sources/Wire/Slates.

usage: .venv/bin/python Tools/slates/draw.py [NAME...]     (needs chromium, ffmpeg and the Thai fonts of setup.sh)

A clip is 4.8 s: 144 pictures at 30 a second with a key frame every 1.6 s, 225 frames of sound at 48 kHz and 4,800
periods of 1 kHz, so that picture, sound and tone all end where they begin. It is a text of lines:
    microseconds LENGTH | avc RECORD | aac CONFIG | video MICROSECONDS key|other FRAME | audio MICROSECONDS FRAME
with everything binary in base64url without padding.
"""
import base64
import pathlib
import subprocess
import sys
import tempfile

from playwright.sync_api import sync_playwright

HERE = pathlib.Path(__file__).resolve().parent
SHELF = HERE.parent.parent / "Sources" / "Wire" / "Slates"
PICTURES, PER_SECOND, GROUP = 144, 30, 48
SOUNDS, PER_FRAME, RATE = 225, 1024, 48_000
# -23 LUFS: a sine of -23 dBFS in two channels. The silence is quiet sound, for players want a track of it.
SLATES = {
    "testCard": ("test-card.html", "0.070795*sin(2*PI*1000*t)", "96k"),
    "backSoon": ("back-soon.html", "0", "24k"),
}


def tags(path, kind):
    """The bodies of an FLV file's tags of one kind (8 sound, 9 picture)."""
    data = path.read_bytes()
    place = 13
    while place < len(data):
        length = int.from_bytes(data[place + 1:place + 4], "big")
        if data[place] == kind:
            yield data[place + 11:place + 11 + length]
        place += 11 + length + 4


def ffmpeg(*arguments, **more):
    return subprocess.run(["ffmpeg", "-v", "error", "-y", *arguments], check=True, **more)


def pictures(browser, page_name, target):
    page = browser.new_page(viewport={"width": 1280, "height": 720})
    page.goto((HERE / page_name).as_uri())
    page.evaluate("document.fonts.ready")
    shots = []
    for number in range(PICTURES):
        page.evaluate(f"show({number / PICTURES})")
        shots.append(page.screenshot())
    page.close()
    ffmpeg(
        "-f", "image2pipe", "-framerate", str(PER_SECOND), "-c:v", "png", "-i", "-", "-vf",
        "scale=in_range=pc:out_range=tv:out_color_matrix=bt709,format=yuv420p", "-c:v", "libx264", "-preset",
        "veryslow", "-crf", "19", "-bf", "0", "-g", str(GROUP), "-keyint_min", str(GROUP), "-sc_threshold", "0",
        "-profile:v", "main", "-level", "3.1", "-refs", "4", "-colorspace", "bt709", "-color_primaries", "bt709",
        "-color_trc", "bt709",
        # The encoder's advertisement of itself is left out.
        "-bsf:v", "filter_units=remove_types=6", target, input=b"".join(shots))
    head, *frames = [body for body in tags(pathlib.Path(target), 9) if body[0] & 15 == 7 and body[1] < 2]
    assert head[1] == 0 and len(frames) == PICTURES, len(frames)
    yield 0, f"avc {text(head[5:])}"
    for number, body in enumerate(frames):
        assert body[2:5] == b"\0\0\0" and (body[0] >> 4 == 1) == (number % GROUP == 0)
        time = round(number * 1_000_000 / PER_SECOND)
        yield time, f"video {time} {'key' if body[0] >> 4 == 1 else 'other'} {text(body[5:])}"


def sounds(wave, rate, target):
    """The second of three rounds, in which the encoder has forgotten how it began."""
    seconds = 3 * SOUNDS * PER_FRAME / RATE
    ffmpeg(
        "-f", "lavfi", "-i", f"aevalsrc={wave}|{wave}:s={RATE}:d={seconds}", "-c:a", "aac", "-b:a", rate, target)
    head, *frames = list(tags(pathlib.Path(target), 8))
    assert head[1] == 0 and len(frames) >= 3 * SOUNDS
    yield 0, f"aac {text(head[2:])}"
    for number, body in enumerate(frames[SOUNDS:2 * SOUNDS]):
        time = round(number * PER_FRAME * 1_000_000 / RATE)
        yield time, f"audio {time} {text(body[2:])}"


def text(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def main():
    SHELF.mkdir(exist_ok=True)
    with sync_playwright() as play, tempfile.TemporaryDirectory() as folder:
        browser = play.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--force-color-profile=srgb"])
        for name, (page, wave, rate) in SLATES.items():
            if sys.argv[1:] and name not in sys.argv[1:]:
                continue
            lines = [*pictures(browser, page, f"{folder}/v.flv"), *sounds(wave, rate, f"{folder}/a.flv")]
            configurations = [line for _, line in lines if line[:4] in ("avc ", "aac ")]
            samples = sorted((time, line) for time, line in lines if line[:4] not in ("avc ", "aac "))
            whole = [f"microseconds {PICTURES * 1_000_000 // PER_SECOND}", *configurations]
            whole += [line for _, line in samples]
            (SHELF / f"{name}.clip").write_text("\n".join(whole) + "\n")
            print(name, len(whole), "lines", (SHELF / f"{name}.clip").stat().st_size, "bytes")
        browser.close()


main()
