import ChainModel
import Consensus
import EnclaveClient
import Foundation
import Glibc
import PublicCryptography

/// A network of one node on this machine for developers, by LocalSecret's conventions: chain id, accounts with their known
/// mnemonics, ports, fast blocks, a faucet.
///
/// It supervises: the node is a process of its own that is started again when it fails, and so is the faucet.
package final class Localnet: @unchecked Sendable {
    package static let chainID = "secretdev-1"

    /// The accounts that every developer of a local Secret Network knows; their mnemonics are public.
    package static let accounts: [(name: String, address: String, mnemonic: String)] = [
        (
            "a", "secret1ap26qrlp8mcq2pg6r47w43l0y8zkqm8a450s03",
            "grant rice replace explain federal release fix clever romance raise often wild taxi quarter soccer fiber love must tape steak together observe swap guitar"
        ),
        (
            "b", "secret1fc3fzy78ttp0lwuujw7e52rhspxn8uj52zfyne",
            "jelly shadow frog dirt dragon use armed praise universe win jungle close inmate rain oil canvas beauty pioneer chef soccer icon dizzy thunder meadow"
        ),
        (
            "c", "secret1ajz54hz8azwuy34qwy9fkjnfcrvf0dzswy0lqq",
            "chair love bleak wonder skirt permit say assist aunt credit roast size obtain minute throw sand usual age smart exact enough room shadow charge"
        ),
        (
            "d", "secret1ldjxljw7v4vk6zhyduywh04hpj0jdwxsmrlatf",
            "word twist toast cloth movie predict advance crumble escape whale sail such angry muffin balcony keen move employ cook valve hurt glimpse breeze brick"
        ),
        (
            "validator", "secret14aj08vd2ntty7dvskdmdu4zhf23mcwgtute8dz",
            "push certain add next grape invite tobacco bubble text romance again lava crater pill genius vital fresh guard great patch knee series era tonight"
        ),
    ]

    package struct Options: Sendable {
        package var home: String
        package var chainID = Localnet.chainID
        package var restPort = 1317
        package var faucetPort = 5000
        package var metricsPort = 26660
        package var keepsChain = false
        package var demo: String?

        package init(home: String) { self.home = home }
    }

    package struct Refusal: Error, CustomStringConvertible {
        package var description: String
    }

    private let options: Options
    private let programs: ProgramFolder
    private let lock = NSLock()
    private var children: [String: Process] = [:]
    private var isStopping = false

    package init(_ options: Options, programs: ProgramFolder = ProgramFolder()) {
        self.options = options
        self.programs = programs
    }

    private func say(_ text: String) {
        FileHandle.standardOutput.write(Data((text + "\n").utf8))
    }

    /// Runs until interrupted. Returns the process's exit status.
    package func run() throws -> Int32 {
        let home = NodeHome(options.home)
        try makeWayForNewEnclave(home)
        let isFirst = !home.exists
        if isFirst { try create(home) }
        say((isFirst ? "Starting a new local network" : "Starting the local network") + " \(options.chainID) in \(home.folder)")

        let signals = watchSignals()
        defer { signals.forEach { $0.cancel() } }
        try start("node", ["start", "--home", home.folder], program: "cloister-node", restartOn: NodeExit.failed.rawValue)
        guard waitForREST() else {
            stop()
            throw Refusal(description: "the node did not answer on port \(options.restPort) within 60 s")
        }
        try start(
            "faucet",
            [
                "faucet", "--port", String(options.faucetPort), "--node", "http://127.0.0.1:\(options.restPort)",
                "--mnemonic-file", home.folder + "/config/faucet.mnemonic",
            ], program: "cloister", restartOn: 1)
        if let demo = options.demo { try runDemo(demo, isFirst: isFirst, home) }
        say(
            """

            Serving:
              REST      http://127.0.0.1:\(options.restPort)
              faucet    http://127.0.0.1:\(options.faucetPort)/faucet?address=secret1…
              metrics   http://127.0.0.1:\(options.metricsPort)/metrics
              accounts  a, b, c, d, validator (LocalSecret's mnemonics; keys in \(home.folder)/client)
            Press Ctrl-C to stop. The chain is kept.
            """)
        waitUntilStopped()
        return 0
    }

    // MARK: - The chain

    private func create(_ home: NodeHome) throws {
        var configuration = NodeConfiguration()
        configuration.moniker = "banana"
        configuration.restHost = "0.0.0.0"
        configuration.restPort = options.restPort
        configuration.metricsPort = options.metricsPort
        let coins: [(denomination: String, amount: UInt128)] = [("uscrt", 1_000_000_000_000_000_000)]
        try home.create(
            { key in
                FirstGenesis.document(
                    chainID: options.chainID, moniker: configuration.moniker, validatorKey: key,
                    accounts: Self.accounts.map { FirstGenesis.Account(address: $0.address, coins: coins) }
                        + [FirstGenesis.Account(address: Self.faucet.address, coins: coins)],
                    time: EngineClock.system.now())
            }, configuration: configuration)
        let keys = home.folder + "/client/keyring-test"
        try FileManager.default.createDirectory(
            atPath: keys, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        for account in Self.accounts {
            let json = #"{"mnemonic":"\#(account.mnemonic)","name":"\#(account.name)"}"#
            try json.write(toFile: "\(keys)/\(account.name).json", atomically: true, encoding: .utf8)
        }
        try Self.faucet.mnemonic.write(toFile: home.folder + "/config/faucet.mnemonic", atomically: true, encoding: .utf8)
    }

    /// The faucet has an account of its own, so that its sequence is nobody else's.
    private static let faucet = (
        address: "secret1gkle2qetd47g4qlruxu8kx4m97875t66qsgr0p",
        mnemonic: "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about"
    )

    /// Every rebuild of the enclave is another measurement, which cannot open this chain's record. The old chain is moved
    /// aside, never deleted.
    private func makeWayForNewEnclave(_ home: NodeHome) throws {
        guard let known = try? String(contentsOfFile: home.measurement, encoding: .utf8) else { return }
        let old = known.trimmingCharacters(in: .whitespacesAndNewlines)
        guard let new = try measure(), new != old else { return }
        if options.keepsChain {
            throw Refusal(
                description: "this chain was sealed by enclave \(old), and the built enclave is \(new); without --keep it would be moved aside")
        }
        var number = 1
        while FileManager.default.fileExists(atPath: "\(home.folder).\(number)") { number += 1 }
        let aside = "\(home.folder).\(number)"
        try FileManager.default.moveItem(atPath: home.folder, toPath: aside)
        say("The enclave was rebuilt: \(old.prefix(16))… is now \(new.prefix(16))…\nThe old chain is in \(aside); starting a fresh one.")
    }

    private func measure() throws -> String? {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: programs.path("enclave-host"))
        process.arguments = ["--enclave", programs.path("cloister-enclave"), "--measure"]
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { return nil }
        return output.split(whereSeparator: \.isWhitespace).first.map(String.init)
    }

    // MARK: - Processes

    private func start(_ name: String, _ arguments: [String], program: String, restartOn status: Int32) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: programs.path(program))
        process.arguments = arguments
        process.standardInput = FileHandle.nullDevice
        let log = options.home + "/\(name).log"
        if !FileManager.default.fileExists(atPath: log) { try Data().write(to: URL(fileURLWithPath: log)) }
        let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: log))
        try handle.seekToEnd()
        process.standardError = handle
        process.standardOutput = handle
        process.terminationHandler = { [weak self] ended in
            guard let self, !self.lock.withLock({ self.isStopping }) else { return }
            let isKilled = ended.terminationReason == .uncaughtSignal
            guard isKilled || ended.terminationStatus == status else {
                self.say("\(name) ended with status \(ended.terminationStatus); see \(log)")
                self.stop()
                return
            }
            self.say("\(name) failed; starting it again (see \(log))")
            Thread.sleep(forTimeInterval: 0.3)
            do {
                try self.start(name, arguments, program: program, restartOn: status)
            } catch {
                self.say("\(name): \(error)")
                self.stop()
            }
        }
        try lock.withLock {
            guard !isStopping else { return }
            try process.run()
            children[name] = process
        }
    }

    private func runDemo(_ contract: String, isFirst: Bool, _ home: NodeHome) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: programs.path("cloister"))
        process.arguments = [
            "demo", contract, "--home", home.folder + "/client", "--node", "http://127.0.0.1:\(options.restPort)",
        ]
        process.standardInput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        if process.terminationStatus != 0 { say("the demonstration failed; the network goes on") }
    }

    private func waitForREST() -> Bool {
        let deadline = Date(timeIntervalSinceNow: 60)
        while Date() < deadline, !lock.withLock({ isStopping }) {
            if Self.answers(port: options.restPort) { return true }
            Thread.sleep(forTimeInterval: 0.02)
        }
        return false
    }

    /// Whether something accepts connections on a local port.
    private static func answers(port: Int) -> Bool {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }

    // MARK: - The end

    private func watchSignals() -> [any DispatchSourceSignal] {
        [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { [weak self] in self?.stop() }
            source.resume()
            return source
        }
    }

    /// Asks the processes to end, the node last.
    private func stop() {
        let running: [Process]? = lock.withLock {
            guard !isStopping else { return nil }
            isStopping = true
            return ["faucet", "node"].compactMap { children[$0] }
        }
        for process in running ?? [] where process.isRunning {
            process.terminate()
            process.waitUntilExit()
        }
        lock.withLock { children = [:] }
    }

    private func waitUntilStopped() {
        while !lock.withLock({ isStopping && children.isEmpty }) { Thread.sleep(forTimeInterval: 0.1) }
    }
}
