import DurableFiles
import EmbeddedEngine
import Foundation
import PeerWire
import StrictJSON
import ValidatorSigning

/// The files of a network of several validators, made in one folder: what its founders do, each on a machine of their
/// own, is done here for all of them, by the same ceremony.
///
/// For trying a network out. Whoever has the folder has the keys of all accounts, in clear, and the platforms of all
/// enclaves, which are simulated and of one maker.
package struct TestnetFiles {
    package struct Options: Sendable {
        package var folder: String
        package var chainID = "cloister-testnet-1"
        package var validators = 4
        /// What each validator has and stakes, in uscrt.
        package var stake: UInt128 = 1_000_000_000_000
        /// Accounts besides, with coins.
        package var accounts: [FirstGenesis.Account] = []
        /// The first validator's machine; the others have the addresses behind it. `nil`: all are on this one.
        package var machine: String?
        /// The first validator's port for peers; each has the four behind it, too, and on one machine ten in all.
        package var port = 26_656

        package init(folder: String) { self.folder = folder }
    }

    /// What holds unless something else is said.
    package static let usual = Options(folder: "")
    package static let validatorsMax = 64
    private static let (portsEach, portsUsed) = (10, 5)
    private static let moreThanStaked: UInt128 = 1_000_000_000

    private struct Member {
        let name: String
        let home: NodeHome
        let host: String
        let port: Int
        var evidence: String { home.folder + "/founder.json" }
        var address = ""
    }

    private let options: Options
    private let programs: ProgramFolder

    package init(_ options: Options, programs: ProgramFolder = ProgramFolder()) {
        (self.options, self.programs) = (options, programs)
    }

    /// Writes all of it into a folder that is not there yet.
    ///
    /// - Returns: a line for each node.
    package func write() throws -> [String] {
        var members = try members()
        guard !FileManager.default.fileExists(atPath: options.folder) else {
            throw NodeFault("there is something already", path: options.folder, remedy: "choose another folder")
        }
        for name in ["enclave-host", "cloister"] { try programs.require(name) }
        let wallet = options.folder + "/wallet"
        for index in members.indices {
            try FileManager.default.createDirectory(
                atPath: members[index].home.folder, withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700])
            members[index].address = try makeKey(members[index], wallet)
        }
        let first = members[0]
        let own = members.map { member in
            FirstGenesis.Account(
                address: member.address, coins: [("uscrt", options.stake + Self.moreThanStaked)])
        }
        try FoundingCeremony(first.home, programs: programs).draft(
            chainID: options.chainID, moniker: first.name, accounts: own + options.accounts, roots: [],
            unbondingTime: "1814400s", configuration: configuration(of: first))
        for (index, member) in members.enumerated() {
            let stake = OperatorStake(
                command: programs.path("cloister"), from: member.name, wallet: wallet,
                amount: "\(options.stake)uscrt",
                commission: [
                    ("--commission-rate", "0.1"), ("--commission-max-rate", "0.2"),
                    ("--commission-max-change-rate", "0.01"),
                ])
            let file = try FoundingCeremony(member.home, programs: programs).evidence(
                draft: first.home.foundingDraft, moniker: member.name, stake: stake,
                maker: index == 0 ? nil : first.home.platform, configuration: configuration(of: member)
            ).file
            try file.write(toFile: member.evidence, atomically: true, encoding: .utf8)
        }
        _ = try FoundingCeremony(first.home, programs: programs).collect(
            members.map(\.evidence), time: EngineClock.system.now())
        for member in members.dropFirst() {
            _ = try FoundingCeremony(member.home, programs: programs).accept(first.home.genesis, hash: nil)
        }
        try connect(members)
        return members.map { member in
            "\(member.home.folder): \(member.address), peers at \(member.host):\(member.port), RPC at "
                + "\(member.port + 1), REST at \(member.port + 2), gRPC at \(member.port + 3), metrics at "
                + "\(member.port + 4)"
        }
    }

    private func members() throws -> [Member] {
        var violations = [FirstGenesis.problem(ofChainID: options.chainID)].compactMap { $0 }
        if !(1...Self.validatorsMax).contains(options.validators) {
            violations.append("--validators \(options.validators): must be from 1 to \(Self.validatorsMax)")
        }
        // Within bounds, whatever was asked for.
        let machines = options.machine == nil ? min(options.validators, Self.validatorsMax) : 1
        let last = min(max(options.port, 0), 65_536) + (max(machines, 1) - 1) * Self.portsEach + Self.portsUsed - 1
        if options.port < 1 || last > 65_535 { violations.append("--port \(options.port): there is no port \(last)") }
        if options.stake < 1_000_000 || options.stake > 1 << 80 {
            violations.append("--stake \(options.stake): must be from 1000000 to \(UInt128(1) << 80)")
        }
        let parts = options.machine?.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
        if let machine = options.machine,
            parts?.count != 4 || parts?.contains(nil) == true
                || Int(parts?.last.flatMap { $0 } ?? 0) + min(options.validators, 256) > 255
        {
            violations.append("--machine \(machine): must be an IPv4 address with one for each validator behind it")
        }
        guard violations.isEmpty else { throw NodeFault(violations: violations) }
        return (0..<options.validators).map { number in
            let name = "node\(number)"
            let home = NodeHome(options.folder + "/" + name)
            guard let parts else {
                return Member(name: name, home: home, host: "127.0.0.1", port: options.port + number * Self.portsEach)
            }
            var bytes = parts.compactMap { $0 }.map { Int($0) }
            bytes[3] += number
            return Member(
                name: name, home: home, host: bytes.map(String.init).joined(separator: "."), port: options.port)
        }
    }

    private func configuration(of member: Member) -> NodeConfiguration {
        var configuration = NodeConfiguration()
        configuration.moniker = member.name
        func place(_ offset: Int) -> ListenAddress {
            ListenAddress(
                host: options.machine == nil ? "127.0.0.1" : "0.0.0.0", port: UInt16(member.port + offset))
        }
        configuration.peerListen = place(0)
        configuration.peerExternal = ListenAddress(host: member.host, port: UInt16(member.port))
        configuration.rpcListen = place(1)
        configuration.restPort = member.port + 2
        configuration.grpcListen = place(3)
        configuration.metricsPort = member.port + 4
        configuration.allowsDuplicateIP = options.machine == nil
        return configuration
    }

    /// Each knows all others from the start.
    private func connect(_ members: [Member]) throws {
        let peers = try members.map { member in
            PeerAddress(
                id: "\(try NodeIdentity.open(member.home.nodeKey).id)",
                place: ListenAddress(host: member.host, port: UInt16(member.port)))
        }
        for (index, member) in members.enumerated() {
            var configuration = configuration(of: member)
            configuration.persistentPeers = peers.enumerated().filter { $0.offset != index }.map(\.element)
            try DurableFile.replace(
                member.home.configuration, with: Array(configuration.text.utf8), mode: 0o644)
        }
    }

    /// A key in the wallet; its words stand beside the node's files.
    private func makeKey(_ member: Member, _ wallet: String) throws -> String {
        let said = try LauncherTool.run(
            programs.path("cloister"), ["keys", "add", member.name, "--home", wallet, "--output", "json"])
        guard let said, let json = try? JSONReader.parse(said, limits: JSONLimits(bytesMax: 1 << 16)),
            let address = json["address"]?.string
        else { throw NodeFault("no key was made for \(member.name)", path: wallet) }
        try DurableFile.replace(member.home.folder + "/key_seed.json", with: said, mode: 0o600)
        return address
    }
}
