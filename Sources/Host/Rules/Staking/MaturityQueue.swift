import ChainMessages
import ModuleKit
import SignedTransactions
import Wire

/// What ends at a moment, in the order of moments. The Cosmos SDK keeps all that ends at one moment in one record, of
/// any length, and takes all of it in one block. Here a record is bounded, and what comes later stands some
/// nanoseconds behind it; a block takes so much and leaves the rest to the next. Nobody sees that but in when coins
/// come: some blocks later, if thousands leave at once.
struct MaturityQueue<Record: ChainMessage, Element>: Sendable
where Element: Equatable & Sendable {
    let prefix: [UInt8]
    let elements: @Sendable (Record) -> [Element]
    /// A record is its elements' records, one behind the other: all have one repeated field.
    let record: @Sendable ([Element]) -> Record

    /// Of a record.
    static var elementsMax: Int { 256 }
    /// Records that one block takes.
    static var recordsMax: Int { 32 }
    /// When so many elements are taken in a block, it takes no further record.
    static var takenMax: Int { 256 }
    /// Unless the first of them has been due so long: then it takes all its records. Else whoever pays for more than
    /// `takenMax` in each block would put everybody's coins off for ever.
    static var patienceNanoseconds: Int64 { 600_000_000_000 }

    func insert(_ element: Element, at time: Timestamp, on state: any LedgerState) throws {
        let place = try placeWithRoom(at: time, in: state)
        let key = prefix + StakingTime.key(place)
        let before = try state.value(of: key, in: StakingStore.name) ?? []
        try state.set(before + record([element]).encoded, of: key, in: StakingStore.name)
    }

    /// The first moment from `time` on whose record has room, as far as those before it were filled one after the
    /// other: looked for in steps that double, then between the last two.
    private func placeWithRoom(at time: Timestamp, in state: any LedgerReading) throws -> Timestamp {
        func moment(_ step: Int64) -> Timestamp { time.adding(nanoseconds: step) }
        func hasRoom(_ step: Int64) throws -> Bool {
            let key = prefix + StakingTime.key(moment(step))
            return try count(key, in: state) < Self.elementsMax || moment(step) == .latest
        }
        guard try !hasRoom(0) else { return time }
        var (full, room): (Int64, Int64) = (0, 1)
        while try !hasRoom(room) { (full, room) = (room, room * 2) }
        while full + 1 < room {
            let middle = (full + room) / 2
            if try hasRoom(middle) { room = middle } else { full = middle }
        }
        return moment(room)
    }

    /// How many elements a record has, without a look at them.
    private func count(_ key: [UInt8], in state: any LedgerReading) throws -> Int {
        guard let value = try state.value(of: key, in: StakingStore.name) else { return 0 }
        var reader = ProtobufReader(value)
        var count = 0
        do {
            while try reader.next() != nil { count += 1 }
        } catch { throw CorruptState(store: StakingStore.name, key: key) }
        return count
    }

    /// Takes what has ended by `time` out of the queue, as much as one block may; each element once.
    func takeMature(at time: Timestamp, on state: any LedgerState) throws -> [Element] {
        var taken: [Element] = []
        var seen: Set<[UInt8]> = []
        var most = Self.takenMax
        for entry in try state.entries(
            in: StakingStore.name, prefix: prefix, after: nil, limit: Self.recordsMax, reverse: false)
        where taken.count < most {
            guard let end = StakingTime.time(entry.key.dropFirst(prefix.count)) else {
                throw CorruptState(store: StakingStore.name, key: entry.key)
            }
            guard end <= time else { break }
            if end.adding(nanoseconds: Self.patienceNanoseconds) < time { most = .max }
            for element in elements(try Record(stored: entry, in: StakingStore.name))
            where seen.insert(record([element]).encoded).inserted {
                taken.append(element)
            }
            try state.set(nil, of: entry.key, in: StakingStore.name)
        }
        return taken
    }
}

extension MaturityQueue where Record == StakingV1beta1.DVPairs, Element == StakingV1beta1.DVPair {
    static let unbondings = MaturityQueue(
        prefix: StakingStore.unbondingQueuePrefix, elements: { $0.pairs }, record: { Record(pairs: $0) })
}

extension MaturityQueue where Record == StakingV1beta1.DVVTriplets, Element == StakingV1beta1.DVVTriplet {
    static let redelegations = MaturityQueue(
        prefix: StakingStore.redelegationQueuePrefix, elements: { $0.triplets }, record: { Record(triplets: $0) })
}
