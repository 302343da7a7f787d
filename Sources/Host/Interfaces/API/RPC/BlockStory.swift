import ChainFormats
import ChainInterface
import ClientRequests
import DecidedBlocks
import EnclaveProtocol
import ModuleKit
import PublicCryptography
import StrictJSON

/// What happened with one announced block, as CometBFT tells those who subscribed: formed once for all of them.
struct BlockStory: Sendable {
    /// One event, with what queries are held against.
    struct Happening: Sendable {
        var values: EventValues
        /// The member `data` as JSON, and `events`.
        var data: [UInt8]
        var events: [UInt8]

        init(_ kind: String, _ value: JSONValue, _ values: EventValues) {
            self.values = values
            data = JSONWriter.bytes(of: ["type": .string("tendermint/event/" + kind), "value": value])
            events = JSONWriter.bytes(
                of: .object(values.names.map { ($0, .array(values[$0].map { .string($0) })) }))
        }
    }

    /// What is told here; the steps of a round are not.
    static let kinds = ["NewBlock", "NewBlockHeader", "NewBlockEvents", "NewEvidence", "Tx", "ValidatorSetUpdates"]

    var happenings: [Happening] = []

    var byteCount: Int { happenings.reduce(0) { $0 + $1.data.count + $1.events.count } }

    /// In the order in which CometBFT tells it. Throws `ChainRefusal` where the block came to more than is shown.
    init(_ committed: CommittedBlock, _ results: CommittedResults) throws {
        let block = try Block.received(committed.protobuf).block
        let height = block.header.height
        let ofBlock = EventValues(results.events)
        func add(_ kind: String, _ value: JSONValue, _ values: EventValues = EventValues()) {
            var values = values
            values.add("tm.event", kind)
            happenings.append(Happening(kind, value, values))
        }
        add(
            "NewBlock",
            [
                "block": RPCForm.block(block), "block_id": RPCForm.blockID(committed.id),
                "result_finalize_block": RPCForm.finalized(results),
            ], ofBlock)
        add("NewBlockHeader", ["header": RPCForm.header(block.header)])
        add(
            "NewBlockEvents",
            [
                "height": .string("\(height)"),
                "events": .array(results.events.map(RPCForm.event)), "num_txs": .string("\(block.transactions.count)"),
            ], ofBlock)
        for evidence in block.evidence {
            guard let json = RPCForm.evidence(evidence) else { continue }
            add("NewEvidence", ["height": .string("\(height)"), "evidence": json])
        }
        for (index, (transaction, result)) in zip(block.transactions, results.transactions).enumerated() {
            var values = EventValues(result.events)
            values.add("tm.event", "Tx")
            values.add("tx.hash", Hexadecimal.encode(transaction.hash.bytes, uppercase: true))
            values.add("tx.height", "\(height)")
            var members: [(String, JSONValue)] = [("height", .string("\(height)"))]
            if index > 0 { members.append(("index", .number(index))) }
            members += [
                ("tx", .string(Base64.encode(transaction.bytes))), ("result", RPCForm.briefResult(result)),
            ]
            happenings.append(Happening("Tx", ["TxResult": .object(members)], values))
        }
        if !results.validatorUpdates.isEmpty {
            let members = results.validatorUpdates.compactMap { update in
                Validator(publicKey: update.publicKey, power: update.power, proposerPriority: 0)
            }
            add("ValidatorSetUpdates", ["validator_updates": .array(members.map(RPCForm.validator))])
        }
    }
}

extension EventValues {
    init(_ events: [Event]) {
        self.init()
        for event in events {
            for attribute in event.attributes { add(type: event.type, key: attribute.key, attribute.value) }
        }
    }
}

extension RPCForm {
    /// In events what is empty is left out, other than in answers: Go finds no method of its own there.
    static func briefResult(_ result: TransactionResult) -> JSONValue {
        var members: [(String, JSONValue)] = []
        if result.code != 0 { members.append(("code", .number(result.code))) }
        if !result.data.isEmpty { members.append(("data", .string(Base64.encode(result.data)))) }
        if !result.log.isEmpty { members.append(("log", .string(result.log))) }
        if result.gasWanted != 0 { members.append(("gas_wanted", .string("\(result.gasWanted)"))) }
        if result.gasUsed != 0 { members.append(("gas_used", .string("\(result.gasUsed)"))) }
        if !result.events.isEmpty { members.append(("events", .array(result.events.map(event)))) }
        if !result.codespace.isEmpty { members.append(("codespace", .string(result.codespace))) }
        return .object(members)
    }

    fileprivate static func finalized(_ results: CommittedResults) -> JSONValue {
        var members: [(String, JSONValue)] = []
        if !results.events.isEmpty { members.append(("events", .array(results.events.map(event)))) }
        if !results.transactions.isEmpty { members.append(("tx_results", .array(results.transactions.map(result)))) }
        members.append(("validator_updates", .array(results.validatorUpdates.map(validatorUpdate))))
        if let updates = results.parameterUpdates {
            members.append(("consensus_param_updates", parameterUpdates(updates)))
        }
        if !results.appHash.isEmpty { members.append(("app_hash", .string(Base64.encode(results.appHash)))) }
        return .object(members)
    }
}

/// The stories of the last blocks, each formed once while many wait for it.
actor BlockStories {
    /// Those who subscribed are at about the same block, or behind for long.
    private static let keptMax = 4
    private static let bytesMax = 64 << 20

    private let chain: any ChainAccess
    private var kept: [(height: Int64, story: BlockStory)] = []

    init(_ chain: any ChainAccess) { self.chain = chain }

    /// `nil` for a height that is not here.
    func story(at height: Int64) throws -> BlockStory? {
        if let known = kept.first(where: { $0.height == height }) { return known.story }
        guard let block = try chain.block(at: height), let results = try chain.results(at: height) else { return nil }
        let story = try BlockStory(block, results)
        kept.append((height, story))
        while kept.count > 1,
            kept.count > Self.keptMax || kept.reduce(0, { $0 + $1.story.byteCount }) > Self.bytesMax
        {
            kept.removeFirst()
        }
        return story
    }
}
