import ArgumentParser
import DecidedBlocks
import Foundation
import LedgerRecords
import PublicCryptography
import StrictJSON
import WalletClient
import Wire

/// What can be told of a running network from outside, against what an auditor has on paper.
struct Audit: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Hold a running network against what was audited; fails unless all that was asked holds.",
        discussion: """
            The evidence is verified as before a first encrypted call, the key-release log is read to its proved end, and \
            with --manifest and --boundary the enclave that runs is compared with the image that somebody signed and with \
            the messages that somebody read; so are the program that made the network's keys, and those that hold them or \
            would be given them (--also). What no network can prove of itself is what `make audit` looks at in the \
            sources. Nothing is kept.
            """)
    @Option(help: "The publisher's statement of the image (cloister-enclave.manifest of the build that was audited).")
    var manifest: String?
    @Option(help: "The publisher that must have signed it: an Ed25519 public key, 64 hexadecimal digits.")
    var publisher: Digest?
    @Option(help: "The folder with the declared messages that were audited (proto/boundary/v1).")
    var boundary: String?
    @Option(
        help:
            "The measurement of another program that was audited: it may have made the keys, and hold them. May be repeated."
    )
    var also: [Digest] = []
    @Option(help: "Seconds that the newest proved header may be old.") var maxAge: Int64 = 600
    @OptionGroup var network: NetworkOptions
    @OptionGroup var home: HomeOptions
    @OptionGroup var output: OutputOptions

    private struct Check {
        var subject: String
        var passed: Bool
        var text: String
    }

    func run() async throws {
        guard manifest != nil || (publisher == nil && boundary == nil && also.isEmpty) else {
            throw ClientError(
                .invalidInput, "--publisher, --boundary and --also are compared with what --manifest states")
        }
        let trust = try network.trust(home)
        let (evidence, verdict) = try await trust.verdict(of: network.node.client)
        var checks = verdict.checks.map { Check(subject: $0.subject, passed: $0.passed, text: $0.text) }
        if let proved = verdict.network {
            let offered = try await network.node.client.ioPublicKey()
            checks.append(
                Check(
                    subject: "key", passed: offered == proved.ioExchangeKey.bytes,
                    text: offered == proved.ioExchangeKey.bytes
                        ? "the node gives out the proved key" : "the node gives out another key"))
            let age = Int64(Date().timeIntervalSince1970) - evidence.seconds
            checks.append(
                Check(
                    subject: "age", passed: age <= maxAge,
                    text: "header \(evidence.height), which proves it, is \(age) s old (at most \(maxAge))"))
            let log = await releases(proved)
            checks.append(log.check)
            if let manifest { checks += try image(manifest, proved, log.holders) }
        }
        let isAccepted = verdict.isAccepted && checks.allSatisfy(\.passed)
        output.show(
            .object([
                ("chain_id", .string(evidence.identity.chainID)), ("verdict", isAccepted ? "accepted" : "refused"),
                ("measurement", .string(Hexadecimal.encode(evidence.measurement))),
                (
                    "checks",
                    .array(
                        checks.map {
                            .object([
                                ("subject", .string($0.subject)), ("result", $0.passed ? "holds" : "fails"),
                                ("text", .string($0.text)),
                            ])
                        })
                ),
            ]))
        guard isAccepted else {
            let failed = checks.first { !$0.passed }
            throw ClientError(.evidenceRefused, "\(failed?.subject ?? "evidence"): \(failed?.text ?? "refused")")
        }
    }

    /// Whom the chain gave its seeds.
    private func releases(_ proved: VerifiedNetwork) async -> (check: Check, holders: Set<Hash32>) {
        var log = SeedReleaseLog()
        var holders = Set<Hash32>()
        do {
            for release in try await log.next(until: proved.releases, from: network.node.client) {
                holders.insert(release.measurement)
            }
        } catch {
            return (Check(subject: "releases", passed: false, text: "\(error)"), holders)
        }
        let programs = holders.map { Hexadecimal.encode($0.bytes) }.sorted().joined(separator: ", ")
        let text =
            "the seeds were given \(log.head.count) times, and no more"
            + (programs.isEmpty ? "" : ", to enclaves of \(programs)")
        return (Check(subject: "releases", passed: true, text: text), holders)
    }

    /// Whether what runs is what was signed, and speaks what was read.
    private func image(_ path: String, _ proved: VerifiedNetwork, _ holders: Set<Hash32>) throws -> [Check] {
        guard let manifest = ImageManifest(try read(path)) else {
            throw ClientError(.invalidInput, "\(path) is no manifest, or not signed by the publisher that it names")
        }
        let signer = Hexadecimal.encode(manifest.publisher)
        var checks = manifest.checks(of: proved, holders: holders, besides: Set(also.map(\.value))).map {
            Check(subject: $0.subject, passed: $0.passed, text: $0.text)
        }
        checks.append(
            Check(
                subject: "publisher", passed: publisher.map { $0.value.bytes == manifest.publisher } ?? true,
                text: publisher == nil ? "\(signer), taken as it is" : "signed by \(signer)"))
        if let boundary {
            let read = try SHA256.hash(
                self.read(boundary + "/options.proto") + self.read(boundary + "/boundary.proto"))
            checks.append(
                Check(
                    subject: "boundary", passed: read == manifest.boundary,
                    text: read == manifest.boundary
                        ? "the messages are those of \(boundary)"
                        : "the signed program speaks \(Hexadecimal.encode(manifest.boundary.bytes)), the folder has "
                            + Hexadecimal.encode(read.bytes)))
        }
        return checks
    }

    private func read(_ path: String) throws -> [UInt8] {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw ClientError(.notFound, "\(path) cannot be read")
        }
        return [UInt8](data)
    }
}
