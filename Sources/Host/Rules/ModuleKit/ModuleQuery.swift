import ChainMessages
import Wire

/// The block that left the state which is asked about.
package struct QueriedBlock: Sendable {
    package var height: UInt64
    package var time: Timestamp

    package init(height: UInt64, time: Timestamp) { (self.height, self.time) = (height, time) }
}

/// Something that can be asked of a module: a pure function of the request and one state, and for what changes without
/// a block's doing, of the block that left the state.
package struct ModuleQuery: Sendable {
    package typealias Answer =
        @Sendable (_ request: [UInt8], _ block: () throws -> QueriedBlock, _ state: any LedgerReading) throws -> [UInt8]

    /// The method of the public protocol: `/cosmos.bank.v1beta1.Query/Balance`.
    package let path: String
    /// Throws a `MessageError` for bytes that are no request, a `QueryRefusal` for what the client should be told.
    package let answer: Answer

    package init<Request, Response>(
        _ method: ChainMethod<Request, Response>,
        _ answer: @escaping @Sendable (Request, any LedgerReading) throws -> Response
    ) {
        path = method.path
        self.answer = { request, _, state in try answer(try Request(decoding: request, .request), state).encoded }
    }

    package init<Request, Response>(
        _ method: ChainMethod<Request, Response>,
        _ answer: @escaping @Sendable (Request, QueriedBlock, any LedgerReading) throws -> Response
    ) {
        path = method.path
        self.answer = { request, block, state in
            try answer(try Request(decoding: request, .request), try block(), state).encoded
        }
    }
}

/// Why a query has no answer: the client's mistake, or nothing is there.
package struct QueryRefusal: Error, Equatable, Sendable {
    package enum Kind: Sendable { case notFound, invalidRequest, tooMuch, failed, registered }

    package let kind: Kind
    package let text: String

    package static func notFound(_ text: String) -> QueryRefusal { QueryRefusal(kind: .notFound, text: text) }

    package static func invalidRequest(_ text: String) -> QueryRefusal {
        QueryRefusal(kind: .invalidRequest, text: text)
    }

    /// As the original answers where its handler says nothing else of an error.
    package static func failed(_ text: String) -> QueryRefusal { QueryRefusal(kind: .failed, text: text) }

    /// An error of a module by its number.
    package static func registered(_ codespace: String, _ code: UInt32, _ text: String) -> QueryRefusal {
        QueryRefusal(kind: .registered, text: "codespace \(codespace) code \(code): \(text)")
    }

    /// The answer would be longer than one may be.
    package static func tooMuch(_ text: String) -> QueryRefusal { QueryRefusal(kind: .tooMuch, text: text) }
}

extension ChainMessage {
    /// A record of the state, which only the ledger writes.
    package init(stored entry: LedgerEntry, in store: String) throws {
        do { try self.init(decoding: entry.value, .signed) } catch {
            throw CorruptState(store: store, key: entry.key)
        }
    }
}
