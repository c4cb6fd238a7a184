// SPDX-License-Identifier: Apache-2.0
import Foundation
import Secure
import Testing

@Suite struct PasswordHashTests {
    @Test func theRightPasswordAndNoOther() throws {
        let hash = try PasswordHash.make("สวัสดี ตึก 9")
        #expect(hash.hasPrefix("$argon2id$v=19$m=19456,t=2,p=1$"))
        #expect(PasswordHash.verify("สวัสดี ตึก 9", against: hash))
        for wrong in ["สวัสดี ตึก 8", "", "สวัสดี ตึก 9 ", "สวัสดี ตึก 9\0"] {
            #expect(!PasswordHash.verify(wrong, against: hash))
        }
        #expect(!PasswordHash.needsRehash(hash))
    }

    @Test func saltsDiffer() throws {
        #expect(try PasswordHash.make("a") != PasswordHash.make("a"))
    }

    @Test func whatIsNoHashOpensForNobody() {
        let long = String(repeating: "$argon2id$", count: 100)
        for text in ["", "x", "$argon2id$", long, "\0", "$argon2id$v=19$m=19456,t=2,p=1$AAAA$AAAA"] {
            #expect(!PasswordHash.verify("", against: text))
            #expect(PasswordHash.needsRehash(text))
        }
    }

    /// The reference program's own example: two passes over 64 MiB, an older cost than ours.
    @Test func anotherCostStillOpensAndAsksToBeMadeAnew() {
        let kept = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"
        #expect(PasswordHash.verify("password", against: kept))
        #expect(PasswordHash.needsRehash(kept))
    }

    @Test func aPasswordTooLongIsSaidToBe() {
        let long = String(repeating: "ก", count: 400)
        #expect(throws: PasswordFault.tooLong) { try PasswordHash.make(long) }
    }
}

@Suite final class SecretKeyTests {
    let folder = FileManager.default.temporaryDirectory.appending(path: "sanyan-key-" + Token.random(bytes: 9))
    var path: String { folder.appending(path: "key").path }

    init() throws { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) }
    deinit { try? FileManager.default.removeItem(at: folder) }  // A left-over in /tmp fails no test.

    @Test func isDrawnOnceAndKept() throws {
        let first = try SecretKey.load(orCreateAt: path)
        #expect(first.bytes.count == 32)
        #expect(try SecretKey.load(orCreateAt: path).bytes == first.bytes)
        let facts = try FileManager.default.attributesOfItem(atPath: path)
        #expect(facts[.posixPermissions] as? Int == 0o600)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["key"])
        #expect("\(first)" == "SecretKey")
    }

    @Test func manyAtOnceEndWithOneKey() async throws {
        let path = path
        let keys = try await withThrowingTaskGroup(of: [UInt8].self) { group in
            for _ in 0..<50 { group.addTask { try SecretKey.load(orCreateAt: path).bytes } }
            return try await group.reduce(into: Set<[UInt8]>()) { $0.insert($1) }
        }
        #expect(keys.count == 1)
    }

    @Test(arguments: [0o640, 0o604, 0o660, 0o620, 0o644]) func isRefusedWhenOpenToOthers(mode: Int) throws {
        _ = try SecretKey.load(orCreateAt: path)
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
        #expect(throws: KeyFault.openToOthers(path: path)) { try SecretKey.load(orCreateAt: path) }
    }

    @Test(arguments: [0, 31, 33]) func anotherLengthIsNoKey(length: Int) throws {
        #expect(FileManager.default.createFile(atPath: path, contents: Data(count: length)))
        #expect(throws: KeyFault.notAKey(path: path)) { try SecretKey.load(orCreateAt: path) }
        #expect(try Data(contentsOf: URL(filePath: path)).count == length)
    }

    @Test func aFolderOrALinkIsNoKey() throws {
        #expect(throws: KeyFault.notAKey(path: folder.path)) { try SecretKey.load(orCreateAt: folder.path) }
        try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: "/dev/null")
        #expect(throws: KeyFault.unreachable(path: path, errno: ELOOP)) { try SecretKey.load(orCreateAt: path) }
    }

    @Test func aMissingFolderIsSaid() {
        let lost = folder.appending(path: "no/key").path
        #expect(throws: KeyFault.unreachable(path: lost, errno: ENOENT)) { try SecretKey.load(orCreateAt: lost) }
    }
}
