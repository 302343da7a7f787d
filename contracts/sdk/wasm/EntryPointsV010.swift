/// A contract of interface version 0.10, as most contracts on Secret Network were written. The module that defines one
/// says `typealias ThisContract = ...`.
///
/// It differs from version 1 in its names, in where sender and funds are, in that a message has no reply, and in that a
/// query does not know where it runs.
protocol ContractV010 {
    static func initialize(_ call: Call, _ message: JSON) throws(ContractError) -> Response
    static func handle(_ call: Call, _ message: JSON) throws(ContractError) -> Response
    static func query(_ message: JSON) throws(ContractError) -> [UInt8]
}

@_expose(wasm, "cosmwasm_vm_version_3") @_cdecl("cosmwasm_vm_version_3")
public func cosmwasm_vm_version_3() {}

@_expose(wasm, "init") @_cdecl("init")
public func initialize(_ environment: UInt32, _ message: UInt32) -> UInt32 {
    do throws(ContractError) {
        let call = try Call(environment)
        let response = try ThisContract.initialize(call, JSONReader.parse(Region.take(message)))
        return finish(response, of: call.environment.contractAddress)
    } catch {
        return refuse(error)
    }
}

@_expose(wasm, "handle") @_cdecl("handle")
public func handle(_ environment: UInt32, _ message: UInt32) -> UInt32 {
    do throws(ContractError) {
        let call = try Call(environment)
        let response = try ThisContract.handle(call, JSONReader.parse(Region.take(message)))
        return finish(response, of: call.environment.contractAddress)
    } catch {
        return refuse(error)
    }
}

@_expose(wasm, "query") @_cdecl("query")
public func query(_ message: UInt32) -> UInt32 {
    do throws(ContractError) {
        let answer = try ThisContract.query(JSONReader.parse(Region.take(message)))
        return Region.give(JSON.object([.init("Ok", .base64(answer))]).encoded)
    } catch {
        return refuse(error)
    }
}

extension Call {
    fileprivate init(_ environment: UInt32) throws(ContractError) {
        let value = try JSONReader.parse(Region.take(environment))
        let message = value.member("message")
        self.init(
            environment: try Environment(value),
            sender: try Sender(address: message?.member("sender"), funds: message?.member("sent_funds")))
    }
}

private func finish(_ response: Response, of contract: Text) -> UInt32 {
    let body = JSON.object([
        .init("messages", .array(response.messages.map { json($0.message, from: contract) })),
        .init("log", .array(response.attributes.map { $0.json })),
        .init("data", response.data.map { .base64($0) } ?? .null),
    ])
    return Region.give(JSON.object([.init("Ok", body)]).encoded)
}

private func refuse(_ error: ContractError) -> UInt32 {
    let generic = JSON.object([.init("generic_err", .object([.init("msg", .string(error.message))]))])
    return Region.give(JSON.object([.init("Err", generic)]).encoded)
}

private func json(_ message: Message, from contract: Text) -> JSON {
    switch message {
    case .bankSend(let address, let coins):
        let send = JSON.object([
            .init("from_address", .string(contract)), .init("to_address", .string(address)),
            .init("amount", coins.json),
        ])
        return .object([.init("bank", .object([.init("send", send)]))])
    case .execute(let callee, let codeHash, let message, let funds):
        let execute = JSON.object([
            .init("contract_addr", .string(callee)), .init("callback_code_hash", .string(codeHash)),
            .init("msg", .base64(message)), .init("send", funds.json),
        ])
        return .object([.init("wasm", .object([.init("execute", execute)]))])
    case .instantiate(let codeID, let codeHash, let message, let label, let funds):
        let instantiate = JSON.object([
            .init("code_id", .integer(codeID)), .init("callback_code_hash", .string(codeHash)),
            .init("msg", .base64(message)), .init("send", funds.json), .init("label", .string(label)),
        ])
        return .object([.init("wasm", .object([.init("instantiate", instantiate)]))])
    case .other(let message): return message
    }
}
