import Wire

/// What is wrong with what a node says of itself.
package enum NodeInfoFault: Error, Equatable, Sendable {
    case undecodable
    case id
    case listenAddress
    case blockVersion
    case network
    case channels
    case noCommonChannel
    case text
}

/// What a node says of itself when a connection begins (CometBFT: `DefaultNodeInfo`).
package struct NodeInfo: Hashable, Sendable {
    package static let byteCountMax = 10_240
    private static let channelCountMax = 16
    package static let blockVersion: UInt64 = 11

    package var peerVersion: UInt64 = 8
    package var blockVersion: UInt64 = NodeInfo.blockVersion
    package var appVersion: UInt64
    package var id: String
    package var listenAddress: String
    package var network: String
    /// Of the program; shown to people, and compared with nothing.
    package var version: String
    package var channels: [UInt8]
    package var moniker: String
    package var indexesTransactions = "off"
    package var rpcAddress = ""

    package init(
        id: String, listenAddress: String, network: String, version: String, channels: [PeerChannel], moniker: String,
        appVersion: UInt64
    ) {
        (self.id, self.listenAddress, self.network) = (id, listenAddress, network)
        (self.version, self.moniker, self.appVersion) = (version, moniker, appVersion)
        self.channels = channels.map(\.rawValue)
    }

    /// Fields that are not known here are left to those who know them.
    package init(protobuf bytes: [UInt8]) throws(NodeInfoFault) {
        self.init(id: "", listenAddress: "", network: "", version: "", channels: [], moniker: "", appVersion: 0)
        (peerVersion, blockVersion, indexesTransactions) = (0, 0, "")
        do throws(ProtobufError) {
            var reader = ProtobufReader(bytes)
            while let field = try reader.next() {
                switch field.number {
                case 1:
                    var inner = ProtobufReader(try field.slice())
                    while let version = try inner.next() {
                        switch version.number {
                        case 1: peerVersion = try version.uint64()
                        case 2: blockVersion = try version.uint64()
                        case 3: appVersion = try version.uint64()
                        default: break
                        }
                    }
                case 2: id = try field.string()
                case 3: listenAddress = try field.string()
                case 4: network = try field.string()
                case 5: version = try field.string()
                case 6: channels = try field.bytes()
                case 7: moniker = try field.string()
                case 8:
                    var inner = ProtobufReader(try field.slice())
                    while let other = try inner.next() {
                        switch other.number {
                        case 1: indexesTransactions = try other.string()
                        case 2: rpcAddress = try other.string()
                        default: break
                        }
                    }
                default: break
                }
            }
        } catch {
            throw .undecodable
        }
    }

    package var protobuf: [UInt8] {
        ProtobufWriter.encode { writer in
            writer.message(1) {
                $0.uint64(1, peerVersion)
                $0.uint64(2, blockVersion)
                $0.uint64(3, appVersion)
            }
            writer.string(2, id)
            writer.string(3, listenAddress)
            writer.string(4, network)
            writer.string(5, version)
            writer.bytes(6, channels)
            writer.string(7, moniker)
            writer.message(8) {
                $0.string(1, indexesTransactions)
                $0.string(2, rpcAddress)
            }
        }
    }

    /// Whether a node that says this of itself, and has shown the key with the address `keyID`, is one to talk to.
    func check(keyID: String, by own: NodeInfo) throws(NodeInfoFault) {
        guard id == keyID else { throw .id }
        guard ListenAddress(listenAddress) != nil else { throw .listenAddress }
        for text in [moniker, version, rpcAddress] { guard NodeInfo.isPrintable(text) else { throw .text } }
        guard !moniker.isEmpty, moniker.utf8.contains(where: { $0 != 0x20 }) else { throw .text }
        guard ["", "on", "off"].contains(indexesTransactions) else { throw .text }
        guard channels.count <= NodeInfo.channelCountMax, Set(channels).count == channels.count else {
            throw .channels
        }
        guard blockVersion == own.blockVersion else { throw .blockVersion }
        guard network == own.network else { throw .network }
        guard channels.contains(where: own.channels.contains) else { throw .noCommonChannel }
    }

    private static func isPrintable(_ text: String) -> Bool { text.utf8.allSatisfy { (0x20...0x7e).contains($0) } }
}

/// Where a node listens: `tcp://host:port`, or without the scheme.
package struct ListenAddress: Hashable, Sendable, CustomStringConvertible {
    package var host: String
    package var port: UInt16

    package init(host: String, port: UInt16) { (self.host, self.port) = (host, port) }

    package init?(_ text: String) {
        var rest = Substring(text)
        if let scheme = text.range(ofFirst: "://") { rest = text[scheme.upperBound...] }
        guard let colon = rest.lastIndex(of: ":"), let port = UInt16(rest[rest.index(after: colon)...]) else {
            return nil
        }
        var host = String(rest[..<colon])
        if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
        guard !host.isEmpty, host.utf8.count <= 255, host.utf8.allSatisfy({ (0x21...0x7e).contains($0) && $0 != 0x40 })
        else { return nil }
        (self.host, self.port) = (host, port)
    }

    package var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}

/// A node's place with the address of its key: `id@host:port`, as operators write it.
package struct PeerAddress: Hashable, Sendable, CustomStringConvertible {
    package static let idCharacterCount = 40

    package var id: String
    package var place: ListenAddress

    package init(id: String, place: ListenAddress) { (self.id, self.place) = (id, place) }

    package init?(_ text: String) {
        guard let at = text.firstIndex(of: "@"), let place = ListenAddress(String(text[text.index(after: at)...])),
            PeerAddress.isID(text[..<at])
        else { return nil }
        (id, self.place) = (text[..<at].lowercased(), place)
    }

    package static func isID(_ text: some StringProtocol) -> Bool {
        text.utf8.count == idCharacterCount
            && text.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x41...0x46).contains(byte) || (0x61...0x66).contains(byte)
            }
    }

    package var description: String { "\(id)@\(place)" }
}

extension String {
    /// Where `text` begins and ends, the first time.
    fileprivate func range(ofFirst text: String) -> Range<Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(text) { return start..<index(start, offsetBy: text.count) }
            start = index(after: start)
        }
        return nil
    }
}
