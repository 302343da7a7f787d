import Ante
import ChainFormats
import EnclaveProtocol
import HostAnswers
import ModuleKit
import PublicCryptography
import Wire

/// What the enclave said of a transaction, sealed until the next header.
struct SealedOutput: Equatable, Sendable {
    var index: UInt32
    var record: [UInt8]
    /// What the ledger's messages beside the calls said, to be shown with it.
    var events: [MessageEvents] = []
}

/// What the transaction index needs of a block, kept with the state until the next block is committed: its outputs can
/// be opened when the next block is begun, and that again after a crash.
struct LastBlock: Equatable, Sendable {
    var height: UInt64
    var headerHash: Hash32
    var seconds: Int64
    var nanoseconds: UInt32
    /// Of the transactions, whose bytes are in the block alone.
    var hashes: [Hash32]
    var results: [TransactionResult]
    var outputs: [SealedOutput]
    /// Of the block itself.
    var events = BlockEvents.none

    /// Of the block.
    var time: Timestamp { Timestamp(seconds: seconds, nanoseconds: nanoseconds) ?? .goZero }

    init(
        height: UInt64, headerHash: Hash32, time: Timestamp, hashes: [Hash32], results: [TransactionResult],
        outputs: [SealedOutput], events: BlockEvents
    ) {
        self.height = height
        self.headerHash = headerHash
        seconds = time.seconds
        nanoseconds = time.nanoseconds
        self.hashes = hashes
        self.results = results
        self.outputs = outputs
        self.events = events
    }

    /// The results as clients are shown them.
    struct Opened {
        var results: [TransactionResult]
        /// For each result, what shows that it is the enclave's; `nil` for one that the ledger made alone.
        var proofs: [OutputProof?]
        /// The transactions whose output does not open: they are shown as consensus has them.
        var unopened: [UInt32] = []
    }

    func opened(with keys: [OutputKey]) -> Opened {
        let keys = Dictionary(keys.map { ($0.index, $0.key) }, uniquingKeysWith: { first, _ in first })
        var opened = Opened(results: results, proofs: Array(repeating: nil, count: results.count))
        for output in outputs where Int(output.index) < results.count {
            let place = OutputPlace(headerHash: headerHash, index: output.index)
            guard let key = keys[output.index],
                let content = TransactionOutput(opening: output.record, key: key, at: place)
            else {
                opened.unopened.append(output.index)
                continue
            }
            let index = Int(output.index)
            opened.results[index].take(content, output.events)
            opened.proofs[index] = OutputProof(of: content, in: opened.results[index], hashes: results[index].data)
        }
        return opened
    }

    func encoded() -> [UInt8] {
        ProtobufWriter.encode { writer in
            writer.uint64(1, height)
            writer.int64(2, seconds)
            writer.uint64(3, UInt64(nanoseconds))
            for result in results { writer.message(5, result.encoded()) }
            writer.bytes(6, headerHash.bytes)
            for output in outputs {
                writer.message(7) { writer in
                    writer.uint64(1, UInt64(output.index))
                    writer.bytes(2, output.record)
                    for said in output.events {
                        writer.message(3) { writer in
                            writer.uint64(1, UInt64(said.message))
                            writer.bytes(2, BlockEvents(bounding: said.events).encoded)
                        }
                    }
                }
            }
            writer.bytes(8, events.encoded)
            for hash in hashes { writer.message(9, hash.bytes) }
        }
    }

    init(encoded bytes: [UInt8]) throws(ProtobufError) {
        (height, headerHash, seconds, nanoseconds) = (0, .zero, 0, 0)
        (hashes, results, outputs) = ([], [], [])
        var reader = ProtobufReader(bytes)
        while let field = try reader.next() {
            switch field.number {
            case 1: height = try field.uint64()
            case 2: seconds = try field.int64()
            case 3: nanoseconds = try field.uint32()
            // The transactions themselves, in a state of an earlier version.
            case 4: hashes.append(SHA256.hash(try field.bytes()))
            case 5: results.append(try TransactionResult(encoded: try field.bytes()))
            case 6:
                guard let hash = Hash32(try field.bytes()) else { throw .illegalValue(field: 6) }
                headerHash = hash
            case 7: outputs.append(try SealedOutput(encoded: try field.slice()))
            case 8: events = try BlockEvents(encoded: try field.bytes())
            case 9:
                guard let hash = Hash32(try field.bytes()) else { throw .illegalValue(field: 9) }
                hashes.append(hash)
            default: throw .illegalFieldNumber
            }
        }
    }
}

extension SealedOutput {
    fileprivate init(encoded bytes: ArraySlice<UInt8>) throws(ProtobufError) {
        self.init(index: 0, record: [])
        var reader = ProtobufReader(bytes)
        while let field = try reader.next() {
            switch field.number {
            case 1: index = try field.uint32()
            case 2: record = try field.bytes()
            case 3: events.append(try MessageEvents(encoded: try field.slice()))
            default: throw .illegalFieldNumber
            }
        }
    }
}

extension MessageEvents {
    fileprivate init(encoded bytes: ArraySlice<UInt8>) throws(ProtobufError) {
        self.init(message: 0, events: [])
        var reader = ProtobufReader(bytes)
        while let field = try reader.next() {
            switch field.number {
            case 1: message = Int(try field.uint32())
            case 2: events = try BlockEvents(encoded: try field.bytes()).events
            default: throw .illegalFieldNumber
            }
        }
    }
}

extension TransactionResult {
    /// Puts what the enclave said in the place of what stood for it. Events of the ante part are there already; those
    /// of the ledger's messages come behind the ones in which the enclave names each.
    fileprivate mutating func take(_ output: TransactionOutput, _ ledger: [MessageEvents]) {
        codespace = output.codespace
        log = output.log
        data = output.data
        var told = output.events
        for said in code == 0 ? ledger : [] {
            let index = EventAttribute(key: "msg_index", value: String(said.message))
            guard let place = told.lastIndex(where: { $0.attributes.last == index }) else { continue }
            let own = said.events.map { event in
                var event = event
                event.attributes.append(index)
                return event
            }
            told.insert(contentsOf: own, at: place + 1)
        }
        events += told
    }
}
