# SPDX-License-Identifier: Apache-2.0
"""Other programs than browsers publish and play: aiortc both ways, GStreamer's webrtcbin both ways."""

import asyncio
import pathlib
import subprocess
import sys
import time

from peers import frames, publish
from studio import Studio, post


def is_striped(frame):
    light, middle = frame.planes[0], frame.height // 2 * frame.planes[0].line_size
    row = bytes(light)[middle : middle + frame.width]
    return row[frame.width // 4] > 180 and row[3 * frame.width // 4] < 80


async def aiortc(studio):
    connection, session = await publish(studio.address + "/whip/hall")
    found, last = await frames(studio.address + "/whep/hall", 5)
    print("aiortc plays what aiortc publishes:", found, last)
    if found["video"] < 40 or found["audio"] < 100 or not is_striped(last):
        sys.exit("aiortc did not play what aiortc published")
    await asyncio.to_thread(gstreamer, "play", studio.address + "/whep/hall")
    status, _, _ = await asyncio.to_thread(post, session, b"", "x/y", "DELETE")
    if status != 200:
        sys.exit(f"DELETE: {status}")
    await connection.close()


def gstreamer(what, address):
    """GStreamer's Python is Debian's, not that of the tests."""
    script = pathlib.Path(__file__).parent / "call_gstreamer.py"
    done = subprocess.run(["/usr/bin/python3", script, what, address], capture_output=True, text=True, timeout=40)
    print(done.stdout.strip())
    if done.returncode != 0:
        sys.exit(f"GStreamer could not {what}: {done.stdout} {done.stderr[-1500:]}")


async def published_by_gstreamer(studio):
    task = asyncio.create_task(asyncio.to_thread(gstreamer, "publish", studio.address + "/whip/hall"))
    await asyncio.sleep(4)
    found, last = await frames(studio.address + "/whep/hall", 5)
    print("aiortc plays what GStreamer publishes:", found, last)
    if found["video"] < 30 or found["audio"] < 50:
        sys.exit("aiortc did not play what GStreamer published")
    await task


async def main():
    studio = Studio()
    try:
        await aiortc(studio)
        await published_by_gstreamer(studio)
    finally:
        studio.close()


began = time.monotonic()
asyncio.run(main())
print(f"took {time.monotonic() - began:.1f} s")
