/// Names of entries in the state for `Cell`, `Lookup`, `Keymap`, `Keyset` and `Deque`.
///
/// A name is a byte 0, the structure's name with its length, each suffix with its length, what kind of entry it is,
/// and the key. So it can be read back in one way only, and no two entries share one: not of structures of different
/// names or suffixes, not of two kinds of one name, whatever bytes keys and suffixes are made of. `Item`, `Map` and
/// `AppendList` have names of text, which no byte 0 begins.
struct StorePath: Sendable {
    /// What an entry is. A number keeps its meaning: contracts have it in their state.
    enum Kind: UInt8 {
        // 0 announces a suffix.
        case cell = 1
        case row = 2
        case mapEntry = 3
        case mapKey = 4
        case mapCount = 5
        case setPlace = 6
        case setKey = 7
        case setCount = 8
        case dequeEnds = 9
        case dequeElement = 10
    }

    /// More than this a page never has, whoever chose its size.
    static let pageSizeMax: UInt32 = 256

    let name: StaticString
    private let suffixes: [UInt8]

    /// From 1 to 255 bytes; no two structures of one kind in a contract have the same (`tools/generate.py` sees to
    /// it).
    init(_ name: StaticString) { self.init(name, []) }

    private init(_ name: StaticString, _ suffixes: [UInt8]) { (self.name, self.suffixes) = (name, suffixes) }

    func of(_ suffix: Text) -> StorePath { StorePath(name, suffixes + [0] + suffix.binary) }

    func entry(_ kind: Kind) -> [UInt8] {
        precondition((1...255).contains(name.utf8CodeUnitCount))
        return [0, UInt8(name.utf8CodeUnitCount)] + Text(stringLiteral: name).utf8 + suffixes + [kind.rawValue]
    }

    func entry(_ kind: Kind, _ key: some BinaryCoded) -> [UInt8] {
        var entry = entry(kind)
        key.write(to: &entry)
        return entry
    }

    // MARK: - Values

    /// The type is said, since an optional one would be read in another form.
    func read<Value: BinaryCoded>(_ type: Value.Type, _ entry: [UInt8]) throws(ContractError) -> Value? {
        guard let bytes = Host.read(entry) else { return nil }
        do throws(BinaryError) {
            return try BinaryReader.decode(type, bytes)
        } catch {
            throw ContractError(.malformed, "what is stored of " + Text(stringLiteral: name) + " " + error.text)
        }
    }

    /// Zeros behind a form change nothing for its reader, and hide its length up to a multiple.
    func write(_ value: some BinaryCoded, to entry: [UInt8], multiple: Int) {
        var bytes = value.binary
        let excess = bytes.count % multiple
        if excess > 0 { bytes += [UInt8](repeating: 0, count: multiple - excess) }
        Host.write(entry, bytes)
    }

    func isThere(_ entry: [UInt8]) -> Bool { Host.read(entry) != nil }

    /// Only if another program wrote there: entries that belong together are written in one call.
    var disorder: ContractError {
        ContractError(.malformed, "what is stored of " + Text(stringLiteral: name) + " does not fit together")
    }

    /// The places of a page among `count`; none if it begins behind the end.
    static func places(page: UInt32, size: UInt32, of count: UInt32) -> Range<UInt32> {
        let size = min(size, pageSizeMax)
        let start = min(UInt64(page) * UInt64(size), UInt64(count))
        return UInt32(start)..<UInt32(min(start + UInt64(size), UInt64(count)))
    }
}

/// One value under one name, in its binary form; `Item` is the same in JSON.
///
/// `paddedTo` makes every stored value a multiple of that many bytes, here and in the structures below: what a host
/// sees of a write is its size, and which entry it is, as a hash of its name that is the same each time.
struct Cell<Value: BinaryCoded>: Sendable {
    private let path: StorePath
    private let multiple: Int

    init(_ name: StaticString, paddedTo multiple: Int = 1) { self.init(StorePath(name), multiple) }
    private init(_ path: StorePath, _ multiple: Int) { (self.path, self.multiple) = (path, multiple) }

    /// Another cell of the same name for each suffix, as one an account.
    func of(_ suffix: Text) -> Cell { Cell(path.of(suffix), multiple) }

    var isThere: Bool { path.isThere(path.entry(.cell)) }
    func find() throws(ContractError) -> Value? { try path.read(Value.self, path.entry(.cell)) }

    func load() throws(ContractError) -> Value {
        guard let value = try find() else {
            throw ContractError(.absent, "nothing stored: " + Text(stringLiteral: path.name))
        }
        return value
    }

    func save(_ value: Value) { path.write(value, to: path.entry(.cell), multiple: multiple) }
    func remove() { Host.remove(path.entry(.cell)) }
}

/// Values by key that cannot be listed: each read and write is of one entry alone. `Map` is the same in JSON, with
/// texts as keys.
///
/// A host sees which entry a call touches and can tell when it is the same as in another call, but not its key. The
/// length of a key adds to the size of what is stored.
struct Lookup<Key: BinaryCoded, Value: BinaryCoded>: Sendable {
    private let path: StorePath
    private let multiple: Int

    init(_ name: StaticString, paddedTo multiple: Int = 1) { self.init(StorePath(name), multiple) }
    private init(_ path: StorePath, _ multiple: Int) { (self.path, self.multiple) = (path, multiple) }

    func of(_ suffix: Text) -> Lookup { Lookup(path.of(suffix), multiple) }

    func contains(_ key: Key) -> Bool { path.isThere(path.entry(.row, key)) }
    func find(_ key: Key) throws(ContractError) -> Value? { try path.read(Value.self, path.entry(.row, key)) }
    func save(_ value: Value, at key: Key) { path.write(value, to: path.entry(.row, key), multiple: multiple) }
    func remove(_ key: Key) { Host.remove(path.entry(.row, key)) }
}
