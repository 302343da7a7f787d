import ChainMessages
import LedgerRecords
import ModuleKit
import SignedTransactions
import StrictJSON
import Wire

/// What the chain keeps of proposals besides, since its blocks are bounded: how many votes on one are of accounts that
/// had delegated next to nothing, and which proposals wait though their time is over. No part of the original's genesis
/// has it; a chain that begins with an export goes on with the same.
extension GovernanceModule {
    private static let lateNames = [
        (name: "votes_over_at", queue: GovernanceStore.activePrefix),
        (name: "deposits_over_at", queue: GovernanceStore.inactivePrefix),
    ]

    static func importBounds(_ genesis: GenesisValue, on state: any LedgerState) throws {
        for value in try genesis["light_votes"].elements {
            let (id, count) = (try value["proposal_id"].number, try value["count"].number)
            guard try GovernanceStore.lightVotes(id, in: state) == 0 else {
                throw value.refusal("a proposal is listed twice")
            }
            guard count > 0, count <= min(lightVotesMax, try votes(id, in: state)) else {
                throw value["count"].refusal("is no number of this proposal's votes")
            }
            try GovernanceStore.setLightVotes(count, of: id, on: state)
        }
        for (name, queue) in lateNames where genesis[name].json != nil {
            let time = try genesis[name].time
            guard try isDue(queue, at: time, in: state) else { throw genesis[name].refusal("no proposal waits") }
            try GovernanceStore.noteLate(time, in: queue, on: state)
        }
    }

    /// Of the proposals that are exported.
    static func exportBounds(of known: Set<UInt64>, from state: any LedgerReading) throws -> [(String, JSONValue)] {
        var counts: [JSONValue] = []
        try state.visit(GovernanceStore.name, prefix: GovernanceStore.lightVotesPrefix) { entry in
            let id = try number(entry.key.dropFirst(GovernanceStore.lightVotesPrefix.count), entry)
            guard known.contains(id) else { return }
            counts.append([
                "proposal_id": .string(String(id)), "count": .string(String(try number(entry.value[...], entry))),
            ])
        }
        let times = try lateNames.map { name, queue -> (String, JSONValue) in
            guard let time = try GovernanceStore.late(queue, in: state), try isDue(queue, at: time, known, in: state)
            else { return (name, .null) }
            return (name, .string(time.description))
        }
        return [("light_votes", .array(counts))] + times
    }

    /// Votes of next to nothing are among a proposal's votes; what is said to wait does.
    static func boundFaults(in state: any LedgerReading) throws -> [String] {
        var broken: [String] = []
        try state.visit(GovernanceStore.name, prefix: GovernanceStore.lightVotesPrefix) { entry in
            let id = try number(entry.key.dropFirst(GovernanceStore.lightVotesPrefix.count), entry)
            let (count, all) = (try number(entry.value[...], entry), try votes(id, in: state))
            if count > all { broken.append("\(count) of \(all) votes on proposal \(id) weigh next to nothing") }
        }
        for (name, queue) in lateNames {
            guard let time = try GovernanceStore.late(queue, in: state) else { continue }
            if try !isDue(queue, at: time, in: state) { broken.append("no proposal waits since \(name) \(time)") }
        }
        return broken
    }

    /// Whether a proposal stands in the queue whose time is over; one of `known`, if that is said.
    private static func isDue(
        _ queue: [UInt8], at time: Timestamp, _ known: Set<UInt64>? = nil, in state: any LedgerReading
    ) throws -> Bool {
        let last = TimeQueue.key(queue, time)
        var isDue = false
        try state.visit(GovernanceStore.name, prefix: queue) { entry in
            guard !last.lexicographicallyPrecedes(entry.key.prefix(last.count)) else { return }
            let id = try number(entry.value[...], entry)
            isDue = isDue || known?.contains(id) ?? true
        }
        return isDue
    }

    private static func votes(_ id: UInt64, in state: any LedgerReading) throws -> UInt64 {
        var count: UInt64 = 0
        try state.visit(GovernanceStore.name, prefix: GovernanceStore.votesPrefix(id)) { _ in count += 1 }
        return count
    }

    private static func number(_ bytes: ArraySlice<UInt8>, _ entry: LedgerEntry) throws -> UInt64 {
        guard let number = StateKey.number(decoding: bytes) else {
            throw CorruptState(store: GovernanceStore.name, key: entry.key)
        }
        return number
    }
}
