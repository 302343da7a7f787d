/// Why the enclave refused a call. The numbers are part of the protocol: a number keeps its meaning for ever, and no
/// text crosses with it. Hundreds group them by what was wrong.
package enum Failure: UInt32, Error, CaseIterable, Sendable {
    // 1xx: the frame or its place in the conversation. The lane is closed.
    case malformedFrame = 101
    case frameTooLong = 102
    case unexpectedMessage = 103
    case wrongVersion = 104
    case wrongLane = 105
    case outOfMemory = 106

    // 2xx: the enclave's own state.
    case alreadyOpen = 201
    case notOpen = 202
    case sealedRecordRefused = 203
    case identityRefused = 204
    case platformFailed = 205
    case evidenceRefused = 206
    case stopped = 207
    /// What should be seeds for this enclave does not open: it is for another key, chain or network.
    case grantRefused = 208
    /// Founders, or what they agreed on, with whom this enclave begins no network.
    case foundingRefused = 209
    /// The block is of a key epoch whose seed this enclave was never given, or has destroyed.
    case epochGone = 210

    // 3xx: the header of a block.
    case headerMalformed = 301
    case headerWrongChain = 302
    case headerWrongHeight = 303
    case headerNotLinked = 304
    case headerWrongValidators = 305
    case headerTimeNotLater = 306
    case headerNotCommitted = 307
    case secondHeaderForHeight = 308
    case transactionsNotInHeader = 309
    case storeRootsNotInHeader = 310
    case resultsNotInHeader = 311
    /// What this enclave ran in the block before is not what two thirds of the validators signed. It stops.
    case resultsDiffer = 312
    case journalMissing = 313
    case journalDiffers = 314
    case heightBehindJournal = 315
    /// What the chain's state gives out as the network's keys is not this enclave's. It stops.
    case exchangeKeysDiffer = 316
    /// Another enclave has moved the platform's journal since this one read it: one of the two is a clone. It stops.
    case journalMoved = 317
    /// A block that is run again on the strength of the next header was told something that the header does not prove,
    /// or not told what it proves. The run of the block ends.
    case resultNotProved = 318
    /// The host does not show the headers that lead from the one that the journal names down to the one after the
    /// block.
    case historyMissing = 319
    /// Too few of the set that the head names signed a header many heights later.
    case headerNotTrusted = 320
    /// A header many heights later is so much later that who signed it may have left long before.
    case headerBeyondTrust = 321
    /// What this enclave ran at its head has not been held against the header after it: that block must be begun before
    /// the head moves on.
    case resultsNotCompared = 322

    // 4xx: the order of a block's calls.
    case noBlockBegun = 401
    case blockNotEnded = 402
    case chunkOutOfOrder = 403
    case transactionMissing = 404
    case transactionRevisited = 405
    case transactionNotDriven = 406

    // 5xx: a transaction that the host should have refused.
    case transactionMalformed = 501
    case signerUnknown = 502
    case signatureInvalid = 503
    case sequenceUsed = 504
    case timedOut = 505
    case feeNotCovered = 506

    // 6xx: an answer of the host.
    case proofInvalid = 601
    case proofForOtherKeys = 602
    case codeHashDiffers = 603
    case stateRecordMalformed = 604
    case valueNotAuthentic = 605

    // 7xx: a query.
    case notAnnounced = 701
    case queryMalformed = 702
    /// The host said that nobody waits for it any more.
    case queryAbandoned = 703
    /// No verified block holds this enclave's nonce yet, or too much was answered, or too much time has passed, since
    /// one did.
    case leaseMissing = 704

    // 8xx: the validator's key and its votes.
    case consensusKeyMissing = 801
    /// A key was opened on this platform before: there is none beside it.
    case consensusKeyExists = 802
    /// Not sealed by this program on this platform, or not the key that was opened here first.
    case consensusKeyRefused = 803
    case voteMalformed = 804
    /// Something was signed for a later height, round or step.
    case voteRegression = 805
    /// Something else was signed for this height, round and step.
    case voteConflict = 806
    /// Another enclave has signed since this one did: one of the two is a clone. It signs nothing more.
    case votesMoved = 807
    /// For a height after the next one of those that this enclave has verified.
    case voteTooFar = 808
    /// The key was handed over to another enclave: this one signs nothing more, and hands it to nobody else.
    case consensusKeyHandedOver = 820
    /// Nothing proves that the enclave to which the key shall go is one that this chain gave its seeds to.
    case successorRefused = 821
    /// What should be a key that was handed over does not open: it is for another enclave or chain.
    case handedKeyRefused = 822

    /// Whether this is about a transaction of the block, which every enclave then refuses alike.
    package var isOfTransaction: Bool { (500..<600).contains(rawValue) }

    /// Whether the lane cannot go on after this failure.
    package var closesLane: Bool {
        switch self {
        case .malformedFrame, .frameTooLong, .unexpectedMessage, .wrongVersion, .wrongLane, .outOfMemory: true
        default: false
        }
    }
}
