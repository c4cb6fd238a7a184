# SPDX-License-Identifier: Apache-2.0
"""`sanyan studio` for scripts about calls: a meeting, one that wants a key, and a broadcast, on free ports."""

import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import kit


def port():
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        return line.getsockname()[1]


def until(condition, seconds, what):
    """Waits for it, and fails with what was awaited. Answers what the condition answered."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := condition():
            return found
        time.sleep(0.02)
    sys.exit(f"not within {seconds} s: {what}")


def post(address, body, kind="application/sdp", method="POST", **headers):
    """A request: its status, its fields, its content."""
    request = urllib.request.Request(address, method=method, data=body)
    request.add_header("content-type", kind)
    for name, value in headers.items():
        request.add_header(name, value)
    try:
        answer = urllib.request.urlopen(request)
    except urllib.error.HTTPError as error:
        answer = error
    return answer.status, dict(answer.headers), answer.read().decode()


class Studio:
    """The program, from the moment it answers until `close`."""

    def __init__(self, host="127.0.0.1", more=(), http="127.0.0.1"):
        """`host` is where media comes and goes, `http` where pages come; `more` is said to the program, too."""
        self.http, self.udp, self.rtmp = port(), port(), port()
        words = f"studio --meeting hall --meeting keyed:a-key --broadcast cast:a-stream-key --http {http}:{self.http}"
        words += f" --udp {host}:{self.udp} --rtmp 127.0.0.1:{self.rtmp} --srt 127.0.0.1:{port()} --data {kit.DATA}"
        words = [os.environ["PROGRAM"], *words.split(), *more]
        self.program = subprocess.Popen(words, stdout=subprocess.DEVNULL)
        self.address = f"http://127.0.0.1:{self.http}"
        until(self.answers, 20, "that the studio answers")

    def answers(self):
        with contextlib.suppress(OSError):
            return urllib.request.urlopen(self.address + "/healthz").status == 200
        return False

    def close(self):
        self.program.kill()
        self.program.wait()
