import ChainMessages
import EnclaveProtocol
import ExactNumbers
import LedgerRecords
import ModuleKit
import SignedTransactions
import Staking
import Wire

/// Slashing in the chain's list of modules.
package struct SlashingModule: LedgerModule {
    package let name = SlashingStore.name
    package let stores = [SlashingStore.name]
    let staking: StakingActions

    package init(_ staking: StakingActions) { self.staking = staking }

    package var messages: [MessageHandler] { [unjail, SlashingParameters.update] }

    // MARK: - Missed blocks

    /// One record a validator of the last set; the set is bounded.
    package func beginBlock(_ block: BlockContext, on state: any LedgerState) throws -> [Event] {
        let work = BlockWork(block, on: state)
        let parameters = try SlashingParameters.current(in: state)
        // Whom no record is kept of is nobody of ours: there is nothing to count.
        for vote in block.votes { _ = try work.attempt { try note(vote, parameters, $0) } }
        return work.events
    }

    private func note(_ vote: BlockVote, _ parameters: SlashingParameters.Values, _ work: BlockWork) throws {
        guard let address = ConsensusAddress(vote.validator),
            let validator = try StakingStore.validator(byConsensus: address, in: work.state), !validator.jailed,
            var info = try SlashingStore.info(address, in: work.state)
        else { return }
        let window = parameters.signedBlocksWindow
        let index = info.indexOffset % window
        info.indexOffset += 1
        let wasMissed = try MissedBlocks.isSet(address, index, in: work.state)
        if wasMissed == vote.isPresent {
            try MissedBlocks.set(!vote.isPresent, address, index, on: work.state)
            info.missedBlocksCounter += vote.isPresent ? -1 : 1
        }
        let height = Int64(clamping: work.block.height)
        if !vote.isPresent {
            work.tell(
                Event(
                    "liveness",
                    [
                        "address": address.description, "missed_blocks": String(info.missedBlocksCounter),
                        "height": String(height),
                    ]))
        }
        let least = try parameters.minSignedPerWindow.multiplied(byWhole: UInt128(window)).amount(.halfEven)
        if height > info.startHeight + window, info.missedBlocksCounter > window - Int64(clamping: least) {
            try punish(validator, address, vote, parameters, work)
            info.jailedUntil = work.block.time.adding(parameters.downtimeJailDuration)
            info.missedBlocksCounter = 0
            info.indexOffset = 0
            try MissedBlocks.clear(address, on: work.state)
        }
        try SlashingStore.set(info, on: work.state)
    }

    /// For missing too many: what it had when the last of them was decided.
    private func punish(
        _ validator: StakedValidator, _ address: ConsensusAddress, _ vote: BlockVote,
        _ parameters: SlashingParameters.Values, _ work: BlockWork
    ) throws {
        let burned = try staking.slash(
            address, atHeight: Int64(clamping: work.block.height) - 2, power: vote.power,
            factor: parameters.slashFractionDowntime, work)
        work.tell(
            Event(
                "slash",
                [
                    "address": address.description, "power": String(vote.power), "reason": "missing_signature",
                    "jailed": address.description, "burned_coins": String(burned),
                ]))
        try staking.jail(validator.operatorAddress, work)
    }

    // MARK: - Back again

    private var unjail: MessageHandler {
        let staking = staking
        return .answering(SlashingV1beta1.MsgUnjail.self) { message, work in
            let (state, address) = (work.state, message.validatorAddr)
            let validator = try StakingStore.existingValidator(address, in: state)
            guard let own = try StakingStore.delegation(address.account, address, in: state) else {
                throw StakingRefusal.noDelegation()
            }
            let tokens = try validator.tokens(ofShares: own.shares).truncatedAmount
            guard tokens >= validator.minSelfDelegation else {
                throw refusal(
                    7,
                    "\(tokens) less than \(validator.minSelfDelegation): validator's self delegation less than minimum; "
                        + "cannot be unjailed")
            }
            guard validator.jailed else { throw refusal(5, "validator not jailed; cannot be unjailed") }
            if let consensus = validator.consensusAddress, let info = try SlashingStore.info(consensus, in: state) {
                guard !info.tombstoned, work.block.time >= info.jailedUntil else {
                    throw refusal(4, "validator still jailed; cannot be unjailed")
                }
            }
            try staking.unjail(address, work)
            return SlashingV1beta1.MsgUnjailResponse()
        }
    }
}

private func refusal(_ code: UInt32, _ text: String) -> TransactionRefusal {
    TransactionRefusal(codespace: SlashingStore.name, code: code, log: text)
}

// MARK: - Queries

extension SlashingModule {
    private typealias Query = SlashingV1beta1.Query

    package var queries: [ModuleQuery] {
        [
            ModuleQuery(Query.params) { _, state in .init(params: try SlashingParameters.current(in: state)) },
            ModuleQuery(Query.signingInfo) { request, state in
                guard let info = try SlashingStore.info(request.consAddress, in: state) else {
                    throw QueryRefusal.notFound("SigningInfo not found for validator \(request.consAddress)")
                }
                return .init(valSigningInfo: info)
            },
            ModuleQuery(Query.signingInfos) { request, state in
                let (entries, page) = try PageRequest(request.pagination).page(
                    of: state, store: SlashingStore.name, prefix: SlashingStore.infoPrefix)
                let infos = try entries.map { try SlashingStore.Info(stored: $0, in: SlashingStore.name) }
                return .init(info: infos, pagination: page)
            },
        ]
    }
}
