import DecidedBlocks
import PublicCryptography
import Wire

/// What a block says of a validator that broke the rules: kept and hashed as bytes, as they came.
package struct Evidence: Hashable, Sendable {
    package enum Kind: UInt32, Sendable {
        case duplicateVote = 1
        case lightClientAttack = 2
    }

    package var kind: Kind
    /// The inner message, which is what the evidence hash covers.
    package var bytes: [UInt8]

    package init(kind: Kind, bytes: [UInt8]) {
        (self.kind, self.bytes) = (kind, bytes)
    }
}

/// A block: a header, and what the header's hashes are over.
package struct Block: Hashable, Sendable {
    /// No block may be larger, whatever the parameters say (CometBFT: `MaxBlockSizeBytes`).
    package static let byteCountMax = 104_857_600

    package var header: Header
    package var transactions: [HashedTransaction]
    package var evidence: [Evidence]
    /// The commit for the block before; empty in the chain's first block.
    package var lastCommit: Commit

    package init(header: Header, transactions: [HashedTransaction], evidence: [Evidence] = [], lastCommit: Commit) {
        self.header = header
        self.transactions = transactions
        self.evidence = evidence
        self.lastCommit = lastCommit
    }

    /// Over the hashes of the transactions, which are also their public names.
    package static func dataHash(of transactions: [HashedTransaction]) -> Hash32 {
        MerkleTree.root(of: transactions.map(\.hash.bytes))
    }

    package static func evidenceHash(of evidence: [Evidence]) -> Hash32 {
        MerkleTree.root(of: evidence.map(\.bytes))
    }

    /// Whether the header's three hashes over this block's own content are right.
    package var matchesItsHeader: Bool {
        header.dataHash == Block.dataHash(of: transactions) && header.lastCommitHash == lastCommit.hash()
            && header.evidenceHash == Block.evidenceHash(of: evidence)
    }
}

extension Block: CanonicalMessage {
    package init(fields reader: inout ProtobufReader) throws(ProtobufError) {
        var header: Header?
        var transactions: [HashedTransaction] = []
        var evidence: [Evidence] = []
        var lastCommit: Commit?
        while let field = try reader.next() {
            switch field.number {
            case 1: header = try field.message(Header.self)
            case 2:
                var inner = ProtobufReader(try field.slice())
                while let element = try inner.next() {
                    guard element.number == 1 else { throw .notCanonical }
                    transactions.append(HashedTransaction(try element.bytes()))
                }
            case 3:
                var inner = ProtobufReader(try field.slice())
                while let element = try inner.next() {
                    guard element.number == 1 else { throw .notCanonical }
                    evidence.append(try Evidence(element))
                }
            case 4: lastCommit = try field.message(Commit.self)
            default: throw .notCanonical
            }
        }
        guard let header else { throw .missing(field: 1) }
        guard let lastCommit else { throw .missing(field: 4) }
        self.init(header: header, transactions: transactions, evidence: evidence, lastCommit: lastCommit)
    }

    package func write(to writer: inout ProtobufWriter) {
        writer.message(1, header)
        writer.message(2) { writer in
            for transaction in transactions { writer.message(1, transaction.bytes) }
        }
        writer.message(3) { writer in
            for item in evidence { writer.message(1) { $0.message(item.kind.rawValue, item.bytes) } }
        }
        writer.message(4, lastCommit)
    }
}

extension Block {
    /// Of an encoded block, how many transactions it has; nothing is copied.
    package static func transactionCount(in bytes: [UInt8]) throws(ProtobufError) -> Int {
        var count = 0
        var reader = ProtobufReader(bytes)
        while let field = try reader.next() {
            guard field.number == 2 else { continue }
            var list = ProtobufReader(try field.slice())
            while try list.next() != nil { count += 1 }
            break
        }
        return count
    }

    /// Of an encoded block, the transactions at some positions by position; nothing else of it is looked at.
    package static func transactions(
        at positions: Set<UInt32>, in bytes: [UInt8]
    ) throws(ProtobufError) -> [UInt32: [UInt8]] {
        var found: [UInt32: [UInt8]] = [:]
        var reader = ProtobufReader(bytes)
        while let field = try reader.next() {
            guard field.number == 2 else { continue }
            var (list, position) = (ProtobufReader(try field.slice()), UInt32(0))
            while found.count < positions.count, let element = try list.next() {
                if positions.contains(position) { found[position] = try element.bytes() }
                position += 1
            }
            break
        }
        return found
    }
}

extension Evidence {
    init(_ field: ProtobufReader.Field) throws(ProtobufError) {
        var reader = ProtobufReader(try field.slice())
        guard let member = try reader.next(), let kind = Kind(rawValue: member.number) else {
            throw .illegalValue(field: 3)
        }
        self.init(kind: kind, bytes: try member.bytes())
    }
}
