import ExactNumbers
import SignedTransactions
import Wire

/// The fields of one message in the order in which they come.
package struct MessageFields {
    /// More elements of repeated fields are in no message that a client could mean: a list that a query answers has a
    /// thousand at most. It bounds what a few bytes can make a reader allocate.
    package static let elementsMax = 16_384

    /// An engine hands over whole blocks, which it has read itself.
    package static let engineElementsMax = 1 << 20

    package let policy: FieldPolicy
    private var reader: ProtobufReader
    private let singular: [UInt32]
    private var seen: UInt64 = 0
    private var seenBeyond: [UInt32] = []
    private var elementCount = 0

    /// `singular` are the fields that may come once.
    package init(_ bytes: ArraySlice<UInt8>, _ policy: FieldPolicy, singular: [UInt32]) {
        self.policy = policy
        self.singular = singular
        reader = ProtobufReader(bytes)
    }

    package mutating func next() throws(MessageError) -> MessageField? {
        let wire: ProtobufReader.Field?
        do throws(ProtobufError) { wire = try reader.next() } catch { throw .malformed(error) }
        guard let wire else { return nil }
        if singular.contains(wire.number) {
            try noteOnce(wire.number)
        } else {
            elementCount += 1
            guard elementCount <= policy.elementsMax else { throw .tooManyElements }
        }
        return MessageField(wire: wire, policy: policy)
    }

    private mutating func noteOnce(_ number: UInt32) throws(MessageError) {
        if number < 64 {
            guard seen & 1 << UInt64(number) == 0 else { throw .duplicateField(number) }
            seen |= 1 << UInt64(number)
        } else {
            guard !seenBeyond.contains(number) else { throw .duplicateField(number) }
            seenBeyond.append(number)
        }
    }

    /// To be called for every field number that the message does not define.
    package func unknown(_ field: MessageField) throws(MessageError) {
        switch policy {
        case .request, .engine: return
        case .signed: guard field.number & 1 << 10 != 0 else { throw .unknownField(field.number) }
        }
    }
}

package struct MessageField {
    let wire: ProtobufReader.Field
    let policy: FieldPolicy

    package var number: UInt32 { wire.number }

    package func uint64() throws(MessageError) -> UInt64 {
        do throws(ProtobufError) { return try wire.uint64() } catch { throw .malformed(error) }
    }

    package func int64() throws(MessageError) -> Int64 {
        Int64(bitPattern: try uint64())
    }

    package func uint32() throws(MessageError) -> UInt32 {
        do throws(ProtobufError) { return try wire.uint32() } catch { throw .malformed(error) }
    }

    package func int32() throws(MessageError) -> Int32 {
        do throws(ProtobufError) { return try wire.int32() } catch { throw .malformed(error) }
    }

    package func bool() throws(MessageError) -> Bool {
        try uint64() != 0
    }

    package func enumeration<Value: RawRepresentable<Int32>>() throws(MessageError) -> Value {
        guard let value = Value(rawValue: try int32()) else { throw .malformed(.illegalValue(field: number)) }
        return value
    }

    /// Elements of a list of numbers, packed into one field or one to a field.
    package func addNumbers<Number: UnsignedInteger & FixedWidthInteger>(
        to list: inout [Number]
    ) throws(MessageError) {
        guard case .bytes(let packed) = wire.value else {
            guard let value = Number(exactly: try uint64()) else { throw .malformed(.illegalValue(field: number)) }
            list.append(value)
            return
        }
        var rest = packed
        while !rest.isEmpty {
            guard let value = rest.takeVarint(), let value = Number(exactly: value) else {
                throw .malformed(.illegalValue(field: number))
            }
            guard list.count < policy.elementsMax else { throw .tooManyElements }
            list.append(value)
        }
    }

    package func slice() throws(MessageError) -> ArraySlice<UInt8> {
        do throws(ProtobufError) { return try wire.slice() } catch { throw .malformed(error) }
    }

    package func bytes() throws(MessageError) -> [UInt8] {
        Array(try slice())
    }

    package func string() throws(MessageError) -> String {
        do throws(ProtobufError) { return try wire.string() } catch { throw .malformed(error) }
    }

    package func message<Message: ChainMessage>() throws(MessageError) -> Message {
        try Message(decoding: try slice(), policy)
    }

    /// The 20 bytes of an account's address.
    package func addressBytes() throws(MessageError) -> AccountAddress {
        let bytes = try slice()
        guard !bytes.isEmpty else { throw .emptyAddress(field: number) }
        guard let address = AccountAddress(bytes) else { throw .malformed(.illegalValue(field: number)) }
        return address
    }

    /// An address in Bech32. What is signed must be in the form that we would write, so that text and address determine
    /// each other; who asks may use capitals, which Bech32 allows.
    package func address<Address: TextAddress>() throws(MessageError) -> Address {
        let text = try string()
        guard !text.isEmpty else { throw .emptyAddress(field: number) }
        guard let address = Address(bech32: text), policy == .request || address.description == text else {
            throw .invalidAddress(text)
        }
        return address
    }

    /// `nil` for an empty text.
    package func addressOrNone<Address: TextAddress>() throws(MessageError) -> Address? {
        try slice().isEmpty ? nil : try address()
    }

    /// A whole number as decimal text.
    package func integer() throws(MessageError) -> UInt128 {
        guard let value = Coin.amount(try slice()) else { throw .invalidNumber(field: number) }
        return value
    }

    package func decimal() throws(MessageError) -> Decimal18 {
        guard let value = Decimal18(scaledText: try slice()) else { throw .invalidNumber(field: number) }
        return value
    }
}

/// The value of a field that must be there.
package func required<Value>(_ value: Value?, _ number: UInt32) throws(MessageError) -> Value {
    guard let value else { throw .missing(field: number) }
    return value
}

package func presentOrAbsent<Value: ChainMessage>(
    _ value: Value?, _ policy: FieldPolicy
) throws(MessageError) -> Value {
    if let value { value } else { try .absent(policy) }
}

/// The same of an address: absent and empty are one.
package func required<Value: TextAddress>(_ value: Value?, _ number: UInt32) throws(MessageError) -> Value {
    guard let value else { throw .emptyAddress(field: number) }
    return value
}

extension FieldPolicy {
    /// How many elements the lists of one message may have.
    var elementsMax: Int { self == .engine ? MessageFields.engineElementsMax : MessageFields.elementsMax }
}

extension ProtobufWriter {
    /// Written even when it is empty.
    package mutating func embed(_ number: UInt32, _ message: some ChainMessage) {
        self.message(number, message.encoded)
    }

    /// The elements of a repeated field are written even when they are empty.
    package mutating func embed(_ number: UInt32, _ messages: [some ChainMessage]) {
        for message in messages { embed(number, message) }
    }

    /// Packed, as proto3 writes numbers.
    package mutating func numbers(_ number: UInt32, _ numbers: [some UnsignedInteger]) {
        var packed = ProtobufWriter()
        for element in numbers { packed.varint(UInt64(element)) }
        bytes(number, packed.bytes)
    }

    package mutating func strings(_ number: UInt32, _ texts: [String]) {
        for text in texts { message(number, Array(text.utf8)) }
    }
}

/// Of fields of which one may be set, `areSet` tells which are.
package func requireAtMostOne(_ areSet: [Bool]) throws(MessageError) {
    guard areSet.count(where: { $0 }) <= 1 else { throw .moreThanOne }
}
