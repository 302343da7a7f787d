import ContractEngine
import Keyring
import LedgerRecords
import PublicCryptography
import SecretCryptography
import Seeds
import SignedTransactions
import WasmKit
import Wire

/// What is paid in the chain's gas: code, signatures, storage. A thousand units of wasm gas each.
struct OutsideSearch {
    private let engine: WasmEngine

    init(_ engine: WasmEngine) { self.engine = engine }

    func run(_ random: inout SeededGenerator) throws -> [Finding] {
        [
            try compilation(&random, inBlock: true), try compilation(&random, inBlock: false), gunzip(),
            try signature(),
            storage(),
        ]
    }

    private func finding(_ name: String, _ seconds: Double, gas: UInt64, with: String) -> Finding {
        let figure = seconds / (Double(gas) * 1_000) * 1e9
        return Finding(name: name, before: figure, after: figure, with: with)
    }

    // MARK: - Code

    private static let shapes: [(name: String, code: @Sendable (Int) -> [UInt8])] = [
        ("additions", { repeated($0, code(Op.get(0), Op.i32(7), Op.add, Op.set(0))) }),
        ("branches", { repeated($0, code(Op.block, Op.get(0), Op.branchIf(0), Op.end)) }),
        (
            "conditions",
            {
                repeated(
                    $0, code(Op.get(0), Op.ifThen, Op.get(1), Op.set(0), Op.otherwise, Op.get(2), Op.set(1), Op.end))
            }
        ),
        ("loops", { repeated($0, code(Op.loop, Op.get(0), Op.branchIf(0), Op.end)) }),
        (
            "tables",
            { repeated($0, code(Op.block, Op.get(0), Op.branchTable(Array(repeating: 0, count: 30), 0), Op.end)) }
        ),
        ("calls", { repeated($0, Op.call(1) + Op.call(2)) }),
        ("stores", { repeated($0, code(Op.get(0), Op.get(1), Op.store(4))) }),
        ("divisions", { repeated($0, code(Op.get(0), Op.get(1), [0x6d], Op.set(2))) }),
        ("deep operands", { repeated($0, Op.get(0)) + repeated($0, Op.drop) }),
    ]

    /// Of every stored code: what its block waits for, which is a check and the compiler that is quick, or what the
    /// compiler that is good does beside the blocks.
    private func compilation(_ random: inout SeededGenerator, inBlock: Bool) throws -> Finding {
        let name = inBlock ? "storing code" : "compiling it well, beside blocks"
        var worst = Finding(name: name, before: 0, after: 0, with: "")
        var best = (shape: random.below(Self.shapes.count), count: 400, functions: 40)
        for round in 0..<40 {
            var next = best
            switch random.below(3) {
            case 0: next.shape = random.below(Self.shapes.count)
            case 1: next.count = 1 << (1 + random.below(12))
            default: next.functions = 1 << random.below(9)
            }
            if round < Self.shapes.count { next = (round, 400, 40) }
            guard next.count * next.functions <= 40_000 else { continue }
            var contract = LoopContract()
            for _ in 0..<next.functions {
                contract.assembly.function(
                    nil, [WasmAssembly.i32, WasmAssembly.i32, WasmAssembly.i32], [],
                    Self.shapes[next.shape].code(next.count))
            }
            contract.assembly.function(
                "execute", Array(repeating: WasmAssembly.i32, count: 3), [WasmAssembly.i32], Op.i32(LoopContract.output)
            )
            let bytes = contract.assembly.bytes()
            let start = threadSeconds()
            guard (try? ModuleUpload.check(bytes, with: engine)) != nil else { continue }
            let checked = threadSeconds()
            _ = try? engine.compile(bytes, preset: inBlock ? .winch : .cranelift)
            let found = finding(
                name, threadSeconds() - (inBlock ? start : checked),
                gas: LedgerRecords.GasSchedule.storeCode(byteCount: bytes.count),
                with: "\(next.functions) functions of \(next.count) \(Self.shapes[next.shape].name)")
            if found.before > worst.before { (worst, best) = (found, next) }
        }
        return worst
    }

    /// Deflate with the fixed code (RFC 1951, 3.2.6): one zero, then copies of it, 258 bytes in thirteen bits.
    private func gunzip() -> Finding {
        var (bits, count) = ([UInt8](), 0)
        func put(_ value: Int, _ width: Int, reversed: Bool) {
            for index in 0..<width {
                let bit = value >> (reversed ? width - 1 - index : index) & 1
                if count % 8 == 0 { bits.append(0) }
                bits[count / 8] |= UInt8(bit << (count % 8))
                count += 1
            }
        }
        put(1, 1, reversed: false)
        put(1, 2, reversed: false)
        put(0x30, 8, reversed: true)
        let copies = 2_000_000 / 258
        for _ in 0..<copies {
            put(0b1100_0101, 8, reversed: true)
            put(0, 5, reversed: true)
        }
        put(0, 7, reversed: true)
        let size = 1 + 258 * copies
        let bytes: [UInt8] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255] + bits + [0, 0, 0, 0] + LoopContract.words(size)
        let time = seconds { _ = try? Gunzip.decompress(bytes, limit: 2 << 20) }
        let gas = GasSchedule.perTransactionByte * UInt64(bytes.count) + GasSchedule.storeCode(byteCount: size)
        return finding("decompressing code", time, gas: gas, with: "\(bytes.count) bytes that become \(size)")
    }

    // MARK: - Signatures and storage

    private func signature() throws -> Finding {
        let key = SecretKey(copying: [UInt8](repeating: 7, count: 32))!
        let digest = SHA256.hash([1])
        let signature = Secp256k1Signer.sign(digest, privateKey: key)!
        let publicKey = Secp256k1.recover(signature: signature, recoveryID: 0, digest: digest)!
        let compressed = [2 | publicKey[64] & 1] + publicKey[1..<33]
        let time = seconds {
            for _ in 0..<100 { _ = Secp256k1.verify(signature: signature, digest: digest, publicKey: compressed) }
        }
        return finding("a transaction's signature", time / 100, gas: GasSchedule.perSignature, with: "secp256k1")
    }

    /// Sealing and opening a value, without the proof around it.
    private func storage() -> Finding {
        var keys = NetworkKeys(NetworkSeeds.bootstrap(identity: [1])).stateKeys(
            contractKey: [UInt8](repeating: 1, count: 64))
        let contract = AccountAddress([UInt8](repeating: 2, count: 20))!
        var worst = Finding(name: "storage", before: 0, after: 0, with: "")
        for (nameCount, valueCount) in [(1, 0), (1, 32), (16_384, 0), (32, 1_000), (32, 100_000), (32, 1_000_000)] {
            let (name, value) = ([UInt8](repeating: 3, count: nameCount), [UInt8](repeating: 4, count: valueCount))
            let sizeClass = StoredValue.sizeClass(nameCount: nameCount, valueCount: valueCount)
            var stored: [UInt8] = []
            let repeats = 20
            let writing = seconds {
                for _ in 0..<repeats {
                    stored = keys.seal(
                        name: name, hashedAs: keys.hashedName(name), value: value, contract: contract, height: 1,
                        transactionIndex: 0)
                }
            }
            let reading = seconds {
                for _ in 0..<repeats {
                    _ = keys.open(stored, name: name, hashedAs: keys.hashedName(name), contract: contract)
                }
            }
            let prices = [
                ("writing", writing, GasSchedule.write(keyByteCount: StateKeys.treeKeyByteCount, sizeClass: sizeClass)),
                ("reading", reading, GasSchedule.read(keyByteCount: StateKeys.treeKeyByteCount, sizeClass: sizeClass)),
            ]
            for (verb, time, gas) in prices {
                let found = finding(
                    "storage", time / Double(repeats), gas: gas,
                    with: "\(verb) \(valueCount) bytes under a name of \(nameCount)")
                if found.before > worst.before { worst = found }
            }
        }
        return worst
    }
}
