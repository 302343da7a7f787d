import ChainMessages
import ModuleKit
import SignedTransactions

/// cosmos.authz.v1beta1.Query.
extension AuthzModule {
    private typealias Query = AuthzV1beta1.Query

    package var queries: [ModuleQuery] {
        [
            ModuleQuery(Query.grants) { request, state in
                guard request.msgTypeURL.isEmpty else {
                    guard
                        let grant = try AuthzGrant.find(
                            request.granter, request.grantee, request.msgTypeURL, in: state)
                    else {
                        throw QueryRefusal.registered(
                            "authz", 2,
                            "authorization not found: authorization not found for \(request.msgTypeURL) type")
                    }
                    return .init(grants: [grant.message])
                }
                let (entries, page) = try PageRequest(request.pagination).page(
                    of: state, store: AuthzStore.name,
                    prefix: AuthzStore.grantsPrefix(from: request.granter, to: request.grantee))
                return .init(grants: try entries.map { try AuthzGrant($0).message }, pagination: page)
            },
            ModuleQuery(Query.granterGrants) { request, state in
                let (entries, page) = try PageRequest(request.pagination).page(
                    of: state, store: AuthzStore.name, prefix: AuthzStore.grantsPrefix(from: request.granter))
                return .init(grants: try entries.map { try AuthzGrant($0).shown }, pagination: page)
            },
            // Grants lie by granter, so those to one grantee are found by looking at all.
            ModuleQuery(Query.granteeGrants) { request, state in
                let (entries, page) = try PageRequest(request.pagination).page(
                    of: state, store: AuthzStore.name, prefix: AuthzStore.grantPrefix
                ) { (try? AuthzStore.parts(ofKey: $0.key).grantee) == request.grantee }
                return .init(grants: try entries.map { try AuthzGrant($0).shown }, pagination: page)
            },
        ]
    }
}

extension AuthzGrant {
    fileprivate var shown: AuthzV1beta1.GrantAuthorization {
        .init(granter: granter, grantee: grantee, authorization: authorization.any, expiration: expiration)
    }
}
