import LedgerRecords
import PublicCryptography
import SignedTransactions
import StrictJSON

/// How much gas to give a transaction: of messages that run no contract the node says it; of contract calls, which no
/// node can try, the code's author has said it (`GasProfile`).
extension Session {
    /// A fifth more than was measured: a state that has grown, another way through the code.
    private static func withRoom(_ gas: UInt64) -> UInt64 { gas + gas / 5 }

    /// For a transaction of messages that a node simulates: payments, storing code.
    package func simulatedGas(_ messages: [AnyMessage]) async throws -> UInt64 {
        let (used, _) = try await client.simulate(try await draft(messages))
        return Self.withRoom(used)
    }

    /// What these messages need, by the chain's own prices, which depend on nothing but their kinds and bytes; `nil`
    /// for contract calls.
    package func pricedGas(_ messages: [AnyMessage]) async throws -> UInt64? {
        try Self.pricedGas(messages, byteCount: try await draft(messages).count)
    }

    /// The same of a transaction that will have as many bytes.
    package static func pricedGas(_ messages: [AnyMessage], byteCount: Int, signatureCount: Int = 1) throws -> UInt64? {
        var gas = GasSchedule.ante(byteCount: byteCount, signatureCount: signatureCount)
        for message in messages {
            guard let more = try? message.gas() else { return nil }
            gas += more
        }
        return Self.withRoom(gas)
    }

    package func executionGas(_ contract: AccountAddress, message: [UInt8], funds: [Coin]) async throws -> UInt64 {
        let codeID = try await client.codeID(ofContract: contract)
        return try await gas(.execute(message: message), codeID, message) { sealed in
            .execute(.init(sender: wallet.address, contract: contract, message: sealed, funds: funds))
        }
    }

    package func instantiationGas(
        codeID: UInt64, message: [UInt8], label: String, funds: [Coin], admin: AccountAddress?
    ) async throws -> UInt64 {
        try await gas(.instantiate, codeID, message) { sealed in
            .instantiate(
                .init(
                    sender: wallet.address, codeID: codeID, label: label, message: sealed, funds: funds, admin: admin))
        }
    }

    package func migrationGas(_ contract: AccountAddress, to codeID: UInt64, message: [UInt8]) async throws -> UInt64 {
        try await gas(.migrate, codeID, message) { sealed in
            .migrate(.init(sender: wallet.address, contract: contract, codeID: codeID, message: sealed))
        }
    }

    private func gas(
        _ call: GasProfile.Call, _ codeID: UInt64, _ message: [UInt8], _ form: ([UInt8]) -> ComputeMessage
    ) async throws -> UInt64 {
        guard let profile = try await client.gasProfile(ofCode: codeID) else {
            throw ClientError(
                .notFound,
                """
                code \(codeID) was stored without a gas profile, so `--gas auto` has nothing to go by. Give a number; or, if \
                the code is yours, store it with the profile that `cloister contract build` writes: cloister tx compute \
                store build/contract.wasm --gas-profile build/contract.gas
                """)
        }
        guard let price = profile.price(of: call) else {
            throw ClientError(
                .notFound,
                """
                the gas profile of code \(codeID) has no price for this message (it has: \(profile.text)). Give `--gas` a \
                number
                """)
        }
        let sealed = try encryption.seal(message, codeHash: String(repeating: "0", count: 64), owner: nil)
        let message = form(sealed)
        let transaction = try await draft([message.any])
        return Self.withRoom(
            price.gas(messageBytes: sealed.count - Self.sealedOverhead)
                + GasSchedule.ante(byteCount: transaction.count, signatureCount: 1)
                + (message.funds.isEmpty ? 0 : GasSchedule.send(coinCount: message.funds.count)))
    }

    /// Nonce, public key, tag and code hash.
    private static let sealedOverhead = 32 + 32 + 16 + 64

    /// A transaction as long as the one that will be sent.
    private func draft(_ messages: [AnyMessage]) async throws -> [UInt8] {
        let gas: UInt64 = 10_000_000
        let fee = Fee(amount: [Coin(UInt128(gas), "uscrt")], gasLimit: gas)
        return try wallet.sign(
            messages, fee: fee, chainID: chainID, account: try await client.account(wallet.address))
    }
}

extension ChainClient {
    /// What a node finds that a transaction would use. It refuses contract calls.
    package func simulate(_ transaction: [UInt8]) async throws -> (gasUsed: UInt64, answer: JSONValue) {
        let answer = try await post(
            "/cosmos/tx/v1beta1/simulate", ["tx_bytes": .string(Base64.encode(transaction))].object)
        guard let used = answer["gas_info"]?["gas_used"]?.string.flatMap({ UInt64($0) }) else {
            throw ClientError(.badAnswer, "the node's answer has no gas_used")
        }
        return (used, answer)
    }

    package func codeID(ofContract contract: AccountAddress) async throws -> UInt64 {
        let info = try await get("/compute/v1beta1/info/\(contract)")
        guard let codeID = info["contract_info"]?["code_id"]?.string.flatMap({ UInt64($0) }) else {
            throw ClientError(.badAnswer, "the node's answer has no code id of \(contract)")
        }
        return codeID
    }

    /// What a code's author published of its gas; `nil` if nothing.
    package func gasProfile(ofCode codeID: UInt64) async throws -> GasProfile? {
        let code = try await get("/compute/v1beta1/code/\(codeID)")
        return (code["code_info"]?["source"]?.string).flatMap(GasProfile.init(source:))
    }
}
