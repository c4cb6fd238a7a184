#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Drive the load engine against an SFU and measure what the SFU pays.

Peers supported:
  janus   Janus VideoRoom over its WebSocket API (multistream subscribers)
  whip    anything that speaks WHIP for publishing and WHEP for playing (our own server, MediaMTX, ...)

Everything runs on this one machine; nothing is sent off it.
"""
import argparse, asyncio, json, os, random, re, string, sys, time

import aiohttp

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
    """(user CPU-s, system CPU-s, RSS KiB, PSS KiB, threads) of the processes and their children."""
    u = s = rss = pss = th = 0
    for pid in [q for p in pids for q in tree(p)]:
        try:
            f = open(f"/proc/{pid}/stat").read().rsplit(")", 1)[1].split()
            u += int(f[11]) / TICK
            s += int(f[12]) / TICK
            for line in open(f"/proc/{pid}/status"):
                if line.startswith("VmRSS"):
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


# ---------------------------------------------------------------- SDP
def parse(sdp):
    """The few things needed from a remote description."""
    o = {"m": [], "cand": []}
    cur = o
    for l in sdp.replace("\r", "").split("\n"):
        if l.startswith("m="):
            f = l[2:].split()
            cur = {"kind": f[0], "port": int(f[1]), "pts": f[3:], "rtpmap": {}, "apt": {}, "ext": {}, "fid": [], "mid": "", "lines": []}
            o["m"].append(cur)
        elif l.startswith("a="):
            a = l[2:]
            k, _, v = a.partition(":")
            if k in ("ice-ufrag", "ice-pwd", "setup"):
                o.setdefault(k, v)
            elif k == "fingerprint":
                o.setdefault(k, v)
            elif k == "candidate":
                f = v.split()
                if f[2].lower() == "udp" and f[1] == "1" and ":" not in f[4] and not f[4].endswith(".local"):
                    o["cand"].append((int(f[3]), f[4], int(f[5])))
            elif cur is not o:
                cur["lines"].append(a)
                if k == "mid":
                    cur["mid"] = v
                elif k == "rtpmap":
                    pt, _, c = v.partition(" ")
                    cur["rtpmap"][pt] = c
                elif k == "fmtp":
                    m = re.match(r"(\d+) .*apt=(\d+)", v)
                    if m:
                        cur["apt"][m.group(1)] = m.group(2)
                elif k == "extmap":
                    i, _, u = v.partition(" ")
                    cur["ext"][u.split()[0]] = int(i.split("/")[0])
                elif k == "ssrc-group" and v.startswith("FID"):
                    cur["fid"].append(tuple(v.split()[1:3]))
    return o


TWCC = "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01"
AL = "urn:ietf:params:rtp-hdrext:ssrc-audio-level"
MID = "urn:ietf:params:rtp-hdrext:sdes:mid"
RID = "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id"
AST = "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time"


def head():
    return ["v=0", f"o=- {random.getrandbits(53)} 2 IN IP4 127.0.0.1", "s=-", "t=0 0"]


def common(port, ufrag, pwd, eng, setup):
    return [
        f"c=IN IP4 {eng.ip}", "a=rtcp:9 IN IP4 0.0.0.0", f"a=candidate:1 1 udp 2130706431 {eng.ip} {port} typ host", "a=end-of-candidates",
        f"a=ice-ufrag:{ufrag}", f"a=ice-pwd:{pwd}", f"a=fingerprint:sha-256 {eng.fp}", f"a=setup:{setup}", "a=rtcp-mux", "a=rtcp-rsize",
    ]


def media_lines(kind):
    if kind == "audio":
        return ["a=rtpmap:111 opus/48000/2", "a=fmtp:111 minptime=10;useinbandfec=1", "a=rtcp-fb:111 transport-cc"]
    return ["a=rtpmap:96 VP8/90000", "a=rtcp-fb:96 goog-remb", "a=rtcp-fb:96 transport-cc", "a=rtcp-fb:96 ccm fir", "a=rtcp-fb:96 nack", "a=rtcp-fb:96 nack pli",
            "a=rtpmap:97 rtx/90000", "a=fmtp:97 apt=96"]


def offer(ids, eng, send, a, layers=None, ssrc=None):
    _, port, ufrag, pwd = ids
    L = head() + ["a=group:BUNDLE 0 1", "a=extmap-allow-mixed", "a=msid-semantic: WMS *"]
    cname = "".join(random.choices(string.ascii_lowercase, k=8))
    for mid, kind in (("0", "audio"), ("1", "video")):
        L += [f"m={kind} 9 UDP/TLS/RTP/SAVPF " + ("111" if kind == "audio" else "96 97")] + common(port, ufrag, pwd, eng, "actpass")
        L += [f"a=mid:{mid}", "a=sendonly" if send else "a=recvonly"]
        L += [f"a=extmap:1 {AL}"] if kind == "audio" else []
        L += [f"a=extmap:4 {TWCC}", f"a=extmap:9 {MID}"]
        if kind == "video" and layers:
            L += [f"a=extmap:10 {RID}"]
        L += media_lines(kind)
        if send:
            L += [f"a=msid:{cname} {cname}{mid}"]
            if kind == "audio" or not layers:
                L += [f"a=ssrc:{ssrc[kind]} cname:{cname}", f"a=ssrc:{ssrc[kind]} msid:{cname} {cname}{mid}"]
            else:
                L += [f"a=rid:{r} send" for r, *_ in layers] + ["a=simulcast:send " + ";".join(r for r, *_ in layers)]
    return "\r\n".join(L) + "\r\n"


def answer_to(rem, ids, eng):
    """Accept everything we understand in a server's offer, receive-only."""
    _, port, ufrag, pwd = ids
    mids = [m["mid"] for m in rem["m"]]
    L = head() + ["a=group:BUNDLE " + " ".join(mids), "a=msid-semantic: WMS *"]
    for m in rem["m"]:
        keep = [p for p in m["pts"] if m["rtpmap"].get(p, "").lower().split("/")[0] in ("opus", "vp8", "vp9", "h264", "rtx")]
        if not keep:
            L += [f"m={m['kind']} 0 UDP/TLS/RTP/SAVPF {' '.join(m['pts'])}", "c=IN IP4 127.0.0.1", "a=inactive", f"a=mid:{m['mid']}"]
            continue
        L += [f"m={m['kind']} 9 UDP/TLS/RTP/SAVPF {' '.join(keep)}"] + common(port, ufrag, pwd, eng, "active")
        L += [f"a=mid:{m['mid']}", "a=recvonly"]
        for a in m["lines"]:
            k, _, v = a.partition(":")
            if k in ("rtpmap", "fmtp", "rtcp-fb") and v.split()[0] in keep:
                L.append("a=" + a)
            if k == "extmap" and v.split()[1] in (TWCC, MID, AL, AST):
                L.append("a=" + a)
    return "\r\n".join(L) + "\r\n"


def go(i, rem, controlling, client, extra=""):
    if not rem["cand"]:
        raise SystemExit("the server's description has no UDP host candidate")
    _, ip, port = max(rem["cand"])
    x = {}
    for m in rem["m"]:
        x.update(m["ext"])
    s = f"GO {i} ip={ip} port={port} ufrag={rem['ice-ufrag']} pwd={rem['ice-pwd']} controlling={controlling} client={client}"
    s += f" x_tw={x.get(TWCC, 0)} x_mid={x.get(MID, 0)} x_al={x.get(AL, 0)} x_rid={x.get(RID, 0)}"
    for m in rem["m"]:
        for pt in m["apt"]:
            s += f" rtxpt={pt}"
        for a, b in m["fid"]:
            s += f" rtx={a}:{b}"
    return s + " " + extra


def layer_list(a):
    if not a.simulcast:
        return None
    return [("q", a.kbps // 10, a.width // 4, a.height // 4), ("h", a.kbps // 3, a.width // 2, a.height // 2), ("f", a.kbps, a.width, a.height)]


def outs(a, ssrc, layers, mids=("0", "1")):
    s = f"mid_a={mids[0]} mid_v={mids[1]} audio={ssrc['audio']}:111:{a.audio_kbps}"
    if layers:
        for n, (rid, k, w, h) in enumerate(layers):
            s += f" video={ssrc['video'] + n}:96:{k}:{a.fps}:{w}:{h}:{rid}"
    else:
        s += f" video={ssrc['video']}:96:{a.kbps}:{a.fps}:{a.width}:{a.height}"
    return s


# ---------------------------------------------------------------- Janus
class Janus:
    def __init__(self, a):
        self.a = a
        self.room = random.randrange(1000, 10**6)
        self.pend, self.ev, self.feeds = {}, {}, []

    async def open(self, http):
        self.ws = await http.ws_connect(self.a.url, protocols=["janus-protocol"], max_msg_size=0)
        self.rd = asyncio.create_task(self.reader())
        self.sid = None
        self.sid = (await self.req({"janus": "create"}))["data"]["id"]
        self.ka = asyncio.create_task(self.keep())
        h = await self.attach()
        await self.msg(h, {"request": "create", "room": self.room, "publishers": 1000, "audiocodec": "opus", "videocodec": "vp8", "bitrate": 0, "fir_freq": 0,
                           "audiolevel_event": False, "notify_joining": False, "transport_wide_cc_ext": True, "permanent": False})

    async def reader(self):
        async for m in self.ws:
            if m.type != aiohttp.WSMsgType.TEXT:
                break
            d = json.loads(m.data)
            t = d.get("transaction")
            if d.get("janus") in ("ack",):
                continue
            if t in self.pend and not self.pend[t].done():
                self.pend[t].set_result(d)

    async def keep(self):
        while True:
            await asyncio.sleep(25)
            await self.req({"janus": "keepalive"})

    async def req(self, d, handle=None):
        t = "".join(random.choices(string.ascii_letters, k=12))
        d = dict(d, transaction=t)
        if self.sid:
            d["session_id"] = self.sid
        if handle:
            d["handle_id"] = handle
        f = self.pend[t] = asyncio.get_running_loop().create_future()
        if d["janus"] in ("keepalive", "trickle"):
            f.set_result({})
        await self.ws.send_str(json.dumps(d))
        r = await asyncio.wait_for(f, 30)
        self.pend.pop(t, None)
        if r.get("janus") == "error" or "error" in r.get("plugindata", {}).get("data", {}):
            raise SystemExit("janus: " + json.dumps(r))
        return r

    async def attach(self):
        return (await self.req({"janus": "attach", "plugin": "janus.plugin.videoroom"}))["data"]["id"]

    async def msg(self, h, body, jsep=None):
        d = {"janus": "message", "body": body}
        if jsep:
            d["jsep"] = jsep
        return await self.req(d, h)

    async def publish(self, eng):
        a, h, ids = self.a, await self.attach(), await eng.new()
        r = await self.msg(h, {"request": "join", "ptype": "publisher", "room": self.room})
        self.feeds.append(r["plugindata"]["data"]["id"])
        ssrc = {"audio": random.getrandbits(31), "video": random.getrandbits(31)}
        L = layer_list(a)
        r = await self.msg(h, {"request": "publish"}, {"type": "offer", "sdp": offer(ids, eng, True, a, L, ssrc), "trickle": False})
        rem = parse(r["jsep"]["sdp"])
        await eng.say(go(ids[0], rem, 1, 0 if rem.get("setup") == "active" else 1, outs(a, ssrc, L)))

    async def subscribe(self, eng, feeds, probe):
        h, ids = await self.attach(), await eng.new()
        streams = [{"feed": f} for f in feeds]
        r = await self.msg(h, {"request": "join", "ptype": "subscriber", "room": self.room, "streams": streams})
        rem = parse(r["jsep"]["sdp"])
        await eng.say(go(ids[0], rem, 0, 1, f"probe={probe}"))
        await self.msg(h, {"request": "start"}, {"type": "answer", "sdp": answer_to(rem, ids, eng), "trickle": False})

    async def close(self):
        for t in (self.ka, self.rd):
            t.cancel()
        await self.ws.close()


# ---------------------------------------------------------------- WHIP / WHEP
class Whip:
    """--url is a template: {op} becomes whip or whep, {n} the publisher's number."""

    def __init__(self, a):
        self.a, self.feeds = a, []

    async def open(self, http):
        self.http, self.n, self.res = http, 0, []

    async def post(self, op, n, sdp):
        url = self.a.url.format(op=op, n=n)
        hd = {"Content-Type": "application/sdp"}
        if self.a.token:
            hd["Authorization"] = "Bearer " + self.a.token
        async with self.http.post(url, data=sdp, headers=hd) as r:
            t = await r.text()
            if r.status not in (200, 201):
                raise SystemExit(f"{url}: {r.status} {t[:300]}")
            if "Location" in r.headers:
                self.res.append(str(r.url.join(__import__("yarl").URL(r.headers["Location"]))))
            return parse(t)

    async def publish(self, eng):
        a, ids, n = self.a, await eng.new(), self.n
        self.n += 1
        self.feeds.append(n)
        ssrc = {"audio": random.getrandbits(31), "video": random.getrandbits(31)}
        L = layer_list(a)
        rem = await self.post("whip", n, offer(ids, eng, True, a, L, ssrc))
        await eng.say(go(ids[0], rem, 1, 0 if rem.get("setup") == "active" else 1, outs(a, ssrc, L)))

    async def subscribe(self, eng, feeds, probe):
        for f in feeds:
            ids = await eng.new()
            rem = await self.post("whep", f, offer(ids, eng, False, self.a))
            await eng.say(go(ids[0], rem, 1, 0 if rem.get("setup") == "active" else 1, f"probe={probe}"))

    async def close(self):
        for u in self.res:
            try:
                await self.http.delete(u)
            except Exception:
                pass


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
    ap.add_argument("--warm", type=float, default=5)
    ap.add_argument("--secs", type=float, default=15)
    ap.add_argument("--label", default="")
    a = ap.parse_args()
    base = usage(a.pid)
    pubs, subs = await Engine(a.engine, a.profiles, a.ip).start(), await Engine(a.engine, a.profiles, a.ip).start()
    t0 = time.time()
    async with aiohttp.ClientSession() as http:
        peer = Janus(a) if a.peer == "janus" else Whip(a)
        await peer.open(http)
        for _ in range(a.pubs):
            await peer.publish(pubs)
        await asyncio.sleep(2)
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
            async with sem:
                f = peer.feeds if not a.feeds_per_sub else [peer.feeds[(k + j) % len(peer.feeds)] for j in range(a.feeds_per_sub)]
                await peer.subscribe(subs, f, 1 if k < a.probes else 0)

        await asyncio.gather(*[one(k) for k in range(a.subs)])
        tj = time.time() - t0
        c1 = usage(a.pid)
        await asyncio.sleep(a.warm)
        joined = await subs.stat()
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
        out = {
            "label": a.label or a.peer, "pubs": a.pubs, "subs": a.subs, "wall_s": round(wall, 2),
            "in_pps": round(p["tx_packets"] / wall), "out_pps": round(s["rx_packets"] / wall), "out_mbps": round(s["rx_bytes"] * 8e-6 / wall, 1),
            "server_cpu_s": round(cpu, 2), "user_s": round(u1[0] - u0[0], 2), "sys_s": round(u1[1] - u0[1], 2),
            "forwarded_packets_per_cpu_s": round(s["rx_packets"] / cpu) if cpu > 0.05 else None,
            "cores_used": round(cpu / wall, 3), "join_cpu_ms_per_sub": round(1000 * ((c1[0] + c1[1]) - (c0[0] + c0[1])) / max(1, a.subs), 2),
            "rss_mib": round(u1[2] / 1024, 1), "pss_mib": round(u1[3] / 1024, 1), "kib_per_sub": round((u1[2] - mem0) / max(1, a.subs)), "threads": u1[4],
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
