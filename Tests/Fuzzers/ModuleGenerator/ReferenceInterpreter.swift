import ContractEngine

/// Runs a module that imports nothing, slowly and obviously, and counts gas by the words of the rules instead of by
/// instrumentation (Secret Network protocol: wasm gas; memory). What the engine makes of the same call must be the
/// same.
package struct ReferenceInterpreter {
    /// `nil` where this interpreter has no opinion: calls nested deeper than it goes, entry points that are not there.
    package static func run(
        _ code: [UInt8], function: String, regions: [[UInt8]], order: [Int], gasLimit: UInt64
    ) -> (result: Result<[UInt8], ContractTrap>, gasUsed: UInt64)? {
        var interpreter = ReferenceInterpreter(ReferenceModule(code), gasLimit: gasLimit)
        let result: Result<[UInt8], ContractTrap>
        do {
            result = .success(try interpreter.contractCall(function, regions, order))
        } catch let trap as ContractTrap {
            result = .failure(trap)
        } catch {
            return nil
        }
        // What could not be paid may be any number; the engine's own account ends at 2^60.
        let (used, overflow) = (gasLimit - interpreter.gas).addingReportingOverflow(interpreter.exhausted)
        return (result, overflow ? 1 << 60 : min(used, 1 << 60))
    }

    private struct NoOpinion: Error {}

    /// How a sequence was left.
    private enum Leaving { case end, branch(Int), function }

    private static let depthMax = 200
    private static let pagesMax = 192

    private let module: ReferenceModule
    private var memory: [UInt8]
    private var globals: [UInt64]
    private var stack: [UInt64] = []
    private var gas: UInt64
    private var exhausted: UInt64 = 0
    private var depth = 0

    private init(_ module: ReferenceModule, gasLimit: UInt64) {
        self.module = module
        gas = gasLimit
        globals = module.globals
        memory = [UInt8](repeating: 0, count: 65_536 * module.pages)
        for segment in module.segments {
            memory.replaceSubrange(segment.offset..<segment.offset + segment.bytes.count, with: segment.bytes)
        }
    }

    // MARK: - The host's part

    private mutating func contractCall(_ name: String, _ regions: [[UInt8]], _ order: [Int]) throws -> [UInt8] {
        guard let function = module.exports[name], let allocate = module.exports["allocate"],
            module.functions[function].signature.parameters.count == regions.count
        else { throw NoOpinion() }
        var arguments = [UInt64](repeating: 0, count: regions.count)
        for index in order { arguments[index] = try lend(regions[index], allocate) }
        stack += arguments
        try call(function)
        let (offset, _, length) = try region(at: stack.removeLast())
        guard offset + length <= memory.count else { throw ContractTrap.memoryRead }
        try charge(UInt64(max(0, length - 16_384)))
        return Array(memory[offset..<offset + length])
    }

    private mutating func lend(_ bytes: [UInt8], _ allocate: Int) throws -> UInt64 {
        stack.append(UInt64(bytes.count))
        try call(allocate)
        let pointer = stack.removeLast()
        guard pointer != 0 else { throw ContractTrap.memoryAllocation }
        let (offset, capacity, _) = try region(at: pointer)
        guard bytes.count <= capacity, offset + bytes.count <= memory.count else { throw ContractTrap.memoryWrite }
        memory.replaceSubrange(offset..<offset + bytes.count, with: bytes)
        for index in 0..<4 { memory[Int(pointer) + 8 + index] = UInt8(truncatingIfNeeded: bytes.count >> (8 * index)) }
        return pointer
    }

    private func region(at pointer: UInt64) throws -> (offset: Int, capacity: Int, length: Int) {
        let start = Int(pointer)
        guard start != 0, start + 12 <= memory.count else { throw ContractTrap.memoryRead }
        let words = (0..<3).map { word in
            (0..<4).reversed().reduce(0) { $0 << 8 | Int(memory[start + 4 * word + $1]) }
        }
        guard words[0] != 0, words[2] <= words[1] else { throw ContractTrap.memoryRead }
        return (words[0], words[1], words[2])
    }

    // MARK: - Gas

    private mutating func charge(_ cost: UInt64) throws {
        guard gas >= cost else {
            exhausted = cost
            throw ContractTrap.outOfGas
        }
        gas -= cost
    }

    /// The metering function of `memory.grow`: fourteen instructions, three more where it gives up.
    private mutating func chargeGrowth(_ pages: UInt64) throws {
        try charge(28)
        let cost = UInt64(bitPattern: Int64(Int32(truncatingIfNeeded: pages)) &* 8192)
        if gas < cost { try charge(6) }
        try charge(cost)
    }

    // MARK: - Control

    private mutating func call(_ index: Int) throws {
        guard depth < Self.depthMax else { throw NoOpinion() }
        depth += 1
        defer { depth -= 1 }
        let function = module.functions[index]
        let parameters = function.signature.parameters.count
        var locals = Array(stack.suffix(parameters)) + [UInt64](repeating: 0, count: function.locals)
        stack.removeLast(parameters)
        let base = stack.count
        // A branch out of the body and a return leave alike: with the result, if there is one, on top.
        _ = try run(function.body, &locals)
        keep(function.signature.result != nil, above: base)
    }

    private mutating func keep(_ hasResult: Bool, above base: Int) {
        let result = hasResult ? stack.last : nil
        stack.removeLast(stack.count - base)
        if let result { stack.append(result) }
    }

    private mutating func run(_ sequence: ReferenceModule.Sequence, _ locals: inout [UInt64]) throws -> Leaving {
        try charge(sequence.cost)
        for node in sequence.nodes {
            let leaving = try run(node, &locals)
            if case .end = leaving { continue }
            return leaving
        }
        return .end
    }

    private mutating func run(_ node: ReferenceModule.Node, _ locals: inout [UInt64]) throws -> Leaving {
        switch node {
        case .block(let inside, let hasResult):
            return try enter(inside, hasResult, &locals)
        case .choice(let first, let second, let hasResult):
            if UInt32(truncatingIfNeeded: stack.removeLast()) != 0 { return try enter(first, hasResult, &locals) }
            return try second.map { try enter($0, hasResult, &locals) } ?? .end
        case .loop(let inside):
            let base = stack.count
            while true {
                switch try run(inside, &locals) {
                case .end: return .end
                case .branch(0): keep(false, above: base)
                case .branch(let depth): return .branch(depth - 1)
                case .function: return .function
                }
            }
        case .branchTable(let targets):
            let index = Int(UInt32(truncatingIfNeeded: stack.removeLast()))
            return .branch(targets[min(index, targets.count - 1)])
        case .memory(let opcode, let offset):
            try access(opcode, offset)
            return .end
        case .plain(let opcode, let immediate):
            return try plain(opcode, immediate, &locals)
        }
    }

    private mutating func enter(
        _ inside: ReferenceModule.Sequence, _ hasResult: Bool, _ locals: inout [UInt64]
    ) throws -> Leaving {
        let base = stack.count
        switch try run(inside, &locals) {
        case .end: return .end
        case .branch(0):
            keep(hasResult, above: base)
            return .end
        case .branch(let depth): return .branch(depth - 1)
        case .function: return .function
        }
    }

    private mutating func plain(_ opcode: UInt8, _ immediate: Int64, _ locals: inout [UInt64]) throws -> Leaving {
        let index = Int(truncatingIfNeeded: immediate)
        switch opcode {
        case 0x00: throw ContractTrap.panicked
        case 0x01: break
        case 0x0c: return .branch(index)
        case 0x0d: if UInt32(truncatingIfNeeded: stack.removeLast()) != 0 { return .branch(index) }
        case 0x0f: return .function
        case 0x10: try call(index)
        case 0x11: try callIndirect(module.types[index])
        case 0x1a: stack.removeLast()
        case 0x1b:
            let condition = UInt32(truncatingIfNeeded: stack.removeLast())
            let second = stack.removeLast()
            if condition == 0 { stack[stack.count - 1] = second }
        case 0x20: stack.append(locals[index])
        case 0x21: locals[index] = stack.removeLast()
        case 0x22: locals[index] = stack[stack.count - 1]
        case 0x23: stack.append(globals[index])
        case 0x24: globals[index] = stack.removeLast()
        case 0x3f: stack.append(UInt64(memory.count / 65_536))
        case 0x40: try grow()
        case 0x41: stack.append(UInt64(UInt32(truncatingIfNeeded: immediate)))
        case 0x42: stack.append(UInt64(bitPattern: immediate))
        default: try calculate(opcode)
        }
        return .end
    }

    private mutating func callIndirect(_ signature: Signature) throws {
        let index = Int(UInt32(truncatingIfNeeded: stack.removeLast()))
        guard index < module.table.count else { throw ContractTrap.tableOutOfBounds }
        guard let callee = module.table[index], module.functions[callee].signature == signature else {
            throw ContractTrap.indirectCallMismatch
        }
        try call(callee)
    }

    // MARK: - Memory

    private mutating func grow() throws {
        let pages = stack.removeLast()
        try chargeGrowth(pages)
        let before = memory.count / 65_536
        guard pages <= Self.pagesMax, before + Int(pages) <= Self.pagesMax else {
            return stack.append(UInt64(UInt32.max))
        }
        memory += [UInt8](repeating: 0, count: Int(pages) * 65_536)
        stack.append(UInt64(before))
    }

    private mutating func access(_ opcode: UInt8, _ offset: Int) throws {
        let size =
            switch opcode {
            case 0x28, 0x34, 0x35, 0x36, 0x3e: 4
            case 0x29, 0x37: 8
            case 0x2c, 0x2d, 0x30, 0x31, 0x3a, 0x3c: 1
            default: 2
            }
        let isStore = opcode >= 0x36
        let value = isStore ? stack.removeLast() : 0
        let start = Int(UInt32(truncatingIfNeeded: stack.removeLast())) + offset
        guard start + size <= memory.count else { throw ContractTrap.memoryOutOfBounds }
        if isStore {
            for index in 0..<size { memory[start + index] = UInt8(truncatingIfNeeded: value >> (8 * UInt64(index))) }
            return
        }
        let loaded = (0..<size).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64(memory[start + $1]) }
        switch opcode {
        case 0x2c: stack.append(UInt64(UInt32(bitPattern: Int32(Int8(truncatingIfNeeded: loaded)))))
        case 0x2e: stack.append(UInt64(UInt32(bitPattern: Int32(Int16(truncatingIfNeeded: loaded)))))
        case 0x30: stack.append(UInt64(bitPattern: Int64(Int8(truncatingIfNeeded: loaded))))
        case 0x32: stack.append(UInt64(bitPattern: Int64(Int16(truncatingIfNeeded: loaded))))
        case 0x34: stack.append(UInt64(bitPattern: Int64(Int32(truncatingIfNeeded: loaded))))
        default: stack.append(loaded)
        }
    }

    // MARK: - Numbers

    private mutating func calculate(_ opcode: UInt8) throws {
        switch opcode {
        case 0x45: unary32 { $0 == 0 ? 1 : 0 }
        case 0x50: stack.append(stack.removeLast() == 0 ? 1 : 0)
        case 0x46...0x4f: stack.append(compare(opcode - 0x46, popPair32()))
        case 0x51...0x5a: stack.append(compare(opcode - 0x51, popPair64()))
        case 0x67: unary32 { UInt32($0.leadingZeroBitCount) }
        case 0x68: unary32 { UInt32($0.trailingZeroBitCount) }
        case 0x69: unary32 { UInt32($0.nonzeroBitCount) }
        case 0x79: stack.append(UInt64(stack.removeLast().leadingZeroBitCount))
        case 0x7a: stack.append(UInt64(stack.removeLast().trailingZeroBitCount))
        case 0x7b: stack.append(UInt64(stack.removeLast().nonzeroBitCount))
        case 0x6a...0x78: stack.append(UInt64(try binary(opcode - 0x6a, popPair32())))
        case 0x7c...0x8a: stack.append(try binary(opcode - 0x7c, popPair64()))
        case 0xa7, 0xad: unary32 { $0 }
        case 0xac: stack.append(UInt64(bitPattern: Int64(Int32(truncatingIfNeeded: stack.removeLast()))))
        case 0xc0: unary32 { UInt32(bitPattern: Int32(Int8(truncatingIfNeeded: $0))) }
        case 0xc1: unary32 { UInt32(bitPattern: Int32(Int16(truncatingIfNeeded: $0))) }
        case 0xc2: stack.append(UInt64(bitPattern: Int64(Int8(truncatingIfNeeded: stack.removeLast()))))
        case 0xc3: stack.append(UInt64(bitPattern: Int64(Int16(truncatingIfNeeded: stack.removeLast()))))
        case 0xc4: stack.append(UInt64(bitPattern: Int64(Int32(truncatingIfNeeded: stack.removeLast()))))
        default: preconditionFailure("opcode \(opcode)")
        }
    }

    private mutating func unary32(_ operation: (UInt32) -> UInt32) {
        stack.append(UInt64(operation(UInt32(truncatingIfNeeded: stack.removeLast()))))
    }

    private mutating func popPair64() -> (UInt64, UInt64) {
        let right = stack.removeLast()
        return (stack.removeLast(), right)
    }

    private mutating func popPair32() -> (UInt32, UInt32) {
        let (left, right) = popPair64()
        return (UInt32(truncatingIfNeeded: left), UInt32(truncatingIfNeeded: right))
    }

    /// In the order of the opcodes: eq, ne, lt, gt, le, ge, the last four signed and unsigned in turn.
    private func compare<Word: FixedWidthInteger & UnsignedInteger>(_ kind: UInt8, _ pair: (Word, Word)) -> UInt64 {
        // A signed number and an unsigned one that is larger by half the range come in the same order.
        let flip: Word = [2, 4, 6, 8].contains(kind) ? 1 << (Word.bitWidth - 1) : 0
        let (left, right) = (pair.0 ^ flip, pair.1 ^ flip)
        let holds =
            switch kind {
            case 0: left == right
            case 1: left != right
            case 2, 3: left < right
            case 4, 5: left > right
            case 6, 7: left <= right
            default: left >= right
            }
        return holds ? 1 : 0
    }

    /// In the order of the opcodes.
    private func binary<Word: FixedWidthInteger & UnsignedInteger>(_ kind: UInt8, _ pair: (Word, Word)) throws -> Word {
        let (left, right) = pair
        let width = Word(Word.bitWidth)
        let sign: Word = 1 << (width - 1)
        if (3...6).contains(kind) && right == 0 { throw ContractTrap.divisionByZero }
        switch kind {
        case 0: return left &+ right
        case 1: return left &- right
        case 2: return left &* right
        case 3, 5:
            let (leftSize, rightSize) = (left & sign == 0 ? left : 0 &- left, right & sign == 0 ? right : 0 &- right)
            if kind == 5 {
                let rest = leftSize % rightSize
                return left & sign == 0 ? rest : 0 &- rest
            }
            // The one quotient that is no number of this width.
            if left == sign && right == Word.max { throw ContractTrap.panicked }
            return (left ^ right) & sign == 0 ? leftSize / rightSize : 0 &- leftSize / rightSize
        case 4: return left / right
        case 6: return left % right
        case 7: return left & right
        case 8: return left | right
        case 9: return left ^ right
        case 10: return left << (right % width)
        case 11: return left & sign == 0 ? left >> (right % width) : ~(~left >> (right % width))
        case 12: return left >> (right % width)
        case 13: return rotated(left, by: right % width)
        default: return rotated(left, by: (width - right % width) % width)
        }
    }

    private func rotated<Word: FixedWidthInteger & UnsignedInteger>(_ value: Word, by count: Word) -> Word {
        count == 0 ? value : value << count | value >> (Word(Word.bitWidth) - count)
    }
}
