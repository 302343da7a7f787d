import Foundation
import PublicCryptography
import SecretCryptography
import SignedTransactions
import TransactionFixtures
import WalletClient

/// Someone with an account and a key for talking to contracts.
final class User {
    let key: FixtureKey
    let number: UInt64
    var sequence: UInt64 = 0
    var encryption: ContractEncryption

    var address: AccountAddress { key.address }

    init(_ name: String, number: UInt64, ioPublicKey: [UInt8]) {
        key = FixtureKey(name)
        self.number = number
        encryption = ContractEncryption(privateKey: .random(), ioPublicKey: ioPublicKey)
    }

    /// A signed transaction with the next sequence of this user.
    func sign(
        _ messages: [AnyMessage], gas: UInt64 = 400_000, fee: UInt128 = 2_500, sequence given: UInt64? = nil,
        changing change: (inout FixtureTransaction) -> Void = { _ in }
    ) -> [UInt8] {
        var transaction = FixtureTransaction(messages, by: key, number: number, sequence: given ?? sequence)
        transaction.chainID = FourValidatorChain.chainID
        transaction.gasLimit = gas
        transaction.fee = [Coin(fee, "uscrt")]
        change(&transaction)
        if given == nil { sequence += 1 }
        return transaction.bytes
    }

    /// An input for a contract. Ours are bound to sender and contract; those of unmodified clients are not.
    func seal(_ json: String, for contract: AccountAddress, isBound: Bool = true) throws -> [UInt8] {
        try encryption.seal(
            Array(json.utf8), codeHash: Hexadecimal.encode(CounterContract.codeHash.bytes),
            owner: isBound ? (address, contract.bytes) : nil)
    }

    func execute(_ contract: AccountAddress, _ json: String, funds: UInt128 = 0, isBound: Bool = true) throws
        -> AnyMessage
    {
        execute(contract, sealed: try seal(json, for: contract, isBound: isBound), funds: funds)
    }

    func execute(_ contract: AccountAddress, sealed: [UInt8], funds: UInt128 = 0) -> AnyMessage {
        ComputeMessage.execute(
            .init(
                sender: address, contract: contract, message: sealed, funds: funds == 0 ? [] : [Coin(funds, "uscrt")])
        ).any
    }

    func storeCode(_ code: [UInt8] = CounterContract.code) -> AnyMessage {
        ComputeMessage.storeCode(.init(sender: address, code: code[...])).any
    }

    func instantiate(codeID: UInt64, label: String, count: Int) throws -> AnyMessage {
        let sealed = try encryption.seal(
            Array("{\"count\":\(count)}".utf8), codeHash: Hexadecimal.encode(CounterContract.codeHash.bytes),
            owner: (address, CounterContract.codeHash.bytes))
        return ComputeMessage.instantiate(.init(sender: address, codeID: codeID, label: label, message: sealed)).any
    }

    func send(_ amount: UInt128, to receiver: AccountAddress) -> AnyMessage {
        .send(amount, from: address, to: receiver)
    }
}

extension AnyMessage {
    /// The encrypted input of a message that executes a contract.
    var sealedInput: [UInt8] {
        guard case .execute(let execute)? = try? ComputeMessage.decode(self) else { return [] }
        return execute.message
    }
}

/// `bytes` by gzip, the program.
func compressed(_ bytes: [UInt8], in folder: URL) throws -> [UInt8] {
    let file = folder.appendingPathComponent("packed-\(UUID().uuidString)")
    try Data(bytes).write(to: file)
    let gzip = Process()
    gzip.executableURL = URL(fileURLWithPath: "/bin/gzip")
    gzip.arguments = ["-f", file.path]
    try gzip.run()
    gzip.waitUntilExit()
    return [UInt8](try Data(contentsOf: file.appendingPathExtension("gz")))
}
