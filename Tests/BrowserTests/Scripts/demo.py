# SPDX-License-Identifier: Apache-2.0
"""`sanyan demo` with a studio of its own on free ports, which may be killed in the middle of its work and started again."""

import contextlib
import os
import pathlib
import signal
import subprocess
import sys
import time
import urllib.request

import kit
from studio import port


class Demo:
    """The program, from the moment it answers until it is stopped or killed."""

    def __init__(self):
        self.folder = pathlib.Path(os.environ["DATA"])
        self.folder.mkdir(parents=True, exist_ok=True)
        self.rtmp, self.studio = f"127.0.0.1:{port()}", f"127.0.0.1:{port()}"
        place = f"127.0.0.1:{port()}"
        words = ["demo", "--data", str(self.folder), "--http", place, "--rtmp", self.rtmp]
        self.words = [*words, "--studio-http", self.studio, "--udp", f"127.0.0.1:{port()}"]
        kit.BASE_URL = f"http://{place}"
        self.start()

    def start(self):
        with (self.folder / "demo.log").open("a") as log:
            self.program = subprocess.Popen([os.environ["PROGRAM"], *self.words], stdout=log, stderr=log)
        self.wait(kit.BASE_URL)

    def wait(self, address):
        """Until what is at this address answers."""
        end = time.monotonic() + 90
        while not answers(address):
            if time.monotonic() > end or self.program.poll() is not None:
                sys.exit(f"{address} never answered: " + (self.folder / "demo.log").read_text()[-2000:])
            time.sleep(0.05)

    def studios(self):
        """The processes of its studio: sessions of their own, which are known by the socket that they came to."""
        found = []
        for path in pathlib.Path("/proc").glob("[0-9]*/cmdline"):
            with contextlib.suppress(OSError):
                words = path.read_bytes().split(b"\0")
                if words[1:2] == [b"studio"] and str(self.folder / "studio.sock").encode() in words:
                    found.append(int(path.parent.name))
        return found

    def kill(self):
        """Everything at once, as when the power fails."""
        for process in [self.program.pid, *self.studios()]:
            os.kill(process, signal.SIGKILL)
        self.program.wait()

    def stop(self):
        self.program.terminate()
        try:
            self.program.wait(15)
        except subprocess.TimeoutExpired:
            self.program.kill()
        # A studio may outlive its desk; nobody comes back to this one.
        for process in self.studios():
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)


def answers(address):
    with contextlib.suppress(OSError):
        return urllib.request.urlopen(address + "/healthz").status == 200
    return False


@contextlib.contextmanager
def running():
    """The demo, which is stopped at the end, whatever happens."""
    demo = Demo()
    try:
        yield demo
    finally:
        demo.stop()
