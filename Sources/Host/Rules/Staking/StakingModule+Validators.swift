import ChainMessages
import EnclaveProtocol
import ExactNumbers
import ModuleKit
import SignedTransactions
import Wire

/// The messages of who validates.
extension StakingModule {
    private typealias Messages = StakingV1beta1

    var create: MessageHandler {
        let staking = staking
        return .answering(Messages.MsgCreateValidator.self) { message, work in
            let key = try StakingModule.check(message, in: work.state)
            let validator = StakedValidator(
                operatorAddress: message.validatorAddress, consensusPubkey: key.any, status: .unbonded,
                tokens: 0, delegatorShares: .zero, description: message.description, unbondingTime: .unixZero,
                commission: .init(commissionRates: message.commission, updateTime: work.block.time),
                minSelfDelegation: message.minSelfDelegation)
            try staking.create(validator, work)
            _ = try staking.delegate(
                message.value.amount, by: message.validatorAddress.account, to: message.validatorAddress, work)
            work.tell(
                Event(
                    "create_validator",
                    ["validator": message.validatorAddress.description, "amount": message.value.description]))
            return Messages.MsgCreateValidatorResponse()
        }
    }

    /// In the original's order.
    ///
    /// - Returns: the key, without what else its sender may have written beside it: it stands in each block's set.
    private static func check(
        _ message: Messages.MsgCreateValidator, in state: any LedgerReading
    ) throws -> CryptoEd25519.PubKey {
        guard let pubkey = message.pubkey else { throw StakingRefusal.noKey() }
        try require(message.value, "invalid delegation amount")
        guard message.description != .init() else { throw TransactionRefusal.invalidRequest("empty description") }
        let rates = message.commission
        try check(rates)
        guard message.minSelfDelegation > 0 else {
            throw TransactionRefusal.invalidRequest("minimum self delegation must be a positive integer")
        }
        guard message.value.amount >= message.minSelfDelegation else {
            throw StakingRefusal.selfDelegationBelowMinimum()
        }
        let least = try StakingStore.parameters(in: state).minCommissionRate
        guard rates.rate >= least else {
            throw StakingRefusal.commissionBelowMin(
                "cannot set validator commission to less than minimum rate of \(least)")
        }
        guard try StakingStore.validator(message.validatorAddress, in: state) == nil else {
            throw StakingRefusal.operatorExists()
        }
        guard pubkey.typeURL == StakedValidator.keyTypeURL,
            let key = try? CryptoEd25519.PubKey(decoding: pubkey.value, .signed), key.key.count == 32
        else {
            let type = pubkey.typeURL.contains("secp256k1") ? "secp256k1" : pubkey.typeURL
            throw StakingRefusal.keyType("got: \(type), expected: [ed25519]")
        }
        guard let address = StakedValidator.consensusAddress(ofKey: key.key),
            try StakingStore.validator(byConsensus: address, in: state) == nil
        else { throw StakingRefusal.keyExists() }
        try requireDenomination(message.value, in: state)
        try checkLengths(message.description)
        return key
    }

    static func check(_ rates: StakingV1beta1.CommissionRates) throws(TransactionRefusal) {
        if rates.maxRate.isNegative { throw StakingRefusal.commissionNegative() }
        if rates.maxRate > .one { throw StakingRefusal.commissionHuge() }
        if rates.rate.isNegative { throw StakingRefusal.commissionNegative() }
        if rates.rate > rates.maxRate { throw StakingRefusal.commissionAboveMax() }
        if rates.maxChangeRate.isNegative { throw StakingRefusal.changeRateNegative() }
        if rates.maxChangeRate > rates.maxRate { throw StakingRefusal.changeRateAboveMax() }
    }

    static func checkLengths(_ description: StakingV1beta1.Description) throws(TransactionRefusal) {
        let parts = [
            ("moniker", description.moniker, 70), ("identity", description.identity, 3000),
            ("website", description.website, 140), ("security contact", description.securityContact, 140),
            ("details", description.details, 280),
        ]
        for (name, text, max) in parts where text.utf8.count > max {
            throw .invalidRequest("invalid \(name) length; got: \(text.utf8.count), max: \(max)")
        }
    }

    // MARK: - What can be changed

    private static let untouched = "[do-not-modify]"
    private static let nanosecondsBetweenChanges: Int64 = 24 * 3600 * 1_000_000_000

    var edit: MessageHandler {
        .answering(Messages.MsgEditValidator.self) { message, work in
            guard message.description != .init() else { throw TransactionRefusal.invalidRequest("empty description") }
            if let least = message.minSelfDelegation, least == 0 {
                throw TransactionRefusal.invalidRequest("minimum self delegation must be a positive integer")
            }
            if let rate = message.commissionRate {
                guard !rate.isNegative, rate <= .one else {
                    throw TransactionRefusal.invalidRequest("commission rate must be between 0 and 1 (inclusive)")
                }
                let least = try StakingStore.parameters(in: work.state).minCommissionRate
                guard rate >= least else {
                    throw TransactionRefusal.invalidRequest(
                        "commission rate cannot be less than the min commission rate \(least)")
                }
            }
            var validator = try StakingStore.existingValidator(message.validatorAddress, in: work.state)
            validator.description = StakingModule.merged(message.description, over: validator.description)
            try StakingModule.checkLengths(validator.description)
            if let rate = message.commissionRate {
                try StakingModule.setRate(rate, of: &validator, at: work.block.time)
            }
            if let least = message.minSelfDelegation {
                guard least > validator.minSelfDelegation else { throw StakingRefusal.minSelfDelegationDecreased() }
                guard least <= validator.tokens else { throw StakingRefusal.selfDelegationBelowMinimum() }
                validator.minSelfDelegation = least
            }
            try StakingStore.save(validator, on: work.state)
            work.tell(
                Event(
                    "edit_validator",
                    [
                        "commission_rate": validator.commission.compactText,
                        "min_self_delegation": String(validator.minSelfDelegation),
                    ]))
            return Messages.MsgEditValidatorResponse()
        }
    }

    private static func merged(
        _ said: StakingV1beta1.Description, over old: StakingV1beta1.Description
    ) -> StakingV1beta1.Description {
        func choose(_ text: String, _ old: String) -> String { text == untouched ? old : text }
        return .init(
            moniker: choose(said.moniker, old.moniker), identity: choose(said.identity, old.identity),
            website: choose(said.website, old.website),
            securityContact: choose(said.securityContact, old.securityContact),
            details: choose(said.details, old.details))
    }

    /// A fall of any size is allowed, and a rise only by so much a day.
    private static func setRate(
        _ rate: Decimal18, of validator: inout StakedValidator, at time: Timestamp
    ) throws {
        guard time.nanoseconds(since: validator.commission.updateTime) >= nanosecondsBetweenChanges else {
            throw StakingRefusal.commissionTooSoon()
        }
        let rates = validator.commission.commissionRates
        guard rate <= rates.maxRate else { throw StakingRefusal.commissionAboveMax() }
        guard try rate - rates.rate <= rates.maxChangeRate else { throw StakingRefusal.commissionChange() }
        validator.commission.commissionRates.rate = rate
        validator.commission.updateTime = time
    }
}

extension StakingV1beta1.Commission {
    /// As the original prints a message: scaled numbers, a blank behind each part, nothing for a zero.
    var compactText: String {
        let rates = commissionRates
        var time = updateTime.seconds == 0 ? "" : "seconds:\(updateTime.seconds) "
        if updateTime.nanoseconds != 0 { time += "nanos:\(updateTime.nanoseconds) " }
        return "commission_rates:<rate:\"\(rates.rate.scaledText)\" max_rate:\"\(rates.maxRate.scaledText)\" "
            + "max_change_rate:\"\(rates.maxChangeRate.scaledText)\" > update_time:<\(time)> "
    }
}
