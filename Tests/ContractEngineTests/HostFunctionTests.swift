import PublicCryptography
import Testing
import WasmKit

@testable import ContractEngine

@Suite("What contracts import")
struct HostFunctionTests {
    /// Calls one host function with regions that hold `inputs` (or plain numbers) and returns what it answered.
    private enum Input {
        case bytes([UInt8])
        case number(Int64)
        /// An empty region with room for so many bytes.
        case room(Int)

        static func text(_ text: String) -> Input { .bytes(Array(text.utf8)) }
    }

    private struct Answer {
        var run: ContractRun
        var environment: TestEnvironment
        /// The number that the function returned.
        var number: UInt64 { run.output.map { $0.prefix(8).reversed().reduce(0) { $0 << 8 | UInt64($1) } } ?? .max }
        /// What is in the first region of `room`, as long as it says.
        var written: [UInt8] {
            guard let output = run.output else { return [] }
            let length = output[8..<12].reversed().reduce(0) { $0 << 8 | Int($1) }
            return Array(output[12..<12 + length])
        }
        /// Without the regions handed over and the instructions around the call.
        var gas: UInt64
    }

    /// Where answers are put together: a region, whose bytes are the number (8), the room's length (4), the room.
    private static let answer = 40_000
    private static let answerBytes = answer + 16
    private static let roomBytes = answerBytes + 12
    /// The region over the room.
    private static let room = 42_000
    private static let inputs = 65_536

    /// - Parameter returnsRegion: return the region that the function answered with, instead of the number.
    private func call(
        _ name: String, _ inputs: [Input], entry: ContractEntry = .execute, gasLimit: UInt64 = 1_000_000_000,
        returnsRegion: Bool = false, _ environment: TestEnvironment = TestEnvironment()
    ) throws -> Answer {
        let type = try #require(HostFunctions.type(of: name))
        var contract = TestContract(imports: [(name, type.parameters.count, type.results.map(\.rawValue))])
        contract.assembly.pages = 3
        contract.assembly.data(at: Self.answer, word(Self.answerBytes) + word(1024) + word(1024))
        let arguments = Self.pass(inputs, to: &contract)
        let invoke = code(arguments, Op.call(0))
        let body: [UInt8]
        if returnsRegion {
            body = invoke
        } else if type.results.isEmpty {
            body = invoke + Op.i32(Int64(Self.answer))
        } else {
            body = code(
                Op.i32(Int64(Self.answerBytes)), invoke, type.results == [.i64] ? Op.store64 : Op.store(),
                Op.i32(Int64(Self.answerBytes)), Op.i32(Int64(Self.room)), Op.load(8), Op.store(8),
                Op.i32(Int64(Self.answer)))
        }
        contract.execute(body)
        contract.entry("query", parameters: 2, body)
        let module = try Engines.cranelift.compile(contract.assembly.bytes())
        let run = try onContractThread {
            try Engines.cranelift.run(
                module, ContractInvocation(entry, environment: [], info: [], message: [], gasLimit: gasLimit),
                environment)
        }
        let regions: UInt64 = entry == .query ? 80 : 120
        let own = inputs.count + (returnsRegion ? 1 : type.results.isEmpty ? 2 : 8)
        return Answer(run: run, environment: environment, gas: run.gasUsed &- regions &- UInt64(2 * own))
    }

    /// Puts `inputs` into the contract's data; the constants that hand them over.
    private static func pass(_ inputs: [Input], to contract: inout TestContract) -> [UInt8] {
        var (arguments, next) = ([UInt8](), Self.inputs)
        for input in inputs {
            switch input {
            case .number(let number):
                arguments += Op.i32(number)
            case .room(let size):
                contract.assembly.data(at: room, word(roomBytes) + word(size) + word(0))
                arguments += Op.i32(Int64(room))
            case .bytes(let bytes):
                contract.assembly.data(at: next, word(next + 12) + word(bytes.count) + word(bytes.count) + bytes)
                arguments += Op.i32(Int64(next))
                next += 16 + bytes.count
            }
        }
        return arguments
    }

    // MARK: - Storage

    @Test("db_read gives the value, or 0 where there is none")
    func read() throws {
        let environment = TestEnvironment()
        environment.state[Array("k".utf8)] = Array("value".utf8)
        let found = try call("db_read", [.text("k")], returnsRegion: true, environment)
        #expect(found.run.output == Array("value".utf8))
        #expect(found.gas == 1000 + TestContract.allocateGas)
        let missing = try call("db_read", [.text("x")], environment)
        #expect(missing.number == 0)
        #expect(missing.gas == 1000)
        environment.state[Array("e".utf8)] = []
        #expect(try call("db_read", [.text("e")], returnsRegion: true, environment).run.output == [])
    }

    @Test("db_write and db_remove reach the environment, but not from a query")
    func write() throws {
        let wrote = try call("db_write", [.text("k"), .text("value")])
        #expect(wrote.environment.state == [Array("k".utf8): Array("value".utf8)])
        #expect(wrote.gas == 2000 + 5 * 5000)
        #expect(wrote.run.gasReservedForWrites == 5 * 5000)
        let removed = try call("db_remove", [.text("k")], wrote.environment)
        #expect(removed.environment.state.isEmpty)
        #expect(removed.gas == 0)

        let refused = try call("db_write", [.text("k"), .text("value")], entry: .query)
        #expect(refused.run.trap == .unauthorizedWrite)
        #expect(refused.run.trap?.message == "contract tried to write to storage during a query")
        #expect(refused.environment.state.isEmpty)
        #expect(try call("db_remove", [.text("k")], entry: .query).run.trap == .unauthorizedWrite)
    }

    @Test("a value that cannot be paid is not even read")
    func expensiveWrite() throws {
        let poor = try call(
            "db_write", [.text("k"), .bytes([UInt8](repeating: 1, count: 60_000))], gasLimit: 10_000_000)
        #expect(poor.run.trap == .outOfGas)
        #expect(poor.environment.state.isEmpty)
    }

    @Test("long keys cost gas by the byte")
    func longKeys() throws {
        let free = try call("db_read", [.bytes([UInt8](repeating: 7, count: EngineLimits.freeBytesPerRead))])
        #expect(free.gas == 1000)
        let long = try call("db_read", [.bytes([UInt8](repeating: 7, count: EngineLimits.freeBytesPerRead + 100))])
        #expect(long.gas == 1000 + 100)
    }

    // MARK: - Faults

    @Test("a fault of the host ends the call and reaches the caller unchanged")
    func faults() throws {
        let environment = TestEnvironment()
        environment.onRead = { (_) throws(ContractFault) in throw .hostRefused(17) }
        #expect(throws: ContractFault.hostRefused(17)) { try call("db_read", [.text("k")], environment) }
        environment.onRead = { (_) throws(ContractFault) in throw .engine }
        #expect(throws: ContractFault.engine) { try call("db_read", [.text("k")], environment) }
        environment.onRead = { (_) throws(ContractFault) in throw .outOfGas }
        #expect(try call("db_read", [.text("k")], environment).run.trap == .outOfGas)
    }

    @Test("a query's gas is the caller's")
    func queries() throws {
        let environment = TestEnvironment()
        var seen: (request: [UInt8], limit: UInt64) = ([], 0)
        environment.onQuery = { (request, limit) throws(ContractFault) in
            seen = (request, limit)
            return (Array("answer".utf8), 12_345)
        }
        let answer = try call("query_chain", [.text("ask")], gasLimit: 100_000, returnsRegion: true, environment)
        #expect(answer.run.output == Array("answer".utf8))
        #expect(seen.request == Array("ask".utf8))
        #expect(seen.limit == 100_000 - 120 - 4)
        #expect(answer.gas == 12_345 + TestContract.allocateGas)
        #expect(try call("query_chain", [.text("ask")], gasLimit: 10_000, environment).run.trap == .outOfGas)
    }

    // MARK: - Gas and debugging

    @Test("check_gas counts in the chain's gas, its own price included")
    func checkGas() throws {
        let checked = try call("check_gas", [])
        #expect(checked.number == (120 + 16 + 8192) / 1000)
        #expect(checked.gas == 8192)
    }

    @Test("gas_evaporate burns what it is told, but no less than its own price", arguments: [0, 1, 8, 9, 100])
    func evaporate(amount: Int64) throws {
        let burnt = try call("gas_evaporate", [.number(amount)])
        #expect(burnt.number == 0)
        #expect(burnt.gas == UInt64(max(amount * 1000, 8000)))
        #expect(try call("gas_evaporate", [.number(-1)]).run.trap == .outOfGas)
    }

    @Test("debug is read only where it is wanted, and never fails")
    func debug() throws {
        let silent = try call("debug", [.text("hello")])
        #expect(silent.environment.debugged.isEmpty)
        #expect(silent.gas == 0)
        let environment = TestEnvironment()
        environment.wantsDebug = true
        #expect(try call("debug", [.text("hello")], environment).environment.debugged == ["hello"])
        #expect(try call("debug", [.number(-1)], environment).run.trap == nil)
    }

    @Test("dcap_quote_verify says that it cannot, unless the environment can")
    func quotes() throws {
        #expect(try call("dcap_quote_verify", [.text("quote"), .text("collateral")]).number == 10 << 32)
        #expect(try call("dcap_quote_verify", [.text("quote"), .text("collateral")]).gas == 100_000)
        let environment = TestEnvironment()
        environment.onQuote = { quote, collateral in
            quote == Array("quote".utf8) && collateral == Array("collateral".utf8) ? 0xa007 : nil
        }
        let known = try call("dcap_quote_verify", [.text("quote"), .text("collateral")], environment)
        #expect(known.number == 0xa007)
        #expect(try call("dcap_quote_verify", [.text("collateral"), .text("quote")], environment).number == 10 << 32)
    }

    // MARK: - Addresses

    private static let bytes = [UInt8](repeating: 0x11, count: 20)
    private static let human = Bech32.encode(prefix: "secret", bytes)

    private func error(_ name: String, _ text: String) throws -> String {
        let inputs: [Input] = name == "addr_validate" ? [.text(text)] : [.text(text), .room(64)]
        let answer = try call(name, inputs, returnsRegion: true)
        return String(decoding: answer.run.output ?? [], as: UTF8.self)
    }

    @Test("addresses become bytes and text again")
    func addresses() throws {
        for name in ["canonicalize_address", "addr_canonicalize"] {
            let canonical = try call(name, [.text(Self.human), .room(64)])
            #expect(canonical.number & 0xffff_ffff == 0)
            #expect(canonical.written == Self.bytes)
            #expect(canonical.gas == 8192)
        }
        for name in ["humanize_address", "addr_humanize"] {
            let human = try call(name, [.bytes(Self.bytes), .room(64)])
            #expect(human.number & 0xffff_ffff == 0)
            #expect(human.written == Array(Self.human.utf8))
        }
        #expect(try call("addr_validate", [.text(Self.human)]).number == 0)
        #expect(try call("addr_canonicalize", [.text(Self.human), .room(19)]).run.trap == .memoryWrite)
    }

    @Test("only the old interface trims white space")
    func trimming() throws {
        let padded = try call("canonicalize_address", [.text(" \t\(Self.human)\n"), .room(64)])
        #expect(padded.written == Self.bytes)
        #expect(try error("addr_canonicalize", " \(Self.human)") == "invalid character (code= )")
        #expect(try error("canonicalize_address", "  ") == "input is empty")
        #expect(try error("addr_canonicalize", "") == "Input is empty")
    }

    @Test("a refusal is a region with its reason")
    func addressErrors() throws {
        let cosmos = Bech32.encode(prefix: "cosmos", Self.bytes)
        let upper = Self.human.uppercased()
        let broken = String(Self.human.dropLast()) + (Self.human.hasSuffix("q") ? "p" : "q")
        for (text, reason) in [
            (cosmos, "wrong address prefix: \"cosmos\""), ("short", "invalid length"),
            ("noseparator", "missing human-readable separator, \"1\""),
            (broken, "invalid checksum"), ("secret1" + "b" + Self.human.dropFirst(8), "invalid character (code=b)"),
            ("secret1Qqqqqqqqqq", "mixed-case strings not allowed"),
        ] {
            #expect(try error("addr_canonicalize", text) == reason, "\(text)")
            #expect(try error("addr_validate", text) == reason, "\(text)")
        }
        #expect(try error("addr_validate", upper) == "Address is not normalized")
        #expect(try error("addr_validate", "") == "Input is empty")
        let invalid = try call("addr_validate", [.bytes([0xff, 0xfe])], returnsRegion: true)
        #expect(invalid.run.output == Array("Input is not valid UTF-8".utf8))
        #expect(try error("addr_validate", String(repeating: "q", count: 5000)) == "invalid length")
    }

    // MARK: - Signatures (Secret Network protocol: test vectors)

    private func decode(_ text: String) -> Input { .bytes(Base64.decode(text)!) }
    private static let hash = "ARp3VEHssUlDEwoW8AzdQYGKg90ENy8yWePKcjfjzao="
    private static let otherHash = "ARp3VEHssUlDEwoW8AzdQYGKg90ENy8yWePKcjfjzas="
    private static let signature =
        "/hZeEYHs9trj+Akeb+7p3UAtXjcDNYP9/D/hj/ALIUAG9bfrJltxkfpMz/9Jn5K3c5QjLuvaNT2jgr7P/AEW8A=="
    private static let compressed = "A0ZGrlBHMWtCMNAIbIrOxofwCxzZ0dxjT2yzWKwKmo//"
    private static let uncompressed =
        "BEZGrlBHMWtCMNAIbIrOxofwCxzZ0dxjT2yzWKwKmo///ne03QpL+5WFHztzVceB3WD4QY/Ipl0UkHr/R8kDpVk="

    @Test("secp256k1_verify takes every form of a key")
    func secp256k1Verify() throws {
        func verify(_ hash: Input, _ signature: Input, _ key: Input) throws -> UInt64 {
            let answer = try call("secp256k1_verify", [hash, signature, key])
            #expect(answer.gas == 98_304)
            return answer.number & 0xffff_ffff
        }
        let (hash, signature) = (decode(Self.hash), decode(Self.signature))
        let full = try #require(Base64.decode(Self.uncompressed))
        #expect(try verify(hash, signature, decode(Self.compressed)) == 0)
        #expect(try verify(hash, signature, .bytes(full)) == 0)
        let hybrid = 6 + full[64] & 1
        #expect(try verify(hash, signature, .bytes([hybrid] + full.dropFirst())) == 0)
        #expect(try verify(hash, signature, .bytes([hybrid ^ 1] + full.dropFirst())) == 5)
        #expect(try verify(decode(Self.otherHash), signature, decode(Self.compressed)) == 1)
        #expect(try verify(.text("short"), signature, decode(Self.compressed)) == 3)
        #expect(try verify(hash, .text("short"), decode(Self.compressed)) == 4)
        #expect(try verify(hash, signature, .text("short")) == 5)
        #expect(
            try verify(hash, signature, .bytes([UInt8](repeating: 2, count: 1) + [UInt8](repeating: 0xff, count: 32)))
                == 5)
    }

    @Test("secp256k1_recover_pubkey gives 33 bytes")
    func secp256k1Recover() throws {
        func recover(_ id: Int64) throws -> Answer {
            try call(
                "secp256k1_recover_pubkey", [decode(Self.hash), decode(Self.signature), .number(id)])
        }
        // The answer's low half is a region: read it with a second contract that returns it.
        for (id, key) in [(Int64(0), Self.compressed), (1, "Ams198xOCEVnc/ESvxF2nxnE3AVFO8ahB22S1ZgX2vSR")] {
            #expect(try recover(id).number >> 32 == 0)
            #expect(
                try recovered("secp256k1_recover_pubkey", [decode(Self.hash), decode(Self.signature), .number(id)])
                    == Base64.decode(key))
        }
        #expect(try recover(4).number >> 32 == 6)
        #expect(try recover(0).gas == 98_304 + TestContract.allocateGas)
    }

    /// The bytes of the region in the lower half of an i64 answer.
    private func recovered(_ name: String, _ inputs: [Input]) throws -> [UInt8]? {
        var contract = TestContract(imports: [(name, inputs.count, [WasmAssembly.i64])])
        contract.assembly.pages = 3
        let arguments = Self.pass(inputs, to: &contract)
        contract.execute(code(arguments, Op.call(0), [0xa7]))
        let module = try Engines.cranelift.compile(contract.assembly.bytes())
        return try onContractThread { try Engines.cranelift.run(module, .execute(), TestEnvironment()) }.output
    }

    @Test("signatures are deterministic")
    func signing() throws {
        let message = Input.bytes(Array("wen moon".utf8))
        #expect(
            try recovered("secp256k1_sign", [message, decode("iadRiuRKNZvAXwolxqzJvr60uiMDJTxOEzEwV8OK2ao=")])
                == Base64.decode(
                    "Kty6KjJv4GVHFw/EKv7uPsMCC2rqNHAmXevIcw7Kcapk07aa1zJ4y5/3g+TyfCq/LQgLyFNG1/mtmKO87MYZ/w=="))
        #expect(
            try recovered("ed25519_sign", [message, decode("z01UNefH2yjRslwZMmcHssdHmdEjzVvbxjr+MloUEYo=")])
                == Base64.decode(
                    "Vk+iXyZnRJv1oHCFZVC0EYZ5wtqAf0YUZY0ARIjdMpBmJl8dM2V/zRpn1mhJqQauUc1SgOer/jJM1kBVgaBcDA=="))
        for name in ["secp256k1_sign", "ed25519_sign"] {
            #expect(try call(name, [message, .text("short")]).number == 1000 << 32)
        }
        #expect(try call("secp256k1_sign", [message, .bytes([UInt8](repeating: 0, count: 32))]).number == 1000 << 32)
        #expect(try call("secp256k1_sign", [message, .text("short")]).gas == 100_000)
        #expect(try call("ed25519_sign", [message, .text("short")]).gas == 75_000)
    }

    private static let key = "LO2+Bt+/FIjomSaPB+I++LXkxgxwfnrKHLyvCic72rA="
    private static let edSignature =
        "8O7nwhM71/B9srKwe8Ps39z5lAsLMMs6LxdvoPk0HXjEM97TNhKbdU6gEePT2MaaIUSiMEmoG28HIZMgMRTCDg=="
    private static let message = "YXNzYWYgd2FzIGhlcmU="

    @Test("ed25519_verify")
    func ed25519() throws {
        func verify(_ message: Input, _ signature: Input, _ key: Input) throws -> UInt64 {
            let answer = try call("ed25519_verify", [message, signature, key])
            #expect(answer.gas == 73_728)
            return answer.number & 0xffff_ffff
        }
        let (message, signature, key) = (decode(Self.message), decode(Self.edSignature), decode(Self.key))
        #expect(try verify(message, signature, key) == 0)
        #expect(try verify(.text("asaf was here?"), signature, key) == 1)
        #expect(try verify(message, .text("short"), key) == 4)
        #expect(try verify(message, signature, .text("short")) == 5)
        // ZIP-215: a key of order one, whose signatures are all of S = 0.
        let one: [UInt8] = [1] + [UInt8](repeating: 0, count: 31)
        #expect(try verify(message, .bytes(one + [UInt8](repeating: 0, count: 32)), .bytes(one)) == 0)
    }

    @Test("ed25519_batch_verify takes one message or one key for all")
    func batch() throws {
        func sections(_ items: [[UInt8]]) -> Input { .bytes(items.flatMap { $0 + word($0.count).reversed() }) }
        func verify(_ messages: Input, _ signatures: Input, _ keys: Input) throws -> Answer {
            try call("ed25519_batch_verify", [messages, signatures, keys])
        }
        let message = Base64.decode(Self.message)!
        let (signature, key) = (Base64.decode(Self.edSignature)!, Base64.decode(Self.key)!)
        func code(_ messages: Int, _ signatures: Int, _ keys: Int) throws -> UInt64 {
            let answer = try verify(
                sections(Array(repeating: message, count: messages)),
                sections(Array(repeating: signature, count: signatures)), sections(Array(repeating: key, count: keys)))
            #expect(answer.gas == 5000 + 70_000 * UInt64(signatures))
            return answer.number & 0xffff_ffff
        }
        #expect(try code(1, 1, 1) == 0)
        #expect(try code(3, 3, 3) == 0)
        #expect(try code(1, 3, 3) == 0)
        #expect(try code(3, 3, 1) == 0)
        #expect(try code(0, 0, 0) == 0)
        #expect(try code(2, 3, 3) == 7)
        #expect(try code(3, 3, 2) == 7)
        #expect(try code(1, 3, 1) == 7)
        let other = try verify(sections([message, [1]]), sections([signature, signature]), sections([key]))
        #expect(other.number & 0xffff_ffff == 1)
        #expect(try verify(.bytes([1, 0, 0, 0, 9]), sections([]), sections([])).number & 0xffff_ffff == 10)
        #expect(try verify(sections([message]), sections([[1]]), sections([key])).number & 0xffff_ffff == 4)
        let two = try #require(HostFunctions.Sections([5, 0, 0, 0, 1, 6, 7, 0, 0, 0, 2]))
        var end = two.last
        #expect(two.count == 2 && two.take(&end) == [6, 7] && two.take(&end) == [5] && two.take(&end) == nil)
        #expect(HostFunctions.Sections([])?.count == 0)
        for wrong: [UInt8] in [[0, 0, 0], [0, 0, 0, 1], [7, 0xff, 0xff, 0xff, 0xff], [9, 9, 0, 0, 0, 1]] {
            #expect(HostFunctions.Sections(wrong) == nil)
        }
        // A malformed item is said of before a wrong signature is, wherever the two stand.
        let mixed = { (items: [[UInt8]]) in
            try verify(sections([message]), sections(items), sections(Array(repeating: key, count: items.count))).number
                & 0xffff_ffff
        }
        let wrong = Array(signature.reversed())
        #expect(try mixed([wrong, [1]]) == 4 && mixed([[1], wrong]) == 4 && mixed([wrong, signature]) == 1)
    }

    // MARK: - Work beyond a price

    /// Gas of a call that asks a function so many times, without what the loop itself costs.
    private func gas(of times: Int, _ name: String, _ inputs: [Input], limit: UInt64 = 1 << 40) throws -> UInt64 {
        func run(_ times: Int) throws -> ContractRun {
            let type = try #require(HostFunctions.type(of: name))
            var contract = TestContract(imports: [(name, inputs.count, type.results.map { $0 == .i64 ? 0x7e : 0x7f })])
            let arguments = Self.pass(inputs, to: &contract)
            contract.assembly.pages = 64
            contract.assembly.function("instantiate", [0x7f, 0x7f, 0x7f], [0x7f], Op.i32(TestContract.outputRegion))
            let count = 3
            contract.execute(
                locals: [0x7f],
                code(
                    Op.i32(Int64(times)), Op.set(count), Op.block, Op.loop, Op.get(count), Op.isZero, Op.branchIf(1),
                    Op.get(count), Op.i32(1), Op.subtract, Op.set(count), arguments, Op.call(0),
                    type.results.isEmpty ? [] : Op.drop, Op.branch(0), Op.end, Op.end, Op.i32(TestContract.outputRegion)
                ))
            let module = try Engines.cranelift.compile(contract.assembly.bytes())
            return try onContractThread {
                try Engines.cranelift.run(module, .execute(gasLimit: limit), TestEnvironment())
            }
        }
        let none = try run(0)
        let all = try run(times)
        guard all.trap == nil else { return .max }
        let results = try #require(HostFunctions.type(of: name)).results.count
        return all.gasUsed - none.gasUsed - UInt64(times * 2 * (9 + inputs.count + results))
    }

    @Test("what has no price is free for as much as contracts need, and then it has one")
    func unpriced() throws {
        let free = Int(EngineLimits.freeWork / InstructionGas.unpricedCall)
        #expect(try gas(of: free, "debug", [.text("a text")]) == 0)
        #expect(try gas(of: free + 1_000, "debug", [.text("a text")]) > 1_000 * (InstructionGas.unpricedCall - 1))
        let removal = InstructionGas.unpricedCall + InstructionGas.nameByteWork
        #expect(try gas(of: 1_000, "db_remove", [.text("k")]) == 0)
        #expect(
            try gas(of: 200_000, "db_remove", [.text("k")]) == 200_000 * removal - EngineLimits.freeWork)
        let long = Input.bytes([UInt8](repeating: 7, count: 16_000))
        #expect(
            try gas(of: 2_000, "db_remove", [long]) == 2_000 * (InstructionGas.unpricedCall + 16_000)
                - EngineLimits.freeWork)
    }

    @Test("what costs more than its price is charged for the rest, once there is a lot of it")
    func underpriced() throws {
        let (key, signature) = (Base64.decode(Self.key)!, Base64.decode(Self.edSignature)!)
        let inputs: [Input] = [.text("another"), .bytes(signature), .bytes(key)]
        let free = EngineLimits.freeWork / InstructionGas.ed25519VerifyWork
        #expect(try gas(of: Int(free), "ed25519_verify", inputs) == free * InstructionGas.ed25519Verify)
        #expect(
            try gas(of: Int(free) + 10, "ed25519_verify", inputs)
                == (free + 10) * InstructionGas.ed25519Verify + 10 * InstructionGas.ed25519VerifyWork)
        let quotes = EngineLimits.freeWork / InstructionGas.quoteVerifyWork
        #expect(
            try gas(of: Int(quotes) + 1, "dcap_quote_verify", [.text("quote"), .text("")])
                > (quotes + 1) * InstructionGas.quoteVerify)
        // A long message counts for every signature over it.
        func batch(_ bytes: Int, _ count: Int) throws -> UInt64 {
            func sections(_ items: [[UInt8]]) -> Input { .bytes(items.flatMap { $0 + word($0.count).reversed() }) }
            return try gas(
                of: 1, "ed25519_batch_verify",
                [
                    sections([[UInt8](repeating: 1, count: bytes)]),
                    sections(Array(repeating: signature, count: count)),
                    sections(Array(repeating: key, count: count)),
                ])
        }
        #expect(try batch(1_000, 2) == 5_000 + 2 * 70_000)
        // The first one that is wrong decides, so that the others are not looked at.
        #expect(try batch(400_000, 40) == 5_000 + 40 * 70_000 + 400_004 - 16_384)
        let text = String(repeating: "x", count: 2_048)
        #expect(try gas(of: 2_000, "addr_validate", [.text(text)]) > 2_000 * 8_192 * 3)
        #expect(try gas(of: 20, "addr_validate", [.text(text)]) < 20 * (8_192 + 200))
        // Nothing is done for what cannot be paid.
        #expect(try gas(of: 40, "dcap_quote_verify", [.text("quote"), .text("")], limit: 5_000_000) == .max)
    }
}
