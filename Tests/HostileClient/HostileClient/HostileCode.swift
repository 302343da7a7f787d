import PublicCryptography

/// Packs bytes as gzip does (RFC 1951, 1952), finding runs of one byte alone: enough for bombs.
package enum RunPacker {
    package static func gzip(_ bytes: [UInt8]) -> [UInt8] {
        var writer = BitWriter()
        writer.write(1, 1)
        writer.write(1, 2)
        bytes.withUnsafeBufferPointer { bytes in
            var index = 0
            while index < bytes.count {
                let byte = bytes[index]
                writer.literal(byte)
                index += 1
                var end = index
                while end < bytes.count, bytes[end] == byte { end += 1 }
                for _ in 0..<(end - index) / 258 {
                    // A match of 258 bytes, one byte back.
                    writer.code(0xc5, 8)
                    writer.code(0, 5)
                    index += 258
                }
            }
        }
        writer.code(0, 7)
        let header: [UInt8] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff]
        return header + writer.finished + little(checksum(bytes)) + little(UInt32(truncatingIfNeeded: bytes.count))
    }

    private static func little(_ value: UInt32) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }

    private static let table: [UInt32] = (0..<256).map { byte in
        (0..<8).reduce(UInt32(byte)) { value, _ in value & 1 == 1 ? value >> 1 ^ 0xedb8_8320 : value >> 1 }
    }

    private static func checksum(_ bytes: [UInt8]) -> UInt32 {
        var value = ~0 as UInt32
        table.withUnsafeBufferPointer { table in
            bytes.withUnsafeBufferPointer { bytes in
                for byte in bytes { value = table[Int((value ^ UInt32(byte)) & 255)] ^ value >> 8 }
            }
        }
        return ~value
    }

    private struct BitWriter {
        private var bytes: [UInt8] = []
        private var pending: UInt32 = 0
        private var count: UInt32 = 0

        /// The low bits of `value`, the lowest first.
        mutating func write(_ value: UInt32, _ bits: UInt32) {
            pending |= value << count
            count += bits
            while count >= 8 {
                bytes.append(UInt8(truncatingIfNeeded: pending))
                pending >>= 8
                count -= 8
            }
        }

        /// A code of the fixed table, its highest bit first.
        mutating func code(_ value: UInt32, _ bits: UInt32) {
            for bit in (0..<bits).reversed() { write(value >> bit & 1, 1) }
        }

        mutating func literal(_ byte: UInt8) {
            if byte < 144 { code(0x30 + UInt32(byte), 8) } else { code(0x190 + UInt32(byte) - 144, 9) }
        }

        var finished: [UInt8] { count == 0 ? bytes : bytes + [UInt8(truncatingIfNeeded: pending)] }
    }
}

/// Code to be stored.
enum HostileCode {
    private static func number(_ value: Int) -> [UInt8] {
        value < 128 ? [UInt8(value)] : [UInt8(value & 127) | 128] + number(value >> 7)
    }

    private static func section(_ id: UInt8, _ content: [UInt8]) -> [UInt8] { [id] + number(content.count) + content }

    private static func name(_ text: String) -> [UInt8] { number(text.utf8.count) + Array(text.utf8) }

    /// The smallest module that looks like a contract, with one import of this name and one more export of that.
    static func module(importing imported: String, from module: String = "env", exporting exported: String? = nil)
        -> [UInt8]
    {
        let names =
            ["allocate", "deallocate", "instantiate", "execute", "query", "interface_version_8"]
            + (exported.map { [$0] } ?? [])
        var exports = number(names.count)
        for export in names { exports += name(export) + [0, 0] }
        let header: [UInt8] = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]
        let imports: [UInt8] = [1] + name(module) + name(imported) + [0, 0]
        return header + section(1, [1, 0x60, 0, 0]) + section(2, imports) + section(5, [1, 0, 1]) + section(7, exports)
    }

    private static let bomb = RunPacker.gzip([UInt8](repeating: 0, count: 5 << 20))
    private static let longImports = ["n", "\u{e9}"].map { letter in
        RunPacker.gzip(HostileCode.module(importing: String(repeating: letter, count: 2_097_010 / letter.utf8.count)))
    }

    static func draw(_ dice: inout Dice, _ modules: [[UInt8]]) -> (name: String, code: [UInt8]) {
        let module = modules.isEmpty ? HostileCode.module(importing: "db_read") : dice.pick(modules)
        switch dice.below(14) {
        case 0: return ("a module", module)
        case 1: return ("a packed module", RunPacker.gzip(module))
        case 2: return ("a long import, packed", dice.pick(HostileCode.longImports))
        case 3:
            let text = dice.text(dice.size(1 << 20))
            return ("a long module name, packed", RunPacker.gzip(HostileCode.module(importing: "x", from: text)))
        case 4:
            let text = dice.pick(["cloister.", "requires_", "allocate"]) + dice.text(dice.size(1 << 20))
            return ("a long export", HostileCode.module(importing: "db_read", exporting: text))
        case 5: return ("a bomb", HostileCode.bomb)
        case 6: return ("a packed cut", Array(RunPacker.gzip(module).prefix(dice.size(module.count))))
        case 7: return ("a packed tail", RunPacker.gzip(module) + dice.bytes(dice.size(4_096)))
        case 8: return ("noise", dice.bytes(dice.size(2 << 20)))
        case 9: return ("packed noise", [0x1f, 0x8b, 8, 0] + dice.bytes(dice.size(65_536)))
        case 10:
            return ("too much code", module + [UInt8](repeating: 0, count: (2 << 20) + 1 - min(module.count, 2 << 20)))
        case 11: return ("a header and noise", [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0] + dice.bytes(dice.size(65_536)))
        case 12: return ("a cut module", Array(module.prefix(dice.size(module.count))))
        default:
            var changed = module
            for _ in 0...dice.below(6) { changed[8 + dice.below(changed.count - 8)] = UInt8(dice.below(256)) }
            return ("a changed module", dice.chance(50) ? changed : RunPacker.gzip(changed))
        }
    }
}
