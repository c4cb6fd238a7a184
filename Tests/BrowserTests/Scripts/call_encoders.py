# SPDX-License-Identifier: Apache-2.0
"""What Chromium's own encoders send is recorded, whatever the format: AV1, VP9 in spatial layers, VP8 and H.264 in several
encodings. ffprobe finds nothing wrong with it, ffmpeg decodes all of it, and one film shows all of them."""

import json
import os
import pathlib
import re
import subprocess
import sys
import time

from playwright.sync_api import sync_playwright

import kit
from airing import COLOUR, Picture, log
from calls_kit import FLAGS, page
from films import decode, probe
from studio import Studio, post, until

FOLDER = pathlib.Path(kit.DATA) / "meetings" / "hall"
SIZES = "[{ rid: 'q', scaleResolutionDownBy: 4 }, { rid: 'h', scaleResolutionDownBy: 2 }, { rid: 'f' }]"
SENDERS = {
    "vp8": ((220, 30, 30), SIZES),
    "h264": ((30, 200, 30), SIZES),
    "vp9": ((40, 40, 220), "[{ scalabilityMode: 'L3T3_KEY' }]"),
    "av1": ((220, 210, 30), "[{ scalabilityMode: 'L1T2' }]"),
}
SECONDS = 6


def record(studio, chromium):
    newcomer = json.dumps({"name": "ประธาน"}).encode()
    _, _, body = post(studio.address + "/room/hall/people", newcomer, "application/json")
    token = {"authorization": "Bearer " + json.loads(body)["token"]}

    def ask(**words):
        status, _, said = post(studio.address + "/room/hall/asks", json.dumps(words).encode(), "application/json", **token)
        if status != 204:
            sys.exit(f"{words}: {status} {said}")

    sender = page(chromium, studio)
    sender.add_script_tag(content=COLOUR)
    ask(ask="record", isOn=True)
    for codec, (colour, encodings) in SENDERS.items():
        sender.evaluate(f"""async () => {{
            const stream = colour("rgb({" ".join(map(str, colour))})", 640, 360, 15);
            if ("{codec}" === "vp8") stream.addTrack(tone().getTracks()[0]);
            await publish("{studio.address}/whip/hall", stream, {{ codec: "{codec}", encodings: {encodings} }});
        }}""")
    folder = until(lambda: FOLDER.exists() and [one for one in FOLDER.iterdir() if one.is_dir()], 5, "a recording")[0]
    began = lambda: [one for one in log(folder) if one["kind"] == "track"]  # noqa: E731
    until(lambda: (folder / "log.jsonl").exists() and len(began()) == 5, 20, "five tracks")
    sender.wait_for_timeout(SECONDS * 1_000)
    ask(ask="record", isOn=False)
    until(lambda: all(file.stat().st_mode & 0o222 == 0 for file in folder.iterdir()), 10, "the recording to be finished")
    return folder


def frames(file, *decoder):
    """Sizes of all decoded pictures."""
    words = ["ffmpeg", "-hide_banner", "-nostats", *decoder, "-i", str(file), "-autoscale", "0", "-vf", "showinfo"]
    words += ["-fps_mode", "passthrough", "-f", "null", "-"]
    done = subprocess.run(words, capture_output=True, text=True, timeout=60)
    if done.returncode != 0:
        sys.exit(f"ffmpeg {file}: {done.stderr[-800:]}")
    return [f"{found[1]},{found[2]}" for found in re.finditer(r" s:(\d+)x(\d+) ", done.stderr)]


def check(folder):
    for file in sorted(one for one in folder.iterdir() if one.suffix in (".webm", ".mkv")):
        stream = probe(file)["streams"][0]
        decode(file)
        packets = int(stream["nb_read_packets"])
        if stream["codec_type"] == "audio":
            print(file.name, packets, "packets")
            continue
        codec = file.stem.split("-")[1]
        # Of spatial layers libvpx shows the largest, as players do.
        sizes = frames(file, *(["-c:v", "libvpx-vp9"] if codec == "vp9" else []))
        print(file.name, stream["codec_name"], packets, "packets", len(sizes), "pictures, the last", sizes[-1])
        # A browser on a busy machine sends its largest encoding late, or not at all.
        if packets < 6 * SECONDS or len(sizes) != packets or sizes[-1] not in ("640,360", "320,180"):
            sys.exit(f"{file.name}: not all of it: {packets} packets, {len(sizes)} pictures, {set(sizes)}")
    found = sorted(line["file"].split("-")[1].split(".")[0] for line in log(folder) if line["kind"] == "track")
    if found != ["av1", "h264", "opus", "vp8", "vp9"]:
        sys.exit(f"not what was published: {found}")


def film(folder):
    began = time.monotonic()
    words = [os.environ["PROGRAM"], "film", "--data", str(kit.DATA), "--meeting", "hall", "--recording", folder.name]
    done = subprocess.run([*words, "--layout", "grid"], capture_output=True, text=True, timeout=120)
    file = folder / "film.mp4"
    if done.returncode != 0 or not file.exists():
        sys.exit(f"no film: {done.returncode} {done.stdout[-800:]} {done.stderr[-800:]}")
    found = probe(file)
    decode(file)
    whole = float(found["format"]["duration"])
    words = ["ffmpeg", "-v", "error", "-ss", str(whole - 2), "-i", file, "-frames:v", "1", "-vf", "scale=1280:720"]
    shown = subprocess.run([*words, "-f", "rawvideo", "-pix_fmt", "rgb24", "-"], capture_output=True, timeout=60).stdout
    picture = Picture(shown)
    picture.save(kit.OUT / "film-of-encoders.png")
    print(f"a film of {whole:.1f} s after {time.monotonic() - began:.1f} s")
    places = [(0, 0), (640, 0), (0, 360), (640, 360)]
    for (codec, (colour, _)), place in zip(SENDERS.items(), places):
        if not picture.is_(colour, *place, 640, 360):
            sys.exit(f"{codec} is not where it should be: {picture.at(place[0] + 320, place[1] + 180)}")


def main():
    os.makedirs(kit.OUT, exist_ok=True)
    began = time.monotonic()
    studio = Studio()
    try:
        with sync_playwright() as playwright:
            chromium = playwright.chromium.launch(executable_path=kit.CHROMIUM, args=FLAGS)
            folder = record(studio, chromium)
            chromium.close()
    finally:
        studio.close()
    check(folder)
    film(folder)
    print(f"took {time.monotonic() - began:.1f} s")


main()
