import BlockExecution
import Foundation
import Glibc
import Testing
import WalletClient

extension Scenarios {
    @Suite(.serialized) struct CrashTests {
        @Test("kill -9 of the node at every step of a commit loses nothing, repeats nothing and changes no block")
        func killAtEveryStep() async throws {
            let node = try await NodeProcess()
            try await node.start()
            let contract = try await CounterContract.make(try await node.session(.a))
            let crowd = [
                CounterLoad(try await node.session(.a), contract), CounterLoad(try await node.session(.b), contract),
                CounterLoad(try await node.session(.c), contract),
            ]
            var record = ChainRecord()
            try await record.read(node)
            #expect(try await node.stop() == .exit(0))

            for step in CommitStep.allCases {
                let before = record.height
                try await node.start(crashingAt: "\(step.rawValue)@\(before + 4)")
                await load(crowd, until: node)
                #expect(try await node.child?.ending() == .signal(SIGKILL), "\(step) at \(before + 4)")

                // And once more on the way back up, at the first chance to, before the node starts for good.
                try node.launch(crashingAt: CommitStep.applicationCommitted.rawValue)
                #expect(try await node.child?.ending() == .signal(SIGKILL))

                try await node.start()
                try await wait(for: "the block at which the node died, \(before + 4), after \(step)") {
                    try await node.height() >= before + 4
                }
                try await crowd[0].call()
                try await record.read(node)
                var successes: Int64 = 0
                for caller in crowd { successes += try await caller.successes() }
                #expect(try await contract.count(crowd[0].session) == successes, "after \(step)")
                #expect(try await node.stop() == .exit(0))
            }
            #expect(record.height > Int64(4 * CommitStep.allCases.count))
        }

        /// All call until the node is gone.
        private func load(_ crowd: [CounterLoad], until node: NodeProcess) async {
            await withTaskGroup(of: Void.self) { group in
                for caller in crowd {
                    let carried = Carried(caller)
                    group.addTask { await carried.value.run() }
                }
            }
        }
    }
}

/// Hands a value to the one task that uses it.
struct Carried<Value>: @unchecked Sendable {
    let value: Value
    init(_ value: Value) { self.value = value }
}
