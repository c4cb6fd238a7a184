#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What one stream of 4 Mbit/s costs before anybody watches, beside nginx-rtmp that makes TS of the same stream.

usage: Benchmarks/ingest.py [PROGRAM] [--seconds 60] [--rounds 3] [--streams FOLDER]

Both get the stream by RTMP at the same time; ours also records it. Processor time is the scheduler's own figure, of
the program alone and with the ffmpeg that decodes its sound for the loudness meter. Debian's nginx, libnginx-mod-rtmp
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

with tempfile.TemporaryDirectory() as folder:
    folder = pathlib.Path(folder)
    print(kit.conditions(words.program))
    with (
        kit.studio(words.program, folder / "data", "usual") as ours,
        kit.nginx(folder) as peer,
        kit.publish(stream, f"rtmp://127.0.0.1:{kit.RTMP}/live/{kit.KEY}"),
        kit.publish(stream, "rtmp://127.0.0.1:1935/live/s"),
    ):
        kit.wait_for(f"http://127.0.0.1:{kit.HTTP}/live/hall/index.m3u8")
        kit.wait_for("http://127.0.0.1:8080/hls/s.m3u8")
        rows = []
        for number in range(words.rounds):
            members = [[ours.pid], kit.family(ours.pid)[1:], kit.family(peer.pid)]
            before, began = [kit.busy(*pids) for pids in members], time.monotonic()
            time.sleep(words.seconds)
            wall = time.monotonic() - began
            spent = [(kit.busy(*pids) - start) / wall / 10 for pids, start in zip(members, before)]
            rows.append(spent)
            print(
                f"round {number + 1}: ours {spent[0]:.3f} % of a core, its loudness decoder {spent[1]:.3f} %,"
                f" nginx-rtmp {spent[2]:.3f} %"
            )
        recorded = sum(file.stat().st_size for file in (folder / "data/recordings").rglob("*.mp4"))
        program, decoder, theirs = (statistics.median(column) for column in zip(*rows))
        kit.line("ingest, packaging and recording", program, "× 1.0", " %", nginx_rtmp=theirs)
        kit.line("  with its loudness decoder", program + decoder, "told", " %", nginx_rtmp=theirs)
        print(f"recorded {recorded / 1e6:.1f} MB · drops {kit.metric('drops_total'):.0f}")
