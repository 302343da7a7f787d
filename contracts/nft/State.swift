/// Who owns what. Records of one kind have one size whatever they hold.
enum State {
    static let start = Item<Start>("collection")
    static let count = Item<UInt32>("count", paddedTo: 10)
    static let tokens = Map<Token>("token", paddedTo: 512)
    static let publicMetadata = Map<Metadata>("public", paddedTo: 512)
    static let privateMetadata = Map<Metadata>("private", paddedTo: 512)
    /// The ids of what an account owns, in no order that means anything.
    static let inventories = AppendList<Text>("inventory", paddedTo: 80)
    static let operators = Map<Expiration>("operator", paddedTo: 32)
    static let receivers = Map<Text>("receiver")

    static func find(_ id: Text) throws(ContractError) -> Token {
        // That a token exists is nobody's business who may not see it.
        guard let token = try tokens.find(id) else { throw ContractError("no such token, or not yours") }
        return token
    }

    static func give(_ id: Text, to owner: Text) throws(ContractError) {
        let place = try inventories.count(of: owner)
        try inventories.append(id, of: owner)
        tokens.save(Token(owner: owner, place: place, approvals: []), at: id)
    }

    /// The last of the inventory moves to the place that becomes free.
    static func takeAway(_ id: Text, _ token: Token) throws(ContractError) {
        guard let last = try inventories.removeLast(of: token.owner) else { throw ContractError("inconsistent") }
        if last != id {
            try inventories.replace(token.place, with: last, of: token.owner)
            var moved = try find(last)
            moved.place = token.place
            tokens.save(moved, at: last)
        }
        tokens.remove(id)
    }
}

// sdk: message
struct Token {
    var owner: Text
    /// In the owner's inventory.
    var place: UInt32
    var approvals: [Approval]
}
