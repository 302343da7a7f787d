import ChainMessages
import ModuleKit
import SignedTransactions
import Wire

/// What ends at a moment, in the order of moments.
///
/// The Cosmos SDK keeps all that ends at one moment in one record, of any length, and takes all of it in one block.
/// Here a record is bounded, and what comes later stands a nanosecond behind it; a block takes so many records and
/// leaves the rest to the next. Nobody sees that but in when coins come: a block or two later, if thousands leave at
/// once.
struct MaturityQueue<Record: ChainMessage, Element>: Sendable
where Element: Equatable & Sendable {
    let prefix: [UInt8]
    let elements: @Sendable (Record) -> [Element]
    let record: @Sendable ([Element]) -> Record

    static var elementsMax: Int { 256 }
    /// Records that one block takes.
    static var recordsMax: Int { 32 }

    func insert(_ element: Element, at time: Timestamp, on state: any LedgerState) throws {
        var time = time
        while true {
            let key = prefix + StakingTime.key(time)
            let list = try StakingStore.record(Record.self, at: key, in: state).map(elements) ?? []
            if list.count < Self.elementsMax || time == .latest {
                try state.set(record(list + [element]).encoded, of: key, in: StakingStore.name)
                return
            }
            time = time.adding(nanoseconds: 1)
        }
    }

    /// Takes what has ended by `time` out of the queue, as much as one block may; each element once.
    func takeMature(at time: Timestamp, on state: any LedgerState) throws -> [Element] {
        var taken: [Element] = []
        for entry in try state.entries(
            in: StakingStore.name, prefix: prefix, after: nil, limit: Self.recordsMax, reverse: false)
        {
            guard let end = StakingTime.time(entry.key.dropFirst(prefix.count)) else {
                throw CorruptState(store: StakingStore.name, key: entry.key)
            }
            guard end <= time else { break }
            for element in elements(try Record(stored: entry, in: StakingStore.name)) where !taken.contains(element) {
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
