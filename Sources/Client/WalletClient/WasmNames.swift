import PublicCryptography

/// The names of a module's functions (WebAssembly 1.0, appendix 7.4.1), and which code on chain they belong to: what is
/// stored there is the same module without its custom sections, as `cloister contract build` makes both.
package struct WasmNames: Sendable {
    package let codeHash: String
    package private(set) var names: [Int: String] = [:]

    package init(_ module: [UInt8]) throws {
        guard module.starts(with: [0x00, 0x61, 0x73, 0x6d]), module.count >= 8 else { throw Self.malformed }
        var stripped = Array(module[..<8])
        var reader = Reader(module[8...])
        var names: [Int: String] = [:]
        while !reader.isAtEnd {
            let start = reader.offset
            let id = try reader.byte()
            var section = try reader.part()
            if id != 0 {
                stripped += module[start..<reader.offset]
            } else if try section.text() == "name" {
                names = try Self.functionNames(&section)
            }
        }
        codeHash = SHA256.hash(stripped).description
        self.names = names
    }

    private static let malformed = ClientError(.invalidInput, "not a WebAssembly module")

    private static func functionNames(_ section: inout Reader) throws -> [Int: String] {
        var names: [Int: String] = [:]
        while !section.isAtEnd {
            let id = try section.byte()
            var part = try section.part()
            guard id == 1 else { continue }
            for _ in 0..<(try part.number()) {
                let index = try part.number()
                names[index] = try part.text()
            }
        }
        return names
    }

    private struct Reader {
        private let bytes: ArraySlice<UInt8>
        private(set) var offset: Int

        init(_ bytes: ArraySlice<UInt8>) {
            self.bytes = bytes
            offset = bytes.startIndex
        }

        var isAtEnd: Bool { offset == bytes.endIndex }

        mutating func byte() throws -> UInt8 {
            guard offset < bytes.endIndex else { throw WasmNames.malformed }
            defer { offset += 1 }
            return bytes[offset]
        }

        /// An unsigned LEB128 number of 32 bits.
        mutating func number() throws -> Int {
            var value = 0
            for shift in stride(from: 0, to: 35, by: 7) {
                let byte = try byte()
                value |= Int(byte & 0x7f) << shift
                if byte & 0x80 == 0 { return value }
            }
            throw WasmNames.malformed
        }

        /// As many bytes as the number in front says.
        mutating func part() throws -> Reader {
            let count = try number()
            guard count <= bytes.endIndex - offset else { throw WasmNames.malformed }
            defer { offset += count }
            return Reader(bytes[offset..<offset + count])
        }

        mutating func text() throws -> String {
            let part = try part()
            return String(decoding: part.bytes, as: UTF8.self)
        }
    }
}
