import ArgumentParser
import DecidedBlocks
import Foundation
import LedgerRecords
import PublicCryptography
import SignedTransactions
import StrictJSON
import WalletClient
import Wire

struct Watch: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Look at a chain until something happens that should not.", subcommands: [Releases.self])

    struct Releases: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show whom the chain gave its seeds, and end with status 3 at one that nobody told of.",
            discussion: """
                Each entry of the key-release log has the hash of the one before, and how far the log has come is proved by \
                a header that the chain's validators signed: a node can neither leave one out nor change one. It can show \
                an old header, before entries that it hides: one that is older than --max-age ends this with status 4, and so \
                does one from before what was shown. A chain that makes no empty blocks needs a larger age.
                """)
        @Option(help: "A registration key that may have the seeds, 64 hexadecimal digits. May be given several times.")
        var known: [String] = []
        @Option(help: "A measurement that may, whoever runs it. May be given several times.")
        var measurement: [String] = []
        @Flag(help: "Look once and end.") var once = false
        @Option(help: "Seconds between two looks.") var interval = 5.0
        @Option(help: "Seconds that the header which proves the log may be old.") var maxAge: Int64 = 600
        @OptionGroup var network: NetworkOptions
        @OptionGroup var home: HomeOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            let known = try Set(known.map { try Self.hash($0, "--known") })
            let measurements = try Set(measurement.map { try Self.hash($0, "--measurement") })
            let trust = try network.trust(home)
            var log = SeedReleaseLog()
            var (shown, newest) = ("", Int64.min)
            repeat {
                let (evidence, verdict) = try await trust.verdict(of: network.node.client)
                guard let proved = verdict.network else {
                    throw ClientError(
                        .evidenceRefused, "how far the log has come is not proved: \(verdict.refusal ?? "")")
                }
                let age = Int64(Date().timeIntervalSince1970) - evidence.seconds
                shown = "header \(evidence.height), \(age) seconds old"
                guard age <= maxAge, evidence.height >= newest else {
                    say(
                        "STALE: the node proves the log by \(shown)"
                            + (evidence.height < newest ? ", and showed \(newest) before" : " (at most \(maxAge))")
                            + "; of what came later nothing is known")
                    throw ExitCode(4)
                }
                newest = evidence.height
                for release in try await log.next(until: proved.releases, from: network.node.client) {
                    output.show(release.json)
                    guard known.contains(release.registrationKey) || measurements.contains(release.measurement)
                    else {
                        say(
                            "ALARM: release \(release.number) at height \(release.height) gave the seeds to "
                                + "\(Hexadecimal.encode(release.registrationKey.bytes)), which nobody told of")
                        throw ExitCode(3)
                    }
                }
                if !once { try await Task.sleep(for: .milliseconds(Int64(max(interval, 0.1) * 1_000))) }
            } while !once
            say(
                "\(log.head.count) releases, the last with hash \(Hexadecimal.encode(log.head.hash.bytes)), by \(shown)"
            )
        }

        private static func hash(_ text: String, _ option: String) throws -> Hash32 {
            guard let hash = Hexadecimal.decode(text).flatMap({ Hash32($0) }) else {
                throw ClientError(.invalidInput, "\(option): must be 64 hexadecimal digits")
            }
            return hash
        }
    }
}

/// The key-release log as far as the validators signed it.
struct SeedReleaseLog {
    private(set) var head = SeedReleaseHead.none

    /// The entries after those that are known, up to the one that is proved; none where the node shows a header from
    /// before. Throws for a log that does not lead there.
    ///
    /// The attack: a node serves entries without end, each of which follows from the one before, and the validators
    /// signed none of them. So no more is read than they say there is, and nothing is told of an entry before the last
    /// one is theirs.
    mutating func next(until proved: SeedReleaseHead, from client: ChainClient) async throws -> [SeedRelease] {
        guard proved.count > head.count else {
            guard proved.count < head.count || proved.hash == head.hash else {
                throw Self.broken("entry \(head.count) is not the one in the chain's state")
            }
            return []
        }
        var releases: [SeedRelease] = []
        var last = head
        while last.count < proved.count {
            let answer = try await client.get("/cloister/v1/releases/\(last.count)")
            let shown = (answer["releases"]?.array ?? []).prefix(Int(clamping: proved.count - last.count))
            guard !shown.isEmpty else {
                throw Self.broken("the chain has \(proved.count) entries, and the node shows \(last.count)")
            }
            for element in shown {
                guard let bytes = element.string.flatMap({ Base64.decode($0) }),
                    let release = try? SeedRelease(protobuf: bytes)
                else { throw Self.broken("entry \(last.count + 1) is none") }
                guard release.number == last.count + 1, release.previous == last.hash else {
                    throw Self.broken("entry \(last.count + 1) does not follow from the one before")
                }
                last = SeedReleaseHead(count: release.number, hash: release.hash)
                releases.append(release)
            }
        }
        guard last.hash == proved.hash else {
            throw Self.broken("entry \(last.count) is not the one in the chain's state")
        }
        head = last
        return releases
    }

    private static func broken(_ what: String) -> ClientError {
        ClientError(.badAnswer, "the key-release log is not what the validators signed: \(what)")
    }
}

extension SeedRelease {
    fileprivate var json: JSONValue {
        func text(_ hash: Hash32) -> JSONValue { .string(Hexadecimal.encode(hash.bytes)) }
        return [
            "number": .string(String(number)), "height": .string(String(height)),
            "registration_key": text(registrationKey), "measurement": text(measurement), "root": text(root),
            "sender": .string(sender.description), "replaces": replaces.map(text) ?? .null,
            "quote": text(quoteIdentity), "hash": text(hash),
        ]
    }
}
