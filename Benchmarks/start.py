#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How long from start to the first page, and how much memory an idle office takes.

usage: Benchmarks/start.py [PROGRAM]     (default: the release build)

Starts `sanyan serve` on a folder that holds the demo office, asks for the sign-in page until it answers, waits, and
reads the resident memory from /proc. Ten rounds after one that is thrown away; the median counts. Loopback only.
"""
import http.client
import pathlib
import socket
import statistics
import subprocess
import sys
import tempfile
import time

program = sys.argv[1] if len(sys.argv) > 1 else ".build/release/sanyan"
ROUNDS = 10


def free_port():
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return door.getsockname()[1]


def page(port):
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    line.request("GET", "/sign-in")
    answer = line.getresponse()
    body = answer.read()
    line.close()
    return answer.status, len(body)


def first_page(command, port):
    """Seconds from exec to the whole first page, and the running process."""
    began = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while True:
        try:
            status, size = page(port)
            assert status == 200 and size > 1000, (status, size)
            return time.perf_counter() - began, process
        except ConnectionRefusedError:
            if process.poll() is not None or time.perf_counter() - began > 60:
                sys.exit("the program did not come up")
            time.sleep(0.001)


def busy(process):
    """Milliseconds of processor time that all threads have had; unlike the wall's, it is not stretched by a busy machine."""
    tasks = pathlib.Path(f"/proc/{process.pid}/task").iterdir()
    return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e6


def memory(process, name):
    for line in pathlib.Path(f"/proc/{process.pid}/status").read_text().splitlines():
        if line.startswith(name):
            return int(line.split()[1]) / 1024
    return 0.0


def stop(process):
    process.terminate()
    process.wait(30)


with tempfile.TemporaryDirectory() as folder:
    port = free_port()
    _, demo = first_page([program, "demo", "--data", folder, "--http", f"127.0.0.1:{port}"], port)
    stop(demo)
    times, work, idle = [], [], []
    for round_number in range(ROUNDS + 1):
        port = free_port()
        seconds, process = first_page([program, "serve", "--data", folder, "--http", f"127.0.0.1:{port}"], port)
        spent = busy(process)
        time.sleep(1.5)
        resident = memory(process, "VmRSS")
        own = memory(process, "RssAnon")
        stop(process)
        if round_number:
            times.append(seconds * 1000)
            work.append(spent)
            idle.append((resident, own))

print(f"program               {program} ({pathlib.Path(program).stat().st_size / 1e6:.1f} MB)")
print(f"start to first page   median {statistics.median(times):.0f} ms   min {min(times):.0f}   max {max(times):.0f}   (goal < 150)")
print(f"  processor time      median {statistics.median(work):.0f} ms   min {min(work):.0f}   max {max(work):.0f}")
print(f"idle memory (RSS)     median {statistics.median(r for r, _ in idle):.1f} MB, of it the program's own {statistics.median(o for _, o in idle):.1f} MB   (goal < 60)")
