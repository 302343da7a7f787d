import EnclaveProtocol
import Wire

/// What a transaction came to: `tendermint.abci.ExecTxResult`, of which code, data and gas are in the chain.
package struct TransactionResult: Equatable, Sendable {
    package var code: UInt32 = 0
    package var codespace = ""
    package var log = ""
    package var data: [UInt8] = []
    package var gasWanted: UInt64 = 0
    package var gasUsed: UInt64 = 0
    package var events: [Event] = []

    package init() {}

    /// A transaction that failed: of what it did only `events` is left.
    package init(refused refusal: TransactionRefusal, gasWanted: UInt64, gasUsed: UInt64, events: [Event] = []) {
        code = refusal.code
        codespace = refusal.codespace
        log = refusal.log
        self.gasWanted = gasWanted
        self.gasUsed = gasUsed
        self.events = events
    }
}

extension TransactionResult {
    /// Protobuf `tendermint.abci.ExecTxResult`.
    package func encoded() -> [UInt8] {
        ProtobufWriter.encode { writer in
            writer.uint64(1, UInt64(code))
            writer.bytes(2, data)
            writer.string(3, log)
            writer.uint64(5, gasWanted)
            writer.uint64(6, gasUsed)
            for event in events { event.write(7, to: &writer) }
            writer.string(8, codespace)
        }
    }

    package init(encoded bytes: [UInt8]) throws(ProtobufError) {
        var reader = ProtobufReader(bytes)
        while let field = try reader.next() {
            switch field.number {
            case 1: code = try field.uint32()
            case 2: data = try field.bytes()
            case 3: log = try field.string()
            case 5: gasWanted = try field.uint64()
            case 6: gasUsed = try field.uint64()
            case 7: events.append(try Event(encoded: try field.slice()))
            case 8: codespace = try field.string()
            default: continue
            }
        }
    }
}

extension Event {
    /// As the field `number` of another message: `tendermint.abci.Event`.
    func write(_ number: UInt32, to writer: inout ProtobufWriter) {
        writer.message(number) { writer in
            writer.string(1, type)
            for attribute in attributes {
                writer.message(2) { writer in
                    writer.string(1, attribute.key)
                    writer.string(2, attribute.value)
                    writer.bool(3, true)
                }
            }
        }
    }

    init(encoded bytes: ArraySlice<UInt8>) throws(ProtobufError) {
        self.init(type: "", attributes: [])
        var reader = ProtobufReader(bytes)
        while let field = try reader.next() {
            switch field.number {
            case 1: type = try field.string()
            case 2:
                var attribute = EventAttribute(key: "", value: "")
                var inner = ProtobufReader(try field.slice())
                while let part = try inner.next() {
                    switch part.number {
                    case 1: attribute.key = try part.string()
                    case 2: attribute.value = try part.string()
                    default: continue
                    }
                }
                attributes.append(attribute)
            default: continue
            }
        }
    }
}
