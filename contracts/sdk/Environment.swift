/// An amount of one denomination; amounts are decimal texts because they exceed 64 bits.
struct Coin {
    var denomination: Text
    var amount: Text

    init(denomination: Text, amount: Text) {
        self.denomination = denomination
        self.amount = amount
    }

    init(_ value: JSON) throws(ContractError) {
        var fields = try Fields(value)
        denomination = try fields.take("denom").text("denom")
        amount = try fields.take("amount").text("amount")
        try fields.finish()
        let isNumber = amount.utf8.allSatisfy { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
        guard isNumber, let first = amount.utf8.first, first != UInt8(ascii: "0"), amount.utf8.count <= 39 else {
            throw ContractError("amount must be a positive decimal number")
        }
        guard denomination.utf8.count >= 3 else { throw ContractError("denom is too short") }
    }

    var json: JSON { .object([.init("denom", .string(denomination)), .init("amount", .string(amount))]) }
}

/// Where a call happens. All of it comes from the enclave, which checked it.
struct Environment {
    var blockHeight: UInt64
    var chainID: Text
    var contractAddress: Text
    var contractCodeHash: Text

    /// Unknown members are ignored: the environment grows with the network.
    init(_ value: JSON) throws(ContractError) {
        guard let block = value.member("block"), let contract = value.member("contract"),
            let height = block.member("height"), let chainID = block.member("chain_id"),
            let address = contract.member("address")
        else { throw ContractError("incomplete environment") }
        blockHeight = try height.integer("height")
        self.chainID = try chainID.text("chain_id")
        contractAddress = try address.text("address")
        // Version 1 has it beside the address, version 0.10 at the top.
        let hash = contract.member("code_hash") ?? value.member("contract_code_hash")
        contractCodeHash = try hash?.text("code_hash") ?? ""
    }
}

/// Who calls, and what came along. The funds are in the contract's account already.
struct Sender {
    var address: Text
    var funds: [Coin]

    init(address: JSON?, funds: JSON?) throws(ContractError) {
        guard let address, let funds else { throw ContractError("incomplete sender") }
        self.address = try address.text("sender")
        self.funds = []
        for coin in try funds.elements("funds") { self.funds.append(try Coin(coin)) }
    }
}
