// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Post

@Suite("Addresses inside and outside")
struct InternetAddressTests {
    @Test(
        "addresses inside are known in every guise",
        arguments: [
            "0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.127.255.255", "127.0.0.1",
            "127.255.0.9", "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.8", "192.0.2.7", "192.168.1.1",
            "198.18.0.1", "198.19.255.255", "198.51.100.4", "203.0.113.9", "224.0.0.1", "239.1.1.1", "240.0.0.1",
            "255.255.255.255",
            "::", "::1", "::127.0.0.1", "::8.8.8.8", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254",
            "64:ff9b::10.0.0.1", "64:ff9b:1::8.8.8.8", "100::1", "2001::1", "2001:db8::1", "2002:0a00:0001::1",
            "2002:0808:0808::1", "2001:2::1", "3fff::1", "fc00::1", "fd12:3456::1", "fe80::1", "febf::1", "fec0::1",
            "ff02::1",
        ])
    func inside(text: String) throws {
        #expect(try #require(InternetAddress(text)).isInside)
    }

    @Test(
        "addresses outside are let through",
        arguments: [
            "1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255",
            "128.0.0.1", "169.253.255.255", "172.15.255.255", "172.32.0.0", "192.0.1.0", "192.167.255.255",
            "192.169.0.0", "198.17.255.255", "198.20.0.0", "223.255.255.255", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8",
            "2001:4860:4860::8888", "2400:cb00::1", "2606:4700::1111",
        ])
    func outside(text: String) throws {
        #expect(try #require(InternetAddress(text)).isInside == false)
    }

    @Test(
        "what is no address is none",
        arguments: ["", "127.1", "0x7f.0.0.1", "2130706433", "example.com", "fe80::1%eth0", "1.2.3.4 ", "[::1]"])
    func none(text: String) {
        #expect(InternetAddress(text) == nil)
    }

    @Test("only four and sixteen bytes make an address")
    func lengths() {
        for count in 0...17 {
            #expect((InternetAddress(bytes: [UInt8](repeating: 1, count: count)) != nil) == (count == 4 || count == 16))
        }
    }
}
