import Foundation
import HostileClient
import PublicCryptography
import SecretCryptography
import StrictJSON
import TestSupport
import WalletClient

/// Sends a running network whatever its clients may send, for as long as it is told, and then asks whether the network
/// is still the one that it was: it makes blocks, it answers, and no process of it was started again.
///
/// `cloister-soak --seconds 3600` starts a local network of the programs beside it; `--node URL` attacks one that runs,
/// and `--process PID` says which processes must live on. `--seed` draws the same again; nonces differ.
@main
enum CloisterSoak {
    static func main() async {
        do {
            var options = try Options(CommandLine.arguments.dropFirst())
            var network: LocalNetwork?
            if options.node.isEmpty {
                let started = try await LocalNetwork(options)
                (options.node, options.process) = (started.node, started.process)
                network = started
            }
            defer { network?.stop() }
            print("seed \(options.seed), \(options.seconds) s, \(options.node)")
            let soak = try await Soak(options)
            let complaints = try await soak.run()
            for complaint in complaints { print("FAILED: \(complaint)") }
            print(complaints.isEmpty ? "the network goes on" : "\(complaints.count) complaints")
            network?.stop()
            exit(complaints.isEmpty ? 0 : 1)
        } catch {
            print("FAILED: \(error)")
            exit(1)
        }
    }
}

struct Options: Sendable {
    var node = ""
    var process: Int32?
    var seconds = 60
    var seed = UInt64.random(in: 1...UInt64.max)
    var port = 21_317
    var contracts = "contracts/build"
    var senders = 4
    /// LocalSecret's account a, which everybody has.
    var mnemonic = LocalSecret.a

    struct Mistake: Error, CustomStringConvertible { var description: String }

    init(_ arguments: ArraySlice<String>) throws {
        var rest = arguments
        while let name = rest.popFirst() {
            guard let value = rest.popFirst() else { throw Mistake(description: "\(name) needs a value") }
            switch name {
            case "--node": node = value
            case "--process": process = Int32(value)
            case "--seconds": seconds = Int(value) ?? seconds
            case "--seed": seed = UInt64(value) ?? seed
            case "--port": port = Int(value) ?? port
            case "--contracts": contracts = value
            case "--senders": senders = Int(value) ?? senders
            case "--mnemonic": mnemonic = value
            default: throw Mistake(description: "\(name) is no option")
            }
        }
    }
}

/// A network of the programs beside this one, in a folder of its own.
final class LocalNetwork {
    let node: String
    private let child = Process()
    private let folder: URL

    var process: Int32 { child.processIdentifier }

    init(_ options: Options) async throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("cloister-soak-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        node = "http://127.0.0.1:\(options.port)"
        let own = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        child.executableURL = URL(fileURLWithPath: own).deletingLastPathComponent().appendingPathComponent(
            "cloister-node")
        child.arguments = [
            "localnet", "--home", folder.appendingPathComponent("home").path, "--rest-port", "\(options.port)",
            "--faucet-port", "\(options.port + 1)", "--metrics-port", "\(options.port + 2)",
        ]
        let log = folder.appendingPathComponent("log")
        _ = FileManager.default.createFile(atPath: log.path, contents: nil)
        let output = try FileHandle(forWritingTo: log)
        (child.standardOutput, child.standardError) = (output, output)
        try child.run()
        print("network in \(folder.path)")
        for _ in 0..<240 {
            if (try? await ChainClient(node: node).height()) ?? 0 > 0 { return }
            try await Task.sleep(for: .milliseconds(500))
        }
        throw Options.Mistake(description: "the network did not start: \(log.path)")
    }

    func stop() {
        guard child.isRunning else { return }
        child.interrupt()
        child.waitUntilExit()
    }
}

extension ChainClient {
    func height() async throws -> Int {
        let block = try await get("/cosmos/base/tendermint/v1beta1/blocks/latest")
        guard let text = block["block"]?["header"]?["height"]?.string, let height = Int(text) else {
            throw ClientError(.badAnswer, "a block without a height")
        }
        return height
    }
}

/// The processes below one, with the moment at which each was started.
struct ProcessTree: Equatable, CustomStringConvertible {
    private var started: [String]

    init(below root: Int32) {
        var parents: [Int32: (parent: Int32, line: String)] = [:]
        for name in (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? [] {
            guard let id = Int32(name), let stat = try? String(contentsOfFile: "/proc/\(id)/stat", encoding: .utf8),
                let open = stat.firstIndex(of: "("), let close = stat.lastIndex(of: ")")
            else { continue }
            let fields = stat[stat.index(after: close)...].split(separator: " ")
            guard fields.count > 19, let parent = Int32(fields[1]) else { continue }
            parents[id] = (parent, "\(id) \(stat[stat.index(after: open)..<close]) since \(fields[19])")
        }
        func isBelow(_ id: Int32) -> Bool {
            id == root || parents[id].map { $0.parent > 1 && isBelow($0.parent) } ?? false
        }
        started = parents.filter { isBelow($0.key) }.map(\.value.line).sorted()
    }

    var description: String { started.joined(separator: ", ") }
}
