import ChainInterface
import EmbeddedEngine
import Foundation
import Glibc
import LogLines
import Logging
import PeerWire
import PublicCryptography
import SignedTransactions
import StrictJSON

/// A network of one node on this machine for developers, by LocalSecret's conventions: chain id, accounts with their
/// known mnemonics, ports, fast blocks, a faucet.
///
/// It supervises: the node is a process of its own that is started again when it fails, and so is the faucet.
package final class Localnet {
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
        package var restPort = NodeConfiguration().restPort
        /// 0 for none; `nil` for the usual one, unless something listens there.
        package var rpcPort: Int?
        package var grpcPort: Int?
        package var faucetPort = 5000
        package var metricsPort = NodeConfiguration().metricsPort
        package var keepsChain = false
        package var demo: String?
        /// Runs the enclave that tells callers where contracts stopped.
        package var developmentEnclave = false
        /// How our own lines look, and the node's and the faucet's in their files.
        package var logFormat = LogFormat.text

        package init(home: String) { self.home = home }
    }

    private let options: Options
    private let programs: ProgramFolder
    private let supervisor: Supervisor
    private let output: LogOutput

    package init(_ options: Options, programs: ProgramFolder = ProgramFolder()) {
        self.options = options
        self.programs = programs
        output = LogOutput(options.logFormat, descriptor: STDOUT_FILENO)
        supervisor = Supervisor(output)
    }

    private func say(
        _ message: String, _ level: Logger.Level = .info, fields: [(name: String, value: JSONValue)] = [],
        details: [String] = []
    ) {
        output.write(LogLine(level, "localnet", message, fields: fields, details: details))
    }

    /// Runs until interrupted, or until a part fails for good.
    package func run() throws -> NodeExit {
        for name in ["enclave-host", enclave.program, "cloister-node", "cloister"] { try programs.require(name) }
        let ports =
            [
                ("REST", options.restPort, "--rest-port"), ("the faucet", options.faucetPort, "--faucet-port"),
                ("metrics", options.metricsPort, "--metrics-port"),
            ] + Self.asked(options)
        let violations =
            [FirstGenesis.problem(ofChainID: options.chainID)].compactMap { $0 }
            + ports.filter { !(1...65535).contains($0.1) }.map { "\($0.2) \($0.1): must be from 1 to 65535" }
        guard violations.isEmpty else { throw NodeFault(violations: violations) }
        for (purpose, port, flag) in ports {
            do {
                try ListeningPort(host: purpose == "REST" ? "0.0.0.0" : "127.0.0.1", port: port, purpose: purpose)
                    .requireFree()
            } catch var fault as NodeFault {
                fault.remedy = "stop what uses it, or choose another with \(flag)"
                throw fault
            }
        }
        Interruption.watch()
        let home = NodeHome(options.home)
        // Before anything in the folder is touched, and for as long as we run.
        var lock = try HomeLock(localnet: home)
        if try makeWayForNewEnclave(home) { lock = try HomeLock(localnet: home) }
        defer { withExtendedLifetime(lock) {} }
        let isFirst = !home.exists
        if isFirst { try create(home) }
        try configure(home)
        say(
            isFirst ? "Starting a new local network" : "Starting the local network",
            fields: [
                ("chain", .string(try GenesisDocument.read(home.genesis).chainID)), ("home", .string(home.folder)),
            ])

        let nodeLog = home.folder + "/node.log"
        let tail = FileTail(nodeLog)
        try supervisor.start(
            .init(
                name: "node", path: programs.path("cloister-node"),
                arguments: [
                    "start", "--home", home.folder, "--until-input-ends", "--log-format", options.logFormat.rawValue,
                ], log: nodeLog, restartStatus: NodeExit.failed.rawValue))
        showBlocks(tail)
        if waitFor(port: options.restPort) { try showTheRest(home) }
        let outcome = supervisor.serve()
        say("Ended; the chain is kept", fields: [("home", .string(home.folder))])
        return outcome
    }

    /// On a thread of its own, which ends with us.
    private func showBlocks(_ tail: FileTail) {
        let thread = Thread { [output, supervisor] in
            var blocks = BlockTail(output)
            while !supervisor.isEnding {
                let lines = tail.read()
                for line in lines { blocks.take(line) }
                if lines.isEmpty { Thread.sleep(forTimeInterval: 0.1) }
            }
        }
        thread.name = "blocks"
        thread.start()
    }

    /// Ports beside the usual ones that were asked for by number.
    private static func asked(_ options: Options) -> [(String, Int, String)] {
        let all = [("RPC", options.rpcPort, "--rpc-port"), ("gRPC", options.grpcPort, "--grpc-port")]
        return all.compactMap { purpose, port, flag in port.flatMap { $0 == 0 ? nil : (purpose, $0, flag) } }
    }

    private static let usualPorts = (rpc: UInt16(26657), grpc: UInt16(9090))

    /// Where a port of ecosystem clients is opened, on loopback: where it was asked for, or else where it usually is,
    /// if nobody is there.
    private func address(_ asked: Int?, otherwise usual: UInt16, _ purpose: String) -> ListenAddress? {
        if let asked { return asked == 0 ? nil : ListenAddress(host: "127.0.0.1", port: UInt16(clamping: asked)) }
        let usual = ListenAddress(host: "127.0.0.1", port: usual)
        do {
            try ListeningPort(host: usual.host, port: Int(usual.port), purpose: purpose).requireFree()
            return usual
        } catch {
            say(
                "No \(purpose): something listens on \(usual) already; choose another port with --\(purpose.lowercased())-port",
                .warning)
            return nil
        }
    }

    /// What needs a node that answers.
    private func showTheRest(_ home: NodeHome) throws {
        try supervisor.start(
            .init(
                name: "faucet", path: programs.path("cloister"),
                arguments: [
                    "faucet", "--port", String(options.faucetPort), "--node", "http://127.0.0.1:\(options.restPort)",
                    "--mnemonic-file", home.folder + "/config/faucet.mnemonic", "--until-input-ends",
                    "--log-format", options.logFormat.rawValue,
                ], log: home.folder + "/faucet.log", restartStatus: 1))
        if let demo = options.demo {
            let status = try supervisor.runToEnd(
                .init(
                    name: "demo", path: programs.path("cloister"),
                    arguments: [
                        "demo", demo, "--home", home.folder + "/client", "--node",
                        "http://127.0.0.1:\(options.restPort)",
                    ]))
            if let status, status != 0 {
                say("the demonstration failed; the network goes on", .warning, fields: [("status", .number(status))])
            }
        }
        guard waitFor(port: options.faucetPort) else { return }
        let configuration = try NodeConfiguration(path: home.configuration)
        let doors = (rpc: configuration.rpcListen, grpc: configuration.grpcListen)
        let serving = """
            pages     http://127.0.0.1:\(options.metricsPort)/ (explorer, and what crosses into the enclave)
            REST      http://127.0.0.1:\(options.restPort)
            RPC       \(doors.rpc.map { "http://\($0) (CometBFT's, with /websocket)" } ?? "none")
            gRPC      \(doors.grpc.map { "\($0) (with reflection)" } ?? "none")
            faucet    http://127.0.0.1:\(options.faucetPort)/faucet?address=secret1…
            metrics   http://127.0.0.1:\(options.metricsPort)/metrics
            enclave   \(enclave.program)\(enclave == .development ? ": tells callers where contracts stopped" : "")
            accounts  a, b, c, d, validator (LocalSecret's mnemonics; keys in \(home.folder)/client)
            To use these accounts elsewhere:
              export CLOISTER_HOME='\(absolute(home.folder))/client' CLOISTER_NODE=http://127.0.0.1:\(options.restPort)
              export PATH="\(absolute((programs.path("cloister") as NSString).deletingLastPathComponent)):$PATH"
            Press Ctrl-C to stop. The chain is kept.
            """
        say("Serving:", details: serving.split(separator: "\n").map(String.init))
    }

    private func absolute(_ path: String) -> String { URL(fileURLWithPath: path).standardizedFileURL.path }

    // MARK: - The chain

    private func create(_ home: NodeHome) throws {
        var configuration = NodeConfiguration()
        configuration.moniker = "banana"
        configuration.restHost = "0.0.0.0"
        configuration.enclave = enclave
        let coins: [(denomination: String, amount: UInt128)] = [("uscrt", 1_000_000_000_000_000_000)]
        try home.create(
            chainID: options.chainID,
            { key in
                FirstGenesis.document(
                    chainID: options.chainID, moniker: configuration.moniker, validatorKey: key,
                    accounts: Self.accounts.map { FirstGenesis.Account(address: $0.address, coins: coins) }
                        + [FirstGenesis.Account(address: Self.faucet.address, coins: coins)],
                    time: EngineClock.system.now(), stake: Self.stake(key, name: configuration.moniker),
                    unbondingTime: "90s")
            }, configuration: configuration, programs: programs)
        let keys = home.folder + "/client/keyring-test"
        try FileManager.default.createDirectory(
            atPath: keys, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        for account in Self.accounts {
            let json = #"{"mnemonic":"\#(account.mnemonic)","name":"\#(account.name)"}"#
            try json.write(toFile: "\(keys)/\(account.name).json", atomically: true, encoding: .utf8)
        }
        try Self.faucet.mnemonic.write(
            toFile: home.folder + "/config/faucet.mnemonic", atomically: true, encoding: .utf8)
    }

    /// What the account `validator` delegated to its own, as in LocalSecret.
    private static func stake(_ key: [UInt8], name: String) -> FirstGenesis.Stake? {
        accounts.first { $0.name == "validator" }.flatMap { AccountAddress(bech32: $0.address) }.map {
            FirstGenesis.Stake(name: name, account: $0, key: key, tokens: 100_000_000_000_000_000)
        }
    }

    private var enclave: NodeConfiguration.Enclave { options.developmentEnclave ? .development : .standard }

    /// Ports and enclave are those of this run, whatever an earlier one of this chain had.
    private func configure(_ home: NodeHome) throws {
        var configuration = try NodeConfiguration(path: home.configuration)
        let before = configuration.text
        configuration.enclave = enclave
        configuration.restPort = options.restPort
        configuration.metricsPort = options.metricsPort
        configuration.rpcListen = address(options.rpcPort, otherwise: Self.usualPorts.rpc, "RPC")
        configuration.grpcListen = address(options.grpcPort, otherwise: Self.usualPorts.grpc, "gRPC")
        guard configuration.text != before else { return }
        try configuration.text.write(toFile: home.configuration, atomically: true, encoding: .utf8)
    }

    /// The faucet has an account of its own, so that its sequence is nobody else's.
    private static let faucet = (
        address: "secret1gkle2qetd47g4qlruxu8kx4m97875t66qsgr0p",
        mnemonic: "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about"
    )

    /// Every rebuild of the enclave is another measurement, which cannot open this chain's record. The old chain is
    /// moved aside, never deleted, unless a node runs in it. Tells whether it was.
    private func makeWayForNewEnclave(_ home: NodeHome) throws -> Bool {
        guard let known = try? String(contentsOfFile: home.measurement, encoding: .utf8) else { return false }
        let old = known.trimmingCharacters(in: .whitespacesAndNewlines)
        let (launcher, program) = (programs.path("enclave-host"), programs.path(enclave.program))
        guard let new = try EnclaveImage.measure(launcher: launcher, program: program)?.image.measurement, new != old
        else { return false }
        let changes = EnclaveImage.explanation(keptAt: home.image, launcher: launcher, program: program)
        if options.keepsChain {
            throw NodeFault(
                "this chain was sealed by enclave \(old), and the built enclave is \(new); without --keep it would be moved aside",
                cause: changes)
        }
        let nodeLock = try HomeLock(home)
        defer { withExtendedLifetime(nodeLock) {} }
        var number = 1
        while FileManager.default.fileExists(atPath: "\(home.folder).\(number)") { number += 1 }
        let aside = "\(home.folder).\(number)"
        try FileManager.default.moveItem(atPath: home.folder, toPath: aside)
        say(
            "The enclave is another: \(old.prefix(16))… is now \(new.prefix(16))…"
                + (changes.map { " (\($0))" } ?? ""), .notice,
            details: ["The old chain is in \(aside); starting a fresh one."])
        return true
    }

    // MARK: - The node's answer

    /// A program that does not come up ends, and with it the supervisor's patience.
    private func waitFor(port: Int) -> Bool {
        while !supervisor.isEnding {
            if Self.answers(port: port) { return true }
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
}
