import ChainMessages
import ModuleKit
import SignedTransactions
import StrictJSON
import Wire

extension AuthzModule {
    package func importGenesis(_ genesis: GenesisValue, on state: any LedgerState) throws {
        for value in try genesis["authorization"].elements {
            let grant = AuthzGrant(
                granter: try value["granter"].address, grantee: try value["grantee"].address,
                authorization: try Authorization(genesis: value["authorization"]),
                expiration: value["expiration"].json == nil ? nil : try value["expiration"].time)
            guard grant.granter != grant.grantee,
                try AuthzGrant.find(grant.granter, grant.grantee, grant.typeURL, in: state) == nil
            else { throw value.refusal("an account grants itself, or another one twice") }
            if let fault = grant.authorization.fault { throw value["authorization"].refusal(fault.log) }
            try grant.save(on: state)
        }
    }

    package func exportGenesis(from state: any LedgerReading) throws -> JSONValue? {
        var list: [JSONValue] = []
        try state.visit(AuthzStore.name, prefix: AuthzStore.grantPrefix) { entry in
            let grant = try AuthzGrant(entry)
            list.append([
                "granter": .string(grant.granter.description), "grantee": .string(grant.grantee.description),
                "authorization": grant.authorization.genesis,
                "expiration": grant.expiration.map { .string($0.description) } ?? .null,
            ])
        }
        return ["authorization": .array(list)]
    }

    /// Every grant that expires is queued at its time, once; the queue has no others.
    package func brokenInvariants(in state: any LedgerReading) throws -> [String] {
        var broken: [String] = []
        var (expiring, queued) = (0, 0)
        try state.visit(AuthzStore.name, prefix: AuthzStore.grantPrefix) { entry in
            let grant = try AuthzGrant(entry)
            guard let place = grant.queueKey else { return }
            expiring += 1
            let types = try AuthzGrant.queueItem(place, in: state).msgTypeURLs
            if types.count(where: { $0 == grant.typeURL }) != 1 {
                broken.append("the grant of \(grant.granter) to \(grant.grantee) is not queued once")
            }
        }
        try state.visit(AuthzStore.name, prefix: AuthzStore.queuePrefix) { entry in
            queued += try AuthzGrant.queueItem(entry.key, in: state).msgTypeURLs.count
        }
        if queued != expiring { broken.append("\(queued) grants are queued, \(expiring) expire") }
        return broken
    }
}

extension Authorization {
    private static let kinds = ["delegate", "undelegate", "redelegate", "cancel_unbonding_delegation"]
        .map { "AUTHORIZATION_TYPE_\($0.uppercased())" }

    fileprivate init(genesis value: GenesisValue) throws {
        switch try value["@type"].text {
        case AuthzV1beta1.GenericAuthorization.typeURL: self = .generic(.init(msg: try value["msg"].text))
        case BankV1beta1.SendAuthorization.typeURL:
            self = .send(
                .init(
                    spendLimit: try value["spend_limit"].coins.list,
                    allowList: try value["allow_list"].elements.map { try $0.address }))
        case StakingV1beta1.StakeAuthorization.typeURL:
            func validators(_ name: String) throws -> StakingV1beta1.StakeAuthorizationValidators? {
                guard value[name].json != nil else { return nil }
                return .init(
                    address: try value[name]["address"].elements.map { value in
                        guard let address = OperatorAddress(bech32: try value.text) else {
                            throw value.refusal("is no validator's address")
                        }
                        return address
                    })
            }
            guard let kind = Authorization.kinds.firstIndex(of: try value["authorization_type"].text) else {
                throw value["authorization_type"].refusal("is not known")
            }
            var limit: Coin?
            if value["max_tokens"].json != nil {
                guard let amount = Coin.amount(Array(try value["max_tokens"]["amount"].text.utf8)) else {
                    throw value["max_tokens"]["amount"].refusal("is no amount")
                }
                limit = Coin(amount, try value["max_tokens"]["denom"].text)
            }
            self = .stake(
                .init(
                    maxTokens: limit, allowList: try validators("allow_list"), denyList: try validators("deny_list"),
                    authorizationType: .init(rawValue: Int32(kind) + 1)))
        case let type: throw value["@type"].refusal("authorizations of type \(type) are not known")
        }
    }

    fileprivate var genesis: JSONValue {
        let type = ("@type", JSONValue.string(any.typeURL))
        switch self {
        case .generic(let generic): return .object([type, ("msg", .string(generic.msg))])
        case .send(let send):
            return .object([
                type, ("spend_limit", Authorization.json(send.spendLimit)),
                ("allow_list", .array(send.allowList.map { .string($0.description) })),
            ])
        case .stake(let stake):
            var members = [type]
            if let limit = stake.maxTokens {
                members.append(
                    ("max_tokens", ["denom": .string(limit.denomination), "amount": .string(String(limit.amount))]))
            }
            for (name, list) in [("allow_list", stake.allowList), ("deny_list", stake.denyList)] {
                guard let list else { continue }
                members.append((name, ["address": .array(list.address.map { .string($0.description) })]))
            }
            members.append(
                ("authorization_type", .string(Authorization.kinds[Int(stake.authorizationType.rawValue) - 1])))
            return .object(members)
        }
    }

    private static func json(_ coins: [Coin]) -> JSONValue {
        .array(coins.map { ["denom": .string($0.denomination), "amount": .string(String($0.amount))] })
    }
}
