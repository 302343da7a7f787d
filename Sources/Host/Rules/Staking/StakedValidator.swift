import ChainMessages
import ExactNumbers
import PublicCryptography
import SignedTransactions
import Wire

/// What a validator's record comes to.
extension StakingV1beta1.Validator {
    package static let keyTypeURL = "/cosmos.crypto.ed25519.PubKey"
    /// One power is so many tokens.
    package static let powerReduction: UInt128 = 1_000_000
    /// No validator weighs more, however much it has: a thousand of them stay below what a set may weigh together
    /// (2^60), where CometBFT would stop.
    package static let powerMax: Int64 = 1 << 50

    package var isBonded: Bool { status == .bonded }

    /// What it would weigh in the set.
    package var potentialPower: Int64 {
        Int64(min(tokens / StakedValidator.powerReduction, UInt128(StakedValidator.powerMax)))
    }

    /// The raw key; empty in no record.
    package var consensusKey: [UInt8] {
        guard let any = consensusPubkey else { return [] }
        return (try? CryptoEd25519.PubKey(decoding: any.value, .signed))?.key ?? []
    }

    package var consensusAddress: ConsensusAddress? { StakedValidator.consensusAddress(ofKey: consensusKey) }

    package static func consensusAddress(ofKey key: [UInt8]) -> ConsensusAddress? {
        ConsensusAddress(SHA256.hash(key).bytes.prefix(AccountAddress.byteCount))
    }

    /// Its tokens are gone, and there are shares of them.
    package var hasInvalidRate: Bool { tokens == 0 && delegatorShares.isPositive }

    /// What shares are worth; nothing while there are none at all.
    package func tokens(ofShares shares: Decimal18, _ rounding: Rounding = .halfEven) throws(NumberFault) -> Decimal18 {
        guard !delegatorShares.isZero else { return .zero }
        return try shares.multiplied(byWhole: tokens).divided(by: delegatorShares, rounding)
    }

    /// What an amount buys. Throws `divisionByZero` where no token is left.
    package func shares(ofTokens amount: UInt128) throws(NumberFault) -> Decimal18 {
        try delegatorShares.multiplied(byWhole: amount).divided(byWhole: tokens)
    }

    /// The same rounded down once more, by which the original decides whether there are enough.
    package func sharesTruncated(ofTokens amount: UInt128) throws(NumberFault) -> Decimal18 {
        try delegatorShares.multiplied(byWhole: amount).divided(by: Decimal18(tokens), .truncated)
    }
}
