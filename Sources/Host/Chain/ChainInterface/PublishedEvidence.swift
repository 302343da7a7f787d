import StateProofs

/// What a client needs to know whose key it encrypts to (proto/chain/cloister/evidence/v1).
package struct PublishedEvidence: Sendable {
    /// The exchange keys, the approved programs and the head of the key-release log in the state after `height`, proved
    /// against the header after it.
    package struct Record: Sendable {
        package var height: Int64
        package var ioExchangeRecord: [UInt8]
        package var seedExchangeRecord: [UInt8]
        /// Empty for none.
        package var policyRecord: [UInt8]
        package var releaseHeadRecord: [UInt8]
        package var proof: [UInt8]
        package var stores: [StoreCommitment.Store]

        package init(
            height: Int64, ioExchangeRecord: [UInt8], seedExchangeRecord: [UInt8], policyRecord: [UInt8],
            releaseHeadRecord: [UInt8], proof: [UInt8], stores: [StoreCommitment.Store]
        ) {
            (self.policyRecord, self.releaseHeadRecord) = (policyRecord, releaseHeadRecord)
            self.height = height
            self.ioExchangeRecord = ioExchangeRecord
            self.seedExchangeRecord = seedExchangeRecord
            self.proof = proof
            self.stores = stores
        }
    }

    /// With what proves that it was decided.
    package struct DecidedHeader: Sendable {
        package var height: Int64
        package var appHash: [UInt8]
        package var header: [UInt8]
        package var commit: [UInt8]
        package var validators: [UInt8]

        package init(height: Int64, appHash: [UInt8], header: [UInt8], commit: [UInt8], validators: [UInt8]) {
            self.height = height
            self.appHash = appHash
            self.header = header
            self.commit = commit
            self.validators = validators
        }
    }

    /// `ChainIdentity.encoded`.
    package var identity: [UInt8]
    package var ioExchangeKey: [UInt8]
    package var seedExchangeKey: [UInt8]
    package var quote: [UInt8]
    /// For people: how the quote's report data is made.
    package var reportDataLayout: String
    package var measurement: [UInt8]
    /// Of the enclave that made the keys, if that was of another program.
    package var founderQuote: [UInt8]
    /// What that quote is over, where keys have been exchanged since; else empty.
    package var founderIOKey: [UInt8] = []
    package var record: Record
    package var header: DecidedHeader

    package init(
        identity: [UInt8], ioExchangeKey: [UInt8], seedExchangeKey: [UInt8], quote: [UInt8], reportDataLayout: String,
        measurement: [UInt8], founderQuote: [UInt8], record: Record, header: DecidedHeader
    ) {
        self.founderQuote = founderQuote
        self.identity = identity
        self.ioExchangeKey = ioExchangeKey
        self.seedExchangeKey = seedExchangeKey
        self.quote = quote
        self.reportDataLayout = reportDataLayout
        self.measurement = measurement
        self.record = record
        self.header = header
    }
}
