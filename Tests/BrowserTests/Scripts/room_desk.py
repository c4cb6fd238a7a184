# SPDX-License-Identifier: Apache-2.0
"""The office's end of a studio's line, for scripts about rooms: it says what meetings are to be, signs passes into them, and
keeps what it is told. And people who have a seat, but no browser."""

import base64
import hashlib
import hmac
import json
import pathlib
import socket
import tempfile
import threading
import time
import urllib.request

from studio import Studio, post, until

# RoomPass.Role has these numbers.
ROLES = {"listener": 1, "speaker": 2, "cohost": 3, "host": 4}
SECRET = bytes(range(32))


def signed(meeting, role, key="", name="", until_second=None, secret=SECRET):
    """A pass as `RoomPass` has it; good for an hour unless it is said otherwise."""
    front = int(until_second or time.time() + 3_600).to_bytes(4, "big") + bytes([ROLES[role]])
    if key:
        front += b"".join(bytes([len(one)]) + one for one in (key.encode(), name.encode()))
    code = hmac.new(secret, b"room-pass\0" + meeting.encode() + b"\0" + front, hashlib.sha256).digest()[:12]
    return base64.urlsafe_b64encode(front + code).rstrip(b"=").decode()


class Desk:
    """Listens where a studio calls."""

    def __init__(self):
        self.path = str(pathlib.Path(tempfile.mkdtemp()) / "desk")
        self.told = []
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(self.path)
        self.listener.listen(1)

    def open(self, **how):
        """A studio of this desk."""
        studio = Studio(more=["--desk", self.path], **how)
        self.line, _ = self.listener.accept()
        threading.Thread(target=self.listen, daemon=True).start()
        self.address = studio.address
        return studio

    def listen(self):
        for line in self.line.makefile("r", encoding="utf-8"):
            self.told.append(json.loads(line))

    def order(self, **order):
        self.line.sendall(json.dumps(order).encode() + b"\n")

    def broadcast(self, name):
        self.order(put={"_0": {"name": name, "title": name, "keyHashes": [hashlib.sha256(b"unused").hexdigest()]}})

    def meeting(self, name, **plan):
        """Opens a meeting, or changes it; answers when the room is as it was ordered."""
        whole = {"name": name, "title": name, "passKey": SECRET.hex(), **plan}
        self.order(meeting={"_0": whole})
        until(lambda: self.about(name).get("title") == whole["title"], 5, f"that {name} is open")

    def about(self, name):
        status, _, body = post(f"{self.address}/room/{name}/about", None, method="GET")
        return json.loads(body) if status == 200 else {}

    def report(self, name):
        """What a meeting came to."""
        found = [one["meetingEnded"]["_0"] for one in list(self.told) if "meetingEnded" in one]
        return next((one for one in reversed(found) if one["state"]["name"] == name), None)


class Sitter:
    """Somebody with a seat and a stream of events, who neither sends nor shows anything."""

    def __init__(self, address, name, **more):
        self.address = address
        entry = {"name": name, "language": "th", "device": name, "consent": True, **more}
        status, _, body = post(address + "/people", json.dumps(entry).encode(), "application/json")
        if status != 201:
            raise SystemExit(f"{name} was not let in: {status} {body}")
        self.token, self.id = json.loads(body)["token"], json.loads(body)["you"]["id"]
        request = urllib.request.Request(address + "/events", headers={"authorization": "Bearer " + self.token})
        self.stream = urllib.request.urlopen(request)

    def ask(self, ask, **more):
        body = json.dumps({"ask": ask, **more}).encode()
        return post(self.address + "/asks", body, "application/json", authorization="Bearer " + self.token)[0]

    def leave(self):
        self.ask("leave")
        self.stream.close()
