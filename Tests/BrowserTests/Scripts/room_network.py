# SPDX-License-Identifier: Apache-2.0
"""A network of one's own for a script about rooms: the studio and one browser at home, another browser elsewhere, which
reaches them by a Wi-Fi or by a mobile network. Neither touches the machine's own network."""

import contextlib
import os
import pathlib
import signal
import subprocess
import sys

import kit
from studio import until

HOME = "10.9.0.1"
# By the name of the road: our end, its other end.
ROADS = {"wifi": ("10.9.1.1", "10.9.1.2"), "mobile": ("10.9.2.1", "10.9.2.2")}


def leave():
    """Goes on in a network of its own; who is not root becomes so there alone (user_namespaces(7))."""
    if os.environ.get("ROOM_NETWORK") != "own":
        os.environ["ROOM_NETWORK"] = "own"
        who = [] if os.geteuid() == 0 else ["--map-root-user"]
        os.execvp("unshare", ["unshare", "--net", *who, sys.executable, *sys.argv])
    ip("link set lo up")
    ip(f"address add {HOME}/32 dev lo")


def ip(words, *before):
    subprocess.run([*before, "ip", *words.split()], check=True)


class Elsewhere:
    """Another machine, as far as its network goes."""

    def __init__(self):
        self.holder = subprocess.Popen(["unshare", "--net", "sleep", "600"])
        self.space = f"/proc/{self.holder.pid}/ns/net"
        own = os.readlink("/proc/self/ns/net")
        until(lambda: os.readlink(self.space) != own, 5, "a network of its own")
        self.inside = ("nsenter", f"--net={self.space}")
        ip("link set lo up", *self.inside)
        for road, (ours, _) in ROADS.items():
            ip(f"link add {road}-home type veth peer name {road} netns {self.holder.pid}")
            # An address of IPv6 comes by itself a second or two after the link, and Chromium, which takes it for another
            # network, breaks off what it is loading.
            ip(f"link set dev {road}-home addrgenmode none")
            ip(f"link set dev {road} addrgenmode none", *self.inside)
            ip(f"address add {ours}/24 dev {road}-home")
            ip(f"link set {road}-home up")
            # What comes from where nothing goes back to is dropped (rp_filter, ip-sysctl).
            pathlib.Path(f"/proc/sys/net/ipv4/conf/{road}-home/rp_filter").write_text("1")
        self.road = ""

    def take(self, road):
        """Goes by this road from now on; the other one is gone, and with it the address there."""
        if self.road:
            ip(f"address flush dev {self.road}", *self.inside)
            ip(f"link set {self.road} down", *self.inside)
        self.road = road
        if road:
            ours, theirs = ROADS[road]
            ip(f"link set {road} up", *self.inside)
            ip(f"address add {theirs}/24 dev {road}", *self.inside)
            ip(f"route replace default via {ours} dev {road}", *self.inside)

    @contextlib.contextmanager
    def silence(self):
        """Nothing goes there or comes back, and nobody is told."""
        address = ROADS[self.road][1]
        ip(f"route add blackhole {address}/32")
        yield
        ip(f"route del blackhole {address}/32")

    @contextlib.contextmanager
    def sleep(self):
        """The lid is closed: its network is down, and nothing there runs."""
        road = self.road
        self.take("")
        for one in self.processes():
            os.kill(one, signal.SIGSTOP)
        yield
        for one in self.processes():
            os.kill(one, signal.SIGCONT)
        self.take(road)

    def processes(self):
        """What runs there, but for what keeps the network."""
        space = os.readlink(self.space)
        for folder in pathlib.Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):  # It has ended meanwhile.
                if os.readlink(folder / "ns/net") == space and int(folder.name) != self.holder.pid:
                    yield int(folder.name)

    def browser(self):
        """A program that starts the browser there."""
        starter = kit.OUT / "chromium-elsewhere"
        starter.write_text(f'#!/bin/sh\nexec {" ".join(self.inside)} {kit.CHROMIUM} "$@"\n')
        starter.chmod(0o755)
        return str(starter)

    def close(self):
        self.holder.kill()
        self.holder.wait()
