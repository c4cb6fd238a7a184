#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What delivering costs, in one run beside Debian's nginx and the floor server.

usage: Benchmarks/hls.py [PROGRAM] [--load FOLDER] [--rounds 3] [--seconds 8] [--viewers 600] [--only WORDS…]

The load clients are built from FOLDER (../shared/bench/hls-load): `hlsload.c` plays as a browser does, `floor_http.c`
answers every request with one send() from memory. The server has the first processor, client and publisher the second;
all servers use cubic. A round is ours, floor, nginx, ours. Our viewers are real ones: shown in with a pass that is
checked with every request, counted, on a stream that is being published and recorded. What the program spends on that
publisher alone is measured in the same run and taken off for the comparison with files; both figures are printed.

  low-latency  0.2-s parts; floor and nginx serve files of the very sizes that our playlists and parts have
  playlist     one playlist again and again on 200 connections, beside nginx with a file of the same size
  plain        players that know no parts, per gigabyte, beside nginx-rtmp's TS, and nginx with files, paced alike
  tls          playlist and part by TLS 1.3 over HTTP/1.1 (wrk) and HTTP/2 (h2load), beside nginx
  many         2,000 low-latency viewers on one core: spread, memory for each, and how many of them are counted; and the
               spread as a client sees it that does nothing but look at the clock (fanout.c)
"""
import argparse
import json
import os
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time

import kit

SCENES = ["low-latency", "playlist", "plain", "tls", "many"]
INDEX = f"http://127.0.0.1:{kit.HTTP}/live/hall/index.m3u8"
PLAIN = f"http://127.0.0.1:{kit.HTTP}/live/hall/plain.m3u8"
FLOOR, NGINX = "http://127.0.0.1:8090", "http://127.0.0.1:8080"


class Bench:
    """The tools, the folder and what was measured of the publisher alone."""

    def __init__(self, words, folder, ours, peer):
        (self.words, self.folder, self.ours, self.peer) = (words, folder, ours, peer)
        self.began = time.monotonic()
        self.alone = 0.0  # Processor seconds for each second of publishing, with nobody watching.

    def load(self, pid, label, *more, seconds=None, viewers=None, ramp=2, warm=5):
        """One run of the load client; its report."""
        file = self.folder / "report.json"
        command = [self.folder / "hlsload", "-n", viewers or self.words.viewers, "-r", ramp, "-W", warm, "-t"]
        command += [seconds or self.words.seconds, "-c", kit.CLIENT, "-P", pid, "-L", label, "-j", file, *more]
        ended = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False)
        if ended.returncode not in (0, 1):
            sys.exit(f"hlsload: {ended.stderr}")
        said = json.loads(file.read_text())
        if said["err_http"] or said["err_net"]:
            print(f"  {label}: {said['err_http']} wrong answers, {said['err_net']} broken connections")
        return said

    def measure_alone(self):
        before, began = kit.busy(*kit.family(self.ours.pid)), time.monotonic()
        time.sleep(8)
        self.alone = (kit.busy(*kit.family(self.ours.pid)) - before) / 1000 / (time.monotonic() - began)
        print(f"the publisher alone costs ours {self.alone * 100:.2f} % of a core (recording and loudness meter included)")

    def net(self, said):
        """Processor seconds without what the publisher costs anyway."""
        return max(0, said["server_cpu_s"] - self.alone * said["wall_s"])

    def files(self, playlist, media):
        """Files of these sizes for floor and nginx."""
        (self.folder / "www/playlist.bin").write_bytes(os.urandom(playlist))
        (self.folder / "www/media.bin").write_bytes(os.urandom(media))

    def floor(self):
        return kit.running([self.folder / "floor_http", "-d", self.folder / "www", "-p", 8090, "-g", "cubic"], kit.SERVER)


def spread(values):
    return f"{statistics.mean(values):.4g} ({', '.join(f'{value:.4g}' for value in values)})"


def low_latency(bench):
    print(f"\nlow-latency load, {bench.words.viewers} viewers, parts of 0.2 s")
    first = bench.load(bench.ours.pid, "ours", "-u", INDEX)
    sizes = [first[f"bytes_{kind}"] // max(1, first[f"req_{kind}"]) for kind in ("playlist", "media")]
    bench.files(*sizes)
    pace = first["req_media"] / first["viewers"] / first["wall_s"]
    print(f"  a playlist has {sizes[0]} bytes, a part {sizes[1]}; {pace:.2f} of each for a viewer and second")
    ours, whole, floor, nginx = [], [], [], []
    with bench.floor() as server:
        time.sleep(0.3)
        kinds = [f"{name} {kit.congestion_control(port)}" for name, port in (("ours", kit.HTTP), ("floor", 8090), ("nginx", 8080))]
        print(f"  congestion control: {', '.join(kinds)}")
        for number in range(bench.words.rounds):
            row = []
            for who in ("ours", "floor", "nginx", "ours"):
                if who == "ours":
                    said = bench.load(bench.ours.pid, who, "-u", INDEX)
                    ours.append(bench.net(said) / said["viewers"] / said["wall_s"] * 1000)
                    whole.append(said["cpu_s_per_1000_viewer_s"])
                    row.append(f"ours {ours[-1]:.4f} (with the publisher {whole[-1]:.4f}),")
                    row.append(f"stalls {said['stalls']}, late {said['late_edge']}, spread 99 % {said['edge_ms']['p99']} ms")
                else:
                    place, pid = (FLOOR, server.pid) if who == "floor" else (NGINX, bench.peer.pid)
                    said = bench.load(
                        pid, who, "-m", "rate", "-R", f"{pace:.3f}", "-u", f"{place}/playlist.bin", "-U",
                        f"{place}/media.bin", warm=2)
                    (floor if who == "floor" else nginx).append(said["cpu_s_per_1000_viewer_s"])
                    row.append(f"{who} {said['cpu_s_per_1000_viewer_s']:.4f};")
            print(f"  round {number + 1}: {' '.join(row)}")
    print(f"  CPU-s per 1000 viewer-seconds: ours {spread(ours)}, floor {spread(floor)}, nginx {spread(nginx)}")
    mean, with_publisher = statistics.mean(ours), statistics.mean(whole)
    kit.line("low-latency", mean, "≤ × 1.15 floor, ≤ × 0.8 nginx", floor=statistics.mean(floor), nginx=statistics.mean(nginx))
    kit.line("  with the publisher's cost in it", with_publisher, "told", floor=statistics.mean(floor), nginx=statistics.mean(nginx))


def place_of_a_viewer():
    """The address that a viewer's own playlists are relative to, and the newest part in one of them."""
    address, _ = kit.get(INDEX)
    base = address.rsplit("/", 1)[0]
    text = kit.get(base + "/v0.m3u8")[1]
    return base, text, re.findall(r'#EXT-X-PART:.*URI="([^"]+)"', text)[-1]


def playlist(bench):
    print("\none playlist, again and again on 200 connections")
    base, text, _ = place_of_a_viewer()
    bench.files(len(text.encode()), 1000)
    rows = []
    for number in range(bench.words.rounds):
        row = []
        for pid, address in ((bench.ours.pid, base + "/v0.m3u8"), (bench.peer.pid, f"{NGINX}/playlist.bin")):
            said = bench.load(pid, "flood", "-m", "flood", "-u", address, viewers=200, ramp=1, warm=1, seconds=5)
            spent = bench.net(said) if pid == bench.ours.pid else said["server_cpu_s"]
            row.append(spent * 1e6 / (said["req_media"] + said["req_playlist"]))
        rows.append(row)
        print(f"  round {number + 1}: ours {row[0]:.2f} µs, nginx {row[1]:.2f} µs")
    ours, nginx = (statistics.mean(column) for column in zip(*rows))
    kit.line("one playlist request", ours, "≤ × 0.7", " µs", nginx=nginx)


def plain(bench):
    print(f"\nplain HLS, {bench.words.viewers} viewers")
    with kit.publish(bench.stream, "rtmp://127.0.0.1:1935/live/s"):
        kit.wait_for(f"{NGINX}/hls/s.m3u8")
        time.sleep(12)
        rows = []
        for number in range(bench.words.rounds):
            said = bench.load(bench.ours.pid, "ours", "-u", PLAIN, "-l", "off", ramp=6, warm=4)
            sizes = [said[f"bytes_{kind}"] // max(1, said[f"req_{kind}"]) for kind in ("playlist", "media")]
            peer = bench.load(bench.peer.pid, "nginx-rtmp", "-u", f"{NGINX}/hls/s.m3u8", "-l", "off", ramp=6, warm=4)
            bench.files(*sizes)
            pace = f"{said['req_media'] / said['viewers'] / said['wall_s']:.3f}"
            files = bench.load(
                bench.peer.pid, "nginx", "-m", "rate", "-R", pace, "-u", f"{NGINX}/playlist.bin", "-U",
                f"{NGINX}/media.bin", ramp=2, warm=2)
            rows.append([said["cpu_s_per_gb"], bench.net(said) / said["gb"], peer["cpu_s_per_gb"], files["cpu_s_per_gb"]])
            print(
                f"  round {number + 1}: ours {rows[-1][0]:.4f}, without the publisher {rows[-1][1]:.4f}, nginx-rtmp"
                f" {rows[-1][2]:.4f}, nginx with files {rows[-1][3]:.4f} CPU-s per GB; stalls {said['stalls']}, {peer['stalls']}"
            )
    whole, net, rtmp, files = (statistics.mean(column) for column in zip(*rows))
    kit.line("plain HLS per GB, publishers included", whole, "≤ × 1.0", nginx_rtmp=rtmp)
    kit.line("plain HLS per GB, without the publisher", net, "≤ × 1.1", nginx_files=files)


def wrk(bench, pid, paths, base, seconds=5):
    """Microseconds of the server's processor for each request, by turns of these paths."""
    script = bench.folder / "turns.lua"
    turns = ", ".join(f'wrk.format("GET", "{path}")' for path in paths)
    script.write_text(f"local all = nil\nlocal at = 0\nrequest = function()\n  all = all or {{{turns}}}\n"
                      "  at = at % #all + 1\n  return all[at]\nend\n")
    command = ["taskset", "-c", str(kit.CLIENT), "wrk", "-t1", "-c200", f"-d{seconds}s", "-s", str(script), base]
    before = kit.busy(*kit.family(pid))
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    spent = kit.busy(*kit.family(pid)) - before
    if "Non-2xx" in said or "Socket errors" in said:
        print("  wrk:", " ".join(row.strip() for row in said.splitlines() if "Non-2xx" in row or "Socket" in row))
    if pid == bench.ours.pid:
        spent -= bench.alone * seconds * 1000
    return spent * 1000 / int(re.search(r"(\d+) requests in", said).group(1))


def h2load(bench, pid, addresses, seconds=5):
    """The same over HTTP/2: 100 connections, each with four requests at a time."""
    command = ["taskset", "-c", str(kit.CLIENT), "h2load", "-c100", "-m4", f"-D{seconds}", *addresses]
    before = kit.busy(*kit.family(pid))
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    spent = kit.busy(*kit.family(pid)) - before
    if pid == bench.ours.pid:
        spent -= bench.alone * seconds * 1000
    done = int(re.search(r"(\d+) succeeded", said).group(1))
    failed = int(re.search(r"(\d+) failed", said).group(1))
    if failed:
        print(f"  h2load: {failed} failed")
    return spent * 1000 / max(1, done)


def tls(bench):
    print("\nby TLS 1.3: a playlist and a part by turns")
    secure, peer = f"https://127.0.0.1:{kit.HTTPS}", "https://127.0.0.1:8443"
    rows = []
    for number in range(bench.words.rounds):
        row = []
        for protocol in ("HTTP/1.1", "HTTP/2"):
            base, text, part = place_of_a_viewer()
            path = base.removeprefix(f"http://127.0.0.1:{kit.HTTP}")
            bench.files(len(text.encode()), int(size_of(f"{base}/{part}")))
            ours, theirs = [f"{path}/v0.m3u8", f"{path}/{part}"], ["/playlist.bin", "/media.bin"]
            if protocol == "HTTP/1.1":
                row += [wrk(bench, bench.ours.pid, ours, secure), wrk(bench, bench.peer.pid, theirs, peer)]
            else:
                row.append(h2load(bench, bench.ours.pid, [secure + path for path in ours]))
                row.append(h2load(bench, bench.peer.pid, [peer + path for path in theirs]))
        rows.append(row)
        print(f"  round {number + 1}: HTTP/1.1 ours {row[0]:.1f}, nginx {row[1]:.1f}; HTTP/2 ours {row[2]:.1f}, nginx {row[3]:.1f} µs")
    one, one_peer, two, two_peer = (statistics.mean(column) for column in zip(*rows))
    kit.line("TLS, HTTP/1.1, a request", one, "≤ × 1.0", " µs", nginx=one_peer)
    kit.line("TLS, HTTP/2, a request", two, "≤ × 1.0", " µs", nginx=two_peer)


def size_of(address):
    return len(subprocess.run(["curl", "-sf", address], capture_output=True, check=True).stdout)


def many(bench):
    print("\nmany low-latency viewers on one core")
    # A minute is listed, and what is no longer listed stays for another: then nothing grows any more.
    time.sleep(max(0, bench.began + 140 - time.monotonic()))
    sizes, reports = {}, {}
    for viewers in (200, 2_000):
        seen = []

        def look(until=time.monotonic() + 8 + 5 + bench.words.seconds * 0.6, seen=seen):
            time.sleep(max(0, until - time.monotonic()))
            seen.append((kit.memory(bench.ours.pid), kit.metric("viewers")))

        watcher = threading.Thread(target=look)
        watcher.start()
        reports[viewers] = bench.load(bench.ours.pid, str(viewers), "-u", INDEX, viewers=viewers, ramp=8, warm=5)
        ended = time.monotonic()
        watcher.join()
        sizes[viewers] = seen[0]
        while kit.metric("viewers") and time.monotonic() - ended < 30:
            time.sleep(0.1)
        said = reports[viewers]
        print(
            f"  {viewers} viewers: counted {seen[0][1]:.0f} (goal within 1 %), back to 0 after"
            f" {time.monotonic() - ended:.1f} s (goal 6); spread of a part median {said['edge_ms']['p50']:.1f} ms, 99 %"
            f" {said['edge_ms']['p99']:.1f} ms (goal 50); {said['server_cores']:.2f} of the core, {said['gbit_s']:.2f} Gbit/s,"
            f" stalls {said['stalls']}, media {said['media_s_per_viewer_s']:.3f} s for each second"
        )
    grown = (sizes[2_000][0] - sizes[200][0]) / 1_800
    for viewers in (500, 2_000):
        command = ["taskset", "-c", kit.CLIENT, bench.folder / "fanout", kit.HTTP, "hall", viewers, 15]
        said = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False)
        print(f"  only looked at: {said.stdout.strip() or said.stderr.strip()}   (goal 50)")
    print(f"  own memory for each viewer {grown:.2f} KB (goal ≤ 3): {sizes[200][0]} KB with 200, {sizes[2_000][0]} KB with 2,000")


def main():
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("program", nargs="?", default=".build/release/sanyan")
    words.add_argument("--load", default=os.environ.get("HLS_LOAD", "../shared/bench/hls-load"))
    words.add_argument("--rounds", type=int, default=3)
    words.add_argument("--seconds", type=int, default=8, help="of each measurement")
    words.add_argument("--viewers", type=int, default=600)
    words.add_argument("--profile", default="campus", help="usual is what nginx-rtmp's two-second segments compare with")
    words.add_argument("--only", nargs="+", choices=SCENES, default=SCENES)
    words.add_argument("--streams", default="/tmp/sanyan-streams", help="where the encoded stream is kept")
    words = words.parse_args()
    kit.private_network()
    kit.need("nginx", "ffmpeg", "taskset", "cc", "wrk", "h2load", "curl", "openssl", "ss")
    pathlib.Path(words.streams).mkdir(exist_ok=True)
    stream = kit.loop_file(words.streams)
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        for tool in ("hlsload", "floor_http", "fanout"):
            beside = pathlib.Path(__file__).with_name(f"{tool}.c")
            source = beside if beside.exists() else pathlib.Path(words.load) / f"{tool}.c"
            subprocess.run(["cc", "-O2", "-o", folder / tool, source, "-lm"], check=True, stderr=subprocess.DEVNULL)
        pair = kit.certificate(folder)
        print(kit.conditions(words.program))
        with (
            kit.studio(words.program, folder / "data", words.profile, certificate=pair) as ours,
            kit.nginx(folder, pair) as peer,
            kit.publish(stream, f"rtmp://127.0.0.1:{kit.RTMP}/live/{kit.KEY}"),
        ):
            kit.wait_for(INDEX)
            bench = Bench(words, folder, ours, peer)
            time.sleep(14)
            bench.stream = stream
            bench.measure_alone()
            scenes = dict(zip(SCENES, [low_latency, playlist, plain, tls, many]))
            for name in words.only:
                scenes[name](bench)


if __name__ == "__main__":
    main()
