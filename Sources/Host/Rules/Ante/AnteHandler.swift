import Auth
import Bank
import ChainMessages
import EnclaveProtocol
import LedgerRecords
import ModuleKit
import PublicCryptography
import SignedTransactions

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
    package let rules: ChainRules
    /// What this node asks for before it lets a transaction wait.
    package let minimumGasPrice: MinimumGasPrice?
    package let transactionGasMax: UInt64
    private let verifier: SignatureVerifier
    private let verified = VerifiedSignatures()

    package init(
        chainID: String, rules: ChainRules = ChainRules(), minimumGasPrice: MinimumGasPrice?,
        transactionGasMax: UInt64 = .max, verifier: @escaping SignatureVerifier = SignatureClaim.verify
    ) {
        (self.chainID, self.rules, self.minimumGasPrice) = (chainID, rules, minimumGasPrice)
        self.transactionGasMax = transactionGasMax
        self.verifier = verifier
    }

    /// Applies the rules and books what the transaction owes. `height` is that of the block it would be in.
    ///
    /// Throws a `TransactionRefusal` when a rule is broken; the caller then discards what was written. With `proved`,
    /// which are claims that the caller has verified, nothing is verified here: where all else is in order, the claims
    /// that are still open are thrown (`UnverifiedSignatures`), to be verified without the state.
    ///
    /// - Returns: the events that stand before those of all messages.
    package func run(
        _ form: TransactionForm, height: UInt64, mode: Mode, proved: [SignatureClaim]? = nil,
        on state: any LedgerState
    ) throws -> [Event] {
        let transaction = form.transaction
        let parameters = try AuthParameters.current(in: state)
        try checkForm(transaction, parameters, height: height, mode: mode)
        var events = try payFee(transaction, mode: mode, on: state)
        let signatures = transaction.signatureCount
        guard UInt64(signatures) <= parameters.txSigLimit else {
            throw TransactionRefusal.tooManySignatures(count: signatures, max: Int(clamping: parameters.txSigLimit))
        }
        try checkSignatures(form, mode: mode, proved: proved, on: state)
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

    private func payFee(_ transaction: Transaction, mode: Mode, on state: any LedgerState) throws -> [Event] {
        let fee = transaction.authentication.fee
        guard let coins = try? Coins(fee.amount) else {
            throw TransactionRefusal(code: 13, log: "invalid fee provided: insufficient fee")
        }
        let payer = transaction.feePayer
        guard fee.granter.isEmpty || fee.granter == payer.description else {
            throw TransactionRefusal.invalidRequest("fee grants are not enabled")
        }
        if mode != .simulate { try rules.minimumGasPrice?.require(of: coins, gasLimit: fee.gasLimit) }
        if mode.isIntake { try minimumGasPrice?.require(of: coins, gasLimit: fee.gasLimit) }
        guard try AuthModule.account(payer, on: state) != nil else {
            throw TransactionRefusal.unknownAddress("fee payer address: \(payer) does not exist")
        }
        var events: [Event] = []
        if !coins.isEmpty, mode != .simulate {
            do {
                events = try BankModule.move(coins, from: payer, to: ModuleAccount.feeCollector.address, on: state)
            } catch let refusal as TransactionRefusal {
                throw TransactionRefusal.insufficientFunds(refusal.log)
            }
        }
        return events + [Event("tx", ["fee": coins.description, "fee_payer": payer.description])]
    }

    /// Checks each signer's sequence and signature, keeps a key that is used for the first time, moves the sequence.
    private func checkSignatures(
        _ form: TransactionForm, mode: Mode, proved: [SignatureClaim]?, on state: any LedgerState
    ) throws {
        let transaction = form.transaction
        var unverified: [SignatureClaim] = []
        for (index, signer) in transaction.signers.enumerated() {
            guard var account = try AuthModule.account(signer, on: state) else {
                throw TransactionRefusal.unknownAddress("account \(signer) does not exist")
            }
            let info = transaction.authentication.signers[index]
            guard info.sequence == account.sequence else {
                throw TransactionRefusal.wrongSequence(expected: account.sequence, got: info.sequence)
            }
            if mode == .check || mode == .deliver {
                let claim = SignatureClaim(of: transaction, signer: index, account)
                if let proved {
                    if !proved.contains(claim), !verified.contains(claim, of: form) { unverified.append(claim) }
                } else {
                    try verify(claim, of: form)
                }
            }
            if account.publicKey == nil, mode != .simulate { account.publicKey = info.publicKey }
            account.sequence += 1
            try AuthModule.save(account, on: state)
        }
        if !unverified.isEmpty { throw UnverifiedSignatures(claims: unverified) }
    }

    /// Verifies a signature unless that was done before. Needs no state, and may take long.
    package func verify(_ claim: SignatureClaim, of form: TransactionForm) throws(TransactionRefusal) {
        if verified.contains(claim, of: form) { return }
        let transaction = form.transaction
        switch verifier(transaction, claim, chainID) {
        case .valid: verified.insert(claim, of: form)
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
