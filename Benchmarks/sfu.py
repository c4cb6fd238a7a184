#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Packets that a meeting forwards in a second of processor time, beside Debian's Janus.

    Benchmarks/sfu.py [PROGRAM] [--viewers 40 100] [--rounds 2] [--seconds 10] [--loss 0.05] [--only ours floor]
    Benchmarks/sfu.py [PROGRAM] --hall           ten cameras and three hundred who listen, in one meeting of ours
    Benchmarks/sfu.py [PROGRAM] --rush --viewers 300 [--kbps 1500]     so many who come within ten seconds
    Benchmarks/sfu.py [PROGRAM] --joins          what it costs that somebody comes, where nothing is forwarded meanwhile

One publisher (1.5 Mbit/s VP8-shaped, 40 kbit/s Opus-shaped) and so many viewers, all synthetic, in one thread (sfu/load.c: ICE,
DTLS-SRTP, receiver reports, NACK, RTX, transport-wide feedback); ours by WHIP and WHEP, Janus by its VideoRoom, with two event
loops and as Debian has it; and a bare loop in C that copies, numbers, seals and sends, with the same packets (sfu/floor.c).
Every server is started anew for every run, and they take turns, so that noise hits all alike. `holes` are numbers of a
stream that never came, of those that should have; `join` is what a viewer's coming costs, `alone` without what was forwarded
meanwhile to those who had come already.
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


def floor(arguments, folder, viewers):
    """What a bare loop in C forwards; and the same loop with Intel's AES-GCM, which the program has on x86."""
    for name, more in (("a bare loop in C", ["-lcrypto"]), ("the same, wide", ["-DWIDE", "-lcrypto", "-lIPSec_MB"])):
        if "-DWIDE" in more and not pathlib.Path("/usr/include/intel-ipsec-mb.h").exists():
            continue
        program = folder / name.replace(" ", "-")
        if not program.exists():
            words = ["gcc", "-O2", "-w", "-I", HERE.parent / "Sources/CLinux/include", "-o", program, HERE / "sfu/floor.c"]
            subprocess.run([*words, *more], check=True)
        words = [program, ADDRESS, str(viewers), str(arguments.seconds)]
        said = json.loads(subprocess.run(words, check=True, capture_output=True, text=True).stdout)
        print(f"{name:20}{viewers:8}{said['packets_per_cpu_s']:15,}   {said['user_s']}+{said['sys_s']} CPU-s", flush=True)


def load(arguments, load_program, pid, url, viewers, more):
    words = [sys.executable, HERE / "sfu/load.py", "--engine", load_program, "--pid", str(pid), "--url", url]
    words += ["--ip", ADDRESS, "--subs", str(viewers), "--secs", str(arguments.seconds), "--warm", str(arguments.warm)]
    words += ["--kbps", str(arguments.kbps), *more]
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


def hall(arguments, folder, load_program):
    """Ten small cameras, eight voices of which three are heard, three hundred who see all of them: some 1.5 Mbit/s each."""
    more = ["--pubs", "10", "--kbps", "130", "--fps", "15", "--width", "320", "--height", "180", "--slots", "10", "--voices", "3"]
    with ours(arguments.program, folder) as (pid, url, words):
        found = load(arguments, load_program, pid, url.replace("{n}", "0"), 300, [*words, *more])
    print(
        f"ten cameras, 300 listeners: {found['cores_used']:.2f} processors of {os.cpu_count()}, {found['out_pps']:,} packets/s,"
        f" {found['out_mbps'] / 300:.2f} Mbit/s each, {found['forwarded_packets_per_cpu_s']:,} packets/CPU-s,"
        f" {found['kib_per_sub']} KiB each, holes {found['lost']}/{found['expected']}, video {found['lat_video_ms_p50_95_99_999'][0]}"
        f" and {found['lat_video_ms_p50_95_99_999'][2]} ms, dropped {found['udp_drops']['RcvbufErrors']}, machine {found['machine_busy_share']:.0%} busy"
    )


def rush(arguments, folder, load_program):
    """So many within ten seconds."""
    with ours(arguments.program, folder) as (pid, url, words):
        found = load(arguments, load_program, pid, url, arguments.viewers[0], [*words, "--within", "10"])
    print(
        f"{found['connected']} came within {found['join_s']:.1f} s: {found['pli_while_joining']} key frames asked of the publisher,"
        f" first packet after {found['max_first_packet_ms']} ms at the most, {found['out_pps']:,} packets/s, holes {found['lost']}/{found['expected']},"
        f" of these {found['udp_drops']['RcvbufErrors']} dropped by the load's own sockets, machine {found['machine_busy_share']:.0%} busy"
    )


def joins(arguments, folder, load_program):
    """Two hundred come into an empty meeting: the request, its answer, the checks and the handshake; and what OpenSSL's end of a
    handshake takes alone, just before and just after, for a processor's speed is never the same twice."""
    shake = folder / "shake"
    subprocess.run(["gcc", "-O2", "-w", "-o", shake, HERE / "sfu/shake.c", "-lssl", "-lcrypto"], check=True)
    alone = lambda: int(subprocess.run([shake, "400"], check=True, capture_output=True, text=True).stdout) / 1000
    for _ in range(arguments.rounds):
        before = alone()
        with ours(arguments.program, folder) as (pid, url, words):
            found = load(arguments, load_program, pid, url, 200, [*words, "--pubs", "0"])
        print(
            f"{found['connected']} came: {found['join_cpu_ms_per_sub']} ms of processor time and {found['kib_per_sub']} KiB each,"
            f" OpenSSL's handshake alone {before:.2f} and {alone():.2f} ms, machine {found['machine_busy_share']:.0%} busy"
        )


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--hall", action="store_true")
    arguments.add_argument("--rush", action="store_true")
    arguments.add_argument("--joins", action="store_true")
    arguments.add_argument("program", nargs="?", default=".build/release/sanyan")
    arguments.add_argument("--viewers", type=int, nargs="+", default=[40, 100])
    arguments.add_argument("--rounds", type=int, default=2)
    arguments.add_argument("--seconds", type=int, default=10)
    arguments.add_argument("--warm", type=float, default=5)
    arguments.add_argument("--kbps", type=int, default=1500)
    arguments.add_argument("--loss", type=float, default=0)
    arguments.add_argument("--only", nargs="+", default=["ours", "janus", "floor"])
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
        for crowd in (hall, rush, joins):
            if getattr(arguments, crowd.__name__):
                return crowd(arguments, folder, load_program)
        servers = {"ours": lambda: ours(arguments.program, folder)} if "ours" in arguments.only else {}
        if shutil.which("janus") and "janus" in arguments.only:
            servers["janus, 2 loops"] = lambda: janus(2, folder)
            servers["janus, as it comes"] = lambda: janus(0, folder)
        print(
            f"{'':20}{'viewers':>8}{'packets/CPU-s':>15}{'KiB/viewer':>12}{'join ms':>9}{'alone':>7}"
            f"{'video ms p50/p99':>18}{'holes':>16}{'PLI':>5}"
        )
        for viewers in arguments.viewers:
            for _ in range(arguments.rounds):
                if "floor" in arguments.only:
                    floor(arguments, folder, viewers)
                for server, start in servers.items():
                    with start() as (pid, url, more):
                        found = load(arguments, load_program, pid, url, viewers, more)
                    late = found["lat_video_ms_p50_95_99_999"]
                    lost = f"{found['lost']}/{found['expected']}"
                    print(
                        f"{server:20}{viewers:8}{found['forwarded_packets_per_cpu_s'] or 0:15,}{found['kib_per_sub']:12}"
                        f"{found['join_cpu_ms_per_sub']:9}{found['join_alone_ms_per_sub']:7}{f'{late[0]} / {late[2]}':>18}"
                        f"{lost:>16}{found['pli_while_joining']:5}   {found['srtp']}; {found['out_pps']} packets/s,"
                        f" {found['user_s']}+{found['sys_s']} CPU-s, again {found['rtx_in'] - found['padding']}, padding {found['padding']},"
                        f" dropped {found['udp_drops']['RcvbufErrors']}; machine {found['machine_busy_share']:.0%} busy",
                        flush=True,
                    )


main()
