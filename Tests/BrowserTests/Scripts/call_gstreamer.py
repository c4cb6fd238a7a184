# SPDX-License-Identifier: Apache-2.0
"""GStreamer's webrtcbin as a WHIP or WHEP client: `call_gstreamer.py publish|play ADDRESS`. Debian's own Python runs it.
Publishes a test picture (VP8) and a tone for nine seconds, or plays for six and counts what comes decoded."""

import sys
import urllib.request

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstWebRTC", "1.0")
gi.require_version("GstSdp", "1.0")
from gi.repository import GLib, Gst, GstSdp, GstWebRTC  # noqa: E402

PUBLISH = """webrtcbin name=call bundle-policy=max-bundle
  videotestsrc is-live=true pattern=ball ! video/x-raw,width=640,height=360,framerate=30/1
    ! vp8enc deadline=1 target-bitrate=500000 keyframe-max-dist=60 ! rtpvp8pay picture-id-mode=15-bit
    ! application/x-rtp,media=video,encoding-name=VP8,payload=96 ! call.
  audiotestsrc is-live=true ! audioconvert ! audioresample ! opusenc ! rtpopuspay
    ! application/x-rtp,media=audio,encoding-name=OPUS,payload=97 ! call."""
PLAY = "webrtcbin name=call bundle-policy=max-bundle"


class Call:
    def __init__(self, what, address):
        self.what, self.address, self.counts = what, address, {"video": 0, "audio": 0}
        if what == "publish":
            self.pipeline = Gst.parse_launch(PUBLISH)
        else:
            # One element alone is no pipeline.
            self.pipeline = Gst.Pipeline()
            self.pipeline.add(Gst.parse_launch(PLAY))
        self.bin = self.pipeline.get_by_name("call")
        self.loop = GLib.MainLoop()
        self.is_posted = False
        self.bin.connect("on-negotiation-needed", self.on_needed)
        self.bin.connect("notify::ice-gathering-state", self.on_gathered)
        if what == "play":
            direction = GstWebRTC.WebRTCRTPTransceiverDirection.RECVONLY
            for caps in [
                "application/x-rtp,media=video,encoding-name=VP8,payload=96,clock-rate=90000",
                "application/x-rtp,media=audio,encoding-name=OPUS,payload=97,clock-rate=48000,encoding-params=(string)2",
            ]:
                self.bin.emit("add-transceiver", direction, Gst.Caps.from_string(caps))
            self.bin.connect("pad-added", self.on_pad)

    def on_needed(self, _):
        promise = Gst.Promise.new_with_change_func(self.on_offer, None, None)
        self.bin.emit("create-offer", None, promise)

    def on_offer(self, promise, *_):
        promise.wait()
        # The offer lives in the reply.
        self.reply = promise.get_reply()
        self.bin.emit("set-local-description", self.reply.get_value("offer"), Gst.Promise.new())

    def on_gathered(self, *_):
        done = self.bin.get_property("ice-gathering-state") == GstWebRTC.WebRTCICEGatheringState.COMPLETE
        if done and not self.is_posted:
            self.is_posted = True
            GLib.idle_add(self.post)

    def post(self):
        offer = self.bin.get_property("local-description").sdp.as_text()
        request = urllib.request.Request(self.address, method="POST", data=offer.encode())
        request.add_header("content-type", "application/sdp")
        _, answer = GstSdp.SDPMessage.new_from_text(urllib.request.urlopen(request).read().decode())
        kind = GstWebRTC.WebRTCSDPType.ANSWER
        description = GstWebRTC.WebRTCSessionDescription.new(kind, answer)
        self.bin.emit("set-remote-description", description, Gst.Promise.new())
        return False

    def on_pad(self, _, pad):
        """Decodes what comes and counts it."""
        if pad.direction != Gst.PadDirection.SRC:
            return
        decode = Gst.ElementFactory.make("decodebin")
        decode.connect("pad-added", self.on_decoded)
        self.pipeline.add(decode)
        decode.sync_state_with_parent()
        pad.link(decode.get_static_pad("sink"))

    def on_decoded(self, _, pad):
        kind = "video" if pad.get_current_caps().get_structure(0).get_name().startswith("video") else "audio"
        sink = Gst.ElementFactory.make("fakesink")
        sink.set_property("signal-handoffs", True)
        sink.set_property("sync", False)
        sink.connect("handoff", lambda *_: self.count(kind))
        self.pipeline.add(sink)
        sink.sync_state_with_parent()
        pad.link(sink.get_static_pad("sink"))

    def count(self, kind):
        self.counts[kind] += 1

    def run(self, seconds):
        self.pipeline.set_state(Gst.State.PLAYING)
        GLib.timeout_add_seconds(seconds, self.loop.quit)
        self.loop.run()
        state = self.bin.get_property("connection-state").value_nick
        self.pipeline.set_state(Gst.State.NULL)
        return state


def main():
    Gst.init(None)
    what, address = sys.argv[1:]
    call = Call(what, address)
    state = call.run(9 if what == "publish" else 6)
    print("GStreamer", what, "was", state, call.counts)
    if state != "connected" or what == "play" and (call.counts["video"] < 25 or call.counts["audio"] < 50):
        sys.exit(1)


main()
