/// A collection of tokens each one of its kind that this contract uses (SNIP-721): where it is, and the hash of its
/// code.
// sdk: message
// sdk: stored
struct SNIP721: Equatable {
    var contract: Text
    var codeHash: Text
}

extension SNIP721 {
    /// What a contract is told when it gets a token with `send_nft`. A case of its messages is `case
    /// receiveNft(SNIP721.Received)`; who called is the collection, which is to be checked.
    // sdk: message
    struct Received {
        /// Whose token it was.
        var sender: Text
        var tokenID: Text
        var msg: Bytes?
    }

    /// Who asks, with the viewing key that shows it.
    // sdk: message
    struct Viewer {
        var address: Text
        var viewingKey: Text
    }

    /// What a collection is told, as SNIP-721 has it.
    // sdk: message
    enum Action {
        case transferNft(recipient: Text, tokenID: Text, memo: Text?)
        case sendNft(
            contract: Text, receiverInfo: ReceiverInformation?, tokenID: Text, msg: Bytes?, memo: Text?)
        case approve(spender: Text, tokenID: Text)
        case revoke(spender: Text, tokenID: Text)
        case registerReceiveNft(codeHash: Text, alsoImplementsBatchReceiveNft: Bool)
        case setViewingKey(key: Text)
    }

    /// What the sender says of a contract that receives a token.
    // sdk: message
    struct ReceiverInformation {
        var recipientCodeHash: Text
        var alsoImplementsBatchReceiveNft: Bool
    }

    /// What a collection is asked, as SNIP-721 and SNIP-24 have it.
    // sdk: message
    enum Question {
        case ownerOf(tokenID: Text, viewer: Viewer?)
        case withPermit(permit: Permit, query: PermittedQuestion)
    }

    /// What may be asked with a permit, which says for whom.
    // sdk: message
    enum PermittedQuestion {
        case ownerOf(tokenID: Text)
    }

    func transfer(_ token: Text, to recipient: Text, memo: Text? = nil) -> Message {
        message(.transferNft(recipient: recipient, tokenID: token, memo: memo))
    }

    /// To a contract, which is told (`Received`) with `message`.
    func send(
        _ token: Text, to recipient: Text, codeHash: Text, _ message: JSON? = nil, memo: Text? = nil
    ) -> Message {
        return self.message(
            .sendNft(
                contract: recipient,
                receiverInfo: ReceiverInformation(
                    recipientCodeHash: codeHash, alsoImplementsBatchReceiveNft: false),
                tokenID: token, msg: message.map { Bytes($0.encoded) }, memo: memo))
    }

    func approve(_ spender: Text, token: Text) -> Message {
        message(.approve(spender: spender, tokenID: token))
    }
    func revoke(_ spender: Text, token: Text) -> Message {
        message(.revoke(spender: spender, tokenID: token))
    }

    /// Has the collection tell this contract of tokens that it is sent. Once, when the contract is made.
    func registerReceive(_ environment: Environment) -> Message {
        message(
            .registerReceiveNft(
                codeHash: environment.contractCodeHash, alsoImplementsBatchReceiveNft: false))
    }

    func setViewingKey(_ key: Text) -> Message { message(.setViewingKey(key: key)) }

    /// As far as the collection tells `viewer`.
    func owner(of token: Text, viewer: Viewer? = nil) throws(ContractError) -> Text {
        try owner(.ownerOf(tokenID: token, viewer: viewer))
    }

    /// The permit must name the collection, not this contract.
    func owner(of token: Text, _ permit: Permit) throws(ContractError) -> Text {
        try owner(.withPermit(permit: permit, query: .ownerOf(tokenID: token)))
    }

    private func owner(_ question: Question) throws(ContractError) -> Text {
        let answer: JSON = try Chain.ask(contract, codeHash: codeHash, question)
        guard let owner = answer.member("owner_of")?.member("owner") else {
            throw ContractError(.notAnswered, "the collection's answer is none of SNIP-721")
        }
        return try owner.text("owner")
    }

    private func message(_ action: Action) -> Message {
        .execute(contract, codeHash: codeHash, action)
    }
}
