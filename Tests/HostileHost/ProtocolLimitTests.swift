import EnclaveLink
import EnclaveProtocol
import Foundation
import PublicCryptography
import SignedTransactions
import Synchronization
import TestSupport
import Testing
import WasmKit

extension HostileHostSuite {
    /// The protocol's limits, met by whoever goes to their end.
    @Suite struct ProtocolLimitTests {
        @Test("queries nest ten deep, the first included, and the eleventh is refused by name")
        func queryDepth() throws {
            let puppets = try PuppetWorld()
            var message = "{\"get\":\"nothing\"}"
            for _ in 0..<12 {
                let smart =
                    "{\"contract_addr\":\"\(puppets.one)\",\"code_hash\":\"\(PuppetContract.codeHash)\","
                    + "\"msg\":\"\(Base64.encode(Array(message.utf8)))\"}"
                message = "{\"ask\":{\"wasm\":{\"smart\":\(smart)}}}"
            }
            var answer = try puppets.query(puppets.one, message)
            var depth = 0
            while answer.hasPrefix("{\"Ok\":{\"Ok\":\""), answer.hasSuffix("\"}}") {
                answer = String(decoding: Base64.decode(answer.dropFirst(13).dropLast(3)) ?? [], as: UTF8.self)
                depth += 1
            }
            #expect(answer == "{\"Err\":{\"exceeded_recursion_limit\":{}}}")
            #expect(depth == 9)
            #expect(try puppets.world.isAlive())
        }

        /// Answers with the response that was last told to it if a message is empty, and with nothing if it has one
        /// byte.
        private let echo = StrangeContract(
            imports: [("db_read", 1, [0x7f]), ("db_write", 2, [])],
            changing: { $0.data(at: 512, [0, 2, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0]) },
            execute: instructions(
                Op.get(2), Op.load(8), Op.isZero, Op.ifThen, Op.i32(512), Op.call(0), Op.returns, Op.end,
                Op.get(2), Op.load(8), Op.i32(1), Op.equal, Op.isZero, Op.ifThen,
                Op.i32(512), Op.get(2), Op.call(1), Op.end, Op.i32(StrangeContract.region(0))))

        /// The code of the transaction in which `echo` is called as often as said, having been told `response`.
        private func call(
            times: Int, _ world: World, response: (AccountAddress) -> String
        ) throws -> (code: UInt32, log: String) {
            let address = try #require(try world.install([echo]).addresses[0])
            let told = try world.tell(echo, at: address, Array("{\"Ok\":\(response(address))}".utf8))
            let empty = try world.tell(echo, at: address)
            try world.play([
                world.alice.sign([told], gas: .max / 2),
                world.alice.sign(Array(repeating: empty, count: times), gas: .max / 2),
            ])
            try #require(world.host.outputs[0].code == 0, "\(world.host.outputs[0].log)")
            #expect(world.host.outputs[1].writes.isEmpty && world.host.outputs[1].events.isEmpty)
            return (world.host.outputs[1].code, world.host.outputs[1].log)
        }

        private func calling(_ address: AccountAddress, _ message: String) -> String {
            Told.message(
                "{\"wasm\":{\"execute\":{\"contract_addr\":\"\(address)\",\"code_hash\":\"\(echo.codeHash)\","
                    + "\"msg\":\"\(message)\",\"send\":[]}}}")
        }

        @Test("a transaction makes ten thousand calls, and not one more")
        func calls() throws {
            let world = try World()
            // "AA==": one byte, which brings no further calls.
            let result = try call(times: 5, world) { address in
                Told.response(Array(repeating: calling(address, "AA=="), count: 2_000))
            }
            #expect(result.code == 3 && result.log.contains("too many contract calls"), "\(result.log)")
            // Four times one call that brings two thousand, and of the fifth all but the last five.
            #expect(result.log.contains("message index: 4"), "\(result.log)")
            #expect(try world.isAlive())
        }

        @Test("messages that bring messages, a mebibyte of them at each depth, end before memory does")
        func messagesOfMessages() throws {
            let world = try World()
            let idle = Told.message("{\"custom\":{}}")
            let result = try call(times: 1, world) { address in
                Told.response([calling(address, "")] + Array(repeating: idle, count: 15_000))
            }
            #expect(result.code == 21, "\(result.log)")
            #expect(try world.isAlive())
        }

        @Test("what nobody reads of a message takes no memory, a mebibyte of it at each of ten depths")
        func unreadMessages() throws {
            let world = try World()
            let lists = Told.message(
                "{\"custom\":[" + Array(repeating: "[0]", count: 250_000).joined(separator: ",") + "]}")
            var next: (contract: StrangeContract, address: AccountAddress)?
            for _ in 0..<10 {
                let call = next.map { next in
                    Told.message(
                        "{\"wasm\":{\"execute\":{\"contract_addr\":\"\(next.address)\","
                            + "\"code_hash\":\"\(next.contract.codeHash)\",\"msg\":\"\",\"send\":[]}}}")
                }
                let contract = StrangeContract(saying: "{\"Ok\":\(Told.response((call.map { [$0] } ?? []) + [lists]))}")
                next = (contract, try #require(try world.install([contract]).addresses[0]))
            }
            let first = try #require(next)
            let transaction = world.alice.sign([try world.tell(first.contract, at: first.address)], gas: 1_000_000)
            let before = try world.enclave.control.health().residentBytes
            let watch = MemoryWatch(world.enclave.control)
            try world.play([transaction])
            #expect(world.host.outputs[0].code == 10, "\(world.host.outputs[0].log.suffix(200))")
            #expect(watch.stop() < before + 128 << 20)
        }

        @Test(
            "code that is too large, however it is packed, and more than a block has room for are refused with their codes"
        )
        func code() throws {
            let world = try World()
            func store(_ code: [UInt8]) -> [UInt8] {
                let message = ComputeMessage.storeCode(.init(sender: world.alice.address, code: code[...]))
                return world.alice.sign([message.any], gas: 100_000_000)
            }
            func padded(_ count: Int) -> [UInt8] {
                StrangeContract(outputs: [[UInt8](repeating: 0x20, count: count)], execute: Op.i32(0)).code
            }
            let bomb = try compressed([UInt8](repeating: 0, count: 64 << 20), in: world.folder.url)
            #expect(bomb.count < 100_000)
            let fitting = padded(1_900_000)
            try world.play([
                store(bomb), store(try compressed(fitting, in: world.folder.url)), store(fitting + [0]),
                store(padded(2_097_152)), store(padded(1_900_001)),
            ])
            // Inflates too far; fits; is no module; is too large; finds no more room in the block, where refused code
            // counts.
            #expect(world.host.outputs.map(\.code) == [15, 0, 15, 31, 31], "\(world.host.outputs.map(\.log))")
            #expect(try world.isAlive())
        }
    }
}

/// Asks the enclave again and again how much memory it has, while something else goes on.
private final class MemoryWatch: Sendable {
    private let most = Atomic<UInt64>(0)
    private let isOver = Atomic<Bool>(false)

    /// - Parameter control: used by nobody else meanwhile.
    init(_ control: Lane) {
        nonisolated(unsafe) let control = control
        Thread.detachNewThread { [self] in
            while !isOver.load(ordering: .relaxed), let health = try? control.health() {
                most.max(health.residentBytes, ordering: .relaxed)
                Thread.sleep(forTimeInterval: 0.02)
            }
        }
    }

    /// The most that it had.
    func stop() -> UInt64 {
        isOver.store(true, ordering: .relaxed)
        return most.load(ordering: .relaxed)
    }
}
