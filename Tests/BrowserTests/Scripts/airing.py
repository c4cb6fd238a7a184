# SPDX-License-Identifier: Apache-2.0
"""What an audience has of a broadcast just now, part by part, and people of one colour who meet in a room."""

import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import time
import urllib.request

from calls_kit import page
from studio import until

SCRIPT = (pathlib.Path(__file__).parent / "rooms.js").read_text()
# A camera of one colour; at its upper edge something moves.
COLOUR = """
function colour(name, width, height, rate) {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [width, height];
  const pen = canvas.getContext("2d");
  let at = 0;
  const draw = () => {
    pen.fillStyle = name;
    pen.fillRect(0, 0, width, height);
    pen.fillStyle = "#fff";
    pen.fillRect((at += 16) % width, 0, width / 8, height / 10);
  };
  draw();
  setInterval(draw, 1000 / rate);
  return canvas.captureStream(rate);
}
"""


class Audience:
    """A player that reads the newest parts of a broadcast's picture and sound, always at the same addresses. Fails with
    StopIteration while there is no picture."""

    def __init__(self, address, broadcast="cast"):
        answer = urllib.request.urlopen(f"{address}/live/{broadcast}/index.m3u8")
        lines = answer.read().decode().splitlines()
        self.base = answer.url.rsplit("/", 1)[0] + "/"
        self.seen = next(line for line in lines if re.fullmatch(r"v\d+\.m3u8", line))
        sounds = (re.search(r'TYPE=AUDIO.*URI="([^"]+)"', line) for line in lines)
        # Else it is in the picture's own parts.
        self.heard = next((found[1] for found in sounds if found), self.seen)

    def lines(self, name):
        return self.fetch(name).decode().splitlines()

    def fetch(self, name):
        return urllib.request.urlopen(self.base + name).read()

    def parts(self):
        return [re.search('URI="([^"]+)"', line)[1] for line in self.lines(self.seen) if line.startswith("#EXT-X-PART:")]

    def newest(self, name):
        """The head, and all parts since the last one that decoding can begin with."""
        head, parts = None, []
        for line in self.lines(name):
            if line.startswith("#EXT-X-MAP:"):
                head, parts = re.search('URI="([^"]+)"', line)[1], []
            if line.startswith("#EXT-X-PART:"):
                name = re.search('URI="([^"]+)"', line)[1]
                parts = [name] if "INDEPENDENT=YES" in line else [*parts, name] if parts else []
        # Every part of sound is one to begin with: the last alone is short, but long enough.
        return b"".join(self.fetch(name) for name in [head, *parts]) if parts else b""

    def picture(self):
        """The last picture, 1280 x 720: a function from a place to its three colours; nothing while there is none."""
        words = "ffmpeg -v quiet -i - -vf scale=1280:720 -f rawvideo -pix_fmt rgb24 -".split()
        size = 1280 * 720 * 3
        found = subprocess.run(words, input=self.newest(self.seen), capture_output=True, timeout=60).stdout[-size:]
        return Picture(found) if len(found) == size else None

    def level(self):
        """How loud it is, in dB."""
        words = "ffmpeg -v info -nostats -i - -af volumedetect -vn -f null -".split()
        said = subprocess.run(words, input=self.newest(self.heard), capture_output=True, timeout=60).stderr.decode()
        found = re.search(r"mean_volume: (\S+) dB", said)
        return float(found[1]) if found else -91.0


class Picture:
    def __init__(self, pixels):
        self.pixels = pixels

    def at(self, x, y):
        start = (y * 1280 + x) * 3
        return tuple(self.pixels[start : start + 3])

    def white(self, x, y, width, height):
        """How many pixels of a place are white, and how far to the right the last of them stands."""
        found = [(a, b) for b in range(y, y + height) for a in range(x, x + width) if min(self.at(a, b)) > 170]
        return len(found), max((a - x for a, _ in found), default=0)

    def is_(self, colour, x, y, width, height):
        """Whether a place has this colour: in its middle, and between that and its edges."""
        places = [(x + width * a // 4, y + height * b // 4) for a in (1, 2) for b in (1, 2)]
        return all(near(self.at(*one), colour) for one in places)

    def has(self, colour):
        return any(near(self.at(x, y), colour) for x in range(8, 1280, 16) for y in range(8, 720, 16))

    def save(self, name):
        words = f"ffmpeg -v error -y -f rawvideo -pix_fmt rgb24 -s 1280x720 -i - -frames:v 1 {name}".split()
        subprocess.run(words, input=self.pixels, timeout=60)


def near(one, other):
    return all(abs(a - b) < 48 for a, b in zip(one, other))


def guest(chromium, studio, name, **more):
    """A page with one person of the hall in it, who has told nothing yet."""
    new = page(chromium, studio)
    new.add_script_tag(content=SCRIPT + COLOUR + "\nwindow.Guest = Guest;")
    new.evaluate(
        "async ([base, who]) => { window.me = new Guest(base); await me.enter(who); }",
        [f"{studio.address}/room/hall", {"name": name, **more}])
    until(lambda: new.evaluate("me.find('state').length > 0"), 10, f"{name} to be told of everything")
    return new


def ask(who, ask, **more):
    answer = who.evaluate("([ask, more]) => me.ask(ask, more)", [ask, more])
    if answer != 204:
        sys.exit(f"{ask} {more}: {answer}")


def children(program, word):
    """The programs beside the studio that were started with this word."""
    found = []
    for path in pathlib.Path("/proc").glob("[0-9]*/cmdline"):
        try:
            parent = (path.parent / "stat").read_text().rsplit(") ", 1)[1].split()[1]
            words = path.read_bytes().decode().replace("\0", " ")
        except OSError:
            continue
        if parent == str(program) and word in words:
            found.append(int(path.parent.name))
    return sorted(found)


def kill(process):
    os.kill(process, signal.SIGKILL)


def holes(file):
    """The longest pause between two packets of a file, in seconds."""
    words = ["ffprobe", "-v", "error", "-show_entries", "packet=pts_time", "-of", "csv=p=0", str(file)]
    said = subprocess.run(words, capture_output=True, text=True, timeout=60).stdout
    times = sorted(float(line.strip(",")) for line in said.split() if line.strip(",") not in ("", "N/A"))
    return max((b - a for a, b in zip(times, times[1:])), default=0.0)


def log(folder):
    return [json.loads(line) for line in (folder / "log.jsonl").read_text().splitlines()]


def ticks(pid):
    """What a process has used, in seconds."""
    try:
        words = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(") ", 1)[1].split()
        return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")
    except FileNotFoundError:
        return 0.0


def family(pid):
    """The process and its children."""
    children = [
        int(path.parent.name)
        for path in pathlib.Path("/proc").glob("[0-9]*/stat")
        if read(path).rsplit(") ", 1)[-1].split()[1:2] == [str(pid)]
    ]
    return [pid, *children]


def read(path):
    try:
        return path.read_text()
    except OSError:
        return ") ? 0"


def cost(pid, seconds):
    """Processors that the studio and its children use."""
    before = {one: ticks(one) for one in family(pid)}
    time.sleep(seconds)
    after = {one: ticks(one) for one in family(pid)}
    used = {one: (after[one] - before.get(one, 0)) / seconds for one in after}
    return used[pid], sum(used.values()) - used[pid]
