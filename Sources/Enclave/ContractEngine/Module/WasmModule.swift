/// The parts of a WebAssembly module that upload rules and instrumentation look at, read with checks only.
///
/// Reading proves no more than that the parts can be found. Types, index ranges and constant expressions are
/// libwasmtime's to validate.
struct WasmModule {
    /// Section numbers of WebAssembly 1.0, section 5.5.2.
    enum SectionID: UInt8 {
        case custom = 0, type, `import`, function, table, memory, global, export, start, element, code, data
    }

    enum ValueType: UInt8 {
        case i32 = 0x7f, i64 = 0x7e, f32 = 0x7d, f64 = 0x7c

        var isFloat: Bool { self == .f32 || self == .f64 }
    }

    struct FunctionType: Equatable {
        var parameters: [ValueType]
        var results: [ValueType]
    }

    struct Import {
        var module: String
        var name: String
        /// `nil` for a table, memory or global.
        var typeIndex: Int?
    }

    enum ExternalKind: UInt8 { case function = 0, table, memory, global }

    struct Export {
        var name: String
        var kind: ExternalKind
        var index: Int
    }

    struct Limits {
        var initial: UInt32
        var maximum: UInt32?
    }

    let bytes: [UInt8]
    /// Contents of the sections, without custom ones.
    private(set) var sections: [SectionID: Range<Int>] = [:]
    private(set) var types: [FunctionType] = []
    private(set) var imports: [Import] = []
    private(set) var importedFunctionTypes: [Int] = []
    private(set) var functionTypes: [Int] = []
    private(set) var tables: [Limits] = []
    private(set) var memories: [Limits] = []
    private(set) var globalTypes: [ValueType] = []
    private(set) var exports: [Export] = []
    private(set) var bodies: [Range<Int>] = []
    private(set) var elementSegments = 0
    private(set) var dataSegments = 0

    var hasStart: Bool { sections[.start] != nil }

    init(_ bytes: [UInt8]) throws(MalformedModule) {
        self.bytes = bytes
        var reader = WasmReader(bytes, 0..<bytes.count)
        for expected: UInt8 in [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00] {
            guard try reader.byte() == expected else { throw reader.malformed }
        }
        var last: UInt8 = 0
        while !reader.isAtEnd {
            guard let id = SectionID(rawValue: try reader.byte()) else { throw reader.malformed }
            let contents = try reader.range(try reader.count())
            if id == .custom { continue }
            guard id.rawValue > last else { throw reader.malformed }
            last = id.rawValue
            sections[id] = contents
            try read(id, WasmReader(bytes, contents))
        }
        guard bodies.count == functionTypes.count, functionTypes.allSatisfy({ $0 < types.count }),
            importedFunctionTypes.allSatisfy({ $0 < types.count })
        else { throw reader.malformed }
    }

    /// The type of function `index` of the index space that imports begin, `nil` if there is none.
    func type(ofFunction index: Int) -> FunctionType? {
        if index < importedFunctionTypes.count { return types[importedFunctionTypes[index]] }
        guard index - importedFunctionTypes.count < functionTypes.count else { return nil }
        return types[functionTypes[index - importedFunctionTypes.count]]
    }

    private mutating func read(_ id: SectionID, _ contents: WasmReader) throws(MalformedModule) {
        var reader = contents
        switch id {
        case .custom, .start: return
        case .type: try readTypes(&reader)
        case .import: try readImports(&reader)
        case .function:
            for _ in 0..<(try reader.count()) { functionTypes.append(Int(try reader.u32())) }
        case .table:
            for _ in 0..<(try reader.count()) {
                guard try reader.byte() == 0x70 else { throw reader.malformed }
                tables.append(try WasmModule.limits(&reader))
            }
        case .memory:
            for _ in 0..<(try reader.count()) { memories.append(try WasmModule.limits(&reader)) }
        case .global:
            for _ in 0..<(try reader.count()) {
                globalTypes.append(try WasmModule.valueType(&reader))
                guard try reader.byte() <= 1 else { throw reader.malformed }
                try WasmModule.skipConstant(&reader)
            }
        case .export: try readExports(&reader)
        case .element:
            elementSegments = try reader.count()
            return
        case .code:
            for _ in 0..<(try reader.count()) { bodies.append(try reader.range(try reader.count())) }
        case .data:
            dataSegments = try reader.count()
            return
        }
        guard reader.isAtEnd else { throw reader.malformed }
    }

    private mutating func readTypes(_ reader: inout WasmReader) throws(MalformedModule) {
        for _ in 0..<(try reader.count()) {
            guard try reader.byte() == 0x60 else { throw reader.malformed }
            var type = FunctionType(parameters: [], results: [])
            for _ in 0..<(try reader.count()) { type.parameters.append(try WasmModule.valueType(&reader)) }
            for _ in 0..<(try reader.count()) { type.results.append(try WasmModule.valueType(&reader)) }
            guard type.results.count <= 1 else { throw reader.malformed }
            types.append(type)
        }
    }

    private mutating func readImports(_ reader: inout WasmReader) throws(MalformedModule) {
        for _ in 0..<(try reader.count()) {
            let module = try reader.name()
            let name = try reader.name()
            var typeIndex: Int?
            switch ExternalKind(rawValue: try reader.byte()) {
            case .function: typeIndex = Int(try reader.u32())
            case .table:
                try reader.skip(1)
                _ = try WasmModule.limits(&reader)
            case .memory: _ = try WasmModule.limits(&reader)
            case .global: try reader.skip(2)
            case nil: throw reader.malformed
            }
            imports.append(Import(module: module, name: name, typeIndex: typeIndex))
        }
        importedFunctionTypes = imports.compactMap(\.typeIndex)
    }

    private mutating func readExports(_ reader: inout WasmReader) throws(MalformedModule) {
        for _ in 0..<(try reader.count()) {
            let name = try reader.name()
            guard let kind = ExternalKind(rawValue: try reader.byte()) else { throw reader.malformed }
            exports.append(Export(name: name, kind: kind, index: Int(try reader.u32())))
        }
    }

    private static func valueType(_ reader: inout WasmReader) throws(MalformedModule) -> ValueType {
        guard let type = ValueType(rawValue: try reader.byte()) else { throw reader.malformed }
        return type
    }

    private static func limits(_ reader: inout WasmReader) throws(MalformedModule) -> Limits {
        let flags = try reader.byte()
        guard flags <= 1 else { throw reader.malformed }
        let initial = try reader.u32()
        return Limits(initial: initial, maximum: flags == 1 ? try reader.u32() : nil)
    }

    /// One constant instruction and `end` (WebAssembly 1.0, section 3.3.7).
    private static func skipConstant(_ reader: inout WasmReader) throws(MalformedModule) {
        switch try reader.byte() {
        case 0x23: _ = try reader.u32()
        case 0x41: try reader.skipNumber(bytesMax: 5)
        case 0x42: try reader.skipNumber(bytesMax: 10)
        case 0x43: try reader.skip(4)
        case 0x44: try reader.skip(8)
        default: throw reader.malformed
        }
        guard try reader.byte() == 0x0b else { throw reader.malformed }
    }
}
