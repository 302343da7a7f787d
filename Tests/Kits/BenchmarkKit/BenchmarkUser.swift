import ChainFormats
import PublicCryptography
import SecretCryptography
import SignedTransactions
import TransactionFixtures
import WalletClient

/// An account with coins that calls contracts.
package final class BenchmarkUser {
    package static let chainID = "cloister-bench-1"
    package static let coins: UInt128 = 1_000_000_000_000
    /// No limit on a block's gas: what is measured is how much work fits, not how much may be asked for.
    package static let parameters = ConsensusParameters()

    package let key: FixtureKey
    package let number: UInt64
    /// Of the next transaction.
    package var sequence: UInt64 = 0
    private let chainID: String
    private let encryption: ContractEncryption

    package var address: AccountAddress { key.address }

    package init(_ key: FixtureKey, number: UInt64, chainID: String = BenchmarkUser.chainID, ioPublicKey: [UInt8]) {
        self.key = key
        self.number = number
        self.chainID = chainID
        encryption = ContractEncryption(privateKey: .random(), ioPublicKey: ioPublicKey)
    }

    package static func keys(_ count: Int) -> [FixtureKey] { (0..<count).map { FixtureKey("benchmark \($0)") } }

    /// Signed with the next sequence.
    package func sign(_ message: AnyMessage, gas: UInt64) -> [UInt8] {
        defer { sequence += 1 }
        return FixtureTransaction([message], by: key, number: number, sequence: sequence).with {
            $0.chainID = chainID
            $0.gasLimit = gas
            $0.fee = [Coin(UInt128(gas / 50), "uscrt")]
        }.bytes
    }

    /// One coin for somebody, which no contract hears of.
    package func send(to receiver: AccountAddress) -> [UInt8] {
        sign(AnyMessage.send(1, from: address, to: receiver), gas: 100_000)
    }

    package func store(_ contract: BenchmarkContract) -> [UInt8] {
        let message = ComputeMessage.storeCode(.init(sender: address, code: contract.code[...]))
        return sign(message.any, gas: 10_000_000)
    }

    package func instantiate(_ contract: BenchmarkContract, holders: [AccountAddress]) throws -> [UInt8] {
        let sealed = try encryption.seal(
            Array(contract.instantiation(holders: holders).utf8), codeHash: contract.codeHash.description,
            owner: (address, contract.codeHash.bytes))
        let message = ComputeMessage.instantiate(.init(sender: address, codeID: 1, label: "benchmark", message: sealed))
        return sign(message.any, gas: 50_000_000)
    }

    package func execute(
        _ address: AccountAddress, of contract: BenchmarkContract, _ json: String, gas: UInt64 = 1_000_000
    ) throws
        -> [UInt8]
    {
        let sealed = try encryption.seal(
            Array(json.utf8), codeHash: contract.codeHash.description, owner: (self.address, address.bytes))
        let message = ComputeMessage.execute(.init(sender: self.address, contract: address, message: sealed))
        return sign(message.any, gas: gas)
    }

    package func query(of contract: BenchmarkContract) throws -> [UInt8] {
        try encryption.seal(
            Array(contract.query(of: address).utf8), codeHash: contract.codeHash.description, owner: nil)
    }

    /// An answer in clear; `nil` if the contract did not answer this user.
    package func open(_ answer: [UInt8], to query: [UInt8]) -> String? {
        encryption.openData(answer, answerTo: query).map { String(decoding: $0, as: UTF8.self) }
    }
}
