import Auth
import Bank
import ChainMessages
import Cron
import EnclaveProtocol
import Feegrant
import LedgerRecords
import ModuleKit
import PublicCryptography
import SignedTransactions
import Wire

/// What every transaction must satisfy before its messages count: its form, its fee, its signatures. What it leaves on
/// the state (the fee paid, the sequence moved on) stays even when a message then fails.
///
/// The order of the checks and the texts are those of the Cosmos SDK, since clients parse the text they get first.
package struct AnteHandler: Sendable {
    package enum Mode: Sendable {
        /// Before the mempool takes it, with what this node alone asks for besides.
        case check
        /// In the mempool after a block; its signatures are known to be right.
        case recheck
        /// In a block.
        case deliver
        /// To learn what it would cost: without fee and signatures, but from an account that exists.
        case simulate

        var isIntake: Bool { self == .check || self == .recheck }
    }

    package let chainID: String
    package private(set) var rules: ChainRules
    /// What this node asks for before it lets a transaction wait.
    package let minimumGasPrice: MinimumGasPrice?
    package let transactionGasMax: UInt64
    /// Knows which messages are switched off.
    private let router: MessageRouter
    private let verifier: SignatureVerifier
    private let verified = VerifiedSignatures()

    package init(
        chainID: String, rules: ChainRules = ChainRules(), minimumGasPrice: MinimumGasPrice?,
        transactionGasMax: UInt64 = .max, router: MessageRouter = MessageRouter([]),
        verifier: @escaping SignatureVerifier = SignatureClaim.verify
    ) {
        self.router = router
        (self.chainID, self.rules, self.minimumGasPrice) = (chainID, rules, minimumGasPrice)
        self.transactionGasMax = transactionGasMax
        self.verifier = verifier
    }

    /// The same where the chain asks for something else.
    package func holding(to rules: ChainRules) -> AnteHandler {
        var other = self
        other.rules = rules
        return other
    }

    /// Applies the rules and books what the transaction owes. `block` is the one it would be in; for one that is still
    /// to be, with the time of the last.
    ///
    /// Throws a `TransactionRefusal` when a rule is broken; the caller then discards what was written.
    ///
    /// - Returns: the events that stand before those of all messages.
    package func run(
        _ form: TransactionForm, in block: BlockContext, mode: Mode, on state: any LedgerState
    ) throws -> [Event] {
        let used = try apply(form, in: block, mode: mode, on: state) { try verify($0, of: form) }
        return used + events(of: form.transaction, mode: mode)
    }

    /// The same without a word about it, and without verifying: the claims that it rests on are the caller's to verify,
    /// without the state.
    package func book(
        _ form: TransactionForm, in block: BlockContext, mode: Mode, on state: any LedgerState
    ) throws -> [SignatureClaim] {
        var claims: [SignatureClaim] = []
        _ = try apply(form, in: block, mode: mode, on: state) { claims.append($0) }
        return claims
    }

    /// - Returns: the events of a grant that pays the fee.
    private func apply(
        _ form: TransactionForm, in block: BlockContext, mode: Mode, on state: any LedgerState,
        _ take: (SignatureClaim) throws -> Void
    ) throws -> [Event] {
        let transaction = form.transaction
        var asked: Set<String> = []
        for message in transaction.body.messages where asked.insert(message.typeURL).inserted {
            guard try router.refusalToRun(message.typeURL, in: state) == nil else {
                throw TransactionRefusal(codespace: "undefined", code: 1, log: "tx type not allowed")
            }
        }
        if transaction.signers.contains(CronStore.sender) {
            // The chain itself pays no fee, signs nothing, and sends nothing that waits.
            guard mode == .deliver else { throw TransactionRefusal.unauthorized("the chain alone calls in its name") }
            return try CronModule.take(transaction, in: block, on: state)
        }
        let parameters = try AuthParameters.current(in: state)
        try checkForm(transaction, parameters, height: block.height, mode: mode)
        let used = try payFee(transaction, at: block.time, mode: mode, on: state)
        let signatures = transaction.signatureCount
        guard UInt64(signatures) <= parameters.txSigLimit else {
            throw TransactionRefusal.tooManySignatures(count: signatures, max: Int(clamping: parameters.txSigLimit))
        }
        try checkSignatures(transaction, mode: mode, on: state, take)
        return used
    }

    private func events(of transaction: Transaction, mode: Mode) -> [Event] {
        var events: [Event] = []
        let coins = (try? Coins(transaction.authentication.fee.amount)) ?? .none
        if !coins.isEmpty, mode != .simulate {
            events = BankModule.eventsOfMove(
                coins, from: transaction.feeSource, to: ModuleAccount.feeCollector.address)
        }
        events.append(Event("tx", ["fee": coins.description, "fee_payer": transaction.feeSource.description]))
        for (index, signer) in transaction.signers.enumerated() {
            let sequence = transaction.authentication.signers[index].sequence
            events.append(Event("tx", ["acc_seq": "\(signer)/\(sequence)"]))
            events.append(Event("tx", ["signature": Base64.encode(Array(transaction.envelope.signatures[index]))]))
        }
        return events
    }

    private func checkForm(
        _ transaction: Transaction, _ parameters: AuthParameters.Values, height: UInt64, mode: Mode
    ) throws(TransactionRefusal) {
        let timeout = transaction.body.timeoutHeight
        guard timeout == 0 || height <= timeout else { throw .timedOut(height: height, timeout: timeout) }
        let memoCharacters = transaction.body.memo.utf8.count
        guard UInt64(memoCharacters) <= parameters.maxMemoCharacters else {
            throw .memoTooLarge(max: Int(clamping: parameters.maxMemoCharacters), count: memoCharacters)
        }
        let limit = transaction.authentication.fee.gasLimit
        guard mode != .simulate else { return }
        guard limit > 0, limit <= UInt64(Int64.max) else { throw .noGas }
        if let max = rules.blockGasMax, limit > max { throw .tooMuchGas(wanted: limit, blockMax: max) }
        if mode.isIntake, limit > transactionGasMax { throw .tooMuchGas(wanted: limit, nodeMax: transactionGasMax) }
        let gas = transaction.anteGas
        guard gas <= limit else { throw .outOfGas(location: "txSize", wanted: limit, used: gas) }
    }

    private func payFee(
        _ transaction: Transaction, at time: Timestamp, mode: Mode, on state: any LedgerState
    ) throws -> [Event] {
        let fee = transaction.authentication.fee
        guard let coins = try? Coins(fee.amount) else {
            throw TransactionRefusal(.insufficientFee, "invalid fee provided")
        }
        let payer = transaction.feeSource
        if mode != .simulate { try rules.minimumGasPrice?.require(of: coins, gasLimit: fee.gasLimit) }
        if mode.isIntake { try minimumGasPrice?.require(of: coins, gasLimit: fee.gasLimit) }
        var used: [Event] = []
        if payer != transaction.feePayer, mode != .simulate {
            used = try FeegrantModule.use(
                from: payer, to: transaction.feePayer, fee: coins, messages: transaction.body.messages, at: time,
                on: state)
        }
        guard try AuthModule.exists(payer, on: state) else {
            throw TransactionRefusal.unknownAddress("fee payer address: \(payer) does not exist")
        }
        guard !coins.isEmpty, mode != .simulate else { return used }
        do {
            if mode.isIntake {
                // Nothing that waits can spend what the collector gets, and all that waits pays it.
                try BankModule.take(coins, from: payer, at: time, on: state)
            } else {
                try BankModule.move(
                    coins, from: payer, to: ModuleAccount.feeCollector.address, at: time, on: state)
            }
        } catch let refusal as TransactionRefusal {
            throw TransactionRefusal.insufficientFunds(refusal.log)
        }
        return used
    }

    /// Checks each signer's sequence, has `take` check its signature, keeps a key that is used for the first time, and
    /// moves the sequence.
    private func checkSignatures(
        _ transaction: Transaction, mode: Mode, on state: any LedgerState, _ take: (SignatureClaim) throws -> Void
    ) throws {
        for (index, signer) in transaction.signers.enumerated() {
            guard var account = try AuthModule.account(signer, on: state) else {
                throw TransactionRefusal.unknownAddress("account \(signer) does not exist")
            }
            let info = transaction.authentication.signers[index]
            guard info.sequence == account.sequence else {
                throw TransactionRefusal.wrongSequence(expected: account.sequence, got: info.sequence)
            }
            if mode == .check || mode == .deliver {
                try take(SignatureClaim(of: transaction, signer: index, account))
            }
            if account.publicKey == nil, mode != .simulate { account.publicKey = info.publicKey }
            account.sequence += 1
            try AuthModule.save(account, on: state)
        }
    }

    /// Verifies a signature unless that was done before. Needs no state, and may take long.
    package func verify(_ claim: SignatureClaim, of form: TransactionForm) throws(TransactionRefusal) {
        let name = VerifiedSignatures.name(claim, of: form)
        if verified.contains(name) { return }
        let transaction = form.transaction
        switch verifier(transaction, claim, chainID) {
        case .valid: verified.insert(name)
        case .wrongSequence(let expected, let given): throw .wrongSequence(expected: expected, got: given)
        case .missingKey: throw .invalidPublicKey("pubkey on account is not set")
        case .wrongKey:
            throw .invalidPublicKey(
                "pubKey does not match signer address \(transaction.signers[claim.signer]) with signer index: "
                    + "\(claim.signer)")
        case .unsupportedKey: throw .invalidPublicKey("key type is not supported")
        case .unsupportedMode: throw unauthorized(claim, "sign mode is not supported for this transaction")
        case .wrongSignature, .noSuchSigner: throw unauthorized(claim, "unable to verify single signer signature")
        }
    }

    private func unauthorized(_ claim: SignatureClaim, _ reason: String) -> TransactionRefusal {
        .unauthorized(
            "signature verification failed; please verify account number (\(claim.accountNumber)), sequence "
                + "(\(claim.sequence)) and chain-id (\(chainID)): (\(reason))")
    }
}

extension Transaction {
    /// What it costs before any message runs.
    package var anteGas: UInt64 {
        GasSchedule.ante(byteCount: envelope.bytes.count, signatureCount: signatureCount)
    }
}
