import Foundation
import Glibc
import LauncherKit
import PublicCryptography
import TestSupport
import Testing

@Suite("What an image's publisher signed") struct ManifestTests {
    private let temporary: TemporaryFolder
    private let publisher: Publisher
    private var folder: URL { temporary.url }

    init() throws {
        temporary = TemporaryFolder()
        publisher = try Publisher(in: temporary.url.appendingPathComponent("publisher"))
    }

    private func start(
        _ program: String = Programs.hostileEnclave, manifest: String? = nil, _ options: [String] = [],
        state: String = "state"
    ) throws -> LaunchedEnclave {
        try LaunchedEnclave(
            program, state: folder.appendingPathComponent(state),
            options: options + (manifest.map { ["--manifest", $0] } ?? []))
    }

    /// Whether the image started; else it was refused with the number for it, for `reason`.
    private func starts(_ enclave: LaunchedEnclave, else reason: String = "enclave-host") throws -> Bool {
        if enclave.askPlatform(1) != nil { return true }
        #expect(enclave.launcher.exitStatus() == 71, "\(enclave.launcher.said)")
        #expect(enclave.launcher.said.contains(reason), "\(enclave.launcher.said)")
        return false
    }

    private struct Quoted: Equatable {
        var isDebug: Bool
        var signer: [UInt8]
        var product: Int
        var version: Int
    }

    /// What a quote of it says beside the measurement (Intel's quote library, A.4).
    private func quoted(_ enclave: LaunchedEnclave) throws -> Quoted {
        let quote = try #require(enclave.askPlatform(3, [UInt8](repeating: 1, count: 64))).payload
        return Quoted(
            isDebug: quote[96] & 2 != 0, signer: Array(quote[176..<208]),
            product: Int(quote[304]) | Int(quote[305]) << 8,
            version: Int(quote[306]) | Int(quote[307]) << 8)
    }

    private func key(_ enclave: LaunchedEnclave) throws -> [UInt8] {
        try #require(enclave.askPlatform(2, Array("seed".utf8))).payload
    }

    private func publicKey(_ manifest: String) throws -> [UInt8] {
        let text = try String(contentsOfFile: manifest, encoding: .utf8)
        let line = try #require(text.split(separator: "\n").first { $0.hasPrefix("publisher ") })
        return try #require(Hexadecimal.decode(String(line.dropFirst(10))))
    }

    @Test("a quote says who signed, which product and security version, and sealing keys stay those of the image")
    func signed() throws {
        let manifest = try publisher.sign(Programs.hostileEnclave, ["--product", "258", "--version", "1023"])
        let enclave = try start(manifest: manifest)
        #expect(try starts(enclave))
        let signer = try Array(SHA256.hash(publicKey(manifest)).bytes)
        #expect(try quoted(enclave) == Quoted(isDebug: false, signer: signer, product: 258, version: 1023))
        #expect(try #require(enclave.askPlatform(9)).payload == [3, 255])
        #expect(enclave.askPlatform(9, [0])?.status == 1)
        let key = try key(enclave)
        enclave.closeLanes()
        #expect(enclave.launcher.exitStatus() == 0)
        #expect(try self.key(start()) == key)
    }

    @Test("an image that nobody signed starts in development, as nobody's") func unsigned() throws {
        let enclave = try start()
        #expect(try starts(enclave))
        let nobody = Quoted(isDebug: false, signer: [UInt8](repeating: 0, count: 32), product: 0, version: 0)
        #expect(try quoted(enclave) == nobody)
        #expect(try #require(enclave.askPlatform(9)).payload == [0, 0])
        // But not where a manifest was named that is not there.
        let named = try start(manifest: folder.appendingPathComponent("none").path, state: "other")
        #expect(try !starts(named, else: "nobody signed it"))
    }

    @Test("the manifest beside the program is the one that counts, and an image that was altered since is refused")
    func altered() throws {
        let program = folder.appendingPathComponent("enclave")
        try FileManager.default.copyItem(atPath: Programs.hostileEnclave, toPath: program.path)
        try FileManager.default.copyItem(atPath: try publisher.sign(program.path), toPath: program.path + ".manifest")
        let enclave = try start(program.path)
        #expect(try starts(enclave))
        #expect(try quoted(enclave).product == 1)
        try Data(try Data(contentsOf: program) + [0]).write(to: program)
        #expect(try !starts(start(program.path, state: "other"), else: "built anew or altered"))
    }

    @Test("a manifest is of one confinement, which is part of what is measured") func otherConfinement() throws {
        let jit = try publisher.sign(Programs.hostileEnclave)
        let strict = try publisher.sign(Programs.hostileEnclave, ["--confinement", "strict"])
        #expect(try !starts(start(manifest: jit, ["--confinement", "strict"]), else: "built anew or altered"))
        #expect(try !starts(start(manifest: strict), else: "built anew or altered"))
        let measured = try ["jit", "strict"].map { confinement in
            try #require(
                start(
                    manifest: confinement == "jit" ? jit : strict, ["--confinement", confinement], state: confinement
                )
                .askPlatform(1)
            ).payload.prefix(32)
        }
        #expect(measured[0] != measured[1])
    }

    @Test("any other text is refused: no bit of a manifest can be changed, and nothing written otherwise")
    func forged() throws {
        let manifest = try publisher.sign(Programs.hostileEnclave)
        let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: manifest)))
        let text = String(decoding: bytes, as: UTF8.self)
        var others = [
            text + "\n", text.uppercased(), String(text.dropLast()), String(text.dropFirst()), "", " " + text,
            text.replacingOccurrences(of: "product 1", with: "product 01"),
            text.replacingOccurrences(of: "product 1", with: "product +1"),
            text.replacingOccurrences(of: "version 1", with: "version 4294967297"),
            text.replacingOccurrences(of: "version 1", with: "version 2"),
            text.replacingOccurrences(of: "debug 0", with: "debug 2"),
            text.replacingOccurrences(of: "manifest 1", with: "manifest 2"),
            text.replacingOccurrences(of: "\n", with: "\r\n"), String(repeating: text, count: 4), "\u{0}" + text,
        ].map { Array($0.utf8) }
        // A bit in each line, and in the middle of each long value.
        for line in text.split(separator: "\n") {
            for place in [line.startIndex, line.index(line.startIndex, offsetBy: line.count - 1)] {
                var changed = bytes
                changed[text.utf8.distance(from: text.startIndex, to: place)] ^= 1
                others.append(changed)
            }
        }
        let path = folder.appendingPathComponent("other")
        for other in others {
            try Data(other).write(to: path)
            #expect(try !starts(start(manifest: path.path)), "\(String(decoding: other, as: UTF8.self))")
        }
        // What is no file, or another's.
        #expect(mkfifo(folder.appendingPathComponent("pipe").path, 0o600) == 0)
        for place in ["pipe", "publisher"] {
            #expect(try !starts(start(manifest: folder.appendingPathComponent(place).path), else: "form of one"))
        }
    }

    @Test("who signs with another key is another publisher: the name in the quote is another") func otherKey() throws {
        let other = try Publisher(in: folder.appendingPathComponent("other"))
        let manifests = try [publisher.sign(Programs.hostileEnclave), other.sign(Programs.hostileEnclave)]
        let signers = try manifests.enumerated().map { try quoted(start(manifest: $1, state: "state-\($0)")).signer }
        #expect(signers[0] != signers[1])
        // Under the one's name and the other's signature nothing starts.
        let texts = try manifests.map { try String(contentsOfFile: $0, encoding: .utf8).split(separator: "\n") }
        let mixed = (texts[0].dropLast() + texts[1].suffix(1)).joined(separator: "\n") + "\n"
        let path = folder.appendingPathComponent("mixed")
        try Data(mixed.utf8).write(to: path)
        #expect(try !starts(start(manifest: path.path), else: "not signed by the publisher that it names"))
    }

    @Test("a debug image says so in its quotes, and has sealing keys of its own") func debug() throws {
        let (debug, plain) = (
            try publisher.sign(Programs.hostileEnclave, ["--debug"]), try publisher.sign(Programs.hostileEnclave)
        )
        let first = try start(manifest: debug)
        #expect(try quoted(first).isDebug)
        let key = try key(first)
        first.closeLanes()
        #expect(first.launcher.exitStatus() == 0)
        let second = try start(manifest: plain)
        #expect(try !quoted(second).isDebug)
        #expect(try self.key(second) != key)
    }

    @Test("messages that the program does not have cannot be stated, and the real one's can") func boundary() throws {
        let real = try publisher.sign(Programs.enclave)
        let statement = try String(contentsOfFile: real, encoding: .utf8).split(separator: "\n")[2]
        let page = try String(
            contentsOf: Repository.root.appendingPathComponent("docs/boundary.md"), encoding: .utf8)
        #expect(statement.count == 73 && page.contains(statement.dropFirst(9)))

        let manifest = try publisher.sign(Programs.hostileEnclave)
        let none = String(repeating: "0", count: 64)
        let lines = try String(contentsOfFile: manifest, encoding: .utf8).split(separator: "\n").dropLast()
        #expect(lines[2] == "boundary \(none)")
        let stated = lines.joined(separator: "\n").replacingOccurrences(of: "boundary \(none)", with: statement) + "\n"
        let (text, signature) = (folder.appendingPathComponent("text"), folder.appendingPathComponent("signature"))
        try Data(stated.utf8).write(to: text)
        let signed = try Child.run([
            "/usr/bin/openssl", "pkeyutl", "-sign", "-inkey", publisher.key, "-rawin", "-in", text.path, "-out",
            signature.path,
        ])
        #expect(signed.status == 0, "\(signed.errors)")
        let digits = try Data(contentsOf: signature).map { String(format: "%02x", $0) }.joined()
        let path = folder.appendingPathComponent("lie")
        try Data((stated + "signature \(digits)\n").utf8).write(to: path)
        #expect(try !starts(start(manifest: path.path), else: "messages that the program does not have"))
    }

    @Test(
        "an installed launcher that is one publisher's starts nobody else's images, in either profile",
        .enabled(if: canInstall))
    func onePublisher() throws {
        let installed = try InstalledLauncher(in: folder.appendingPathComponent("installed"))
        #expect(chmod(folder.path, 0o755) == 0)
        let manifest = try publisher.sign(Programs.hostileEnclave)
        let name = try SHA256.hash(publicKey(manifest)).description
        let file = URL(fileURLWithPath: installed.program).deletingLastPathComponent().appendingPathComponent(
            "publisher")
        func start(_ manifest: String?, profile: String) throws -> LaunchedEnclave {
            try LaunchedEnclave(
                launcher: installed.program, stateArgument: "main", user: InstalledLauncher.host,
                options: ["--profile", profile] + (manifest.map { ["--manifest", $0] } ?? []))
        }
        try Data((name + "\n").utf8).write(to: file)
        #expect(chmod(file.path, 0o644) == 0)
        for profile in ["development", "production"] {
            let own = try start(manifest, profile: profile)
            #expect(try starts(own))
            own.closeLanes()
            #expect(own.launcher.exitStatus() == 0)
            // Another's, one that everybody can sign, and nobody's.
            #expect(
                try !starts(
                    installed.start(options: ["--profile", profile]), else: "of the publisher \(name.prefix(16)) alone")
            )
            let everybody = try publisher.sign(Programs.hostileEnclave, key: Publisher.developmentKey)
            #expect(try !starts(start(everybody, profile: profile)))
            #expect(try !starts(start(nil, profile: profile)))
        }
        // A file that others may write, or that names nobody, lets nothing start.
        #expect(chmod(file.path, 0o666) == 0)
        #expect(try start(manifest, profile: "production").launcher.exitStatus() == 66)
        try Data(name.dropLast().utf8).write(to: file)
        #expect(chmod(file.path, 0o644) == 0)
        #expect(try start(manifest, profile: "production").launcher.exitStatus() == 66)
    }

    @Test(
        "production starts what a publisher signed, and neither what nobody, nor what everybody can sign, nor a debug image",
        .enabled(if: canInstall)) func production() throws
    {
        let installed = try InstalledLauncher(in: folder.appendingPathComponent("installed"))
        #expect(chmod(folder.path, 0o755) == 0)
        #expect(try starts(installed.start()))
        let cases: [(manifest: String?, reason: String)] = [
            (nil, "nobody signed it"),
            (try publisher.sign(Programs.hostileEnclave, key: Publisher.developmentKey), "the development key"),
            (try publisher.sign(Programs.hostileEnclave, ["--debug"]), "no debug image"),
            (try publisher.sign(Programs.enclave), "built anew or altered"),
        ]
        for (manifest, reason) in cases {
            let options = ["--profile", "production"] + (manifest.map { ["--manifest", $0] } ?? [])
            let enclave = try LaunchedEnclave(
                Programs.hostileEnclave, launcher: installed.program, stateArgument: "other",
                user: InstalledLauncher.host, options: options)
            #expect(try !starts(enclave, else: reason))
        }
    }
}
