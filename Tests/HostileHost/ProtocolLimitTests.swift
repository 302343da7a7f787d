import ChainModel
import EnclaveProtocol
import Foundation
import PublicCryptography
import Testing

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

        /// `bytes` by gzip, the program.
        private func compressed(_ bytes: [UInt8], in folder: URL) throws -> [UInt8] {
            let file = folder.appendingPathComponent("bomb")
            try Data(bytes).write(to: file)
            let gzip = Process()
            gzip.executableURL = URL(fileURLWithPath: "/bin/gzip")
            gzip.arguments = ["-f", file.path]
            try gzip.run()
            gzip.waitUntilExit()
            return [UInt8](try Data(contentsOf: file.appendingPathExtension("gz")))
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
            let bomb = try compressed([UInt8](repeating: 0, count: 64 << 20), in: world.folder)
            #expect(bomb.count < 100_000)
            let fitting = padded(1_900_000)
            try world.play([
                store(bomb), store(try compressed(fitting, in: world.folder)), store(fitting + [0]),
                store(padded(2_097_152)), store(padded(1_900_001)),
            ])
            // Inflates too far; fits; is no module; is too large; finds no more room in the block, where refused code counts.
            #expect(world.host.outputs.map(\.code) == [15, 0, 15, 31, 31], "\(world.host.outputs.map(\.log))")
            #expect(try world.isAlive())
        }
    }
}
