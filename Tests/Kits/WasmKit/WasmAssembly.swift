/// Puts small WebAssembly modules together from bytes, so that tests know every instruction in them.
package struct WasmAssembly {
    package static let i32: UInt8 = 0x7f
    package static let i64: UInt8 = 0x7e
    package static let f32: UInt8 = 0x7d

    private var types: [[UInt8]] = []
    private var imports: [[UInt8]] = []
    private var functionTypes: [Int] = []
    private var bodies: [[UInt8]] = []
    private var exports: [[UInt8]] = []
    private var globals: [[UInt8]] = []
    private var segments: [[UInt8]] = []
    private var elements: [Int] = []
    package var pages: UInt32 = 1
    package var pagesMax: UInt32?
    package var memories = 1
    package var table: UInt32?
    package var start: Int?
    package var customSection: [UInt8]?

    package init() {}

    package mutating func type(_ parameters: [UInt8], _ results: [UInt8]) -> Int {
        let type = [0x60] + vector(parameters.map { [$0] }) + vector(results.map { [$0] })
        if let index = types.firstIndex(of: type) { return index }
        types.append(type)
        return types.count - 1
    }

    /// Imports come first: they shift the indices of functions.
    @discardableResult
    package mutating func importFunction(
        _ name: String, _ parameters: [UInt8], _ results: [UInt8], module: String = "env"
    ) -> Int {
        imports.append(text(module) + text(name) + [0] + number(type(parameters, results)))
        return imports.count - 1
    }

    package mutating func importGlobal(_ name: String) {
        imports.append(text("env") + text(name) + [3, WasmAssembly.i32, 0])
    }

    @discardableResult
    package mutating func function(
        _ export: String?, _ parameters: [UInt8], _ results: [UInt8], locals: [UInt8] = [], _ code: [UInt8]
    ) -> Int {
        functionTypes.append(type(parameters, results))
        bodies.append(vector(locals.map { [1, $0] }) + code + [0x0b])
        let index = imports.count + functionTypes.count - 1
        if let export { exportItem(export, kind: 0, index) }
        return index
    }

    package mutating func exportItem(_ name: String, kind: UInt8, _ index: Int) {
        exports.append(text(name) + [kind] + number(index))
    }

    @discardableResult
    package mutating func global(_ type: UInt8, _ value: Int64) -> Int {
        globals.append([type, 1, type == WasmAssembly.i32 ? 0x41 : 0x42] + signed(value) + [0x0b])
        return globals.count - 1
    }

    package mutating func floatGlobal() { globals.append([WasmAssembly.f32, 0, 0x43, 0, 0, 0, 0, 0x0b]) }

    package mutating func data(at offset: Int, _ bytes: [UInt8]) {
        segments.append([0, 0x41] + signed(Int64(offset)) + [0x0b] + number(bytes.count) + bytes)
    }

    package mutating func element(_ function: Int) { elements.append(function) }

    package func bytes() -> [UInt8] {
        var module: [UInt8] = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]
        if let customSection { module += section(0, text("note") + customSection) }
        if !types.isEmpty { module += section(1, vector(types)) }
        if !imports.isEmpty { module += section(2, vector(imports)) }
        module += section(3, vector(functionTypes.map { number($0) }))
        if let table { module += section(4, [1, 0x70, 0] + number(Int(table))) }
        let limits = (pagesMax == nil ? [0] : [1]) + number(Int(pages)) + (pagesMax.map { number(Int($0)) } ?? [])
        if memories > 0 { module += section(5, vector(Array(repeating: limits, count: memories))) }
        if !globals.isEmpty { module += section(6, vector(globals)) }
        module += section(7, vector(exports))
        if let start { module += section(8, number(start)) }
        if !elements.isEmpty {
            module += section(9, [1, 0, 0x41, 0, 0x0b] + vector(elements.map { number($0) }))
        }
        module += section(10, vector(bodies.map { number($0.count) + $0 }))
        if !segments.isEmpty { module += section(11, vector(segments)) }
        return module
    }

    private func section(_ id: UInt8, _ contents: [UInt8]) -> [UInt8] { [id] + number(contents.count) + contents }
    private func vector(_ items: [[UInt8]]) -> [UInt8] { number(items.count) + items.flatMap { $0 } }
    private func text(_ text: String) -> [UInt8] { number(text.utf8.count) + Array(text.utf8) }
}

// MARK: - Instructions

/// One instruction after the other.
package func code(_ instructions: [UInt8]...) -> [UInt8] { instructions.flatMap { $0 } }

package func repeated(_ count: Int, _ instructions: [UInt8]) -> [UInt8] { (0..<count).flatMap { _ in instructions } }

package func number(_ value: Int) -> [UInt8] {
    var (bytes, rest) = ([UInt8](), UInt32(value))
    while rest >= 0x80 {
        bytes.append(UInt8(rest & 0x7f) | 0x80)
        rest >>= 7
    }
    return bytes + [UInt8(rest)]
}

package func signed(_ value: Int64) -> [UInt8] {
    var (bytes, rest) = ([UInt8](), value)
    while rest < -64 || rest > 63 {
        bytes.append(UInt8(truncatingIfNeeded: rest & 0x7f) | 0x80)
        rest >>= 7
    }
    return bytes + [UInt8(truncatingIfNeeded: rest & 0x7f)]
}

package enum Op {
    package static let unreachable: [UInt8] = [0x00]
    package static let nop: [UInt8] = [0x01]
    package static let block: [UInt8] = [0x02, 0x40]
    package static let loop: [UInt8] = [0x03, 0x40]
    package static let ifThen: [UInt8] = [0x04, 0x40]
    package static let otherwise: [UInt8] = [0x05]
    package static let end: [UInt8] = [0x0b]
    package static let returns: [UInt8] = [0x0f]
    package static let drop: [UInt8] = [0x1a]
    package static let size: [UInt8] = [0x3f, 0]
    package static let grow: [UInt8] = [0x40, 0]
    package static let add: [UInt8] = [0x6a]
    package static let subtract: [UInt8] = [0x6b]
    package static let multiply: [UInt8] = [0x6c]
    package static let divide: [UInt8] = [0x6d]
    package static let isZero: [UInt8] = [0x45]
    package static let equal: [UInt8] = [0x46]
    package static let lessThan: [UInt8] = [0x49]
    package static let store8: [UInt8] = [0x3a, 0, 0]
    package static let store64: [UInt8] = [0x37, 3, 0]
    package static let blockValue: [UInt8] = [0x02, 0x7f]

    package static func i32(_ value: Int64) -> [UInt8] { [0x41] + signed(value) }
    package static func i64(_ value: Int64) -> [UInt8] { [0x42] + signed(value) }
    package static func get(_ local: Int) -> [UInt8] { [0x20] + number(local) }
    package static func set(_ local: Int) -> [UInt8] { [0x21] + number(local) }
    package static func tee(_ local: Int) -> [UInt8] { [0x22] + number(local) }
    package static func globalGet(_ global: Int) -> [UInt8] { [0x23] + number(global) }
    package static func globalSet(_ global: Int) -> [UInt8] { [0x24] + number(global) }
    package static func branch(_ depth: Int) -> [UInt8] { [0x0c] + number(depth) }
    package static func branchIf(_ depth: Int) -> [UInt8] { [0x0d] + number(depth) }
    package static func call(_ function: Int) -> [UInt8] { [0x10] + number(function) }
    package static func callIndirect(_ type: Int) -> [UInt8] { [0x11] + number(type) + [0] }
    package static func load(_ offset: Int = 0) -> [UInt8] { [0x28, 2] + number(offset) }
    package static func store(_ offset: Int = 0) -> [UInt8] { [0x36, 2] + number(offset) }
    package static func branchTable(_ targets: [Int], _ other: Int) -> [UInt8] {
        [0x0e] + number(targets.count) + targets.flatMap { number($0) } + number(other)
    }
}

extension WasmAssembly {
    /// The smallest module that looks like a contract, with one import whose name has `count` bytes.
    package static func module(importing count: Int) -> [UInt8] {
        func number(_ value: Int) -> [UInt8] {
            value < 128 ? [UInt8(value)] : [UInt8(value & 127) | 128] + number(value >> 7)
        }
        func section(_ id: UInt8, _ content: [UInt8]) -> [UInt8] { [id] + number(content.count) + content }
        func name(_ text: String) -> [UInt8] { number(text.utf8.count) + Array(text.utf8) }
        var exports: [UInt8] = [4]
        for export in ["allocate", "deallocate", "instantiate", "interface_version_8"] {
            exports += name(export) + [0, 0]
        }
        let header: [UInt8] = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]
        let imports: [UInt8] = [1] + name("env") + name(String(repeating: "n", count: count)) + [0, 0]
        return header + section(1, [1, 0x60, 0, 0]) + section(2, imports) + section(5, [1, 0, 1]) + section(7, exports)
    }
}
