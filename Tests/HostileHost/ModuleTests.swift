import EnclaveLink
import EnclaveProtocol
import Foundation
import PublicCryptography
import Testing

extension HostileHostSuite {
    /// A host that keeps the enclave's compiled modules and hands back something else.
    @Suite struct ModuleTests {
        let world: World

        init() throws { world = try World() }

        private func increment() throws -> [UInt8] {
            world.alice.sign([try world.alice.execute(world.aliceCounter, "{\"increment\":{}}")])
        }

        /// The sealed modules of these codes, once the enclave has compiled them in the background.
        private func takeModules(_ codeHashes: [Hash32], of world: World) throws -> [Hash32: [UInt8]] {
            var taken: [Hash32: [UInt8]] = [:]
            let patience = ContinuousClock.now + .seconds(120)
            while !codeHashes.allSatisfy({ taken[$0] != nil }), ContinuousClock.now < patience {
                let module = try world.enclave.control.takeModule()
                if let hash = Hash32(module.codeHash) { taken[hash] = module.sealed } else { usleep(20_000) }
            }
            try #require(codeHashes.allSatisfy { taken[$0]?.isEmpty == false })
            return taken
        }

        /// Starts the enclave anew, with no module at hand, and runs an increment; `asked` is whether it wanted the
        /// code.
        private func runAnew(keeping sealed: [UInt8]) throws -> (result: PlayedResult, asked: Bool) {
            try world.restart(fromHeight: world.chain.height)
            var asked = false
            world.host.modules[CounterContract.codeHash.bytes] = sealed
            world.host.tricks.readCode = { _, honest in
                asked = true
                return honest
            }
            try world.play([increment()])
            return (world.host.outputs[0], asked)
        }

        @Test("a module that the host kept spares a restarted enclave the code, and changes no result")
        func honest() throws {
            let sealed = try takeModules([CounterContract.codeHash], of: world)[CounterContract.codeHash]!
            let height = world.chain.height
            let block = try world.chain.decide([try increment()])
            var results: [PlayedResult] = []
            for kept in [sealed, []] {
                try world.restart(fromHeight: height)
                var asked = false
                world.host.modules[CounterContract.codeHash.bytes] = kept
                world.host.tricks.readCode = { _, honest in
                    asked = true
                    return honest
                }
                let journal = results.isEmpty ? [] : [VouchedFact.admitted(index: 0).bytes]
                try world.host.begin(block, journal: journal)
                try world.host.hand()
                results.append(try world.host.run(0))
                #expect(asked == kept.isEmpty)
            }
            #expect(results[0] == results[1] && results[0].code == 0)
            _ = try world.host.end()
            try world.play([])
            let count = try world.query(world.aliceCounter, "{\"get_count\":{}}", by: world.alice).text
            #expect(count?.contains("42") == true)
        }

        @Test("native code that the enclave did not seal for this very code is not run")
        func hostile() throws {
            // The same contract under another hash.
            let other = CounterContract.code + [0, 2, 1, UInt8(ascii: "x")]
            try world.play([world.alice.sign([world.alice.storeCode(other)], gas: 3_000_000)])
            #expect(world.host.outputs[0].code == 0)
            let modules = try takeModules([CounterContract.codeHash, SHA256.hash(other)], of: world)
            let sealed = modules[CounterContract.codeHash]!
            let stranger = try World()
            let foreign = try takeModules([CounterContract.codeHash], of: stranger)[CounterContract.codeHash]!

            var lies: [(name: String, sealed: [UInt8])] = [
                ("another code's", modules[SHA256.hash(other)]!), ("another machine's", foreign),
                ("the code itself", CounterContract.code), ("one byte", [0]), ("cut", Array(sealed.dropLast())),
                ("longer", sealed + [0]), ("only native code", Array(sealed.dropFirst(32 + 83))),
            ]
            // The tag, format, version, measurement, code hash, compiler, the module's facts, its native code.
            for place in [0, 32, 49, 60, 90, 114, 120, sealed.count / 2, sealed.count - 1] {
                var changed = sealed
                changed[place] ^= 1
                lies.append(("changed at \(place)", changed))
            }
            // Another code's module under this code's header.
            lies.append(
                ("exchanged", Array(sealed.prefix(32 + 83)) + modules[SHA256.hash(other)]!.dropFirst(32 + 83)))
            for lie in lies {
                let (result, asked) = try runAnew(keeping: lie.sealed)
                #expect(asked, "\(lie.name)")
                #expect(result.code == 0, "\(lie.name)")
            }
            // The truth, at the end, is still believed.
            #expect(try !runAnew(keeping: sealed).asked)
        }
    }
}
