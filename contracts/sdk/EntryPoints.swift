/// A contract of interface version 1. The module that defines one says `typealias ThisContract = ...`.
///
/// A thrown error refuses the call; a trap (overflow, index out of range) ends it without an answer.
protocol Contract {
    static func instantiate(_ call: Call, _ message: JSON) throws(ContractError) -> Response
    static func execute(_ call: Call, _ message: JSON) throws(ContractError) -> Response
    /// Returns the answer's bytes, JSON by custom.
    static func query(_ environment: Environment, _ message: JSON) throws(ContractError) -> [UInt8]
    static func reply(_ environment: Environment, _ reply: Reply) throws(ContractError) -> Response
}

struct Call {
    var environment: Environment
    var sender: Sender
}

/// How a message of an earlier call ended.
struct Reply {
    var id: UInt64
    /// The error's text, or `nil` if the message succeeded.
    var error: Text?

    init(_ value: JSON) throws(ContractError) {
        guard let id = value.member("id"), let result = value.member("result") else {
            throw ContractError("incomplete reply")
        }
        self.id = try id.integer("id")
        if let error = result.member("error") {
            self.error = try error.text("error")
        } else if result.member("ok") == nil {
            throw ContractError("incomplete reply")
        }
    }
}

@_expose(wasm, "interface_version_8") @_cdecl("interface_version_8")
public func interface_version_8() {}

@_expose(wasm, "instantiate") @_cdecl("instantiate")
public func instantiate(_ environment: UInt32, _ info: UInt32, _ message: UInt32) -> UInt32 {
    do throws(ContractError) {
        let call = try Call(environment, info)
        return finish(try ThisContract.instantiate(call, JSONReader.parse(Region.take(message))))
    } catch {
        return refuse(error)
    }
}

@_expose(wasm, "execute") @_cdecl("execute")
public func execute(_ environment: UInt32, _ info: UInt32, _ message: UInt32) -> UInt32 {
    do throws(ContractError) {
        let call = try Call(environment, info)
        return finish(try ThisContract.execute(call, JSONReader.parse(Region.take(message))))
    } catch {
        return refuse(error)
    }
}

@_expose(wasm, "query") @_cdecl("query")
public func query(_ environment: UInt32, _ message: UInt32) -> UInt32 {
    do throws(ContractError) {
        let environment = try Environment(JSONReader.parse(Region.take(environment)))
        let answer = try ThisContract.query(environment, JSONReader.parse(Region.take(message)))
        return Region.give(JSON.object([.init("Ok", .base64(answer))]).encoded)
    } catch {
        return refuse(error)
    }
}

@_expose(wasm, "reply") @_cdecl("reply")
public func reply(_ environment: UInt32, _ message: UInt32) -> UInt32 {
    do throws(ContractError) {
        let environment = try Environment(JSONReader.parse(Region.take(environment)))
        return finish(try ThisContract.reply(environment, Reply(JSONReader.parse(Region.take(message)))))
    } catch {
        return refuse(error)
    }
}

extension Call {
    fileprivate init(_ environment: UInt32, _ info: UInt32) throws(ContractError) {
        self.environment = try Environment(JSONReader.parse(Region.take(environment)))
        let info = try JSONReader.parse(Region.take(info))
        sender = try Sender(address: info.member("sender"), funds: info.member("funds"))
    }
}

private func finish(_ response: Response) -> UInt32 {
    let body = JSON.object([
        .init("messages", .array(response.messages.map(json))),
        .init("attributes", .array(response.attributes.map { $0.json })),
        .init("events", .array([])),
        .init("data", response.data.map { .base64($0) } ?? .null),
    ])
    return Region.give(JSON.object([.init("Ok", body)]).encoded)
}

private func refuse(_ error: ContractError) -> UInt32 {
    Region.give(JSON.object([.init("Err", .string(error.message))]).encoded)
}

private func json(_ message: SubMessage) -> JSON {
    .object([
        .init("id", .integer(message.id)), .init("msg", json(message.message)), .init("gas_limit", .null),
        .init("reply_on", .string(message.replyOn.name)),
    ])
}

private func json(_ message: Message) -> JSON {
    switch message {
    case .bankSend(let address, let coins):
        let send = JSON.object([.init("to_address", .string(address)), .init("amount", coins.json)])
        return .object([.init("bank", .object([.init("send", send)]))])
    case .execute(let contract, let codeHash, let message, let funds):
        let execute = JSON.object([
            .init("contract_addr", .string(contract)), .init("code_hash", .string(codeHash)),
            .init("msg", .base64(message)), .init("send", funds.json),
        ])
        return .object([.init("wasm", .object([.init("execute", execute)]))])
    }
}
