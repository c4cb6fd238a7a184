#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What one stream of 4 Mbit/s costs before anybody watches, beside nginx-rtmp that makes TS of the same stream.

usage: Benchmarks/ingest.py [PROGRAM] [--seconds 60] [--rounds 3] [--streams FOLDER]

Both get the stream by RTMP at the same time; ours also records it. Processor time is the scheduler's own figure, of
the program alone and with the ffmpeg that decodes its sound for the loudness meter. What the program spends while
nobody publishes is measured first. Debian's nginx, libnginx-mod-rtmp
and ffmpeg; loopback only.
"""
import argparse
import pathlib
import statistics
import tempfile
import time

import kit

words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
words.add_argument("program", nargs="?", default=".build/release/sanyan")
words.add_argument("--seconds", type=int, default=60, help="of each round")
words.add_argument("--rounds", type=int, default=3)
words.add_argument("--streams", default="/tmp/sanyan-streams", help="where the encoded stream is kept")
words = words.parse_args()

kit.private_network()
kit.need("nginx", "ffmpeg", "taskset")
pathlib.Path(words.streams).mkdir(exist_ok=True)
stream = kit.loop_file(words.streams)



def spent(members, seconds):
    """Per cent of a core that each of these groups of processes had meanwhile."""
    before, began = [kit.busy(*pids) for pids in members], time.monotonic()
    time.sleep(seconds)
    wall = time.monotonic() - began
    return [(kit.busy(*pids) - start) / wall / 10 for pids, start in zip(members, before)]


with tempfile.TemporaryDirectory() as folder:
    folder = pathlib.Path(folder)
    print(kit.conditions(words.program))
    with kit.studio(words.program, folder / "data", "usual") as ours, kit.nginx(folder) as peer:
        time.sleep(3)
        idle, _ = spent([[ours.pid], kit.family(peer.pid)], 15)
        print(f"nobody publishes: ours {idle:.3f} % of a core (libsrt looks at its door a hundred times a second)")
        with (
            kit.publish(stream, f"rtmp://127.0.0.1:{kit.RTMP}/live/{kit.KEY}"),
            kit.publish(stream, "rtmp://127.0.0.1:1935/live/s"),
        ):
            kit.wait_for(f"http://127.0.0.1:{kit.HTTP}/live/hall/index.m3u8")
            kit.wait_for("http://127.0.0.1:8080/hls/s.m3u8")
            time.sleep(5)
            rows = []
            for number in range(words.rounds):
                rows.append(spent([[ours.pid], kit.family(ours.pid)[1:], kit.family(peer.pid)], words.seconds))
                print(
                    f"round {number + 1}: ours {rows[-1][0]:.3f} % of a core, its loudness decoder {rows[-1][1]:.3f} %,"
                    f" nginx-rtmp {rows[-1][2]:.3f} %"
                )
            recorded = sum(file.stat().st_size for file in (folder / "data/recordings").rglob("*.mp4"))
            drops = kit.metric("drops_total")
    program, decoder, theirs = (statistics.median(column) for column in zip(*rows))
    kit.line("ingest, packaging and recording", program - idle, "≤ × 1.0", " %", nginx_rtmp=theirs)
    kit.line("  with the doors that stand open anyway", program, "told", " %", nginx_rtmp=theirs)
    kit.line("  and with its loudness decoder", program + decoder, "told", " %", nginx_rtmp=theirs)
    print(f"recorded {recorded / 1e6:.1f} MB · drops {drops:.0f}")
