/// What a contract may ask of the chain while it runs.
enum Chain {
    /// Sends a query (`{"bank":{..}}`, `{"wasm":{"smart":{..}}}`, ...) and returns the bytes of its answer.
    static func query(_ request: JSON) throws(ContractError) -> [UInt8] {
        let answer = try JSONReader.parse(Host.query(request.encoded))
        if let inner = answer.member("Ok")?.member("Ok"), let text = try? inner.text("answer"),
            let bytes = Base64.decode(text.utf8)
        {
            return bytes
        }
        throw ContractError(.notAnswered, "query failed: " + Text(answer.encoded))
    }

    /// What `address` holds, in public coins.
    static func balance(of address: Text, in denomination: Text) throws(ContractError) -> Amount {
        let balance = JSON.object([.init("address", .string(address)), .init("denom", .string(denomination))])
        let answer = try query(.object([.init("bank", .object([.init("balance", balance)]))]))
        guard let amount = try JSONReader.parse(answer).member("amount")?.member("amount") else {
            throw ContractError(.notAnswered, "the chain told no balance")
        }
        return try Amount(amount, "amount")
    }

    /// Asks another contract of interface version 1; its question is padded, as a message is.
    static func ask<Answer: JSONCoded>(
        _ contract: Text, codeHash: Text, _ question: some JSONCoded
    ) throws(ContractError) -> Answer {
        let smart = JSON.object([
            .init("contract_addr", .string(contract)), .init("code_hash", .string(codeHash)),
            .init("msg", .base64(Padding.spaces(question.json.encoded, multiple: Message.bytesMultiple))),
        ])
        let answer = try query(.object([.init("wasm", .object([.init("smart", smart)]))]))
        return try Answer(JSONReader.parse(answer), "answer")
    }

    /// Whether `address` is the normalized text of an address of this chain (interface version 1 only).
    static func isAddress(_ address: Text) -> Bool { Host.isAddress(address.utf8) }

    static func requireAddress(_ address: Text, _ name: Text) throws(ContractError) {
        guard isAddress(address) else { throw ContractError(name + " is not an address") }
    }
}
