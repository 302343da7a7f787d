import Attestation
import ChainMessages
import LedgerRecords
import ModuleKit
import PublicCryptography
import StateProofs
import StrictJSON
import Wire

/// secret.registration.v1beta1.Query: the network's public keys, and the seeds wrapped for nodes that joined.
extension RegistrationModule {
    private typealias Query = RegistrationV1beta1.Query

    package var queries: [ModuleQuery] {
        [
            ModuleQuery(Query.txKey) { _, state in
                .init(key: try RegistrationModule.existingKeys(state).input.bytes)
            },
            ModuleQuery(Query.registrationKey) { _, state in
                .init(key: JSONWriter.bytes(of: JSONValue(try RegistrationModule.existingKeys(state))))
            },
            ModuleQuery(Query.encryptedSeed) { request, state in
                let key = try RegistrationModule.nodeKey(request.pubKey)
                let name = RegisterStore.nodeKey(publicKey: key)
                guard let value = try state.value(of: name, in: StoreName.register) else {
                    throw QueryRefusal.notFound("node with public key \(Hexadecimal.encode(key)) not found")
                }
                let node = try RegistrationV1beta1.RegistrationNodeInfo(
                    stored: LedgerEntry(key: name, value: value), in: StoreName.register)
                guard !node.encryptedSeed.isEmpty else {
                    let record = try state.value(of: RegisterStore.pendingKey, in: StoreName.register)
                    let waiting = try record.map { try PendingRegistrations(protobuf: $0).list } ?? []
                    guard waiting.contains(where: { $0.registrationKey.bytes == key }) else {
                        throw QueryRefusal.notFound("nothing is wrapped for this node any more: register it again")
                    }
                    throw QueryRefusal.notFound("the seed is not wrapped for this node yet")
                }
                return .init(encryptedSeed: node.encryptedSeed)
            },
            ModuleQuery(CloisterRegistrationV1.Query.policy) { _, state in
                let plan = try PlannedPolicies.current(in: state)
                let (planned, begin) = (plan.map { RegistrationModule.params($0.policy) } ?? "", plan?.plan.notBefore)
                let notice = try LeastNotice.current(in: state)
                guard var policy = try RegistrationModule.policy(in: state) else {
                    return .init(plannedParams: planned, plannedNotBefore: begin, leastNoticeSeconds: notice)
                }
                let later = policy.planned.map { ($0.measurement, Timestamp(seconds: $0.notBefore, nanoseconds: 0)) }
                let programs = try (policy.measurements.map { ($0, nil) } + later).map { measurement, time in
                    CloisterRegistrationV1.ApprovedProgram(
                        measurement: measurement.description, notBefore: time,
                        height: try ProgramApprovals.decision(on: measurement, in: state)?.height ?? 0)
                }
                (policy.measurements, policy.planned) = ([], [])
                return .init(
                    programs: programs, params: RegistrationModule.params(policy), plannedParams: planned,
                    plannedNotBefore: begin, leastNoticeSeconds: notice)
            },
            ModuleQuery(CloisterRegistrationV1.Query.releases) { request, state in
                let head =
                    try state.value(of: RegisterStore.releaseHeadKey, in: StoreName.register)
                    .map { try SeedReleaseHead(protobuf: $0) } ?? .none
                var releases: [[UInt8]] = []
                for number in 0..<UInt64(RegistrationModule.releasesPerAnswer) where request.after < head.count {
                    let key = RegisterStore.releaseKey(request.after + 1 + number)
                    guard request.after + 1 + number <= head.count,
                        let release = try state.value(of: key, in: StoreName.register)
                    else { break }
                    releases.append(release)
                }
                return .init(releases: releases, count: head.count, head: head.hash.bytes)
            },
        ]
    }

    /// As a message of governance has them.
    private static func params(_ policy: RegistrationPolicy) -> String {
        let params = (JSONValue(policy).object ?? []).filter { $0.0 != "measurements" }
        return String(decoding: JSONWriter.bytes(of: .object(params)), as: UTF8.self)
    }

    /// Some thirty kilobytes.
    private static let releasesPerAnswer = 100

    private static func existingKeys(_ state: any LedgerReading) throws -> ExchangeKeys {
        guard let keys = try exchangeKeys(on: state) else {
            throw QueryRefusal.notFound("the network has no exchange keys")
        }
        return keys
    }

    /// Operators write the key as 64 hexadecimal digits where REST expects Base64, which 64 such digits also are.
    private static func nodeKey(_ bytes: [UInt8]) throws -> [UInt8] {
        if bytes.count == Hash32.byteCount { return bytes }
        guard bytes.count == 48, let key = Hexadecimal.decode(Base64.encode(bytes)) else {
            throw QueryRefusal.invalidRequest("a node's public key has \(Hash32.byteCount) bytes")
        }
        return key
    }
}
