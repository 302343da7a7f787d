import PublicCryptography
import StateProofs
import Wire

// CommitmentProof{exist=1, nonexist=2}, ExistenceProof{key=1, value=2, leaf=3, path=4}, NonExistenceProof{key=1,
// left=2, right=3}, LeafOp{hash=1, prehash_key=2, prehash_value=3, length=4, prefix=5}, InnerOp{hash=1, prefix=2,
// suffix=3}.

extension CommitmentProof {
    package func encoded(_ specification: Specification) -> [UInt8] {
        ProtobufWriter.encode { writer in
            switch self {
            case .existence(let proof): writer.message(1, proof.encoded(specification))
            case .absence(let proof):
                writer.message(2) { writer in
                    writer.bytes(1, proof.key)
                    if let left = proof.left { writer.message(2, left.encoded(specification)) }
                    if let right = proof.right { writer.message(3, right.encoded(specification)) }
                }
            }
        }
    }

    /// Refuses every leaf or inner operation that is not exactly the specification's: an operation of the prover's own
    /// choice could hash anything to the root.
    package init(decoding bytes: [UInt8], _ specification: Specification) throws(ProtobufError) {
        var reader = ProtobufReader(bytes)
        guard let field = try reader.next() else { throw .missing(field: 1) }
        guard try reader.next() == nil else { throw .tooMany(field: field.number) }
        switch field.number {
        case 1: self = .existence(try Existence(decoding: try field.slice(), specification))
        case 2: self = .absence(try Absence(decoding: try field.slice(), specification))
        default: throw .illegalFieldNumber
        }
    }
}

extension CommitmentProof.Absence {
    fileprivate init(
        decoding bytes: ArraySlice<UInt8>, _ specification: CommitmentProof.Specification
    ) throws(ProtobufError) {
        self.init(key: [], left: nil, right: nil)
        var reader = ProtobufReader(bytes)
        while let field = try reader.next() {
            switch field.number {
            case 1: key = try field.bytes()
            case 2: left = try CommitmentProof.Existence(decoding: try field.slice(), specification)
            case 3: right = try CommitmentProof.Existence(decoding: try field.slice(), specification)
            default: throw .illegalFieldNumber
            }
        }
    }
}

extension CommitmentProof.Existence {
    fileprivate func encoded(_ specification: CommitmentProof.Specification) -> [UInt8] {
        ProtobufWriter.encode { writer in
            writer.bytes(1, key)
            writer.bytes(2, value)
            writer.message(3, specification.leafOperation)
            for step in path { writer.message(4, step.operation) }
        }
    }

    fileprivate init(
        decoding bytes: ArraySlice<UInt8>, _ specification: CommitmentProof.Specification
    ) throws(ProtobufError) {
        self.init(key: [], value: [], path: [])
        var hasLeaf = false
        var reader = ProtobufReader(bytes)
        while let field = try reader.next() {
            switch field.number {
            case 1: key = try field.bytes()
            case 2: value = try field.bytes()
            case 3:
                guard try field.bytes() == specification.leafOperation else { throw .illegalValue(field: 3) }
                hasLeaf = true
            case 4:
                guard path.count < SparseMerkleTree.depthMax else { throw .tooMany(field: 4) }
                path.append(try CommitmentProof.Step(operation: try field.bytes()))
            default: throw .illegalFieldNumber
            }
        }
        guard hasLeaf else { throw .missing(field: 3) }
    }
}

extension CommitmentProof.Specification {
    /// SHA-256 is 1, no hash 0; the protobuf length prefix is 1, none 0.
    fileprivate var leafOperation: [UInt8] {
        ProtobufWriter.encode { writer in
            writer.uint64(1, 1)
            writer.uint64(2, self == .sparse ? 1 : 0)
            writer.uint64(3, 1)
            writer.uint64(4, self == .sparse ? 0 : 1)
            writer.bytes(5, [0])
        }
    }
}

extension CommitmentProof.Step {
    fileprivate var operation: [UInt8] {
        ProtobufWriter.encode { writer in
            writer.uint64(1, 1)
            writer.bytes(2, siblingIsLeft ? [1] + sibling.bytes : [1])
            writer.bytes(3, siblingIsLeft ? [] : sibling.bytes)
        }
    }

    /// One canonical encoding each way: hash 1, prefix `01` and a suffix of 32 bytes, or a prefix `01 || sibling`.
    fileprivate init(operation bytes: [UInt8]) throws(ProtobufError) {
        var (prefix, suffix): ([UInt8], [UInt8]) = ([], [])
        var reader = ProtobufReader(bytes)
        while let field = try reader.next() {
            switch field.number {
            case 1: guard try field.uint64() == 1 else { throw .illegalValue(field: 1) }
            case 2: prefix = try field.bytes()
            case 3: suffix = try field.bytes()
            default: throw .illegalFieldNumber
            }
        }
        if let sibling = Hash32(suffix) {
            self.init(sibling: sibling, siblingIsLeft: false)
        } else if let sibling = Hash32(prefix.dropFirst()) {
            self.init(sibling: sibling, siblingIsLeft: true)
        } else {
            throw .illegalValue(field: 3)
        }
        guard operation == bytes else { throw .illegalValue(field: 2) }
    }
}
