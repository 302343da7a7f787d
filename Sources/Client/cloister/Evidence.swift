import ArgumentParser
import Attestation
import DecidedBlocks
import Foundation
import PublicCryptography
import StrictJSON
import TPMQuotes
import WalletClient
import Wire

/// Whose key messages are encrypted to, and how far that is proved.
struct EvidenceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evidence",
        abstract: "What a network's enclave proves of itself and its key; and the chains whose keys are known.",
        subcommands: [Show.self, Verify.self, Policy.self, Key.self, Known.self, Forget.self])

    struct Options: ParsableArguments {
        @OptionGroup var network: NetworkOptions
        @OptionGroup var home: HomeOptions
        @OptionGroup var output: OutputOptions

        /// The evidence, what it proves and what is known of the chain.
        func describe() async throws -> (members: [(String, JSONValue)], isAccepted: Bool) {
            let trust = try network.trust(home)
            let (evidence, verdict) = try await trust.verdict(of: network.node.client)
            let offered = try await network.node.client.ioPublicKey()
            let isOwn = offered == evidence.ioExchangeKey
            let known = try trust.known.entry(evidence.identity.chainID)
            let agrees = known == nil || known?.ioExchangeKey.bytes == offered
            let checks = verdict.checks.map { check in
                JSONValue.object([
                    ("subject", .string(check.subject)), ("result", check.passed ? "holds" : "fails"),
                    ("text", .string(check.text)),
                ])
            }
            let isAccepted = verdict.isAccepted && isOwn && agrees
            return (
                [
                    ("chain_id", .string(evidence.identity.chainID)),
                    ("identity", .string(SHA256.hash(evidence.identity.encoded).description)),
                    ("verdict", isAccepted ? "accepted" : "refused"),
                    ("io_exchange_key", .string(Base64.encode(evidence.ioExchangeKey))),
                    ("given_out", .string(isOwn ? "the same key" : "another key: " + Base64.encode(offered))),
                    ("known", .string(known == nil ? "not yet" : agrees ? "the same key" : "another key")),
                    ("checks", .array(checks)),
                ], isAccepted
            )
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show what a node's evidence proves; changes nothing.")
        @OptionGroup var options: Options

        func run() async throws {
            options.output.show(.object(try await options.describe().members))
        }
    }

    struct Verify: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Verify it as before the first encrypted call, and keep the key; or verify a quote in a file.",
            discussion: "Fails unless all of it holds. Of a file no node is asked.")
        @Argument(help: "A file with a quote: of SGX or TDX, as it is or in hexadecimal digits, or of a TPM 2.0.")
        var file: String?
        @OptionGroup var recorded: RecordedOptions
        @OptionGroup var tpm: TPMOptions
        @OptionGroup var options: Options

        func run() async throws {
            if let file {
                return try recorded.verify(
                    file, measurement: options.network.expectMeasurement, tpm: tpm, options.output)
            }
            let (chainID, key) = try await options.network.trust(options.home).network(of: options.network.node.client)
            let entry = try KnownChains(home: options.home.url).entry(chainID)
            guard entry?.proved != nil else {
                throw ClientError(
                    .evidenceRefused, "the key of chain \(chainID) was taken on a node's word",
                    details: ["To verify it: cloister evidence forget \(chainID), then this once more."])
            }
            let (members, isAccepted) = try await options.describe()
            guard isAccepted else {
                options.output.show(.object(members))
                throw ClientError(
                    .evidenceRefused,
                    "the key \(Base64.encode(key)) is the one that is known, and the evidence does not hold")
            }
            options.output.show(.object(members))
        }
    }

    struct Policy: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract:
                "Show what a chain asks of evidence before it gives its seeds to an enclave, as its state proves it.",
            discussion: "The record is what `cloister evidence verify FILE --policy` takes.")
        @OptionGroup var options: Options

        func run() async throws {
            let (evidence, verdict) = try await options.network.trust(options.home)
                .verdict(of: options.network.node.client)
            guard verdict.isAccepted else {
                throw ClientError(.evidenceRefused, verdict.refusal ?? "the evidence is refused")
            }
            guard let policy = evidence.registrationPolicy else {
                throw ClientError(.notFound, "the chain gives its seeds to no enclave but its first")
            }
            options.output.show(
                .object([
                    ("chain_id", .string(evidence.identity.chainID)),
                    ("asks", .array(policy.lines(at: evidence.seconds).map { .string($0) })),
                    ("collateral", .string(policy.asksForCollateral(on: evidence.identity) ? "needed" : "not needed")),
                    ("record", .string(Hexadecimal.encode(policy.protobuf))),
                ]))
        }
    }

    struct Key: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Verify that a validator's key is held by an enclave; fails unless it is.",
            discussion: """
                The file is what `cloister-node keys show` printed. Program and root are those of a chain whose key is \
                known, or given. A quote does not tell a key that was made in the enclave from one that was imported.
                """)
        @Argument(help: "The file.") var file: String
        @Option(help: "A chain whose key is known, for its program and root.") var chainID: String?
        @Option(help: "The measurement of the enclave's program, 64 hexadecimal digits.")
        var expectMeasurement: Digest?
        @Option(help: "The root of its evidence: SHA-256 of the public key, 64 hexadecimal digits.")
        var expectRoot: Digest?
        @OptionGroup var home: HomeOptions
        @OptionGroup var output: OutputOptions

        func run() throws {
            guard let bytes = FileManager.default.contents(atPath: file) else {
                throw ClientError(.invalidInput, "cannot read \(file)")
            }
            let evidence = try ConsensusKeyEvidence(json: Array(bytes))
            let known = try chainID.flatMap { try KnownChains(home: home.url).entry($0)?.proved }
            guard chainID == nil || known != nil else {
                throw ClientError(
                    .notFound, "no evidence is known of chain \(chainID ?? "")",
                    details: ["To verify it: cloister evidence verify"])
            }
            guard let measurement = expectMeasurement?.value ?? known?.measurement,
                let root = expectRoot?.value ?? known?.root
            else {
                throw ClientError(
                    .invalidInput, "give --chain-id of a chain that is known, or --expect-measurement and --expect-root"
                )
            }
            let verified = try evidence.verify(
                measurement: measurement, root: root, rootIsSimulated: known?.rootIsSimulated ?? true,
                at: Int64(Date().timeIntervalSince1970))
            output.show(
                .object([
                    ("verdict", "accepted"), ("address", .string(verified.address)),
                    ("pub_key", .string(Base64.encode(evidence.publicKey))),
                    ("measurement", .string(Hexadecimal.encode(measurement.bytes))),
                    ("root", .string(Hexadecimal.encode(root.bytes))),
                    ("platform", .array(verified.facts.map { .string($0) })),
                ]))
        }
    }

    struct Known: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the chains whose keys are known.")
        @OptionGroup var home: HomeOptions
        @OptionGroup var output: OutputOptions

        func run() throws {
            output.show(.array(try KnownChains(home: home.url).entries().map(KnownChains.json)))
        }
    }

    struct Forget: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Forget a chain's key: the next call verifies it again.")
        @Argument(help: "The chain's id.") var chainID: String
        @OptionGroup var home: HomeOptions

        func run() throws {
            guard try KnownChains(home: home.url).forget(chainID) else {
                throw ClientError(.notFound, "no key is known of chain \(chainID)")
            }
        }
    }
}

/// How a quote in a file is verified.
struct RecordedOptions: ParsableArguments {
    @Option(help: "For a file: its collateral, in JSON or in the chain's encoding.") var collateral: String?
    @Option(help: "For a file: the time to verify at (RFC 3339, or seconds since 1970); now, if not given.")
    var at: String?
    @Option(help: "For a file: the certificate (DER) of a simulated root to trust besides Intel's.")
    var simulatedRoot: [String] = []
    @Option(help: "For a file: take this status too (SWHardeningNeeded, OutOfDate and so on).")
    var allowStatus: [String] = []
    @Option(help: "For a file: hold it against this policy of a chain, a file with the record in hexadecimal digits.")
    var policy: String?
    @Flag(help: "For a file: the same as --output json.") var json = false

    func verify(_ file: String, measurement: Digest?, tpm: TPMOptions, _ output: OutputOptions) throws {
        let bytes = try read(file)
        if TPMOptions.isQuote(bytes) {
            let explanation = try tpm.explanation(of: bytes, at: time(), read: read)
            show(explanation.json, output)
            guard let (step, refusal) = explanation.verdict.rejection else { return }
            throw ClientError(.evidenceRefused, "step \(step.rawValue), \(step): \(refusal)")
        }
        var policy = try chainPolicy() ?? .ofFiles
        if let measurement { policy.measurements = [measurement.value] }
        for name in allowStatus {
            guard let status = SecurityStatus.names.first(where: { $0.name == name })?.status else {
                let names = SecurityStatus.names.map(\.name).joined(separator: ", ")
                throw ClientError(.invalidInput, "\(name) is none of \(names)")
            }
            policy.statuses.append(status)
        }
        let evidence = try EvidenceFile(quote: bytes, collateral: try collateral.map(read))
        let explanation = QuoteExplanation(evidence, roots: try roots(), at: try time(), policy: policy)
        show(explanation.json, output)
        if let (step, refusal) = explanation.verdict.rejection {
            throw ClientError(.evidenceRefused, "step \(step.rawValue), \(step): \(refusal)")
        }
    }

    private func chainPolicy() throws -> QuotePolicy? {
        try policy.map { path in
            let text = String(decoding: try read(path), as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
            guard let record = Hexadecimal.decode(text).flatMap({ try? RegistrationPolicy(protobuf: $0) }) else {
                throw ClientError(.invalidInput, "\(path) is no policy of a chain in hexadecimal digits")
            }
            return record.quotePolicy(at: try time())
        }
    }

    private func show(_ explanation: JSONValue, _ output: OutputOptions) {
        if json { print(Rendering.json(explanation)) } else { output.show(explanation) }
    }

    private func read(_ path: String) throws -> [UInt8] {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw ClientError(.notFound, "\(path) cannot be read")
        }
        return [UInt8](data)
    }

    private func roots() throws -> [TrustRoot] {
        var roots = [TrustRoot.intel]
        for path in simulatedRoot {
            guard let root = TrustRoot(name: path, kind: .simulated, certificate: try read(path)) else {
                throw ClientError(.invalidInput, "\(path) is no certificate (DER) of a P-256 key")
            }
            roots.append(root)
        }
        return roots
    }

    private func time() throws -> Int64 {
        guard let at else { return Int64(Date().timeIntervalSince1970) }
        guard let seconds = Int64(at) ?? Timestamp(rfc3339: at)?.seconds else {
            throw ClientError(.invalidInput, "--at is neither a time like 2025-07-04T00:00:00Z nor a number of seconds")
        }
        return seconds
    }
}

extension QuotePolicy {
    /// Of files with quotes as machines hand them out.
    fileprivate static var ofFiles: QuotePolicy {
        var policy = QuotePolicy()
        policy.kinds = TrustedExecution.allCases
        policy.trailingZerosMax = EvidenceFile.trailingZerosMax
        return policy
    }
}

/// 32 bytes as 64 hexadecimal digits.
struct Digest: ExpressibleByArgument {
    let value: Hash32

    init?(argument: String) {
        guard let value = Hexadecimal.decode(argument).flatMap({ Hash32($0) }) else { return nil }
        self.value = value
    }

    static func environment(_ name: String) throws -> Hash32? {
        guard let text = cloister.environment(name) else { return nil }
        guard let digest = Digest(argument: text) else {
            throw ClientError(.invalidInput, "\(name) is not 64 hexadecimal digits")
        }
        return digest.value
    }
}
