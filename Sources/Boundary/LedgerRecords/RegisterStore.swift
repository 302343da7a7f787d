import PublicCryptography
import Wire

/// The store `register`: the network's public exchange keys, and later its registered nodes.
package enum RegisterStore {
    /// The public key to which clients encrypt.
    package static let ioExchangeKey: [UInt8] = [2] + Array("IoExchMasterKey".utf8)
    package static let nodeExchangeKey: [UInt8] = [2] + Array("NodeExchMasterKey".utf8)
    package static let nodePrefix: [UInt8] = [1]

    package static func nodeKey(publicKey: [UInt8]) -> [UInt8] { nodePrefix + publicKey }

    /// `MasterKey{bytes=1}`.
    package static func encodeMasterKey(_ key: Hash32) -> [UInt8] {
        ProtobufWriter.encode { $0.bytes(1, key.bytes) }
    }

    package static func masterKey(decoding value: [UInt8]) -> Hash32? {
        var reader = ProtobufReader(value)
        guard let field = try? reader.next(), field.number == 1, let bytes = try? field.slice(),
            (try? reader.next()) == .some(nil)
        else { return nil }
        return Hash32(bytes)
    }
}
