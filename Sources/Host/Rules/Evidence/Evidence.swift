/// Who signed two blocks of one height, as a block proves, loses its stake's part and its place for ever.
///
/// The engines check evidence before a block with it is voted for (`BlockContext.misbehavior`), its age included; here
/// it only has its consequences, once. Keys and records are the Cosmos SDK's 0.50.
import ChainMessages
import EnclaveProtocol
import ExactNumbers
import LedgerRecords
import ModuleKit
import PublicCryptography
import SignedTransactions
import Slashing
import Staking
import StrictJSON
import Wire

package struct EvidenceModule: LedgerModule {
    package static let store = "evidence"

    package let name = EvidenceModule.store
    package let stores = [EvidenceModule.store]
    let staking: StakingActions

    package init(_ staking: StakingActions) { self.staking = staking }

    package typealias Equivocation = EvidenceV1beta1.Equivocation
    private static let prefix: [UInt8] = [0x00]
    /// Until when one who did it is jailed: for ever.
    private static let forever = Timestamp(seconds: 253_402_300_799, nanoseconds: 0) ?? .latest

    package func beginBlock(_ block: BlockContext, on state: any LedgerState) throws -> [Event] {
        let work = BlockWork(block, on: state)
        for misbehavior in block.misbehavior { _ = try work.attempt { try punish(misbehavior, $0) } }
        return work.events
    }

    private func punish(_ misbehavior: BlockMisbehavior, _ work: BlockWork) throws {
        let state = work.state
        guard let address = ConsensusAddress(misbehavior.validator),
            let validator = try StakingStore.validator(byConsensus: address, in: state),
            validator.status != .unbonded, var info = try SlashingStore.info(address, in: state), !info.tombstoned
        else { return }
        let burned = try staking.slash(
            address, atHeight: misbehavior.height - 1, power: misbehavior.power,
            factor: try SlashingParameters.current(in: state).slashFractionDoubleSign, work)
        work.tell(
            Event(
                "slash",
                [
                    "address": address.description, "power": String(misbehavior.power), "reason": "double_sign",
                    "burned_coins": String(burned),
                ]))
        if !validator.jailed {
            try staking.jail(validator.operatorAddress, work)
            work.tell(Event("slash", ["jailed": address.description]))
        }
        info.jailedUntil = EvidenceModule.forever
        info.tombstoned = true
        try SlashingStore.set(info, on: state)
        try EvidenceModule.save(
            Equivocation(
                height: misbehavior.height, time: misbehavior.time, power: misbehavior.power,
                consensusAddress: address), on: state)
    }

    private static func save(_ evidence: Equivocation, on state: any LedgerState) throws {
        let key = prefix + SHA256.hash(evidence.encoded).bytes
        try state.set(evidence.any.encoded, of: key, in: store)
    }

    // MARK: - Messages and queries

    /// No form of evidence is taken from users: what they could show, the engines find.
    package var messages: [MessageHandler] {
        [
            MessageHandler(EvidenceV1beta1.MsgSubmitEvidence.self) { message, _, _ in
                throw TransactionRefusal(
                    codespace: EvidenceModule.store, code: 2,
                    log: "\(message.evidence?.typeURL ?? ""): unregistered handler for evidence type")
            }
        ]
    }

    package var queries: [ModuleQuery] {
        [
            ModuleQuery(EvidenceV1beta1.Query.evidence) { request, state in
                let hash = Hexadecimal.decode(request.hash) ?? request.evidenceHash
                let key = EvidenceModule.prefix + hash
                guard hash.count == Hash32.byteCount, let value = try state.value(of: key, in: EvidenceModule.store)
                else { throw QueryRefusal.notFound("evidence \(request.hash) not found") }
                return .init(
                    evidence: try AnyMessage(stored: LedgerEntry(key: key, value: value), in: EvidenceModule.store))
            },
            ModuleQuery(EvidenceV1beta1.Query.allEvidence) { request, state in
                let (entries, page) = try PageRequest(request.pagination).page(
                    of: state, store: EvidenceModule.store, prefix: EvidenceModule.prefix)
                let list = try entries.map { try AnyMessage(stored: $0, in: EvidenceModule.store) }
                return .init(evidence: list, pagination: page)
            },
        ]
    }

    // MARK: - Genesis

    package func importGenesis(_ genesis: GenesisValue, on state: any LedgerState) throws {
        for place in try genesis["evidence"].elements {
            guard try place["@type"].text == Equivocation.typeURL else {
                throw place["@type"].refusal("is no form of evidence")
            }
            try EvidenceModule.save(
                Equivocation(
                    height: try place["height"].integer, time: try place["time"].time(else: .unixZero),
                    power: try place["power"].integer, consensusAddress: try place["consensus_address"].bech32()),
                on: state)
        }
    }

    package func exportGenesis(from state: any LedgerReading) throws -> JSONValue? {
        var list: [JSONValue] = []
        try state.visit(EvidenceModule.store, prefix: EvidenceModule.prefix) { entry in
            let any = try AnyMessage(stored: entry, in: EvidenceModule.store)
            let evidence = try Equivocation(decoding: any.value, .signed)
            list.append([
                "@type": .string(Equivocation.typeURL), "height": .text(evidence.height), "time": .text(evidence.time),
                "power": .text(evidence.power), "consensus_address": .text(evidence.consensusAddress),
            ])
        }
        return ["evidence": .array(list)]
    }
}
