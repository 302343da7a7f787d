import SignedTransactions
import Wire

/// A record of another module's by the numbers of its fields, for a reader that keeps none of it. A field that is not
/// there is zero, or empty.
struct StoredMessage {
    let bytes: ArraySlice<UInt8>
    private let fields: [ProtobufReader.Field]

    init(_ bytes: ArraySlice<UInt8>) throws(AnswerFault) {
        var (reader, fields) = (ProtobufReader(bytes), [ProtobufReader.Field]())
        do throws(ProtobufError) {
            while let field = try reader.next() { fields.append(field) }
        } catch {
            throw .malformedRecord
        }
        (self.bytes, self.fields) = (bytes, fields)
    }

    private func last<Value>(
        _ number: UInt32, or none: Value, _ read: (ProtobufReader.Field) throws(ProtobufError) -> Value
    ) throws(AnswerFault) -> Value {
        guard let field = fields.last(where: { $0.number == number }) else { return none }
        do throws(ProtobufError) { return try read(field) } catch { throw .malformedRecord }
    }

    func number(_ number: UInt32) throws(AnswerFault) -> UInt64 {
        try last(number, or: 0) { (field) throws(ProtobufError) in try field.uint64() }
    }

    func text(_ number: UInt32) throws(AnswerFault) -> String {
        try last(number, or: "") { (field) throws(ProtobufError) in try field.string() }
    }

    /// A whole number, or one with 18 decimals times 10^18.
    func amount(_ number: UInt32) throws(AnswerFault) -> UInt128 {
        let text = try text(number)
        if text.isEmpty { return 0 }
        guard let amount = Coin.amount(Array(text.utf8)) else { throw .tooLarge }
        return amount
    }

    func message(_ number: UInt32) throws(AnswerFault) -> StoredMessage {
        try StoredMessage(last(number, or: []) { (field) throws(ProtobufError) in try field.slice() })
    }

    func all(_ number: UInt32) throws(AnswerFault) -> [StoredMessage] {
        var messages = [StoredMessage]()
        for field in fields where field.number == number {
            guard case .bytes(let bytes) = field.value else { throw .malformedRecord }
            messages.append(try StoredMessage(bytes))
        }
        return messages
    }

    /// Coins, or parts of them times 10^18.
    func coins(_ number: UInt32) throws(AnswerFault) -> [Coin] {
        try all(number).map { (coin) throws(AnswerFault) in Coin(try coin.amount(2), try coin.text(1)) }
    }
}
