// SPDX-License-Identifier: Apache-2.0
import Foundation
import Secure
import Testing

@testable import Stagehands

/// Pushes as other programs read them: http-ece opens what we seal and seals what we open, py-vapid judges our token.
@Suite("pushes that others read") struct WebPushTests {
    @Test("http-ece opens every length from nothing to the 3,993 bytes that fit, and we open what it seals")
    func sealing() async throws {
        let folder = try scratch("push")
        defer { remove(folder) }
        // The browser's key pair is drawn by Python; we are told its public half.
        let keys = try await Self.python("keys", in: folder)
        let lines = keys.split(separator: "\n").map(String.init)
        let (point, secret) = (try #require(lines.first), try #require(lines.last))
        let reader = try PushKeys(
            point: try #require(Base64URL.bytes(point)), secret: try #require(Base64URL.bytes(secret)))
        var expected: [String] = []
        for count in [0, 1, 17, 1000, PushCoding.longestText] {
            let text = (0..<count).map { UInt8(truncatingIfNeeded: 31 &* $0) }
            let body = try PushCoding.seal(text, to: reader)
            try Data(body).write(to: folder.appending(path: "\(count).push"))
            expected.append("\(count) \(Hex.text(Digest.sha256(text))) \(body.count)")
        }
        #expect(try await Self.python("open", in: folder).split(separator: "\n").map(String.init) == expected)

        let mine = try PushReader()
        try Data((Base64URL.text(mine.keys.point) + "\n" + Base64URL.text(mine.keys.secret)).utf8)
            .write(to: folder.appending(path: "mine"))
        _ = try await Self.python("seal", in: folder)
        for count in [1, 100, 3993] {
            let body = [UInt8](try Data(contentsOf: folder.appending(path: "\(count).sealed")))
            #expect(try mine.open(body) == [UInt8](repeating: 0x61, count: count))
        }
    }

    @Test("py-vapid takes our token for the service it names, and for no other")
    func vapid() async throws {
        let folder = try scratch("vapid")
        defer { remove(folder) }
        let key = try TokenKey.make()
        let expires = Int(Date().timeIntervalSince1970) + 12 * 3600
        let claims = #"{"aud":"https://push.example.com","exp":\#(expires),"sub":"mailto:desk@example.ac.th"}"#
        let token = try WebToken.sign(claims, with: key)
        let header = "vapid t=\(token), k=\(Base64URL.text(try #require(key.publicPoint)))"
        try Data(header.utf8).write(to: folder.appending(path: "header"))
        #expect(
            try await Self.python("vapid", in: folder).split(separator: "\n").map(String.init) == [
                "https://push.example.com", "mailto:desk@example.ac.th", "changed: refused", "another key: refused",
            ])
    }

    private static func python(_ act: String, in folder: URL) async throws -> String {
        let script = folder.appending(path: "peer.py")
        try Self.script.write(to: script, atomically: true, encoding: .utf8)
        let child = try Child(
            Harness.python, [script.path, act, folder.path], ProcessInfo.processInfo.environment,
            log: folder.appending(path: "log-\(act)"), echo: false)
        let code = await child.end(withinSeconds: 60)
        #expect(code == 0, "\(child.said)")
        return child.said
    }

    private static let script = """
        import base64, hashlib, json, pathlib, sys
        import http_ece
        from cryptography.hazmat.primitives import serialization
        from cryptography.hazmat.primitives.asymmetric import ec
        from py_vapid import Vapid02

        act, folder = sys.argv[1], pathlib.Path(sys.argv[2])
        text = lambda raw: base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
        raw = lambda text: base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        point = lambda key: key.public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)

        if act == "keys":
            key = ec.generate_private_key(ec.SECP256R1())
            (folder / "key").write_text(str(key.private_numbers().private_value))
            (folder / "secret").write_bytes(bytes(range(16)))
            print(text(point(key.public_key())), text(bytes(range(16))), sep="\\n")
        if act == "open":
            key = ec.derive_private_key(int((folder / "key").read_text()), ec.SECP256R1())
            for file in sorted(folder.glob("*.push"), key=lambda file: int(file.stem)):
                body = file.read_bytes()
                plain = http_ece.decrypt(
                    body, private_key=key, auth_secret=(folder / "secret").read_bytes(), version="aes128gcm")
                print(len(plain), hashlib.sha256(plain).hexdigest(), len(body))
        if act == "seal":
            public, secret = [raw(line) for line in (folder / "mine").read_text().split()]
            for count in (1, 100, 3993):
                sender = ec.generate_private_key(ec.SECP256R1())
                body = http_ece.encrypt(
                    b"a" * count, private_key=sender, dh=public, auth_secret=secret, version="aes128gcm", rs=4096)
                (folder / f"{count}.sealed").write_bytes(body)
        if act == "vapid":
            header = (folder / "header").read_text()
            parts = dict(part.strip().split("=", 1) for part in header.removeprefix("vapid ").split(","))
            verify = lambda key, token: Vapid02.verify(f"vapid t={token},k={key}")
            head, claims, signature = parts["t"].split(".")
            signed = f"{head}.{claims}".encode()
            told = json.loads(raw(claims))
            assert json.loads(raw(head)) == {"alg": "ES256", "typ": "JWT"}, head
            assert verify(parts["k"], parts["t"]), "py-vapid refuses the header"
            print(told["aud"], told["sub"], sep="\\n")
            forged = parts["t"].replace(claims, text(json.dumps(told | {"aud": "https://other.example"}).encode()))
            other = text(point(ec.generate_private_key(ec.SECP256R1()).public_key()))
            for name, key, token in (("changed", parts["k"], forged), ("another key", other, parts["t"])):
                print(f"{name}: {'taken' if verify(key, token) else 'refused'}")
        """
}
