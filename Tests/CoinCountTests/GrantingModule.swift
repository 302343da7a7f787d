import ChainModules
import EnclaveProtocol
import ModuleKit
import SignedTransactions

/// Runs what a `MsgExec` holds for whomever it names, as if everybody had granted everybody everything: the worst that
/// a module of grants can do to coins whose owner did not sign.
struct GrantingModule: LedgerModule {
    static let typeURL = "/cosmos.authz.v1beta1.MsgExec"
    let name = "grants"

    /// The chain's modules, with this one in the place of that of grants.
    static let chain = ModuleList(ModuleList.chain.modules.filter { $0.name != "authz" } + [GrantingModule()])

    var messages: [MessageHandler] {
        [
            MessageHandler(GrantingModule.typeURL, readForm: { _ in }) { message, block, state in
                MessageOutcome(
                    response: MessageResponse.empty(toMessage: message.typeURL),
                    events: try GrantingModule.run(message, depth: 0, block, state))
            }
        ]
    }

    private static func run(
        _ message: AnyMessage, depth: Int, _ block: BlockContext, _ state: any LedgerState
    ) throws -> [Event] {
        try message.heldMessages(depth: depth).flatMap { held in
            if held.typeURL == typeURL { return try run(held, depth: depth + 1, block, state) }
            return try ModuleList.chain.router.handler(of: held).run(held, in: block, on: state).events
        }
    }
}
