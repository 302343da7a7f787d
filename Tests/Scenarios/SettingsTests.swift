import Foundation
import SignedTransactions
import StrictJSON
import Testing
import WalletClient

extension Scenarios {
    @Suite(.serialized) struct SettingsTests {
        @Test("the price of gas and what is forgotten are what the settings say, and the node says so itself")
        func pricesAndPruning() async throws {
            let node = try await NodeProcess(
                settings: """
                    [mempool]
                    gas_price = "0.05uscrt"
                    [pruning]
                    states = 16
                    blocks = 20
                    transactions = 30
                    """)
            try await node.start()
            let config = try await node.client.get("/cosmos/base/node/v1beta1/config")
            #expect(config["minimum_gas_price"] == "0.050000000000000000uscrt")
            #expect(config["pruning_keep_recent"] == "16" && config["pruning_interval"] == "100")
            #expect(try await earliest(node) == 1)

            var session = try await node.session(.a)
            let payment = BankMessage.send(
                .init(from: session.wallet.address, to: try Person.b.address, amount: [Coin(1, "uscrt")])
            ).any
            session.gasPriceMicro = 49_000
            await #expect(throws: ClientError.self) { try await session.send([payment], gas: 50_000) }
            session.gasPriceMicro = 50_000
            var receipts: [Session.Receipt] = []
            while try await node.height() < 121 {
                receipts.append(try await session.send([payment], gas: 50_000))
                #expect(receipts.last?.code == 0)
            }

            let height = try await node.height()
            let kept = try await earliest(node)
            #expect(kept > height - 25 && kept <= height - 15, "\(kept) of \(height)")
            await #expect(throws: ClientError.self) {
                try await node.client.get("/cosmos/base/tendermint/v1beta1/blocks/\(height - 30)")
            }
            _ = try await node.client.get("/cosmos/base/tendermint/v1beta1/blocks/\(height - 10)")
            let (first, last) = (try #require(receipts.first), try #require(receipts.last))
            await #expect(throws: ClientError.self) {
                try await node.client.get("/cosmos/tx/v1beta1/txs/\(first.hash)")
            }
            _ = try await node.client.get("/cosmos/tx/v1beta1/txs/\(last.hash)")
            #expect(try await old(node, height: 80).contains("height 80 is not available"))
            #expect(try await old(node, height: height - 10).contains("\"balance\""))
        }

        @Test("a node has an id, and keeps it")
        func identity() async throws {
            let node = try await NodeProcess()
            try await node.start()
            let path = "/cosmos/base/tendermint/v1beta1/node_info"
            let before = try await node.client.get(path)
            let id = try #require(before["default_node_info"]?["default_node_id"]?.string)
            #expect(id.count == 40)
            #expect(try await node.stop() == .exit(0))
            try await node.start()
            #expect(try await node.client.get(path)["default_node_info"]?["default_node_id"]?.string == id)
        }

        private func earliest(_ node: NodeProcess) async throws -> Int64 {
            let status = try await node.client.get("/cosmos/base/node/v1beta1/status")
            return try #require(status["earliest_store_height"]?.string.flatMap { Int64($0) })
        }

        /// What is answered to a question about the state after a block.
        private func old(_ node: NodeProcess, height: Int64) async throws -> String {
            let connection = try RawConnection(port: node.restPort)
            let path = "/cosmos/bank/v1beta1/balances/\(try Person.a.address)/by_denom?denom=uscrt"
            connection.write(
                Array("GET \(path) HTTP/1.1\r\nHost: a\r\nx-cosmos-block-height: \(height)\r\n\r\n".utf8))
            return connection.read()
        }
    }
}
