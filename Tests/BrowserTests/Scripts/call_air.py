# SPDX-License-Identifier: Apache-2.0
"""A meeting goes on air: H.264 goes through as it came, voices are mixed into AAC, and several pictures become one."""

import asyncio
import os
import pathlib
import sys
import time

from films import probe
from peers import publish
from studio import Studio


def ticks(pid):
    """What a process has used, in seconds."""
    try:
        words = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(") ", 1)[1].split()
        return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")
    except FileNotFoundError:
        return 0.0


def family(pid):
    """The process and its children."""
    children = [
        int(path.parent.name)
        for path in pathlib.Path("/proc").glob("[0-9]*/stat")
        if read(path).rsplit(") ", 1)[-1].split()[1:2] == [str(pid)]
    ]
    return [pid, *children]


def read(path):
    try:
        return path.read_text()
    except OSError:
        return ") ? 0"


def cost(pid, seconds):
    """Processors that the studio and its children use."""
    before = {one: ticks(one) for one in family(pid)}
    time.sleep(seconds)
    after = {one: ticks(one) for one in family(pid)}
    used = {one: (after[one] - before.get(one, 0)) / seconds for one in after}
    return used[pid], sum(used.values()) - used[pid]


def kinds(studio):
    # A head that comes again with another sound is a warning to ffprobe, and to players it is not.
    found = probe(studio.address + "/live/cast/index.m3u8", "-read_intervals", "%+2", level="error")
    return {one["codec_type"]: (one["codec_name"], one.get("width"), one.get("height")) for one in found["streams"]}


async def one():
    studio = Studio(more=["--air", "hall:cast"])
    try:
        calls = [await publish(studio.address + "/whip/hall", "video/H264")]
        await asyncio.sleep(8)
        found = await asyncio.to_thread(kinds, studio)
        print("one source:", found)
        if found != {"video": ("h264", 640, 360), "audio": ("aac", None, None)}:
            sys.exit(f"not what everybody plays: {found}")
        own, children = await asyncio.to_thread(cost, studio.program.pid, 8)
        print(f"one source on air: the studio {own:.3f}, its children {children:.3f} of a processor")
        calls.append(await publish(studio.address + "/whip/hall", "video/VP8"))
        for connection, _ in calls:
            await connection.close()
    finally:
        studio.close()


async def several():
    studio = Studio(more=["--air", "hall:cast", "--layout", "grid"])
    try:
        calls = [await publish(studio.address + "/whip/hall", codec) for codec in ("video/H264", "video/VP8")]
        await asyncio.sleep(10)
        found = await asyncio.to_thread(kinds, studio)
        print("two sources:", found)
        if found != {"video": ("h264", 1280, 720), "audio": ("aac", None, None)}:
            sys.exit(f"not what everybody plays: {found}")
        own, children = await asyncio.to_thread(cost, studio.program.pid, 5)
        print(f"two sources in one picture: the studio {own:.3f}, its children {children:.3f} of a processor")
        for connection, _ in calls:
            await connection.close()
    finally:
        studio.close()


began = time.monotonic()
asyncio.run(one())
asyncio.run(several())
print(f"took {time.monotonic() - began:.1f} s")
