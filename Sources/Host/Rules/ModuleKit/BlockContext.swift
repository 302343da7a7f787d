import Wire

/// The block in which something runs.
package struct BlockContext: Equatable, Sendable {
    package var height: UInt64
    /// The block's own, on which two thirds agreed: the only clock there is.
    package var time: Timestamp
    /// The consensus address of who proposed it.
    package var proposer: [UInt8]
    /// Who signed the block before, as this block says, one of each member of that block's set, in its order. None in a
    /// chain's first block, and none where a transaction is only looked at.
    package var votes: [BlockVote]
    /// Of whom this block proves that they broke the rules, in its order.
    package var misbehavior: [BlockMisbehavior]
    /// What else its header says. Nothing where a transaction is only looked at, and at genesis.
    package var header: HeaderFacts

    package init(
        height: UInt64, time: Timestamp, proposer: [UInt8], votes: [BlockVote] = [],
        misbehavior: [BlockMisbehavior] = [], header: HeaderFacts = HeaderFacts()
    ) {
        (self.height, self.time, self.proposer) = (height, time, proposer)
        (self.votes, self.misbehavior, self.header) = (votes, misbehavior, header)
    }
}

/// What a block's header says besides height, time and proposer, as far as an application of the Cosmos SDK is told.
package struct HeaderFacts: Equatable, Sendable {
    package var chainID: String
    /// Of the validators that decide the next block.
    package var nextValidatorsHash: [UInt8]
    /// Of the state that the block before left.
    package var appHash: [UInt8]

    package init(chainID: String = "", nextValidatorsHash: [UInt8] = [], appHash: [UInt8] = []) {
        (self.chainID, self.nextValidatorsHash, self.appHash) = (chainID, nextValidatorsHash, appHash)
    }
}

/// What the commit of the block before says of one validator.
package struct BlockVote: Equatable, Sendable {
    /// The consensus address.
    package var validator: [UInt8]
    /// In the set of the block before.
    package var power: Int64
    /// Whether it voted at all; for nothing is a vote, too.
    package var isPresent: Bool

    package init(validator: [UInt8], power: Int64, isPresent: Bool) {
        (self.validator, self.power, self.isPresent) = (validator, power, isPresent)
    }
}

/// What evidence says of one validator.
package struct BlockMisbehavior: Equatable, Sendable {
    /// The consensus address.
    package var validator: [UInt8]
    /// In the set at `height`.
    package var power: Int64
    package var height: Int64
    /// Of the block at that height.
    package var time: Timestamp

    package init(validator: [UInt8], power: Int64, height: Int64, time: Timestamp) {
        (self.validator, self.power, self.height, self.time) = (validator, power, height, time)
    }
}

/// What a validator weighs from now on; one of power zero leaves the set.
package struct ValidatorPower: Equatable, Sendable {
    /// Of Ed25519.
    package var publicKey: [UInt8]
    package var power: Int64

    package init(publicKey: [UInt8], power: Int64) {
        (self.publicKey, self.power) = (publicKey, power)
    }
}
