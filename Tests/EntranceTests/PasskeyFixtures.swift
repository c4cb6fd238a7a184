// SPDX-License-Identifier: Apache-2.0
import Secure

/// Answers of passkeys as a device gives them, signed once by Python's `cryptography` with keys that are thrown away.
/// They are for `https://office.example.ac.th` and the challenge `Y2hhbGxlbmdl`.
enum PasskeyFixtures {
    static let es256Made = bytes(
        "mfVtNuR0J70exTh43XQDyOZRJ6GXcnjqHufuas6q6Z5FAAAAAAAAAAAAAAAAAAAAAAAAAAAAIBlAw7dXcFSO0d-"
            + "xXYWDMiZn1dNoWcSiwa5ArtM9ZudlpQECAyYgASFYIDdY7eL4sBH9IGN9XVWacfBGj3gvSin8rh1iWUPKQixTIlggzKgteel5AwW"
            + "VyZbtutU3UJeXMW8-F26s6nCSGzHXUrE")
    static let es256Credential = bytes("GUDDt1dwVI7R37FdhYMyJmfV02hZxKLBrkCu0z1m52U")
    static let es256Device = bytes("mfVtNuR0J70exTh43XQDyOZRJ6GXcnjqHufuas6q6Z4FAAAABw")
    static let es256Signature = bytes(
        "MEUCIQCzaaGdCw6TQhLHuSkm-dcRA94o2YiIGFAwNzX-iZx2RAIgNdlZmJ-o6L49ca_7tTL38sSujbCV762EeIug0FtIWXE")
    static let made = bytes(
        "eyJ0eXBlIjogIndlYmF1dGhuLmNyZWF0ZSIsICJjaGFsbGVuZ2UiOiAiWTJoaGJHeGxibWRsIiwgIm9yaWdpbiI6ICJodHRwczov"
            + "L29mZmljZS5leGFtcGxlLmFjLnRoIiwgImNyb3NzT3JpZ2luIjogZmFsc2V9")
    static let seen = bytes(
        "eyJ0eXBlIjogIndlYmF1dGhuLmdldCIsICJjaGFsbGVuZ2UiOiAiWTJoaGJHeGxibWRsIiwgIm9yaWdpbiI6ICJodHRwczovL29m"
            + "ZmljZS5leGFtcGxlLmFjLnRoIiwgImNyb3NzT3JpZ2luIjogZmFsc2V9")
    static let unverifiedDevice = bytes("mfVtNuR0J70exTh43XQDyOZRJ6GXcnjqHufuas6q6Z4BAAAACA")
    static let unverifiedSignature = bytes(
        "MEYCIQCtVRC8kQvchMliszaim3dDttr5h3IOWlNOO2XDogkHtgIhAMgrat7LYyfRb79q8LUmVIyMNvk0IXvaR0mEOABiJCDE")
    static let elsewhereSeen = bytes(
        "eyJ0eXBlIjogIndlYmF1dGhuLmdldCIsICJjaGFsbGVuZ2UiOiAiWTJoaGJHeGxibWRsIiwgIm9yaWdpbiI6ICJodHRwczovL2V2"
            + "aWwuZXhhbXBsZS5jb20iLCAiY3Jvc3NPcmlnaW4iOiBmYWxzZX0")
    static let elsewhereSignature = bytes(
        "MEUCIBA1cALTAt_H18pPzfDelxuoJA859_kLyIi2Ejft4x_BAiEAwEb1rMDOaOJwSQYiZGrZBb6VFB89irOEos8-lGzSZgs")
    static let nextDevice = bytes("mfVtNuR0J70exTh43XQDyOZRJ6GXcnjqHufuas6q6Z4FAAAACA")
    static let framedSeen = bytes(
        "eyJ0eXBlIjogIndlYmF1dGhuLmdldCIsICJjaGFsbGVuZ2UiOiAiWTJoaGJHeGxibWRsIiwgIm9yaWdpbiI6ICJodHRwczovL29m"
            + "ZmljZS5leGFtcGxlLmFjLnRoIiwgImNyb3NzT3JpZ2luIjogZmFsc2UsICJ0b3BPcmlnaW4iOiAiaHR0cHM6Ly9ldmlsLmV4YW1w"
            + "bGUuY29tIn0")
    static let framedSignature = bytes(
        "MEUCIQCu2Uz5Vl5Zbf7WzrBY9XMA6RuhnHFOAQ8e1tRsSkGTRgIgCY_18mv4B6MHzEH6YZnlaJD4SvgE5jH8Jfc-IEBqDDQ")
    static let foreignDevice = bytes("SXyxFFh6tdu62dQFcdieRmAtBDIpnZzdDhEfpiQarsIFAAAACA")
    static let foreignSignature = bytes(
        "MEYCIQChiuIy7WV4z9LWL5BBPWJq6EBM72ghe5c6e9vMVA9sFAIhAP7inv8lLE4_HyFiFAiQVr2u49FRixPR3xbbZt3NKKyu")
    static let offCurve = bytes(
        "mfVtNuR0J70exTh43XQDyOZRJ6GXcnjqHufuas6q6Z5FAAAAAAAAAAAAAAAAAAAAAAAAAAAAIBlAw7dXcFSO0d-"
            + "xXYWDMiZn1dNoWcSiwa5ArtM9ZudlpQECAyYgASFYIDdY7eL4sBH9IGN9XVWacfBGj3gvSin8rh1iWUPKQixTIlggzKgteel5AwW"
            + "VyZbtutU3UJeXMW8-F26s6nCSGzHXUrA")
    static let rs256Made = bytes(
        "mfVtNuR0J70exTh43XQDyOZRJ6GXcnjqHufuas6q6Z5FAAAAAAAAAAAAAAAAAAAAAAAAAAAAIJkQnDVfIUHqItZD-Rpm2yZSzTWD"
            + "V70K66TsTrnArh6cpAEDAzkBACBZAQDSu3eWQijqaNOdzkg4V9SfBSPaekORfVaa6u760L4TqlCehAccaRp17jvJO9-"
            + "HzD_4yaJiDi8wCQMFVmhM2iq4n_J3tgBTFmqhoRoVNoMeb2eJlDfC-Wj5Ynjv6-hIZ-pf6DFVjNQSbg_bI7O-"
            + "mQMeHFkOUFyZM8IrMjlgEdw5gLVF0VhkGUIegwPlzUJW_zdywdPeQsZgKyM3bAOjkIzHnwgkbYgOMJ23hHCtykl6sBuvOZGBNYMB"
            + "KeDAfD4VmqOzC8zPvGWHaiNoZEBkSoLvD7-dA0eeeebCts6zcj4Cqx_-"
            + "bdEDHeD7jgHFGmG1kB8P4D3I81bFVCvDLdJ3ntBDIUMBAAE")
    static let rs256Credential = bytes("mRCcNV8hQeoi1kP5GmbbJlLNNYNXvQrrpOxOucCuHpw")
    static let rs256Device = bytes("mfVtNuR0J70exTh43XQDyOZRJ6GXcnjqHufuas6q6Z4FAAAABw")
    static let rs256Signature = bytes(
        "WgTh5a3LGbOVtVEdQC84DY8kvSikyWQVhXHksmueaiDKIwwujhYaQQu3gsA_-xMGBBYNjxFbARLROaHUn7waj7niROXmH8r21W_y"
            + "3mZKz0TlAXeOovFgHiHBEu0OvPV4vrg27D5uk0kUttKIbvO2J7kZmwERZ0jY0LTFWExApRn1qln_NUwjJ_c7UCvnCz8klpSk3jAq"
            + "aCMZq97SpggGkqf7A7OjP36MzygjA9QvLMw2HvV6Am9ZALWI3KlIBV4FundviR5goUWd3-"
            + "pvwY4kUExTyBhDLFTs1Mek9YjZJfYujKsc8Cu6D9QpfxMI1oXMyCh9czJW7znqJFS-m7a-6Q")

    private static func bytes(_ text: String) -> [UInt8] { Base64URL.bytes(text) ?? [] }
}
