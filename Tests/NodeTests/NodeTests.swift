// What a node decides before anything is started and whenever something ends: its folder, its files, its ports, its
// programs. A whole node is the scenarios' business.

import BlockStorage
import ChainInterface
import Foundation
import Glibc
import LauncherKit
import LogLines
import Logging
import PublicCryptography
import StrictJSON
import TestSupport
import Testing
import ValidatorSigning
import Wire

@testable import Node

@Suite("A node's folder") struct NodeFolderTests {
    private let folder = TemporaryFolder("node")
    private var home: NodeHome { NodeHome(folder.path("home")) }

    private func create(_ accounts: [FirstGenesis.Account] = []) throws {
        var configuration = NodeConfiguration()
        configuration.signer = .file
        try home.create(
            chainID: "folder-1",
            { key in
                FirstGenesis.document(
                    chainID: "folder-1", moniker: "only", validatorKey: key, accounts: accounts,
                    time: .init(seconds: 1_700_000_000, nanoseconds: 0)!)
            }, configuration: configuration)
    }

    private func fault(_ body: () throws -> some Any) -> NodeFault? {
        do {
            _ = try body()
            return nil
        } catch { return error as? NodeFault }
    }

    @Test("it is made for its owner alone, once: what is there is kept")
    func creation() throws {
        #expect(!home.exists)
        try create()
        #expect(home.exists)
        for path in [home.folder + "/config", home.folder + "/data", home.application, home.consensus] {
            let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
            #expect(mode == 0o700, "\(path)")
        }
        let files = [home.genesis, home.configuration, home.validatorKey]
        let before = files.map { Repository.bytes(atPath: $0) }
        try create([.init(address: "secret1ap26qrlp8mcq2pg6r47w43l0y8zkqm8a450s03", coins: [("uscrt", 5)])])
        #expect(files.map { Repository.bytes(atPath: $0) } == before && before.allSatisfy { $0 != nil })
    }

    @Test("one process at a time works in it, and the next one may once the first has let go")
    func lock() throws {
        try create()
        do {
            let first = try HomeLock(home)
            defer { withExtendedLifetime(first) {} }
            let refusal = fault { try HomeLock(home) }
            #expect(refusal?.what == "another node runs in \(home.folder)" && refusal?.exit == .configuration)
            // A local network locks its folder, not the node in it.
            _ = try HomeLock(localnet: home)
        }
        _ = try HomeLock(home)
        // Who waits is not kept out by who only looks.
        var looking: HomeLock? = try HomeLock(home)
        let (descriptor, held) = (open(home.folder + "/data/lock", O_RDONLY), HomeLock.isHeld(home))
        #expect(held && looking != nil)
        looking = nil
        #expect(!HomeLock.isHeld(home) && flock(descriptor, LOCK_SH) == 0)
        Thread.detachNewThread {
            usleep(300_000)
            close(descriptor)
        }
        _ = try HomeLock(home, patienceSeconds: 5)
        #expect(fault { try HomeLock(NodeHome(folder.path("nowhere"))) }?.exit == .data)
    }

    @Test("the genesis file must stay the one that the chain began with")
    func genesis() throws {
        #expect(throws: GenesisError.self) { try GenesisFile(home) }
        try create()
        let file = try GenesisFile(home)
        #expect(file.document.chainID == "folder-1")
        // Before the chain has begun it may be another.
        try file.remember()
        try file.remember()
        #expect(try GenesisFile(home).document.chainID == "folder-1")
        let text = try String(contentsOfFile: home.genesis, encoding: .utf8)
        try text.replacingOccurrences(of: "folder-1", with: "folder-2")
            .write(toFile: home.genesis, atomically: true, encoding: .utf8)
        let refusal = fault { try GenesisFile(home) }
        #expect(refusal?.exit == .data && refusal?.path == home.genesis && refusal?.remedy != nil)
    }

    @Test("a folder that lost the record of its chain begins no other one")
    func beginning() throws {
        try create()
        try StateFiles.requireBeginning(home)
        try GenesisFile(home).remember()
        #expect(fault { try StateFiles.requireBeginning(home) }?.exit == .data)
        try Data([1]).write(to: URL(fileURLWithPath: home.bootstrapRecord))
        try StateFiles.requireBeginning(home)
    }

    @Test("a database that is whole, new or not there is opened; one that is cut or something else is not")
    func databases() throws {
        let blocks = folder.path("blocks")
        _ = try BlockStore(folder: blocks)
        let path = blocks + "/data.mdb"
        try StateFiles.requireWhole(database: path)
        try StateFiles.requireWhole(database: blocks + "/nothing")
        let whole = try #require(Repository.bytes(atPath: path))
        let other = folder.path("other")
        func write(_ bytes: [UInt8]) throws { try Data(bytes).write(to: URL(fileURLWithPath: other)) }
        try write([])
        try StateFiles.requireWhole(database: other)
        for count in [1, 151, 4_096, 8_191] where count < whole.count {
            try write(Array(whole.prefix(count)))
            #expect(fault { try StateFiles.requireWhole(database: other) }?.exit == .data, "\(count) bytes")
        }
        for place in [16, 40, 4_096 + 16] {
            var damaged = whole
            damaged[place] ^= 0xff
            try write(damaged)
            #expect(fault { try StateFiles.requireWhole(database: other) }?.exit == .data, "byte \(place)")
        }
    }

    @Test("its node key is made once, and its id is the one that CometBFT would show")
    func nodeKey() throws {
        try create()
        let id = try NodeIdentity.open(home.nodeKey).id
        #expect(id.count == 40 && id == id.lowercased())
        #expect(try NodeIdentity.open(home.nodeKey).id == id)
        // The seed of 32 sevens, its public key and that key's address, as OpenSSL and Python say them.
        let known = "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwfqSmxj4pxSCr71UHsTLsX5lUd2rr6+e5JCHuppFEbSLA=="
        func write(_ key: String) throws {
            let text = #"{"priv_key":{"type":"tendermint/PrivKeyEd25519","value":"\#(key)"}}"#
            try Data(text.utf8).write(to: URL(fileURLWithPath: home.nodeKey))
        }
        try write(known)
        #expect(try NodeIdentity.open(home.nodeKey).id == "fe812c12f3ab4ce6ac5db69ac352f906cb1b11ef")
        #expect(home.faults().isEmpty)
        // Another public key than the secret's, and no key at all.
        for wrong in [known.replacing("qSmx", with: "qSmy"), "BwcH"] {
            try write(wrong)
            #expect(fault { try NodeIdentity.open(home.nodeKey) }?.path == home.nodeKey)
            #expect(home.faults().map(\.path) == [home.nodeKey])
        }
    }

    @Test("a launcher of the node's own user keeps the platform in the node's folder")
    func platform() throws {
        try create()
        let place = try PlatformPlace(home, launcher: Programs.launcher, chainID: "folder-1")
        #expect(!place.isApart && place.state == home.platform)
        #expect(try place.rootCertificate() == nil)
        try FileManager.default.createDirectory(atPath: home.platform, withIntermediateDirectories: true)
        try Data([1, 2]).write(to: URL(fileURLWithPath: home.platform + "/simulated-root.der"))
        #expect(try place.rootCertificate() == [1, 2])
    }
}

@Suite("A node's port") struct ListeningPortTests {
    @Test("a port that somebody listens at is in use, and the message says for what it is needed")
    func inUse() throws {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(listener) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                #expect(bind(listener, $0, length) == 0 && getsockname(listener, $0, &length) == 0)
            }
        }
        #expect(listen(listener, 1) == 0)
        let port = Int(in_port_t(bigEndian: address.sin_port))
        let taken = ListeningPort(host: "127.0.0.1", port: port, purpose: "REST")
        let fault = #expect(throws: NodeFault.self) { try taken.requireFree() }
        #expect(fault?.what == "cannot serve REST on 127.0.0.1:\(port): the port is in use")
        close(listener)
        try taken.requireFree()
        #expect(throws: NodeFault.self) {
            try ListeningPort(host: "no host.", port: 1, purpose: "metrics").requireFree()
        }
    }
}

@Suite("A node's arguments") struct FirstGenesisArgumentTests {
    private static let address = "secret1ap26qrlp8mcq2pg6r47w43l0y8zkqm8a450s03"

    @Test("accounts are read with all their coins, and everything that is wrong is told at once")
    func accounts() {
        let good = FirstGenesis.accounts(["\(Self.address)=5uscrt,7other"])
        #expect(good.violations.isEmpty && good.accounts.count == 1)
        #expect(Set(good.accounts[0].coins.map { "\($0.amount)\($0.denomination)" }) == ["5uscrt", "7other"])
        let bad = FirstGenesis.accounts([
            "nobody", "secret1x=1uscrt", "\(Self.address)=uscrt", "\(Self.address)=0uscrt", "\(Self.address)=1uscrt",
            "\(Self.address)=2uscrt",
        ])
        #expect(bad.violations.count == 5, "\(bad.violations)")
        #expect(bad.violations.last?.contains("given twice") == true)
        #expect(bad.violations.allSatisfy { $0.hasPrefix("--account") && !$0.contains("\n") })
    }

    @Test("the name of a chain needs no quoting anywhere", arguments: ["a", "secretdev-1", "A.b_c-9"])
    func chainID(text: String) { #expect(FirstGenesis.problem(ofChainID: text) == nil) }

    @Test(
        "what could be anything but a name is none",
        arguments: ["", "-a", ".a", "a b", "a/b", "a\"", "é", "a\n", String(repeating: "a", count: 51)])
    func noChainID(text: String) { #expect(FirstGenesis.problem(ofChainID: text) != nil) }

    @Test("a text in settings ends neither its line nor itself")
    func escaping() {
        #expect(Settings.escaped("a\"b\\c") == "a\\\"b\\\\c")
        #expect(Settings.escaped("a\nb\u{7f}\u{2028}\u{202e}") == "a\\u000Ab\\u007F\\u2028\\u202E")
        #expect(Settings.escaped("ü 🦀") == "ü 🦀")
        #expect(Settings.problem(ofMoniker: String(repeating: "a", count: 70)) == nil)
        for name in ["", String(repeating: "a", count: 71), "a\u{1b}[31m", "a\u{202e}b"] {
            #expect(Settings.problem(ofMoniker: name) != nil)
        }
        for host in ["", "a b", "a/b", "ü", String(repeating: "a", count: 254)] {
            #expect(Settings.problem(ofHost: host) != nil)
        }
        #expect(Settings.problem(ofHost: "::1") == nil && Settings.problem(ofHost: "node.example.org") == nil)
    }
}

@Suite("Programs that are kept running") struct SupervisorTests {
    private struct Said {
        let path: String
        var lines: [LogLine] {
            ((try? String(contentsOfFile: path, encoding: .utf8)) ?? "").split(separator: "\n")
                .compactMap { LogLine(String($0)) }
        }
        var all: [String] { lines.map(\.message) }
    }

    private let folder = TemporaryFolder("supervisor")
    private var said: Said { Said(path: folder.path("said")) }

    private func supervisor() -> Supervisor {
        Supervisor(LogOutput(.json, descriptor: open(said.path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)))
    }

    private static let complaint = "2026-12-01T02:41:44.123Z critical it: "

    private func program(_ script: String, restartStatus: Int32? = 75) -> Supervisor.Program {
        var program = Supervisor.Program(name: "it", path: "/bin/sh", arguments: ["-c", script])
        program.log = folder.path("log")
        program.restartStatus = restartStatus
        return program
    }

    @Test("a program that fails for good ends all, with its own status and the last thing that it said of it")
    func forGood() throws {
        let supervisor = supervisor()
        try supervisor.start(program("echo '\(Self.complaint)no such chain  status=65'; echo noise; exit 65"))
        #expect(supervisor.serve() == .data)
        #expect(said.all == ["it ended with status 65: no such chain"])
        try supervisor.start(program("echo never > '\(folder.path("never"))'"))
        #expect(!FileManager.default.fileExists(atPath: folder.path("never")))
    }

    @Test("a program that asks for another start, or is killed, is started again, and given up after five times")
    func again() throws {
        let supervisor = supervisor()
        let starts = folder.path("starts")
        try supervisor.start(
            program(
                "echo . >> '\(starts)'; [ $(wc -l < '\(starts)') = 2 ] && kill -9 $$; echo 'tired'; exit 75"))
        #expect(supervisor.serve() == .failed)
        #expect(try String(contentsOfFile: starts, encoding: .utf8).split(separator: "\n").count == 5)
        #expect(said.all.count == 5)
        #expect(said.all[0] == "it ended with status 75; starting it again")
        #expect(said.all[1] == "it was ended by signal 9; starting it again")
        #expect(said.all[4] == "it failed 5 times in 30 s: tired")
        #expect(said.lines.allSatisfy { $0["log"]?.string == folder.path("log") && $0.source == "localnet" })
    }

    @Test("all others end when one does, and a program that runs to its end gives its status")
    func together() throws {
        let supervisor = supervisor()
        #expect(try supervisor.runToEnd(program("exit 3")) == 3)
        let talks =
            "echo; echo 'one thing'; echo '  of  it'; sleep 0.3; echo '    more'; echo another >&2; printf 'no end'"
        #expect(try supervisor.runToEnd(program(talks)) == 0)
        #expect(said.all == ["one thing", "more", "another", "no end"])
        #expect(said.lines[0].details == ["of  it"] && said.lines.allSatisfy { $0.source == "it" && $0.level == .info })
        var other = program("echo $$ > '\(folder.path("other"))'; exec sleep 60")
        other.name = "other"
        try supervisor.start(other)
        while !FileManager.default.fileExists(atPath: folder.path("other")) { usleep(2_000) }
        try supervisor.start(program("exit 64"))
        #expect(supervisor.serve() == .configuration)
        let text = try String(contentsOfFile: folder.path("other"), encoding: .utf8)
        let process = try #require(pid_t(text.trimmingCharacters(in: .whitespacesAndNewlines)))
        #expect(isDead(process))
    }
}
