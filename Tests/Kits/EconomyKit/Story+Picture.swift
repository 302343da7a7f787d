import Auth
import Bank
import ChainMessages
import ExactNumbers
import LedgerRecords
import ModuleKit
import PublicCryptography
import SignedTransactions
import Staking
import Wire

extension Story {
    /// All that anybody owns, as the model writes it.
    func picture(_ economy: Economy) throws -> String {
        var parts = [try sums(economy)]
        parts += try validators(economy)
        parts += try economy.records(StakingV1beta1.Delegation.self, 0x31).map { delegation in
            let (who, validator) = (delegation.delegatorAddress, delegation.validatorAddress)
            let rewards = try economy.ask(
                DistributionV1beta1.Query.delegationRewards, .init(delegatorAddress: who, validatorAddress: validator)
            ).rewards
            return "D \(hex(who)) \(hex(validator)) \(delegation.shares.scaledText) \(scaled(rewards))"
        }
        parts += try economy.records(StakingV1beta1.UnbondingDelegation.self, 0x32).map { record in
            let entries = record.entries.map {
                "\($0.creationHeight):\($0.completionTime.seconds):\($0.initialBalance):\($0.balance)"
            }
            return "U \(hex(record.delegatorAddress)) \(hex(record.validatorAddress)) \(entries.joined(separator: ","))"
        }
        parts += try economy.records(StakingV1beta1.Redelegation.self, 0x34).map { record in
            let entries = record.entries.map {
                "\($0.creationHeight):\($0.completionTime.seconds):\($0.initialBalance):\($0.sharesDst.scaledText)"
            }
            let (source, target) = (record.validatorSrcAddress, record.validatorDstAddress)
            return "R \(hex(record.delegatorAddress)) \(hex(source)) \(hex(target)) \(entries.joined(separator: ","))"
        }
        parts += try economy.records(SlashingV1beta1.ValidatorSigningInfo.self, 0x01, in: "slashing").map { info in
            "S \(Hexadecimal.encode(info.address.bytes)) \(info.startHeight) \(info.indexOffset) "
                + "\(info.missedBlocksCounter) \(info.jailedUntil.seconds) \(info.tombstoned ? 1 : 0)"
        }
        try economy.state.visit("bank", prefix: BankStore.balancePrefix) { entry in
            guard let (address, _) = BankStore.balance(ofKey: entry.key),
                !ModuleAccount.all.contains(where: { $0.address == address })
            else { return }
            parts.append("B \(Hexadecimal.encode(address.bytes)) \(BankStore.amount(entry.value) ?? 0)")
        }
        let updates = try Economy.modules.validatorPowers(in: economy.state).map {
            "\(Hexadecimal.encode($0.publicKey)):\($0.power)"
        }
        return (parts + ["N \(updates.joined(separator: ","))"]).joined(separator: "|")
    }

    private func sums(_ economy: Economy) throws -> String {
        let pool = try economy.ask(DistributionV1beta1.Query.communityPool, .init()).pool
        let inflation = try economy.ask(MintV1beta1.Query.inflation, .init()).inflation
        let supply = try BankModule.supply(of: "uscrt", on: economy.state)
        let held = try economy.balance(ModuleAccount.distribution.address)
        let bonded = try economy.balance(ModuleAccount.bondedPool.address)
        let notBonded = try economy.balance(ModuleAccount.notBondedPool.address)
        let fees = try economy.balance(ModuleAccount.feeCollector.address)
        return "supply \(supply) pool \(scaled(pool)) held \(held) bonded \(bonded) not \(notBonded) fees \(fees) "
            + "inflation \(inflation.scaledText)"
    }

    private func validators(_ economy: Economy) throws -> [String] {
        try economy.records(StakedValidator.self, 0x21).map { validator in
            let address = validator.operatorAddress
            let commission = try economy.ask(
                DistributionV1beta1.Query.validatorCommission, .init(validatorAddress: address)
            ).commission.commission
            let outstanding = try economy.ask(
                DistributionV1beta1.Query.validatorOutstandingRewards, .init(validatorAddress: address)
            ).rewards.rewards
            let status = [StakingV1beta1.BondStatus.unbonded: "unbonded", .unbonding: "unbonding", .bonded: "bonded"]
            return "V \(hex(address)) \(validator.tokens) \(validator.delegatorShares.scaledText) "
                + "\(status[validator.status]!) \(validator.jailed ? 1 : 0) \(scaled(commission)) \(scaled(outstanding))"
        }
    }

    private func scaled(_ coins: [BaseV1beta1.DecCoin]) -> String {
        coins.first { $0.denom == "uscrt" }?.amount.scaledText ?? "0"
    }

    private func hex(_ address: AccountAddress) -> String { Hexadecimal.encode(address.bytes) }
    private func hex(_ validator: OperatorAddress) -> String { hex(validator.account) }
}
