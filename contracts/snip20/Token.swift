typealias ThisContract = Token

/// A private token: who holds how much and who pays whom is known to the two alone (SNIP-20, with SNIP-24 permits).
/// Of the reference's messages it has those that wallets and exchanges call; no batches, no minters' list.
enum Token: Contract {
    /// Whatever is asked, the answer has one of a few lengths.
    static var answerBytesMultiple: Int { 256 }

    static func instantiate(_ call: Call, _ message: Start) throws(ContractError) -> Response {
        try call.requireNoFunds()
        guard message.name.utf8.count >= 3, message.name.utf8.count <= 30 else {
            throw ContractError("a name has from 3 to 30 characters")
        }
        guard message.symbol.utf8.count >= 3, message.symbol.utf8.count <= 20, message.decimals <= 18 else {
            throw ContractError("a symbol has from 3 to 20 characters and a token at most 18 decimals")
        }
        var supply: Amount = 0
        for balance in message.initialBalances ?? [] {
            try Chain.requireAddress(balance.address, "an initial balance's address")
            supply = try supply.adding(balance.amount)
            try State.add(balance.amount, to: balance.address)
        }
        var start = message
        start.admin = message.admin ?? call.sender.address
        start.initialBalances = nil
        start.prngSeed = Bytes([])
        State.start.save(start)
        State.supply.save(supply)
        return Response()
    }

    static func execute(_ call: Call, _ message: Action) throws(ContractError) -> Response {
        if case .deposit = message { return try deposit(call) }
        try call.requireNoFunds()
        let sender = call.sender.address
        switch message {
        case .transfer(let recipient, let amount, let memo, _, _):
            try move(call, from: sender, to: recipient, amount, memo)
            return done(.transfer(status: "success"))
        case .send(let recipient, let codeHash, let amount, let message, let memo, _, _):
            let notice = try send(call, from: sender, to: recipient, codeHash, amount, message, memo)
            return done(.send(status: "success"), telling: notice)
        case .increaseAllowance(let spender, let amount, let expiration):
            let allowance = try setAllowance(call, spender, expiration) { old throws(ContractError) in
                try old.adding(amount)
            }
            return done(.increaseAllowance(spender: spender, owner: sender, allowance: allowance))
        case .decreaseAllowance(let spender, let amount, let expiration):
            let allowance = try setAllowance(call, spender, expiration) { old throws(ContractError) in
                amount > old ? 0 : try old.subtracting(amount, or: "")
            }
            return done(.decreaseAllowance(spender: spender, owner: sender, allowance: allowance))
        case .transferFrom(let owner, let recipient, let amount, let memo, _, _):
            try spend(call, amount, of: owner)
            try move(call, from: owner, to: recipient, amount, memo)
            return done(.transferFrom(status: "success"))
        case .sendFrom(let owner, let recipient, let codeHash, let amount, let message, let memo, _, _):
            try spend(call, amount, of: owner)
            let notice = try send(call, from: owner, to: recipient, codeHash, amount, message, memo)
            return done(.sendFrom(status: "success"), telling: notice)
        case .burnFrom(let owner, let amount, _, _, _):
            try spend(call, amount, of: owner)
            try burn(amount, of: owner)
            return done(.burnFrom(status: "success"))
        case .redeem(let amount, let denomination, _, _): return try redeem(call, amount, denomination)
        case .mint(let recipient, let amount, _, _, _): return try mint(call, to: recipient, amount)
        case .burn(let amount, _, _, _):
            try burn(amount, of: sender)
            return done(.burn(status: "success"))
        case .registerReceive(let codeHash):
            State.receivers.save(codeHash, at: sender)
            return done(.registerReceive(status: "success"))
        case .createViewingKey(let entropy):
            return done(.createViewingKey(key: try ViewingKeys.create(call, entropy: entropy ?? "")))
        case .setViewingKey(let key):
            try ViewingKeys.set(key, of: sender, bytesMin: 1)
            return done(.setViewingKey(status: "success"))
        case .revokePermit(let name):
            Permit.revoke(name, of: sender)
            return done(.revokePermit(status: "success"))
        case .deposit: return Response()
        }
    }

    static func query(_ environment: Environment, _ question: Question) throws(ContractError) -> JSON {
        try Answers.answer(environment, question).json
    }

    private static func done(_ answer: Answer, telling notice: Message? = nil) -> Response {
        var response = Response(answering: answer)
        if let notice { response.send(notice) }
        return response
    }

    // MARK: - Moving tokens

    private static func move(
        _ call: Call, from owner: Text, to recipient: Text, _ amount: Amount, _ memo: Text?
    ) throws(ContractError) {
        try Chain.requireAddress(recipient, "recipient")
        if let memo, memo.utf8.count > 256 { throw ContractError("a memo has at most 256 characters") }
        try State.take(amount, from: owner)
        try State.add(amount, to: recipient)
        guard amount > 0 else { return }
        let start = try State.start.load()
        var transfer = Transfer(
            id: 0, from: owner, sender: call.sender.address, receiver: recipient,
            coins: Coin(denomination: start.symbol, amount: amount), memo: memo,
            blockTime: call.environment.timeSeconds, blockHeight: call.environment.blockHeight)
        // Sender and receiver have a history each, of the same lengths, so that the two writes look alike.
        transfer.id = try State.transfers.count(of: owner) + 1
        try State.transfers.append(transfer, of: owner)
        guard recipient != owner else { return }
        transfer.id = try State.transfers.count(of: recipient) + 1
        try State.transfers.append(transfer, of: recipient)
    }

    /// Returns what to tell the recipient, if it wants to be told.
    private static func send(
        _ call: Call, from owner: Text, to recipient: Text, _ codeHash: Text?, _ amount: Amount, _ message: Bytes?,
        _ memo: Text?
    ) throws(ContractError) -> Message? {
        try move(call, from: owner, to: recipient, amount, memo)
        let registered = try State.receivers.find(recipient)
        guard let codeHash = codeHash ?? registered else { return nil }
        let notice = Notice.receive(sender: call.sender.address, from: owner, amount: amount, msg: message, memo: memo)
        return .execute(recipient, codeHash: codeHash, notice)
    }

    /// Takes `amount` of what `owner` allowed the caller.
    private static func spend(_ call: Call, _ amount: Amount, of owner: Text) throws(ContractError) {
        var allowance = try State.allowance(owner, call.sender.address, call.environment.timeSeconds)
        allowance.amount = try allowance.amount.subtracting(amount, or: "insufficient allowance")
        State.allowances.save(allowance, at: owner + "/" + call.sender.address)
    }

    private static func setAllowance(
        _ call: Call, _ spender: Text, _ expiration: UInt64?, _ change: (Amount) throws(ContractError) -> Amount
    ) throws(ContractError) -> Amount {
        try Chain.requireAddress(spender, "spender")
        let now = call.environment.timeSeconds
        var allowance = try State.allowance(call.sender.address, spender, now)
        allowance.amount = try change(allowance.amount)
        allowance.expiration = expiration ?? allowance.expiration
        State.allowances.save(allowance, at: call.sender.address + "/" + spender)
        return allowance.amount
    }

    // MARK: - Supply

    /// One token for each coin that comes along.
    private static func deposit(_ call: Call) throws(ContractError) -> Response {
        let start = try State.start.load()
        guard start.config?.enableDeposit == true else { throw ContractError("deposit is not enabled") }
        guard let coin = call.sender.funds.first, call.sender.funds.count == 1,
            (start.supportedDenoms ?? []).contains(coin.denomination)
        else { throw ContractError("send coins of one supported denomination") }
        State.supply.save(try State.supply.load().adding(coin.amount))
        try State.add(coin.amount, to: call.sender.address)
        return done(.deposit(status: "success"))
    }

    private static func redeem(_ call: Call, _ amount: Amount, _ denomination: Text?) throws(ContractError) -> Response
    {
        let start = try State.start.load()
        guard start.config?.enableRedeem == true else { throw ContractError("redeem is not enabled") }
        let supported = start.supportedDenoms ?? []
        guard let denomination = denomination ?? (supported.count == 1 ? supported[0] : nil),
            supported.contains(denomination), amount > 0
        else { throw ContractError("redeem some of a supported denomination") }
        try State.take(amount, from: call.sender.address)
        State.supply.save(try State.supply.load().subtracting(amount, or: "insufficient supply"))
        var response = done(.redeem(status: "success"))
        response.send(
            .bankSend(to: call.sender.address, coins: [Coin(denomination: denomination, amount: amount)]))
        return response
    }

    private static func mint(_ call: Call, to recipient: Text, _ amount: Amount) throws(ContractError) -> Response {
        let start = try State.start.load()
        guard start.config?.enableMint == true else { throw ContractError("mint is not enabled") }
        guard start.admin == call.sender.address else { throw ContractError("only the admin mints") }
        try Chain.requireAddress(recipient, "recipient")
        State.supply.save(try State.supply.load().adding(amount))
        try State.add(amount, to: recipient)
        return done(.mint(status: "success"))
    }

    private static func burn(_ amount: Amount, of owner: Text) throws(ContractError) {
        guard try State.start.load().config?.enableBurn == true else { throw ContractError("burn is not enabled") }
        try State.take(amount, from: owner)
        State.supply.save(try State.supply.load().subtracting(amount, or: "insufficient supply"))
    }
}
