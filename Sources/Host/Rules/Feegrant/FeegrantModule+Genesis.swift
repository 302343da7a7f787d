import LedgerRecords
import ModuleKit
import SignedTransactions
import StateProofs
import StrictJSON
import Wire

extension FeegrantModule {
    package func importGenesis(_ genesis: GenesisValue, on state: any LedgerState) throws {
        for value in try genesis["allowances"].elements {
            let grant = FeeGrant(
                granter: try value["granter"].address, grantee: try value["grantee"].address,
                allowance: try FeeAllowance(genesis: value["allowance"]))
            guard grant.granter != grant.grantee,
                try FeegrantModule.grant(from: grant.granter, to: grant.grantee, in: state) == nil
            else { throw value.refusal("an account grants itself, or another one twice") }
            if let fault = grant.allowance.fault { throw value["allowance"].refusal(fault.log) }
            guard grant.encoded.count <= FeegrantModule.recordBytesMax else { throw value.refusal("is too long") }
            try FeegrantModule.add(grant, on: state)
        }
    }

    package func exportGenesis(from state: any LedgerReading) throws -> JSONValue? {
        var list: [JSONValue] = []
        try state.visit(StoreName.feegrant, prefix: FeegrantStore.grantPrefix) { entry in
            let grant = try FeegrantModule.grant(entry.key, entry.value)
            list.append([
                "granter": .string(grant.granter.description), "grantee": .string(grant.grantee.description),
                "allowance": grant.allowance.genesis,
            ])
        }
        return ["allowances": .array(list)]
    }

    /// Every grant stands in its own place, and in the queue where it expires; the queue has no others.
    package func brokenInvariants(in state: any LedgerReading) throws -> [String] {
        var broken: [String] = []
        var expiring = 0
        try state.visit(StoreName.feegrant, prefix: FeegrantStore.grantPrefix) { entry in
            let grant = try FeegrantModule.grant(entry.key, entry.value)
            let pair = "the grant of \(grant.granter) to \(grant.grantee)"
            if entry.key != FeegrantStore.grantKey(from: grant.granter, to: grant.grantee) {
                broken.append("\(pair) stands in another's place")
            }
            guard let place = FeegrantModule.queueKey(grant) else { return }
            expiring += 1
            if try state.value(of: place, in: StoreName.feegrant) == nil { broken.append("\(pair) is not queued") }
        }
        var queued = 0
        try state.visit(StoreName.feegrant, prefix: FeegrantModule.queuePrefix) { _ in queued += 1 }
        if queued != expiring { broken.append("\(queued) grants are queued, \(expiring) expire") }
        return broken
    }
}

extension FeeAllowance {
    private static let types = ["BasicAllowance", "PeriodicAllowance", "AllowedMsgAllowance"]
        .map { "/cosmos.feegrant.v1beta1." + $0 }

    fileprivate init(genesis value: GenesisValue) throws {
        switch try value["@type"].text {
        case FeeAllowance.types[0]: try self.init(basic: value)
        case FeeAllowance.types[1]:
            try self.init(basic: value["basic"])
            period = Period(
                nanoseconds: try value["period"].nanoseconds, limit: try value["period_spend_limit"].coins,
                left: try value["period_can_spend"].coins, reset: try value["period_reset"].time)
        case FeeAllowance.types[2]:
            let inner = value["allowance"]
            guard try inner["@type"].text != FeeAllowance.types[2] else {
                throw inner["@type"].refusal("an allowance that restricts one that restricts another")
            }
            try self.init(genesis: inner)
            messages = try value["allowed_messages"].elements.map { try $0.text }
        case let type: throw value["@type"].refusal("allowances of type \(type) are not known")
        }
    }

    private init(basic value: GenesisValue) throws {
        self.init(
            limit: try value["spend_limit"].coins,
            expiration: value["expiration"].json == nil ? nil : try value["expiration"].time)
    }

    fileprivate var genesis: JSONValue {
        let basic: [(String, JSONValue)] = [
            ("spend_limit", JSONValue(limit)), ("expiration", expiration.map { .string($0.description) } ?? .null),
        ]
        var value = JSONValue.object([("@type", .string(FeeAllowance.types[0]))] + basic)
        if let period {
            value = [
                "@type": .string(FeeAllowance.types[1]), "basic": .object(basic),
                "period": .string(GenesisValue.duration(nanoseconds: period.nanoseconds)),
                "period_spend_limit": JSONValue(period.limit), "period_can_spend": JSONValue(period.left),
                "period_reset": .string(period.reset.description),
            ]
        }
        guard let messages else { return value }
        return [
            "@type": .string(FeeAllowance.types[2]), "allowance": value,
            "allowed_messages": .array(messages.map { .string($0) }),
        ]
    }
}
