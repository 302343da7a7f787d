/// Who misses blocks or signs two of one height loses part of its stake, and its place.
///
/// Of each validator that was ever in the set there is a record: which of the last blocks it missed, and until when it
/// is jailed. The engines say who signed (`BlockContext.votes`). Keys and records are the Cosmos SDK's 0.50. What a
/// validator loses is staking's business (`StakingActions.slash`); nothing here moves a coin.
import ChainMessages
import ExactNumbers
import LedgerRecords
import ModuleKit
import SignedTransactions
import Staking
import Wire

package enum SlashingStore {
    package static let name = "slashing"
    package typealias Info = SlashingV1beta1.ValidatorSigningInfo

    static let parametersKey: [UInt8] = [0x00]
    static let infoPrefix: [UInt8] = [0x01]
    static let bitmapPrefix: [UInt8] = [0x02]
    static let keyPrefix: [UInt8] = [0x03]

    static func infoKey(_ address: ConsensusAddress) -> [UInt8] { infoPrefix + StakingStore.part(address) }

    package static func info(_ address: ConsensusAddress, in state: any LedgerReading) throws -> Info? {
        guard let value = try state.value(of: infoKey(address), in: name) else { return nil }
        return try Info(stored: LedgerEntry(key: infoKey(address), value: value), in: name)
    }

    package static func set(_ info: Info, on state: any LedgerState) throws {
        try state.set(info.encoded, of: infoKey(info.address), in: name)
    }
}

/// Which blocks a validator missed: bits in chunks, each as the bitmap library writes it that the Cosmos SDK uses.
enum MissedBlocks {
    static let bitsPerChunk: Int64 = 1024
    private static let byteCount = 8 + 1024 / 8

    static func key(_ address: ConsensusAddress, chunk: UInt64) -> [UInt8] {
        SlashingStore.bitmapPrefix + StakingStore.part(address) + StateKey.number(chunk).reversed()
    }

    private static func chunk(
        _ address: ConsensusAddress, _ index: Int64, in state: any LedgerReading
    ) throws -> (key: [UInt8], bytes: [UInt8]?) {
        let key = key(address, chunk: UInt64(index / bitsPerChunk))
        let bytes = try state.value(of: key, in: SlashingStore.name)
        guard bytes == nil || bytes?.count == byteCount else { throw CorruptState(store: SlashingStore.name, key: key) }
        return (key, bytes)
    }

    /// Where a bit stands: words of 64 bits follow the length, each with its highest byte first.
    private static func place(_ index: Int64) -> (byte: Int, mask: UInt8) {
        let bit = Int(index % bitsPerChunk)
        return (8 + bit / 64 * 8 + 7 - bit % 64 / 8, 1 << UInt8(bit % 8))
    }

    static func isSet(_ address: ConsensusAddress, _ index: Int64, in state: any LedgerReading) throws -> Bool {
        guard let bytes = try chunk(address, index, in: state).bytes else { return false }
        let (byte, mask) = place(index)
        return bytes[byte] & mask != 0
    }

    static func set(
        _ isMissed: Bool, _ address: ConsensusAddress, _ index: Int64, on state: any LedgerState
    ) throws {
        let (key, old) = try chunk(address, index, in: state)
        var bytes = old ?? StateKey.number(UInt64(bitsPerChunk)) + [UInt8](repeating: 0, count: byteCount - 8)
        let (byte, mask) = place(index)
        bytes[byte] = isMissed ? bytes[byte] | mask : bytes[byte] & ~mask
        try state.set(bytes, of: key, in: SlashingStore.name)
    }

    static func clear(_ address: ConsensusAddress, on state: any LedgerState) throws {
        var keys: [[UInt8]] = []
        try state.visit(SlashingStore.name, prefix: SlashingStore.bitmapPrefix + StakingStore.part(address)) {
            keys.append($0.key)
        }
        for key in keys { try state.set(nil, of: key, in: SlashingStore.name) }
    }

    /// The numbers of the bits that are set, ascending.
    static func indices(_ address: ConsensusAddress, in state: any LedgerReading) throws -> [Int64] {
        var found: [Int64] = []
        try state.visit(SlashingStore.name, prefix: SlashingStore.bitmapPrefix + StakingStore.part(address)) { entry in
            guard let chunk = StateKey.number(decoding: entry.key.suffix(8).reversed()), chunk < 1 << 32 else {
                throw CorruptState(store: SlashingStore.name, key: entry.key)
            }
            guard entry.value.count == byteCount else {
                throw CorruptState(store: SlashingStore.name, key: entry.key)
            }
            let first = Int64(chunk) * bitsPerChunk
            for index in first..<first + bitsPerChunk {
                let (byte, mask) = place(index)
                if entry.value[byte] & mask != 0 { found.append(index) }
            }
        }
        return found.sorted()
    }
}
