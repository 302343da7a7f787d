import ChainMessages
import LedgerRecords
import ModuleKit
import SignedTransactions
import StateProofs

/// cosmos.feegrant.v1beta1.Query.
extension FeegrantModule {
    private typealias Query = FeegrantV1beta1.Query

    package var queries: [ModuleQuery] {
        [
            ModuleQuery(Query.allowance) { request, state in
                guard let grant = try FeegrantModule.grant(from: request.granter, to: request.grantee, in: state) else {
                    throw QueryRefusal.failed("fee-grant not found: not found")
                }
                return .init(allowance: grant.message)
            },
            ModuleQuery(Query.allowances) { request, state in
                let (entries, page) = try PageRequest(request.pagination).page(
                    of: state, store: StoreName.feegrant, prefix: FeegrantStore.grantsPrefix(to: request.grantee))
                return .init(allowances: try entries.map(FeegrantModule.message), pagination: page)
            },
            // Grants lie by grantee, so those of one granter are found by looking at all.
            ModuleQuery(Query.allowancesByGranter) { request, state in
                let (entries, page) = try PageRequest(request.pagination).page(
                    of: state, store: StoreName.feegrant, prefix: FeegrantStore.grantPrefix
                ) { $0.key.suffix(AccountAddress.byteCount) == request.granter.bytes[...] }
                return .init(allowances: try entries.map(FeegrantModule.message), pagination: page)
            },
        ]
    }

    private static func message(_ entry: LedgerEntry) throws -> FeegrantV1beta1.Grant {
        try grant(entry.key, entry.value).message
    }
}

extension FeeGrant {
    fileprivate var message: FeegrantV1beta1.Grant {
        FeegrantV1beta1.Grant(granter: granter, grantee: grantee, allowance: allowance.any)
    }
}
