#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes `obs-avc-aac.rtmp` anew, and shows OBS while it publishes. Debian's OBS runs under Xvfb with a home of its own and
publishes a test picture by RTMP, without anybody at its buttons.

    python3 capture_obs.py                                    # the fixture: to a listener in this script
    python3 capture_obs.py rtmp://127.0.0.1:1935/live KEY 20 obs.png    # to a studio, for 20 seconds, and a picture of it

Needs obs-studio, xvfb, imagemagick and ffmpeg.

obs-avc-aac.rtmp      320x180, 10 frames/s, x264 of OBS at a constant rate, AAC 48000 Hz; some 7 seconds
"""
import configparser, json, os, pathlib, socket, subprocess, sys, tempfile, threading, time

from capture import QUIET, serve

SIZE = {"fixture": (320, 180, 10, 120), "shown": (640, 360, 15, 800)}


def write(path, sections):
    file = configparser.ConfigParser()
    file.optionxform = str
    file.read_dict(sections)
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "w") as out:
        file.write(out, space_around_delimiters=False)


def furnish(home, server, key, kind):
    """OBS's own files: one profile, one scene with a test picture in it."""
    width, height, rate, kilobits = SIZE[kind]
    clip = home / "clip.mp4"
    subprocess.run(QUIET + ["-f", "lavfi", "-i", f"testsrc2=size={width}x{height}:rate={rate}", "-f", "lavfi", "-i",
                            "sine=frequency=440:sample_rate=48000", "-t", "20", "-c:v", "libx264", "-preset", "veryfast",
                            "-pix_fmt", "yuv420p", "-c:a", "aac", str(clip)], check=True)
    base = home / ".config/obs-studio"
    write(base / "global.ini", {
        "General": {"FirstRun": "true", "EnableAutoUpdates": "false", "LastVersion": "486539266"},
        "Basic": {"Profile": "Hall", "ProfileDir": "Hall", "SceneCollection": "Hall", "SceneCollectionFile": "Hall"},
        "BasicWindow": {"WarnBeforeStartingStream": "false", "WarnBeforeStoppingStream": "false"}})
    profile = base / "basic/profiles/Hall"
    write(profile / "basic.ini", {
        "General": {"Name": "Hall"}, "Output": {"Mode": "Simple"},
        "SimpleOutput": {"StreamEncoder": "x264", "VBitrate": kilobits, "ABitrate": 64, "UseAdvanced": "true",
                         "Preset": "veryfast", "x264Settings": "keyint=%d" % (2 * rate)},
        "Video": {"BaseCX": width, "BaseCY": height, "OutputCX": width, "OutputCY": height, "FPSType": 1, "FPSInt": rate},
        "Audio": {"SampleRate": 48000, "ChannelSetup": "Stereo"}})
    (profile / "service.json").write_text(json.dumps(
        {"type": "rtmp_custom", "settings": {"server": server, "key": key, "use_auth": False, "bwtest": False}}))
    clip_source = {"id": "ffmpeg_source", "name": "Test picture", "settings": {"local_file": str(clip), "looping": True}}
    item = {"id": 1, "name": "Test picture", "pos": {"x": 0.0, "y": 0.0}, "scale": {"x": 1.0, "y": 1.0}, "visible": True}
    scene = {"id": "scene", "name": "Hall", "settings": {"items": [item], "id_counter": 1}}
    scenes = base / "basic/scenes/Hall.json"
    scenes.parent.mkdir(parents=True, exist_ok=True)
    scenes.write_text(json.dumps({
        "name": "Hall", "current_scene": "Hall", "current_program_scene": "Hall", "scene_order": [{"name": "Hall"}],
        "sources": [clip_source, scene]}))


def publish(server, key, seconds, kind, picture=None):
    with tempfile.TemporaryDirectory() as home:
        furnish(pathlib.Path(home), server, key, kind)
        display = ":97"
        place = dict(os.environ, HOME=home, DISPLAY=display, XDG_RUNTIME_DIR=home, LIBGL_ALWAYS_SOFTWARE="1", LC_ALL="C.UTF-8")
        place.pop("XDG_CONFIG_HOME", None)
        with subprocess.Popen(["Xvfb", display, "-screen", "0", "1100x760x24"], stderr=subprocess.DEVNULL) as screen:
            time.sleep(2)
            with subprocess.Popen(["obs", "--startstreaming", "--multi", "--profile", "Hall", "--collection", "Hall"],
                                  env=place, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as obs:
                time.sleep(seconds)
                if picture:
                    subprocess.run(["import", "-window", "root", picture], env=place, check=True)
                # Asked to leave, it would ask whether it may: it is on air.
                obs.kill()
            screen.terminate()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        server, key, seconds, picture = sys.argv[1:5]
        publish(server, key, float(seconds), "shown", picture)
    else:
        listener = socket.create_server(("127.0.0.1", 0))
        thread = threading.Thread(target=serve, args=(listener, "obs-avc-aac.rtmp"))
        thread.start()
        publish(f"rtmp://127.0.0.1:{listener.getsockname()[1]}/live", "a-key", 10, "fixture")
        thread.join()
