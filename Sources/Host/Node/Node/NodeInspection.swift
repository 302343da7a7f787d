import Attestation
import ChainInterface
import DecidedBlocks
import Dispatch
import EnclaveLink
import EnclaveProtocol
import Foundation
import LedgerRecords
import ModuleKit
import PublicCryptography
import StateProofs
import StrictJSON
import Synchronization
import Wire

/// What the inspector's page shows of this node, as JSON: its enclave, the evidence, the lease, who was given keys,
/// what crosses the boundary, and the lives of the last blocks.
///
/// All of it is this host's word, and the host is not trusted: who wants proof asks with `cloister evidence verify`.
/// No member is longer than its bound, whatever the chain holds.
final class NodeInspection: Sendable {
    struct Parts: Sendable {
        var configuration: NodeConfiguration
        var choice: NodeConfiguration.EngineChoice
        var opened: OpenedEnclave
        var identity: ChainIdentity
        /// The backend, if it can be looked at.
        var enclave: (any ObservableEnclave)?
        var chain: ChainAdapter
        var watch: NodeWatch
        var leases: LeaseKeeper
        var timeline: BlockTimeline
    }

    /// So many looks a second are answered anew, whoever asks.
    private static let keptNanoseconds: UInt64 = 200_000_000
    private static let evidenceNanoseconds: UInt64 = 60_000_000_000
    private static let releasesShown: UInt64 = 8

    private let parts: Parts
    private let began = DispatchTime.now().uptimeNanoseconds
    private let last = Mutex<(at: UInt64, text: [UInt8])?>(nil)
    private let evidence = Mutex<(at: UInt64, value: JSONValue)?>(nil)

    init(_ parts: Parts) { self.parts = parts }

    var bytes: [UInt8] {
        let now = DispatchTime.now().uptimeNanoseconds
        if let last = last.withLock({ $0 }), now < last.at + Self.keptNanoseconds { return last.text }
        let text = JSONWriter.bytes(of: json(now))
        last.withLock { $0 = (now, text) }
        return text
    }

    private func json(_ now: UInt64) -> JSONValue {
        let reasons = parts.watch.reasonsAgainstReady
        return .object([
            ("chain_id", .string(parts.chain.genesis.chainID)),
            ("moniker", .string(parts.configuration.moniker)), ("version", .string(NodeVersion.text)),
            ("engine", .string(parts.choice.rawValue)),
            ("profile", .string(parts.configuration.profile.rawValue)),
            ("now_ms", .number(Int64(Date().timeIntervalSince1970 * 1000))),
            ("uptime_seconds", .number((now > began ? now - began : 0) / 1_000_000_000)),
            ("height", .string("\(parts.chain.announcedHeight)")),
            ("not_ready", .array(reasons.prefix(8).map { .string(String($0.prefix(300))) })),
            ("enclave", enclave), ("lease", lease), ("evidence", checkedEvidence(now)), ("releases", releases),
            ("traffic", traffic), ("blocks", parts.timeline.json),
        ])
    }

    // MARK: - The enclave

    private var enclave: JSONValue {
        let health = parts.watch.heartbeat.health
        var members: [(String, JSONValue)] = [
            ("measurement", .string(Hexadecimal.encode(parts.opened.measurement))),
            ("boundary", .string(Hexadecimal.encode(BoundaryProtocol.manifestHash))),
            ("backend", .string(parts.configuration.enclaveBackend.rawValue)),
            ("program", .string(parts.configuration.enclave.rawValue)),
            ("confinement", .string(parts.configuration.confinement.rawValue)),
            ("simulated", .bool(EnclaveIdentity(parts.opened.measurement, of: parts.identity).isSimulated)),
            ("answers", .bool(parts.watch.heartbeat.silentSeconds == nil)),
            ("io_key", .string(Base64.encode(parts.opened.ioPublicKey))),
            ("founder", .string(Hexadecimal.encode(parts.opened.founder))), ("kernel", kernel),
        ]
        if let health {
            members += [
                ("head_height", .string("\(health.headHeight)")), ("modules", .number(health.modulesLoaded)),
                ("resident_bytes", .number(health.residentBytes)),
            ]
        }
        return .object(members)
    }

    private var kernel: JSONValue {
        guard let seen = parts.enclave?.confinement else { return .null }
        return .object([
            ("process", .number(seen.process)), ("seccomp_mode", .number(seen.seccompMode)),
            ("seccomp_filters", .number(seen.seccompFilters)), ("no_new_privileges", .bool(seen.hasNoNewPrivileges)),
            ("capabilities", .string(String(seen.capabilities, radix: 16))), ("threads", .number(seen.threads)),
        ])
    }

    private var lease: JSONValue {
        guard let lease = parts.leases.lastSeen else { return .null }
        return .object([
            ("granted_height", .string("\(lease.grantedHeight)")), ("granted_seconds", .number(lease.grantedSeconds)),
            ("answers_left", .number(lease.answersLeft)), ("answers", .number(parts.identity.leaseAnswers)),
            ("seconds", .number(parts.identity.leaseSeconds)),
        ])
    }

    // MARK: - Evidence

    private func checkedEvidence(_ now: UInt64) -> JSONValue {
        if let kept = evidence.withLock({ $0 }), now < kept.at + Self.evidenceNanoseconds { return kept.value }
        let value = evidence(at: Int64(Date().timeIntervalSince1970))
        evidence.withLock { $0 = (now, value) }
        return value
    }

    /// The twelve steps over the quote of this node's enclave, with what can be said of it.
    private func evidence(at time: Int64) -> JSONValue {
        let roots = parts.identity.attestationRoots.compactMap(TrustRoot.init(chainIdentity:))
        let policy = QuotePolicy(measurements: Hash32(parts.opened.measurement).map { [$0] })
        let verdict = QuoteVerifier.verify(
            evidence: parts.opened.evidence, roots: roots, time: time, policy: policy)
        var members: [(String, JSONValue)] = [
            ("accepted", .bool(verdict.isAccepted)), ("checked_seconds", .number(time)),
            ("quote_bytes", .number(parts.opened.evidence.count)),
            ("quote_id", .string(verdict.identity?.description ?? "")),
            (
                "steps",
                .array(
                    verdict.steps.map { report in
                        var (outcome, refusal) = ("", "")
                        switch report.outcome {
                        case .passed: outcome = "passed"
                        case .passedWithoutRevocation: outcome = "passed_without_revocation"
                        case .notCheckedWithoutCollateral: outcome = "not_checked"
                        case .notReached: outcome = "not_reached"
                        case .failed(let reason): (outcome, refusal) = ("refused", "\(reason)")
                        }
                        return .object([
                            ("step", .number(report.step.rawValue)), ("name", .string("\(report.step)")),
                            ("outcome", .string(outcome)), ("refusal", .string(refusal)),
                        ])
                    })
            ),
        ]
        if let claims = verdict.claims {
            let facts = ReportData.facts(in: claims.body.reportData)
            members += [
                ("root", .string(claims.root.name)),
                ("root_key", .string(claims.root.publicKeyInfoHash.description)),
                ("root_is_simulated", .bool(claims.root.kind == .simulated)),
                ("kind", .string("\(claims.body.kind)")),
                ("measurement", .string(claims.body.measurement.description)),
                ("signer", .string(claims.body.signer.description)), ("product", .number(claims.body.productID)),
                ("security_version", .number(claims.body.securityVersion)), ("debug", .bool(claims.body.isDebug)),
                ("report_data", .string(Hexadecimal.encode(claims.body.reportData))),
                ("facts", .array((facts ?? []).words)), ("key_is_quoted", .bool(isKeyQuoted(claims.body))),
            ]
        }
        return .object(members)
    }

    /// Whether the quote is over the network's keys that the enclave said when it was opened, and over this chain.
    private func isKeyQuoted(_ body: QuoteBody) -> Bool {
        guard let facts = ReportData.facts(in: body.reportData) else { return false }
        return body.reportData
            == ReportData.network(
                identity: parts.identity.encoded, ioPublicKey: parts.opened.ioPublicKey,
                seedExchangePublicKey: parts.opened.seedExchangePublicKey,
                founder: parts.opened.founder.isEmpty ? nil : Hash32(parts.opened.founder), facts: facts)
    }

    /// The newest entries of the log of whom the network gave its seeds.
    private var releases: JSONValue {
        guard let (_, state) = try? parts.chain.state(at: nil) else { return .null }
        func record(_ key: [UInt8]) -> [UInt8]? { (try? state.value(of: key, in: StoreName.register)).flatMap { $0 } }
        let head = record(RegisterStore.releaseHeadKey).flatMap { try? SeedReleaseHead(protobuf: $0) } ?? .none
        let first = head.count > Self.releasesShown ? head.count - Self.releasesShown + 1 : 1
        let entries: [JSONValue] = (first..<max(first, head.count + 1)).reversed().compactMap { number in
            guard let entry = record(RegisterStore.releaseKey(number)).flatMap({ try? SeedRelease(protobuf: $0) })
            else { return nil }
            return .object([
                ("number", .string("\(entry.number)")), ("height", .string("\(entry.height)")),
                ("measurement", .string(entry.measurement.description)), ("root", .string(entry.root.description)),
                ("sender", .string("\(entry.sender)")),
                ("facts", .array(PlatformFacts(rawValue: entry.facts).words)),
                ("replaces", .string(entry.replaces?.description ?? "")),
            ])
        }
        let waiting = record(RegisterStore.pendingKey).flatMap { try? PendingRegistrations(protobuf: $0) }
        return .object([
            ("count", .string("\(head.count)")), ("head", .string(head.hash.description)),
            ("waiting", .number(waiting?.list.count ?? 0)), ("entries", .array(entries)),
        ])
    }

    // MARK: - The boundary

    private var traffic: JSONValue {
        guard let traffic = parts.enclave?.traffic else { return .null }
        let lanes = [("control", traffic.control), ("execution", traffic.execution), ("query", traffic.queries)]
        return .object([
            ("bucket_bounds", .array(BoundaryTraffic.bucketBounds.map { .number($0) })),
            (
                "lanes",
                .array(
                    lanes.map { name, traffic in
                        .object([("lane", .string(name)), ("messages", .array(traffic.counts.map(Self.json)))])
                    })
            ),
        ])
    }

    private static func json(_ count: BoundaryTraffic.Count) -> JSONValue {
        .object([
            ("into", .bool(count.direction == .intoEnclave)), ("number", .number(count.number)),
            ("frames", .number(count.frames)), ("bytes", .number(count.bytes)),
            ("buckets", .array(count.buckets.map { .number($0) })),
        ])
    }
}

extension PlatformFacts {
    fileprivate var words: [JSONValue] { Self.names.filter { contains($0.fact) }.map { .string($0.name) } }
}
