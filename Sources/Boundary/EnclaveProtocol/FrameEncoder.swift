import CBoundaryMessages
import CProtobufC
import PublicCryptography

/// Builds the C form of one outgoing message and packs it.
///
/// Our own values are encoded, so a limit that is exceeded is a `Failure.frameTooLong`, never a partial frame.
@safe
struct FrameEncoder {
    private let arena: FrameArena
    private(set) var ranOut = false

    init(arena: FrameArena) {
        self.arena = arena
    }

    static func pack(
        limit: Int = BoundaryProtocol.decodingBytesMax,
        _ build: (inout FrameEncoder) -> UnsafePointer<ProtobufCMessage>?
    ) throws(Failure) -> [UInt8] {
        guard let arena = FrameArena(limit: limit) else { throw .outOfMemory }
        var encoder = FrameEncoder(arena: arena)
        guard let message = unsafe build(&encoder), !encoder.ranOut else {
            throw arena.isOverLimit ? .frameTooLong : .outOfMemory
        }
        // Safe: `message` and all below it lives in `arena`, which lives to the end of this function.
        guard unsafe boundary_within_limits(message) != 0 else { throw .frameTooLong }
        let size = unsafe protobuf_c_message_get_packed_size(message)
        guard size <= BoundaryProtocol.frameBytesMax else { throw .frameTooLong }
        let packed = unsafe [UInt8](unsafeUninitializedCapacity: max(size, 1)) { buffer, count in
            count = unsafe protobuf_c_message_pack(message, buffer.baseAddress)
        }
        _ = consume arena
        return packed
    }

    /// A copy of a structure in the arena, for another to point to.
    mutating func place<Form>(_ form: Form) -> UnsafeMutablePointer<Form>? {
        guard let room = unsafe arena.allocate(Form.self, count: 1) else {
            ranOut = true
            return nil
        }
        unsafe room.initialize(to: form)
        return unsafe room
    }

    mutating func message<Message: BoundaryMessage>(_ message: Message?) -> UnsafeMutablePointer<Message.CForm>? {
        guard let message else { return nil }
        return unsafe place(message.form(&self))
    }

    mutating func messages<Message: BoundaryMessage>(
        _ messages: [Message]
    ) -> UnsafeMutablePointer<UnsafeMutablePointer<Message.CForm>?>? {
        unsafe list(messages) { encoder, message in unsafe encoder.message(message) }
    }

    mutating func bytes(_ source: [UInt8]) -> ProtobufCBinaryData {
        guard let copy = unsafe arena.allocate(UInt8.self, count: source.count) else {
            ranOut = true
            return unsafe ProtobufCBinaryData()
        }
        unsafe source.withUnsafeBufferPointer { buffer in
            if let base = buffer.baseAddress { unsafe copy.update(from: base, count: buffer.count) }
        }
        return unsafe ProtobufCBinaryData(len: source.count, data: copy)
    }

    mutating func text(_ source: String) -> ProtobufCBinaryData { unsafe bytes(Array(source.utf8)) }

    mutating func hashes(_ source: [Hash32]) -> ProtobufCBinaryData { unsafe bytes(source.flatMap(\.bytes)) }

    mutating func list(_ source: [[UInt8]]) -> UnsafeMutablePointer<ProtobufCBinaryData>? {
        unsafe list(source) { encoder, element in unsafe encoder.bytes(element) }
    }

    private mutating func list<Element, Value>(
        _ elements: [Element], _ convert: (inout FrameEncoder, Element) -> Value
    ) -> UnsafeMutablePointer<Value>? {
        guard !elements.isEmpty else { return nil }
        guard let list = unsafe arena.allocate(Value.self, count: elements.count) else {
            ranOut = true
            return nil
        }
        for (index, element) in elements.enumerated() {
            // Safe: `index` is below the count that was allocated.
            unsafe (list + index).initialize(to: convert(&self, element))
        }
        return unsafe list
    }
}
