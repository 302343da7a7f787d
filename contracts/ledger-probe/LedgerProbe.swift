typealias ThisContract = LedgerProbe

/// Looks at the ledger and at other contracts, and moves what it holds: for tests of what a contract of interface
/// version 0.10 sees and causes.
///
/// init `{}`
/// handle `{"send":{"to":address,"amount":"N","denom":"uscrt"}}`,
///     `{"call":{"contract":address,"code_hash":hash,"msg":base64}}`, `{"who":{}}` (data: sender, funds, height),
///     `{"fail":{"text":"text"}}`
/// query `{"balance":{"address":address,"denom":"uscrt"}}`, `{"smart":{"contract":address,"code_hash":hash,"msg":base64}}`
enum LedgerProbe: ContractV010 {
    static func initialize(_ call: Call, _ message: JSON) throws(ContractError) -> Response {
        try Fields(message).finish()
        return Response()
    }

    static func handle(_ call: Call, _ message: JSON) throws(ContractError) -> Response {
        let variant = try message.variant()
        var fields = try Fields(variant.value)
        var response = Response()
        switch variant.name {
        case "send":
            let receiver = try fields.take("to").text("to")
            let coin = try Coin(
                .object([.init("denom", fields.take("denom")), .init("amount", fields.take("amount"))]), "coin")
            response.messages = [SubMessage(message: .bankSend(to: receiver, coins: [coin]))]
            response.attributes = [.plain("sent_to", receiver)]
        case "call":
            let contract = try fields.take("contract").text("contract")
            let codeHash = try fields.take("code_hash").text("code_hash")
            let body = try bytes(&fields)
            let execute = Message.execute(contract: contract, codeHash: codeHash, message: body, funds: [])
            response.messages = [SubMessage(message: execute)]
        case "who":
            let answer = JSON.object([
                .init("sender", .string(call.sender.address)), .init("funds", call.sender.funds.json),
                .init("height", .integer(call.environment.blockHeight)),
            ])
            response.data = answer.encoded
            response.attributes = [.encrypted("sender", call.sender.address)]
        case "fail": throw ContractError(try fields.take("text").text("text"))
        default: throw ContractError("unknown message: " + variant.name)
        }
        try fields.finish()
        return response
    }

    static func query(_ message: JSON) throws(ContractError) -> [UInt8] {
        let variant = try message.variant()
        var fields = try Fields(variant.value)
        let request: JSON
        switch variant.name {
        case "balance":
            let balance = JSON.object([
                .init("address", try fields.take("address")), .init("denom", try fields.take("denom")),
            ])
            request = .object([.init("bank", .object([.init("balance", balance)]))])
        case "smart":
            let smart = JSON.object([
                .init("contract_addr", try fields.take("contract")),
                .init("callback_code_hash", try fields.take("code_hash")), .init("msg", .base64(try bytes(&fields))),
            ])
            request = .object([.init("wasm", .object([.init("smart", smart)]))])
        default: throw ContractError("unknown query: " + variant.name)
        }
        try fields.finish()
        return try Chain.query(request)
    }

    private static func bytes(_ fields: inout Fields) throws(ContractError) -> [UInt8] {
        guard let bytes = Base64.decode(try fields.take("msg").text("msg").utf8) else {
            throw ContractError("msg must be base64")
        }
        return bytes
    }
}
