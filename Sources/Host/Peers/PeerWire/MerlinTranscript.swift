import PublicCryptography

/// Merlin v1.0 over STROBE-128: what was said in a handshake, as one state that challenges are drawn from.
///
/// Only what SecretConnection uses of it: the operations AD, meta-AD and PRF, never in pieces of a caller's choice.
package struct MerlinTranscript {
    /// Bytes of the state that are absorbed into; the rest of 200, less two of STROBE's own, is the security margin.
    private static let rate = 166

    private struct Flags {
        static let inbound: UInt8 = 1
        static let application: UInt8 = 2
        static let cipher: UInt8 = 4
        static let meta: UInt8 = 16
        static let keyed: UInt8 = 32
    }

    private var lanes = [UInt64](repeating: 0, count: 25)
    private var position = 0
    private var operationStart: UInt8 = 0

    package init(protocolLabel: String) {
        let start: [UInt8] = [1, UInt8(MerlinTranscript.rate + 2), 1, 0, 1, 96] + Array("STROBEv1.0.2".utf8)
        for (index, byte) in start.enumerated() { mix(byte, at: index) }
        Keccak256.permute(&lanes)
        describe(Array("Merlin v1.0".utf8))
        append("dom-sep", Array(protocolLabel.utf8))
    }

    package mutating func append(_ label: String, _ message: [UInt8]) {
        describe(Array(label.utf8))
        absorb(MerlinTranscript.length(message.count))
        begin(Flags.application)
        absorb(message)
    }

    package mutating func challenge(_ label: String, byteCount: Int) -> [UInt8] {
        describe(Array(label.utf8))
        absorb(MerlinTranscript.length(byteCount))
        begin(Flags.inbound | Flags.application | Flags.cipher)
        return (0..<byteCount).map { _ in
            let byte = self[position]
            mix(byte, at: position)
            advance()
            return byte
        }
    }

    private mutating func describe(_ label: [UInt8]) {
        begin(Flags.meta | Flags.application)
        absorb(label)
    }

    private mutating func begin(_ flags: UInt8) {
        let previous = operationStart
        operationStart = UInt8(position + 1)
        absorb([previous, flags])
        if flags & (Flags.cipher | Flags.keyed) != 0, position != 0 { permute() }
    }

    private mutating func absorb(_ bytes: [UInt8]) {
        for byte in bytes {
            mix(byte, at: position)
            advance()
        }
    }

    private mutating func advance() {
        position += 1
        if position == MerlinTranscript.rate { permute() }
    }

    private mutating func permute() {
        mix(operationStart, at: position)
        mix(0x04, at: position + 1)
        mix(0x80, at: MerlinTranscript.rate + 1)
        Keccak256.permute(&lanes)
        (position, operationStart) = (0, 0)
    }

    private subscript(index: Int) -> UInt8 {
        UInt8(truncatingIfNeeded: lanes[index / 8] >> UInt64(8 * (index % 8)))
    }

    private mutating func mix(_ byte: UInt8, at index: Int) {
        lanes[index / 8] ^= UInt64(byte) << UInt64(8 * (index % 8))
    }

    private static func length(_ count: Int) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: count >> (8 * $0)) }
    }
}
