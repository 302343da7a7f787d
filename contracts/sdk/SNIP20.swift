/// A private token that this contract uses (SNIP-20): where it is, and the hash of its code, without which nothing can
/// be told to it. Messages and questions are padded as all of the SDK's are.
///
///     response.send(token.transfer(to: winner, amount: prize))
// sdk: message
// sdk: stored
struct SNIP20: Equatable {
    var contract: Text
    var codeHash: Text
}

extension SNIP20 {
    /// What a contract is told when it gets tokens with `send`. A case of its messages is `case
    /// receive(SNIP20.Received)`.
    ///
    /// Who called is the token: compare `call.sender.address` with its address first, since anybody can send this.
    // sdk: message
    struct Received {
        /// Who sent the tokens, which is not their owner if it has an allowance.
        var sender: Text
        /// Whose they were.
        var from: Text
        var amount: Amount
        /// What the sender wrote for this contract.
        var msg: Bytes?
        var memo: Text?
    }

    /// What a token says of itself.
    // sdk: message
    struct Information: Equatable {
        var name: Text
        var symbol: Text
        var decimals: UInt8
        /// `nil` if the token keeps it to itself.
        var totalSupply: Amount?
    }

    /// What a token is told, as SNIP-20 has it.
    // sdk: message
    enum Action {
        case transfer(recipient: Text, amount: Amount, memo: Text?)
        case send(recipient: Text, recipientCodeHash: Text?, amount: Amount, msg: Bytes?, memo: Text?)
        case transferFrom(owner: Text, recipient: Text, amount: Amount, memo: Text?)
        case sendFrom(
            owner: Text, recipient: Text, recipientCodeHash: Text?, amount: Amount, msg: Bytes?,
            memo: Text?)
        case increaseAllowance(spender: Text, amount: Amount, expiration: UInt64?)
        case decreaseAllowance(spender: Text, amount: Amount, expiration: UInt64?)
        case mint(recipient: Text, amount: Amount, memo: Text?)
        case burn(amount: Amount, memo: Text?)
        case deposit
        case redeem(amount: Amount, denom: Text?)
        case registerReceive(codeHash: Text)
        case setViewingKey(key: Text)
    }

    /// What a token is asked, as SNIP-20 and SNIP-24 have it.
    // sdk: message
    enum Question {
        case tokenInfo
        case balance(address: Text, key: Text)
        case allowance(owner: Text, spender: Text, key: Text)
        case withPermit(permit: Permit, query: PermittedQuestion)
    }

    /// What may be asked with a permit, which says for whom.
    // sdk: message
    enum PermittedQuestion {
        case balance
        case allowance(owner: Text, spender: Text)
    }

    // MARK: - Messages

    func transfer(to recipient: Text, amount: Amount, memo: Text? = nil) -> Message {
        message(.transfer(recipient: recipient, amount: amount, memo: memo))
    }

    /// To a contract, which is told (`Received`) with `message`. Without its code hash it must have registered.
    func send(
        to recipient: Text, codeHash: Text? = nil, amount: Amount, _ message: JSON? = nil,
        memo: Text? = nil
    ) -> Message {
        self.message(
            .send(
                recipient: recipient, recipientCodeHash: codeHash, amount: amount,
                msg: message.map { Bytes($0.encoded) },
                memo: memo))
    }

    /// Out of an allowance that `owner` gave this contract.
    func transfer(from owner: Text, to recipient: Text, amount: Amount, memo: Text? = nil) -> Message {
        message(.transferFrom(owner: owner, recipient: recipient, amount: amount, memo: memo))
    }

    func send(
        from owner: Text, to recipient: Text, codeHash: Text? = nil, amount: Amount,
        _ message: JSON? = nil,
        memo: Text? = nil
    ) -> Message {
        self.message(
            .sendFrom(
                owner: owner, recipient: recipient, recipientCodeHash: codeHash, amount: amount,
                msg: message.map { Bytes($0.encoded) }, memo: memo))
    }

    /// `expiration` in seconds since 1970.
    func increaseAllowance(of spender: Text, by amount: Amount, expiration: UInt64? = nil) -> Message {
        message(.increaseAllowance(spender: spender, amount: amount, expiration: expiration))
    }

    func decreaseAllowance(of spender: Text, by amount: Amount, expiration: UInt64? = nil) -> Message {
        message(.decreaseAllowance(spender: spender, amount: amount, expiration: expiration))
    }

    /// If the token lets this contract.
    func mint(_ amount: Amount, for recipient: Text, memo: Text? = nil) -> Message {
        message(.mint(recipient: recipient, amount: amount, memo: memo))
    }

    func burn(_ amount: Amount, memo: Text? = nil) -> Message {
        message(.burn(amount: amount, memo: memo))
    }

    /// Public coins become tokens, if the token takes these.
    func deposit(_ coin: Coin) -> Message {
        .execute(contract, codeHash: codeHash, Action.deposit, funds: [coin])
    }

    func redeem(_ amount: Amount, as denomination: Text? = nil) -> Message {
        message(.redeem(amount: amount, denom: denomination))
    }

    /// Has the token tell this contract of what it is sent. Once, when the contract is made.
    func registerReceive(_ environment: Environment) -> Message {
        message(.registerReceive(codeHash: environment.contractCodeHash))
    }

    /// A key of this contract's own, with which it may ask for its balance later.
    func setViewingKey(_ key: Text) -> Message { message(.setViewingKey(key: key)) }

    // MARK: - Questions

    func information() throws(ContractError) -> Information {
        let answer = try ask(.tokenInfo)
        guard let found = answer.member("token_info") else { throw SNIP20.unexpected }
        return try Information(found, "token_info")
    }

    func balance(of address: Text, key: Text) throws(ContractError) -> Amount {
        try amount(.balance(address: address, key: key), "balance", "amount")
    }

    /// Of whoever signed the permit. It must name the token, not this contract.
    func balance(_ permit: Permit) throws(ContractError) -> Amount {
        try amount(.withPermit(permit: permit, query: .balance), "balance", "amount")
    }

    /// With the key of either.
    func allowance(owner: Text, spender: Text, key: Text) throws(ContractError) -> Amount {
        try amount(.allowance(owner: owner, spender: spender, key: key), "allowance", "allowance")
    }

    func allowance(owner: Text, spender: Text, _ permit: Permit) throws(ContractError) -> Amount {
        let question = PermittedQuestion.allowance(owner: owner, spender: spender)
        return try amount(.withPermit(permit: permit, query: question), "allowance", "allowance")
    }

    // MARK: - Parts

    private func message(_ action: Action) -> Message {
        .execute(contract, codeHash: codeHash, action)
    }

    /// Members of an answer that are unknown here are passed over: tokens differ.
    private func ask(_ question: Question) throws(ContractError) -> JSON {
        let answer: JSON = try Chain.ask(contract, codeHash: codeHash, question)
        if answer.member("viewing_key_error") != nil {
            throw ContractError(.notAnswered, "the token does not take this viewing key")
        }
        return answer
    }

    private func amount(_ question: Question, _ kind: Text, _ name: Text) throws(ContractError)
        -> Amount
    {
        guard let amount = try ask(question).member(kind)?.member(name) else { throw SNIP20.unexpected }
        return try Amount(amount, name)
    }

    private static var unexpected: ContractError {
        ContractError(.notAnswered, "the token's answer is none of SNIP-20")
    }
}
