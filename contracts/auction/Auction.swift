typealias ThisContract = Auction

// sdk: message
struct Start {
    /// What is sold, for everybody to read.
    var item: Text
    /// Sold here and now: no bid is taken before the contract owns it, and the winner gets it with the settlement.
    var nft: NFT?
    var denom: Text
    /// Everybody sends exactly this along with a bid and a bid is at most this: coins on the way are public, and equal
    /// ones tell nothing.
    var deposit: Amount
    var minimum: Amount
    var endsAtSeconds: UInt64
    /// Whether the winner pays the second-highest bid (or the minimum) instead of his own.
    var secondPrice: Bool?
    /// After so long beyond the end anybody may cancel; a day, if not given.
    var settleWithinSeconds: UInt64?
}

// sdk: message
enum Action {
    /// Sent with the deposit the first time; again without coins to change the bid.
    case bid(amount: Amount)
    case setViewingKey(key: Text)
    /// By anybody, once the time is over: pays the seller and returns the rest.
    case settle
    /// From the token's contract, when the seller sends the token here.
    case receiveNft(sender: Text, tokenID: Text, msg: JSON?)
    /// By anybody, if nobody settled in time (the token's contract may refuse): returns every deposit.
    case cancel
    /// By the seller, if the token is here and was not sold.
    case takeBack
}

// sdk: message
enum Question {
    case status  // sdk: returns Status
    case myBid(address: Text, key: Text)  // sdk: returns Bid
}

// sdk: message
struct Status {
    var item: Text
    var nft: NFT?
    /// Whether the token is here.
    var isHeld: Bool?
    var endsAtSeconds: UInt64
    var settleWithinSeconds: UInt64
    var deposit: Amount
    var denom: Text
    var minimum: Amount
    var isSettled: Bool
    /// After the settlement.
    var winner: Text?
    var price: Amount?
}

// sdk: message
struct Bid {
    var bidder: Text
    var amount: Amount
}

// sdk: message
struct Terms {
    var start: Start
    var seller: Text
}

// sdk: message
struct Outcome {
    var winner: Text?
    var price: Amount?
}

/// A sealed-bid auction: nobody learns a bid, not even the seller and not after the end; only the winner and the price
/// become public, by the payments that settle it.
enum Auction: Contract {
    static let terms = Item<Terms>("terms")
    static let outcome = Item<Outcome>("outcome")
    static let bidders = AppendList<Text>("bidders")
    private static let bids = Map<Amount>("bid", paddedTo: 64)
    /// The settlement pays everybody in one transaction.
    private static let biddersMax: UInt32 = 50

    static var answerBytesMultiple: Int { 256 }

    static func instantiate(_ call: Call, _ message: Start) throws(ContractError) -> Response {
        try call.requireNoFunds()
        guard message.minimum > 0, message.minimum <= message.deposit else {
            throw ContractError("the minimum must be positive and not above the deposit")
        }
        guard message.endsAtSeconds > call.environment.timeSeconds else { throw ContractError("the end is over") }
        guard settleWithin ~= message.settleWithinSeconds ?? aDay else {
            throw ContractError("there are 60 seconds to a week to settle")
        }
        terms.save(Terms(start: message, seller: call.sender.address))
        return try message.nft.map { nft throws(ContractError) in try expect(call, nft) } ?? Response()
    }

    static func execute(_ call: Call, _ message: Action) throws(ContractError) -> Response {
        switch message {
        case .bid(let amount): return try bid(call, amount)
        case .settle: return try settle(call)
        case .receiveNft(let sender, let tokenID, _): return try receive(call, sender, tokenID)
        case .cancel: return try cancel(call)
        case .takeBack: return try takeBack(call)
        case .setViewingKey(let key):
            try call.requireNoFunds()
            try ViewingKeys.set(key, of: call.sender.address)
            return Response()
        }
    }

    static func query(_ environment: Environment, _ question: Question) throws(ContractError) -> JSON {
        switch question {
        case .status:
            let start = try terms.load().start
            let outcome = try outcome.find()
            return Status(
                item: start.item, nft: start.nft, isHeld: start.nft == nil ? nil : isHeld.isThere,
                endsAtSeconds: start.endsAtSeconds, settleWithinSeconds: start.settleWithinSeconds ?? aDay,
                deposit: start.deposit, denom: start.denom,
                minimum: start.minimum, isSettled: outcome != nil, winner: outcome?.winner, price: outcome?.price
            ).json
        case .myBid(let address, let key):
            try ViewingKeys.require(key, of: address)
            guard let amount = try bids.find(address) else { throw ContractError("no bid") }
            return Bid(bidder: address, amount: amount).json
        }
    }

    private static func bid(_ call: Call, _ amount: Amount) throws(ContractError) -> Response {
        let start = try terms.load().start
        guard call.environment.timeSeconds < start.endsAtSeconds else { throw ContractError("the auction is over") }
        guard amount >= start.minimum, amount <= start.deposit else {
            throw ContractError("a bid is from the minimum to the deposit")
        }
        guard start.nft == nil || isHeld.isThere else { throw ContractError("the seller has not sent the token") }
        let bidder = call.sender.address
        let funds = try call.funds(only: start.denom)
        if bids.contains(bidder) {
            try call.requireNoFunds()
        } else {
            guard funds == start.deposit else { throw ContractError("send exactly the deposit with the first bid") }
            guard try bidders.count() < biddersMax else { throw ContractError("the auction is full") }
            try bidders.append(bidder)
        }
        bids.save(amount, at: bidder)
        return Response(answering: Bid(bidder: bidder, amount: amount))
    }

    private static func settle(_ call: Call) throws(ContractError) -> Response {
        let terms = try terms.load()
        try requireOver(call, by: terms)
        let start = terms.start
        let bidders = try bidders.elements()
        // The earlier of two equal bids wins.
        var winner: Text?
        var highest: Amount = 0
        var second = start.minimum
        for bidder in bidders {
            let amount = try bids.find(bidder) ?? 0
            if amount > highest {
                if winner != nil { second = highest }
                (winner, highest) = (bidder, amount)
            } else if amount > second {
                second = amount
            }
        }
        let price: Amount? = winner == nil ? nil : start.secondPrice == true ? second : highest
        var response = Response()
        for bidder in bidders {
            var rest = start.deposit
            if bidder == winner, let price { rest = try rest.subtracting(price, or: "the price is above the deposit") }
            if rest > 0 { response.send(pay(bidder, rest, start)) }
        }
        if let price { response.send(pay(terms.seller, price, start)) }
        if let nft = start.nft, isHeld.isThere { response.send(giveAway(nft, to: winner ?? terms.seller)) }
        outcome.save(Outcome(winner: winner, price: price))
        response.attributes = [.plain("winner", winner ?? "none"), .plain("price", price?.text ?? "0")]
        return response
    }

    static func requireOver(_ call: Call, by terms: Terms, graceSeconds: UInt64 = 0) throws(ContractError) {
        try call.requireNoFunds()
        let now = call.environment.timeSeconds
        guard now >= terms.start.endsAtSeconds else { throw ContractError("the auction is not over") }
        guard now - terms.start.endsAtSeconds >= graceSeconds else {
            throw ContractError("there is still time to settle")
        }
        guard try outcome.find() == nil else { throw ContractError("the auction is settled") }
    }

    static func pay(_ receiver: Text, _ amount: Amount, _ start: Start) -> Message {
        .bankSend(to: receiver, coins: [Coin(denomination: start.denom, amount: amount)])
    }
}

#if arch(wasm32)
    /// Gas of every call is a multiple of this, and one failure looks like another (docs/leak-reports.md).
    @_expose(wasm, "gas_step_50000") @_cdecl("gas_step_50000")
    public func gas_step_50000() {}
#endif
