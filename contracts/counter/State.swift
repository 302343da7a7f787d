/// The counter's state. Notes are padded: their length would tell much about short ones.
enum State {
    static let count = Item<Int64>("count")
    static let creator = Item<Text>("creator")
    /// "ok" or "error: ..." of the last message whose reply was asked for.
    static let lastReply = Item<Text>("last_reply")
    static let notes = Map<Text>("note", paddedTo: 256)
}
