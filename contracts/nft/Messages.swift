// Messages of SNIP-721, as wallets and markets send them; README.md lists what is left out.

// sdk: message
struct Start {
    var name: Text
    var symbol: Text
    /// Who may mint; whoever makes the contract, if nobody is named.
    var admin: Text?
    /// The reference draws its keys from this; this contract has the chain's randomness.
    var entropy: Text?
    var config: Configuration?
}

// sdk: message
struct Configuration {
    /// How many tokens there are.
    var publicTokenSupply: Bool?
    /// Who owns which.
    var publicOwner: Bool?
    var enableBurn: Bool?
}

// sdk: message
struct Metadata {
    var tokenURI: Text?
    var `extension`: JSON?
}

// sdk: message
struct ReceiverInfo {
    var recipientCodeHash: Text
    var alsoImplementsBatchReceiveNft: Bool?
}

// sdk: message
enum Action {
    case mintNft(tokenID: Text?, owner: Text?, publicMetadata: Metadata?, privateMetadata: Metadata?, memo: Text?)
    case setMetadata(tokenID: Text, publicMetadata: Metadata?, privateMetadata: Metadata?)
    case transferNft(recipient: Text, tokenID: Text, memo: Text?)
    case sendNft(contract: Text, receiverInfo: ReceiverInfo?, tokenID: Text, msg: Bytes?, memo: Text?)
    case burnNft(tokenID: Text, memo: Text?)
    case approve(spender: Text, tokenID: Text, expires: Expiration?)
    case revoke(spender: Text, tokenID: Text)
    case approveAll(operator: Text, expires: Expiration?)
    case revokeAll(operator: Text)
    case registerReceiveNft(codeHash: Text, alsoImplementsBatchReceiveNft: Bool?)
    case createViewingKey(entropy: Text?)
    case setViewingKey(key: Text)
    case revokePermit(permitName: Text)
}

// sdk: message
struct Viewer {
    var address: Text
    var viewingKey: Text
}

// sdk: message
enum Question {
    case contractInfo  // sdk: returns Answer.contractInfo
    case numTokens(viewer: Viewer?)  // sdk: returns Answer.numTokens
    case nftInfo(tokenID: Text)  // sdk: returns Answer.nftInfo
    case ownerOf(tokenID: Text, viewer: Viewer?, includeExpired: Bool?)  // sdk: returns Answer.ownerOf
    case privateMetadata(tokenID: Text, viewer: Viewer?)  // sdk: returns Answer.privateMetadata
    case tokens(
        owner: Text, viewer: Text?, viewingKey: Text?, startAfter: Text?, limit: UInt32?
    )  // sdk: returns Answer.tokenList
    case withPermit(permit: Permit, query: PermittedQuestion)  // sdk: returns Answer
}

// sdk: message
enum PermittedQuestion {
    case numTokens
    case ownerOf(tokenID: Text, includeExpired: Bool?)
    case privateMetadata(tokenID: Text)
    case tokens(owner: Text, startAfter: Text?, limit: UInt32?)
}

// sdk: message
enum Answer {
    case contractInfo(name: Text, symbol: Text)
    case numTokens(count: UInt32)
    case nftInfo(tokenURI: Text?, extension: JSON?)
    case ownerOf(owner: Text, approvals: [Approval])
    case privateMetadata(tokenURI: Text?, extension: JSON?)
    case tokenList(tokens: [Text])
    case mintNft(tokenID: Text)
    case setMetadata(status: Text)
    case transferNft(status: Text)
    case sendNft(status: Text)
    case burnNft(status: Text)
    case approve(status: Text)
    case revoke(status: Text)
    case approveAll(status: Text)
    case revokeAll(status: Text)
    case registerReceiveNft(status: Text)
    case viewingKey(key: Text)
    case revokePermit(status: Text)
}

/// What a receiving contract is told. `sender` owned the token before.
// sdk: message
enum Notice {
    case receiveNft(sender: Text, tokenID: Text, msg: Bytes?)
}

/// `"never"`, `{"at_height":12}` or `{"at_time":1700000000}`.
// sdk: schema {"oneOf":[{"const":"never"},{"type":"object","required":["at_height"],"properties":{"at_height":{"type":"integer","minimum":0}},"additionalProperties":false},{"type":"object","required":["at_time"],"properties":{"at_time":{"type":"integer","minimum":0}},"additionalProperties":false}]}
enum Expiration: JSONCoded {
    case never
    case atHeight(UInt64)
    case atTime(UInt64)

    init(_ json: JSON, _ name: Text) throws(ContractError) {
        if case .string("never") = json {
            self = .never
            return
        }
        let variant = try json.variant()
        switch variant.name {
        case "at_height": self = .atHeight(try UInt64(variant.value, "at_height"))
        case "at_time": self = .atTime(try UInt64(variant.value, "at_time"))
        default: throw ContractError(name + " must be never, at_height or at_time")
        }
    }

    var json: JSON {
        switch self {
        case .never: "never"
        case .atHeight(let height): .object([.init("at_height", height.json)])
        case .atTime(let seconds): .object([.init("at_time", seconds.json)])
        }
    }

    func isOver(_ environment: Environment) -> Bool {
        switch self {
        case .never: false
        case .atHeight(let height): height <= environment.blockHeight
        case .atTime(let seconds): seconds <= environment.timeSeconds
        }
    }
}

// sdk: message
struct Approval {
    var spender: Text
    var expires: Expiration
}
