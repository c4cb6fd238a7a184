# SPDX-License-Identifier: Apache-2.0
"""How the load calls servers: offers and answers, Janus' VideoRoom, and whatever speaks WHIP and WHEP."""
import asyncio, json, random, re, string

import aiohttp


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
    kinds = ["audio", "video"] if send else ["audio"] * a.voices + ["video"] * a.slots
    L = head() + ["a=group:BUNDLE " + " ".join(str(mid) for mid in range(len(kinds))), "a=extmap-allow-mixed", "a=msid-semantic: WMS *"]
    cname = "".join(random.choices(string.ascii_lowercase, k=8))
    for mid, kind in enumerate(kinds):
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
