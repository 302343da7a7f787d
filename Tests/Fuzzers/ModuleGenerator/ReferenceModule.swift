/// A module taken apart for `ReferenceInterpreter`, by code that shares nothing with the engine's.
///
/// It reads what `GeneratedModule` writes when that keeps the rules, and stops the program at anything else.
struct ReferenceModule {
    /// A structured sequence of instructions, and what entering it costs: two for each instruction directly in it, a
    /// nested block for one, `nop` and what follows an unconditional branch for none (Secret Network protocol: wasm
    /// gas).
    struct Sequence {
        var nodes: [Node] = []
        var cost: UInt64 = 0
    }

    indirect enum Node {
        case block(Sequence, hasResult: Bool)
        case loop(Sequence)
        case choice(Sequence, Sequence?, hasResult: Bool)
        case branchTable([Int])
        case plain(UInt8, Int64)
        /// An access to memory with its offset.
        case memory(UInt8, Int)
    }

    struct Function {
        var signature: Signature
        var locals: Int
        var body: Sequence
    }

    private(set) var types: [Signature] = []
    private(set) var functions: [Function] = []
    private(set) var table: [Int?] = []
    private(set) var pages = 0
    private(set) var globals: [UInt64] = []
    private(set) var exports: [String: Int] = [:]
    private(set) var segments: [(offset: Int, bytes: [UInt8])] = []

    private let bytes: [UInt8]
    private var position = 8

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        var functionTypes: [Int] = []
        while position < bytes.count {
            let id = byte()
            let end = number() + position
            switch id {
            case 1: types = (0..<number()).map { _ in readType() }
            case 3: functionTypes = (0..<number()).map { _ in number() }
            case 4:
                position += 3
                table = Array(repeating: nil, count: number())
            case 5:
                position += 2
                pages = number()
            case 6: globals = (0..<number()).map { _ in readGlobal() }
            case 7: for _ in 0..<number() { readExport() }
            case 9:
                position += 5
                for index in 0..<number() { table[index] = number() }
            case 10: functions = (0..<number()).map { readFunction(types[functionTypes[$0]]) }
            case 11: segments = (0..<number()).map { _ in readSegment() }
            default: precondition(id == 0, "section \(id)")
            }
            position = end
        }
    }

    // MARK: - Parts

    private mutating func byte() -> UInt8 {
        position += 1
        return bytes[position - 1]
    }

    private mutating func number() -> Int {
        var (value, shift) = (0, 0)
        while true {
            let next = byte()
            value |= Int(next & 0x7f) << shift
            shift += 7
            if next < 0x80 { return value }
        }
    }

    private mutating func signed() -> Int64 {
        var (value, shift): (Int64, Int64) = (0, 0)
        while true {
            let next = byte()
            value |= Int64(next & 0x7f) << shift
            shift += 7
            guard next < 0x80 else { continue }
            return shift < 64 && next & 0x40 != 0 ? value | -1 << shift : value
        }
    }

    private mutating func readType() -> Signature {
        position += 1
        let parameters = (0..<number()).map { _ in ValueType(rawValue: byte())! }
        let results = (0..<number()).map { _ in ValueType(rawValue: byte())! }
        return Signature(parameters: parameters, result: results.first)
    }

    private mutating func readGlobal() -> UInt64 {
        position += 3
        defer { position += 1 }
        let isNarrow = bytes[position - 1] == 0x41
        let value = signed()
        return isNarrow ? UInt64(UInt32(truncatingIfNeeded: value)) : UInt64(bitPattern: value)
    }

    private mutating func readExport() {
        let length = number()
        let name = String(decoding: bytes[position..<position + length], as: UTF8.self)
        position += length
        let isFunction = byte() == 0
        let index = number()
        if isFunction { exports[name] = index }
    }

    private mutating func readSegment() -> (offset: Int, bytes: [UInt8]) {
        position += 2
        let offset = Int(signed())
        position += 1
        let length = number()
        position += length
        return (offset, Array(bytes[position - length..<position]))
    }

    // MARK: - Code

    private mutating func readFunction(_ signature: Signature) -> Function {
        _ = number()
        var locals = 0
        for _ in 0..<number() {
            locals += number()
            position += 1
        }
        return Function(signature: signature, locals: locals, body: readSequence().sequence)
    }

    /// Up to its `end`, or the `else` that begins the other arm.
    private mutating func readSequence() -> (sequence: Sequence, endsInElse: Bool) {
        var sequence = Sequence()
        var isReachable = true
        while true {
            let opcode = byte()
            if opcode == 0x0b || opcode == 0x05 { return (sequence, opcode == 0x05) }
            sequence.nodes.append(readNode(opcode))
            if isReachable && opcode != 0x01 { sequence.cost += 2 }
            if [0x00, 0x0c, 0x0e, 0x0f].contains(opcode) { isReachable = false }
        }
    }

    private mutating func readNode(_ opcode: UInt8) -> Node {
        switch opcode {
        case 0x02, 0x03, 0x04:
            let hasResult = byte() != 0x40
            let (first, endsInElse) = readSequence()
            switch opcode {
            case 0x02: return .block(first, hasResult: hasResult)
            case 0x03: return .loop(first)
            default: return .choice(first, endsInElse ? readSequence().sequence : nil, hasResult: hasResult)
            }
        case 0x0e: return .branchTable((0...number()).map { _ in number() })
        case 0x0c, 0x0d, 0x10, 0x20...0x24: return .plain(opcode, Int64(number()))
        case 0x11:
            defer { position += 1 }
            return .plain(opcode, Int64(number()))
        case 0x28...0x3e:
            _ = number()
            return .memory(opcode, number())
        case 0x3f, 0x40:
            position += 1
            return .plain(opcode, 0)
        case 0x41, 0x42: return .plain(opcode, signed())
        default: return .plain(opcode, 0)
        }
    }
}
