import ChainMessages
import LedgerRecords
import ModuleKit
import PublicCryptography
import SignedTransactions
import Wire

/// The sets of past blocks, each with what its header says: what a light client of this chain is held against.
///
/// As many blocks as `historical_entries` says are kept. A chain that no staked validator decides keeps none. A record
/// has the records of all validators of the set in it, byte for byte as they stand in the state.
extension StakingStore {
    /// How many records a block forgets, so that its work is bounded when the parameter falls; the next ones forget the
    /// rest.
    static let setsForgottenMax = 16

    static func historicalKey(_ height: UInt64) -> [UInt8] { historicalPrefix + StateKey.number(height) }

    /// Notes the set as it is when the block begins, and forgets what is older than is kept.
    static func keepSet(of block: BlockContext, on state: any LedgerState) throws {
        let kept = UInt64(try parameters(in: state).historicalEntries)
        if block.height >= kept { try forgetSets(upTo: block.height - kept, on: state) }
        guard kept > 0, try hasSet(in: state) else { return }
        let members = try set(in: state)
        let value = ProtobufWriter.encode { writer in
            writer.message(1, header(of: block))
            for member in members { writer.message(2, member.record) }
        }
        try state.set(value, of: historicalKey(block.height), in: name)
    }

    /// Oldest first: whatever the parameter was before, nothing that is too old is left in the end.
    private static func forgetSets(upTo height: UInt64, on state: any LedgerState) throws {
        var last: [UInt8]?
        for _ in 0..<setsForgottenMax {
            let oldest = try state.entries(in: name, prefix: historicalPrefix, after: last, limit: 1, reverse: false)
            guard let key = oldest.first?.key else { return }
            guard let recorded = StateKey.number(decoding: key.dropFirst(historicalPrefix.count)) else {
                throw CorruptState(store: name, key: key)
            }
            guard recorded <= height else { return }
            try state.set(nil, of: key, in: name)
            last = key
        }
    }

    package static func historicalSet(
        at height: UInt64, in state: any LedgerReading
    ) throws -> StakingV1beta1.HistoricalInfo? {
        try record(StakingV1beta1.HistoricalInfo.self, at: historicalKey(height), in: state)
    }

    /// `tendermint.types.Header` as an application of the Cosmos SDK fills it: what it is not told is absent, and the
    /// version and the identity of the block before are there and empty.
    private static func header(of block: BlockContext) -> [UInt8] {
        ProtobufWriter.encode { writer in
            writer.message(1) { _ in }
            writer.string(2, block.header.chainID)
            writer.int64(3, Int64(clamping: block.height))
            writer.embed(4, block.time)
            writer.message(5) { $0.message(2) { _ in } }
            writer.bytes(9, block.header.nextValidatorsHash)
            writer.bytes(11, block.header.appHash)
            writer.bytes(14, block.proposer)
        }
    }

    // MARK: - The order of a set

    /// What of a validator's record says its place.
    private struct Member {
        var record: [UInt8]
        var power: UInt128
        /// The consensus address.
        var address: [UInt8]
    }

    /// Whoever weighs something at the last block's end and is still bonded, the strongest first; of equal ones the
    /// smaller consensus address.
    private static func set(in state: any LedgerReading) throws -> [Member] {
        var members: [Member] = []
        try state.visit(name, prefix: lastPowerPrefix) { entry in
            let key = validatorPrefix + entry.key.dropFirst(lastPowerPrefix.count)
            guard let record = try state.value(of: key, in: name) else { throw CorruptState(store: name, key: key) }
            do {
                if let member = try member(record) { members.append(member) }
            } catch { throw CorruptState(store: name, key: key) }
        }
        return members.sorted { one, other in
            one.power == other.power
                ? one.address.lexicographicallyPrecedes(other.address) : one.power > other.power
        }
    }

    /// Out of three fields of a `cosmos.staking.v1beta1.Validator`; `nil` if it is not bonded.
    private static func member(_ record: [UInt8]) throws -> Member? {
        var (isBonded, tokens, key): (Bool, UInt128?, [UInt8]?) = (false, nil, nil)
        var reader = ProtobufReader(record)
        while let field = try reader.next() {
            switch field.number {
            case 2:
                let any = try AnyMessage(decoding: field.slice(), ignoresUnknown: false)
                key = try CryptoEd25519.PubKey(decoding: any.value, .signed).key
            case 4: isBonded = try field.int32() == StakingV1beta1.BondStatus.bonded.rawValue
            case 5: tokens = UInt128(try field.string())
            default: break
            }
        }
        guard isBonded else { return nil }
        guard let tokens, let key else { throw ProtobufError.missing(field: tokens == nil ? 5 : 2) }
        return Member(
            record: record, power: tokens / StakedValidator.powerReduction,
            address: Array(SHA256.hash(key).bytes.prefix(AccountAddress.byteCount)))
    }
}
