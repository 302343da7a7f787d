import EnclaveLink
import EnclaveProtocol
import LedgerRecords
import PublicCryptography
import SignedTransactions
import StateProofs
import StateStore
import WalletClient

/// A world with puppets: contracts that say whatever a test wants them to say.
final class PuppetWorld {
    let world: World
    /// Puppets of code 2; nobody is their admin.
    let one: AccountAddress
    let two: AccountAddress

    var alice: User { world.alice }
    var mallory: User { world.mallory }

    static let puppetCodeID: UInt64 = 2

    /// `ledger` is what else the state has from its begin.
    init(program: String = "cloister-enclave", ledger: StateDatabase.Writes = [:]) throws {
        world = try World(program: program, ledger: ledger)
        let alice = world.alice
        try world.play([
            alice.sign(
                [ComputeMessage.storeCode(.init(sender: alice.address, code: PuppetContract.code[...])).any],
                gas: 3_000_000),
            alice.sign([try alice.instantiatePuppet("one")]),
            alice.sign([try alice.instantiatePuppet("two")]),
        ])
        let addresses = try world.host.outputs.dropFirst().map { try $0.response().address! }
        (one, two) = (addresses[0], addresses[1])
    }

    /// A block with one transaction of Alice.
    func play(_ messages: [AnyMessage], by user: User? = nil, gas: UInt64 = 1_000_000) throws -> PlayedResult {
        try world.play([(user ?? alice).sign(messages, gas: gas)])
        return world.host.outputs[0]
    }

    /// Alice tells a puppet what to do.
    func tell(_ puppet: AccountAddress, _ json: String, gas: UInt64 = 1_000_000) throws -> (
        result: PlayedResult, data: String, error: String
    ) {
        let message = try alice.tell(puppet, json)
        let result = try play([message], gas: gas)
        let input = message.sealedInput
        let data = result.code == 0 ? alice.encryption.openData(try result.response().data, answerTo: input) : nil
        return (
            result, String(decoding: data ?? [], as: UTF8.self), alice.encryption.openError(result.log, answerTo: input)
        )
    }

    /// What a puppet keeps under `key`, once the last block is announced.
    func kept(_ key: String, by puppet: AccountAddress) throws -> String? {
        let answer = try query(puppet, "{\"get\":\"\(key)\"}")
        guard answer.hasPrefix("{\"value\":\""), answer.hasSuffix("\"}") else { return nil }
        return String(answer.dropFirst(10).dropLast(2)).replacing("\\\"", with: "\"")
    }

    func query(_ puppet: AccountAddress, _ json: String) throws -> String {
        try ask(puppet, json, gas: 1_000_000).text
    }

    /// The answer in clear, or the error as the host has it; and what was asked.
    func ask(_ puppet: AccountAddress, _ json: String, gas: UInt64) throws -> (text: String, input: [UInt8]) {
        try world.play([])
        var query = ContractQuery()
        query.contract = puppet.bytes
        query.input = try alice.encryption.seal(
            Array(json.utf8), codeHash: Hexadecimal.encode(PuppetContract.codeHash.bytes), owner: nil)
        query.height = UInt64(world.chain.height - 1)
        query.gasLimit = gas
        let answer = try world.enclave.queries[0].query(query, answering: world.host)
        let opened = answer.error.isEmpty ? alice.encryption.openData(answer.data, answerTo: query.input) : nil
        return (String(decoding: opened ?? Array(answer.error.utf8), as: UTF8.self), query.input)
    }

    func record<Record>(_ key: [UInt8], _ decode: ([UInt8]) throws -> Record) throws -> Record? {
        try world.chain.state.latestSnapshot()!.get(StoreName.compute, key).map(decode)
    }

    func contract(_ address: AccountAddress) throws -> ContractInfo {
        try record(ComputeStore.contractKey(address), ContractInfo.init(decoding:))!
    }
}

/// The JSON of messages that puppets send.
enum Told {
    static func respond(_ messages: [String] = [], data: String? = nil) -> String {
        "{\"respond\":\(response(messages, data: data))}"
    }

    static func response(_ messages: [String] = [], data: String? = nil) -> String {
        "{\"messages\":[\(messages.joined(separator: ","))],\"attributes\":[],\"events\":[],\"data\":\(data.map { "\"\($0)\"" } ?? "null")}"
    }

    static func message(_ message: String, id: Int = 7, replyOn: String = "never", gas: Int? = nil) -> String {
        "{\"id\":\(id),\"msg\":\(message),\"gas_limit\":\(gas.map(String.init) ?? "null"),\"reply_on\":\"\(replyOn)\"}"
    }

    static func execute(_ contract: AccountAddress, _ json: String, replyOn: String = "never", gas: Int? = nil)
        -> String
    {
        let call =
            "{\"contract_addr\":\"\(contract)\",\"code_hash\":\"\(PuppetContract.codeHash)\","
            + "\"msg\":\"\(Base64.encode(Array(json.utf8)))\",\"send\":[]}"
        return message("{\"wasm\":{\"execute\":\(call)}}", replyOn: replyOn, gas: gas)
    }

    static func send(_ amount: Int, to receiver: AccountAddress, replyOn: String = "never", gas: Int? = nil) -> String {
        let coins = "[{\"denom\":\"uscrt\",\"amount\":\"\(amount)\"}]"
        return message(
            "{\"bank\":{\"send\":{\"to_address\":\"\(receiver)\",\"amount\":\(coins)}}}", replyOn: replyOn, gas: gas)
    }
}

extension User {
    private func sealForPuppet(_ json: String, target: [UInt8]) throws -> [UInt8] {
        try encryption.seal(
            Array(json.utf8), codeHash: Hexadecimal.encode(PuppetContract.codeHash.bytes), owner: (address, target))
    }

    func instantiatePuppet(_ label: String, _ json: String = "{}") throws -> AnyMessage {
        let sealed = try sealForPuppet(json, target: PuppetContract.codeHash.bytes)
        return ComputeMessage.instantiate(
            .init(sender: address, codeID: PuppetWorld.puppetCodeID, label: label, message: sealed)
        ).any
    }

    func tell(_ puppet: AccountAddress, _ json: String) throws -> AnyMessage {
        execute(puppet, sealed: try sealForPuppet(json, target: puppet.bytes))
    }

    /// Moves a contract to the puppets' code.
    func migrateToPuppet(_ contract: AccountAddress, _ json: String = "{}") throws -> AnyMessage {
        let sealed = try sealForPuppet(json, target: contract.bytes)
        return ComputeMessage.migrate(
            .init(sender: address, contract: contract, codeID: PuppetWorld.puppetCodeID, message: sealed)
        ).any
    }

    /// A counter that `admin` may migrate.
    func instantiateCounter(_ label: String, count: Int, admin: AccountAddress?) throws -> AnyMessage {
        guard
            case .instantiate(var message)? = try ComputeMessage.decode(
                instantiate(codeID: 1, label: label, count: count))
        else { preconditionFailure() }
        message.admin = admin
        return ComputeMessage.instantiate(message).any
    }
}

extension PlayedResult {
    /// What the first message answered.
    func response() throws -> (address: AccountAddress?, data: [UInt8]) {
        try MessageResponse.contractResult(TransactionData(decoding: data).responses[0])
    }

    func attributes(of type: String) -> [[String]] {
        events.filter { $0.type == type }.map { $0.attributes.map { "\($0.key)=\($0.value)" } }
    }
}
