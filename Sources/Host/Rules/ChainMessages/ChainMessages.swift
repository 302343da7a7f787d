import SignedTransactions
import Wire

/// The messages of the public protocol as values: what transactions ask of the ledger, and what queries ask and answer.
///
/// Everything in `Generated` is made by proto/chain_messages.py from proto/chain; what is here is all that it needs
/// besides the wire. Reading is total and bounded: any bytes end in a message or in a `MessageError`, and every
/// address, number and moment in a message is one. Writing gives the one encoding of gogoproto, with fields in
/// ascending order, what is zero left out, and what the protocol never leaves out always written.
///
/// Not here: what consensus hashes or the enclave reads (blocks, transactions with who signed them, keys). That is
/// written and read by one hand-made code for host and enclave; messages that hold it have its bytes.
package protocol ChainMessage: Equatable, Sendable {
    /// `cosmos.bank.v1beta1.MsgSend`.
    static var name: String { get }

    init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError)

    /// What stands in a message that must have this one and does not say it; by default what no bytes mean.
    static func absent(_ policy: FieldPolicy) throws(MessageError) -> Self

    func write(to writer: inout ProtobufWriter)
}

/// What is done with fields that a message should not have.
///
/// Whoever the bytes come from: a field that is not repeated may come once. Two decoders could otherwise disagree on
/// which of two values counts, and no encoder writes such bytes.
package enum FieldPolicy: Sendable {
    /// Of what somebody signed, an unknown field is refused, unless its number says that it may be ignored (bit 11).
    case signed
    /// Of what somebody asks, unknown fields are ignored: a newer client asks what we answer to an older one.
    case request
    /// The same of what an engine beside this node says, whose lists are as long as a block may be.
    case engine
}

/// Why bytes are not the message that they should be.
package enum MessageError: Error, Equatable, Sendable {
    case malformed(ProtobufError)
    case unknownField(UInt32)
    case duplicateField(UInt32)
    /// A field without which the message means nothing is missing or empty.
    case missing(field: UInt32)
    /// More than one is set of fields of which one may be.
    case moreThanOne
    case tooManyElements
    case emptyAddress(field: UInt32)
    case invalidAddress(String)
    case invalidNumber(field: UInt32)
    case invalidTime(field: UInt32)
}

/// A method of the public protocol, with the messages it takes and gives.
package struct ChainMethod<Request: ChainMessage, Response: ChainMessage>: Sendable {
    /// `/cosmos.bank.v1beta1.Query/Balance`.
    package let path: String

    package init(_ path: String) {
        self.path = path
    }
}

extension ChainMessage {
    package static var typeURL: String { "/" + name }

    package static func absent(_ policy: FieldPolicy) throws(MessageError) -> Self {
        try Self(decoding: [], policy)
    }

    package init(decoding bytes: [UInt8], _ policy: FieldPolicy) throws(MessageError) {
        try self.init(decoding: bytes[...], policy)
    }

    package var encoded: [UInt8] {
        var writer = ProtobufWriter()
        write(to: &writer)
        return writer.bytes
    }

    package var any: AnyMessage { AnyMessage(typeURL: Self.typeURL, value: encoded) }
}
