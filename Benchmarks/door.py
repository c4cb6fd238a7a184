#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A door that speaks as much of LINE's Messaging API as pushes need, and writes down what comes when.

usage: door.py PORT LOG     (PORT 0: a free one; the first line of its output says which)

A retry key that has been taken is answered with 409 and the number of the first, as LINE documents it. A line of the
log is: milliseconds since 1970, what (`new`, `again`, `bad`), the number of the message, to whom.
"""
import asyncio
import json
import sys
import time
import uuid


class Door(asyncio.Protocol):
    taken = {}
    log = None

    def connection_made(self, transport):
        self.transport, self.bytes = transport, b""

    def data_received(self, data):
        self.bytes += data
        while b"\r\n\r\n" in self.bytes:
            head, rest = self.bytes.split(b"\r\n\r\n", 1)
            lines = head.decode("latin-1").split("\r\n")
            headers = {k.strip().lower(): v.strip() for k, v in (line.split(":", 1) for line in lines[1:])}
            length = int(headers.get("content-length", "0"))
            if len(rest) < length:
                return
            self.bytes = rest[length:]
            self.answer(lines[0].split(" ")[1], headers, rest[:length])

    def answer(self, path, headers, body):
        now = time.time() * 1000
        if path != "/v2/bot/message/push":
            return self.send(200, {"type": "none", "totalUsage": len(self.taken)}, {})
        try:
            key = str(uuid.UUID(headers["x-line-retry-key"]))
            to = json.loads(body)["to"]
        except (KeyError, ValueError) as error:
            self.log.write(f"{now:.0f} bad - {error!r}\n")
            return self.send(400, {"message": "no retry key, or no receiver"}, {})
        first = self.taken.get(key)
        number = first or f"r{len(self.taken) + 1}"
        self.log.write(f"{now:.0f} {'again' if first else 'new'} {number} {to}\n")
        if first:
            return self.send(409, {"message": "accepted before"}, {"x-line-accepted-request-id": first})
        self.taken[key] = number
        self.send(200, {"sentMessages": [{"id": number}]}, {"x-line-request-id": number})

    def send(self, status, body, headers):
        text = json.dumps(body).encode()
        lines = [f"HTTP/1.1 {status} X", f"content-length: {len(text)}", "content-type: application/json"]
        lines += [f"{k}: {v}" for k, v in headers.items()]
        self.transport.write("\r\n".join(lines).encode() + b"\r\n\r\n" + text)


async def main():
    Door.log = open(sys.argv[2], "w", buffering=1)
    server = await asyncio.get_running_loop().create_server(Door, "127.0.0.1", int(sys.argv[1]), backlog=512)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


asyncio.run(main())
