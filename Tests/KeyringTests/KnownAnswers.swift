import PublicCryptography
import SecretCryptography
import SecretKit
import SignedTransactions
import TestSupport

@testable import Keyring

// The inputs of the known answers of the Secret Network protocol facts.
let sender = AccountAddress([UInt8](repeating: 0x11, count: 20))!
let contract = AccountAddress([UInt8](repeating: 0x22, count: 20))!
let codeHash = SHA256.hash(Array("code".utf8))
let knownContractKey = hexadecimal(
    "a259fa2d17beab9aa6ff755359823085ef2303ea110cb33989e22b05b22d3dfe"
        + "40cec33c614a3a8b5d6dfa3b42c2020e6eba506dade9fa265122c3958f72ed54")

func knownSeeds() -> NetworkSeeds {
    NetworkSeeds(genesis: key(repeating: 0x0a), current: key(repeating: 0x0b))
}
func knownKeys() -> NetworkKeys { NetworkKeys(knownSeeds()) }
func otherKeys() -> NetworkKeys {
    NetworkKeys(NetworkSeeds(genesis: key(repeating: 0x0a), current: key(repeating: 0x0c)))
}

/// The same where keys rotate, in the first epoch.
func rotatingSeeds() -> NetworkSeeds {
    NetworkSeeds(
        genesis: key(repeating: 0x0a), current: key(repeating: 0x0b), epoch: 0, present: key(repeating: 0x0c))
}

func presentAndEarlier(_ seeds: borrowing NetworkSeeds) -> (present: String?, earlier: String?) {
    guard seeds.epoch != nil else { return (nil, nil) }
    return (text(of: seeds.present), seeds.isWithEarlier ? text(of: seeds.earlier) : nil)
}

extension StateKeys {
    mutating func seal(
        name: [UInt8], value: [UInt8], contract: AccountAddress, height: Int64, transactionIndex: UInt32
    ) -> [UInt8] {
        seal(
            name: name, hashedAs: hashedName(name), value: value, contract: contract, height: height,
            transactionIndex: transactionIndex)
    }

    mutating func open(_ stored: [UInt8], name: [UInt8], contract: AccountAddress) -> [UInt8]? {
        open(stored, name: name, hashedAs: hashedName(name), contract: contract)
    }
}
