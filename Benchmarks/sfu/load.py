#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Drive the load engine against an SFU and measure what the SFU pays.

Peers supported:
  janus   Janus VideoRoom over its WebSocket API (multistream subscribers)
  whip    anything that speaks WHIP for publishing and WHEP for playing (our own server, MediaMTX, ...)

Everything runs on this one machine; nothing is sent off it.
"""
import argparse, asyncio, json, os, time

import aiohttp

from peers import Janus, Whip

HERE = os.path.dirname(os.path.abspath(__file__))
TICK = os.sysconf("SC_CLK_TCK")


# ---------------------------------------------------------------- process accounting
def tree(pid):
    out, todo = [], [pid]
    kids = {}
    for d in os.listdir("/proc"):
        if d.isdigit():
            try:
                pp = int(open(f"/proc/{d}/stat").read().rsplit(")", 1)[1].split()[1])
                kids.setdefault(pp, []).append(int(d))
            except OSError:
                pass
    while todo:
        p = todo.pop()
        out.append(p)
        todo += kids.get(p, [])
    return out


def usage(pids):
    """(user CPU-s, system CPU-s, own memory in KiB, PSS KiB, threads) of the processes and their children. Own memory is
    RssAnon: pages of the program's file that are touched for the first time are nobody's who has just come."""
    u = s = rss = pss = th = 0
    for pid in [q for p in pids for q in tree(p)]:
        try:
            f = open(f"/proc/{pid}/stat").read().rsplit(")", 1)[1].split()
            u += int(f[11]) / TICK
            s += int(f[12]) / TICK
            for line in open(f"/proc/{pid}/status"):
                if line.startswith("RssAnon"):
                    rss += int(line.split()[1])
                if line.startswith("Threads"):
                    th += int(line.split()[1])
            for line in open(f"/proc/{pid}/smaps_rollup"):
                if line.startswith("Pss:"):
                    pss += int(line.split()[1])
        except OSError:
            pass
    return u, s, rss, pss, th


def machine_busy():
    f = open("/proc/stat").readline().split()[1:]
    v = list(map(int, f))
    idle = v[3] + v[4]
    return (sum(v) - idle) / TICK, sum(v) / TICK


def udp_drops():
    out = {}
    rows = [l.split() for l in open("/proc/net/snmp") if l.startswith("Udp:")]
    for k, v in zip(rows[0][1:], rows[1][1:]):
        out[k] = int(v)
    return {k: out[k] for k in ("InErrors", "RcvbufErrors", "SndbufErrors")}


# ---------------------------------------------------------------- engine
class Engine:
    def __init__(self, path, profiles, ip="127.0.0.1"):
        self.path, self.profiles, self.ip = path, profiles, ip

    async def start(self):
        self.p = await asyncio.create_subprocess_exec(
            self.path, self.profiles, self.ip, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
        )
        self.fp = (await self.p.stdout.readline()).decode().split()[1]
        self.lock = asyncio.Lock()
        self.n = 0
        return self

    async def ask(self, line):
        async with self.lock:
            self.p.stdin.write((line + "\n").encode())
            await self.p.stdin.drain()
            return (await self.p.stdout.readline()).decode().strip()

    async def say(self, line):
        async with self.lock:
            self.p.stdin.write((line + "\n").encode())
            await self.p.stdin.drain()

    async def new(self):
        i = self.n
        self.n += 1
        _, _, port, ufrag, pwd = (await self.ask(f"NEW {i}")).split()
        return i, int(port), ufrag, pwd

    async def stat(self):
        return json.loads((await self.ask("STAT"))[5:])

    async def stop(self):
        try:
            await self.say("QUIT")
            await asyncio.wait_for(self.p.wait(), 5)
        except Exception:
            self.p.kill()


# ---------------------------------------------------------------- main
async def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--peer", choices=["janus", "whip"], required=True)
    ap.add_argument("--url", required=True)
    ap.add_argument("--token", default="")
    ap.add_argument("--pid", type=int, action="append", default=[], help="the server process to charge (repeatable; children are included)")
    ap.add_argument("--engine", default=os.environ.get("SFULOAD", os.path.join(HERE, "load")))
    ap.add_argument("--profiles", default="SRTP_AEAD_AES_128_GCM:SRTP_AES128_CM_SHA1_80")
    ap.add_argument("--ip", default="127.0.0.1", help="local address the load uses (Janus leaves loopback out: give it this machine's own address; packets stay in the kernel)")
    ap.add_argument("--pubs", type=int, default=1)
    ap.add_argument("--subs", type=int, default=10)
    ap.add_argument("--feeds-per-sub", type=int, default=0, help="how many publishers each subscriber takes (0: all)")
    ap.add_argument("--slots", type=int, default=1, help="pictures that a WHEP subscriber has room for on its one connection")
    ap.add_argument("--voices", type=int, default=1, help="and voices")
    ap.add_argument("--kbps", type=int, default=1500)
    ap.add_argument("--audio-kbps", type=int, default=40)
    ap.add_argument("--fps", type=int, default=30)
    ap.add_argument("--width", type=int, default=1280)
    ap.add_argument("--height", type=int, default=720)
    ap.add_argument("--simulcast", action="store_true")
    ap.add_argument("--probes", type=int, default=2, help="subscribers that decrypt, to measure latency")
    ap.add_argument("--loss", type=float, default=0, help="drop this share at the receivers, then NACK")
    ap.add_argument("--rtt", type=int, default=0, help="pretend this round trip (ms) in receiver reports: Janus keeps nothing to resend while it sees a zero RTT")
    ap.add_argument("--no-nack", action="store_true")
    ap.add_argument("--no-twcc", action="store_true")
    ap.add_argument("--within", type=float, default=0, help="spread the coming of the subscribers over so many seconds")
    ap.add_argument("--warm", type=float, default=5)
    ap.add_argument("--secs", type=float, default=15)
    ap.add_argument("--label", default="")
    a = ap.parse_args()
    pubs, subs = await Engine(a.engine, a.profiles, a.ip).start(), await Engine(a.engine, a.profiles, a.ip).start()
    async with aiohttp.ClientSession() as http:
        peer = Janus(a) if a.peer == "janus" else Whip(a)
        await peer.open(http)
        for _ in range(a.pubs):
            await peer.publish(pubs)
        if not a.pubs:
            peer.feeds = [0]
        # What is kept of a publisher's last seconds is nobody's who comes later.
        await asyncio.sleep(8 if a.pubs else 2)
        t0 = time.time()
        c0 = usage(a.pid)
        mem0 = c0[2]
        if a.rtt:
            await subs.say(f"RTT {a.rtt}")
        if a.no_nack:
            await subs.say("NACK 0")
        if a.no_twcc:
            await subs.say("TWCC 0")
        sem = asyncio.Semaphore(8)

        async def one(k):
            if a.within:
                await asyncio.sleep(k * a.within / a.subs)
            async with sem:
                f = peer.feeds[:1] if a.slots > 1 else peer.feeds if not a.feeds_per_sub else [peer.feeds[(k + j) % len(peer.feeds)] for j in range(a.feeds_per_sub)]
                await peer.subscribe(subs, f, 1 if k < a.probes else 0)

        await asyncio.gather(*[one(k) for k in range(a.subs)])
        # A handshake goes on when its answer has come.
        for _ in range(200):
            if (await subs.stat())["dtls"] == a.subs:
                break
            await asyncio.sleep(0.05)
        tj = time.time() - t0
        c1 = usage(a.pid)
        forwarded_meanwhile = (await subs.stat())["rx_packets"]
        await asyncio.sleep(a.warm)
        joined, publishing = await subs.stat(), await pubs.stat()
        if a.loss:
            await subs.say(f"LOSS {a.loss}")
        await pubs.ask("RESET")
        await subs.ask("RESET")
        u0, m0, d0, w0 = usage(a.pid), machine_busy(), udp_drops(), time.time()
        e0 = (await pubs.stat())["engine_cpu"] + (await subs.stat())["engine_cpu"]
        await asyncio.sleep(a.secs)
        p, s = await pubs.stat(), await subs.stat()
        u1, m1, d1, w1 = usage(a.pid), machine_busy(), udp_drops(), time.time()
        cpu = (u1[0] + u1[1]) - (u0[0] + u0[1])
        wall = w1 - w0
        joining = (c1[0] + c1[1]) - (c0[0] + c0[1])
        out = {
            "label": a.label or a.peer, "pubs": a.pubs, "subs": a.subs, "wall_s": round(wall, 2),
            "in_pps": round(p["tx_packets"] / wall), "out_pps": round(s["rx_packets"] / wall), "out_mbps": round(s["rx_bytes"] * 8e-6 / wall, 1),
            "server_cpu_s": round(cpu, 2), "user_s": round(u1[0] - u0[0], 2), "sys_s": round(u1[1] - u0[1], 2),
            "forwarded_packets_per_cpu_s": round(s["rx_packets"] / cpu) if cpu > 0.05 else None,
            "cores_used": round(cpu / wall, 3), "join_cpu_ms_per_sub": round(1000 * joining / max(1, a.subs), 2),
            # What was forwarded to those who had come already is no join's cost.
            "join_alone_ms_per_sub": round(1000 * (joining - forwarded_meanwhile * cpu / max(1, s["rx_packets"])) / max(1, a.subs), 2),
            "pli_while_joining": publishing["pli_in"], "padding": s["padding"],
            "own_mib": round(u1[2] / 1024, 1), "pss_mib": round(u1[3] / 1024, 1), "kib_per_sub": round((u1[2] - mem0) / max(1, a.subs)), "threads": u1[4],
            "receiving": s["receiving"], "connected": joined["dtls"], "join_s": round(tj, 2), "max_first_packet_ms": joined["max_first_packet_ms"],
            "lost": s["lost"], "expected": s["expected"], "dropped_on_purpose": s["dropped_on_purpose"], "nacked": s["nacked"], "recovered": s["recovered"], "gaveup": s["gaveup"],
            "min_per_sub": s["min_per_sub"], "max_per_sub": s["max_per_sub"], "streams": s["streams"],
            "lat_audio_ms_p50_95_99_999": s["lat_audio_ms"], "lat_video_ms_p50_95_99_999": s["lat_video_ms"],
            "pli_to_pubs": p["pli_in"], "nack_to_pubs": p["nack_in"], "twcc_fb_to_pubs": p["twcc_fb_in"], "remb_to_pubs": p["remb_in"],
            "load_engines_cpu_s": round(p["engine_cpu"] + s["engine_cpu"] - e0, 2),
            "rtx_in": s["rtx_in"], "rtx_unusable": s["rtx_unusable"], "srtp": s["srtp"], "max_ice_ms": joined["max_ice_ms"], "max_dtls_ms": joined["max_dtls_ms"], "machine_busy_share": round((m1[0] - m0[0]) / (m1[1] - m0[1]), 2), "udp_drops": {k: d1[k] - d0[k] for k in d1}, "tx_errors": p["tx_errors"],
        }
        print(json.dumps(out))
        await peer.close()
    await pubs.stop()
    await subs.stop()


asyncio.run(main())
