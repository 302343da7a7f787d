/// What things cost, in the same unit for transactions that the host runs alone and for those that the enclave drives:
/// gas is under the hash of a block's results, so host and enclave must agree to the unit.
package enum GasSchedule {
    // MARK: Every transaction

    package static let perTransactionByte: UInt64 = 10
    package static let perSignature: UInt64 = 1_000
    package static let anteBase: UInt64 = 5_000

    package static func ante(byteCount: Int, signatureCount: Int) -> UInt64 {
        perTransactionByte &* UInt64(byteCount) &+ perSignature &* UInt64(signatureCount) &+ anteBase
    }

    // MARK: Bank

    package static let sendBase: UInt64 = 4_000
    package static let sendPerExtraCoin: UInt64 = 1_000
    package static let multiSendPerOutput: UInt64 = 4_000

    package static func send(coinCount: Int) -> UInt64 {
        sendBase &+ sendPerExtraCoin &* UInt64(max(coinCount, 1) - 1)
    }

    package static func multiSend(outputCount: Int) -> UInt64 {
        multiSendPerOutput &* UInt64(outputCount)
    }

    // MARK: Contracts

    package static let contractInstance: UInt64 = 20_000
    /// Units of the contract engine in one unit of gas.
    package static let wasmUnits: UInt64 = 1_000
    /// What a call reads about its contract, flat.
    package static let contractBookkeeping: UInt64 = 1_000

    package static func contractCall(wasmGas: UInt64) -> UInt64 {
        contractInstance &+ wasmGas / wasmUnits &+ 1
    }

    /// 0.8 for each byte of the uncompressed code.
    package static func storeCode(byteCount: Int) -> UInt64 {
        UInt64(byteCount) &* 4 / 5
    }

    // MARK: Contract storage, by the bytes of the key and the size class of the value

    package static let readBase: UInt64 = 100
    package static let readPerByte: UInt64 = 1
    package static let writeBase: UInt64 = 200
    package static let writePerByte: UInt64 = 5
    package static let remove: UInt64 = 100

    /// An absent value has size class 0.
    package static func read(keyByteCount: Int, sizeClass: Int) -> UInt64 {
        readBase &+ readPerByte &* UInt64(keyByteCount + sizeClass)
    }

    package static func write(keyByteCount: Int, sizeClass: Int) -> UInt64 {
        writeBase &+ writePerByte &* UInt64(keyByteCount + sizeClass)
    }
}
