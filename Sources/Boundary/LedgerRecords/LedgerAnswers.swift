import PublicCryptography
import SignedTransactions
import StrictJSON
import Wire

/// Why a question about the ledger has no answer.
package enum AnswerFault: Error {
    /// Not answered: what, and why.
    case refused(String)
    /// There is no such thing.
    case missing(String)
    case malformedQuestion
    /// The state has what no module writes. It has it for every node, so it is an answer and no failure: a contract's
    /// question must stop no chain.
    case malformedRecord
    /// Whoever reads the records failed.
    case reading(any Error)

    /// Amounts have 128 bits here, with their 18 decimals: more is not computed with.
    static let tooLarge = AnswerFault.refused("a number of more than 128 bits")
}

/// What contracts may ask about staking, rewards, minting and governance, answered out of records that the caller
/// proves (decision 0057): with the same keys and records as the host's modules, as of one state.
///
/// A list is answered where a record counts it or holds all of it, and only up to a bound. So nobody who withholds a
/// record can leave out an element, and nobody who delegates much can make an answer long.
package struct LedgerAnswers {
    /// The values under `keys` of a store, in their order, each proved to be there or not to be.
    package typealias Read = (_ store: String, _ keys: [[UInt8]]) throws(AnswerFault) -> [[UInt8]?]
    /// Refuses if one of these is among what later messages may have changed: the bytes of addresses, and types of
    /// messages.
    package typealias Check = (_ touched: [[UInt8]]) throws(AnswerFault) -> Void

    private let read: Read
    let requireUntouched: Check
    /// Whether a contract of interface v0.10 asks, whose library knows rewards as one coin.
    private let isV010: Bool
    /// Of the block in which is asked; of a query outside of one, of the block that left the state.
    let height: UInt64

    package static let setSizeMax = 100
    package static let delegationsMax: UInt32 = 64
    package static let proposalsMax = 64

    package init(isV010: Bool, height: UInt64, read: @escaping Read, requireUntouched: @escaping Check) {
        (self.isV010, self.height, self.read, self.requireUntouched) = (isV010, height, read, requireUntouched)
    }

    /// The answer to `question`, an object with one member, of a module as contracts name it.
    package func answer(_ module: String, _ question: JSONValue) throws(AnswerFault) -> JSONValue {
        guard let (kind, content) = question.object?.first, question.object?.count == 1 else {
            throw .malformedQuestion
        }
        switch (module, kind) {
        case ("staking", "bonded_denom"): return ["denom": .string(try bondDenomination())]
        case ("staking", "validators"), ("staking", "all_validators"):
            return ["validators": .array(try bondedValidators())]
        case ("staking", "validator"):
            let record = try validators([try validator(content["address"])])[0]
            return ["validator": try record.map(LedgerAnswers.json) ?? .null]
        case ("staking", "delegation"):
            let (delegator, validator) = (try account(content["delegator"]), try validator(content["validator"]))
            guard let stake = try stakes(of: delegator, in: [validator]).first else { return ["delegation": .null] }
            return ["delegation": try inFull(stake, bondDenomination())]
        case ("staking", "all_delegations"):
            let denomination = try bondDenomination()
            let stakes = try stakes(of: account(content["delegator"]), listedUnder: 0xE1)
            return ["delegations": .array(stakes.map { .object(LedgerAnswers.brief($0, denomination)) })]
        case ("staking", "unbonding_delegations"):
            return ["delegations": .array(try unbondings(of: account(content["delegator"])))]
        case ("dist", "rewards"), ("distribution", "rewards"):
            return try rewards(of: account(content["delegator"]))
        case ("mint", "inflation"):
            return ["inflation_rate": .string(LedgerAnswers.decimal(try minter().amount(1)))]
        case ("mint", "bonded_ratio"): return ["bonded_ratio": .string(LedgerAnswers.decimal(try bondedRatio()))]
        case ("gov", "proposals"): return ["proposals": .array(try votedProposals())]
        default: throw .refused(module)
        }
    }

    // MARK: - Records

    /// The records under `keys`; throws `refused` where the chain has no such store.
    func records(_ store: String, _ keys: [[UInt8]]) throws(AnswerFault) -> [StoredMessage?] {
        try read(store, keys).map { (value) throws(AnswerFault) in
            guard let value else { return nil }
            return try StoredMessage(value[...])
        }
    }

    func values(_ store: String, _ keys: [[UInt8]]) throws(AnswerFault) -> [[UInt8]?] { try read(store, keys) }

    /// An address in a key, behind its length.
    static func part(_ address: AccountAddress) -> [UInt8] { [UInt8(AccountAddress.byteCount)] + address.bytes }

    private func account(_ text: JSONValue?) throws(AnswerFault) -> AccountAddress {
        guard let address = text?.string.flatMap({ AccountAddress(bech32: $0) }) else { throw .malformedQuestion }
        return address
    }

    private func validator(_ text: JSONValue?) throws(AnswerFault) -> AccountAddress {
        guard let address = text?.string.flatMap({ AccountAddress(validatorText: $0) }) else {
            throw .malformedQuestion
        }
        return address
    }

    func bondDenomination() throws(AnswerFault) -> String {
        guard let parameters = try records("staking", [[0x51]])[0] else { throw .refused("staking") }
        return try parameters.text(5)
    }

    /// The validators' records. What they say of themselves only their own messages change.
    private func validators(_ addresses: [AccountAddress]) throws(AnswerFault) -> [StoredMessage?] {
        try requireUntouched(
            ["CreateValidator", "EditValidator"].map { Array("/cosmos.staking.v1beta1.Msg\($0)".utf8) })
        return try records("staking", addresses.map { [0x21] + LedgerAnswers.part($0) })
    }

    /// In the order of their power: one record names them all.
    private func bondedValidators() throws(AnswerFault) -> [JSONValue] {
        let set = try read("staking", [[0xE0]])[0] ?? []
        guard set.count % AccountAddress.byteCount == 0 else { throw .malformedRecord }
        let addresses = stride(from: 0, to: set.count, by: AccountAddress.byteCount).compactMap {
            AccountAddress(set[$0..<min($0 + AccountAddress.byteCount, set.count)])
        }
        guard addresses.count <= LedgerAnswers.setSizeMax else {
            throw .refused("more than \(LedgerAnswers.setSizeMax) validators")
        }
        return try validators(addresses).map { (record) throws(AnswerFault) in
            guard let record else { throw .malformedRecord }
            return try LedgerAnswers.json(record)
        }
    }

    /// The validators in a list that counts itself, in the order of their addresses, as the modules walk them.
    private func listed(_ prefix: UInt8, of owner: AccountAddress) throws(AnswerFault) -> [AccountAddress] {
        try requireUntouched([owner.bytes])
        let key = [prefix] + LedgerAnswers.part(owner)
        let counted = try read("staking", [key])[0] ?? StateKey.number(UInt32(0))
        guard counted.count == 4 else { throw .malformedRecord }
        let count = UInt32(bigEndianBytes: counted)
        guard count <= LedgerAnswers.delegationsMax else {
            throw .refused("more than \(LedgerAnswers.delegationsMax) validators of one delegator")
        }
        let values = try read("staking", (0..<count).map { key + StateKey.number($0) })
        return try values.map { (value) throws(AnswerFault) in
            guard let address = value.flatMap({ AccountAddress($0) }) else { throw .malformedRecord }
            return address
        }.sorted()
    }

    // MARK: - Delegations

    /// What somebody delegated to a validator.
    struct Stake {
        var (delegator, validator): (AccountAddress, AccountAddress)
        var (delegation, record): (StoredMessage, StoredMessage)
        /// In tokens, times 10^18.
        var worth: UInt128
    }

    func stakes(
        of delegator: AccountAddress, in validators: [AccountAddress]
    ) throws(AnswerFault) -> [Stake] {
        try requireUntouched([delegator.bytes] + validators.map(\.bytes))
        let ends = validators.map(LedgerAnswers.part)
        let shares = try records("staking", ends.map { [0x31] + LedgerAnswers.part(delegator) + $0 })
        let all = try records("staking", ends.map { [0x21] + $0 })
        var stakes = [Stake]()
        for (index, validator) in validators.enumerated() {
            guard let own = shares[index] else { continue }
            guard let record = all[index] else { throw .malformedRecord }
            let worth = try LedgerAnswers.worth(
                of: own.amount(3), tokens: record.amount(5), allShares: record.amount(6))
            stakes.append(
                Stake(
                    delegator: delegator, validator: validator, delegation: own, record: record, worth: worth))
        }
        return stakes
    }

    private func stakes(of delegator: AccountAddress, listedUnder prefix: UInt8) throws(AnswerFault) -> [Stake] {
        let validators = try listed(prefix, of: delegator)
        let stakes = try stakes(of: delegator, in: validators)
        guard stakes.count == validators.count else { throw .malformedRecord }
        return stakes
    }

    /// With what can be redelegated, nothing while a redelegation to that validator is under way, and the rewards.
    private func inFull(_ stake: Stake, _ denomination: String) throws(AnswerFault) -> JSONValue {
        let incoming = [0xE3] + LedgerAnswers.part(stake.delegator) + LedgerAnswers.part(stake.validator)
        let isFree = try read("staking", [incoming])[0] == nil
        let rewards = try rewards(of: stake)
        let told: JSONValue =
            isV010
            ? LedgerAnswers.whole(rewards.first { $0.denomination == denomination } ?? Coin(0, denomination))
            : LedgerAnswers.whole(rewards)
        return .object(
            LedgerAnswers.brief(stake, denomination) + [
                ("accumulated_rewards", told),
                ("can_redelegate", LedgerAnswers.whole(Coin(isFree ? stake.worth : 0, denomination))),
            ])
    }

    /// What is on its way back from each validator.
    private func unbondings(of delegator: AccountAddress) throws(AnswerFault) -> [JSONValue] {
        let denomination = try bondDenomination()
        let validators = try listed(0xE4, of: delegator)
        try requireUntouched(validators.map(\.bytes))
        let start = [0x32] + LedgerAnswers.part(delegator)
        let all = try records("staking", validators.map { start + LedgerAnswers.part($0) })
        return try zip(validators, all).map { (validator, record) throws(AnswerFault) in
            guard let record else { throw .malformedRecord }
            var sum: UInt128 = 0
            for entry in try record.all(3) {
                let (next, overflow) = sum.addingReportingOverflow(try entry.amount(4))
                guard !overflow else { throw .tooLarge }
                sum = next
            }
            return .object(LedgerAnswers.brief(delegator, validator, Coin(sum, denomination)))
        }
    }

    private func rewards(of delegator: AccountAddress) throws(AnswerFault) -> JSONValue {
        var (list, all) = ([JSONValue](), [[Coin]]())
        for stake in try stakes(of: delegator, listedUnder: 0xE1) {
            let rewards = try rewards(of: stake)
            all.append(rewards)
            list.append([
                "validator_address": .string(stake.validator.validatorText), "reward": LedgerAnswers.whole(rewards),
            ])
        }
        return ["rewards": .array(list), "total": LedgerAnswers.whole(try LedgerAnswers.sum(all))]
    }

    // MARK: - Minting and governance

    func minter() throws(AnswerFault) -> StoredMessage {
        guard let minter = try records("mint", [[0x00]])[0] else { throw .refused("mint") }
        return minter
    }

    /// What is delegated to the set, of all coins there are.
    private func bondedRatio() throws(AnswerFault) -> UInt128 {
        let denomination = try bondDenomination()
        let pool = ModuleAddress.bondedPool
        let amounts = try read("bank", [BankStore.balanceKey(pool, denomination), BankStore.supplyKey(denomination)])
        guard let bonded = BankStore.amount(amounts[0]), let supply = BankStore.amount(amounts[1]) else {
            throw .malformedRecord
        }
        return supply == 0 ? 0 : try LedgerAnswers.divide(bonded, times: LedgerAnswers.one, by: supply).quotient
    }

    /// Those that are voted on: one record names them all, from the first proposal on.
    private func votedProposals() throws(AnswerFault) -> [JSONValue] {
        try requireUntouched(
            [
                "v1.MsgCancelProposal", "v1.MsgDeposit", "v1.MsgSubmitProposal", "v1beta1.MsgDeposit",
                "v1beta1.MsgSubmitProposal",
            ].map { Array("/cosmos.gov.\($0)".utf8) })
        let found = try read("gov", [[0xE0], [0x03]])
        let hasNone = found[1] == StateKey.number(UInt64(1))
        guard let numbers = found[0] ?? (hasNone ? [] : nil) else { throw .refused("gov") }
        let keys = stride(from: 0, to: numbers.count, by: 8).map { [0x00] + numbers[$0..<min($0 + 8, numbers.count)] }
        guard keys.count <= LedgerAnswers.proposalsMax else {
            throw .refused("more than \(LedgerAnswers.proposalsMax) proposals")
        }
        // One at a time: whoever proposes chooses how long a record is, and together they may be no frame.
        return try keys.map { (key) throws(AnswerFault) in
            guard let record = try records("gov", [key])[0] else { throw .malformedRecord }
            return [
                "id": .number(try record.number(1)), "voting_start_time": .number(try record.message(8).number(1)),
                "voting_end_time": .number(try record.message(9).number(1)),
            ]
        }
    }

    // MARK: - JSON

    private static func json(_ validator: StoredMessage) throws(AnswerFault) -> JSONValue {
        let rates = try validator.message(10).message(1)
        return [
            "address": .string(try validator.text(1)), "commission": .string(decimal(try rates.amount(1))),
            "max_commission": .string(decimal(try rates.amount(2))),
            "max_change_rate": .string(decimal(try rates.amount(3))),
        ]
    }

    private static func brief(_ stake: Stake, _ denomination: String) -> [(String, JSONValue)] {
        brief(stake.delegator, stake.validator, Coin(stake.worth / one, denomination))
    }

    private static func brief(
        _ delegator: AccountAddress, _ validator: AccountAddress, _ coin: Coin
    ) -> [(String, JSONValue)] {
        [
            ("delegator", .string(delegator.description)), ("validator", .string(validator.validatorText)),
            ("amount", json(coin)),
        ]
    }

    private static func json(_ coin: Coin) -> JSONValue {
        ["denom": .string(coin.denomination), "amount": .string(String(coin.amount))]
    }

    /// Of coins times 10^18 the whole ones.
    private static func whole(_ coin: Coin) -> JSONValue { json(Coin(coin.amount / one, coin.denomination)) }
    private static func whole(_ coins: [Coin]) -> JSONValue { .array(coins.filter { $0.amount >= one }.map(whole)) }

    /// A number times 10^18, as people write it, with all 18 decimals.
    private static func decimal(_ scaled: UInt128) -> String {
        "\(scaled / one).\(String(scaled % one + one).dropFirst())"
    }
}
