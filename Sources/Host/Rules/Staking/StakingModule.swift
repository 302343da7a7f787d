import Auth
import Bank
import ChainMessages
import EnclaveProtocol
import ExactNumbers
import LedgerRecords
import ModuleKit
import SignedTransactions
import Wire

/// Staking in the chain's list of modules.
package struct StakingModule: LedgerModule {
    package let name = StakingStore.name
    package let stores = [StakingStore.name]
    let staking: StakingActions

    package init(_ staking: StakingActions) { self.staking = staking }

    package func beginBlock(_ block: BlockContext, on state: any LedgerState) throws -> [Event] {
        try StakingStore.keepSet(of: block, on: state)
        return []
    }

    package func endBlock(_ block: BlockContext, on state: any LedgerState) throws -> [Event] {
        let work = BlockWork(block, on: state)
        // Whatever cannot be done leaves nothing behind; the set is then what it was.
        if try work.attempt(staking.updateSet) != nil { try StakingStore.set([], on: state) }
        try staking.completeValidators(work)
        try staking.completeUnbondings(work)
        try staking.completeRedelegations(work)
        return work.events
    }

    package func validatorPowers(in state: any LedgerReading) throws -> [ValidatorPower] {
        try StakingStore.updates(in: state)
    }
}

// MARK: - Messages

extension StakingModule {
    package var messages: [MessageHandler] {
        [create, edit, StakingParameters.update] + delegations
    }

    private typealias Messages = StakingV1beta1

    private var delegations: [MessageHandler] {
        let staking = staking
        return [
            .answering(Messages.MsgDelegate.self) { message, work in
                try StakingModule.require(message.amount, "invalid delegation amount")
                _ = try StakingStore.existingValidator(message.validatorAddress, in: work.state)
                try StakingModule.requireDenomination(message.amount, in: work.state)
                let shares = try staking.delegate(
                    message.amount.amount, by: message.delegatorAddress, to: message.validatorAddress, work)
                work.tell(
                    Event(
                        "delegate",
                        [
                            "validator": message.validatorAddress.description,
                            "delegator": message.delegatorAddress.description,
                            "amount": message.amount.description, "new_shares": shares.description,
                        ]))
                return Messages.MsgDelegateResponse()
            },
            .answering(Messages.MsgUndelegate.self) { message, work in
                try StakingModule.require(message.amount, "invalid shares amount")
                let shares = try StakingActions.shares(
                    ofTokens: message.amount.amount, message.delegatorAddress, message.validatorAddress, in: work.state)
                try StakingModule.requireDenomination(message.amount, in: work.state)
                let (completion, amount) = try staking.undelegate(
                    shares, of: message.delegatorAddress, from: message.validatorAddress, work)
                let coin = Coin(amount, message.amount.denomination)
                work.tell(
                    Event(
                        "unbond",
                        [
                            "validator": message.validatorAddress.description,
                            "delegator": message.delegatorAddress.description, "amount": coin.description,
                            "completion_time": completion.inSeconds,
                        ]))
                return Messages.MsgUndelegateResponse(completionTime: completion, amount: coin)
            },
            .answering(Messages.MsgBeginRedelegate.self) { message, work in
                try StakingModule.require(message.amount, "invalid shares amount")
                let shares = try StakingActions.shares(
                    ofTokens: message.amount.amount, message.delegatorAddress, message.validatorSrcAddress,
                    in: work.state)
                try StakingModule.requireDenomination(message.amount, in: work.state)
                let completion = try staking.redelegate(
                    shares, of: message.delegatorAddress, from: message.validatorSrcAddress,
                    to: message.validatorDstAddress, work)
                work.tell(
                    Event(
                        "redelegate",
                        [
                            "source_validator": message.validatorSrcAddress.description,
                            "destination_validator": message.validatorDstAddress.description,
                            "amount": message.amount.description, "completion_time": completion.inSeconds,
                        ]))
                return Messages.MsgBeginRedelegateResponse(completionTime: completion)
            },
            .answering(Messages.MsgCancelUnbondingDelegation.self) { message, work in
                try StakingModule.cancel(message, staking, work)
                return Messages.MsgCancelUnbondingDelegationResponse()
            },
        ]
    }

    private static func cancel(
        _ message: Messages.MsgCancelUnbondingDelegation, _ staking: StakingActions, _ work: BlockWork
    ) throws {
        let (delegator, validator) = (message.delegatorAddress, message.validatorAddress)
        try require(message.amount, "invalid amount")
        guard message.creationHeight > 0 else { throw TransactionRefusal.invalidRequest("invalid height") }
        try requireDenomination(message.amount, in: work.state)
        let record = try StakingStore.existingValidator(validator, in: work.state)
        guard !record.hasInvalidRate else { throw StakingRefusal.invalidRate() }
        guard !record.jailed else { throw StakingRefusal.jailed() }
        guard var unbonding = try StakingStore.unbonding(delegator, validator, in: work.state) else {
            // The one refusal of the original that has no code of its own.
            throw TransactionRefusal(
                codespace: "undefined", code: 1,
                log: "rpc error: code = NotFound desc = unbonding delegation with delegator \(delegator) not found for "
                    + "validator \(validator)")
        }
        guard let index = unbonding.entries.firstIndex(where: { $0.creationHeight == message.creationHeight }) else {
            throw TransactionRefusal(
                codespace: "sdk", code: 38,
                log: "unbonding delegation entry is not found at block height \(message.creationHeight): not found")
        }
        let amount = message.amount.amount
        guard unbonding.entries[index].balance >= amount else {
            throw TransactionRefusal.invalidRequest(
                "amount is greater than the unbonding delegation entry balance")
        }
        guard unbonding.entries[index].completionTime >= work.block.time else {
            throw TransactionRefusal.invalidRequest("unbonding delegation is already processed")
        }
        _ = try staking.delegate(amount, by: delegator, to: validator, from: .pool(isBonded: false), work)
        unbonding.entries[index].balance -= amount
        unbonding.entries[index].initialBalance -= min(amount, unbonding.entries[index].initialBalance)
        if unbonding.entries[index].balance == 0 {
            try StakingStore.dropUnbondingID(unbonding.entries[index].unbondingID, on: work.state)
            unbonding.entries.remove(at: index)
        }
        try StakingStore.save(unbonding, on: work.state)
        work.tell(
            Event(
                "cancel_unbonding_delegation",
                [
                    "amount": message.amount.description, "validator": validator.description,
                    "delegator": delegator.description, "creation_height": String(message.creationHeight),
                ]))
    }

    // MARK: - What is asked of an amount

    static func require(_ coin: Coin, _ text: String) throws(TransactionRefusal) {
        guard Coin.isDenomination(coin.denomination), coin.amount > 0 else { throw .invalidRequest(text) }
    }

    static func requireDenomination(_ coin: Coin, in state: any LedgerReading) throws {
        let expected = try StakingStore.parameters(in: state).bondDenom
        guard coin.denomination == expected else {
            throw TransactionRefusal.invalidRequest(
                "invalid coin denomination: got \(coin.denomination), expected \(expected)")
        }
    }
}

extension Timestamp {
    /// As events tell it: without what is below a second.
    var inSeconds: String { (Timestamp(seconds: seconds, nanoseconds: 0) ?? self).description }
}
