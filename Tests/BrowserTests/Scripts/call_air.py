# SPDX-License-Identifier: Apache-2.0
"""A meeting goes on air: H.264 goes through as it came, and voices are mixed into AAC; the other way about, calls watch a
broadcast."""

import asyncio
import subprocess
import sys
import time

from airing import cost, family
from films import probe
from peers import frames, publish
from studio import Studio


def kinds(studio):
    # A head that comes again with another sound is a warning to ffprobe, and to players it is not.
    found = probe(studio.address + "/live/cast/index.m3u8", "-read_intervals", "%+2", level="error")
    return {one["codec_type"]: (one["codec_name"], one.get("width"), one.get("height")) for one in found["streams"]}


async def expect(studio, wanted, what):
    """The audience has this before long: an encoder of our own has to start first, on a machine that may be busy."""
    end = time.monotonic() + 40
    while True:
        found = await asyncio.to_thread(kinds, studio)
        if found == wanted or time.monotonic() > end:
            break
        await asyncio.sleep(1)
    print(f"{what}:", found)
    if found != wanted:
        sys.exit(f"not what everybody plays: {found}")


async def one():
    studio = Studio(more=["--air", "hall:cast"])
    try:
        calls = [await publish(studio.address + "/whip/hall", "video/H264")]
        await asyncio.sleep(4)
        await expect(studio, {"video": ("h264", 640, 360), "audio": ("aac", None, None)}, "one source")
        own, children = await asyncio.to_thread(cost, studio.program.pid, 8)
        print(f"one source on air: the studio {own:.3f}, its children {children:.3f} of a processor")
        calls.append(await publish(studio.address + "/whip/hall", "video/VP8"))
        for connection, _ in calls:
            await connection.close()
    finally:
        studio.close()


async def cast(name, *encoding):
    """A broadcast that came by RTMP is watched by WHEP: picture and sound, whatever they were."""
    studio = Studio()
    words = "ffmpeg -v error -re -f lavfi -i testsrc2=size=640x360:rate=25"
    words += " -f lavfi -i sine=frequency=440:sample_rate=44100"
    words += " -t 60 -c:v libx264 -preset ultrafast -pix_fmt yuv420p -g 50 -b:v 600k -c:a aac -f flv"
    words = words.split()
    words[-2:-2] = encoding
    encoder = subprocess.Popen([*words, f"rtmp://127.0.0.1:{studio.rtmp}/live/a-stream-key"])
    try:
        await asyncio.sleep(4)
        found, last = await frames(studio.address + "/whep/cast", 8)
        print(name, "by WHEP:", found, last)
        if found["video"] < 60 or found["audio"] < 150 or (last.width, last.height) != (640, 360):
            sys.exit(f"{name}: too little came")
        # Nobody watches any more: what was made for it ends.
        end = time.monotonic() + 20
        while len(family(studio.program.pid)) > 1:
            if time.monotonic() > end:
                sys.exit("something is still being made for nobody")
            await asyncio.sleep(0.2)
    finally:
        encoder.kill()
        studio.close()


began = time.monotonic()
asyncio.run(one())
asyncio.run(cast("pictures in their order", "-tune", "zerolatency", "-bf", "0"))
asyncio.run(cast("pictures that wait for later ones", "-bf", "2", "-b_strategy", "0"))
print(f"took {time.monotonic() - began:.1f} s")
