import Foundation
import LauncherKit
import SignedTransactions
import TestSupport
import Testing
import WalletClient

extension Scenarios {
    /// An enclave that runs elsewhere: here, under a launcher that is not the node's, at the other end of a Unix
    /// socket.
    @Suite(.serialized) struct ConnectedEnclaveTests {
        private let folder = TemporaryFolder("elsewhere")

        private func settings(_ socket: String) -> String {
            """
            [enclave]
            backend = "connected"
            socket = "\(socket)"
            root = "\(folder.path("machine/simulated-root.der"))"
            [validator]
            signer = "file"
            """
        }

        @Test("a node with an enclave behind a socket serves its clients, and goes on with it after a restart")
        func elsewhere() async throws {
            let first = try EnclaveOnSocket(
                folder.path("first.sock"), state: folder.path("machine"), queryLanes: 2)
            let node = try await NodeProcess(settings: settings(folder.path("first.sock")))
            try await node.start()
            let key = try await node.client.ioPublicKey()
            let session = try await node.session(.a)
            let payment = BankMessage.send(
                .init(from: session.wallet.address, to: try Person.b.address, amount: [Coin(1, "uscrt")])
            ).any
            #expect(try await session.send([payment], gas: 50_000).code == 0)
            let height = try await node.height()
            #expect(try await node.stop() == .exit(0))
            first.kill()

            let second = try EnclaveOnSocket(
                folder.path("second.sock"), state: folder.path("machine"), queryLanes: 2)
            let again = try NodeProcess(home: node.home, settings: settings(folder.path("second.sock")))
            try await again.start()
            #expect(try await again.client.ioPublicKey() == key)
            #expect(try await again.height() >= height)
            // The end of what is elsewhere is the end of the node, which says so.
            second.kill()
            let ending = try await again.child?.ending()
            #expect(ending == .exit(75), "\(again.log)")
            // Whoever of the node's lanes notices first: one that reads its end, or one whose frame is thrown back.
            #expect(again.log.contains("the enclave ended") || again.log.contains("the enclave is gone"))
        }

        @Test("an enclave that is connected needs a socket and the certificate of its machine")
        func incomplete() async throws {
            let node = try await NodeProcess(settings: "[enclave]\nbackend = \"connected\"\n")
            let refused = try await ChildProcess.run(
                Programs.path("cloister-node"), ["config", "validate", "--home", node.home])
            #expect(refused.ending != .exit(0))
            #expect(refused.output.contains("enclave.socket: a connected enclave needs one"))
            #expect(refused.output.contains("enclave.root: a connected enclave needs one"))
        }
    }
}
