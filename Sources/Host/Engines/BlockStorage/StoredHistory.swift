import ChainFormats
import DecidedBlocks
import PublicCryptography
import Wire

/// What the block store has to hold evidence against. What cannot be read is not here: such evidence is not understood.
package struct StoredHistory: EvidenceHistory {
    private let store: BlockStore

    package init(_ store: BlockStore) { self.store = store }

    package func header(_ height: Int64) -> Header? { try? store.provedHeader(height)?.header }
    package func canonicalCommit(_ height: Int64) -> Commit? { try? store.provedHeader(height + 1)?.lastCommit }
    package func validators(_ height: Int64) -> ValidatorSet? { try? store.validators(height) }
    package func isCommitted(_ name: EvidenceName) -> Bool { (try? store.hasEvidence(name)) ?? true }
}

/// Of a block, what is kept of it for as long as evidence counts.
struct ProvedHeader: CanonicalMessage {
    var header: Header
    /// For the block before.
    var lastCommit: Commit

    init(_ block: Block) { (header, lastCommit) = (block.header, block.lastCommit) }

    init(fields reader: inout ProtobufReader) throws(ProtobufError) {
        var (header, commit): (Header?, Commit?)
        while let field = try reader.next() {
            switch field.number {
            case 1: header = try field.message(Header.self)
            case 2: commit = try field.message(Commit.self)
            default: throw .notCanonical
            }
        }
        guard let header, let commit else { throw .missing(field: 1) }
        (self.header, lastCommit) = (header, commit)
    }

    func write(to writer: inout ProtobufWriter) {
        writer.message(1, header)
        writer.message(2, lastCommit)
    }
}

/// Of a node whose blocks begin later than the chain.
struct EarlierHeaders: CanonicalMessage {
    var headers: [Header]

    init(headers: [Header]) { self.headers = headers }

    init(fields reader: inout ProtobufReader) throws(ProtobufError) {
        headers = []
        while let field = try reader.next() {
            guard field.number == 1 else { throw .notCanonical }
            headers.append(try field.message(Header.self))
        }
    }

    func write(to writer: inout ProtobufWriter) {
        for header in headers { writer.message(1, header) }
    }
}
