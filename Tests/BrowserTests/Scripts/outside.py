# SPDX-License-Identifier: Apache-2.0
"""What a university has outside the office: an OpenID provider and a directory, real ones, on loopback ports.

The provider is oidc-provider-mock (authlib behind it); the strict one signs with joserfc, checks PKCE, client and
address to come back to, and lies when it is told to.
"""
import base64
import contextlib
import hashlib
import hmac
import http.server
import json
import os
import pathlib
import secrets
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse

from joserfc import jwt
from joserfc.jwk import RSAKey

from kit import Wrong

BASE = "dc=example,dc=ac,dc=th"


def free_port():
    with socket.socket() as place:
        place.bind(("127.0.0.1", 0))
        return place.getsockname()[1]


def wait_for(port, process):
    for _ in range(1200):
        if process.poll() is not None:
            raise Wrong(f"{process.args[0]} ended with {process.returncode}")
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    raise Wrong(f"nobody listens on {port}")


@contextlib.contextmanager
def running(port, arguments, **more):
    process = subprocess.Popen(arguments, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **more)
    try:
        wait_for(port, process)
        yield process
    finally:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(10)


@contextlib.contextmanager
def plain_provider(people):
    """oidc-provider-mock with people by their `sub`; gives its issuer."""
    port = free_port()
    program = (
        "import json, sys, werkzeug.serving, oidc_provider_mock;"
        "from oidc_provider_mock import User;"
        "people = [User(sub=s, claims=c) for s, c in json.loads(sys.argv[2]).items()];"
        "werkzeug.serving.run_simple('127.0.0.1', int(sys.argv[1]), oidc_provider_mock.app("
        "require_nonce=True, user_claims=people), threaded=True)"
    )
    arguments = [sys.executable, "-c", program, str(port), json.dumps(people)]
    with running(port, arguments, env={**os.environ, "AUTHLIB_INSECURE_TRANSPORT": "1"}):
        yield f"http://127.0.0.1:{port}"


class Strict(http.server.BaseHTTPRequestHandler):
    """An OpenID provider that agrees at once. `server.lie` names what it does wrong."""

    def log_message(self, *_):
        pass

    def say(self, value, status=200):
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        place, _, query = self.path.partition("?")
        asked = dict(urllib.parse.parse_qsl(query))
        issuer = self.server.issuer
        if place == "/.well-known/openid-configuration":
            self.say({
                "issuer": issuer, "authorization_endpoint": issuer + "/authorize", "token_endpoint": issuer + "/token",
                "jwks_uri": issuer + "/keys", "code_challenge_methods_supported": ["S256"],
            })
        elif place == "/keys":
            self.say({"keys": [self.server.key.as_dict(private=False)]})
        elif place == "/authorize":
            wanted = {"response_type": "code", "client_id": "sanyan", "code_challenge_method": "S256",
                      "redirect_uri": self.server.home}
            if any(asked.get(name) != value for name, value in wanted.items()):
                return self.say({"error": "invalid_request", "asked": asked}, 400)
            code = secrets.token_urlsafe(16)
            self.server.codes[code] = asked
            back = urllib.parse.urlencode({"code": code, "state": asked["state"]})
            self.send_response(302)
            self.send_header("Location", f"{self.server.home}?{back}")
            self.end_headers()
        else:
            self.say({}, 404)

    def do_POST(self):
        form = dict(urllib.parse.parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode()))
        client = base64.b64encode(b"sanyan:secret").decode()
        if self.headers.get("Authorization") != "Basic " + client:
            return self.say({"error": "invalid_client"}, 401)
        asked = self.server.codes.pop(form.get("code"), None)
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        if not asked or asked["code_challenge"] != letters(digest) or form.get("redirect_uri") != self.server.home:
            return self.say({"error": "invalid_grant"}, 400)
        self.say({"access_token": "a", "token_type": "Bearer", "id_token": self.token(asked["nonce"])})

    def token(self, nonce):
        lie, key, now = self.server.lie, self.server.key, int(time.time())
        claims = {"iss": self.server.issuer, "sub": "p7", "aud": "sanyan", "exp": now + 300, "iat": now, "nonce": nonce,
                  "preferred_username": "kanya", "name": "K", "groups": ["av-officers"]}
        claims.update({
            "nonce": {"nonce": "another"}, "audience": {"aud": "another"}, "issuer": {"iss": "https://example.com"},
            "expired": {"exp": now - 61}, "future": {"iat": now + 120},
        }.get(lie, {}))
        header = {"alg": "RS256", "kid": key.kid}
        if lie == "kid":
            header["kid"] = "nobody"
        if lie == "key":
            key = RSAKey.generate_key(2048)
        if lie == "hs256":
            # By hand: joserfc does not lend itself to taking a public key for a shared secret.
            front = text({"alg": "HS256", "kid": key.kid}) + "." + text(claims)
            return front + "." + letters(hmac.digest(key.as_pem(private=False), front.encode(), "sha256"))
        token = jwt.encode(header, claims, key)
        if lie == "none":
            return text({"alg": "none", "kid": key.kid}) + "." + token.split(".")[1] + "."
        return token


def letters(data):
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def text(value):
    return letters(json.dumps(value).encode())


def new_key(kid):
    return RSAKey.generate_key(2048, {"kid": kid, "use": "sig", "alg": "RS256"})


@contextlib.contextmanager
def strict_provider(home):
    """The strict provider; browsers go back to `home`."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Strict)
    server.issuer, server.home = f"http://127.0.0.1:{server.server_port}", home
    server.key, server.codes, server.lie = new_key("one"), {}, None
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()


SLAPD = """
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
modulepath /usr/lib/ldap
moduleload back_mdb
database mdb
suffix "{base}"
rootdn "cn=admin,{base}"
rootpw root
directory {folder}
access to attrs=userPassword by anonymous auth by * none
access to * by * read
"""

PEOPLE = """
dn: {base}
objectClass: dcObject
objectClass: organization
dc: example
o: Example University

dn: uid=malee,{base}
objectClass: inetOrgPerson
uid: malee
cn: Malee
sn: Malee
ou: av-officers
mail: malee@example.ac.th
userPassword: directory-password

dn: uid=stranger,{base}
objectClass: inetOrgPerson
uid: stranger
cn: Stranger
sn: Stranger
ou: students
userPassword: directory-password
"""


@contextlib.contextmanager
def directory():
    """OpenLDAP's slapd on this machine; gives its port."""
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        place = pathlib.Path(folder)
        (place / "db").mkdir()
        (place / "slapd.conf").write_text(SLAPD.format(base=BASE, folder=place / "db"))
        (place / "people.ldif").write_text(PEOPLE.format(base=BASE).lstrip())
        address = f"ldap://127.0.0.1:{port}"
        with running(port, ["/usr/sbin/slapd", "-h", address, "-f", str(place / "slapd.conf"), "-d", "none"]):
            subprocess.run(
                ["ldapadd", "-x", "-H", address, "-D", f"cn=admin,{BASE}", "-w", "root", "-f", place / "people.ldif"],
                check=True, stdout=subprocess.DEVNULL)
            yield port
