#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Packets that a meeting forwards in a second of processor time, beside Debian's Janus.

    Benchmarks/sfu.py [PROGRAM] [--viewers 40 100] [--rounds 2] [--seconds 10] [--loss 0.05]

One publisher (1.5 Mbit/s VP8-shaped, 40 kbit/s Opus-shaped) and so many viewers, all synthetic, in one thread (sfu/load.c: ICE,
DTLS-SRTP, receiver reports, NACK, RTX, transport-wide feedback); ours by WHIP and WHEP, Janus by its VideoRoom, with two event
loops and as Debian has it. Every server is started anew for every run, and they take turns, so that noise hits all alike.
Wants aiohttp (a Python with it runs this), gcc, libsrtp2-dev, libssl-dev; janus where it shall be compared.
"""
import argparse
import contextlib
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

import kit

HERE = pathlib.Path(__file__).parent
ADDRESS = "10.77.0.1"


def engine(folder):
    """The load, compiled once."""
    program = folder / "load"
    words = ["gcc", "-O2", "-o", program, HERE / "sfu/load.c", "-lssl", "-lcrypto", "-lsrtp2", "-lz", "-lm"]
    subprocess.run(words, check=True)
    return program


def load(arguments, load_program, pid, url, viewers, more):
    words = [sys.executable, HERE / "sfu/load.py", "--engine", load_program, "--pid", str(pid), "--url", url]
    words += ["--ip", ADDRESS, "--subs", str(viewers), "--secs", str(arguments.seconds), "--warm", "5", *more]
    if arguments.loss:
        words += ["--loss", str(arguments.loss), "--rtt", "20"]
    if arguments.profiles:
        words += ["--profiles", arguments.profiles]
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True, timeout=180)
    if done.returncode != 0:
        sys.exit(f"the load failed: {done.stdout[-500:]} {done.stderr[-1500:]}")
    return json.loads(done.stdout)


@contextlib.contextmanager
def ours(program, folder):
    command = [program, "studio", "--meeting", "0", "--http", "127.0.0.1:8080", "--udp", f"{ADDRESS}:8189"]
    command += ["--rtmp", "127.0.0.1:1935", "--srt", "127.0.0.1:8890", "--data", str(folder / "data")]
    with kit.running(command) as child:
        kit.wait_for("http://127.0.0.1:8080/healthz")
        yield child.pid, "http://127.0.0.1:8080/{op}/{n}", ["--peer", "whip"]


@contextlib.contextmanager
def janus(loops, folder):
    place = folder / f"janus-{loops}"
    words = ["bash", HERE / "sfu/janus.sh", place, str(loops), "18188"]
    said = subprocess.run(words, check=True, capture_output=True, text=True, env={**os.environ, "JANUS_IP": ADDRESS})
    pid = int(said.stdout.split()[-1])
    try:
        yield pid, "ws://127.0.0.1:18188", ["--peer", "janus"]
    finally:
        os.kill(pid, 9)


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("program", nargs="?", default=".build/release/sanyan")
    arguments.add_argument("--viewers", type=int, nargs="+", default=[40, 100])
    arguments.add_argument("--rounds", type=int, default=2)
    arguments.add_argument("--seconds", type=int, default=10)
    arguments.add_argument("--loss", type=float, default=0)
    arguments.add_argument("--profiles", default="")
    arguments = arguments.parse_args()
    kit.need("gcc")
    kit.private_network()
    # Janus leaves loopback out, so everybody uses an address of this namespace's own.
    for words in [
        "link add calls type veth peer name nowhere", f"addr add {ADDRESS}/24 dev calls", "link set calls up",
        "link set nowhere up",
    ]:
        subprocess.run(["ip", *words.split()], check=True)
    print(kit.conditions(arguments.program))
    with tempfile.TemporaryDirectory(prefix="sanyan-sfu-") as name:
        folder = pathlib.Path(name)
        load_program = engine(folder)
        servers = {"ours": lambda: ours(arguments.program, folder)}
        if shutil.which("janus"):
            servers["janus, 2 loops"] = lambda: janus(2, folder)
            servers["janus, as it comes"] = lambda: janus(0, folder)
        print(f"{'':20}{'viewers':>8}{'packets/CPU-s':>15}{'KiB/viewer':>12}{'ms/join':>9}{'video ms p50/p99':>18}{'lost':>12}")
        for viewers in arguments.viewers:
            for _ in range(arguments.rounds):
                for server, start in servers.items():
                    with start() as (pid, url, more):
                        found = load(arguments, load_program, pid, url, viewers, more)
                    late = found["lat_video_ms_p50_95_99_999"]
                    lost = f"{found['lost']}/{found['expected']}"
                    print(
                        f"{server:20}{viewers:8}{found['forwarded_packets_per_cpu_s'] or 0:15,}{found['kib_per_sub']:12}"
                        f"{found['join_cpu_ms_per_sub']:9}{f'{late[0]} / {late[2]}':>18}{lost:>12}   {found['srtp']}"
                        f" to the publisher: {found['pli_to_pubs']} PLI; {found['out_pps']} packets/s,"
                        f" {found['user_s']}+{found['sys_s']} CPU-s"
                    )


main()
