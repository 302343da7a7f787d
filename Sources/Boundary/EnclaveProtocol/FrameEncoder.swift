import CBoundaryMessages
import CProtobufC

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

    mutating func make<Value>(_ type: Value.Type, _ initialize: (UnsafeMutablePointer<Value>) -> Void)
        -> UnsafeMutablePointer<Value>?
    {
        guard let value = unsafe arena.allocate(type, count: 1) else {
            ranOut = true
            return nil
        }
        unsafe initialize(value)
        return unsafe value
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

    mutating func list<Element, Value>(
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
