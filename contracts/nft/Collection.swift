typealias ThisContract = Collection

/// Tokens that are each one of its kind, with owners and a part of their description that only the owner sees
/// (SNIP-721).
enum Collection: Contract {
    private static let approvalsMax = 4
    private static let idBytesMax = 64

    static var answerBytesMultiple: Int { 256 }

    static func instantiate(_ call: Call, _ message: Start) throws(ContractError) -> Response {
        try call.requireNoFunds()
        if let admin = message.admin { try Chain.requireAddress(admin, "admin") }
        var start = message
        start.admin = message.admin ?? call.sender.address
        start.entropy = nil
        State.start.save(start)
        State.count.save(0)
        return Response()
    }

    static func execute(_ call: Call, _ message: Action) throws(ContractError) -> Response {
        try call.requireNoFunds()
        let sender = call.sender.address
        switch message {
        case .mintNft(let id, let owner, let shown, let hidden, _): return try mint(call, id, owner, shown, hidden)
        case .setMetadata(let id, let shown, let hidden):
            try requireAdmin(call)
            _ = try State.find(id)
            save(id, shown, hidden)
            return done(.setMetadata(status: "success"))
        case .transferNft(let recipient, let id, _):
            _ = try move(call, id, to: recipient)
            return done(.transferNft(status: "success"))
        case .sendNft(let contract, let receiver, let id, let message, _):
            return try send(call, id, to: contract, receiver, message)
        case .burnNft(let id, _): return try burn(call, id)
        case .approve(let spender, let id, let expires):
            try approve(call, spender, id, expires ?? .never)
            return done(.approve(status: "success"))
        case .revoke(let spender, let id):
            try approve(call, spender, id, nil)
            return done(.revoke(status: "success"))
        case .approveAll(let operator_, let expires):
            try Chain.requireAddress(operator_, "operator")
            State.operators.save(expires ?? .never, at: sender + "/" + operator_)
            return done(.approveAll(status: "success"))
        case .revokeAll(let operator_):
            State.operators.remove(sender + "/" + operator_)
            return done(.revokeAll(status: "success"))
        case .registerReceiveNft(let codeHash, _):
            State.receivers.save(codeHash, at: sender)
            return done(.registerReceiveNft(status: "success"))
        case .createViewingKey(let entropy):
            return done(.viewingKey(key: try ViewingKeys.create(call, entropy: entropy ?? "")))
        case .setViewingKey(let key):
            try ViewingKeys.set(key, of: sender, bytesMin: 1)
            return done(.viewingKey(key: key))
        case .revokePermit(let name):
            Permit.revoke(name, of: sender)
            return done(.revokePermit(status: "success"))
        }
    }

    static func query(_ environment: Environment, _ question: Question) throws(ContractError) -> JSON {
        try Answers.answer(environment, question).json
    }

    private static func done(_ answer: Answer) -> Response { Response(answering: answer) }

    // MARK: - Making and changing

    private static func requireAdmin(_ call: Call) throws(ContractError) {
        guard try State.start.load().admin == call.sender.address else { throw ContractError("only the admin may") }
    }

    private static func mint(
        _ call: Call, _ id: Text?, _ owner: Text?, _ shown: Metadata?, _ hidden: Metadata?
    ) throws(ContractError) -> Response {
        try requireAdmin(call)
        let count = try State.count.load()
        let id = id ?? Text(decimal: count)
        let owner = owner ?? call.sender.address
        try Chain.requireAddress(owner, "owner")
        guard !id.utf8.isEmpty, id.utf8.count <= idBytesMax else { throw ContractError("an id has up to 64 bytes") }
        guard !State.tokens.contains(id) else { throw ContractError("the id is taken") }
        State.count.save(count + 1)
        try State.give(id, to: owner)
        save(id, shown, hidden)
        var response = done(.mintNft(tokenID: id))
        response.attributes = [.encrypted("minted", id)]
        return response
    }

    private static func save(_ id: Text, _ shown: Metadata?, _ hidden: Metadata?) {
        if let shown { State.publicMetadata.save(shown, at: id) }
        if let hidden { State.privateMetadata.save(hidden, at: id) }
    }

    private static func burn(_ call: Call, _ id: Text) throws(ContractError) -> Response {
        guard try State.start.load().config?.enableBurn == true else { throw ContractError("burn is not enabled") }
        let token = try State.find(id)
        try requireMayMove(call, token)
        try State.takeAway(id, token)
        State.publicMetadata.remove(id)
        State.privateMetadata.remove(id)
        State.count.save(try State.count.load() - 1)
        return done(.burnNft(status: "success"))
    }

    // MARK: - Moving

    private static func requireMayMove(_ call: Call, _ token: Token) throws(ContractError) {
        let sender = call.sender.address
        if token.owner == sender { return }
        for approval in token.approvals where approval.spender == sender {
            if !approval.expires.isOver(call.environment) { return }
        }
        if let expires = try State.operators.find(token.owner + "/" + sender), !expires.isOver(call.environment) {
            return
        }
        throw ContractError("no such token, or not yours")
    }

    /// Returns who owned it. Approvals end with the ownership they were given in.
    private static func move(_ call: Call, _ id: Text, to recipient: Text) throws(ContractError) -> Text {
        try Chain.requireAddress(recipient, "recipient")
        let token = try State.find(id)
        try requireMayMove(call, token)
        try State.takeAway(id, token)
        try State.give(id, to: recipient)
        return token.owner
    }

    private static func send(
        _ call: Call, _ id: Text, to contract: Text, _ receiver: ReceiverInfo?, _ message: Bytes?
    ) throws(ContractError) -> Response {
        let owner = try move(call, id, to: contract)
        var response = done(.sendNft(status: "success"))
        let registered = try State.receivers.find(contract)
        if let codeHash = receiver?.recipientCodeHash ?? registered {
            let notice = Notice.receiveNft(sender: owner, tokenID: id, msg: message)
            response.send(.execute(contract, codeHash: codeHash, notice))
        }
        return response
    }

    /// `nil` takes the approval back.
    private static func approve(
        _ call: Call, _ spender: Text, _ id: Text, _ expires: Expiration?
    ) throws(ContractError) {
        try Chain.requireAddress(spender, "spender")
        var token = try State.find(id)
        guard token.owner == call.sender.address else { throw ContractError("no such token, or not yours") }
        var kept: [Approval] = []
        for approval in token.approvals where approval.spender != spender {
            if !approval.expires.isOver(call.environment) { kept.append(approval) }
        }
        if let expires {
            guard kept.count < approvalsMax else { throw ContractError("a token has at most 4 approvals") }
            kept.append(Approval(spender: spender, expires: expires))
        }
        token.approvals = kept
        State.tokens.save(token, at: id)
    }
}
