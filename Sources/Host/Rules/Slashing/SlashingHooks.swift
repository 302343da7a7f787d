import ChainMessages
import ModuleKit
import Staking
import Wire

/// Of each validator its key is known, and from the block on in which it joins the set what it missed.
package struct SlashingHooks: StakingHooks {
    package init() {}

    package func validatorCreated(_ validator: StakedValidator, _ work: BlockWork) throws {
        guard let address = validator.consensusAddress, let key = validator.consensusPubkey else {
            throw StakingRefusal.noKey()
        }
        try work.state.set(
            key.encoded, of: SlashingStore.keyPrefix + StakingStore.part(address), in: SlashingStore.name)
    }

    package func validatorBonded(_ validator: StakedValidator, _ work: BlockWork) throws {
        guard let address = validator.consensusAddress else { throw StakingRefusal.noKey() }
        var info =
            try SlashingStore.info(address, in: work.state)
            ?? .init(address: address, jailedUntil: .unixZero)
        info.startHeight = Int64(clamping: work.block.height)
        try SlashingStore.set(info, on: work.state)
    }

    package func validatorRemoved(_ validator: StakedValidator, _ work: BlockWork) throws {
        guard let address = validator.consensusAddress else { return }
        try work.state.set(nil, of: SlashingStore.keyPrefix + StakingStore.part(address), in: SlashingStore.name)
    }
}
