import ArgumentParser
import Foundation
import PublicCryptography
import SignedTransactions
import StrictJSON
import WalletClient

/// Shows what a private contract call is: the ciphertext that the chain has, beside the plaintext that its caller has.
struct Demo: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Store and make the example contract once, then show one private call.", shouldDisplay: false)
    @Argument(help: "The example contract (contracts/build/counter.wasm).") var file: String
    @OptionGroup var home: HomeOptions
    @OptionGroup var network: NetworkOptions

    private static let label = "first-private-counter"

    func run() async throws {
        let (chainID, encryption) = try await network.encryption(home)
        let session = Session(
            client: network.node.client, chainID: chainID, wallet: try Keystore(home: home.url).wallet("a"),
            encryption: encryption)
        let contract = try await self.contract(session)
        let call = #"{"increment":{}}"#
        let (receipt, data, sealed) = try await session.execute(contract, message: Array(call.utf8), gas: 200_000)
        guard receipt.code == 0 else { throw ClientError(.transactionFailed, receipt.log) }
        let answer = try await session.query(contract, message: Array(#"{"get_count":{}}"#.utf8))
        print(
            """

            A private call of contract \(contract)
              the chain sees     msg   \(Base64.encode(sealed).prefix(64))…  (\(sealed.count) bytes)
              the caller sees    msg   \(call)
              the chain sees     data  \(Base64.encode((try? Self.data(receipt)) ?? []).prefix(64))…
              the caller sees    data  \(Rendering.line(String(decoding: data, as: UTF8.self)))
              a query answers          \(Rendering.line(String(decoding: answer, as: UTF8.self)))
              transaction \(Rendering.line(receipt.hash)), height \(receipt.height), gas \(receipt.gasUsed)
            """)
    }

    private static func data(_ receipt: Session.Receipt) throws -> [UInt8] {
        guard let response = receipt.responses.first else { return [] }
        return try MessageResponse.contractResult(response).data
    }

    /// The contract of an earlier run of this network, or a new one.
    private func contract(_ session: Session) async throws -> AccountAddress {
        if let known = try? await session.client.get("/compute/v1beta1/contract_address/\(Self.label)"),
            let address = known["contract_address"]?.string.flatMap(AccountAddress.init(bech32:))
        {
            return address
        }
        guard let code = FileManager.default.contents(atPath: file) else {
            throw ClientError(.invalidInput, "cannot read \(file); `make contracts` builds it")
        }
        // At once, also for who reads it through a pipe.
        FileHandle.standardOutput.write(
            Data("storing the example contract (\(code.count) bytes) and making an instance\n".utf8))
        let (stored, codeID) = try await session.store(Array(code), gas: 2_000_000)
        guard let codeID else { throw ClientError(.transactionFailed, stored.log) }
        let (made, contract, _) = try await session.instantiate(
            codeID: codeID, message: Array(#"{"count":41}"#.utf8), label: Self.label, gas: 500_000)
        guard let contract else { throw ClientError(.transactionFailed, made.log) }
        return contract
    }
}
