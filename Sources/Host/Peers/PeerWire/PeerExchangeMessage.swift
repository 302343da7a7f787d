import Wire

/// How nodes hear of other nodes.
package enum PeerExchangeMessage: Hashable, Sendable {
    case request
    case addresses([PeerAddress])

    /// What is said at once (CometBFT: `maxGetSelection`).
    package static let addressCountMax = 250

    var isSound: Bool {
        guard case .addresses(let addresses) = self else { return true }
        return addresses.count <= PeerExchangeMessage.addressCountMax
    }
}

extension PeerExchangeMessage: CanonicalMessage {
    package init(fields reader: inout ProtobufReader) throws(ProtobufError) {
        guard let member = try reader.next(), try reader.next() == nil else { throw .notCanonical }
        var inner = ProtobufReader(try member.slice())
        switch member.number {
        case 1:
            guard try inner.next() == nil else { throw .notCanonical }
            self = .request
        case 2:
            var addresses: [PeerAddress] = []
            while let field = try inner.next() {
                guard field.number == 1, addresses.count < PeerExchangeMessage.addressCountMax else {
                    throw .tooMany(field: 1)
                }
                addresses.append(try Self.address(try field.slice()))
            }
            self = .addresses(addresses)
        default: throw .notCanonical
        }
    }

    private static func address(_ bytes: ArraySlice<UInt8>) throws(ProtobufError) -> PeerAddress {
        var (id, host, port) = ("", "", UInt32(0))
        var reader = ProtobufReader(bytes)
        while let field = try reader.next() {
            switch field.number {
            case 1: id = try field.string()
            case 2: host = try field.string()
            case 3: port = try field.uint32()
            default: throw .notCanonical
            }
        }
        guard PeerAddress.isID(id), id == id.lowercased(), host.utf8.count <= 45, !host.isEmpty,
            host.utf8.allSatisfy({
                (0x2e...0x3a).contains($0) || (0x61...0x66).contains($0) || (0x41...0x46).contains($0)
            }),
            let port = UInt16(exactly: port)
        else { throw .illegalValue(field: 1) }
        return PeerAddress(id: id, place: ListenAddress(host: host, port: port))
    }

    package func write(to writer: inout ProtobufWriter) {
        switch self {
        case .request: writer.message(1) { _ in }
        case .addresses(let addresses):
            writer.message(2) { writer in
                for address in addresses {
                    writer.message(1) {
                        $0.string(1, address.id)
                        $0.string(2, address.place.host)
                        $0.uint64(3, UInt64(address.place.port))
                    }
                }
            }
        }
    }
}
