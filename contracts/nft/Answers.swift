/// What the collection answers, after it saw a key or a permit for what is private.
enum Answers {
    private static let pageSizeMax: UInt32 = 50

    static func answer(_ environment: Environment, _ question: Question) throws(ContractError) -> Answer {
        switch question {
        case .contractInfo:
            let start = try State.start.load()
            return .contractInfo(name: start.name, symbol: start.symbol)
        case .numTokens(let viewer): return try count(try account(viewer))
        case .nftInfo(let id):
            let metadata = try State.publicMetadata.find(id)
            return .nftInfo(tokenURI: metadata?.tokenURI, extension: metadata?.extension)
        case .ownerOf(let id, let viewer, let includesExpired):
            return try owner(environment, of: id, try account(viewer), includesExpired == true)
        case .privateMetadata(let id, let viewer): return try metadata(of: id, try account(viewer))
        case .tokens(let owner, let viewer, let key, let start, let limit):
            var seer: Text?
            if let key {
                seer = viewer ?? owner
                try ViewingKeys.require(key, of: viewer ?? owner)
            }
            return try tokens(of: owner, seer, after: start, limit)
        case .withPermit(let permit, let question):
            let seer = try permit.signer(environment, permission: "owner")
            switch question {
            case .numTokens: return try count(seer)
            case .ownerOf(let id, let includesExpired):
                return try owner(environment, of: id, seer, includesExpired == true)
            case .privateMetadata(let id): return try metadata(of: id, seer)
            case .tokens(let owner, let start, let limit): return try tokens(of: owner, seer, after: start, limit)
            }
        }
    }

    /// Who asks, if that was shown.
    private static func account(_ viewer: Viewer?) throws(ContractError) -> Text? {
        guard let viewer else { return nil }
        try ViewingKeys.require(viewer.viewingKey, of: viewer.address)
        return viewer.address
    }

    private static func count(_ seer: Text?) throws(ContractError) -> Answer {
        let start = try State.start.load()
        guard start.config?.publicTokenSupply == true || seer == start.admin else {
            throw ContractError("the supply is private")
        }
        return .numTokens(count: try State.count.load())
    }

    /// The owner sees his approvals; somebody approved sees the owner; others only if owners are public.
    private static func owner(
        _ environment: Environment, of id: Text, _ seer: Text?, _ includesExpired: Bool
    ) throws(ContractError) -> Answer {
        let token = try State.find(id)
        var approvals: [Approval] = []
        var mayMove = false
        for approval in token.approvals where includesExpired || !approval.expires.isOver(environment) {
            approvals.append(approval)
            if approval.spender == seer, !approval.expires.isOver(environment) { mayMove = true }
        }
        if let seer, let expires = try State.operators.find(token.owner + "/" + seer), !expires.isOver(environment) {
            mayMove = true
        }
        if seer == token.owner { return .ownerOf(owner: token.owner, approvals: approvals) }
        let isPublic = try State.start.load().config?.publicOwner == true
        guard mayMove || isPublic else {
            throw ContractError("no such token, or not yours")
        }
        return .ownerOf(owner: token.owner, approvals: [])
    }

    private static func metadata(of id: Text, _ seer: Text?) throws(ContractError) -> Answer {
        guard try State.find(id).owner == seer else { throw ContractError("no such token, or not yours") }
        let metadata = try State.privateMetadata.find(id)
        return .privateMetadata(tokenURI: metadata?.tokenURI, extension: metadata?.extension)
    }

    private static func tokens(
        of owner: Text, _ seer: Text?, after start: Text?, _ limit: UInt32?
    ) throws(ContractError) -> Answer {
        let config = try State.start.load().config
        guard seer == owner || config?.publicOwner == true else {
            throw ContractError("what an account owns is private")
        }
        let count = try State.inventories.count(of: owner)
        var index: UInt32 = 0
        if let start {
            let token = try State.find(start)
            guard token.owner == owner else { throw ContractError("no such token, or not yours") }
            index = token.place + 1
        }
        var ids: [Text] = []
        let wanted = min(limit ?? 30, pageSizeMax)
        while index < count, UInt32(ids.count) < wanted {
            ids.append(try State.inventories.element(index, of: owner))
            index += 1
        }
        return .tokenList(tokens: ids)
    }
}
