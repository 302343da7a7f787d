/// The contract's own state: names and values are bytes, both encrypted before they leave the enclave. Writing in a
/// query ends the call.
enum Storage {
    static func read(_ key: Text) -> [UInt8]? { Host.read(key.utf8) }
    static func write(_ key: Text, _ value: [UInt8]) { Host.write(key.utf8, value) }
    static func remove(_ key: Text) { Host.remove(key.utf8) }

    fileprivate static func find<Value: JSONCoded>(_ key: Text) throws(ContractError) -> Value? {
        guard let bytes = read(key) else { return nil }
        return try Value(JSONReader.parse(bytes), key)
    }

    fileprivate static func save(_ value: some JSONCoded, _ key: Text, multiple: Int) {
        write(key, Padding.spaces(value.json.encoded, multiple: multiple))
    }
}

/// One value under one name.
///
/// `paddedTo` makes every stored value a multiple of that many bytes: what a host sees of a write is its size.
struct Item<Value: JSONCoded>: Sendable {
    private let name: StaticString
    private let multiple: Int

    init(_ name: StaticString, paddedTo multiple: Int = 1) {
        self.name = name
        self.multiple = multiple
    }

    func find() throws(ContractError) -> Value? { try Storage.find(Text(stringLiteral: name)) }

    var isThere: Bool { Storage.read(Text(stringLiteral: name)) != nil }

    func load() throws(ContractError) -> Value {
        guard let value = try find() else {
            throw ContractError(.absent, "nothing stored: " + Text(stringLiteral: name))
        }
        return value
    }

    func save(_ value: Value) { Storage.save(value, Text(stringLiteral: name), multiple: multiple) }
    func remove() { Storage.remove(Text(stringLiteral: name)) }
}

/// Values by key, under `name/key`. It cannot be listed: keep an `AppendList` of keys where that is needed.
struct Map<Value: JSONCoded>: Sendable {
    private let name: StaticString
    private let multiple: Int

    init(_ name: StaticString, paddedTo multiple: Int = 1) {
        self.name = name
        self.multiple = multiple
    }

    func find(_ key: Text) throws(ContractError) -> Value? { try Storage.find(path(key)) }
    func contains(_ key: Text) -> Bool { Storage.read(path(key)) != nil }
    func save(_ value: Value, at key: Text) { Storage.save(value, path(key), multiple: multiple) }
    func remove(_ key: Text) { Storage.remove(path(key)) }

    private func path(_ key: Text) -> Text { Text(stringLiteral: name) + "/" + key }
}

/// A list that grows at its end: appending and reading one element cost the same at any length. `of` separates lists of
/// one name, as one list per account.
struct AppendList<Value: JSONCoded>: Sendable {
    private let name: StaticString
    private let multiple: Int

    init(_ name: StaticString, paddedTo multiple: Int = 1) {
        self.name = name
        self.multiple = multiple
    }

    func count(of owner: Text = "") throws(ContractError) -> UInt32 { try Storage.find(countPath(owner)) ?? 0 }

    func append(_ value: Value, of owner: Text = "") throws(ContractError) {
        let count = try count(of: owner)
        guard count < UInt32.max else { throw ContractError(.overflow, "the list is full") }
        Storage.save(value, path(owner, count), multiple: multiple)
        saveCount(count + 1, of: owner)
    }

    func replace(_ index: UInt32, with value: Value, of owner: Text = "") throws(ContractError) {
        guard index < (try count(of: owner)) else { throw ContractError(.absent, "no such element") }
        Storage.save(value, path(owner, index), multiple: multiple)
    }

    /// `nil` from an empty list.
    func removeLast(of owner: Text = "") throws(ContractError) -> Value? {
        let count = try count(of: owner)
        guard count > 0 else { return nil }
        let value = try element(count - 1, of: owner)
        Storage.remove(path(owner, count - 1))
        saveCount(count - 1, of: owner)
        return value
    }

    /// All counts have one size, so that a write does not tell when a tenth element comes.
    private func saveCount(_ count: UInt32, of owner: Text) {
        Storage.save(count, countPath(owner), multiple: 10)
    }

    func element(_ index: UInt32, of owner: Text = "") throws(ContractError) -> Value {
        guard let value: Value = try Storage.find(path(owner, index)) else {
            throw ContractError(.absent, "no such element")
        }
        return value
    }

    func elements(of owner: Text = "") throws(ContractError) -> [Value] {
        var elements: [Value] = []
        for index in 0..<(try count(of: owner)) { elements.append(try element(index, of: owner)) }
        return elements
    }

    /// The newest first; page 0 holds the newest `size`.
    func newest(page: UInt32, size: UInt32, of owner: Text = "") throws(ContractError) -> [Value] {
        let count = UInt64(try count(of: owner))
        var elements: [Value] = []
        var index = UInt64(page) * UInt64(size)
        while index < count, elements.count < Int(size) {
            elements.append(try element(UInt32(count - 1 - index), of: owner))
            index += 1
        }
        return elements
    }

    private func countPath(_ owner: Text) -> Text { Text(stringLiteral: name) + "/" + owner + "#" }
    private func path(_ owner: Text, _ index: UInt32) -> Text { countPath(owner) + Text(decimal: index) }
}
