import Ante
import BenchmarkKit
import ChainFormats
import ChainMessages
import EconomyKit
import ModuleKit
import PublicCryptography
import SignedTransactions
import TransactionFixtures
import Wire

/// What transactions take that are made to be dear, beside a plain transfer in the same run: looked at before one
/// waits, and run in a block by a validator that has not seen it before. Ledger and rules are a node's, the database
/// lies on disk; without enclave, consensus and network.
///
/// What a refused one takes is nobody's expense: into a block only a proposer brings it, against its own rules.
struct AbuseBenchmark {
    private struct Kind {
        let name: String
        let count: Int
        /// Whether its rules let it in; one that fails later pays its fee.
        let isTaken: Bool
        let make: (_ number: Int) -> SignedTransaction
        var spoil: (inout [UInt8]) -> Void = { _ in }
    }

    private struct Cost {
        var check = 0.0
        var block = 0.0
        var bytes = 0
        var gas: UInt64 = 0
    }

    private static let signers = (0..<SignedTransactions.Transaction.signaturesMax).map { FixtureKey("signer \($0)") }
    private let economy: Economy
    private let ledger: DurableLedger
    private let numbers: [UInt64]

    init() throws {
        ledger = try DurableLedger(stores: Economy.modules.stores)
        let founder = Economy.Founder(
            account: FixtureKey("validator").address, key: SHA256.hash([1]).bytes, tokens: 1_000_000_000)
        let rich = FixtureKey("rich").address
        let economy = try Economy([founder], rich: [(rich, 1 << 100)], mints: false, on: ledger)
        self.economy = economy
        try economy.begin()
        for signer in Self.signers {
            _ = try economy.run(any: .send(1 << 80, from: rich, to: signer.address)).get()
        }
        numbers = try Self.signers.map {
            try economy.ask(AuthV1beta1.Query.accountInfo, .init(address: $0.address)).info?.accountNumber ?? 0
        }
        try economy.end()
        try ledger.commit()
        try economy.begin()
    }

    func run(_ report: Report) throws {
        report.table(
            "transactions made to be dear, beside one transfer",
            columns: ["check", "x a transfer", "in a block", "x a transfer", "x per byte"])
        var plain: Cost?
        for kind in kinds {
            let cost = try measure(kind)
            let unit = plain ?? cost
            if plain == nil { plain = cost }
            let perByte = cost.block / Double(cost.bytes) / (unit.block / Double(unit.bytes))
            let full = Double(Self.blockBytes / cost.bytes) * cost.block
            var note = "\(cost.bytes) bytes; 4 MiB of them \(report.time(full))"
            if kind.isTaken {
                let perGas = cost.block / Double(cost.gas) / (unit.block / Double(unit.gas))
                note += "; \(cost.gas) gas, \(Report.ratio(perGas)) per gas"
            } else {
                note += "; refused"
            }
            report.cells(
                kind.name,
                [
                    report.time(cost.check), Report.ratio(cost.check / unit.check), report.time(cost.block),
                    Report.ratio(cost.block / unit.block), Report.ratio(perByte),
                ], note: note)
        }
    }

    private static let blockBytes = 4 << 20

    // MARK: - The transactions

    private var kinds: [Kind] {
        let most = TransactionBody.messagesMax
        let wrong: (inout [UInt8]) -> Void = { bytes in bytes[bytes.count - 1] ^= 1 }
        return [
            Kind(name: "a transfer", count: 400, isTaken: true) { transaction(1, $0) },
            Kind(name: "\(most) transfers in one transaction", count: 8, isTaken: true) { transaction(most, $0) },
            Kind(name: "\(most), of which the last one fails", count: 8, isTaken: true) {
                transaction(most, $0, last: 1 << 90)
            },
            Kind(
                name: "\(most), and a wrong signature", count: 20, isTaken: false, make: { transaction(most, $0) },
                spoil: wrong),
            Kind(name: "the longest memo", count: 400, isTaken: true) { transaction(1, $0, memo: 256) },
            Kind(name: "a memo as long as a transaction may be", count: 8, isTaken: false) {
                transaction(1, $0, memo: HashedTransaction.byteCountMax - 1_024)
            },
            Kind(
                name: "a wrong signature", count: 400, isTaken: false, make: { transaction(1, $0) }, spoil: wrong),
            Kind(name: "as many signers as there may be", count: 100, isTaken: true) { transaction(7, $0, signers: 7) },
            Kind(
                name: "the same, and the last signature wrong", count: 100, isTaken: false,
                make: { transaction(7, $0, signers: 7) }, spoil: wrong),
        ]
    }

    /// Each number makes another one, so that no signature is known already.
    private func transaction(
        _ messages: Int, _ number: Int, last: UInt128 = 1, memo: Int = 0, signers: Int = 1
    ) -> SignedTransaction {
        let list = (0..<messages).map { index -> AnyMessage in
            let sender = Self.signers[index % signers].address
            let receiver = AccountAddress(Array(SHA256.hash(Array("\(number) \(index)".utf8)).bytes.prefix(20)))!
            return .send(index == messages - 1 ? last : 1, from: sender, to: receiver)
        }
        var transaction = SignedTransaction(
            list,
            by: (0..<signers).map {
                .init(.single(Self.signers[$0], .direct), accountNumber: numbers[$0], sequence: 0)
            })
        transaction.memo = String(repeating: "m", count: memo)
        transaction.fee = Fee(amount: [Coin(1 << 60, "uscrt")], gasLimit: 1 << 40)
        return transaction
    }

    // MARK: - What they take

    private func measure(_ kind: Kind) throws -> Cost {
        let all = (0..<kind.count).map { number -> [UInt8] in
            var bytes = kind.make(number).bytes
            kind.spoil(&bytes)
            return bytes
        }
        var cost = Cost()
        cost.bytes = all[0].count
        let (checks, blocks) = (handler(), handler())
        for bytes in all {
            var start = Machine.threadSeconds
            let waits = try isTaken(bytes, checks, .check, gas: &cost.gas)
            cost.check += (Machine.threadSeconds - start) / Double(all.count)
            start = Machine.threadSeconds
            let runs = try isTaken(bytes, blocks, .deliver, gas: &cost.gas)
            cost.block += (Machine.threadSeconds - start) / Double(all.count)
            guard waits == kind.isTaken, runs == kind.isTaken else {
                throw BenchmarkNode.Failed(description: "\(kind.name): waits \(waits), runs \(runs)")
            }
        }
        return cost
    }

    private func handler() -> AnteHandler {
        AnteHandler(
            chainID: FixtureTransaction.chainID, minimumGasPrice: .standard, router: Economy.modules.router)
    }

    /// As the application does it; nothing of it lasts. In a block the messages are run, too.
    private func isTaken(
        _ bytes: [UInt8], _ ante: AnteHandler, _ mode: AnteHandler.Mode, gas: inout UInt64
    ) throws -> Bool {
        let scope = LedgerScope(economy.state)
        do {
            let form = try TransactionForm(decoding: bytes, router: Economy.modules.router)
            _ = try ante.run(form, in: economy.block, mode: mode, on: scope)
            guard mode == .deliver else { return true }
            gas = form.transaction.anteGas
            let messages = LedgerScope(scope)
            do {
                for message in form.transaction.body.messages {
                    let handler = try Economy.modules.router.handler(of: message)
                    gas += try handler.gas(of: message)
                    _ = try handler.run(message, in: economy.block, on: messages)
                }
                try messages.keep(in: scope)
            } catch is TransactionRefusal {}
            return true
        } catch is TransactionRefusal {
            return false
        }
    }
}
