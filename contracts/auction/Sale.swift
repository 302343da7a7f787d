// The sale of a token of another contract (SNIP-721), which this contract owns from before the first bid until the end.

// sdk: message
struct NFT {
    var contract: Text
    var codeHash: Text
    var tokenID: Text
}

/// What the token's contract is told.
// sdk: message
enum NFTAction {
    case registerReceiveNft(codeHash: Text)
    case transferNft(recipient: Text, tokenID: Text)
}

extension Auction {
    /// There while the token is.
    static let isHeld = Item<Bool>("held")
    /// A token's contract that refuses to move it would otherwise hold the deposits for ever.
    static let aDay: UInt64 = 86_400
    static let settleWithin: ClosedRange<UInt64> = 60...7 * aDay

    /// Asks the token's contract to tell us when the token comes.
    static func expect(_ call: Call, _ nft: NFT) throws(ContractError) -> Response {
        try Chain.requireAddress(nft.contract, "nft")
        var response = Response()
        let register = NFTAction.registerReceiveNft(codeHash: call.environment.contractCodeHash)
        response.send(.execute(nft.contract, codeHash: nft.codeHash, register))
        return response
    }

    static func receive(_ call: Call, _ sender: Text, _ tokenID: Text) throws(ContractError) -> Response {
        try call.requireNoFunds()
        let terms = try terms.load()
        guard let nft = terms.start.nft, call.sender.address == nft.contract, tokenID == nft.tokenID else {
            throw ContractError("this auction sells another token")
        }
        guard sender == terms.seller else { throw ContractError("only the seller sends the token") }
        guard try outcome.find() == nil else { throw ContractError("the auction is settled") }
        isHeld.save(true)
        return Response()
    }

    static func giveAway(_ nft: NFT, to owner: Text) -> Message {
        isHeld.remove()
        let transfer = NFTAction.transferNft(recipient: owner, tokenID: nft.tokenID)
        return .execute(nft.contract, codeHash: nft.codeHash, transfer)
    }

    static func cancel(_ call: Call) throws(ContractError) -> Response {
        let terms = try terms.load()
        try requireOver(call, by: terms, graceSeconds: terms.start.settleWithinSeconds ?? aDay)
        var response = Response()
        for bidder in try bidders.elements() { response.send(pay(bidder, terms.start.deposit, terms.start)) }
        outcome.save(Outcome(winner: nil, price: nil))
        response.attributes = [.plain("winner", "none"), .plain("price", "0")]
        return response
    }

    static func takeBack(_ call: Call) throws(ContractError) -> Response {
        try call.requireNoFunds()
        let terms = try terms.load()
        guard let nft = terms.start.nft, isHeld.isThere, call.sender.address == terms.seller,
            try outcome.find() != nil
        else { throw ContractError("there is nothing to take back") }
        var response = Response()
        response.send(giveAway(nft, to: terms.seller))
        return response
    }
}
