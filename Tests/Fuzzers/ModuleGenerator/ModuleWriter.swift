/// Writes one module: imports, functions, table, memory, globals, exports, segments.
struct ModuleWriter {
    struct Global {
        var type: ValueType
        var isMutable: Bool
    }

    let isOfV010: Bool
    let flaw: GeneratedModule.Flaw?
    let isSelfContained: Bool

    private(set) var types: [Signature] = []
    /// Of all functions, imported ones first.
    private(set) var functions: [Signature] = []
    private(set) var imports: [HostImports.Import] = []
    private(set) var globals: [Global] = []
    private(set) var tableSize: Int?
    private(set) var elements: [Int] = []
    private var pages = 1
    private var exports: [(name: String, kind: UInt8, index: Int)] = []

    init(isOfV010: Bool, flaw: GeneratedModule.Flaw?, isSelfContained: Bool) {
        self.isOfV010 = isOfV010
        self.flaw = flaw
        self.isSelfContained = isSelfContained
    }

    mutating func typeIndex(_ signature: Signature) -> Int {
        if let index = types.firstIndex(of: signature) { return index }
        types.append(signature)
        return types.count - 1
    }

    /// The pointer of the next region that `allocate` gives out.
    static let heapGlobal = 0

    mutating func write(_ choices: inout Choices) -> [UInt8] {
        plan(&choices)
        var bodies: [[UInt8]] = []
        for index in imports.count..<functions.count {
            let body: [UInt8]
            switch index - imports.count {
            case 0: body = allocate(&choices)
            case 1, 2: body = [0, 0x0b]
            default:
                var function = FunctionGenerator(self, functions[index])
                let returnsOutput = isEntry(index) && !choices.chance(8)
                body = function.body(&choices, returnsOutput: returnsOutput, flaw: flaw)
            }
            bodies.append(body)
        }
        return assemble(bodies, &choices)
    }

    // MARK: - Plan

    private var entryNames: [(String, Int)] {
        isOfV010
            ? [("init", 2), ("handle", 2), ("query", 1)]
            : [("instantiate", 3), ("execute", 3), ("query", 2), ("reply", 2)]
    }

    private func isEntry(_ index: Int) -> Bool {
        exports.contains { $0.kind == 0 && $0.index == index && $0.name != "allocate" }
    }

    private mutating func plan(_ choices: inout Choices) {
        let offered = HostImports.all.filter { isOfV010 ? $0.isOfV010 : $0.isOfV1 }
        for item in offered where !isSelfContained && choices.chance(3) {
            imports.append(item)
            functions.append(item.signature)
        }
        if flaw == .unknownImport {
            imports.append(HostImports.Import(name: "db_scan", parameters: 3, result: .i32))
            functions.append(imports[imports.count - 1].signature)
        }
        if flaw == .wrongImportType {
            imports.append(HostImports.Import(name: "db_read", parameters: 2, result: .i32))
            functions.append(imports[imports.count - 1].signature)
        }
        globals.append(Global(type: .i32, isMutable: true))
        for _ in 0..<choices.next(4) {
            globals.append(Global(type: choices.pick([.i32, .i64]), isMutable: !choices.chance(4)))
        }
        pages = choices.chance(6) ? choices.pick([0, 2, 3, 17, 192]) : 1
        if flaw == .manyPages { pages = choices.pick([193, 512, 513]) }

        add("allocate", Signature(parameters: [.i32], result: .i32))
        add("deallocate", Signature(parameters: [.i32], result: nil))
        let marker = isOfV010 ? "cosmwasm_vm_version_3" : "interface_version_8"
        add(marker, Signature(parameters: [], result: nil))
        if flaw == .twoMarkers {
            exports.append((isOfV010 ? "interface_version_8" : "cosmwasm_vm_version_3", 0, functions.count - 1))
        }
        let missing = flaw == .missingExport ? choices.next(3) : -1
        for (position, (name, parameters)) in entryNames.enumerated() where position != missing {
            // Now and then an entry point has a type that cannot be called.
            let count = choices.chance(64) ? parameters + 1 : parameters
            add(name, Signature(parameters: Array(repeating: .i32, count: count), result: .i32))
        }
        for _ in 0..<choices.next(5) {
            let parameters = (0..<choices.next(5)).map { _ in choices.pick([ValueType.i32, .i64]) }
            add(nil, Signature(parameters: parameters, result: choices.pick([nil, .i32, .i64])))
        }
        for signature in functions { _ = typeIndex(signature) }
        if choices.chance(2) || flaw == .elementOutside {
            let size = choices.next(8)
            tableSize = size
            elements = (0..<min(size, choices.next(8))).map { _ in choices.next(functions.count) }
            if flaw == .elementOutside { elements += Array(repeating: functions.count - 1, count: size + 1) }
        }
        exports.append(("memory", 2, 0))
        if flaw == .reservedExport { exports.append(("cloister.gas", 3, 0)) }
    }

    private mutating func add(_ name: String?, _ signature: Signature) {
        functions.append(signature)
        if let name { exports.append((name, 0, functions.count - 1)) }
    }

    // MARK: - Sections

    private func assemble(_ bodies: [[UInt8]], _ choices: inout Choices) -> [UInt8] {
        var module: [UInt8] = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]
        func section(_ id: UInt8, _ contents: [UInt8]) {
            if choices.chance(32) { module += [0, 3, 1, UInt8(ascii: "n"), 7] }
            module.append(id)
            module.append(number: contents.count, &choices)
            module += contents
        }
        section(1, typeSection())
        if !imports.isEmpty { section(2, importSection()) }
        section(3, vector(functions[imports.count...].map { number(types.firstIndex(of: $0)!) }))
        if let tableSize { section(4, [1, 0x70, 0] + number(tableSize)) }
        let memory = flaw == .memoryMaximum ? [1] + number(pages) + number(pages + 1) : [0] + number(pages)
        section(5, vector(Array(repeating: memory, count: flaw == .secondMemory ? 2 : 1)))
        section(6, globalSection(&choices))
        section(7, vector(exports.map { name($0.name) + [$0.kind] + number($0.index) }))
        if flaw == .start { section(8, number(imports.count + 2)) }
        if tableSize != nil { section(9, [1, 0, 0x41, 0, 0x0b] + vector(elements.map(number))) }
        section(10, vector(bodies.map { number($0.count) + $0 }))
        section(11, dataSection())
        return module
    }

    private func typeSection() -> [UInt8] {
        vector(
            types.enumerated().map { index, type in
                var results = type.result.map { [$0.rawValue] } ?? []
                if flaw == .twoResults && index == types.count - 1 { results += [ValueType.i32.rawValue, 0x7f] }
                return [0x60] + vector(type.parameters.map { [$0.rawValue] }) + vector(results.map { [$0] })
            })
    }

    private func importSection() -> [UInt8] {
        vector(
            imports.map { item in
                name("env") + name(item.name) + [0] + number(types.firstIndex(of: item.signature)!)
            })
    }

    private func globalSection(_ choices: inout Choices) -> [UInt8] {
        var entries: [[UInt8]] = []
        for (index, global) in globals.enumerated() {
            var entry: [UInt8] = [global.type.rawValue, global.isMutable ? 1 : 0]
            entry.append(constant: index == ModuleWriter.heapGlobal ? 32_768 : choices.number(), global.type)
            entries.append(entry + [0x0b])
        }
        return vector(entries)
    }

    private func dataSection() -> [UInt8] {
        let (regions, contents) = HostImports.memory()
        let length: [UInt8] = [0xf0, 0xff, 0, 0]
        var segments = [
            (HostImports.outputRegion, [16, 0, 0, 0] + length + length), (HostImports.regionsStart, regions),
            (HostImports.contentsStart, contents),
        ]
        if flaw == .dataOutside { segments.append((65_536 * pages - 1, [1, 2])) }
        guard pages > 0 || flaw == .dataOutside else { return vector([]) }
        return vector(
            segments.map { offset, bytes in
                var segment: [UInt8] = [0]
                segment.append(constant: Int64(offset), .i32)
                return segment + [0x0b] + number(bytes.count) + bytes
            })
    }

    /// Mostly a bump allocator; else one that cannot be trusted.
    private func allocate(_ choices: inout Choices) -> [UInt8] {
        guard isSelfContained || !choices.chance(24) else {
            var function = FunctionGenerator(self, Signature(parameters: [.i32], result: .i32))
            return function.body(&choices, returnsOutput: false, flaw: nil)
        }
        // heap -> local 1; its three words; heap moved behind the room.
        let heap = UInt8(ModuleWriter.heapGlobal)
        return [1, 1, 0x7f]
            + [0x23, heap, 0x21, 1, 0x20, 1, 0x20, 1, 0x41, 12, 0x6a, 0x36, 2, 0, 0x20, 1, 0x20, 0, 0x36, 2, 4]
            + [0x20, 1, 0x41, 0, 0x36, 2, 8, 0x20, 1, 0x41, 12, 0x6a, 0x20, 0, 0x6a, 0x24, heap, 0x20, 1, 0x0b]
    }

    private func number(_ value: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(number: value)
        return bytes
    }
    private func name(_ text: String) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(name: text)
        return bytes
    }
    private func vector(_ items: [[UInt8]]) -> [UInt8] { number(items.count) + items.flatMap { $0 } }
}
