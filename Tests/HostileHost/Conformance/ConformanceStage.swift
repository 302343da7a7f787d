import EnclaveLink
import EnclaveProtocol
import Foundation
import LedgerRecords
import PublicCryptography
import SignedTransactions
import StateProofs
import StateStore
import StrictJSON
import WalletClient
import Wire

/// Plays rows in one world: a chain, its enclave and its users, and contracts that every row makes anew.
final class ConformanceStage {
    struct Contract {
        var address: AccountAddress
        /// The code that it has now.
        var code: String
        var version: String
    }

    struct Code {
        var id: UInt64
        var hash: Hash32
        var version: String
    }

    private let known: [String: ConformanceCode]
    private(set) var world: World!
    private(set) var codes: [String: Code] = [:]
    private(set) var contracts: [String: Contract] = [:]
    /// What steps of this row kept.
    private var kept: [String: String] = [:]
    private var parts: [String: JSONValue] = [:]
    private var labels = 0
    private var isAnnounced = false
    private var mode = ConformanceRow.Mode.direct
    private var version = "v1"

    init(codes: [String: ConformanceCode]) { known = codes }

    // MARK: - Rows

    func play(_ row: ConformanceRow) -> ConformanceOutcome {
        if let excuse = row.excuse { return .skipped(excuse) }
        if let test = row.test {
            let parts = test.split(separator: ":", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
            guard parts.count == 2, ConformanceFiles.hasTest(parts[1], in: parts[0]) else {
                return .failed("there is no test \(test)")
            }
            return .passed(1)
        }
        for code in row.needs {
            guard let source = known[code] else { return .failed("no code \(code)") }
            if ConformanceFiles.binary(source) == nil { return .skipped("\(source.file).wasm is not in the folder") }
        }
        guard row.content["steps"]?.array?.isEmpty == false else { return .failed("no steps") }
        var runs = 0
        for version in row.versions {
            for given in row.content["each"]?.array ?? [.null] {
                if let place = row.content["matching"]?.uint64, given[Int(place)]?.string != version { continue }
                do {
                    try play(row, version, given)
                } catch {
                    // Whatever state the enclave is in, the next row gets a new one.
                    world = nil
                    return .failed("\(version)\(given.isNull ? "" : ", " + JSONWriter.text(of: given)): \(error)")
                }
                runs += 1
            }
        }
        return runs == 0 ? .failed("it was run for nothing") : .passed(runs)
    }

    private func play(_ row: ConformanceRow, _ version: String, _ given: JSONValue) throws {
        if world == nil {
            world = try World()
            codes = [:]
            for name in ["v1", "v010", "v1-next", "v010-next"] { _ = try code(name) }
        }
        (contracts, kept, parts, mode, self.version) = ([:], [:], [:], row.mode, version)
        for (name, value) in row.values { give(name, value) }
        for (place, value) in (given.array ?? []).enumerated() { give("given.\(place)", value) }
        give("given", given)
        for (name, code) in row.contracts { try prepare(name, code == "*" ? version : template().interpolate(code)) }
        for (place, step) in (row.content["steps"]?.array ?? []).enumerated() {
            do { try play(step) } catch { throw ConformanceFault("step \(place + 1): \(error)") }
        }
    }

    private func give(_ name: String, _ value: JSONValue) {
        kept[name] = value.string ?? JSONWriter.text(of: value)
        if value.string == nil { parts[name] = value }
    }

    /// A contract that does what it is told, of which Alice is the admin.
    private func prepare(_ name: String, _ code: String) throws {
        let step = JSONValue.object([("instantiate", .string(name)), ("code", .string(code)), ("msg", .object([]))])
        try instantiate(step)
        if mode == .after { try migrate(name, to: next(code), message: .object([]), step) }
    }

    /// Another code of the same contract.
    private func next(_ code: String) -> String { code.hasSuffix("-next") ? String(code.dropLast(5)) : code + "-next" }

    // MARK: - Steps

    private func play(_ step: JSONValue) throws {
        guard let verb = step.object?.first?.0 else { throw ConformanceFault("an empty step") }
        let name = step[verb]?.string ?? ""
        switch verb {
        case "execute":
            if mode == .during {
                guard step["funds"] == nil, step["by"] == nil else {
                    throw ConformanceFault("nobody else, and no funds, with a migration")
                }
                try migrate(name, to: next(contract(name).code), message: step["msg"] ?? .object([]), step)
            } else {
                try execute(name, step)
            }
        case "instantiate": try instantiate(step)
        case "migrate":
            try migrate(name, to: try template().text(step["to"]) ?? "", message: step["msg"] ?? .object([]), step)
        case "update_admin":
            let message = ComputeMessage.updateAdmin(
                .init(sender: try user(step).address, newAdmin: try address(step["admin"]), contract: try target(name)))
            try settle(try send([message.any], step), answering: [], of: name, step)
        case "clear_admin":
            let message = ComputeMessage.clearAdmin(.init(sender: try user(step).address, contract: try target(name)))
            try settle(try send([message.any], step), answering: [], of: name, step)
        case "query": try query(name, step)
        case "kept": try lookUp(name, step)
        case "balance":
            let amount = try balance(try address(.string("${\(name)}")))
            let expected = try template().text(step["is"]) ?? step["is"]?.numberText ?? ""
            guard String(amount) == expected else { throw ConformanceFault("\(name) has \(amount), not \(expected)") }
        case "pay":
            try world.play([
                world.alice.sign([world.alice.send(UInt128(step["amount"]?.uint64 ?? 0), to: target(name))])
            ])
            isAnnounced = false
        case "same":
            let text = try template().interpolate(name)
            if let other = try template().text(step["is_not"]), text == other {
                throw ConformanceFault("both are \(text)")
            }
            try ConformanceExpectation(step, template()).check(value: text)
        case "together": try together(step)
        case "store":
            let code = step["store"]?.string ?? ""
            try settle(try store(code), answering: [], of: code, step)
        default: throw ConformanceFault("unknown step \(verb)")
        }
    }

    private func execute(_ name: String, _ step: JSONValue) throws {
        let (message, input) = try executeMessage(name, step)
        try settle(try send([message], step), answering: input, of: name, step)
    }

    private func executeMessage(_ name: String, _ step: JSONValue) throws -> (AnyMessage, [UInt8]) {
        let target = try target(name)
        let hash = try hash(step) ?? template().interpolate("${\(name).hash}")
        let input = try seal(step["msg"], spokenBy: name, hash: hash, by: user(step), to: target.bytes)
        let message = ComputeMessage.execute(
            .init(sender: try user(step).address, contract: target, message: input, funds: try funds(step)))
        return (message.any, input)
    }

    private func instantiate(_ step: JSONValue) throws {
        let name = step["instantiate"]?.string ?? ""
        let codeName = try template().text(step["code"]) ?? version
        let code = try code(codeName)
        labels += 1
        kept["label"] = "label-\(labels)"
        let user = try user(step)
        let hash = try hash(step) ?? code.hash.description
        let input = try seal(step["msg"], spokenBy: codeName, hash: hash, by: user, to: code.hash.bytes)
        let admin = step["admin"] ?? .string("${alice}")
        let message = ComputeMessage.instantiate(
            .init(
                sender: user.address, codeID: try template().text(step["code_id"]).flatMap { UInt64($0) } ?? code.id,
                label: try template().text(step["label"]) ?? "label-\(labels)", message: input,
                funds: try funds(step), admin: admin.isNull ? nil : try address(admin)))
        let result = try send([message.any], step)
        if result.code == 0, let made = try result.response().address {
            contracts[name] = Contract(address: made, code: codeName, version: code.version)
        }
        try settle(result, answering: input, of: name, step)
    }

    private func migrate(_ name: String, to codeName: String, message: JSONValue, _ step: JSONValue) throws {
        let code = try code(codeName)
        let (target, user) = (try target(name), try user(step))
        let before = contracts[name]
        // The new code speaks, and its hash is the contract's from here on.
        contracts[name] = Contract(address: target, code: codeName, version: code.version)
        let hash = try hash(step) ?? code.hash.description
        let input = try seal(message, spokenBy: name, hash: hash, by: user, to: target.bytes)
        let id = try template().text(step["code_id"]).flatMap { UInt64($0) } ?? code.id
        let sent = ComputeMessage.migrate(
            .init(sender: user.address, contract: target, codeID: id, message: input)
        ).any
        let result = try send([sent], step)
        try settle(result, answering: input, of: name, step)
        if result.code != 0 { contracts[name] = before }
    }

    private func query(_ name: String, _ step: JSONValue) throws {
        let target = try target(name)
        let hash = try hash(step) ?? template().interpolate("${\(name).hash}")
        let user = try user(step)
        var query = ContractQuery()
        query.contract = target.bytes
        query.input = try user.encryption.seal(
            template().spoken(by: name).bytes(step["msg"] ?? .object([])), codeHash: hash, owner: nil)
        query.gasLimit = step["gas"]?.uint64 ?? 10_000_000
        try announce()
        query.height = UInt64(world.chain.height - 1)
        let answer = try world.enclave.queries[0].query(query, answering: world.host)
        // As every node's API completes it.
        let log = answer.error.isEmpty ? "" : "\(answer.error): query contract failed"
        let text =
            answer.data.isEmpty ? "" : user.encryption.openData(answer.data, answerTo: query.input).map(Self.text)
        let error = user.encryption.openError(log, answerTo: query.input)
        try ConformanceExpectation(step["expect"] ?? .object([]), template()).check(
            answer: text ?? "(sealed for somebody else)", error: error, log: log, gas: answer.gasUsed)
        if let key = step["keep"]?.string { kept[key] = text ?? "" }
    }

    /// What a puppet keeps under a key, once the block is announced.
    private func lookUp(_ name: String, _ step: JSONValue) throws {
        let ask = JSONValue.object([
            ("query", .string(name)), ("msg", .object([("get", step["key"] ?? .null)])), ("keep", .string("kept")),
        ])
        try query(name, ask)
        guard let answer = kept["kept"],
            let json = try? JSONReader.parse(Array(answer.utf8), limits: .init(bytesMax: 1 << 20))
        else {
            throw ConformanceFault("\(name) keeps nothing that can be read")
        }
        let value = json["value"]?.string
        if let key = step["keep"]?.string { kept[key] = value ?? "" }
        try ConformanceExpectation(step, template()).check(value: value)
    }

    /// Several messages in one transaction; what is expected is of the first.
    private func together(_ step: JSONValue) throws {
        var messages: [AnyMessage] = []
        var first: [UInt8] = []
        var names: [String] = []
        for part in step["together"]?.array ?? [] {
            let name = part["execute"]?.string ?? ""
            let (message, input) = try executeMessage(name, part)
            if messages.isEmpty { first = input }
            messages.append(message)
            names.append(name)
        }
        try settle(try send(messages, step), answering: first, of: names.first ?? "", step)
    }

    // MARK: - Transactions

    private var lastCharge: UInt64 = 0

    private func send(_ messages: [AnyMessage], _ step: JSONValue) throws -> PlayedResult {
        let transaction = try user(step).sign(messages, gas: step["gas"]?.uint64 ?? 2_000_000)
        try world.play([transaction])
        isAnnounced = false
        guard let result = world.host.outputs.first else { throw ConformanceFault("the ante rules refused it") }
        // What the compute module charged, storage included.
        lastCharge =
            result.gasUsed - min(result.gasUsed, GasSchedule.ante(byteCount: transaction.count, signatureCount: 1))
        return result
    }

    private func settle(_ result: PlayedResult, answering input: [UInt8], of name: String, _ step: JSONValue) throws {
        let encryption = try user(step).encryption
        let expectation = try ConformanceExpectation(step["expect"] ?? .object([]), template())
        var answer: String?
        if result.code == 0, !input.isEmpty {
            answer = encryption.openData(try result.response().data, answerTo: input).map(Self.text) ?? "(sealed)"
        }
        if let key = step["keep_charge"]?.string { kept[key] = String(lastCharge) }
        if let key = step["keep"]?.string { kept[key] = answer ?? "" }
        try expectation.check(
            result, data: answer ?? "", error: encryption.openError(result.log, answerTo: input), charge: lastCharge,
            of: contracts[name]?.address.description ?? ""
        ) { sealed in
            Base64.decode(sealed).flatMap { encryption.open($0, answerTo: input) }.map(Self.text)
        }
    }

    private func announce() throws {
        if !isAnnounced { try world.play([]) }
        isAnnounced = true
    }

    private func seal(_ message: JSONValue?, spokenBy name: String, hash: String, by user: User, to target: [UInt8])
        throws -> [UInt8]
    {
        try user.encryption.seal(
            template().spoken(by: name).bytes(message ?? .object([])), codeHash: hash, owner: (user.address, target))
    }

    // MARK: - Codes

    private func code(_ name: String) throws -> Code {
        if let code = codes[name] { return code }
        let result = try store(name)
        guard let code = codes[name] else { throw ConformanceFault("\(name) was not stored: \(result.log)") }
        return code
    }

    private func store(_ name: String) throws -> PlayedResult {
        guard let source = known[name] else { throw ConformanceFault("no code \(name)") }
        guard let bytes = ConformanceFiles.binary(source) else {
            throw ConformanceFault("\(source.file).wasm is not there")
        }
        var module = Gunzip.isCompressed(bytes) ? try Gunzip.decompress(bytes, limit: 1 << 22) : bytes
        for (old, new) in source.replacing { try module.replace(old, with: new) }
        // An empty custom section called "next".
        if source.isTagged { module += [0, 5, 4] + Array("next".utf8) }
        let hash = SHA256.hash(module)
        if let named = source.sha256, !hash.description.hasPrefix(named) {
            throw ConformanceFault("\(source.file).wasm is another binary than the table is about: \(hash)")
        }
        let changed = source.isTagged || !source.replacing.isEmpty
        let message = ComputeMessage.storeCode(
            .init(sender: world.alice.address, code: (changed ? module : bytes)[...])
        ).any
        let result = try send([message], .object([("gas", .number("40000000"))]))
        if result.code == 0 {
            let id = try result.storedCodeID()
            let isOld = module.contains(Array("cosmwasm_vm_version_3".utf8))
            codes[name] = Code(id: id, hash: hash, version: isOld ? "v010" : "v1")
        }
        return result
    }

    // MARK: - Names

    private func template() throws -> ConformanceTemplate {
        var values = kept
        for (name, user) in [("alice", world.alice), ("mallory", world.mallory), ("pauper", world.pauper)] {
            values[name] = user.address.description
        }
        for (name, code) in codes {
            values["\(name).id"] = String(code.id)
            values["\(name).hash"] = code.hash.description
        }
        for (name, contract) in contracts {
            values[name] = contract.address.description
            values["\(name).hash"] = codes[contract.code]?.hash.description
        }
        values["v"] = version
        values["old.hash"] = codes[version]?.hash.description
        values["height"] = String(world.chain.height)
        values["chain"] = FourValidatorChain.chainID
        values["failed"] = mode == .during ? "migrate contract failed" : "execute contract failed"
        values["failure"] = mode == .during ? "5" : "3"
        values["nobody"] = AccountAddress([UInt8](repeating: 9, count: 20))!.description
        let (contracts, codes) = (contracts, codes)
        return ConformanceTemplate(
            values: values, parts: parts, keys: ["alice": world.alice.key, "mallory": world.mallory.key],
            versionOf: { contracts[$0]?.version ?? codes[$0]?.version }, version: version)
    }

    private func contract(_ name: String) throws -> Contract {
        guard let contract = contracts[name] else { throw ConformanceFault("no contract \(name)") }
        return contract
    }

    private func target(_ name: String) throws -> AccountAddress {
        if let contract = contracts[name] { return contract.address }
        return try address(.string(name))
    }

    private func address(_ json: JSONValue?) throws -> AccountAddress {
        let text = try template().text(json) ?? ""
        guard let address = AccountAddress(bech32: try template().values[text] ?? text) else {
            throw ConformanceFault("no address \(text)")
        }
        return address
    }

    private func user(_ step: JSONValue) throws -> User {
        switch step["by"]?.string ?? "alice" {
        case "alice": return world.alice
        case "mallory": return world.mallory
        case "pauper": return world.pauper
        case let name: throw ConformanceFault("no user \(name)")
        }
    }

    /// The code that a message names, if the row says another than the contract's own.
    private func hash(_ step: JSONValue) throws -> String? { try step["hash"].map(template().expand)?.string }

    private func funds(_ step: JSONValue) throws -> [Coin] {
        try (try template().text(step["funds"]) ?? "").split(separator: ",").map { coin in
            let digits = coin.prefix(while: \.isNumber)
            guard let amount = UInt128(digits) else { throw ConformanceFault("no coin \(coin)") }
            return Coin(amount, String(coin.dropFirst(digits.count)))
        }
    }

    private func balance(_ address: AccountAddress) throws -> UInt128 {
        let value = try world.chain.state.latestSnapshot()!.get(StoreName.bank, BankStore.balanceKey(address, "uscrt"))
        return value.flatMap { UInt128(String(decoding: $0, as: UTF8.self)) } ?? 0
    }

    private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}

extension PlayedResult {
    /// The number that a code got.
    fileprivate func storedCodeID() throws -> UInt64 {
        let attributes = events.flatMap(\.attributes)
        guard let id = attributes.first(where: { $0.key == "code_id" }).flatMap({ UInt64($0.value) }) else {
            throw ConformanceFault("a code without a number")
        }
        return id
    }
}

extension [UInt8] {
    /// Replaces the first occurrence.
    fileprivate mutating func replace(_ old: [UInt8], with new: [UInt8]) throws {
        guard let range = firstRange(of: old) else { throw ConformanceFault("the module lacks what is to be replaced") }
        replaceSubrange(range, with: new)
    }

    fileprivate func contains(_ part: [UInt8]) -> Bool { firstRange(of: part) != nil }
}
