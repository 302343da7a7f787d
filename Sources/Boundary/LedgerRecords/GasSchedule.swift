import SignedTransactions

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

    // MARK: Messages of all other modules

    /// By class, since the enclave charges for messages whose records it never sees. What a message costs over its ante
    /// on a node of the Cosmos SDK 0.50, in the proportion in which a send costs 4,000 here and some 30,000 there,
    /// rounded up to the dearest of its class. What grows with a message, its bytes pay for.
    /// `nil` where a module counts itself.
    package static func message(_ price: MessageType.Price) -> UInt64? {
        switch price {
        // A send and two records: votes, grants and settings (5,000 to 16,000 there), deposits (45,000).
        case .few: 6_000
        // Rewards, a commission, a proposal or a packet that leaves (50,000 to 115,000).
        case .dozen: 15_000
        // Rewards, shares and tokens of one validator: to delegate, to create one (120,000 to 135,000).
        case .stake: 20_000
        // The same and a queue, or a second validator: to undelegate, to redelegate (172,000 to 185,000).
        case .unstake: 25_000
        // The grant that it looks up (8,000); what it holds is added.
        case .holder: 2_000
        // What outsiders prove: a dozen records and eight signatures or three paths of hashes. Nobody has measured this
        // one; a signature in another chain's header takes more bytes than pay for it.
        case .proof: 20_000
        case .byItsModule: nil
        }
    }

    // MARK: Contracts

    package static let contractInstance: UInt64 = 20_000
    /// Of the contract engine in one unit of gas (Secret Network protocol: gas).
    package static let wasmGasPerGas: UInt64 = 1_000
    /// What a call reads about its contract, flat.
    package static let contractBookkeeping: UInt64 = 1_000

    package static func contractCall(wasmGas: UInt64) -> UInt64 {
        contractInstance &+ wasmGas / wasmGasPerGas &+ 1
    }

    /// 0.8 for each byte of the uncompressed code.
    package static func storeCode(byteCount: Int) -> UInt64 {
        UInt64(byteCount) &* 4 / 5
    }

    // MARK: Registration

    /// Three signatures and a chain of certificates, twice, five records, and the headers of the last blocks; the bytes
    /// of the evidence cost as much again.
    package static let registration: UInt64 = 50_000

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

extension AnyMessage {
    /// What running the message costs besides its bytes, with what it holds, for host and enclave. `nil` for one that
    /// only the enclave can price, by running it, and for one that holds such a one.
    package func gas(depth: Int = 0) throws(TransactionError) -> UInt64? {
        guard let type else { throw .unknownMessageType(typeURL) }
        guard var gas = GasSchedule.message(type.price) else { return try BankMessage.decode(self)?.gas }
        for message in try heldMessages(depth: depth) {
            guard let more = try message.gas(depth: depth + 1) else { return nil }
            gas &+= more
        }
        return gas
    }
}

extension BankMessage {
    package var gas: UInt64 {
        switch self {
        case .send(let message): GasSchedule.send(coinCount: message.amount.count)
        case .multiSend(let message): GasSchedule.multiSend(outputCount: message.outputs.count)
        }
    }
}
