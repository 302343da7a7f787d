/// Values by key that can also be listed, page by page. Whatever it holds, finding, saving, inserting and removing
/// take a fixed number of reads and writes, and a page as many as it has elements.
///
///     private static let orders = Keymap<Text, Order>("orders", paddedTo: 128)
///     try orders.of(account).save(order, at: id)
///     let page = try orders.of(account).page(0, size: 20)
///
/// The order is that of insertion until something is removed: then the last element takes the place that became free.
///
/// What a host sees: entries are hashes of names, the same in each call.
/// - `find` and `contains` read one entry. A host learns that it is the one of an earlier call, and by its size that
///   it is there.
/// - `save` of a new key writes three entries, of a known one a single one: whether a key is new shows.
/// - `remove` reads four entries and writes five; if the element is the last one, three and four, so that shows, too.
///   A key that is not there is one read.
/// - A page reads the count, then for each element the place and the value, in order. It tells a host which entries
///   are elements, in which order they came, and how many there are. An iteration that ends early tells where.
///
/// A contract that must not show which element a call is about reads or writes all of them, or as many, on each way
/// (`voting` does).
struct Keymap<Key: BinaryCoded, Value: BinaryCoded>: Sendable {
    /// What is listed: a key with its value.
    struct Element {
        var key: Key
        var value: Value
    }

    private let path: StorePath
    private let multiple: Int
    private var order: KeyOrder<Key> { KeyOrder(path, .mapCount, .mapKey, multiple) }

    init(_ name: StaticString, paddedTo multiple: Int = 1) { self.init(StorePath(name), multiple) }
    private init(_ path: StorePath, _ multiple: Int) { (self.path, self.multiple) = (path, multiple) }

    /// Another map of the same name for each suffix, as one an account.
    func of(_ suffix: Text) -> Keymap { Keymap(path.of(suffix), multiple) }

    func count() throws(ContractError) -> UInt32 { try order.count() }
    func contains(_ key: Key) -> Bool { path.isThere(path.entry(.mapEntry, key)) }
    func find(_ key: Key) throws(ContractError) -> Value? { try stored(key)?.value }

    func load(_ key: Key) throws(ContractError) -> Value {
        guard let value = try find(key) else {
            throw ContractError(.absent, "nothing stored: " + Text(stringLiteral: path.name))
        }
        return value
    }

    /// Whether the key is new. Refused if there are 2^32 - 1 elements.
    @discardableResult
    func save(_ value: Value, at key: Key) throws(ContractError) -> Bool {
        if let old = try stored(key) {
            store(KeymapEntry(place: old.place, value: value), at: key)
            return false
        }
        store(KeymapEntry(place: try order.append(key), value: value), at: key)
        return true
    }

    /// What was there, if anything was.
    @discardableResult
    func remove(_ key: Key) throws(ContractError) -> Value? {
        guard let entry = try stored(key) else { return nil }
        if let moved = try order.remove(at: entry.place) {
            guard let other = try stored(moved) else { throw path.disorder }
            store(KeymapEntry(place: entry.place, value: other.value), at: moved)
        }
        Host.remove(path.entry(.mapEntry, key))
        return entry.value
    }

    /// Elements `page * size` and following, `size` of them or as many as there are; 256 at most.
    func page(_ page: UInt32, size: UInt32) throws(ContractError) -> [Element] {
        var elements: [Element] = []
        for key in try keys(page: page, size: size) {
            guard let entry = try stored(key) else { throw path.disorder }
            elements.append(Element(key: key, value: entry.value))
        }
        return elements
    }

    /// The keys of a page alone, with half the reads.
    func keys(page: UInt32, size: UInt32) throws(ContractError) -> [Key] { try order.keys(page: page, size: size) }

    private func stored(_ key: Key) throws(ContractError) -> KeymapEntry<Value>? {
        try path.read(KeymapEntry<Value>.self, path.entry(.mapEntry, key))
    }

    private func store(_ entry: KeymapEntry<Value>, at key: Key) {
        path.write(entry, to: path.entry(.mapEntry, key), multiple: multiple)
    }
}

/// A value with its place in the order, so that finding it is one read.
private struct KeymapEntry<Value: BinaryCoded>: BinaryCoded {
    var place: UInt32
    var value: Value

    init(place: UInt32, value: Value) { (self.place, self.value) = (place, value) }

    init(from reader: inout BinaryReader) throws(BinaryError) {
        place = try UInt32(from: &reader)
        value = try Value(from: &reader)
    }

    func write(to bytes: inout [UInt8]) {
        place.write(to: &bytes)
        value.write(to: &bytes)
    }
}

/// Keys that can be listed, page by page: a `Keymap` without values, which shows a host the same.
struct Keyset<Key: BinaryCoded>: Sendable {
    private let path: StorePath
    private let multiple: Int
    private var order: KeyOrder<Key> { KeyOrder(path, .setCount, .setKey, multiple) }

    init(_ name: StaticString, paddedTo multiple: Int = 1) { self.init(StorePath(name), multiple) }
    private init(_ path: StorePath, _ multiple: Int) { (self.path, self.multiple) = (path, multiple) }

    /// Another set of the same name for each suffix, as one an account.
    func of(_ suffix: Text) -> Keyset { Keyset(path.of(suffix), multiple) }

    func count() throws(ContractError) -> UInt32 { try order.count() }
    func contains(_ key: Key) -> Bool { path.isThere(path.entry(.setPlace, key)) }

    /// Whether the key is new. Refused if there are 2^32 - 1 keys.
    @discardableResult
    func insert(_ key: Key) throws(ContractError) -> Bool {
        guard !contains(key) else { return false }
        path.write(try order.append(key), to: path.entry(.setPlace, key), multiple: 1)
        return true
    }

    /// Whether it was there.
    @discardableResult
    func remove(_ key: Key) throws(ContractError) -> Bool {
        guard let place = try path.read(UInt32.self, path.entry(.setPlace, key)) else { return false }
        if let moved = try order.remove(at: place) {
            path.write(place, to: path.entry(.setPlace, moved), multiple: 1)
        }
        Host.remove(path.entry(.setPlace, key))
        return true
    }

    /// Keys `page * size` and following, `size` of them or as many as there are; 256 at most.
    func page(_ page: UInt32, size: UInt32) throws(ContractError) -> [Key] { try order.keys(page: page, size: size) }
}

/// The keys of a map or set by their places 0 to count - 1, without a gap.
private struct KeyOrder<Key: BinaryCoded> {
    private let path: StorePath
    private let counter: StorePath.Kind
    private let kind: StorePath.Kind
    private let multiple: Int

    init(_ path: StorePath, _ counter: StorePath.Kind, _ kind: StorePath.Kind, _ multiple: Int) {
        (self.path, self.counter, self.kind, self.multiple) = (path, counter, kind, multiple)
    }

    func count() throws(ContractError) -> UInt32 { try path.read(UInt32.self, path.entry(counter)) ?? 0 }

    func key(_ place: UInt32) throws(ContractError) -> Key {
        guard let key = try path.read(Key.self, path.entry(kind, place)) else { throw path.disorder }
        return key
    }

    /// Its place.
    func append(_ key: Key) throws(ContractError) -> UInt32 {
        let count = try count()
        guard count < UInt32.max else {
            throw ContractError(.overflow, Text(stringLiteral: path.name) + " is full")
        }
        path.write(key, to: path.entry(kind, count), multiple: multiple)
        save(count + 1)
        return count
    }

    /// The key that now has this place, if the one that left it was not the last.
    func remove(at place: UInt32) throws(ContractError) -> Key? {
        let count = try count()
        guard place < count else { throw path.disorder }
        let last = try key(count - 1)
        path.write(last, to: path.entry(kind, place), multiple: multiple)
        Host.remove(path.entry(kind, count - 1))
        save(count - 1)
        return place == count - 1 ? nil : last
    }

    func keys(page: UInt32, size: UInt32) throws(ContractError) -> [Key] {
        var keys: [Key] = []
        for place in StorePath.places(page: page, size: size, of: try count()) { keys.append(try key(place)) }
        return keys
    }

    private func save(_ count: UInt32) { path.write(count, to: path.entry(counter), multiple: 1) }
}
