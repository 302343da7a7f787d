import ChainMessages
import LedgerRecords
import ModuleKit
import SignedTransactions
import Wire

/// The store `gov`, with the Cosmos SDK's keys.
enum GovernanceStore {
    static let name = "gov"
    static let proposalPrefix: [UInt8] = [0x00]
    /// Proposals that are voted on, by the end of that; those that wait for deposits, by the end of that.
    static let activePrefix: [UInt8] = [0x01]
    static let inactivePrefix: [UInt8] = [0x02]
    static let nextNumberKey: [UInt8] = [0x03]
    static let votingPrefix: [UInt8] = [0x04]
    static let depositPrefix: [UInt8] = [0x10]
    static let votePrefix: [UInt8] = [0x20]
    static let parametersKey: [UInt8] = [0x30]
    static let constitutionKey: [UInt8] = [0x31]
    /// How many votes on a proposal are of accounts that had delegated next to nothing. No prefix of the Cosmos SDK's.
    static let lightVotesPrefix: [UInt8] = [0xe1]

    /// The numbers of the proposals that are voted on, ascending, eight bytes each: with this one record a reader who
    /// believes nothing has them all. Written anew whenever one is added or goes, and not there before there was any.
    /// No key of the Cosmos SDK's.
    static let votedKey: [UInt8] = [0xe0]

    /// The two queues, each with where the time of the last block stands, if it left proposals in the queue whose time
    /// was over; gone when none is left. No keys of the Cosmos SDK's, which leaves none.
    private static let lateKeys: [(queue: [UInt8], key: [UInt8])] = [(activePrefix, [0xe2]), (inactivePrefix, [0xe3])]

    static let queues = lateKeys.map(\.queue)

    typealias Proposal = GovV1.Proposal
    typealias Deposit = GovV1.Deposit
    typealias Vote = GovV1.Vote

    private static func part(_ address: AccountAddress) -> [UInt8] { [UInt8(address.bytes.count)] + address.bytes }

    static func proposalKey(_ id: UInt64) -> [UInt8] { proposalPrefix + StateKey.number(id) }
    static func depositsPrefix(_ id: UInt64) -> [UInt8] { depositPrefix + StateKey.number(id) }
    static func votesPrefix(_ id: UInt64) -> [UInt8] { votePrefix + StateKey.number(id) }

    static func queueKey(_ prefix: [UInt8], _ time: Timestamp, _ id: UInt64) -> [UInt8] {
        TimeQueue.key(prefix, time) + StateKey.number(id)
    }

    // MARK: - Proposals

    static func proposal(_ id: UInt64, in state: any LedgerReading) throws -> Proposal? {
        let key = proposalKey(id)
        return try state.value(of: key, in: name).map {
            try Proposal(stored: LedgerEntry(key: key, value: $0), in: name)
        }
    }

    /// Writes a proposal, and where it is queued and whether it is voted on as its status says; `old` is what stood
    /// there.
    static func save(_ proposal: Proposal, replacing old: Proposal?, on state: any LedgerState) throws {
        try unqueue(old, on: state)
        if let (prefix, time) = place(of: proposal) {
            try state.set(StateKey.number(proposal.id), of: queueKey(prefix, time, proposal.id), in: name)
        }
        try setVoted(proposal.id, proposal.status == .votingPeriod, on: state)
        try state.set(proposal.encoded, of: proposalKey(proposal.id), in: name)
    }

    static func remove(_ proposal: Proposal, on state: any LedgerState) throws {
        try unqueue(proposal, on: state)
        try setVoted(proposal.id, false, on: state)
        try state.set(nil, of: proposalKey(proposal.id), in: name)
    }

    private static func setVoted(_ id: UInt64, _ isVoted: Bool, on state: any LedgerState) throws {
        let number = StateKey.number(id)
        let key = votingPrefix + number
        let listed = try state.value(of: votedKey, in: name)
        guard try isVoted != (state.value(of: key, in: name) != nil) || listed == nil else { return }
        try state.set(isVoted ? [1] : nil, of: key, in: name)
        guard var numbers = listed else { return try state.set(try voted(in: state), of: votedKey, in: name) }
        let place = stride(from: 0, to: numbers.count - number.count + 1, by: number.count).first {
            !numbers[$0..<$0 + number.count].lexicographicallyPrecedes(number)
        }
        if isVoted {
            numbers.insert(contentsOf: number, at: place ?? numbers.count)
        } else if let place, numbers[place...].starts(with: number) {
            numbers.removeSubrange(place..<place + number.count)
        }
        try state.set(numbers, of: votedKey, in: name)
    }

    /// What stands under `votedKey`.
    static func voted(in state: any LedgerReading) throws -> [UInt8] {
        var numbers: [UInt8] = []
        try state.visit(name, prefix: votingPrefix) { numbers += $0.key.dropFirst(votingPrefix.count) }
        return numbers
    }

    /// Whether the time for votes on a proposal, or for its deposits, was over in a block before, and it waits to be
    /// decided or dropped.
    static func isLate(_ proposal: Proposal, in state: any LedgerReading) throws -> Bool {
        guard let (queue, end) = place(of: proposal), let time = try late(queue, in: state) else { return false }
        return end <= time
    }

    /// When the last block left proposals in a queue whose time was over; `nil`: it left none.
    static func late(_ queue: [UInt8], in state: any LedgerReading) throws -> Timestamp? {
        let key = lateKey(queue)
        return try state.value(of: key, in: name).map { value in
            guard let time = Timestamp(rfc3339: String(decoding: value, as: UTF8.self)) else {
                throw CorruptState(store: name, key: key)
            }
            return time
        }
    }

    /// `nil`: none is left.
    static func noteLate(_ time: Timestamp?, in queue: [UInt8], on state: any LedgerState) throws {
        let key = lateKey(queue)
        guard try time != nil || state.value(of: key, in: name) != nil else { return }
        try state.set(time.map { Array($0.description.utf8) }, of: key, in: name)
    }

    private static func lateKey(_ queue: [UInt8]) -> [UInt8] { lateKeys.first { $0.queue == queue }!.key }

    private static func unqueue(_ proposal: Proposal?, on state: any LedgerState) throws {
        guard let proposal, let (prefix, time) = place(of: proposal) else { return }
        try state.set(nil, of: queueKey(prefix, time, proposal.id), in: name)
    }

    /// The queue in which a proposal waits, and until when.
    static func place(of proposal: Proposal) -> (prefix: [UInt8], time: Timestamp)? {
        switch proposal.status {
        case .depositPeriod: proposal.depositEndTime.map { (inactivePrefix, $0) }
        case .votingPeriod: proposal.votingEndTime.map { (activePrefix, $0) }
        default: nil
        }
    }

    static func takeNumber(on state: any LedgerState) throws -> UInt64 {
        let next = try nextNumber(in: state)
        try state.set(StateKey.number(next + 1), of: nextNumberKey, in: name)
        return next
    }

    static func nextNumber(in state: any LedgerReading) throws -> UInt64 {
        guard let value = try state.value(of: nextNumberKey, in: name) else { return 1 }
        guard let number = StateKey.number(decoding: value) else {
            throw CorruptState(store: name, key: nextNumberKey)
        }
        return number
    }

    // MARK: - Deposits and votes

    static func deposit(_ id: UInt64, _ depositor: AccountAddress, in state: any LedgerReading) throws -> Deposit? {
        let key = depositsPrefix(id) + part(depositor)
        return try state.value(of: key, in: name).map {
            try Deposit(stored: LedgerEntry(key: key, value: $0), in: name)
        }
    }

    static func save(_ deposit: Deposit, on state: any LedgerState) throws {
        try state.set(deposit.encoded, of: depositsPrefix(deposit.proposalID) + part(deposit.depositor), in: name)
    }

    /// In the order of the depositors; then there are none.
    static func takeDeposits(_ id: UInt64, on state: any LedgerState) throws -> [Deposit] {
        var deposits: [Deposit] = []
        try state.visit(name, prefix: depositsPrefix(id)) { deposits.append(try Deposit(stored: $0, in: name)) }
        for deposit in deposits { try state.set(nil, of: depositsPrefix(id) + part(deposit.depositor), in: name) }
        return deposits
    }

    static func vote(_ id: UInt64, _ voter: AccountAddress, in state: any LedgerReading) throws -> Vote? {
        let key = votesPrefix(id) + part(voter)
        return try state.value(of: key, in: name).map { try Vote(stored: LedgerEntry(key: key, value: $0), in: name) }
    }

    static func save(_ vote: Vote, on state: any LedgerState) throws {
        try state.set(vote.encoded, of: votesPrefix(vote.proposalID) + part(vote.voter), in: name)
    }

    static func removeVotes(_ id: UInt64, on state: any LedgerState) throws {
        var keys: [[UInt8]] = []
        try state.visit(name, prefix: votesPrefix(id)) { keys.append($0.key) }
        for key in keys { try state.set(nil, of: key, in: name) }
        try state.set(nil, of: lightVotesPrefix + StateKey.number(id), in: name)
    }

    /// Counts a vote of an account that has delegated next to nothing, up to `limit` of a proposal.
    ///
    /// - Returns: `false` beyond it.
    static func countLightVote(_ id: UInt64, limit: UInt64, on state: any LedgerState) throws -> Bool {
        let count = try lightVotes(id, in: state)
        guard count < limit else { return false }
        try setLightVotes(count + 1, of: id, on: state)
        return true
    }

    static func lightVotes(_ id: UInt64, in state: any LedgerReading) throws -> UInt64 {
        let key = lightVotesPrefix + StateKey.number(id)
        return try state.value(of: key, in: name).flatMap { StateKey.number(decoding: $0) } ?? 0
    }

    static func setLightVotes(_ count: UInt64, of id: UInt64, on state: any LedgerState) throws {
        try state.set(StateKey.number(count), of: lightVotesPrefix + StateKey.number(id), in: name)
    }
}
