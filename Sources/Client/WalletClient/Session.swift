import DecidedBlocks
import Foundation
import LedgerRecords
import PublicCryptography
import SignedTransactions
import StrictJSON
import Wire

/// One account's work with a chain: sends messages and reads what came of them, with the encryption of contract calls
/// done on the way.
package struct Session: Sendable {
    package let client: ChainClient
    package let chainID: String
    package let wallet: Wallet
    private let sealing: ContractEncryption?
    /// Price of a unit of gas, in millionths of uscrt.
    package var gasPriceMicro: UInt64 = 100_000
    /// Who pays the fee by an allowance to this account, if not the account itself.
    package var feeGranter: AccountAddress?

    /// Without `encryption` no contract can be called: for a network whose key was not verified.
    package init(client: ChainClient, chainID: String, wallet: Wallet, encryption: ContractEncryption?) {
        self.client = client
        self.chainID = chainID
        self.wallet = wallet
        sealing = encryption
    }

    package var encryption: ContractEncryption {
        get throws {
            guard let sealing else {
                throw ClientError(.invalidInput, "this session was made without a key to encrypt to")
            }
            return sealing
        }
    }

    /// What a transaction came to.
    package struct Receipt: Sendable {
        package var hash: String
        package var height: String
        package var code: UInt64
        package var log: String
        package var gasUsed: String
        package var responses: [AnyMessage]
        /// `tx_response` as the node told it.
        package var json: JSONValue

        package func attribute(_ type: String, _ key: String) -> String? {
            for event in json["events"]?.array ?? [] where event["type"]?.string == type {
                for attribute in event["attributes"]?.array ?? [] where attribute["key"]?.string == key {
                    return attribute["value"]?.string
                }
            }
            return nil
        }

        /// Of what a node answers about the transaction (`tx_response`).
        package init(hash: String, answer: JSONValue) throws {
            guard let response = answer["tx_response"] else {
                throw ClientError(.badAnswer, "the node's answer has no tx_response")
            }
            let data = Hexadecimal.decode(response["data"]?.string ?? "") ?? []
            self.hash = hash
            height = response["height"]?.string ?? ""
            code = response["code"]?.uint64 ?? 0
            log = response["raw_log"]?.string ?? ""
            gasUsed = response["gas_used"]?.string ?? ""
            responses = (try? TransactionData(decoding: data).responses) ?? []
            json = response
        }
    }

    /// Signs, sends and waits. A transaction that failed in its block is a receipt with a code; one that the node did
    /// not accept is an error.
    package func send(_ messages: [AnyMessage], gas: UInt64, memo: String = "") async throws -> Receipt {
        var fee = Fee(gas: gas, priceMicro: gasPriceMicro)
        fee.granter = feeGranter?.description ?? ""
        let account = try await client.account(wallet.address)
        let transaction = try wallet.sign(messages, memo: memo, fee: fee, chainID: chainID, account: account)
        return try await client.deliver(transaction)
    }

    // MARK: - Contracts

    /// A longer module is refused by every chain.
    private static let moduleBytesMax = 8 * 1024 * 1024

    /// `gas` is what the code's size needs, unless given.
    package func store(
        _ code: [UInt8], source: String = "", builder: String = "", gas: UInt64? = nil
    ) async throws -> (receipt: Receipt, codeID: UInt64?) {
        let message = ComputeMessage.storeCode(
            .init(sender: wallet.address, code: code[...], source: source, builder: builder))
        let module =
            Gunzip.isCompressed(code) ? try Gunzip.decompress(code, limit: Session.moduleBytesMax) : code
        let needed =
            GasSchedule.ante(byteCount: code.count + 1_000, signatureCount: 1)
            + GasSchedule.storeCode(byteCount: module.count)
        let receipt = try await send([message.any], gas: gas ?? needed)
        return (receipt, receipt.attribute("message", "code_id").flatMap { UInt64($0) })
    }

    package func instantiate(
        codeID: UInt64, code: ExpectedCode = .any, message: [UInt8], label: String, funds: [Coin] = [],
        admin: AccountAddress? = nil, gas: UInt64
    ) async throws -> (receipt: Receipt, contract: AccountAddress?, sealed: [UInt8]) {
        let target = try code.hash(try await client.codeHashBytes(ofCode: codeID))
        let sealed = try encryption.seal(
            message, codeHash: Hexadecimal.encode(target), owner: (wallet.address, target))
        let call = ComputeMessage.instantiate(
            .init(sender: wallet.address, codeID: codeID, label: label, message: sealed, funds: funds, admin: admin))
        var receipt = try await send([call.any], gas: gas)
        receipt.log = try encryption.openError(receipt.log, answerTo: sealed)
        return (receipt, receipt.attribute("message", "contract_address").flatMap(AccountAddress.init(bech32:)), sealed)
    }

    /// Executes a contract. `data` is what it returned, in clear.
    package func execute(
        _ contract: AccountAddress, code: ExpectedCode = .any, message: [UInt8], funds: [Coin] = [], gas: UInt64
    ) async throws -> (receipt: Receipt, data: [UInt8], sealed: [UInt8]) {
        let codeHash = try code.hash(try await client.codeHash(ofContract: contract))
        let sealed = try encryption.seal(message, codeHash: codeHash, owner: (wallet.address, contract.bytes))
        let call = ComputeMessage.execute(
            .init(sender: wallet.address, contract: contract, message: sealed, funds: funds))
        var receipt = try await send([call.any], gas: gas)
        receipt.log = try encryption.openError(receipt.log, answerTo: sealed)
        var data = [UInt8]()
        if let response = receipt.responses.first, let result = try? MessageResponse.contractResult(response) {
            data = try encryption.openData(result.data, answerTo: sealed) ?? []
        }
        return (receipt, data, sealed)
    }

    /// Moves a contract to another code. `data` is what the code's migration returned, in clear.
    package func migrate(
        _ contract: AccountAddress, to codeID: UInt64, code: ExpectedCode = .any, message: [UInt8], gas: UInt64
    ) async throws -> (receipt: Receipt, data: [UInt8]) {
        let codeHash = try code.hash(try await client.codeHash(ofCode: codeID))
        let sealed = try encryption.seal(message, codeHash: codeHash, owner: (wallet.address, contract.bytes))
        let call = ComputeMessage.migrate(
            .init(sender: wallet.address, contract: contract, codeID: codeID, message: sealed))
        var receipt = try await send([call.any], gas: gas)
        receipt.log = try encryption.openError(receipt.log, answerTo: sealed)
        let result = try receipt.responses.first.map(MessageResponse.contractResult)
        return (receipt, try result.flatMap { try encryption.openData($0.data, answerTo: sealed) } ?? [])
    }

    package func query(_ contract: AccountAddress, message: [UInt8]) async throws -> [UInt8] {
        try await Session.query(contract, message: message, client: client, encryption: encryption).data
    }

    /// What a contract answered, in clear.
    package struct Answer: Sendable {
        package var data: [UInt8]
        /// Of which state it is, as the enclave says; `nil` if the node passed no such thing on.
        package var stamp: AnswerStamp?
    }

    /// Asks a contract; needs no account. Whether the answer is new enough is for the caller (`NetworkTrust.admit`),
    /// who is shown what the enclave says of it before anything else: of data, and of what the contract refused with.
    package static func query(
        _ contract: AccountAddress, code: ExpectedCode = .any, message: [UInt8], client: ChainClient,
        encryption: ContractEncryption, admitting: (AnswerStamp?) throws -> Void = { _ in }
    ) async throws -> Answer {
        let codeHash = try code.hash(try await client.codeHash(ofContract: contract))
        let sealed = try encryption.seal(message, codeHash: codeHash, owner: nil)
        let text = Base64.encode(sealed).addingPercentEncoding(withAllowedCharacters: .alphanumerics)!
        let (answer, stamp) = try await client.getStamped("/compute/v1beta1/query/\(contract)?query=\(text)")
        func told(of bytes: [UInt8]) throws -> AnswerStamp? {
            guard let stamp else { return nil }
            guard let told = encryption.openStamp(stamp, of: bytes, by: contract, answerTo: sealed) else {
                throw ClientError(.badAnswer, "what the enclave says of its answer is for another one")
            }
            return told
        }
        switch answer {
        case .success(let answer):
            guard let data = answer["data"]?.string.flatMap({ Base64.decode($0) }),
                let opened = encryption.openData(data, answerTo: sealed)
            else { throw ClientError(.badAnswer, "the answer was not sealed for this client") }
            let stamp = try told(of: data)
            try admitting(stamp)
            return Answer(data: opened, stamp: stamp)
        case .failure(let error):
            guard error.code == .refused else { throw error }
            let opened = encryption.openError(error.description, answerTo: sealed)
            // What is not sealed is the node's word, unless the enclave vouches for it.
            if stamp != nil || opened != error.description {
                let suffix = ": query contract failed: unknown request"
                guard error.description.hasSuffix(suffix) else {
                    throw ClientError(.badAnswer, "what the enclave says of its answer is for another one")
                }
                let said = String(error.description.dropLast(suffix.count))
                try admitting(told(of: AnswerStamp.bytes(ofError: said)))
            }
            throw ClientError(.refused, opened)
        }
    }
}

extension Fee {
    /// Of `gas` units, each at as many millionths of uscrt; rounded up.
    package init(gas: UInt64, priceMicro: UInt64) {
        let amount = (UInt128(gas) * UInt128(priceMicro) + 999_999) / 1_000_000
        self.init(amount: [Coin(amount, "uscrt")], gasLimit: gas)
    }
}

extension ChainClient {
    /// Sends a signed transaction and waits for its block. One that failed there is a receipt with a code; one that the
    /// node did not accept is an error.
    package func deliver(_ transaction: [UInt8]) async throws -> Session.Receipt {
        let sent = try await broadcast(transaction)
        guard sent.code == 0 else {
            throw ClientError(
                .transactionFailed, "the node refused the transaction (code \(sent.code)): \(sent.log)",
                details: sent.hint.map { [$0] } ?? [])
        }
        return try Session.Receipt(hash: sent.hash, answer: try await waitForTransaction(sent.hash))
    }
}
