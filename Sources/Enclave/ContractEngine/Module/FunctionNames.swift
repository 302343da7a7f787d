/// The names that a module gives its functions (WebAssembly 1.0, appendix 7.4.1).
///
/// They are what the module's author wrote and prove nothing; a module without any, or with a section that cannot be
/// read, has none.
package enum FunctionNames {
    /// Of what is longer, the beginning.
    private static let nameBytesMax = 256

    /// The names of `functions` in the module `code`, for those that have one. Bytes that are not printable ASCII are
    /// shown as `?`: a name must not look like another line of a backtrace.
    package static func find(_ functions: [UInt32], in code: [UInt8]) -> [UInt32: String] {
        guard let names = try? read(code, Set(functions)) else { return [:] }
        return names
    }

    private static func read(_ code: [UInt8], _ wanted: Set<UInt32>) throws(MalformedModule) -> [UInt32: String] {
        var reader = WasmReader(code, 0..<code.count)
        try reader.skip(8)
        while !reader.isAtEnd {
            let id = try reader.byte()
            let contents = try reader.range(try reader.count())
            guard id == WasmModule.SectionID.custom.rawValue else { continue }
            var section = WasmReader(code, contents)
            let title = try section.range(try section.count())
            guard code[title].elementsEqual("name".utf8) else { continue }
            while !section.isAtEnd {
                let part = try section.byte()
                let range = try section.range(try section.count())
                if part == 1 { return try functionNames(WasmReader(code, range), code, wanted) }
            }
        }
        return [:]
    }

    private static func functionNames(
        _ contents: WasmReader, _ code: [UInt8], _ wanted: Set<UInt32>
    ) throws(MalformedModule) -> [UInt32: String] {
        var reader = contents
        var names: [UInt32: String] = [:]
        for _ in 0..<(try reader.count()) {
            let index = try reader.u32()
            let name = try reader.range(try reader.count())
            guard wanted.contains(index) else { continue }
            let bytes = code[name].prefix(nameBytesMax).map { (0x21...0x7e).contains($0) ? $0 : UInt8(ascii: "?") }
            names[index] = String(decoding: bytes, as: UTF8.self)
        }
        return names
    }
}
