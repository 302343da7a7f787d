import Auth
import ChainMessages
import EnclaveProtocol
import ExactNumbers
import LedgerRecords
import ModuleKit
import SignedTransactions
import StrictJSON
import Wire

/// A proposal as somebody hands it in.
struct Submission {
    private let message: GovV1.MsgSubmitProposal

    init(_ message: GovV1.MsgSubmitProposal) { self.message = message }

    /// Takes it in, with its first deposit.
    ///
    /// - Returns: its number, and the events.
    func run(
        _ router: MessageRouter, in block: BlockContext, on state: any LedgerState
    ) throws -> (id: UInt64, events: [Event]) {
        let parameters = try GovernanceParameters.current(in: state)
        try checkTexts()
        guard let deposit = try? Coins(message.initialDeposit) else {
            throw TransactionRefusal.invalidCoins(message.initialDeposit.map(\.description).joined(separator: ","))
        }
        try checkDeposit(deposit, parameters)
        try checkLengths()
        try checkMessages(router, in: block, on: state)
        let period = (parameters.maxDepositPeriod ?? .zero).inNanoseconds
        let proposal = GovV1.Proposal(
            id: try GovernanceStore.takeNumber(on: state), messages: message.messages, status: .depositPeriod,
            finalTallyResult: Tally.none, submitTime: block.time,
            depositEndTime: block.time.adding(nanoseconds: period), metadata: message.metadata, title: message.title,
            summary: message.summary, proposer: message.proposer, expedited: message.expedited)
        try GovernanceStore.save(proposal, replacing: nil, on: state)
        let id = String(proposal.id)
        var events = [
            Event(
                "submit_proposal",
                [
                    "proposal_id": id, "proposal_proposer": message.proposer.description,
                    "proposal_messages": message.messages.map { ",\($0.typeURL)" }.joined(),
                ])
        ]
        let (made, begins) = try Deposits.add(deposit, by: message.proposer, to: proposal, in: block, on: state)
        events += made
        if begins { events.append(Event("submit_proposal", ["voting_period_start": id])) }
        return (proposal.id, events)
    }

    private func checkTexts() throws {
        guard !message.title.isEmpty else {
            throw TransactionRefusal.invalidRequest("proposal title cannot be empty")
        }
        guard !message.summary.isEmpty else {
            throw TransactionRefusal.invalidRequest("proposal summary cannot be empty")
        }
        guard !message.messages.isEmpty || !message.metadata.isEmpty else {
            throw GovernanceModule.refusal(
                11, "either metadata or Msgs length must be non-nil: no messages proposed")
        }
        // Metadata that are JSON name the proposal as it names itself.
        let limits = JSONLimits(bytesMax: GovernanceModule.textBytesMax, depthMax: 8)
        guard let json = try? JSONReader.parse(Array(message.metadata.utf8), limits: limits), json.object != nil else {
            return
        }
        let texts = [("title", message.title), ("summary", message.summary)].map { name, own in
            (name, json[name].map { $0.isNull ? "" : $0.string } ?? "", own)
        }
        // One that is no text makes them metadata of another kind.
        guard texts.allSatisfy({ $0.1 != nil }) else { return }
        for (name, given, own) in texts where given != own {
            throw GovernanceModule.refusal(
                5, "metadata \(name) '\(given ?? "")' must equal proposal \(name) '\(own)': invalid proposal content")
        }
    }

    private func checkDeposit(_ deposit: Coins, _ parameters: GovernanceParameters.Values) throws {
        let minimum = GovernanceParameters.minimum(parameters, isExpedited: message.expedited)
        let ratio = GovernanceParameters.ratio(parameters.minInitialDepositRatio)
        if ratio.isPositive {
            let need = try minimum.list.map { coin in
                Coin(try ratio.multiplied(byWhole: coin.amount).amount(.halfEven), coin.denomination)
            }.filter { $0.amount > 0 }
            guard need.allSatisfy({ deposit.amount(of: $0.denomination) >= $0.amount }) else {
                let text = need.map(\.description).joined(separator: ",")
                throw GovernanceModule.refusal(16, "was (\(deposit)), need (\(text)): minimum deposit is too small")
            }
        }
        try Deposits.requireDenominations(deposit, parameters)
    }

    private func checkLengths() throws {
        for (what, text, most, code, name) in [
            ("metadata", message.metadata, GovernanceModule.textBytesMax, UInt32(15), "metadata too long"),
            ("summary", message.summary, GovernanceModule.summaryBytesMax, 22, "summary too long"),
            ("title", message.title, GovernanceModule.textBytesMax, 15, "metadata too long"),
        ] where text.utf8.count > most {
            throw GovernanceModule.refusal(code, "got \(what) with length \(text.utf8.count): \(name)")
        }
    }

    /// Each is one that some module runs and that governance alone signs. A content of old is tried: it could be done
    /// now.
    private func checkMessages(_ router: MessageRouter, in block: BlockContext, on state: any LedgerState) throws {
        guard message.messages.count <= GovernanceModule.messagesMax else {
            throw TransactionRefusal.invalidRequest(
                "a proposal has no more than \(GovernanceModule.messagesMax) messages")
        }
        let byteCount = message.messages.reduce(0) { $0 + $1.value.count }
        guard byteCount <= GovernanceModule.messagesBytesMax else {
            throw TransactionRefusal.invalidRequest(
                "the messages of a proposal have \(byteCount) bytes, and no more than "
                    + "\(GovernanceModule.messagesBytesMax)")
        }
        for any in message.messages {
            let signers: [AccountAddress]
            do throws(TransactionError) { signers = try any.signers() } catch { throw error.refusal }
            guard signers.count == 1 else {
                throw GovernanceModule.refusal(13, "expected gov account as only signer for proposal message")
            }
            guard signers[0] == ModuleAccount.governance.address else {
                throw GovernanceModule.refusal(
                    13, "\(signers[0]): expected gov account as only signer for proposal message")
            }
            guard router.runs(any.typeURL) else {
                throw GovernanceModule.refusal(10, "\(any.typeURL): proposal message not recognized by router")
            }
            try router.handler(of: any).checkForm(of: any)
            if any.typeURL == GovV1.MsgExecLegacyContent.typeURL {
                do {
                    _ = try router.handler(of: any).run(any, in: block, on: LedgerScope(state))
                } catch let refusal as TransactionRefusal {
                    throw GovernanceModule.refusal(5, "\(refusal.log): invalid proposal content")
                }
            }
        }
    }
}
