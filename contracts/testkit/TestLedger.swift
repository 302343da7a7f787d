/// Another contract on a test's chain, as a double: what it answers to calls and questions. Texts are JSON.
struct TestNeighbour {
    /// What the double is called with.
    struct Call {
        var message: String
        var sender: String
        /// As in `"5uscrt"`.
        var funds: String
    }

    /// A refusal, with its text.
    struct Refusal: Error {
        var text: String
        init(_ text: String) { self.text = text }
    }

    /// What it answers, as data; a `Refusal` fails the call. It may call the tested contract with `chain.execute`.
    var onCall: (Call) throws -> String = { _ in "" }
    var onQuery: (String) throws -> String = { _ in throw Refusal("no such question") }
}

/// Public coins of a test's chain, by account and denomination.
struct TestLedger {
    private var balances: [String: [String: UInt128]] = [:]

    func balance(of account: String, in denomination: String) -> UInt128 { balances[account]?[denomination] ?? 0 }

    mutating func give(_ coins: [(denomination: String, amount: UInt128)], to account: String) {
        for coin in coins { balances[account, default: [:]][coin.denomination, default: 0] += coin.amount }
    }

    /// Whether it was there.
    mutating func move(_ coins: [(denomination: String, amount: UInt128)], from payer: String, to receiver: String)
        -> Bool
    {
        for coin in coins {
            guard balance(of: payer, in: coin.denomination) >= coin.amount else { return false }
            balances[payer]![coin.denomination]! -= coin.amount
            give([coin], to: receiver)
        }
        return true
    }

    /// Coins as in `"3other,5uscrt"`; what is none is a fault of the test.
    static func coins(_ text: String) -> [(denomination: String, amount: UInt128)] {
        text.split(separator: ",").map { coin in
            let digits = coin.prefix { $0.isNumber }
            guard let amount = UInt128(digits) else { fatalError("no coins: \(text)") }
            return (String(coin.dropFirst(digits.count)), amount)
        }
    }
}

extension TestChain {
    /// Gives coins to an account, out of nothing. From the first gift on, or the first neighbour, the chain does what
    /// the contract asks for: coins move, neighbours are called, `reply` hears of it, and what fails undoes the whole
    /// transaction. Messages of staking, votes and admins, and those that make or migrate contracts, pass and do
    /// nothing; of a migration's own messages nothing is delivered; a question to the contract itself is answered as
    /// unknown. What a double keeps for itself is its own to undo. Data that the contract answers itself with reaches
    /// `reply` as UTF-8, without spaces at its end.
    func give(_ coins: String, to account: String) { ledger.give(TestLedger.coins(coins), to: account); isLive = true }

    func balance(of account: String, in denomination: String = "uscrt") -> UInt128 {
        ledger.balance(of: account, in: denomination)
    }

    // MARK: - Transactions

    /// A call with its coins and all that comes of it.
    func transact(from sender: String, with funds: String, _ call: () -> TestAnswer) -> TestAnswer {
        let (before, isOutermost) = ((Host.state, ledger), !isInTransaction)
        isInTransaction = true
        defer { if isOutermost { isInTransaction = false } }
        func refuse(_ text: String) -> TestAnswer {
            (Host.state, ledger) = before
            return TestAnswer(JSON.object([.init("Err", .string(Text(Array(text.utf8))))]).encoded)
        }
        guard ledger.move(TestLedger.coins(funds), from: sender, to: contract) else {
            return refuse("insufficient funds")
        }
        let answer = call()
        if let error = answer.error { return refuse(error) }
        if let error = deliver(answer) { return refuse(error) }
        return answer
    }

    /// Sends what an answer asks for, in its order; the error that undoes the transaction, if there is one.
    private func deliver(_ answer: TestAnswer) -> String? {
        for message in answer.submessages {
            let before = (Host.state, ledger)
            // A contract may have a type of this name.
            let result = Swift.Result { try send(message.message) }
            switch (result, message.replyOn) {
            case (.success, "never"), (.success, "error"): continue
            case (.failure(let error), "never"), (.failure(let error), "success"): return "\(error)"
            case (.success(let data), _):
                let text = data.isEmpty ? "null" : "\"\(TestChain.base64(data))\""
                if let error = answerReply(#"{"id":\#(message.id),"result":{"ok":{"events":[],"data":\#(text)}}}"#) {
                    return error
                }
            case (.failure(let error), _):
                (Host.state, ledger) = before
                let text = String(decoding: JSON.string(Text(Array("\(error)".utf8))).encoded, as: UTF8.self)
                if let error = answerReply(#"{"id":\#(message.id),"result":{"error":\#(text)}}"#) { return error }
            }
        }
        return nil
    }

    private func answerReply(_ reply: String) -> String? {
        let answer = self.reply(reply)
        return answer.error ?? deliver(answer)
    }

    private struct Failure: Error, CustomStringConvertible {
        var description: String
    }

    private func send(_ message: JSON) throws -> String {
        if let payment = message.member("bank")?.member("send") {
            let coins = try TestChain.coins(payment.member("amount"))
            let receiver = TestAnswer.string(payment.member("to_address") ?? .null) ?? ""
            guard ledger.move(coins, from: contract, to: receiver) else {
                throw Failure(description: "insufficient funds")
            }
            return ""
        }
        guard let call = message.member("wasm")?.member("execute") else { return "" }
        let address = TestAnswer.string(call.member("contract_addr") ?? .null) ?? ""
        let coins = try TestChain.coins(call.member("send"))
        let text = TestAnswer.decoded(call.member("msg") ?? .null)
        let funds = coins.map { "\($0.amount)\($0.denomination)" }.joined(separator: ",")
        if address == contract {
            let answer = execute(text, from: contract, with: funds)
            if let error = answer.error { throw Failure(description: error) }
            return answer.data
        }
        guard let neighbour = neighbours[address] else { throw Failure(description: "contract: not found") }
        guard ledger.move(coins, from: contract, to: address) else { throw Failure(description: "insufficient funds") }
        do {
            return try neighbour.onCall(.init(message: text, sender: contract, funds: funds))
        } catch let refusal as TestNeighbour.Refusal {
            throw Failure(description: refusal.text)
        }
    }

    /// A chain refuses coins that are none, and of which there are none.
    private static func coins(_ json: JSON?) throws -> [(denomination: String, amount: UInt128)] {
        guard case .array(let coins)? = json else { return [] }
        return try coins.map { coin in
            guard let denomination = TestAnswer.string(coin.member("denom") ?? .null),
                let amount = UInt128(TestAnswer.string(coin.member("amount") ?? .null) ?? ""), amount > 0
            else { throw Failure(description: "invalid coins") }
            return (denomination, amount)
        }
    }

    // MARK: - Questions

    /// Balances out of the ledger, and what neighbours answer.
    func answerQuestion(_ question: [UInt8]) -> [UInt8] {
        let unknown = Array(#"{"Err":{"unknown":{}}}"#.utf8)
        guard isLive, let json = try? JSONReader.parse(question) else { return unknown }
        func answered(_ text: String) -> [UInt8] { Array(#"{"Ok":{"Ok":"\#(TestChain.base64(text))"}}"#.utf8) }
        if let asked = json.member("bank")?.member("balance") {
            let account = TestAnswer.string(asked.member("address") ?? .null) ?? ""
            let denomination = TestAnswer.string(asked.member("denom") ?? .null) ?? ""
            let amount = balance(of: account, in: denomination)
            return answered(#"{"amount":{"denom":"\#(denomination)","amount":"\#(amount)"}}"#)
        }
        guard let asked = json.member("wasm")?.member("smart"),
            let neighbour = neighbours[TestAnswer.string(asked.member("contract_addr") ?? .null) ?? ""]
        else { return unknown }
        do {
            return answered(try neighbour.onQuery(TestAnswer.decoded(asked.member("msg") ?? .null)))
        } catch {
            let text = (error as? TestNeighbour.Refusal)?.text ?? "\(error)"
            let refusal = JSON.object([
                .init("generic_err", .object([.init("msg", .string(Text(Array(text.utf8))))]))
            ])
            return JSON.object([.init("Ok", .object([.init("Err", refusal)]))]).encoded
        }
    }

    private static func base64(_ text: String) -> String {
        String(decoding: Base64.encode(Array(text.utf8)), as: UTF8.self)
    }
}
