/// Clients that attack a chain with what clients may send: transactions of every type of message, with every text, list
/// and number that a user chooses at its ends, alone and mixed; and queries.
///
/// The same generator drives the enclave and the host in a test (`HostileHost`) and a running network
/// (`cloister-soak`). It says nothing of what a result should be, but only that there is one, and that everybody goes
/// on.
import PublicCryptography
import SecretCryptography
import SignedTransactions
import TransactionFixtures
import WalletClient

/// One of the attackers, with an account.
package final class HostileUser {
    package let key: FixtureKey
    package let encryption: ContractEncryption
    package var number: UInt64
    /// Of the next transaction, as far as it is known.
    package var sequence: UInt64 = 0
    /// Inputs that were used, to be used again by somebody else.
    var inputs: [[UInt8]] = []

    package var address: AccountAddress { key.address }

    package init(_ name: String, number: UInt64, ioPublicKey: [UInt8]) {
        key = FixtureKey(name)
        self.number = number
        encryption = ContractEncryption(privateKey: .random(), ioPublicKey: ioPublicKey)
    }
}

/// What is on the chain that is attacked.
package struct Scene {
    /// A contract that does what it is told (`contracts/puppet`), or any other.
    package struct Contract {
        package var address: AccountAddress
        package var codeHash: Hash32
        package var isPuppet: Bool

        package init(address: AccountAddress, codeHash: Hash32, isPuppet: Bool) {
            (self.address, self.codeHash, self.isPuppet) = (address, codeHash, isPuppet)
        }
    }

    package var chainID: String
    package var users: [HostileUser]
    package var contracts: [Contract] = []
    package var puppetCodeID: UInt64 = 0
    package var puppetCodeHash = Hash32.zero
    /// Modules that can be stored, to be packed, cut and changed.
    package var modules: [[UInt8]] = []
    /// Beyond these nobody takes a transaction.
    package var transactionBytesMax = 4 << 20
    /// Of one text that a contract is told to say or to keep; now and then it is the most that a message holds.
    package var textBytesMax = 1_500_000
    package var gasMax: UInt64 = 100_000_000
    /// Of a call of a contract: bounds how long an attack takes.
    package var callGasMax: UInt64 = 3_000_000
    /// In thousandths of uscrt for a unit of gas.
    package var gasPrice: UInt64 = 100

    package init(chainID: String, users: [HostileUser]) {
        (self.chainID, self.users) = (chainID, users)
    }

    package static let denominations = ["uscrt", "udust", "usand", "factory/\(String(repeating: "d", count: 120))"]
}
