import BlockStorage
import ChainFormats
import DecidedBlocks
import EmbeddedEngine
import Foundation
import Glibc
import PeerNetwork
import PeerWire
import PublicCryptography
import Synchronization
import TestSupport
import Testing

/// An unmodified CometBFT with its own example application, which `TallyApplication` agrees with.
final class CometBFTNode: @unchecked Sendable {
    static let program = ProcessInfo.processInfo.environment["COMETBFT"]

    private let temporary = TemporaryFolder()
    private var home: String { temporary.path("home") }
    private let (peerPort, port): (Int, Int)
    var rpcPort: Int { port }
    private let flags: [String]
    private var process: Process?
    let id: String

    /// With `keyFolder` a validator; it dials `dials`, and is dialled at `place`.
    /// With `seeds` it knows nobody else, and is one itself if it `isSeed`.
    init(
        genesis: String, keyFolder: String?, dials: [PeerAddress], seeds: [PeerAddress] = [], isSeed: Bool = false
    ) throws {
        (peerPort, port) = (Int(try freePort()), Int(try freePort()))
        let home = temporary.path("home")
        _ = try CometBFTNode.output(["init", "--home", home])
        let files = FileManager.default
        func replace(_ name: String, by source: String) throws {
            try files.removeItem(atPath: home + "/" + name)
            try files.copyItem(atPath: source, toPath: home + "/" + name)
        }
        try replace("config/genesis.json", by: genesis)
        if let keyFolder {
            try replace("config/priv_validator_key.json", by: keyFolder + "/key.json")
            try replace("data/priv_validator_state.json", by: keyFolder + "/state.json")
        }
        let settings = home + "/config/config.toml"
        var text = try String(contentsOfFile: settings, encoding: .utf8)
        for (from, to) in [
            ("allow_duplicate_ip = false", "allow_duplicate_ip = true"),
            ("addr_book_strict = true", "addr_book_strict = false"),
            ("timeout_commit = \"1s\"", "timeout_commit = \"200ms\""),
            ("timeout_propose = \"3s\"", "timeout_propose = \"1500ms\""),
        ] {
            guard text.contains(from) else { throw CocoaError(.fileReadCorruptFile) }
            text = text.replacingOccurrences(of: from, with: to)
        }
        try text.write(toFile: settings, atomically: true, encoding: .utf8)
        id = try CometBFTNode.output(["show-node-id", "--home", home]).trimmingCharacters(in: .whitespacesAndNewlines)
        flags = [
            "node", "--home", home, "--proxy_app=kvstore", "--rpc.laddr", "tcp://127.0.0.1:\(port)", "--p2p.laddr",
            "tcp://127.0.0.1:\(peerPort)", "--p2p.pex=\(isSeed || !seeds.isEmpty)", "--p2p.seed_mode=\(isSeed)",
            "--p2p.seeds", seeds.map(\.description).joined(separator: ","), "--p2p.persistent_peers",
            dials.map { "\($0.id)@127.0.0.1:\($0.place.port)" }.joined(separator: ","),
        ]
        try start()
    }

    deinit { kill(SIGKILL) }

    func start() throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: CometBFTNode.program!)
        process.arguments = flags
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        self.process = process
    }

    func kill(_ signal: Int32) {
        guard let process, process.isRunning else { return }
        Glibc.kill(process.processIdentifier, signal)
        if signal == SIGKILL || signal == SIGTERM { process.waitUntilExit() }
    }

    /// What its validator has signed, for who signs next. It must have ended.
    func hand(over keyFolder: String) throws {
        try FileManager.default.removeItem(atPath: keyFolder + "/state.json")
        try FileManager.default.copyItem(
            atPath: home + "/data/priv_validator_state.json", toPath: keyFolder + "/state.json")
    }

    var place: PeerAddress { PeerAddress(id: id, place: ListenAddress(host: "127.0.0.1", port: UInt16(peerPort))) }

    /// An answer of its RPC, or nothing while there is none.
    func ask(_ path: String) -> [String: Any] {
        guard let body = CometBFTNode.get(path, port: port),
            let answer = try? JSONSerialization.jsonObject(with: body) as? [String: Any]
        else { return [:] }
        return answer["result"] as? [String: Any] ?? [:]
    }

    var height: Int64 {
        let sync = ask("/status")["sync_info"] as? [String: Any]
        return (sync?["latest_block_height"] as? String).flatMap { Int64($0) } ?? 0
    }

    func blockHash(_ height: Int64) -> String? {
        let id = ask("/block?height=\(height)")["block_id"] as? [String: Any]
        return (id?["hash"] as? String)?.lowercased()
    }

    func submit(_ transaction: String) {
        let text = transaction.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? transaction
        _ = ask("/broadcast_tx_sync?tx=%22\(text)%22")
    }

    /// How many transactions its application has run: the state's hash is that number, as a zigzag varint.
    var transactionCount: Int {
        let response = ask("/abci_info")["response"] as? [String: Any]
        let data = (response?["data"] as? String).flatMap { try? JSONSerialization.jsonObject(with: Data($0.utf8)) }
        return (data as? [String: Any])?["size"] as? Int ?? -1
    }

    private static func output(_ arguments: [String]) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program!)
        process.arguments = arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: output, as: UTF8.self)
    }

    private static func address(port: Int) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = in_addr_t(0x7f00_0001).bigEndian
        return address
    }

    private static func get(_ path: String, port: Int) -> Data? {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var timeout = timeval(tv_sec: 5, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
        var place = address(port: port)
        let status = withUnsafePointer(to: &place) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        let request = Array("GET \(path) HTTP/1.0\r\n\r\n".utf8)
        guard status == 0, send(descriptor, request, request.count, Int32(MSG_NOSIGNAL)) == request.count else {
            return nil
        }
        var (answer, chunk) = (Data(), [UInt8](repeating: 0, count: 65_536))
        while true {
            let count = recv(descriptor, &chunk, chunk.count, 0)
            guard count > 0 else { break }
            answer.append(contentsOf: chunk[..<count])
        }
        return answer.range(of: Data("\r\n\r\n".utf8)).map { answer[$0.upperBound...] }
    }
}

/// Four validators, so many of them CometBFT's, each connected to each.
struct MixedSet: Sendable {
    let rig: NetworkRig
    var ours: [NetworkNode] = []
    var others: [CometBFTNode] = []
    /// Between the two halves: those in even places, and those in odd ones.
    private(set) var links: [CuttableLink] = []

    /// With `foreign` the power of one more validator, which the test plays; its share must be below a third.
    init(validators: Int = 4, others count: Int, isCuttable: Bool = false, foreign: Int64 = 0) throws {
        rig = try NetworkRig(validators: validators, foreign: foreign)
        var places: [PeerAddress] = []
        for index in 0..<validators {
            let dials = try places.enumerated().map { other, address in
                guard isCuttable, other % 2 != index % 2 else { return address }
                let link = try CuttableLink(to: address.place.port)
                links.append(link)
                return PeerAddress(id: address.id, place: ListenAddress(host: "127.0.0.1", port: link.port))
            }
            if index < validators - count {
                ours.append(try NetworkNode(UInt8(index + 1), rig.genesis, signer: rig.keys(index), dials: dials))
                places.append(ours.last!.place)
            } else {
                others.append(try CometBFTNode(genesis: rig.file, keyFolder: rig.keys(index), dials: dials))
                places.append(others.last!.place)
            }
        }
    }

    func stop() {
        for node in ours { node.stop() }
        for node in others { node.kill(SIGKILL) }
        for link in links { link.end() }
    }

    var heights: [Int64] { ours.map(\.height) + others.map(\.height) }
    var faults: [String] { ours.compactMap { $0.failure.text.withLock { $0 } } }

    /// The names that all nodes have for a height.
    func names(_ height: Int64) throws -> Set<String?> {
        Set(
            try ours.map { try $0.engine.store.blockID(height).map { Hexadecimal.encode($0.hash.bytes) } }
                + others.map { $0.blockHash(height) })
    }
}

/// With a program of one's own: `COMETBFT=/path/to/cometbft make test ONLY=MixedSetTests`. Elsewhere they show as
/// skipped.
@Suite(
    .serialized, .timeLimit(.minutes(10)),
    .enabled(if: CometBFTNode.program != nil, "COMETBFT names no CometBFT to stand beside"))
struct MixedSetTests {
    @Test("Four validators decide one chain, whether one, two or three of them are CometBFT's", arguments: 1...3)
    func decide(others: Int) async throws {
        let set = try await onThread { try MixedSet(others: others) }
        defer { set.stop() }
        #expect(await eventually(120) { set.heights.allSatisfy { $0 >= 4 } }, "\(set.heights)")
        set.ours[0].application.submit(Array("ours=1".utf8))
        set.others[0].submit("theirs=1")
        #expect(
            await eventually(60) {
                set.ours.allSatisfy { $0.application.count == 2 } && set.others.allSatisfy { $0.transactionCount == 2 }
            }, "\(set.ours.map(\.application.count)) \(set.others.map(\.transactionCount))")
        let last = set.heights.max()! + 8
        #expect(await eventually(120) { set.heights.allSatisfy { $0 >= last } }, "\(set.heights) of \(last)")
        try await onThread {
            for height in 1...last {
                let names = try set.names(height)
                #expect(names.count == 1 && names.first! != nil, "\(height): \(names)")
            }
            // Each of the four has proposed, and blocks of both kinds are decided.
            let proposers = try (1...last).compactMap { try set.ours[0].engine.store.block($0)?.header.proposerAddress }
            #expect(Set(proposers).count == 4)
        }
        #expect(set.faults == [])
    }

    @Test("One that is killed or paused holds nobody up for long, and comes back")
    func faults() async throws {
        let set = try await onThread { try MixedSet(others: 2) }
        defer { set.stop() }
        #expect(await eventually(120) { set.heights.allSatisfy { $0 >= 3 } }, "\(set.heights)")
        for signal in [SIGKILL, SIGSTOP] {
            let before = set.heights.max()!
            try await onThread { set.others[0].kill(signal) }
            #expect(
                await eventually(120) {
                    (set.ours.map(\.height) + [set.others[1].height]).allSatisfy { $0 >= before + 8 }
                },
                "\(set.ours.map(\.height))")
            try await onThread {
                if signal == SIGKILL { try set.others[0].start() } else { set.others[0].kill(SIGCONT) }
            }
            let target = set.ours[0].height + 5
            #expect(await eventually(120) { set.heights.allSatisfy { $0 >= target } }, "\(set.heights) of \(target)")
        }
        let last = set.heights.min()!
        try await onThread {
            for height in 1...last {
                let names = try set.names(height)
                #expect(names.count == 1, "\(height): \(names)")
            }
        }
        #expect(set.faults == [])
    }

    @Test("A fresh node of each kind fetches the chain from one of the other, and follows")
    func sync() async throws {
        let set = try await onThread { try MixedSet(others: 2) }
        defer { set.stop() }
        #expect(await eventually(240) { set.heights.allSatisfy { $0 >= 30 } }, "\(set.heights)")
        let (theirs, mine) = try await onThread {
            (
                try CometBFTNode(genesis: set.rig.file, keyFolder: nil, dials: [set.ours[0].place]),
                try NetworkNode(9, set.rig.genesis, signer: nil, dials: [set.others[0].place], syncs: true)
            )
        }
        defer {
            theirs.kill(SIGKILL)
            mine.stop()
        }
        let target = set.heights.max()! + 5
        #expect(
            await eventually(180) { theirs.height >= target && mine.height >= target },
            "\(theirs.height) \(mine.height)")
        try await onThread {
            for height in [1, 15, 30, target] {
                let name = try mine.engine.store.blockID(height).map { Hexadecimal.encode($0.hash.bytes) }
                #expect(name != nil && name == theirs.blockHash(height))
                let names = try set.names(height)
                #expect(names == [name])
            }
        }
        #expect(mine.failure.text.withLock { $0 } == nil)
    }
}
