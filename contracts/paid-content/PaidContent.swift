typealias ThisContract = PaidContent

// sdk: message
struct Start {
    var title: Text
    var denom: Text
    var price: Amount
}

// sdk: message
enum Action {
    /// By the author, piece by piece; nobody has to have bought yet.
    case publish(chapter: Text)
    /// With the price; answers with this buyer's own key.
    case buy
    /// By the author: a key that was passed on opens nothing any more.
    case revoke(buyer: Text)
}

// sdk: message
enum Question {
    case offer  // sdk: returns Offer
    case chapter(buyer: Text, key: Text, index: UInt32)  // sdk: returns Chapter
}

// sdk: message
struct Offer {
    var title: Text
    var denom: Text
    var price: Amount
    var chapters: UInt32
}

// sdk: message
struct Terms {
    var start: Start
    var author: Text
}

// sdk: message
struct BuyerKey {
    var key: Text
}

// sdk: message
struct Chapter {
    var text: Text
    /// A mark of this buyer: a copy that turns up somewhere tells the author whose it was.
    var mark: Bytes
}

/// Content for whoever paid. What is published is encrypted on its way and in the chain; every buyer has a key of his
/// own, which the author can revoke, and every copy carries its buyer's mark.
enum PaidContent: Contract {
    private static let terms = Item<Terms>("terms")
    private static let chapters = AppendList<Text>("chapter", paddedTo: 1024)
    private static let markKey = Item<Bytes>("mark_key")
    private static let chapterBytesMax = 16_384

    static var answerBytesMultiple: Int { 1024 }

    static func instantiate(_ call: Call, _ message: Start) throws(ContractError) -> Response {
        try call.requireNoFunds()
        guard message.price > 0 else { throw ContractError("the price must be positive") }
        var random = try Random(call, "marks")
        markKey.save(Bytes(random.bytes32()))
        terms.save(Terms(start: message, author: call.sender.address))
        return Response()
    }

    static func execute(_ call: Call, _ message: Action) throws(ContractError) -> Response {
        let terms = try terms.load()
        switch message {
        case .publish(let chapter):
            try requireAuthor(call, terms)
            guard chapter.utf8.count <= chapterBytesMax else { throw ContractError("the chapter is too long") }
            try chapters.append(chapter)
            return Response()
        case .revoke(let buyer):
            try requireAuthor(call, terms)
            var random = try Random(call, "revoked")
            try ViewingKeys.set(Text(Base64.encode(random.bytes32())), of: buyer)
            return Response()
        case .buy:
            guard try call.funds(only: terms.start.denom) == terms.start.price else {
                throw ContractError("send exactly the price")
            }
            let key = try ViewingKeys.create(call, entropy: "buyer")
            var response = Response(answering: BuyerKey(key: key))
            response.send(.bankSend(to: terms.author, coins: call.sender.funds))
            return response
        }
    }

    static func query(_ environment: Environment, _ question: Question) throws(ContractError) -> JSON {
        switch question {
        case .offer:
            let start = try terms.load().start
            return Offer(
                title: start.title, denom: start.denom, price: start.price, chapters: try chapters.count()
            ).json
        case .chapter(let buyer, let key, let index):
            try ViewingKeys.require(key, of: buyer)
            // A contract that buys, asks and then fails would have read for nothing: its payment is undone.
            guard environment.transaction == "" else { throw ContractError("chapters are not told to contracts") }
            let mark = SHA256.authenticate(buyer.utf8, key: try markKey.load().bytes)
            return Chapter(text: try chapters.element(index), mark: Bytes(mark)).json
        }
    }

    private static func requireAuthor(_ call: Call, _ terms: Terms) throws(ContractError) {
        try call.requireNoFunds()
        guard call.sender.address == terms.author else { throw ContractError("only the author may do this") }
    }
}
