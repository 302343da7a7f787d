import BlockStorage
import ChainFormats
import ChainInterface
import DecidedBlocks
import PublicCryptography
import Wire

/// Headers of a chain from whoever shows them. Nothing of it is believed.
package protocol LightBlockSource: Sendable {
    /// Throws where it is not shown now.
    func lightBlock(_ height: Int64) throws -> UnverifiedHeader
}

/// From a header that is believed to a later one: directly, or over as many between as it takes.
///
/// Each step is one that an enclave takes, too (`ChainHead.skip`): more than two thirds of the set that the header
/// before names have signed, within two weeks of block time. CometBFT's light client halves the way likewise.
package struct LightTrail: Sendable {
    package struct Step: Sendable {
        package var header: UnverifiedHeader
        /// The set that the header before names.
        package var trusted: ValidatorSet
    }

    /// The last leads to the header that was asked for.
    package private(set) var steps: [Step] = []

    /// More than the halves of any way.
    static let shownMax = 500

    /// - Parameters:
    ///   - trusted: the set that `head` names.
    ///   - sources: asked in their order; without them the way is one step or none.
    package init(
        from head: ChainHead, trusting trusted: ValidatorSet, to target: UnverifiedHeader, on anchor: ChainAnchor,
        sources: [any LightBlockSource]
    ) throws(SyncRefusal) {
        var (head, trusted) = (head, trusted)
        var waiting = [target]
        var shown = 0
        while let next = waiting.last {
            do throws(HeaderRefusal) {
                let verified =
                    next.header.height == head.height + 1
                    ? (head == anchor.origin ? try anchor.verify(first: next) : try head.advance(to: next, on: anchor))
                    : try head.skip(to: next, trusting: trusted, on: anchor)
                steps.append(Step(header: next, trusted: trusted))
                head = verified.head
                waiting.removeLast()
                if !waiting.isEmpty { trusted = try LightTrail.set(after: head, sources, &shown) }
            } catch {
                guard error == .notTrusted || error == .beyondTrust, shown < Self.shownMax else {
                    throw .header(error)
                }
                let between = head.height + (next.header.height - head.height) / 2
                guard between > head.height, between < next.header.height,
                    let header = LightTrail.header(between, sources, &shown)
                else { throw .header(error) }
                waiting.append(header)
            }
        }
    }

    /// The set that signs the height after a head, which it names by its hash.
    private static func set(
        after head: ChainHead, _ sources: [any LightBlockSource], _ shown: inout Int
    ) throws(HeaderRefusal) -> ValidatorSet {
        for source in sources {
            shown += 1
            guard let set = try? source.lightBlock(head.height + 1).validators, set.hash() == head.nextValidatorsHash
            else { continue }
            return set
        }
        throw .notTrusted
    }

    private static func header(
        _ height: Int64, _ sources: [any LightBlockSource], _ shown: inout Int
    ) -> UnverifiedHeader? {
        for source in sources {
            shown += 1
            if let header = try? source.lightBlock(height), header.header.height == height { return header }
        }
        return nil
    }
}

/// What a node believes before it takes a state, and where its enclave stands.
package struct SyncTrust: Sendable {
    /// A header with the set that it names for the height after it.
    package struct Place: Sendable {
        package var head: ChainHead
        package var next: ValidatorSet

        package init(head: ChainHead, next: ValidatorSet) { (self.head, self.next) = (head, next) }
    }

    /// Where the enclave stands: genesis, or where it was let in.
    package var enclave: Place
    /// What the operator named; `nil` where the enclave's place is believed, as it is by the enclave.
    package var named: Place?
    /// Where the enclave stands is known by its height alone where nobody shows the header.
    package var enclaveHeight: Int64 = 0
    package var sources: [any LightBlockSource]

    package init(enclave: Place, named: Place? = nil, sources: [any LightBlockSource] = []) {
        (self.enclave, self.named, self.sources) = (enclave, named, sources)
    }

    /// Of a chain of which nothing is known but its genesis.
    package init?(_ genesis: GenesisDocument, sources: [any LightBlockSource] = []) {
        guard let anchor = genesis.anchor, let set = ValidatorSet(genesis: genesis.validatorUpdates) else { return nil }
        self.init(enclave: Place(head: anchor.origin, next: set), sources: sources)
    }

    /// No state below is of any use.
    package var floor: Int64 { max(enclave.head.height, enclaveHeight, named?.head.height ?? 0) }
}

extension SyncTrust.Place {
    /// A header that was verified, with the set of the next one.
    package init?(verified shown: UnverifiedHeader, next: ValidatorSet) {
        let header = shown.header
        guard next.hash() == header.nextValidatorsHash,
            // Where the chain stands with this header, as `VerifiedHeader` says it.
            let head = try? ChainHead(
                protobuf: ProtobufWriter.encode { writer in
                    writer.int64(1, header.height)
                    writer.bytes(2, header.hash().bytes)
                    writer.message(3, header.time)
                    writer.bytes(4, header.nextValidatorsHash.bytes)
                    writer.bytes(5, header.appHash)
                    writer.bytes(6, header.lastResultsHash?.bytes ?? [])
                    writer.bytes(7, header.validatorsHash.bytes)
                })
        else { return nil }
        self.init(head: head, next: next)
    }

    /// A header that is known by its hash, with the set of the next one: from whoever shows both.
    package init?(
        hash: Hash32, height: Int64, chainID: String, shownBy source: any LightBlockSource
    ) throws {
        let (shown, next) = (try source.lightBlock(height), try source.lightBlock(height + 1).validators)
        let header = shown.header
        guard header.height == height, header.hash() == hash, header.chainID == chainID else { return nil }
        self.init(verified: shown, next: next)
    }
}
