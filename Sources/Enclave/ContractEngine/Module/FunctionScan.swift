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

    /// Bounds the native frame of this function under every preset, in bytes: each parameter and local has one word,
    /// each instruction leaves at most one value that must be kept in another, and sixteen cover the saved registers
    /// and the call itself.
    func frameWeight(parameters: Int) -> Int64 { 8 * (16 + Int64(parameters + locals) + Int64(instructions)) }

    /// A structured sequence: function body, `block`, body of a `loop`, arm of an `if`.
    private struct Sequence {
        var opener: UInt8
        var chargeEdit: Int
        var instructions = 0
    }

    private var sequences: [Sequence] = []
    private var loops = 0
    /// Zero in live code; in dead code one more than the blocks that were opened there. WebAssembly calls code after
    /// an unconditional branch dead until the enclosing block ends.
    private var dead = 0

    init(_ bytes: [UInt8], body: Range<Int>) throws(MalformedModule) {
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
        open(opener: 0, at: reader.offset)
        while !sequences.isEmpty {
            let offset = reader.offset
            try step(try reader.byte(), at: offset, &reader)
        }
        guard reader.isAtEnd else { throw reader.malformed }
    }

    private mutating func step(_ opcode: UInt8, at offset: Int, _ reader: inout WasmReader) throws(MalformedModule) {
        switch opcode {
        case 0x02, 0x03, 0x04:
            try readBlockType(&reader)
            branchPoints += 1
            guard dead == 0 else {
                dead += 1
                guard sequences.count + dead <= StructuralLimits.nestingRepresentable else { throw reader.malformed }
                return
            }
            count()
            open(opener: opcode, at: reader.offset)
            guard sequences.count <= StructuralLimits.nestingRepresentable else { throw reader.malformed }
        case 0x05:
            branchPoints += 1
            guard dead <= 1 else { return }
            guard sequences[sequences.count - 1].opener == 0x04 else { throw reader.malformed }
            close()
            open(opener: 0x05, at: reader.offset)
        case 0x0b:
            guard dead <= 1 else {
                dead -= 1
                return
            }
            close()
        case 0x01: break
        default:
            try readImmediates(of: opcode, at: offset, &reader)
            guard dead == 0 else { return }
            count()
            switch opcode {
            case 0x0f:
                edits.append(Edit(offset: offset, kind: .leave(UInt32(sequences.count - 1))))
                dead = 1
            case 0x00, 0x0c, 0x0e: dead = 1
            case 0x10, 0x11: makesCalls = true
            case 0x40: edits.append(Edit(offset: offset, kind: .grow))
            default: break
            }
        }
    }

    private mutating func count() {
        instructions += 1
        sequences[sequences.count - 1].instructions += 1
    }

    private mutating func open(opener: UInt8, at offset: Int) {
        sequences.append(Sequence(opener: opener, chargeEdit: edits.count))
        edits.append(Edit(offset: offset, kind: .charge(0)))
        nesting = max(nesting, sequences.count - 1)
        if opener == 0x03 {
            loops += 1
            loopNesting = max(loopNesting, loops)
        }
    }

    private mutating func close() {
        let sequence = sequences.removeLast()
        edits[sequence.chargeEdit].kind = .charge(GasSchedule.instruction * UInt32(sequence.instructions))
        if sequence.opener == 0x03 { loops -= 1 }
        dead = 0
    }

    private mutating func readBlockType(_ reader: inout WasmReader) throws(MalformedModule) {
        let type = try reader.byte()
        guard type != 0x40 else { return }
        guard let result = WasmModule.ValueType(rawValue: type) else { throw reader.malformed }
        if result.isFloat { usesFloats = true }
    }

    private mutating func readImmediates(
        of opcode: UInt8, at offset: Int, _ reader: inout WasmReader
    ) throws(MalformedModule) {
        switch opcode {
        case 0x00, 0x0f, 0x1a, 0x1b: break
        case 0x0c, 0x0d:
            branchPoints += 1
            _ = try reader.u32()
        case 0x0e:
            let targets = try reader.count()
            branchPoints += targets + 1
            for _ in 0...targets { _ = try reader.u32() }
        case 0x10, 0x20...0x24: _ = try reader.u32()
        case 0x11:
            _ = try reader.u32()
            guard try reader.byte() == 0 else { throw reader.malformed }
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
    }
}
