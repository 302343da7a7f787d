import Auth
import ChainMessages
import EnclaveProtocol
import ExactNumbers
import ModuleKit
import SignedTransactions

/// What proposals were before they were messages: text, or one thing to do, which some module's message does now.
struct LegacyContent {
    private let content: AnyMessage

    private static let titleCharactersMax = 140
    private static let descriptionCharactersMax = 10_000

    init(_ content: AnyMessage?) throws(TransactionRefusal) {
        guard let content else { throw GovernanceModule.refusal(5, "missing content: invalid proposal content") }
        self.content = content
    }

    /// Title and description, as far as they are in order.
    func texts() throws -> (title: String, description: String) {
        let (title, description): (String, String)
        switch content.typeURL {
        case GovV1beta1.TextProposal.typeURL:
            let text = try GovV1beta1.TextProposal(decoding: content.value, .signed)
            (title, description) = (text.title, text.description)
        case ParamsV1beta1.ParameterChangeProposal.typeURL:
            let change = try ParamsV1beta1.ParameterChangeProposal(decoding: content.value, .signed)
            (title, description) = (change.title, change.description)
        case DistributionV1beta1.CommunityPoolSpendProposal.typeURL:
            let spend = try DistributionV1beta1.CommunityPoolSpendProposal(decoding: content.value, .signed)
            (title, description) = (spend.title, spend.description)
        case UpgradeV1beta1.SoftwareUpgradeProposal.typeURL:
            let upgrade = try UpgradeV1beta1.SoftwareUpgradeProposal(decoding: content.value, .signed)
            (title, description) = (upgrade.title, upgrade.description)
        case UpgradeV1beta1.CancelSoftwareUpgradeProposal.typeURL:
            let cancel = try UpgradeV1beta1.CancelSoftwareUpgradeProposal(decoding: content.value, .signed)
            (title, description) = (cancel.title, cancel.description)
        default:
            throw GovernanceModule.refusal(6, "\(content.typeURL): invalid proposal type")
        }
        for (name, text, most) in [
            ("title", title, LegacyContent.titleCharactersMax),
            ("description", description, LegacyContent.descriptionCharactersMax),
        ] {
            guard text.utf8.contains(where: { $0 > UInt8(ascii: " ") }) else {
                throw GovernanceModule.refusal(5, "proposal \(name) cannot be blank: invalid proposal content")
            }
            guard text.utf8.count <= most else {
                throw GovernanceModule.refusal(
                    5, "proposal \(name) is longer than max length of \(most): invalid proposal content")
            }
        }
        return (title, description)
    }

    /// Does it, in governance's name.
    func run(_ router: MessageRouter, in block: BlockContext, on state: any LedgerState) throws -> [Event] {
        _ = try texts()
        let authority = ModuleAccount.governance.address
        let message: AnyMessage
        switch content.typeURL {
        case DistributionV1beta1.CommunityPoolSpendProposal.typeURL:
            let spend = try DistributionV1beta1.CommunityPoolSpendProposal(decoding: content.value, .signed)
            message =
                DistributionV1beta1.MsgCommunityPoolSpend(
                    authority: authority, recipient: spend.recipient, amount: spend.amount
                ).any
        case UpgradeV1beta1.SoftwareUpgradeProposal.typeURL:
            let upgrade = try UpgradeV1beta1.SoftwareUpgradeProposal(decoding: content.value, .signed)
            message = UpgradeV1beta1.MsgSoftwareUpgrade(authority: authority, plan: upgrade.plan).any
        case UpgradeV1beta1.CancelSoftwareUpgradeProposal.typeURL:
            message = UpgradeV1beta1.MsgCancelUpgrade(authority: authority).any
        case ParamsV1beta1.ParameterChangeProposal.typeURL:
            // Every module keeps its own parameters now, and has a message for them.
            let change = try ParamsV1beta1.ParameterChangeProposal(decoding: content.value, .signed)
            throw TransactionRefusal(
                codespace: "params", code: 2,
                log: "\(change.changes.first?.subspace ?? ""): unknown subspace")
        default: return []
        }
        return try router.handler(of: message).run(message, in: block, on: state).events
    }
}

/// The messages of `cosmos.gov.v1beta1`, which come to those of `v1`.
enum LegacyMessages {
    static var handlers: [MessageHandler] {
        [
            MessageHandler(
                GovV1beta1.MsgSubmitProposal.self,
                runningOthers: { legacy, router, block, state in
                    let (title, description) = try LegacyContent(legacy.content).texts()
                    let content = GovV1.MsgExecLegacyContent(
                        content: legacy.content, authority: ModuleAccount.governance.address)
                    let submission = Submission(
                        .init(
                            messages: [content.any], initialDeposit: legacy.initialDeposit, proposer: legacy.proposer,
                            title: title, summary: description))
                    let (id, events) = try submission.run(router, in: block, on: state)
                    return MessageOutcome(
                        response: GovV1beta1.MsgSubmitProposalResponse(proposalID: id).any, events: events)
                }),
            MessageHandler(GovV1beta1.MsgDeposit.self) { message, block, state in
                try Deposits.run(message.amount, by: message.depositor, to: message.proposalID, in: block, on: state)
            },
            MessageHandler(GovV1beta1.MsgVote.self) { message, _, state in
                try GovernanceModule.vote(
                    message.proposalID, message.voter,
                    [.init(option: .init(rawValue: message.option.rawValue), weight: "1.000000000000000000")], "",
                    on: state)
            },
            MessageHandler(GovV1beta1.MsgVoteWeighted.self) { message, _, state in
                let options = try GovernanceModule.weighted(
                    message.options.map {
                        .init(option: .init(rawValue: $0.option.rawValue), weight: $0.weight.description)
                    })
                return try GovernanceModule.vote(message.proposalID, message.voter, options, "", on: state)
            },
        ]
    }
}
