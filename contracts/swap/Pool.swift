typealias ThisContract = Pool

/// Swaps two private tokens for each other at a price that follows from what is there (constant product). Amounts,
/// shares and exact reserves are secret; everybody can read the reserves' first digits, so that there is a price to
/// trade at.
enum Pool: Contract {
    private static let start = Item<Start>("start")
    private static let reserves = Item<Reserves>("reserves", paddedTo: 256)
    private static let shares = Map<Amount>("shares", paddedTo: 64)
    private static let publicDigits = 3
    private static let feePerMilleMax: UInt32 = 100

    static var answerBytesMultiple: Int { 256 }

    static func instantiate(_ call: Call, _ message: Start) throws(ContractError) -> Response {
        try call.requireNoFunds()
        guard message.tokenA.contract != message.tokenB.contract else { throw ContractError("two tokens, not one") }
        guard message.feePerMille ?? 0 <= feePerMilleMax else { throw ContractError("the fee is at most 100") }
        start.save(message)
        reserves.save(Reserves(a: 0, b: 0, shares: 0))
        var response = Response()
        for token in [message.tokenA, message.tokenB] {
            try Chain.requireAddress(token.contract, "a token")
            // From now on the token tells us what is sent to us.
            let register = TokenAction.registerReceive(codeHash: call.environment.contractCodeHash)
            response.send(.execute(token.contract, codeHash: token.codeHash, register))
        }
        return response
    }

    static func execute(_ call: Call, _ message: Action) throws(ContractError) -> Response {
        try call.requireNoFunds()
        switch message {
        case .receive(_, let from, let amount, let purpose, _): return try receive(call, from, amount, purpose)
        case .addLiquidity(let a, let b, let minimum): return try add(call, a, b, minimum ?? 0)
        case .removeLiquidity(let count, let a, let b): return try remove(call, count, a ?? 0, b ?? 0)
        case .setViewingKey(let key):
            try ViewingKeys.set(key, of: call.sender.address)
            return Response()
        case .revokePermit(let name):
            Permit.revoke(name, of: call.sender.address)
            return Response()
        }
    }

    static func query(_ environment: Environment, _ question: Question) throws(ContractError) -> JSON {
        let start = try start.load()
        let known = try reserves.load()
        let (reserveA, reserveB) = (known.a.rounded(toDigits: publicDigits), known.b.rounded(toDigits: publicDigits))
        let fee = start.feePerMille ?? 3
        switch question {
        case .pool:
            return PoolAnswer(
                tokenA: start.tokenA.contract, tokenB: start.tokenB.contract, feePerMille: fee, reserveA: reserveA,
                reserveB: reserveB
            ).json
        case .quote(let token, let amount):
            let isA = try isA(token, start)
            let about = try Reserves.output(
                for: amount, into: isA ? reserveA : reserveB, from: isA ? reserveB : reserveA, feePerMille: fee)
            return QuoteAnswer(about: about).json
        case .shares(let address, let key):
            try ViewingKeys.require(key, of: address)
            return SharesAnswer(shares: try shares.find(address) ?? 0).json
        case .withPermit(let permit, .shares):
            let account = try permit.signer(environment, permission: "balance")
            return SharesAnswer(shares: try shares.find(account) ?? 0).json
        }
    }

    private static func isA(_ token: Text, _ start: Start) throws(ContractError) -> Bool {
        guard token == start.tokenA.contract || token == start.tokenB.contract else {
            throw ContractError("not a token of this pool")
        }
        return token == start.tokenA.contract
    }

    private static func pay(_ token: Token, _ recipient: Text, _ amount: Amount) -> Message {
        .execute(token.contract, codeHash: token.codeHash, TokenAction.transfer(recipient: recipient, amount: amount))
    }

    // MARK: - Swapping

    /// The caller is who holds the tokens' books: nobody else can say that something was sent.
    private static func receive(
        _ call: Call, _ from: Text, _ amount: Amount, _ purpose: Bytes?
    ) throws(ContractError) -> Response {
        let start = try start.load()
        let isA = try isA(call.sender.address, start)
        // A refusal here takes the sending back too: nothing is stuck.
        guard let purpose else { throw ContractError("say in msg what to do with the tokens") }
        switch try Purpose(JSONReader.parse(purpose.bytes), "msg") {
        case .swap(let minimum, let recipient):
            return try swap(amount, isA: isA, start, to: recipient ?? from, minimum ?? 0)
        }
    }

    private static func swap(
        _ amount: Amount, isA: Bool, _ start: Start, to recipient: Text, _ minimum: Amount
    ) throws(ContractError) -> Response {
        try Chain.requireAddress(recipient, "recipient")
        var reserves = try reserves.load()
        let output = try reserves.swap(amount, isA: isA, feePerMille: start.feePerMille ?? 3)
        guard output > 0, output >= minimum else { throw ContractError("the pool pays less than the minimum") }
        Pool.reserves.save(reserves)
        var response = Response()
        response.send(pay(isA ? start.tokenB : start.tokenA, recipient, output))
        response.attributes = [.encrypted("swapped_to", output.text)]
        return response
    }

    // MARK: - Providing

    private static func add(
        _ call: Call, _ upToA: Amount, _ upToB: Amount, _ minimum: Amount
    ) throws(ContractError) -> Response {
        let start = try start.load()
        let provider = call.sender.address
        var reserves = try reserves.load()
        let added = try reserves.add(upToA: upToA, upToB: upToB)
        guard added.shares >= minimum else { throw ContractError("that would be fewer shares than the minimum") }
        Pool.reserves.save(reserves)
        shares.save(try (shares.find(provider) ?? 0).adding(added.shares), at: provider)
        // If a token does not move, all of this is undone.
        var response = Response(answering: SharesAnswer(shares: added.shares))
        for (token, amount) in [(start.tokenA, added.a), (start.tokenB, added.b)] {
            let take = TokenAction.transferFrom(
                owner: provider, recipient: call.environment.contractAddress, amount: amount)
            response.send(.execute(token.contract, codeHash: token.codeHash, take))
        }
        return response
    }

    private static func remove(
        _ call: Call, _ count: Amount, _ minimumA: Amount, _ minimumB: Amount
    ) throws(ContractError) -> Response {
        let start = try start.load()
        let provider = call.sender.address
        let held = try shares.find(provider) ?? 0
        guard count > 0 else { throw ContractError("remove some shares") }
        shares.save(try held.subtracting(count, or: "insufficient shares"), at: provider)
        var reserves = try reserves.load()
        let given = try reserves.remove(count)
        guard given.a >= minimumA, given.b >= minimumB else {
            throw ContractError("the pool pays less than the minimum")
        }
        Pool.reserves.save(reserves)
        var response = Response()
        response.send(pay(start.tokenA, provider, given.a))
        response.send(pay(start.tokenB, provider, given.b))
        return response
    }
}
