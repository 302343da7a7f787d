import Attestation
import ChainMessages
import LedgerRecords
import ModuleKit
import PublicCryptography
import StateProofs
import Wire

extension RegistrationModule {
    /// Both of the network's keys are there, or none; nodes are named by a key; nothing else is in the store.
    package func brokenInvariants(in state: any LedgerReading) throws -> [String] {
        var broken: [String] = []
        var keys = 0
        try state.visit(StoreName.register) { entry in
            let isSound: Bool
            switch entry.key {
            case RegisterStore.ioExchangeKey, RegisterStore.nodeExchangeKey:
                keys += 1
                isSound = RegisterStore.masterKey(decoding: entry.value) != nil
            case let key where key.starts(with: RegisterStore.nodePrefix):
                let node = try? RegistrationV1beta1.RegistrationNodeInfo(decoding: entry.value[...], .signed)
                isSound = key.count == RegisterStore.nodePrefix.count + Hash32.byteCount && node != nil
            case RegisterStore.policyKey: isSound = (try? RegistrationPolicy(protobuf: entry.value)) != nil
            case RegisterStore.pendingKey: isSound = (try? PendingRegistrations(protobuf: entry.value)) != nil
            case RegisterStore.releaseHeadKey: isSound = (try? SeedReleaseHead(protobuf: entry.value)) != nil
            case RegisterStore.epochKey: isSound = (try? KeyEpoch(protobuf: entry.value)) != nil
            case PlannedPolicies.key: isSound = (try? PlannedPolicies.current(in: state))?.policy.programCount == 0
            case LeastNotice.key: isSound = (try? LeastNotice.current(in: state)) ?? 0 > 0
            case let key where key.starts(with: RegisterStore.releasePrefix):
                isSound = (try? SeedRelease(protobuf: entry.value)).map { RegisterStore.releaseKey($0.number) } == key
            case let key where key.starts(with: RegisterStore.collateralPrefix):
                isSound = (try? RecordedCollateral(protobuf: entry.value)) != nil
            case let key where key.starts(with: ProgramApprovals.decisionPrefix):
                let said = try? CloisterRegistrationV1.ApprovedProgram(decoding: entry.value[...], .signed)
                isSound = (said?.measurement).flatMap { Hexadecimal.decode($0) } == Array(key.dropFirst())
            default: isSound = false
            }
            if !isSound { broken.append("a record that is none: \(Hexadecimal.encode(entry.key))") }
        }
        if keys == 1 { broken.append("one of the network's two keys is missing") }
        return broken
    }
}
