# SPDX-License-Identifier: Apache-2.0
"""What ffprobe and ffmpeg say of a file or an address."""

import json
import subprocess
import sys


def probe(file, *more, level="warning"):
    """Streams and format, all frames counted; fails when ffprobe has anything to complain of."""
    words = ["ffprobe", "-v", level, "-count_packets", "-show_streams", "-show_format", "-of", "json", *more, str(file)]
    done = subprocess.run(words, capture_output=True, text=True, timeout=60)
    if done.returncode != 0 or done.stderr.strip():
        sys.exit(f"ffprobe {file}: {done.returncode} {done.stderr[-1500:]}")
    return json.loads(done.stdout)


def decode(file, *more):
    """Decodes everything; fails when ffmpeg has anything to complain of."""
    words = ["ffmpeg", "-v", "warning", "-xerror", *more, "-i", str(file), "-autoscale", "0", "-f", "null", "-"]
    done = subprocess.run(words, capture_output=True, text=True, timeout=120)
    # What goes nowhere has a fixed rate, and a camera has none: that is no fault of the file.
    said = [line for line in done.stderr.splitlines() if line.strip() and "increasing dts to muxer" not in line]
    if done.returncode != 0 or said:
        sys.exit(f"ffmpeg {file}: {done.returncode} {done.stderr[-1500:]}")


def picture(file, second, width, height):
    """One picture in grey at that second, as rows of bytes."""
    words = ["ffmpeg", "-v", "error", "-ss", str(second), "-i", str(file), "-frames:v", "1"]
    words += ["-vf", f"scale={width}:{height}", "-f", "rawvideo", "-pix_fmt", "gray", "-"]
    done = subprocess.run(words, capture_output=True, timeout=60)
    bytes_ = done.stdout
    if len(bytes_) != width * height:
        sys.exit(f"no picture at {second} s in {file}: {done.stderr[-800:]}")
    return [bytes_[row * width : (row + 1) * width] for row in range(height)]


def loudness(file):
    """The mean level in dB."""
    words = ["ffmpeg", "-v", "info", "-nostats", "-i", str(file), "-af", "volumedetect", "-vn", "-f", "null", "-"]
    said = subprocess.run(words, capture_output=True, text=True, timeout=60).stderr
    return float(said.split("mean_volume:")[1].split("dB")[0])
