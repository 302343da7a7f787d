import ContractEngine
import Seeds
import WasmKit

/// Which instructions do the most for their gas: every loop of a few of them, changed one at a time.
struct InstructionSearch {
    private let engine: WasmEngine

    init(_ engine: WasmEngine) { self.engine = engine }

    // Locals: 3 and 4 are 64 bits wide, 5 and 6 are 32.
    private static let locals: [UInt8] = [0x7e, 0x7e, 0x7f, 0x7f]
    private static let mask = Op.i32(0x00bf_ffc0)
    private static let pieces: [(name: String, code: [UInt8])] = [
        ("i64.div_u", code(Op.get(3), Op.get(4), Op.i64(3), [0x84], [0x80], Op.i64(-3), [0x84], Op.set(3))),
        ("i64.rem_s", code(Op.get(3), Op.get(4), Op.i64(5), [0x84], [0x81], Op.i64(-5), [0x84], Op.set(3))),
        ("i32.div_s", code(Op.get(5), Op.get(6), Op.i32(3), [0x72], [0x6d], Op.set(5))),
        ("i32.rem_u", code(Op.get(5), Op.get(6), Op.i32(3), [0x72], [0x70], Op.set(5))),
        ("i64.mul", code(Op.get(3), Op.get(3), [0x7e], Op.i64(9), [0x7c], Op.set(3))),
        ("i64.popcnt", code(Op.get(3), [0x7b], Op.set(4))),
        ("i64.clz", code(Op.get(3), [0x79], Op.set(4))),
        ("i64.rotl", code(Op.get(3), Op.get(4), [0x89], Op.set(3))),
        (
            "far load",
            code(
                Op.get(5), Op.i32(1_103_515_245), Op.multiply, Op.i32(12_345), Op.add, Op.tee(5), mask, [0x71],
                Op.load(0), Op.get(5), Op.add, Op.set(5))
        ),
        (
            "chained load",
            code(Op.get(6), mask, [0x71], Op.load(4), Op.get(6), Op.add, Op.i32(1_640_531_527), Op.add, Op.set(6))
        ),
        (
            "far store",
            code(
                Op.get(5), Op.i32(1_664_525), Op.multiply, Op.i32(97), Op.add, Op.tee(5), mask, [0x71], Op.get(5),
                Op.store(8))
        ),
        ("memory.size", code(Op.size, Op.set(6))),
        ("memory.grow 0", code(Op.i32(0), Op.grow, Op.drop)),
        ("call", code(Op.call(4))),
        ("call_indirect", code(Op.get(5), Op.i32(3), [0x71], Op.callIndirect(2))),
        (
            "br_table",
            code(
                Op.block, Op.block, Op.block, Op.get(5), Op.i32(3), [0x71], Op.branchTable([0, 1], 2), Op.end, Op.end,
                Op.end)
        ),
        (
            "if",
            code(
                Op.get(5), Op.i32(1), [0x71], Op.ifThen, Op.get(5), Op.i32(3), Op.add, Op.set(5), Op.otherwise,
                Op.get(5), Op.i32(7), Op.add, Op.set(5), Op.end)
        ),
        ("global", code(Op.globalGet(0), Op.i32(1), Op.add, Op.globalSet(0))),
    ]

    func run(_ random: inout SeededGenerator) throws -> [Finding] {
        var worst = Finding(name: "instructions", before: 0, after: 0, with: "")
        var findings: [Finding] = []
        for index in Self.pieces.indices {
            let finding = try measure([index])
            findings.append(finding)
            if finding.before > worst.before { worst = finding }
        }
        var genome = [findings.indices.max { findings[$0].before < findings[$1].before }!]
        for _ in 0..<60 {
            var next = genome
            switch random.below(3) {
            case 0 where next.count < 12: next.insert(random.below(Self.pieces.count), at: random.below(next.count + 1))
            case 1 where next.count > 1: next.remove(at: random.below(next.count))
            default: next[random.below(next.count)] = random.below(Self.pieces.count)
            }
            let finding = try measure(next)
            if finding.before > worst.before { (worst, genome) = (finding, next) }
        }
        worst.name = "instructions"
        return [worst, try memory(), try instance()]
    }

    private func measure(_ genome: [Int]) throws -> Finding {
        var contract = LoopContract()
        contract.assembly.global(WasmAssembly.i32, 0)
        contract.assembly.table = 4
        contract.assembly.function(nil, [], [], [])
        for _ in 0..<4 { contract.assembly.element(4) }
        let body = repeated(16, genome.flatMap { Self.pieces[$0].code })
        func cost(_ times: Int) throws -> (seconds: Double, gas: UInt64) {
            try engine.cost(try contract.module(engine, times: times, locals: Self.locals, body))
        }
        let none = try cost(1)
        var times = 1_000
        var some = try cost(times)
        while some.seconds - none.seconds < 0.05 {
            times *= 4
            some = try cost(times)
        }
        let figure = (some.seconds - none.seconds) / Double(some.gas - none.gas) * 1e9
        return Finding(
            name: "instructions", before: figure, after: figure,
            with: genome.map { Self.pieces[$0].name }.joined(separator: ", "))
    }

    /// All the memory there is, page by page, each written to.
    private func memory() throws -> Finding {
        let contract = LoopContract(pages: 17)
        let body = code(Op.i32(1), Op.grow, Op.i32(16), [0x74], Op.i32(1), Op.store(0))
        let (none, all) = (
            try contract.module(engine, times: 0, locals: [], body),
            try contract.module(engine, times: 175, locals: [], body)
        )
        let base = try (0..<5).map { _ in try engine.cost(none) }.min { $0.seconds < $1.seconds }!
        let full = try (0..<5).map { _ in try engine.cost(all) }.min { $0.seconds < $1.seconds }!
        let figure = (full.seconds - base.seconds) / Double(full.gas - base.gas) * 1e9
        return Finding(name: "memory.grow", before: figure, after: figure, with: "175 pages, each written to")
    }

    /// A call that does nothing, of a contract that begins with all its memory.
    private func instance() throws -> Finding {
        let module = try LoopContract().module(engine, times: 0, [])
        let least = try (0..<20).map { _ in try engine.cost(module).seconds }.min()!
        let figure = least / 21_000_000 * 1e9
        return Finding(name: "a call that does nothing", before: figure, after: figure, with: "192 pages")
    }
}
