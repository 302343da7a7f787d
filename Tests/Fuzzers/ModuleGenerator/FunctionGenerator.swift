/// Writes the body of one function, valid by construction: every expression leaves one value of the type asked for,
/// every statement none, and after an unconditional branch anything that WebAssembly allows in dead code.
struct FunctionGenerator {
    let module: ModuleWriter
    let signature: Signature
    var code: [UInt8] = []
    /// Parameters, then locals in the order in which they were needed.
    private(set) var localTypes: [ValueType]
    /// Locals that count a loop down, which nothing else may set.
    private var counters: Set<Int> = []
    /// What a branch to each open block must leave, the function's own first; a loop asks for nothing.
    var labels: [ValueType?]
    /// Whether what the function returns should be the region that shows its memory.
    private var returnsOutput = false
    /// How many instructions may still be written before everything takes the plainest way out.
    private var budget: Int
    /// Whether the innermost block has been left for good, so that its stack may hold anything. A block that begins
    /// there has a stack of its own again, as WebAssembly's validation sees it.
    var isDead = false

    static let nestingMax = 7

    init(_ module: ModuleWriter, _ signature: Signature, budget: Int = 220) {
        self.module = module
        self.signature = signature
        self.budget = budget
        localTypes = signature.parameters
        labels = [signature.result]
    }

    /// Locals, code and the closing `end`.
    ///
    /// - Parameter returnsOutput: whether the function ends by returning the region that shows its memory.
    mutating func body(
        _ choices: inout Choices, returnsOutput: Bool, flaw: GeneratedModule.Flaw?
    ) -> [UInt8] {
        self.returnsOutput = returnsOutput
        for _ in 0..<choices.next(4) { _ = newLocal(choices.pick([.i32, .i64])) }
        statements(&choices)
        if let flaw { write(flaw, &choices) }
        if returnsOutput {
            storeGlobals()
            code.append(constant: Int64(HostImports.outputRegion), .i32)
        } else if let result = signature.result {
            value(result, &choices)
        }
        if choices.chance(8) { code.append(0x0f) }
        var body: [UInt8] = []
        let locals = localTypes.dropFirst(signature.parameters.count)
        let extra = flaw == .manyLocals ? 1 : 0
        body.append(number: locals.count + extra, &choices)
        for local in locals { body += [1, local.rawValue] }
        if extra == 1 { body += [0xac, 0x02, ValueType.i64.rawValue] }
        return body + code + [0x0b]
    }

    /// What the function returns.
    mutating func result(_ choices: inout Choices) {
        guard let result = signature.result else { return }
        if returnsOutput && !choices.chance(8) {
            code.append(constant: Int64(HostImports.outputRegion), .i32)
        } else {
            value(result, &choices)
        }
    }

    // MARK: - Parts

    mutating func newLocal(_ type: ValueType) -> Int {
        localTypes.append(type)
        return localTypes.count - 1
    }

    mutating func newCounter() -> Int {
        let counter = newLocal(.i32)
        counters.insert(counter)
        return counter
    }

    func locals(_ type: ValueType, toSet: Bool = false) -> [Int] {
        localTypes.indices.filter { localTypes[$0] == type && !(toSet && counters.contains($0)) }
    }

    func globals(_ type: ValueType, toSet: Bool = false) -> [Int] {
        module.globals.indices.filter {
            module.globals[$0].type == type && (!toSet || module.globals[$0].isMutable && $0 != ModuleWriter.heapGlobal)
        }
    }

    /// Depths of the labels that take `type`.
    func depths(_ type: ValueType?) -> [Int] {
        labels.indices.filter { labels[$0] == type }.map { labels.count - 1 - $0 }.reversed()
    }

    /// Whether there is room for something large. Counts what it lets through.
    mutating func mayGrow(_ choices: inout Choices) -> Bool {
        budget -= 1
        return budget > 0 && labels.count <= FunctionGenerator.nestingMax
    }

    mutating func append(_ opcode: UInt8, _ index: Int, _ choices: inout Choices) {
        code.append(opcode)
        code.append(number: index, &choices)
    }

    mutating func block(
        _ opcode: UInt8, _ result: ValueType?, label: ValueType?, _ inside: (inout FunctionGenerator) -> Void
    ) {
        let wasDead = isDead
        code += [opcode, result?.rawValue ?? 0x40]
        labels.append(label)
        isDead = false
        inside(&self)
        labels.removeLast()
        code.append(0x0b)
        isDead = wasDead
    }

    mutating func otherwise() {
        code.append(0x05)
        isDead = false
    }

    /// Mutable globals are written to memory, where the output shows them.
    private mutating func storeGlobals() {
        for (index, global) in module.globals.enumerated() {
            code.append(constant: Int64(64 + 8 * index), .i32)
            code += [0x23, UInt8(index)] + (global.type == .i32 ? [0x36, 2, 0] : [0x37, 3, 0])
        }
    }

    // MARK: - Flaws

    private mutating func write(_ flaw: GeneratedModule.Flaw, _ choices: inout Choices) {
        switch flaw {
        case .float:
            code += choices.pick([
                [0x43, 0, 0, 0, 0, 0x1a], [0x41, 0, 0xb2, 0x1a], [0x41, 0, 0x2a, 2, 0, 0x1a],
                [0x02, 0x7d, 0x00, 0x0b, 0x1a],
            ])
        case .gasGlobal:
            let index = UInt8(module.globals.count + choices.next(3))
            code += choices.chance(2) ? [0x23, index, 0x1a] : [0x42, 0x7f, 0x24, index]
        case .bulkMemory: code += [0x41, 0, 0x41, 0, 0x41, 0, 0xfc, 11, 0]
        case .deepNesting:
            let depth = choices.pick([505, 512, 513, 600])
            code += Array(repeating: [0x02, 0x40], count: depth).joined() + Array(repeating: 0x0b, count: depth)
        case .loopNest:
            let depth = choices.pick([15, 16, 17, 18])
            code += Array(repeating: [0x03, 0x40], count: depth).joined() + Array(repeating: 0x0b, count: depth)
        default: break
        }
    }
}
