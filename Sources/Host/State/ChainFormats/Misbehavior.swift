import DecidedBlocks
import PublicCryptography
import Wire

/// What an application is told of evidence in a block, as ABCI has it: who did it, when, and with how much power then.
package struct Misbehavior: Hashable, Sendable {
    package enum Kind: UInt32, Sendable {
        case duplicateVote = 1
        case lightClientAttack = 2
    }

    package var kind: Kind
    package var address: ValidatorAddress
    package var power: Int64
    package var height: Int64
    /// Of the block at that height.
    package var time: Timestamp
    /// Of the whole set at that height.
    package var totalPower: Int64

    package init(
        kind: Kind, address: ValidatorAddress, power: Int64, height: Int64, time: Timestamp, totalPower: Int64
    ) {
        (self.kind, self.address, self.power) = (kind, address, power)
        (self.height, self.time, self.totalPower) = (height, time, totalPower)
    }
}

extension Block {
    /// Of the evidence in it, in its order (CometBFT: `EvidenceList.ToABCI`): an attack has one for each validator that
    /// took part.
    package var misbehavior: [Misbehavior] {
        evidence.flatMap { item -> [Misbehavior] in
            switch item.content {
            case .duplicateVote(let duplicate)?:
                return [
                    Misbehavior(
                        kind: .duplicateVote, address: duplicate.first.validatorAddress,
                        power: duplicate.validatorPower,
                        height: duplicate.first.height, time: duplicate.time, totalPower: duplicate.totalPower)
                ]
            case .lightClientAttack(let attack)?:
                return attack.byzantine.map {
                    Misbehavior(
                        kind: .lightClientAttack, address: $0.address, power: $0.power, height: attack.commonHeight,
                        time: attack.time, totalPower: attack.totalPower)
                }
            case nil: return []
            }
        }
    }
}
