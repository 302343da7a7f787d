import PublicCryptography
import Wire

/// What makes a chain this chain, as far as verifying its headers goes. It comes from the sealed chain identity, never
/// from the host that shows headers.
package struct ChainAnchor: Hashable, Sendable {
    package var chainID: String
    package var genesisTime: Timestamp
    package var initialHeight: Int64
    package var initialValidatorsHash: Hash32

    package init(chainID: String, genesisTime: Timestamp, initialHeight: Int64, initialValidatorsHash: Hash32) {
        self.chainID = chainID
        self.genesisTime = genesisTime
        self.initialHeight = initialHeight
        self.initialValidatorsHash = initialValidatorsHash
    }
}

/// A header with what should prove it, from a source that may lie about all three.
package struct UnverifiedHeader: Hashable, Sendable {
    package var header: Header
    package var commit: Commit
    package var validators: ValidatorSet

    package init(header: Header, commit: Commit, validators: ValidatorSet) {
        (self.header, self.commit, self.validators) = (header, commit, validators)
    }

    /// From their protobuf encodings, each bounded and canonical.
    package init(header: [UInt8], commit: [UInt8], validators: [UInt8]) throws(ProtobufError) {
        self.init(
            header: try Header(protobuf: header), commit: try Commit(protobuf: commit),
            validators: try ValidatorSet(protobuf: validators))
    }
}

/// A header that the chain decided. Only `ChainAnchor.verify` and those of `ChainHead` make one.
package struct VerifiedHeader: Hashable, Sendable {
    package let header: Header
    package let hash: Hash32
    /// Where the chain stands with this header.
    package let head: ChainHead

    fileprivate init(_ header: Header, hash: Hash32) {
        self.header = header
        self.hash = hash
        head = ChainHead(
            height: header.height, headerHash: hash, time: header.time, validatorsHash: header.validatorsHash,
            nextValidatorsHash: header.nextValidatorsHash, appHash: header.appHash,
            lastResultsHash: header.lastResultsHash)
    }
}

/// Why a header is not the next one. None of these changes the head.
package enum HeaderRefusal: Error, Hashable {
    case wrongChain
    case wrongVersion
    /// Not the height after the head's.
    case wrongHeight
    /// Another header is decided for the height of the head: this one, or the one that this is built upon. Both are
    /// signed by the set that had to, so the chain is forked. What is not signed is refused for that alone.
    case secondHeader
    /// The chain's first header follows no other.
    case wrongLastBlock
    /// The tracked validators hash, the header's and that of the validators shown are not all the same.
    case wrongValidators
    case timeNotLater
    case notGenesisTime
    /// Too few of the set that the head names signed a header that is not the next one.
    case notTrusted
    /// A header that is not the next one is later than the head by more than the trusting period.
    case beyondTrust
    /// The commit is for another block or height.
    case commitForAnother
    case commit(CommitRefusal)
}

/// The last header that this side has verified: all the light client has to remember.
package struct ChainHead: Hashable, Sendable {
    package let height: Int64
    package let headerHash: Hash32
    package let time: Timestamp
    /// Over the set that signed this header.
    package let validatorsHash: Hash32
    /// Over the set that must sign the next header.
    package let nextValidatorsHash: Hash32
    /// Of the state after the block before this one.
    package let appHash: [UInt8]
    /// Over the results of the block before this one.
    package let lastResultsHash: Hash32?

    fileprivate init(
        height: Int64, headerHash: Hash32, time: Timestamp, validatorsHash: Hash32, nextValidatorsHash: Hash32,
        appHash: [UInt8], lastResultsHash: Hash32?
    ) {
        self.height = height
        self.headerHash = headerHash
        self.time = time
        self.validatorsHash = validatorsHash
        self.nextValidatorsHash = nextValidatorsHash
        self.appHash = appHash
        self.lastResultsHash = lastResultsHash
    }
}

extension ChainHead {
    /// Accepts the header after this one, or says why not.
    ///
    /// The host chose every byte of `next`. Heights are taken one by one: the last head names the set that may sign,
    /// so that a validator which has left cannot be used to forge a branch from an old set.
    package func advance(
        to next: UnverifiedHeader, on anchor: ChainAnchor
    ) throws(HeaderRefusal) -> VerifiedHeader {
        let header = next.header
        guard header.chainID == anchor.chainID else { throw .wrongChain }
        if header.height == height, header.hash() != headerHash {
            // Bytes that nobody signed prove nothing: the set of this height must have signed both.
            _ = try next.checkSigned(by: validatorsHash, chainID: anchor.chainID)
            throw .secondHeader
        }
        // The difference cannot overflow; a sum could, at the highest height.
        guard header.height > 0, header.height - 1 == height else { throw .wrongHeight }
        guard header.lastBlockID?.hash == headerHash else {
            _ = try next.checkSigned(by: nextValidatorsHash, chainID: anchor.chainID)
            throw .secondHeader
        }
        guard header.time > time else { throw .timeNotLater }
        return try next.verify(signedBy: nextValidatorsHash, chainID: anchor.chainID)
    }
}

extension ChainAnchor {
    /// Accepts the chain's first header, or says why not.
    ///
    /// Its set is the one of the identity and its time the genesis time; what it says of the state cannot be wrong
    /// yet, since the enclave's first state is proved against it.
    package func verify(first: UnverifiedHeader) throws(HeaderRefusal) -> VerifiedHeader {
        let header = first.header
        guard header.chainID == chainID else { throw .wrongChain }
        guard header.height == initialHeight, header.height > 0 else { throw .wrongHeight }
        guard header.lastBlockID == nil else { throw .wrongLastBlock }
        guard header.time == genesisTime else { throw .notGenesisTime }
        return try first.verify(signedBy: initialValidatorsHash, chainID: chainID)
    }
}

extension ChainAnchor {
    /// What stands in the place of a head before the first header: it names the set of the first height.
    package var origin: ChainHead {
        ChainHead(
            height: initialHeight - 1, headerHash: .zero, time: genesisTime, validatorsHash: initialValidatorsHash,
            nextValidatorsHash: initialValidatorsHash, appHash: [], lastResultsHash: nil)
    }
}

extension UnverifiedHeader {
    /// The part that is the same for every height: this set, and nothing but this set, decided this header.
    func verify(
        signedBy expectedValidatorsHash: Hash32, chainID: String
    ) throws(HeaderRefusal) -> VerifiedHeader {
        VerifiedHeader(header, hash: try checkSigned(by: expectedValidatorsHash, chainID: chainID))
    }

    /// Throws unless two thirds of the set with this hash signed this header; returns the header's hash. That the
    /// header is the chain's next one is not looked at: for clients, which follow no chain.
    package func checkSigned(
        by expectedValidatorsHash: Hash32, chainID: String
    ) throws(HeaderRefusal) -> Hash32 {
        guard header.chainID == chainID else { throw .wrongChain }
        guard header.blockVersion == Header.blockProtocol else { throw .wrongVersion }
        guard header.validatorsHash == expectedValidatorsHash, validators.hash() == expectedValidatorsHash else {
            throw .wrongValidators
        }
        let hash = header.hash()
        guard commit.height == header.height, commit.blockID?.hash == hash else { throw .commitForAnother }
        do throws(CommitRefusal) {
            try commit.hasQuorum(of: validators, chainID: chainID)
        } catch {
            throw .commit(error)
        }
        return hash
    }
}

extension ChainHead: CanonicalMessage {
    /// The one encoding of a head, which is sealed with the network's secrets. Reading it back is not verification:
    /// the caller must have it from where nobody else can write.
    package init(fields reader: inout ProtobufReader) throws(ProtobufError) {
        var height: Int64 = 0
        var time = Timestamp.goZero
        var appHash: [UInt8] = []
        var hashes: (header: Hash32?, validators: Hash32?, nextValidators: Hash32?, results: Hash32?)
        while let field = try reader.next() {
            switch field.number {
            case 1: height = try field.nonNegativeInt64()
            case 2: hashes.header = try field.hash()
            case 3: time = try field.message(Timestamp.self)
            case 4: hashes.nextValidators = try field.hash()
            case 5: appHash = try field.bytes(atMost: Header.appHashByteCountMax)
            case 6: hashes.results = try field.hash()
            case 7: hashes.validators = try field.hash()
            default: throw .notCanonical
            }
        }
        guard let headerHash = hashes.header else { throw .missing(field: 2) }
        guard let nextValidatorsHash = hashes.nextValidators else { throw .missing(field: 4) }
        guard let validatorsHash = hashes.validators else { throw .missing(field: 7) }
        self.init(
            height: height, headerHash: headerHash, time: time, validatorsHash: validatorsHash,
            nextValidatorsHash: nextValidatorsHash, appHash: appHash, lastResultsHash: hashes.results)
    }

    package func write(to writer: inout ProtobufWriter) {
        writer.int64(1, height)
        writer.hash(2, headerHash)
        writer.message(3, time)
        writer.hash(4, nextValidatorsHash)
        writer.bytes(5, appHash)
        writer.hash(6, lastResultsHash)
        writer.hash(7, validatorsHash)
    }
}
