/// A positive amount of one denomination.
struct Coin: Equatable, JSONCoded {
    var denomination: Text
    var amount: Amount

    init(denomination: Text, amount: Amount) {
        self.denomination = denomination
        self.amount = amount
    }

    init(_ json: JSON, _ name: Text) throws(ContractError) {
        var fields = try Fields(json)
        denomination = try fields.take("denom").text("denom")
        guard let amount = Amount(decimal: try fields.take("amount").text("amount").utf8), amount > 0 else {
            throw ContractError("amount must be a positive decimal number")
        }
        self.amount = amount
        try fields.finish()
        guard denomination.utf8.count >= 3 else { throw ContractError("denom is too short") }
    }

    var json: JSON { .object([.init("denom", .string(denomination)), .init("amount", amount.json)]) }
}

/// Where a call happens. All of it comes from the enclave, which checked it.
struct Environment {
    var blockHeight: UInt64
    /// The block's time; the validators agree on it within seconds. Interface version 0.10 tells whole seconds only.
    var time: Timestamp
    /// The same in seconds since 1970.
    var timeSeconds: UInt64 { time.seconds }
    /// 32 bytes that nobody knows before the block is final; empty in a query. Draw from `Random`, not from here.
    var random: [UInt8]
    var chainID: Text
    /// Height and place of the transaction in its block; empty in a query from outside. In a query by a contract it is
    /// the transaction in which that contract runs, and which it can still take back.
    var transaction: Text
    var contractAddress: Text
    var contractCodeHash: Text

    /// Unknown members are ignored: the environment grows with the network.
    init(_ value: JSON) throws(ContractError) {
        guard let block = value.member("block"), let contract = value.member("contract"),
            let height = block.member("height"), let chainID = block.member("chain_id"),
            let address = contract.member("address")
        else { throw ContractError("incomplete environment") }
        blockHeight = try height.integer("height")
        transaction = ""
        if let index = value.member("transaction")?.member("index"), case .number(let text) = index {
            transaction = Text(decimal: blockHeight) + "/" + text
        }
        time = try Environment.time(block.member("time"))
        if let random = block.member("random"), case .string(let text) = random, text != "AA==" {
            self.random = Base64.decode(text.utf8) ?? []
        } else {
            random = []
        }
        self.chainID = try chainID.text("chain_id")
        contractAddress = try address.text("address")
        // Version 1 has it beside the address, version 0.10 at the top.
        let hash = contract.member("code_hash") ?? value.member("contract_code_hash")
        contractCodeHash = try hash?.text("code_hash") ?? ""
    }
}

extension Environment {
    /// Version 1 tells nanoseconds in a text, version 0.10 seconds in a number.
    private static func time(_ time: JSON?) throws(ContractError) -> Timestamp {
        switch time {
        case .string(let text)?:
            guard let nanoseconds = UInt64(decimal: text.utf8) else { throw ContractError("incomplete environment") }
            return Timestamp(nanoseconds: nanoseconds)
        case .number(let text)?: return try Timestamp(seconds: UInt64(decimal: text.utf8) ?? 0)
        default: return Timestamp(nanoseconds: 0)
        }
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
        for coin in try funds.elements("funds") { self.funds.append(try Coin(coin, "funds")) }
    }
}
