import PublicCryptography
import SignedTransactions
import WalletClient
import WasmKit
import Wire

/// A v1 contract that was put together by hand, to do what no compiler would have it do.
struct StrangeContract {
    static let plain = #"{"Ok":{"messages":[],"attributes":[],"events":[],"data":null}}"#

    private(set) var code: [UInt8]
    var codeHash: Hash32 { SHA256.hash(code) }

    /// Where the `index`th output's region is.
    static func region(_ index: Int) -> Int64 { Int64(64 + 12 * index) }

    /// - Parameters:
    ///   - outputs: texts in the contract's memory, to be returned by their region.
    ///   - execute: its body. Parameters 0 to 2 are the regions of environment, info and message; it leaves the region
    ///     that is returned.
    init(
        outputs: [[UInt8]] = [Array(plain.utf8)], imports: [(String, Int, [UInt8])] = [], locals: [UInt8] = [],
        changing change: (inout WasmAssembly) -> Void = { _ in }, execute: [UInt8]
    ) {
        var assembly = WasmAssembly()
        for (name, parameters, results) in imports {
            assembly.importFunction(name, Array(repeating: WasmAssembly.i32, count: parameters), results)
        }
        var (regions, texts) = ([UInt8](), [UInt8]())
        // The last is what instantiation returns.
        for output in outputs + [Array(Self.plain.utf8)] {
            for word in [1024 + texts.count, output.count, output.count] {
                regions += (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) }
            }
            texts += output
        }
        assembly.pages = UInt32(2 + texts.count / 65_536)
        assembly.data(at: Int(Self.region(0)), regions)
        assembly.data(at: 1024, texts)
        // Every region has pages of its own.
        assembly.function(
            "allocate", [WasmAssembly.i32], [WasmAssembly.i32], locals: [WasmAssembly.i32],
            instructions(
                Op.get(0), Op.i32(65_547), Op.add, Op.i32(16), [0x76], Op.grow, Op.i32(16), [0x74], Op.set(1),
                Op.get(1), Op.get(1), Op.i32(12), Op.add, Op.store(0), Op.get(1), Op.get(0), Op.store(4),
                Op.get(1), Op.i32(0), Op.store(8), Op.get(1)))
        assembly.function("deallocate", [WasmAssembly.i32], [], [])
        assembly.function("interface_version_8", [], [], [])
        let three = Array(repeating: WasmAssembly.i32, count: 3)
        assembly.function("instantiate", three, [WasmAssembly.i32], Op.i32(Self.region(outputs.count)))
        assembly.exportItem("memory", kind: 2, 0)
        change(&assembly)
        assembly.function("execute", three, [WasmAssembly.i32], locals: locals, execute)
        code = assembly.bytes()
    }

    /// Returns one of its outputs and does nothing else.
    init(saying output: [UInt8]) {
        self.init(outputs: [output], execute: Op.i32(Self.region(0)))
    }

    init(saying output: String) { self.init(saying: Array(output.utf8)) }
}

/// The name that the assembler has for this is one that contracts' code has too.
func instructions(_ parts: [UInt8]...) -> [UInt8] { parts.flatMap { $0 } }

extension World {
    /// Alice stores each code and makes a contract of it; `nil` where that failed, with the reason in `logs`.
    func install(_ contracts: [StrangeContract]) throws -> (addresses: [AccountAddress?], logs: [String]) {
        try play(
            contracts.map {
                alice.sign(
                    [ComputeMessage.storeCode(.init(sender: alice.address, code: $0.code[...])).any], gas: 30_000_000)
            })
        let stored = try host.outputs.map { output -> UInt64? in
            guard output.code == 0 else { return nil }
            var reader = ProtobufReader(try TransactionData(decoding: output.data).responses[0].value)
            if let field = try reader.next(), field.number == 1 { return try field.uint64() }
            return nil
        }
        var logs = host.outputs.map(\.log)
        var addresses = [AccountAddress?](repeating: nil, count: contracts.count)
        let kept = contracts.indices.filter { stored[$0] != nil }
        try play(
            kept.map { index in
                let sealed = try alice.encryption.seal(
                    [], codeHash: contracts[index].codeHash.description,
                    owner: (alice.address, contracts[index].codeHash.bytes))
                let label = "strange \(chain.height) \(index)"
                return alice.sign([
                    ComputeMessage.instantiate(
                        .init(sender: alice.address, codeID: stored[index]!, label: label, message: sealed)
                    ).any
                ])
            })
        for (index, output) in zip(kept, host.outputs) {
            logs[index] = output.log
            guard output.code == 0 else { continue }
            addresses[index] = try output.response().address
        }
        return (addresses, logs)
    }

    /// A message of Alice for a contract that was put together by hand.
    func tell(_ contract: StrangeContract, at address: AccountAddress, _ message: [UInt8] = []) throws -> AnyMessage {
        alice.execute(
            address,
            sealed: try alice.encryption.seal(
                message, codeHash: contract.codeHash.description, owner: (alice.address, address.bytes)))
    }

    /// The chain goes on, and Alice's counter counts.
    func isAlive() throws -> Bool {
        try play([alice.sign([try alice.execute(aliceCounter, "{\"increment\":{}}")])])
        return host.outputs.map(\.code) == [0]
    }
}
