import ABCIServer
import DurableFiles
import Foundation
import Glibc
import StrictJSON

/// Why a CometBFT does not do as the engine of this node.
package enum CometBFTFault: Error, Equatable {
    /// It cannot be run, or says no version.
    case notRun(program: String, cause: String)
    case wrongVersion(program: String, version: String)
    case ended(how: String, log: String, lastLine: String)
    /// Its home has no blocks, and the chain of this node has.
    case noHistory(home: String, height: Int64)
    /// It would not say the blocks that it has on disk.
    case notInspected(home: String, cause: String)
}

/// A CometBFT of the node's own: its home, its start, its end.
///
/// The validator's key and the record of what it signed are the node's: in the enclave, which CometBFT asks for each
/// signature, or in files in its format. Whichever engine runs goes on where the other one ended, so that changing
/// engines can sign nothing twice.
package final class CometBFTProcess: @unchecked Sendable {
    package struct Options: Sendable {
        package var program: String
        package var home: String
        package var moniker: String
        package var validatorKey: String
        package var validatorState: String
        /// Where it waits for whoever signs in the place of the files.
        package var signer: SocketAddress?
        package var nodeKey: String
        package var genesis: [UInt8]
        package var abci: SocketAddress
        package var rpc: SocketAddress
        /// Where it listens for peers, and which it keeps connected: `id@host:port`, separated by commas.
        package var peerAddress: String
        package var persistentPeers: String
        /// Seconds between blocks without transactions.
        package var emptyBlockSeconds: Int
        /// Values of CometBFT's section `[statesync]`, as TOML writes them; `nil` leaves what stands there.
        package var stateSync: [(name: String, value: String)]?

        package init(
            program: String, home: String, moniker: String, validatorKey: String, validatorState: String,
            signer: SocketAddress? = nil, nodeKey: String, genesis: [UInt8], abci: SocketAddress, rpc: SocketAddress,
            peerAddress: String,
            persistentPeers: String, emptyBlockSeconds: Int
        ) {
            (self.program, self.home, self.moniker) = (program, home, moniker)
            (self.validatorKey, self.validatorState, self.nodeKey) = (validatorKey, validatorState, nodeKey)
            self.signer = signer
            (self.genesis, self.abci, self.rpc) = (genesis, abci, rpc)
            (self.peerAddress, self.persistentPeers) = (peerAddress, persistentPeers)
            self.emptyBlockSeconds = emptyBlockSeconds
        }
    }

    // `process` and `isEnding` are touched only under `lock`.
    private let options: Options
    private let lock = NSLock()
    private var process: Process?
    private var isEnding = false

    package init(_ options: Options) { self.options = options }

    package var log: String { options.home + "/cometbft.log" }

    // MARK: - Before the start

    /// The line of releases whose ABCI, formats and rules this node follows.
    package static let versionPrefix = "0.38."

    /// Refuses a program that is no CometBFT of the right line.
    package func requireVersion() throws(CometBFTFault) {
        let program = options.program
        let output = Pipe()
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = ["version"]
        process.standardInput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        process.standardOutput = output
        do { try process.run() } catch { throw .notRun(program: program, cause: "\(error.localizedDescription)") }
        let text = String(decoding: (try? output.fileHandleForReading.read(upToCount: 4096)) ?? Data(), as: UTF8.self)
        process.waitUntilExit()
        let version = text.split(whereSeparator: \.isNewline).last.map(String.init) ?? ""
        guard process.terminationReason == .exit, process.terminationStatus == 0, !version.isEmpty else {
            throw .notRun(program: program, cause: "its command `version` failed")
        }
        guard version.hasPrefix(Self.versionPrefix) else { throw .wrongVersion(program: program, version: version) }
    }

    /// Whether it has run in its home.
    package var hasBlocks: Bool { FileManager.default.fileExists(atPath: options.home + "/data/blockstore.db") }

    /// Makes its home. The settings are written once, but for the places of the validator's files: those follow the
    /// signer, which may change. CometBFT overwrites the state file there when it finds no key, even with no use for
    /// either, so that they must never be the node's while another signs. What else must agree with the node is said by
    /// arguments.
    package func prepare() throws {
        for folder in [options.home, options.home + "/config", options.home + "/data"] {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        }
        try DurableFile.replace(options.home + "/config/genesis.json", with: options.genesis, mode: 0o600)
        let settings = options.home + "/config/config.toml"
        func quoted(_ text: String) -> String { String(decoding: JSONWriter.bytes(of: .string(text)), as: UTF8.self) }
        let places = [
            ("priv_validator_key_file", quoted(options.validatorKey)),
            ("priv_validator_state_file", quoted(options.validatorState)),
        ]
        if let bytes = try DurableFile.read(settings) {
            var changed = Self.setting(places, in: String(decoding: bytes, as: UTF8.self))
            if let stateSync = options.stateSync {
                changed = Self.setting(stateSync, section: "statesync", in: changed)
            }
            if Array(changed.utf8) != bytes {
                try DurableFile.replace(settings, with: Array(changed.utf8), mode: 0o600)
            }
            return
        }
        var text = """
            # CometBFT's settings, made by cloister-node; yours from here on. Whatever is not here has CometBFT's default. The
            # addresses of application, RPC and peers are in config/node.toml of the node.
            moniker = \(quoted(options.moniker))
            priv_validator_key_file = \(quoted(options.validatorKey))
            priv_validator_state_file = \(quoted(options.validatorState))
            node_key_file = \(quoted(options.nodeKey))
            log_level = "info"

            [rpc]
            # A contract's code in a transaction may have 4 MiB.
            max_body_bytes = 8388608

            [mempool]
            max_tx_bytes = 4194304

            [tx_index]
            # The node has its own index.
            indexer = "null"

            """
        if let stateSync = options.stateSync { text = Self.setting(stateSync, section: "statesync", in: text) }
        try DurableFile.replace(settings, with: Array(text.utf8), mode: 0o600)
    }

    /// The TOML with these values in a section, or before the first one: each where it was if it was there.
    private static func setting(
        _ values: [(name: String, value: String)], section: String? = nil, in text: String
    ) -> String {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        func trimmed(_ line: String) -> String { line.trimmingCharacters(in: .whitespaces) }
        var start = lines.startIndex
        if let section {
            if !lines.contains(where: { trimmed($0) == "[\(section)]" }) { lines += ["[\(section)]", ""] }
            start = (lines.firstIndex { trimmed($0) == "[\(section)]" } ?? lines.endIndex - 1) + 1
        }
        for (name, value) in values {
            let end = lines[start...].firstIndex { trimmed($0).hasPrefix("[") } ?? lines.endIndex
            let place = lines[start..<end].firstIndex {
                trimmed(String($0.prefix { $0 != "=" })) == name && $0.contains("=")
            }
            if let place {
                lines[place] = "\(name) = \(value)"
            } else {
                lines.insert("\(name) = \(value)", at: start)
            }
        }
        return lines.joined(separator: "\n")
    }

    // MARK: - Its data, while it is stopped

    /// Has the stopped data served (`cometbft inspect`), and ends that after `body`.
    package func inspect<Value>(_ body: (RPCClient) throws -> Value) throws -> Value {
        let ended = DispatchSemaphore(value: 0)
        let process = try run(["inspect", "--home", options.home, "--rpc.laddr", "\(options.rpc)"]) { _ in
            ended.signal()
        }
        defer {
            kill(process.processIdentifier, SIGTERM)
            if ended.wait(timeout: .now() + 5) == .timedOut {
                kill(process.processIdentifier, SIGKILL)
                ended.wait()
            }
        }
        let client = RPCClient(options.rpc)
        // Opening databases takes its time, on a machine that is busy or after a crash: for as long as it tries.
        let deadline = ContinuousClock.now + .seconds(600)
        while ContinuousClock.now < deadline {
            let answers: Bool
            do throws(RPCClient.Failure) {
                _ = try client.get("/blockchain")
                answers = true
            } catch {
                // Of no blocks it says nothing.
                answers = if case .refused = error { true } else { false }
            }
            if answers { return try body(client) }
            guard process.isRunning else { break }
            usleep(100_000)
        }
        throw CometBFTFault.notInspected(home: options.home, cause: lastLine())
    }

    // MARK: - Run

    /// `onEnd` hears once that it ended, unless it was told to.
    package func start(onEnd: @escaping @Sendable (CometBFTFault) -> Void) throws {
        var arguments = [
            "start", "--home", options.home, "--abci", "socket", "--proxy_app", "\(options.abci)", "--rpc.laddr",
            "\(options.rpc)", "--p2p.laddr", options.peerAddress, "--p2p.persistent_peers", options.persistentPeers,
        ]
        if let signer = options.signer {
            arguments += ["--priv_validator_laddr", "\(signer)"]
            // It does not listen where one that was ended left its socket.
            if case .unix(let path) = signer { unlink(path) }
        }
        arguments += [
            "--consensus.create_empty_blocks=\(options.emptyBlockSeconds > 0)",
            "--consensus.create_empty_blocks_interval=\(options.emptyBlockSeconds)s",
        ]
        let started = try run(arguments) { [weak self] process in
            guard let self else { return }
            guard !self.lock.withLock({ self.isEnding }) else { return }
            let how =
                process.terminationReason == .uncaughtSignal
                ? "signal \(process.terminationStatus)" : "status \(process.terminationStatus)"
            onEnd(.ended(how: how, log: self.log, lastLine: self.lastLine()))
        }
        lock.withLock { process = started }
    }

    private func run(_ arguments: [String], onEnd: @escaping @Sendable (Process) -> Void) throws -> Process {
        let log = self.log
        if !FileManager.default.fileExists(atPath: log) { try Data().write(to: URL(fileURLWithPath: log)) }
        let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: log))
        try handle.seekToEnd()
        let process = Process()
        process.executableURL = URL(fileURLWithPath: options.program)
        process.arguments = arguments
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = handle
        process.standardError = handle
        process.terminationHandler = onEnd
        do {
            try process.run()
        } catch {
            throw CometBFTFault.notRun(program: options.program, cause: error.localizedDescription)
        }
        return process
    }

    /// Ends it in order, or not, when that takes longer than `seconds`.
    package func stop(seconds: Double) {
        let running = lock.withLock {
            isEnding = true
            return process
        }
        guard let running, running.isRunning else { return }
        kill(running.processIdentifier, SIGTERM)
        let deadline = Date(timeIntervalSinceNow: seconds)
        while running.isRunning, Date() < deadline { usleep(10_000) }
        guard running.isRunning else { return }
        kill(running.processIdentifier, SIGKILL)
        // Until it is gone its databases are locked, and who starts it again finds them so.
        while running.isRunning { usleep(10_000) }
    }

    /// What it said last.
    private func lastLine() -> String {
        guard let handle = FileHandle(forReadingAtPath: log), let end = try? handle.seekToEnd() else { return "" }
        try? handle.seek(toOffset: end > 4096 ? end - 4096 : 0)
        let text = String(decoding: (try? handle.readToEnd()) ?? Data(), as: UTF8.self)
        return text.split(whereSeparator: \.isNewline).last.map { String($0.prefix(500)) } ?? ""
    }
}
