import ContractEngine
import PublicCryptography
import QuoteKit
import SecretCryptography
import Seeds
import WasmKit

/// Which arguments make a host function dearest: every function with inputs of many sizes and kinds, from each that was
/// worst on to its neighbours.
struct HostFunctionSearch {
    private let engine: WasmEngine

    init(_ engine: WasmEngine) { self.engine = engine }

    /// An argument: a number, or a region with these bytes, all zeros but for a beginning and an end.
    private enum Input: Sendable {
        case number(Int64)
        case region(String, head: [UInt8], zeros: Int, tail: [UInt8])

        static func zeros(_ count: Int) -> Input { .region("\(count) zeros", head: [], zeros: count, tail: []) }
        static func bytes(_ name: String, _ bytes: [UInt8]) -> Input { .region(name, head: bytes, zeros: 0, tail: []) }
        /// `count` items without a byte, each with its length.
        static func items(_ count: Int) -> Input {
            .region("\(count) empty items", head: [], zeros: 4 * count, tail: [])
        }
        static func items(_ name: String, _ count: Int, _ item: [UInt8]) -> Input {
            .bytes("\(count) \(name)", (0..<count).flatMap { _ in item + [0, 0, 0, UInt8(item.count)] })
        }
        static func item(_ count: Int) -> Input {
            .region("one item of \(count)", head: [], zeros: count, tail: LoopContract.words(count).reversed())
        }

        var name: String {
            switch self {
            case .number(let number): String(number)
            case .region(let name, _, _, _): name
            }
        }
    }

    private struct Function {
        var name: String
        var results: [UInt8]
        var choices: [[Input]]
    }

    private static let texts: [Input] = {
        var texts: [Input] = []
        func add(_ name: String, _ bytes: [UInt8]) { texts.append(.bytes(name, bytes)) }
        add("an address", Array("secret1v57tz67p3qh7p2q8gy9u8ltw3x6zn8m9h3qx0l".utf8))
        for count in [90, 1_000, 2_048] { add("\(count) letters", [UInt8](repeating: 0x78, count: count)) }
        add("2,048 spaces", [UInt8](repeating: 0x20, count: 2_048))
        add("1,024 letters of two bytes", Array(String(repeating: "\u{e9}", count: 1_024).utf8))
        add("2,048 bytes that are no text", [UInt8](repeating: 0xff, count: 2_048))
        add("a long data part", Array("secret1".utf8) + [UInt8](repeating: 0x71, count: 2_041))
        return texts
    }()

    private static let json: [Input] = {
        var json: [Input] = []
        for count in [16, 1_000, 16_000, 200_000, 1_000_000] {
            let list = "[" + String(repeating: "1,", count: count / 2) + "1]"
            let objects = #"{"a":["# + String(repeating: #"{"b":1},"#, count: count / 8) + "1]}"
            json.append(.bytes("\(count) bytes of lists", Array(list.utf8)))
            json.append(.bytes("\(count) bytes of objects", Array(objects.utf8)))
            json.append(.bytes("\(count) bytes of nothing", [UInt8](repeating: 0x20, count: count)))
        }
        return json
    }()

    private static let sizes = [0, 1, 45, 90, 512, 2_048, 16_384, 16_385, 100_000, 1_000_000].map { Input.zeros($0) }
    private static let signed = Array("the message that is signed".utf8)
    private static let messages: [Input] = [
        .bytes("a message", signed), .zeros(16_384), .zeros(1_000_000), .zeros(6_000_000),
    ]
    private static let secret = [UInt8](repeating: 7, count: 32)

    private static var functions: [Function] {
        var functions: [Function] = []
        func add(_ name: String, _ results: [UInt8], _ choices: [Input]...) {
            functions.append(Function(name: name, results: results, choices: choices))
        }
        add("db_read", [0x7f], sizes)
        add("db_write", [], sizes, [.zeros(0), .zeros(1), .zeros(100)])
        add("db_remove", [], sizes)
        add("query_chain", [0x7f], json)
        add("addr_canonicalize", [0x7f], texts, [.zeros(2_000)])
        add("canonicalize_address", [0x7f], texts, [.zeros(2_000)])
        add("addr_humanize", [0x7f], [20, 32, 90, 200, 512].map { .zeros($0) }, [.zeros(2_000)])
        add("addr_validate", [0x7f], texts)
        addSignatures { functions.append($0) }
        add("debug", [], sizes)
        add("check_gas", [0x7e])
        add("gas_evaporate", [0x7f], [.number(0), .number(8), .number(100)])
        let quotes: [Input] = [
            .bytes("a quote of Intel's", QuoteFixtures.genuineQuote), .zeros(100), .zeros(16_384), .zeros(1_000_000),
        ]
        add("dcap_quote_verify", [0x7e], quotes, [.zeros(0), .zeros(16_384)])
        return functions
    }

    private static func addSignatures(_ take: (Function) -> Void) {
        func add(_ name: String, _ results: [UInt8], _ choices: [Input]...) {
            take(Function(name: name, results: results, choices: choices))
        }
        let key = SecretKey(copying: secret)!
        let digest = SHA256.hash(signed)
        let signature = Secp256k1Signer.sign(digest, privateKey: key)!
        let publicKey = Secp256k1.recover(signature: signature, recoveryID: 0, digest: digest)!
        let hash: [Input] = [.bytes("a hash", digest.bytes)]
        let signatures: [Input] = [
            .bytes("a signature", signature), .bytes("another", Array(signature.reversed())), .zeros(64),
        ]
        let short: [UInt8] = [2 | publicKey[64] & 1] + Array(publicKey[1..<33])
        let keys: [Input] = [.bytes("a key", short), .bytes("a long key", publicKey), .zeros(33)]
        add("secp256k1_verify", [0x7f], hash, signatures, keys)
        add("secp256k1_recover_pubkey", [0x7e], hash, signatures, (0..<4).map { .number($0) })
        add("secp256k1_sign", [0x7e], messages, [.bytes("a key", secret), .zeros(32)])
        add("ed25519_sign", [0x7e], messages, [.bytes("a key", secret), .zeros(32)])

        let edKey = Ed25519Signer.publicKey(of: key)
        let edSignature = Ed25519Signer.sign(signed, privateKey: key)
        var wrong = edSignature
        wrong[0] ^= 1
        // The neutral element as commitment and key: no library that follows RFC 8032 to the letter takes it.
        let neutral: [UInt8] = [1] + [UInt8](repeating: 0, count: 31)
        let small = neutral + [UInt8](repeating: 0, count: 32)
        add(
            "ed25519_verify", [0x7f], messages,
            [.bytes("a signature", edSignature), .bytes("a wrong one", wrong), .bytes("a small one", small)],
            [.bytes("a key", edKey), .bytes("a small key", neutral), .zeros(32)])
        add(
            "ed25519_batch_verify", [0x7f],
            [.items("messages", 1, signed), .item(100_000), .item(4_000_000), .items(1_000_000), .items(1)],
            [
                .items("signatures", 1, edSignature), .items("small ones", 1, small), .items("small ones", 40, small),
                .items("signatures", 40, edSignature), .items(0),
            ],
            [
                .items("keys", 1, edKey), .items("small keys", 1, neutral), .items("small keys", 40, neutral),
                .items("keys", 40, edKey), .items(0), .items(500_000),
            ])
    }

    func run(_ random: inout SeededGenerator) throws -> [Finding] {
        try Self.functions.map { function in
            var known: [[Int]: Finding] = [:]
            func measure(_ choice: [Int]) throws -> Finding {
                if let finding = known[choice] { return finding }
                let finding = try self.measure(function, zip(function.choices, choice).map { $0[$1] })
                known[choice] = finding
                return finding
            }
            var choice = function.choices.map { random.below($0.count) }
            var worst = try measure(choice)
            // Until no argument alone makes it worse, from several beginnings.
            for _ in 0..<8 {
                var here = function.choices.map { random.below($0.count) }
                var best = try measure(here)
                var goesOn = true
                while goesOn {
                    goesOn = false
                    for place in function.choices.indices {
                        for value in function.choices[place].indices where value != here[place] {
                            var next = here
                            next[place] = value
                            let finding = try measure(next)
                            if finding.before > best.before { (best, here, goesOn) = (finding, next, true) }
                        }
                    }
                }
                if best.before > worst.before { (worst, choice) = (best, here) }
            }
            return worst
        }
    }

    private func measure(_ function: Function, _ inputs: [Input]) throws -> Finding {
        var contract = LoopContract(imports: [(function.name, inputs.count, function.results)])
        var (arguments, next) = ([UInt8](), LoopContract.inputs)
        for input in inputs {
            switch input {
            case .number(let number): arguments += Op.i32(number)
            case .region(_, let head, let zeros, let tail):
                let count = head.count + zeros + tail.count
                contract.assembly.data(at: next, LoopContract.words(next + 12, count, count) + head)
                if !tail.isEmpty { contract.assembly.data(at: next + 12 + head.count + zeros, tail) }
                arguments += Op.i32(Int64(next))
                next += 16 + count
            }
        }
        let body = arguments + Op.call(0) + (function.results.isEmpty ? [] : Op.drop)
        func cost(_ times: Int) throws -> (seconds: Double, gas: UInt64) {
            let module = try contract.module(engine, times: times, body)
            return try engine.cost(module)
        }
        let none = try cost(0)
        var series: [(times: Int, seconds: Double, gas: Double)] = []
        var times = 1
        // As long as gas may last: a fifth of a second of work, or what a block may have.
        while times <= 1 << 20 {
            let (seconds, gas) = try cost(times)
            series.append((times, max(seconds - none.seconds, 1e-9), Double(gas - none.gas)))
            if seconds > 0.2 || gas > 6_000_000_000 { break }
            times *= 2
        }
        let price = series[0].gas
        let free = series.last { $0.gas <= Double($0.times) * price * 1.005 } ?? series[0]
        let last = series.last!
        let before = free.seconds / free.gas
        let isCharged = last.times > free.times
        let after = isCharged ? (last.seconds - free.seconds) / (last.gas - free.gas) : before
        return Finding(
            name: "`\(function.name)`", before: before * 1e9, after: after * 1e9,
            with: inputs.map(\.name).joined(separator: ", "))
    }
}
