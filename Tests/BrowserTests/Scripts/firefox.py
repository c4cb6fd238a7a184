# SPDX-License-Identifier: Apache-2.0
"""Debian's Firefox for scripts: without a window, driven over its own Marionette port, so that nothing else is needed."""

import base64
import json
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile

from studio import port, until

PREFERENCES = {
    "media.navigator.streams.fake": True,
    "media.navigator.permission.disabled": True,
    "media.autoplay.default": 0,
    "media.autoplay.blocking_policy": 0,
    "media.peerconnection.ice.obfuscate_host_addresses": False,
    "browser.shell.checkDefaultBrowser": False,
    "browser.aboutwelcome.enabled": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "app.update.enabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "extensions.update.enabled": False,
    "browser.safebrowsing.downloads.enabled": False,
    "services.settings.server": "data:,",
    "media.gmp-manager.url": "data:,",
}


class Firefox:
    """One headless Firefox with windows."""

    def __init__(self):
        self.profile, marionette = tempfile.mkdtemp(prefix="sanyan-firefox-"), port()
        lines = [
            f"user_pref({json.dumps(name)}, {json.dumps(value)});"
            for name, value in (PREFERENCES | {"marionette.port": marionette}).items()
        ]
        (pathlib.Path(self.profile) / "user.js").write_text("\n".join(lines) + "\n")
        words = ["firefox-esr", "--headless", "--marionette", "--no-remote", "--profile", self.profile, "about:blank"]
        surroundings = os.environ | {"MOZ_HEADLESS": "1", "HOME": self.profile}
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        self.program = subprocess.Popen(words, env=surroundings, **quiet)
        self.line = until(lambda: self.connect(marionette), 30, "that Firefox listens")
        self.pending, self.number = b"", 0
        self.read()
        found = self.ask("WebDriver:NewSession", capabilities={"alwaysMatch": {"acceptInsecureCerts": True}})
        self.version = found["capabilities"]["browserVersion"]
        self.ask("WebDriver:SetTimeouts", script=30_000)

    @staticmethod
    def connect(marionette):
        try:
            return socket.create_connection(("127.0.0.1", marionette))
        except OSError:
            return None

    def read(self):
        while b":" not in self.pending:
            self.pending += self.line.recv(65_536)
        length, _, rest = self.pending.partition(b":")
        while len(rest) < int(length):
            rest += self.line.recv(65_536)
        self.pending = rest[int(length) :]
        return json.loads(rest[: int(length)])

    def ask(self, what, **how):
        self.number += 1
        message = json.dumps([0, self.number, what, how]).encode()
        self.line.sendall(str(len(message)).encode() + b":" + message)
        _, _, error, answer = self.read()
        if error:
            sys.exit(f"Firefox: {what}: {error}")
        return answer

    def window(self, address):
        handle = self.ask("WebDriver:NewWindow", type="window")["handle"]
        self.ask("WebDriver:SwitchToWindow", handle=handle)
        self.ask("WebDriver:Navigate", url=address)
        return handle

    def run(self, window, code, *arguments):
        """Runs code in a window; what it promises is waited for."""
        self.ask("WebDriver:SwitchToWindow", handle=window)
        script = (
            "const done = arguments[arguments.length - 1]; const given = arguments[0];"
            f"(async () => {{ {code} }})().then(done, (error) => done({{ error: String(error) }}));"
        )
        found = self.ask("WebDriver:ExecuteAsyncScript", script=script, args=[list(arguments)], sandbox=None)["value"]
        if isinstance(found, dict) and "error" in found:
            sys.exit(f"Firefox's page: {found['error']}")
        return found

    def shot(self, window, file):
        self.ask("WebDriver:SwitchToWindow", handle=window)
        file.write_bytes(base64.b64decode(self.ask("WebDriver:TakeScreenshot", full=False)["value"]))

    def close(self):
        self.program.terminate()
        self.program.wait()
        shutil.rmtree(self.profile, ignore_errors=True)
