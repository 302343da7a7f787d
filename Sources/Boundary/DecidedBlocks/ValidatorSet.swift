import PublicCryptography
import Wire

/// The validators that decide a height: ordered by power, highest first, then by address, each key once.
///
/// The order is part of consensus: the hash and the slots of a commit follow it.
package struct ValidatorSet: Hashable, Sendable {
    /// Leaves room for the sums of proposer selection within 64 bits (CometBFT: `MaxTotalVotingPower`).
    package static let totalPowerMax = Int64.max / 8
    package static let countMax = Commit.signatureCountMax

    package let validators: [Validator]
    package let totalPower: Int64
    /// Who proposes; `nil` between a change of members and the next step of proposer selection.
    package let proposerAddress: ValidatorAddress?

    /// The set as given, for verifying a commit. `nil` if it is empty or too large, out of order, has a key twice, or
    /// more power than allowed.
    package init?(ordered validators: [Validator], proposer: ValidatorAddress? = nil) {
        guard !validators.isEmpty, validators.count <= ValidatorSet.countMax else { return nil }
        var total: Int64 = 0
        for (index, validator) in validators.enumerated() {
            if index > 0, !ValidatorSet.isBefore(validators[index - 1], validator) { return nil }
            total += validator.power
            guard total <= ValidatorSet.totalPowerMax else { return nil }
        }
        // The order alone shows a repeated key only if its power repeats too.
        guard Set(validators.map(\.address)).count == validators.count else { return nil }
        if let proposer, !validators.contains(where: { $0.address == proposer }) { return nil }
        self.validators = validators
        totalPower = total
        proposerAddress = proposer
    }

    package var count: Int { validators.count }

    /// Enough votes to be certain that more than two thirds of the power agree.
    package var quorum: Int64 { totalPower * 2 / 3 + 1 }

    package func hash() -> Hash32 {
        MerkleTree.root(of: validators.map(\.hashedBytes))
    }

    package func index(of address: ValidatorAddress) -> Int? {
        validators.firstIndex { $0.address == address }
    }

    /// Power descending, then address ascending.
    package static func isBefore(_ left: Validator, _ right: Validator) -> Bool {
        left.power != right.power ? left.power > right.power : left.address < right.address
    }
}

extension ValidatorSet: CanonicalMessage {
    package init(fields reader: inout ProtobufReader) throws(ProtobufError) {
        var validators: [Validator] = []
        var proposer: Validator?
        while let field = try reader.next() {
            switch field.number {
            case 1:
                guard validators.count < ValidatorSet.countMax else { throw .tooMany(field: 1) }
                validators.append(try field.message(Validator.self))
            case 2: proposer = try field.message(Validator.self)
            default: throw .notCanonical
            }
        }
        guard let set = ValidatorSet(ordered: validators, proposer: proposer?.address) else {
            throw .illegalValue(field: 1)
        }
        self = set
    }

    /// With priorities and proposer, as CometBFT keeps sets; the total power is left out, as it does.
    package func write(to writer: inout ProtobufWriter) {
        for validator in validators { writer.message(1, validator) }
        if let proposerAddress, let index = index(of: proposerAddress) { writer.message(2, validators[index]) }
    }
}
