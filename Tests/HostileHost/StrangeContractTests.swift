import DecidedBlocks
import EnclaveProtocol
import Glibc
import LedgerRecords
import PublicCryptography
import StateProofs
import StateStore
import Testing
import WasmKit
import Wire

extension HostileHostSuite {
    /// Contracts that attack the enclave they run in. Each fails its own transaction, and nothing else.
    @Suite struct StrangeContractTests {
        let world: World

        init() throws { world = try World() }

        /// What executing each of them comes to, in one block.
        private func execute(
            _ contracts: [StrangeContract], _ message: [UInt8] = [], gas: UInt64 = 3_000_000
        ) throws -> [PlayedResult] {
            let installed = try world.install(contracts)
            try #require(!installed.addresses.contains(nil), "\(installed.logs)")
            try world.play(
                zip(contracts, installed.addresses).map { contract, address in
                    world.alice.sign([try world.tell(contract, at: address!, message)], gas: gas)
                })
            return world.host.outputs
        }

        private func expectNothingLeft(_ result: PlayedResult, sourceLocation: SourceLocation = #_sourceLocation) {
            #expect(
                result.data.isEmpty && result.events.isEmpty && result.writes.isEmpty && result.storedCodes.isEmpty,
                sourceLocation: sourceLocation)
        }

        @Test("what a contract returns is not trusted: garbage of any kind fails the call alone")
        func garbage() throws {
            let deep = String(repeating: "[", count: 100_000) + String(repeating: "]", count: 100_000)
            let outputs = [
                "", "garbage", "{", "{\"Ok\":", "{\"Ok\":5}", "{\"Ok\":{}}", "[]", "null", "{\"ok\":\"not a query\"}",
                "{\"Ok\":{\"messages\":\(deep)}}", "{\"Ok\":{\"messages\":[{}],\"attributes\":[],\"events\":[]}}",
                StrangeContract.plain + StrangeContract.plain,
                String(repeating: " ", count: 1 << 20) + StrangeContract.plain,
                "{\"Ok\":{\"messages\":[],\"attributes\":[],\"events\":[],\"data\":\"*\"}}",
            ].map { Array($0.utf8) }
            let contracts = (outputs + [[0xff, 0xfe, 0x00], [UInt8](repeating: 0x22, count: 50_000)]).map {
                StrangeContract(saying: $0)
            }
            for (index, result) in try execute(contracts).enumerated() {
                #expect(result.code == 3, "output \(index): \(result.log)")
                #expect(result.log.contains("failed to deserialize data"), "output \(index): \(result.log)")
                expectNothingLeft(result)
            }
            #expect(try world.isAlive())
        }

        @Test("a contract with all six functions of IBC has a port, and one with five has none")
        func ports() throws {
            let names = [
                "channel_open", "channel_connect", "channel_close", "packet_receive", "packet_ack", "packet_timeout",
            ]
            let contracts = [6, 5].map { count in
                StrangeContract(
                    changing: { assembly in
                        for name in names.prefix(count) {
                            assembly.function(
                                "ibc_" + name, [WasmAssembly.i32, WasmAssembly.i32], [WasmAssembly.i32], Op.i32(0))
                        }
                    }, execute: Op.i32(StrangeContract.region(0)))
            }
            let addresses = try world.install(contracts).addresses.map { try #require($0) }
            let ports = try addresses.map { address in
                let record = try world.chain.state.latestSnapshot()!.get(
                    StoreName.compute, ComputeStore.contractKey(address))
                return try ContractInfo(decoding: try #require(record)).ibcPortID
            }
            #expect(ports == ["wasm.\(addresses[0])", ""])
        }

        @Test("regions outside memory, endless recursion and traps have their own errors, and end nothing else")
        func traps() throws {
            let recursion = StrangeContract(
                changing: { assembly in
                    // Its own index: behind allocate, deallocate, the marker and instantiate.
                    assembly.function(nil, [WasmAssembly.i32], [WasmAssembly.i32], Op.get(0) + Op.call(4))
                }, execute: Op.get(0) + Op.call(4))
            let cases: [(StrangeContract, String)] = [
                (StrangeContract(execute: Op.i32(0)), "failed to read memory"),
                (StrangeContract(execute: Op.i32(-12)), "failed to read memory"),
                (StrangeContract(execute: Op.i32(0x7fff_0000)), "failed to read memory"),
                (
                    StrangeContract(execute: Op.i32(64) + Op.i32(-16) + Op.store() + Op.i32(64)),
                    "failed to read memory"
                ),
                (StrangeContract(execute: Op.i32(64) + Op.i32(-1) + Op.store(8) + Op.i32(64)), "failed to read memory"),
                (
                    StrangeContract(imports: [("db_read", 1, [0x7f])], execute: Op.i32(200_000) + Op.call(0)),
                    "failed to read memory"
                ),
                (recursion, "nested too deeply"), (StrangeContract(execute: Op.unreachable), "the contract panicked"),
                (StrangeContract(execute: Op.i32(-1) + Op.load()), "out of bounds"),
                (StrangeContract(execute: Op.i32(1) + Op.i32(0) + Op.divide), "divided by zero"),
            ]
            for (result, expected) in zip(try execute(cases.map(\.0)), cases.map(\.1)) {
                #expect(result.code == 3 && result.log.contains(expected), "\(expected): \(result.log)")
                expectNothingLeft(result)
            }
            #expect(try world.isAlive())
        }

        @Test(
            "floats, a start function, too much memory and imports of a wrong type are refused when a contract is made")
        func refused() throws {
            let ok = Op.i32(StrangeContract.region(0))
            let cases: [(StrangeContract, String)] = [
                (
                    StrangeContract(execute: instructions([0x43, 0, 0, 0, 0], Op.drop, ok)),
                    "found floating point operation in module code"
                ),
                (StrangeContract(changing: { $0.start = 2 }, execute: ok), "start function"),
                (StrangeContract(changing: { $0.pages = 193 }, execute: ok), "failed to initialize wasm memory"),
                (
                    StrangeContract(imports: [("db_read", 3, [0x7f])], execute: ok),
                    "calling a function in the contract failed"
                ),
                (StrangeContract(changing: { $0.pages = 513 }, execute: ok), "memory's minimum must not exceed"),
                (StrangeContract(changing: { $0.pagesMax = 20 }, execute: ok), "memory's maximum must be unset"),
                (StrangeContract(imports: [("clock", 0, [0x7e])], execute: ok), "unsupported import"),
                (StrangeContract(execute: instructions([0xfc, 8, 0, 0], ok)), "does not validate"),
                (StrangeContract(execute: []), "does not validate"),
            ]
            let installed = try world.install(cases.map(\.0))
            for (address, (log, expected)) in zip(installed.addresses, zip(installed.logs, cases.map(\.1))) {
                #expect(address == nil)
                #expect(log.contains(expected), "\(expected): \(log)")
            }
            #expect(try world.isAlive())
        }

        // MARK: - Bombs

        /// Calls the import forever with a new name of 16 KiB each time; the name's region is at 40, its bytes in page
        /// 1.
        private func storing(_ name: String, _ parameters: Int) -> StrangeContract {
            StrangeContract(
                imports: [(name, parameters, [])], locals: [WasmAssembly.i32],
                changing: { assembly in
                    assembly.pages = 3
                    for (index, word) in [65_536, 16_384, 16_384, 0x10, 0, 0].enumerated() {
                        assembly.data(
                            at: 32 + 4 * index, (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) })
                    }
                },
                execute: instructions(
                    Op.loop, Op.i32(65_536), Op.get(3), Op.i32(1), Op.add, Op.tee(3), Op.store(),
                    Op.i32(32), parameters == 2 ? Op.i32(44) : [], Op.call(0), Op.branch(0), Op.end, Op.unreachable))
        }

        @Test(
            "loops without end, and bombs of memory and of names in the state, end with their gas, however much there is"
        )
        func bombs() throws {
            let loop = StrangeContract(execute: instructions(Op.loop, Op.branch(0), Op.end, Op.unreachable))
            // All the memory there is, each page written to.
            let memory = StrangeContract(
                locals: [WasmAssembly.i32],
                execute: instructions(
                    Op.loop, Op.i32(1), Op.grow, Op.tee(3), Op.i32(16), [0x74], Op.i32(7), Op.store(), Op.branch(0),
                    Op.end, Op.unreachable))
            let results = try execute([loop, memory], gas: 500_000)
            #expect(results[0].code == 11)
            #expect(results[1].code == 3 && results[1].log.contains("out of bounds"), "\(results[1].log)")
            // As much gas as a number can say: only what the enclave holds ends these.
            for result in try execute([storing("db_remove", 1), storing("db_write", 2)], gas: .max / 2) {
                #expect(result.code == 11, "\(result.log)")
                expectNothingLeft(result)
            }
            #expect(try world.isAlive())
        }

        @Test("a message of two MiB reaches its contract, and fails one alone that has no room for it")
        func largeMessages() throws {
            let ok = Op.i32(StrangeContract.region(0))
            // Of 192 pages; environment and info still fit.
            let contracts = [
                StrangeContract(execute: ok), StrangeContract(changing: { $0.pages = 180 }, execute: ok),
            ]
            let results = try execute(contracts, [UInt8](repeating: 0x20, count: 2 << 20), gas: 200_000_000)
            #expect(results[0].code == 0, "\(results[0].log)")
            #expect(results[1].code == 3 && results[1].log.contains("out of bounds"), "\(results[1].log)")
            expectNothingLeft(results[1])
            #expect(try world.isAlive())
        }

        // MARK: - What leaves

        private func saying(attributes: [(key: Int, value: Int)] = [], eventType: Int? = nil) -> StrangeContract {
            func text(_ count: Int) -> String { String(repeating: "x", count: count) }
            let list = attributes.map {
                "{\"key\":\"\(text($0.key))\",\"value\":\"\(text($0.value))\",\"encrypted\":false}"
            }.joined(separator: ",")
            let event = eventType.map { "{\"type\":\"\(text($0))\",\"attributes\":[]}" } ?? ""
            return StrangeContract(
                saying: "{\"Ok\":{\"messages\":[],\"attributes\":[\(list)],\"events\":[\(event)],\"data\":null}}")
        }

        @Test("a result that no frame can carry fails its transaction, leaves nothing behind and stops nobody")
        func result() throws {
            let large = saying(attributes: [(1, 900_000)])
            let many = saying(attributes: Array(repeating: (0, 0), count: 24_000))
            let contracts = [large, many, saying(eventType: 65_540), saying(eventType: 65_000)]
            let installed = try world.install(contracts)
            let addresses = try installed.addresses.map { try #require($0, "\(installed.logs)") }
            func sign(_ contract: Int, times: Int) throws -> [UInt8] {
                let messages = try (0..<times).map { _ in try world.tell(contracts[contract], at: addresses[contract]) }
                return world.alice.sign(messages, gas: 100_000_000)
            }
            try world.play([
                // 9 x 900,000 bytes are within 8 MiB, ten are not; twice 24,000 attributes are more than 32,768.
                try sign(0, times: 9), try sign(0, times: 10), try sign(1, times: 1), try sign(1, times: 2),
                try sign(3, times: 1), try sign(2, times: 1),
            ])
            #expect(world.host.outputs.map(\.code) == [0, 21, 0, 21, 0, 21])
            for result in world.host.outputs where result.code != 0 {
                #expect(result.log.contains("leaves too much behind"))
                expectNothingLeft(result)
            }
            #expect(try world.isAlive())
        }

        @Test("what a transaction's calls say in all is bounded while it runs, not only when it ends")
        func saidInAll() throws {
            let large = saying(attributes: [(1, 900_000)])
            let address = try #require(try world.install([large]).addresses[0])
            let message = try world.tell(large, at: address)
            try world.play([world.alice.sign((0..<100).map { _ in message }, gas: .max / 2)])
            #expect(world.host.outputs[0].code == 21)
            // Long before the hundredth.
            #expect(world.host.outputs[0].log.contains("message index: 74"), "\(world.host.outputs[0].log)")
            #expect(try world.isAlive())
        }

        // MARK: - Quotes

        /// Tells by its data what `dcap_quote_verify` said of its message: 0, an error, or Intel's number for a wrong
        /// signature.
        private let verifier = StrangeContract(
            outputs: ["b2s=", "ZXJyb3I=", "c2lnbmF0dXJl", "b3RoZXI="].map {
                Array("{\"Ok\":{\"messages\":[],\"attributes\":[],\"events\":[],\"data\":\"\($0)\"}}".utf8)
            }, imports: [("dcap_quote_verify", 2, [0x7e])], locals: [WasmAssembly.i64],
            execute: instructions(
                Op.get(2), Op.get(2), Op.call(0), Op.set(3),
                Op.get(3), [0x50], Op.ifThen, Op.i32(StrangeContract.region(0)), Op.returns, Op.end,
                Op.get(3), Op.i64(10 << 32), [0x51], Op.ifThen, Op.i32(StrangeContract.region(1)), Op.returns, Op.end,
                Op.get(3), Op.i64(0xa004), [0x51], Op.ifThen, Op.i32(StrangeContract.region(2)), Op.returns, Op.end,
                Op.i32(StrangeContract.region(3))))

        @Test("a contract verifies a quote under the chain's root, at the time of its block")
        func quotes() throws {
            let address = try #require(try world.install([verifier]).addresses[0])
            var broken = world.opened.evidence
            broken[112] ^= 1
            let messages = try [world.opened.evidence, broken, [1, 2, 3]].map {
                try world.tell(verifier, at: address, $0)
            }
            func answers(_ block: DecidedBlock) throws -> [String] {
                try world.host.begin(block)
                try world.host.hand()
                let results = try messages.indices.map { try world.host.run($0) }
                try world.host.end()
                return try zip(results, messages).map { try world.alice.data($0, answerTo: $1) }
            }
            // The chain's time is before the root's; then it is after that.
            let early = try world.chain.decide(messages.map { world.alice.sign([$0]) })
            #expect(try answers(early) == ["error", "error", "error"])
            let made = Timestamp(seconds: Int64(time(nil)), nanoseconds: 0)!
            let later = try world.chain.decide(messages.map { world.alice.sign([$0]) }) { $0.time = made }
            #expect(try answers(later) == ["ok", "signature", "error"])
        }
    }
}
