import Attestation
import ChainInterface
import DecidedBlocks
import DurableFiles
import EnclaveLink
import EnclaveProtocol
import Foundation
import PublicCryptography
import Registration
import SignedTransactions
import StrictJSON
import Wire

/// Who pays for the transaction with an enclave's evidence, as `cloister` knows him.
package struct RegistrationPayment: Sendable {
    /// The command.
    package var command: String
    package var from: String
    /// Its folder, if not the usual one.
    package var wallet: String?

    package init(command: String, from: String, wallet: String?) {
        (self.command, self.from, self.wallet) = (command, from, wallet)
    }

    private var home: [String] { wallet.map { ["--home", $0] } ?? [] }

    /// Stands in the evidence, so that nobody else can send it.
    func address() throws -> AccountAddress {
        let output = try LauncherTool.run(command, ["keys", "show", from, "--address"] + home) ?? []
        let text = String(decoding: output, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        guard let address = AccountAddress(canonicalText: text) else {
            throw NodeFault(
                "there is no key \(from) to pay with", exit: .configuration,
                remedy: "`cloister keys list` shows those that there are")
        }
        return address
    }

    enum Outcome: Equatable {
        case taken
        /// The evidence had become too old until its block came.
        case tooOld
        /// As new evidence of the same enclave stood on the chain already: what a run that was ended had sent, or has
        /// left behind to send it.
        case takenBefore
    }

    /// - Throws: ``NodeFault`` where the transaction was refused for anything else.
    func send(_ certificate: String, replaces: String?, to node: NodeAddress) throws -> Outcome {
        let process = Process()
        // Of a transaction that a block refused it says so where it says of others that they were taken.
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: command)
        (process.standardOutput, process.standardError) = (output, output)
        process.arguments =
            ["tx", "register", "auth", certificate] + (replaces.map { ["--replaces", $0] } ?? [])
            + ["--node", node.description, "--from", from] + home
        try process.run()
        let said = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        if process.terminationStatus != 0 {
            let text = String(decoding: said, as: UTF8.self)
            if text.contains(Self.tooOld) { return .tooOld }
            if Self.takenBefore.contains(where: { text.contains($0.text) }) { return .takenBefore }
        }
        FileHandle.standardError.write(said)
        guard process.terminationStatus == 0 else {
            throw NodeFault(
                "the transaction that registers this enclave was refused", exit: .failed,
                cause: "`cloister tx register auth` ended with status \(process.terminationStatus); it says why above",
                remedy: "call this again when that is mended")
        }
        return .taken
    }

    /// As `RegistrationRefusal.expired` ends.
    private static let tooOld = "make new evidence"
    private static let takenBefore = [RegistrationRefusal.replayed, .sameBlock]
}

/// Has a chain wrap its seeds for an enclave that has none. May be ended at any point and run again: the registration
/// key is the same each time, and what has been reached stands on the chain.
struct EnclaveRegistration {
    /// A node of the chain.
    let node: NodeAddress
    let genesis: GenesisDocument
    /// Where the evidence is put, and the seeds.
    let certificate: String
    let seed: String
    /// Seeds that were wrapped for this enclave before, and are of no use to it any more.
    var staleSeed: [UInt8]?

    /// - Returns: the registration key, in hexadecimal.
    func run(
        _ machine: any EnclaveMachine, _ configuration: NodeConfiguration, payment: RegistrationPayment,
        replaces: String?, patience: TimeInterval, say: (String) -> Void
    ) throws -> String {
        // Before anything is started.
        _ = try latestBlock()
        let sender = try payment.address()
        let replaced = replaces.map { Hexadecimal.decode($0) ?? [] } ?? []
        guard replaces == nil || replaced.count == Hash32.byteCount else {
            throw NodeFault(violations: ["--replaces: must be 64 hexadecimal digits"])
        }
        say("starting the enclave")
        let enclave = try machine.start()
        let ended = DispatchSemaphore(value: 0)
        enclave.onEnd = { _ in ended.signal() }
        defer {
            enclave.stop()
            // Its launcher holds the platform's lock until it is gone.
            _ = ended.wait(timeout: .now() + .seconds(10))
        }
        let identity = try EnclaveSession.identity(genesis, machine, configuration)
        let deadline = Date(timeIntervalSinceNow: patience)
        var isSent = false
        while true {
            let (height, hash) = try latestBlock()
            let evidence = try enclave.withControl {
                try $0.makeEvidence(
                    RegistrationRequest(
                        identity: identity, height: height, headerHash: hash, sender: sender.bytes,
                        replaces: replaced))
            }
            let key = Hexadecimal.encode(evidence.registrationKey)
            var answer = try seed(of: evidence.registrationKey)
            if case .wrapped(let bytes) = answer, bytes == staleSeed { answer = isSent ? .waiting : .unknown }
            switch answer {
            case .wrapped(let bytes):
                try DurableFile.replace(seed, with: bytes)
                return key
            case .waiting:
                say("waiting for the block that wraps the seeds for registration key \(key)")
            case .unknown:
                guard !isSent else {
                    say("waiting for the transaction to be shown")
                    break
                }
                say("registering key \(key), measurement \(Hexadecimal.encode(evidence.measurement)), by a transaction")
                try DurableFile.replace(
                    certificate, with: try shown(evidence.certificate, from: machine, on: identity))
                // A busy chain may go on by more blocks than evidence is good for, until it stands in one.
                switch try payment.send(certificate, replaces: replaces, to: node) {
                case .taken: isSent = true
                case .tooOld: say("the evidence was too old for the block that it came into: making it anew")
                // The state says what became of it. Where it says nothing yet, the chain has gone on, and new evidence
                // is newer than what was taken.
                case .takenBefore: say("evidence of this enclave was taken before: looking what became of it")
                }
            }
            guard Date() < deadline else {
                throw NodeFault(
                    "the seeds have not come", exit: .failed, cause: "waited \(Int(patience)) seconds",
                    remedy: "call this again; nothing that was reached is lost")
            }
            Thread.sleep(forTimeInterval: 0.5)
        }
    }

    /// With collateral, where the chain began by asking for it and this machine has it: the enclave makes none.
    private func shown(
        _ evidence: [UInt8], from machine: any EnclaveMachine, on identity: ChainIdentity
    ) throws -> [UInt8] {
        guard try RegistrationPolicy(inGenesis: genesis.appState)?.asksForCollateral(on: identity) == true,
            let collateral = try machine.collateral()
        else { return evidence }
        var certificate = try RegistrationCertificate(protobuf: evidence)
        certificate.collateral = try Collateral(protobuf: collateral)
        return certificate.protobuf
    }

    private func latestBlock() throws -> (height: UInt64, hash: [UInt8]) {
        let block = try node.get("/cosmos/base/tendermint/v1beta1/blocks/latest")
        guard let height = block["block"]?["header"]?["height"]?.string.flatMap({ UInt64($0) }),
            let hash = block["block_id"]?["hash"]?.string.flatMap({ Base64.decode($0) })
        else { throw NodeFault("\(node) shows no block", exit: .failed) }
        guard block["block"]?["header"]?["chain_id"]?.string == genesis.chainID else {
            throw NodeFault("\(node) is of another chain than \(genesis.chainID)", exit: .configuration)
        }
        return (height, hash)
    }

    private enum Seed {
        case wrapped([UInt8])
        case waiting, unknown
    }

    private func seed(of key: [UInt8]) throws -> Seed {
        let (status, json) = try node.ask("/registration/v1beta1/encrypted-seed/\(Hexadecimal.encode(key))")
        if status == 200, let seed = json["encrypted_seed"]?.string.flatMap({ Base64.decode($0) }), !seed.isEmpty {
            return .wrapped(seed)
        }
        guard let text = json["message"]?.string else { throw NodeFault("\(node) answers strangely", exit: .failed) }
        return text.contains("not wrapped") ? .waiting : .unknown
    }
}
