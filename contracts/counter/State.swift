/// The counter's state by name. Absent means not instantiated yet, which only `instantiate` can see.
enum State {
    static var count: Int64 {
        get { Storage.read("count").flatMap { Int64(decimal: $0) } ?? 0 }
        set { Storage.write("count", Text(decimal: newValue).utf8) }
    }

    static var creator: Text {
        get { Text(Storage.read("creator") ?? []) }
        set { Storage.write("creator", newValue.utf8) }
    }

    /// "ok" or "error: ..." of the last message whose reply was asked for.
    static var lastReply: Text? {
        get { Storage.read("last_reply").map { Text($0) } }
        set { Storage.write("last_reply", newValue?.utf8 ?? []) }
    }

    static func note(of address: Text) -> Text? { Storage.read("note/" + address).map { Text($0) } }
    static func setNote(_ note: Text, of address: Text) { Storage.write("note/" + address, note.utf8) }

    static func viewingKey(of address: Text) -> Text? { Storage.read("key/" + address).map { Text($0) } }
    static func setViewingKey(_ key: Text, of address: Text) { Storage.write("key/" + address, key.utf8) }
}
