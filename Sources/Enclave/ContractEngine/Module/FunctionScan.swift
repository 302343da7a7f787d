/// One pass over the body of a function: what it costs, how large its frame may get, where instrumentation must touch
/// it, and the numbers the structural limits are about.
///
/// Knows the instructions of WebAssembly 1.0 and sign extension; any other is malformed. Bytes may be hostile: the scan
/// is total and its memory is bounded by the body and by `StructuralLimits.nestingMax`.
struct FunctionScan {
    /// A place in the body and what instrumentation puts there.
    struct Edit {
        enum Kind: Equatable {
            /// Charge for the sequence of instructions that begins here.
            case charge(UInt32)
            /// `memory.grow`, two bytes, becomes a call of the metering function.
            case grow
            /// `return`, one byte, becomes a branch out of this many blocks.
            case leave(UInt32)
        }

        var offset: Int
        var kind: Kind
    }

    private(set) var edits: [Edit] = []
    private(set) var code: Range<Int>
    private(set) var locals: Int = 0
    private(set) var usesFloats = false
    private(set) var makesCalls = false
    private(set) var nesting = 0
    private(set) var loopNesting = 0
    private(set) var branchPoints = 0
    /// Instructions that are neither `nop`, `else`, `end` nor statically unreachable.
    private(set) var instructions = 0

    /// The most operands on the stack at once.
    private(set) var height = 0
    private(set) var indirectCalls = 0
    private var charges = 0
    private var instructionBytes = 0

    /// Where control flow parts or joins once the body is instrumented, as an optimising compiler sees it: it makes a
    /// branch of each charge and of each call through the table.
    var joins: Int { branchPoints + charges + indirectCalls }

    /// An estimate of the machine code that the linear compiler makes of the function, instrumented (measured:
    /// docs/compile-costs.md).
    func nativeBytes(parameters: Int) -> Int {
        256 + 8 * (locals + parameters) + instructionBytes + 72 * charges + 8 * branchPoints
    }

    /// Bounds the native frame of this function under every preset, in bytes.
    ///
    /// The baseline compiler keeps each parameter, local and operand in a word; the optimising one needs no more than
    /// that many at once but packs them imperfectly, in long functions more so (measured: up to 1.6 times the words).
    /// Hence two words each, a quarter byte for each instruction, and sixteen words for saved registers and the call.
    func frameWeight(parameters: Int) -> Int64 {
        8 * (16 + 2 * Int64(parameters + locals + height)) + Int64(instructions / 4)
    }

    /// A structured sequence: function body, `block`, body of a `loop`, arm of an `if`.
    private struct Sequence {
        var opener: UInt8
        var chargeEdit: Int
        /// Operands below this sequence, and those it leaves.
        var base: Int
        var results: Int
        var instructions = 0
    }

    private var sequences: [Sequence] = []
    private var loops = 0
    /// Zero in live code; in dead code one more than the blocks that were opened there. WebAssembly calls code after
    /// an unconditional branch dead until the enclosing block ends.
    private var dead = 0
    /// Right in valid code; before validation it may be anything, so it saturates.
    private var operands = 0

    init(_ module: WasmModule, body: Range<Int>) throws(MalformedModule) {
        let bytes = module.bytes
        var reader = WasmReader(bytes, body)
        for _ in 0..<(try reader.count()) {
            let (sum, overflow) = locals.addingReportingOverflow(Int(try reader.u32()))
            guard !overflow, sum <= 50_000, let type = WasmModule.ValueType(rawValue: try reader.byte()) else {
                throw reader.malformed
            }
            locals = sum
            if type.isFloat { usesFloats = true }
        }
        code = reader.offset..<body.upperBound
        open(opener: 0, results: 0, at: reader.offset)
        while !sequences.isEmpty {
            let offset = reader.offset
            try step(try reader.byte(), at: offset, &reader, module)
        }
        guard reader.isAtEnd else { throw reader.malformed }
    }

    private mutating func step(
        _ opcode: UInt8, at offset: Int, _ reader: inout WasmReader, _ module: WasmModule
    ) throws(MalformedModule) {
        switch opcode {
        case 0x02, 0x03, 0x04:
            let results = try readBlockType(&reader)
            branchPoints += 1
            guard dead == 0 else {
                dead += 1
                guard sequences.count + dead <= StructuralLimits.nestingRepresentable else { throw reader.malformed }
                return
            }
            count()
            if opcode == 0x04 { move(-1) }
            open(opener: opcode, results: results, at: reader.offset)
            guard sequences.count <= StructuralLimits.nestingRepresentable else { throw reader.malformed }
        case 0x05:
            branchPoints += 1
            guard dead <= 1 else { return }
            guard sequences[sequences.count - 1].opener == 0x04 else { throw reader.malformed }
            let results = sequences[sequences.count - 1].results
            operands = sequences[sequences.count - 1].base
            close()
            open(opener: 0x05, results: results, at: reader.offset)
        case 0x0b:
            guard dead <= 1 else {
                dead -= 1
                return
            }
            let ended = sequences[sequences.count - 1]
            close()
            operands = ended.base
            move(ended.results)
        case 0x01: break
        default:
            let callee = try readImmediates(of: opcode, at: offset, &reader, module)
            guard dead == 0 else { return }
            count()
            if let callee {
                move(-callee.parameters.count)
                move(callee.results.count)
            }
            move(FunctionScan.heightChange(of: opcode))
            instructionBytes += FunctionScan.nativeBytes(of: opcode)
            switch opcode {
            case 0x0f:
                edits.append(Edit(offset: offset, kind: .leave(UInt32(sequences.count - 1))))
                dead = 1
            case 0x00, 0x0c, 0x0e: dead = 1
            case 0x10: makesCalls = true
            case 0x11:
                makesCalls = true
                indirectCalls += 1
            case 0x40: edits.append(Edit(offset: offset, kind: .grow))
            default: break
            }
        }
    }

    private mutating func count() {
        instructions += 1
        sequences[sequences.count - 1].instructions += 1
    }

    private mutating func move(_ change: Int) {
        operands = max(0, operands + change)
        height = max(height, operands)
    }

    private mutating func open(opener: UInt8, results: Int, at offset: Int) {
        sequences.append(Sequence(opener: opener, chargeEdit: edits.count, base: operands, results: results))
        edits.append(Edit(offset: offset, kind: .charge(0)))
        nesting = max(nesting, sequences.count - 1)
        if opener == 0x03 {
            loops += 1
            loopNesting = max(loopNesting, loops)
        }
    }

    private mutating func close() {
        let sequence = sequences.removeLast()
        edits[sequence.chargeEdit].kind = .charge(InstructionGas.instruction * UInt32(sequence.instructions))
        if sequence.opener == 0x03 { loops -= 1 }
        if sequence.instructions > 0 { charges += 1 }
        dead = 0
    }

    /// How many values the block leaves.
    private mutating func readBlockType(_ reader: inout WasmReader) throws(MalformedModule) -> Int {
        let type = try reader.byte()
        guard type != 0x40 else { return 0 }
        guard let result = WasmModule.ValueType(rawValue: type) else { throw reader.malformed }
        if result.isFloat { usesFloats = true }
        return 1
    }

    /// What the linear compiler makes of one instruction, in bytes.
    private static func nativeBytes(of opcode: UInt8) -> Int {
        switch opcode {
        case 0x10, 0x40: 48
        case 0x11: 192
        case 0x28...0x3e: 24
        case 0x45...0x5a, 0x0d: 16
        case 0x6d...0x70, 0x7f...0x82: 72
        default: 6
        }
    }

    /// By how much an instruction changes the operand stack, without what a called function takes and gives.
    private static func heightChange(of opcode: UInt8) -> Int {
        switch opcode {
        case 0x20, 0x23, 0x3f, 0x41...0x44: 1
        case 0x0d, 0x0e, 0x11, 0x1a, 0x21, 0x24: -1
        case 0x1b, 0x36...0x3e: -2
        case 0x46...0x4f, 0x51...0x66, 0x6a...0x78, 0x7c...0x8a, 0x92...0x98, 0xa0...0xa6: -1
        default: 0
        }
    }

    /// The type of the function that a call calls.
    private mutating func readImmediates(
        of opcode: UInt8, at offset: Int, _ reader: inout WasmReader, _ module: WasmModule
    ) throws(MalformedModule) -> WasmModule.FunctionType? {
        switch opcode {
        case 0x00, 0x0f, 0x1a, 0x1b: break
        case 0x0c, 0x0d:
            branchPoints += 1
            _ = try reader.u32()
        case 0x0e:
            let targets = try reader.count()
            branchPoints += targets + 1
            for _ in 0...targets { _ = try reader.u32() }
        case 0x10:
            guard let type = module.type(ofFunction: Int(try reader.u32())) else { throw reader.malformed }
            return type
        case 0x11:
            let type = Int(try reader.u32())
            guard try reader.byte() == 0, type < module.types.count else { throw reader.malformed }
            return module.types[type]
        case 0x20...0x24: _ = try reader.u32()
        case 0x28...0x3e:
            _ = try reader.u32()
            _ = try reader.u32()
            if [0x2a, 0x2b, 0x38, 0x39].contains(opcode) { usesFloats = true }
        case 0x3f, 0x40:
            guard try reader.byte() == 0 else { throw reader.malformed }
        case 0x41: try reader.skipNumber(bytesMax: 5)
        case 0x42: try reader.skipNumber(bytesMax: 10)
        case 0x43:
            try reader.skip(4)
            usesFloats = true
        case 0x44:
            try reader.skip(8)
            usesFloats = true
        case 0x45...0x5a, 0x67...0x8a, 0xa7, 0xac, 0xad, 0xc0...0xc4: break
        case 0x5b...0x66, 0x8b...0xa6, 0xa8...0xab, 0xae...0xbf: usesFloats = true
        default: throw MalformedModule(offset: offset)
        }
        return nil
    }
}
