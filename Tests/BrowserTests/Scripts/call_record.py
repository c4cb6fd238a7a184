# SPDX-License-Identifier: Apache-2.0
"""A meeting is recorded as it comes: the files are whole after kill -9, finished when the studio comes back, and become
one film when somebody asks."""

import asyncio
import json
import os
import pathlib
import subprocess
import sys
import time

import kit
from films import decode, loudness, picture, probe
from peers import publish
from studio import Studio, post, until

FOLDER = pathlib.Path(kit.DATA) / "meetings" / "hall"


def recordings():
    return sorted(FOLDER.iterdir()) if FOLDER.exists() else []


def tracks(folder):
    return sorted(file for file in folder.iterdir() if file.suffix in (".webm", ".mkv"))


def is_finished(folder):
    return all(file.stat().st_mode & 0o222 == 0 for file in folder.iterdir() if file.suffix != ".mp4")


def check(folder, seconds):
    """Every track has what came in that time, and ffprobe finds nothing wrong with it."""
    found = {}
    for file in tracks(folder):
        stream = probe(file)["streams"][0]
        found[file.name] = (stream["codec_name"], int(stream["nb_read_packets"]), float(stream["start_time"]))
        decode(file)
    print(folder.name, json.dumps(found))
    codecs = sorted(codec for codec, _, _ in found.values())
    if codecs != ["h264", "opus", "opus", "vp8"]:
        sys.exit(f"not what was published: {found}")
    for name, (codec, count, _) in found.items():
        if count < (40 if codec == "opus" else 20) * seconds:
            sys.exit(f"too few frames in {name}: {count}")
    return found


async def talk(studio, seconds):
    address = studio.address + "/whip/hall"
    first, session = await publish(address, "video/VP8")
    await asyncio.sleep(1)
    second, other = await publish(address, "video/H264")
    await asyncio.sleep(seconds)
    return (first, second), (session, other)


async def killed():
    studio = Studio(more=["--record"])
    calls, _ = await talk(studio, 7)
    studio.close()
    for one in calls:
        await one.close()
    folder = recordings()[-1]
    check(folder, 5)
    log = [json.loads(line) for line in (folder / "log.jsonl").read_text().splitlines()]
    if [line["kind"] for line in log].count("track") != 4:
        sys.exit(f"the log does not name four tracks: {log}")
    return folder


async def returned(torn):
    studio = Studio(more=["--record"])
    try:
        await asyncio.to_thread(until, lambda: is_finished(torn), 10, "that what was torn is finished")
        check(torn, 5)
        whole = float(probe(tracks(torn)[0])["format"]["duration"])
        last = json.loads((torn / "log.jsonl").read_text().splitlines()[-1])
        if not 5 < whole < 12 or last["kind"] != "tapeEnded" or not last["isBroken"]:
            sys.exit(f"not finished as it should be: {whole} s, {last}")
        calls, sessions = await talk(studio, 5)
        began = time.monotonic()
        for session in sessions:
            await asyncio.to_thread(post, session, b"", "x/y", "DELETE")
        for one in calls:
            await one.close()
        fresh = recordings()[-1]
        await asyncio.to_thread(until, lambda: is_finished(fresh), 20, "that the recording is finished")
        print(f"finished {time.monotonic() - began:.1f} s after the last one left; it waits ten for somebody to return")
        check(fresh, 4)
    finally:
        studio.close()


def film(folder):
    began = time.monotonic()
    words = [os.environ["PROGRAM"], "film", "--data", str(kit.DATA), "--meeting", "hall", "--recording", folder.name]
    done = subprocess.run([*words, "--layout", "grid"], capture_output=True, text=True, timeout=120)
    print(done.stdout.strip().splitlines()[-1:], f"after {time.monotonic() - began:.1f} s", done.stderr[-800:])
    file = folder / "film.mp4"
    if done.returncode != 0 or not file.exists():
        sys.exit(f"no film: {done.returncode} {done.stdout[-800:]} {done.stderr[-800:]}")
    found = probe(file)
    decode(file)
    kinds = {one["codec_type"]: one for one in found["streams"]}
    whole = float(found["format"]["duration"])
    print("film", {kind: one["codec_name"] for kind, one in kinds.items()}, whole, "s,", loudness(file), "dB")
    if (kinds["video"]["codec_name"], kinds["audio"]["codec_name"]) != ("h264", "aac"):
        sys.exit(f"not what everybody plays: {found}")
    if not 6 < whole < 12 or abs(float(kinds["video"]["duration"]) - float(kinds["audio"]["duration"])) > 0.1:
        sys.exit(f"picture and sound are not as long as the meeting: {found}")
    if not -40 < loudness(file) < -3:
        sys.exit("nobody is heard")
    # Two striped pictures beside each other: bright, dark, bright, dark.
    row = picture(file, whole - 2, 320, 180)[90]
    light = [row[at] for at in (40, 120, 200, 280)]
    picture_file = kit.OUT / "film.png"
    subprocess.run(["ffmpeg", "-v", "error", "-y", "-ss", str(whole - 2), "-i", file, "-frames:v", "1", picture_file])
    if not (light[0] > 150 and light[1] < 90 and light[2] > 150 and light[3] < 90):
        sys.exit(f"both are not to be seen: {light}")
    if (folder / "film.parts").exists():
        sys.exit("what was made on the way is still there")


async def asked():
    """A host asks for it in the room, and again to end it; what happened in the room is in the log."""
    studio = Studio()
    try:
        newcomer = json.dumps({"name": "สมมุติ", "language": "th"}).encode()
        people = studio.address + "/room/hall/people"
        _, _, body = await asyncio.to_thread(post, people, newcomer, "application/json")
        token = {"authorization": "Bearer " + json.loads(body)["token"]}

        def ask(**words):
            asks = studio.address + "/room/hall/asks"
            status, _, said = post(asks, json.dumps(words).encode(), "application/json", **token)
            if status != 204:
                sys.exit(f"{words}: {status} {said}")

        before = len(recordings())
        connection, _ = await publish(studio.address + "/whip/hall")
        await asyncio.to_thread(ask, ask="record", isOn=True)
        await asyncio.to_thread(ask, ask="say", text="สวัสดี")
        await asyncio.sleep(4)
        ended = time.monotonic()
        await asyncio.to_thread(ask, ask="record", isOn=False)
        done = lambda: len(recordings()) > before and is_finished(recordings()[-1])  # noqa: E731
        await asyncio.to_thread(until, done, 10, "an end")
        print(f"playable {time.monotonic() - ended:.2f} s after a host ended it")
        folder = recordings()[-1]
        for file in tracks(folder):
            probe(file)
        log = [json.loads(line) for line in (folder / "log.jsonl").read_text().splitlines()]
        kinds = [line["kind"] for line in log]
        if len(tracks(folder)) != 2 or kinds[0] != "tapeBegan" or kinds[-1] != "tapeEnded" or "chat" not in kinds:
            sys.exit(f"not what happened: {log}")
        await connection.close()
    finally:
        studio.close()


began = time.monotonic()
asyncio.run(asked())
torn = asyncio.run(killed())
asyncio.run(returned(torn))
film(torn)
print(f"took {time.monotonic() - began:.1f} s")
