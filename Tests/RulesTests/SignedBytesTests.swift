import Ante
import Auth
import Bank
import ChainModules
import LedgerKit
import LedgerRecords
import ModuleKit
import PublicCryptography
import Seeds
import SignedTransactions
import Testing
import TransactionFixtures
import Wire

/// Whoever passes a signed transaction on may change nothing of it: not what it does, not what it costs, not its hash.
@Suite("Signed bytes")
struct SignedBytesTests {
    enum Subject: String, CaseIterable, Sendable {
        case direct, twoDirect, amino, aminoContract, eip191, eip191Contract, twoModes, multisignature
        case nestedMultisignature, manyMembers

        fileprivate var transaction: SignedTransaction {
            let (a, b, c) = (FixtureKey("alice"), FixtureKey("bob"), FixtureKey("carol"))
            let receiver = FixtureKey("receiver").address
            func transaction(_ messages: [AnyMessage], by signers: [FixtureSigner]) -> SignedTransaction {
                var transaction = SignedTransaction(
                    messages,
                    by: signers.enumerated().map { .init($1, accountNumber: 10 + UInt64($0), sequence: 3) })
                transaction.memo = "a memo"
                transaction.timeoutHeight = 1_000
                return transaction
            }
            func send(_ signers: [FixtureSigner]) -> SignedTransaction {
                transaction(signers.map { .send(7, from: $0.address, to: receiver) }, by: signers)
            }
            func contract(_ mode: SignMode) -> SignedTransaction {
                transaction(
                    [
                        ComputeMessage.execute(
                            .init(
                                sender: a.address, contract: receiver, message: [UInt8](repeating: 9, count: 70),
                                funds: [Coin(1, "uscrt")])
                        ).any,
                        ComputeMessage.instantiate(
                            .init(
                                sender: a.address, codeID: 3, label: "a label",
                                message: [UInt8](repeating: 8, count: 70), admin: a.address)
                        ).any,
                        ComputeMessage.clearAdmin(.init(sender: a.address, contract: receiver)).any,
                        BankMessage.multiSend(
                            .init(
                                inputs: [.init(address: a.address, coins: [Coin(3, "other"), Coin(2, "uscrt")])],
                                outputs: [.init(address: receiver, coins: [Coin(3, "other"), Coin(2, "uscrt")])])
                        ).any,
                    ], by: [.single(a, mode)])
            }
            switch self {
            case .direct: return send([.single(a, .direct)])
            case .twoDirect:
                var transaction = send([.single(a, .direct), .single(b, .direct)])
                transaction.fee.payer = b.address.description
                return transaction
            case .amino: return send([.single(a, .legacyAminoJSON)])
            case .aminoContract: return contract(.legacyAminoJSON)
            case .eip191: return send([.single(a, .eip191)])
            case .eip191Contract: return contract(.eip191)
            case .twoModes: return send([.single(a, .direct), .single(b, .legacyAminoJSON)])
            case .multisignature:
                return send([
                    .members(
                        [.single(a, .legacyAminoJSON), .single(b, .direct), .single(c, .eip191)], threshold: 2,
                        signing: [0, 2])
                ])
            case .nestedMultisignature:
                return send([
                    .members(
                        [
                            .members(
                                [.single(a, .legacyAminoJSON), .single(b, .legacyAminoJSON)], threshold: 1,
                                signing: [1]),
                            .single(c, .legacyAminoJSON),
                        ], threshold: 2, signing: [0, 1])
                ])
            case .manyMembers:
                return send([
                    .members(
                        [.single(a, .legacyAminoJSON), .single(b, .legacyAminoJSON), .single(c, .legacyAminoJSON)],
                        threshold: 2, signing: [0, 1, 2])
                ])
            }
        }
    }

    /// A host's ledger in which everyone who signs has coins and an account, and whether it knows their keys by now.
    private struct Judge {
        let ante = AnteHandler(chainID: FixtureTransaction.chainID, minimumGasPrice: nil)
        let router = ModuleList.chain.router
        let accounts: [AccountRecord]

        init(_ transaction: SignedTransaction, knowsKeys: Bool) {
            accounts = transaction.parts.map { part in
                AccountRecord(
                    address: part.signer.address, publicKey: knowsKeys ? part.signer.key.any : nil,
                    accountNumber: part.accountNumber, sequence: part.sequence)
            }
        }

        /// Whether the host runs it, and whether an enclave does: its words on signatures are those of the shared
        /// check.
        func accepts(_ bytes: [UInt8]) throws -> (host: Bool, enclave: Bool) {
            guard let form = try? TransactionForm(decoding: bytes, router: router) else { return (false, false) }
            let transaction = form.transaction
            let enclave = transaction.signers.indices.allSatisfy { index in
                guard let account = accounts.first(where: { $0.address == transaction.signers[index] }) else {
                    return false
                }
                return SignatureCheck.verify(
                    transaction, signerIndex: index, chainID: FixtureTransaction.chainID,
                    accountNumber: account.accountNumber, sequence: account.sequence, accountKey: account.publicKey)
                    == .valid
            }
            let state = MemoryState()
            for account in accounts {
                try AuthModule.save(account, on: state)
                try BankModule.setBalance(1_000_000, of: account.address, denomination: "uscrt", on: state)
            }
            do {
                _ = try ante.run(form, in: Ledger.block, mode: .deliver, on: state)
                return (true, enclave)
            } catch is TransactionRefusal {
                return (false, enclave)
            }
        }
    }

    /// What is accepted beside the signed bytes, as it is by the Cosmos SDK.
    private func isAllowed(_ mutant: [UInt8], of bytes: [UInt8]) throws -> Bool {
        let (signed, other) = (try Transaction(decoding: bytes), try Transaction(decoding: mutant))
        var authentication = signed.authentication
        for (index, info) in other.authentication.signers.enumerated() where info.publicKey == nil {
            // In the modes in which a text is signed that does not name keys and modes (Amino JSON, EIP-191), the key
            // may be left out once the chain has it: it is the same key. A signer in direct mode has signed the bytes
            // that all signers' keys and modes stand in.
            guard !authentication.signers.contains(where: { ModeInfo.isDirectAnywhere($0.mode) }) else { return false }
            authentication.signers[index].publicKey = nil
        }
        let expected = TransactionEnvelope(
            body: Array(signed.envelope.bodyBytes), authentication: authentication.encoded,
            signatures: signed.envelope.signatures.map { Array($0) })
        return mutant == expected.bytes
    }

    @Test("no mutation of a signed transaction is accepted, in any sign mode", arguments: Subject.allCases)
    func mutations(_ subject: Subject) throws {
        let transaction = subject.transaction
        let bytes = transaction.bytes
        let judges = [Judge(transaction, knowsKeys: false), Judge(transaction, knowsKeys: true)]
        for judge in judges {
            let verdict = try judge.accepts(bytes)
            try #require(verdict.host && verdict.enclave)
        }
        let seed = SeededGenerator.seed(of: "mutations of \(subject)")
        var generator = SeededGenerator(seed: seed)
        let first = Mutant.all(of: bytes)
        var mutants = first
        for index in bytes.indices {
            var other = bytes
            let bit = Int.random(in: 0..<8, using: &generator)
            other[index] ^= 1 << UInt8(bit)
            mutants.append(Mutant(change: "bit \(bit) of byte \(index)", bytes: other))
        }
        for _ in 0..<500 {
            let one = first.randomElement(using: &generator)!
            guard let two = Mutant.one(of: one.bytes, using: &generator) else { continue }
            mutants.append(Mutant(change: "\(one.change); then \(two.change)", bytes: two.bytes))
        }
        #expect(mutants.count > 3_000)
        var allowed = 0
        for mutant in mutants where mutant.bytes != bytes {
            for judge in judges {
                let verdict = try judge.accepts(mutant.bytes)
                #expect(verdict.host == verdict.enclave, "seed \(seed): \(mutant.change)")
                guard verdict.host || verdict.enclave else { continue }
                guard try isAllowed(mutant.bytes, of: bytes) else {
                    Issue.record("seed \(seed): accepted: \(mutant.change)")
                    continue
                }
                allowed += 1
            }
        }
        // That leaving a key out is possible at all shows that the rest was refused for a reason.
        let hasTextMode = !transaction.parts.contains { ModeInfo.isDirectAnywhere($0.signer.mode) }
        #expect((allowed > 0) == hasTextMode, "\(allowed)")
        print("mutations of \(subject): \(mutants.count) mutants, \(allowed) times a key left out")
    }

    @Test("which of more than enough members of a multisignature are shown to have signed is not signed, as in the SDK")
    func membersToSpare() throws {
        let transaction = Subject.manyMembers.transaction
        let it = try Transaction(decoding: transaction.bytes)
        guard case .members(let members, let threshold, _) = transaction.parts[0].signer else { return }
        let signatures = try #require(LooseMessage(Array(it.envelope.signatures[0]))).fields
        func shown(_ signing: [Int]) throws -> Bool {
            var authentication = it.authentication
            let signer = FixtureSigner.members(members, threshold: threshold, signing: signing)
            authentication.signers[0].mode = signer.mode
            let fewer = TransactionEnvelope(
                body: Array(it.envelope.bodyBytes), authentication: authentication.encoded,
                signatures: [LooseMessage(signing.map { signatures[$0] }).encoded])
            return try Judge(transaction, knowsKeys: false).accepts(fewer.bytes) == (true, true)
        }
        #expect(try shown([0, 1, 2]) && shown([0, 2]))
        #expect(try !shown([1]))
    }

    @Test("a field that direct mode lets a node ignore, because it is signed, is refused in modes that do not sign it")
    func ignorableFields() throws {
        for mode in [SignMode.direct, .legacyAminoJSON, .eip191] {
            let alice = FixtureKey("alice")
            let signed = SignedTransaction(
                [.send(7, from: alice.address, to: FixtureKey("bob").address)],
                by: [.init(.single(alice, mode), accountNumber: 10, sequence: 3)])
            let judge = Judge(signed, knowsKeys: false)
            #expect(try judge.accepts(signed.bytes) == (true, true))
            var padded = signed
            padded.messages[0].value += ProtobufWriter.encode { $0.message(1_024, [UInt8](repeating: 0, count: 9)) }
            // Signed by who padded it, so in direct mode it is as good as another.
            #expect(try judge.accepts(padded.bytes) == (mode == .direct, mode == .direct))
        }
    }
}

extension ModeInfo {
    fileprivate static func isDirectAnywhere(_ mode: ModeInfo) -> Bool {
        switch mode {
        case .single(let mode): mode == .direct
        case .multi(_, _, let modes): modes.contains(where: isDirectAnywhere)
        }
    }
}
