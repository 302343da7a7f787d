import KeyValueDatabase
import PublicCryptography
import Wire

/// The tables of the database and the form of their keys.
enum Table {
    /// Store, key and inverted height to value: the versions of a key stand together, the newest first.
    static let values = 0
    /// Height, store and position to a page of a tree: a commit only appends.
    static let pages = 1
    /// Height from which on something is no longer needed, and what: what pruning works through, in order.
    static let stale = 2
    /// Store and path to the key whose hash the path is.
    static let preimages = 3
    /// Height to the roots of all stores.
    static let heights = 4
    static let metadata = 5
    static let blobs = 6

    static let names = ["values", "pages", "stale", "preimages", "heights", "metadata", "blobs"]
}

/// The key of all versions of one value. Zero bytes are escaped and two of them end the key, so that the order of these
/// is the order of the stores' keys, whatever bytes they have.
struct ValueKey {
    static let heightByteCount = 8

    /// Store and escaped key with its end.
    let bytes: [UInt8]

    init(store: String, key: [UInt8]) {
        bytes = ValueKey.start(store: store, prefix: key) + [0, 0]
    }

    /// Before all keys of the store that begin with `prefix`, and a prefix of them.
    static func start(store: String, prefix: [UInt8]) -> [UInt8] {
        var bytes = storePrefix(store)
        bytes.reserveCapacity(bytes.count + prefix.count + 10)
        for byte in prefix {
            bytes.append(byte)
            if byte == 0 { bytes.append(0xff) }
        }
        return bytes
    }

    /// Behind all versions of the key and before the next key.
    var end: [UInt8] { Array(bytes.dropLast()) + [1] }

    /// Where the newest version that is not after `height` stands, or would.
    func at(_ height: UInt64) -> [UInt8] { ValueKey.at(height, bytes) }

    static func at(_ height: UInt64, _ key: [UInt8]) -> [UInt8] { key + StateKey.number(~height) }

    static func storePrefix(_ store: String) -> [UInt8] { [UInt8(store.utf8.count)] + Array(store.utf8) }

    /// The store and its key, from a table's key without the height.
    static func split(_ bytes: some Collection<UInt8>) -> (store: String, key: [UInt8]) {
        let bytes = Array(bytes)
        let start = 1 + Int(bytes[0])
        return (String(decoding: bytes[1..<start], as: UTF8.self), unescape(bytes[start..<(bytes.count - 2)]))
    }

    private static func unescape(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        var key = [UInt8]()
        key.reserveCapacity(bytes.count)
        var isEscape = false
        for byte in bytes {
            if isEscape {
                isEscape = false
            } else {
                key.append(byte)
                isEscape = byte == 0
            }
        }
        return key
    }

    /// The first byte string behind all that begin with `prefix`; there is one, since the first byte is a length.
    static func successor(of prefix: [UInt8]) -> [UInt8] {
        var bytes = prefix
        while bytes.last == 0xff { bytes.removeLast() }
        bytes[bytes.count - 1] += 1
        return bytes
    }
}

enum PageKey {
    /// `path` leads to the page: its first `depth` nibbles count.
    static func bytes(store: String, height: UInt64, path: [UInt8], depth: Int) -> [UInt8] {
        var bytes = StateKey.number(height) + ValueKey.storePrefix(store)
        bytes.append(UInt8(depth))
        bytes += path[..<(depth / 2)]
        if depth & 1 == 1 { bytes.append(path[depth / 2] & 0xf0) }
        return bytes
    }
}

enum StaleKey {
    enum Kind: UInt8 {
        case page = 0
        case value = 1
        /// The mark of a removal goes after what it hides: between two steps of pruning nothing may come back.
        case removal = 2
    }

    static func bytes(from height: UInt64, _ kind: Kind, _ key: [UInt8]) -> [UInt8] {
        StateKey.number(height) + [kind.rawValue] + key
    }

    static func split(_ bytes: MappedBytes) -> (height: UInt64, kind: Kind, key: [UInt8])? {
        guard bytes.count > 9, let height = StateKey.number(decoding: bytes[..<8]), let kind = Kind(rawValue: bytes[8])
        else { return nil }
        return (height, kind, Array(bytes[9...]))
    }
}

enum PreimageKey {
    static func bytes(store: String, path: Hash32) -> [UInt8] { ValueKey.storePrefix(store) + path.bytes }
}
