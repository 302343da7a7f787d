import Foundation
import TestSupport
import Testing
import WalletClient

extension Scenarios {
    @Suite(.serialized) struct StrictEnclaveTests {
        @Test(
            "a node whose enclave may not make code interprets contracts, and is another enclave than one that compiles"
        )
        func strict() async throws {
            let node = try await NodeProcess(settings: "[enclave]\nconfinement = \"strict\"")
            try await node.start()
            let arguments = try String(contentsOfFile: "/proc/\(node.launcher)/cmdline", encoding: .utf8)
            #expect(arguments.contains("--confinement\u{0}strict\u{0}"))
            let session = try await node.session(.a)
            let contract = try await CounterContract.make(session, count: 3)
            let (receipt, _, _) = try await session.execute(
                contract.address, message: Array(#"{"increment":{}}"#.utf8), gas: 300_000)
            #expect(receipt.code == 0, "\(receipt.log)")
            #expect(try await contract.count(session) == 4)
            #expect(try await node.stop() == .exit(0))

            // What the one sealed the other does not open, though the program is the same.
            let compiling = try NodeProcess(home: node.home)
            try compiling.launch()
            let ending = try await compiling.child?.ending()
            #expect(ending != .exit(0), "\(compiling.log)")
            let strict = try NodeProcess(home: node.home, settings: "[enclave]\nconfinement = \"strict\"")
            try await strict.start()
            #expect(try await contract.count(await strict.session(.a)) == 4)
            #expect(try await strict.stop() == .exit(0))
        }
    }
}
