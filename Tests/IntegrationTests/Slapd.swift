// SPDX-License-Identifier: Apache-2.0
import Desk
import Foundation

@testable import Stagehands

/// OpenLDAP's slapd with a small university in it, on loopback ports of its own, in a folder of its own.
final class Slapd: Sendable {
    let folder: URL
    let port: UInt16
    let privatePort: UInt16
    private let child: Child

    static let base = "dc=example,dc=ac,dc=th"
    /// The certificate is for this machine, and only this file vouches for it.
    var certificate: String { folder.appending(path: "cert.pem").path }

    init() async throws {
        folder = try scratch("slapd")
        (port, privatePort) = (try freePort(), try freePort())
        try Self.makeCertificate(in: folder)
        let configuration = folder.appending(path: "slapd.conf")
        try Self.configuration(folder.path).write(to: configuration, atomically: true, encoding: .utf8)
        try FileManager.default.createDirectory(
            at: folder.appending(path: "db"), withIntermediateDirectories: true)
        child = try Child(
            URL(filePath: "/usr/sbin/slapd"),
            [
                "-h", "ldap://127.0.0.1:\(port) ldaps://127.0.0.1:\(privatePort)", "-f", configuration.path, "-d",
                "none",
            ], ProcessInfo.processInfo.environment, log: folder.appending(path: "slapd.log"), echo: false)
        do { try await fill() } catch {
            await stop()
            throw error
        }
    }

    func stop() async {
        child.signal(SIGTERM)
        _ = await child.end(withinSeconds: 10)
        remove(folder)
    }

    /// Settings that find people here, over StartTLS.
    var settings: DirectorySettings {
        var settings = DirectorySettings()
        (settings.isOn, settings.host, settings.port) = (true, "127.0.0.1", Int(port))
        settings.trustFile = certificate
        settings.searcher = "cn=searcher,\(Self.base)"
        settings.searcherPassword = "who is who"
        settings.base = "ou=people,\(Self.base)"
        settings.groupAttributes = ["memberOf", "ou"]
        return settings
    }

    /// Adds the people as soon as it listens.
    private func fill() async throws {
        let ldif = folder.appending(path: "people.ldif")
        try Self.people.write(to: ldif, atomically: true, encoding: .utf8)
        for _ in 0..<100 {
            let code = try await Self.run(
                "/usr/bin/ldapadd",
                ["-x", "-H", "ldap://127.0.0.1:\(port)", "-D", "cn=admin,\(Self.base)", "-w", "root", "-f", ldif.path],
                log: folder.appending(path: "ldapadd.log"))
            if code == 0 { return }
            guard child.isRunning else { break }
            try await Task.sleep(for: .milliseconds(50))
        }
        throw HarnessFault.programDidNotStart(said: child.said)
    }

    private static func run(_ program: String, _ arguments: [String], log: URL) async throws -> Int32 {
        try await Child(
            URL(filePath: program), arguments, ProcessInfo.processInfo.environment, log: log, echo: false
        ).end(withinSeconds: 20)
    }

    private static func makeCertificate(in folder: URL) throws {
        let openssl = Process()
        openssl.executableURL = URL(filePath: "/usr/bin/openssl")
        openssl.arguments = [
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
            "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout",
            folder.appending(path: "key.pem").path, "-out", folder.appending(path: "cert.pem").path,
        ]
        openssl.standardError = FileHandle.nullDevice
        try openssl.run()
        openssl.waitUntilExit()
    }

    private static func configuration(_ folder: String) -> String {
        """
        include /etc/ldap/schema/core.schema
        include /etc/ldap/schema/cosine.schema
        include /etc/ldap/schema/inetorgperson.schema
        modulepath /usr/lib/ldap
        moduleload back_mdb
        moduleload memberof
        TLSCertificateFile \(folder)/cert.pem
        TLSCertificateKeyFile \(folder)/key.pem
        database mdb
        suffix "\(base)"
        rootdn "cn=admin,\(base)"
        rootpw root
        directory \(folder)/db
        overlay memberof
        access to attrs=userPassword by anonymous auth by * none
        access to * by dn.exact="cn=searcher,\(base)" read by self read by * none
        """
    }

    private static var people: String {
        func person(_ uid: String, _ cn: String, _ password: String, ou: String, number: Int) -> String {
            """
            dn: uid=\(uid),ou=people,\(base)
            objectClass: inetOrgPerson
            uid: \(uid)
            cn: \(cn)
            sn: \(cn)
            ou: \(ou)
            mail: \(uid)@example.ac.th
            title: นักวิชาการ
            userPassword: \(password)
            employeeNumber: \(number)


            """
        }
        return """
            dn: \(base)
            objectClass: dcObject
            objectClass: organization
            dc: example
            o: Example University

            dn: ou=people,\(base)
            objectClass: organizationalUnit
            ou: people

            dn: ou=groups,\(base)
            objectClass: organizationalUnit
            ou: groups

            dn: cn=searcher,\(base)
            objectClass: organizationalRole
            objectClass: simpleSecurityObject
            cn: searcher
            userPassword: who is who


            """ + person("pimjai", "พิมพ์ใจ ตัวอย่าง", "ดอกไม้สีแดง", ou: "Computer Centre", number: 1)
                + person("twin.one", "Twin One", "one", ou: "Library", number: 7)
                + person("twin.two", "Twin Two", "two", ou: "Library", number: 7)
                    + """
                    dn: cn=av-officers,ou=groups,\(base)
                    objectClass: groupOfNames
                    cn: av-officers
                    member: uid=pimjai,ou=people,\(base)

                    """
    }
}
