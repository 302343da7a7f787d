import CBoundaryMessages
import CProtobufC
import PublicCryptography

// By what the generated coding (Generated/BoundaryCoding.swift) turns values into C structures and back.

/// A value with a C structure that protobuf-c packs and unpacks. Whatever the structure points to lives in one arena.
protocol BoundaryMessage {
    associatedtype CForm
    /// Everything below the structure is built in the encoder's arena.
    func form(_ encoder: inout FrameEncoder) -> CForm
    /// Copies everything, so that no pointer outlives the arena. The peer chose what is there.
    init(c form: CForm) throws(Failure)
}

extension BoundaryMessage {
    /// The one encoding: fields in the order of their numbers, defaults left out. A value beyond a limit is
    /// `Failure.frameTooLong`, never a part of a frame.
    func packed() throws(Failure) -> [UInt8] {
        try unsafe FrameEncoder.pack { encoder in
            unsafe UnsafeRawPointer(encoder.message(self))?.assumingMemoryBound(to: ProtobufCMessage.self)
        }
    }

    /// The peer chose `bytes`: whatever they are, the answer is a message or a failure.
    init(
        unpacking bytes: [UInt8], by unpack: (OpaquePointer?, Int, UnsafePointer<UInt8>?) -> UnsafePointer<CForm>?
    ) throws(Failure) {
        guard bytes.count <= BoundaryProtocol.frameBytesMax else { throw .frameTooLong }
        guard let arena = FrameArena(limit: BoundaryProtocol.decodingBytesMax) else { throw .outOfMemory }
        let form = unsafe bytes.withUnsafeBufferPointer { buffer in
            unsafe unpack(arena.pointer, buffer.count, buffer.baseAddress)
        }
        guard let form = unsafe form else { throw .malformedFrame }
        // Safe: all that `form` points to lives in `arena`, which lives to the end of this function.
        try unsafe self.init(c: form.pointee)
        withExtendedLifetime(arena) {}
    }
}

// MARK: - From C

// Safe throughout: counts and lengths come from protobuf-c, not from the peer, and the caller keeps the arena alive.

func copyBytes(_ data: ProtobufCBinaryData) -> [UInt8] {
    guard let base = unsafe data.data, unsafe data.len > 0 else { return [] }
    return unsafe Array(UnsafeBufferPointer(start: base, count: data.len))
}

/// Text crosses as bytes; what is not UTF-8 is refused.
func copyText(_ data: ProtobufCBinaryData) throws(Failure) -> String {
    guard let text = unsafe String(validating: copyBytes(data), as: UTF8.self) else { throw .malformedFrame }
    return text
}

/// Whole hashes, one behind the other.
func copyHashes(_ data: ProtobufCBinaryData) throws(Failure) -> [Hash32] {
    let bytes = unsafe copyBytes(data)
    guard bytes.count % Hash32.byteCount == 0 else { throw .malformedFrame }
    return stride(from: 0, to: bytes.count, by: Hash32.byteCount).map {
        certain(Hash32(bytes[$0..<$0 + Hash32.byteCount]), "whole hashes alone are decoded")
    }
}

func copyCase<Case: RawRepresentable>(_ value: UInt32) throws(Failure) -> Case where Case.RawValue == UInt32 {
    guard let known = Case(rawValue: value) else { throw .malformedFrame }
    return known
}

func copyList(_ count: Int, _ list: UnsafeMutablePointer<ProtobufCBinaryData>?) -> [[UInt8]] {
    guard let list = unsafe list else { return [] }
    return unsafe UnsafeBufferPointer(start: list, count: count).map { unsafe copyBytes($0) }
}

/// `places` values, of which `present` says with a byte each whether there is one in the list.
func copyPlaces(
    _ places: Int, _ present: ProtobufCBinaryData, _ count: Int, _ list: UnsafeMutablePointer<ProtobufCBinaryData>?
) throws(Failure) -> [[UInt8]?] {
    let flags = unsafe copyBytes(present)
    guard flags.count == places, flags.allSatisfy({ $0 <= 1 }), flags.count(where: { $0 == 1 }) == count else {
        throw .malformedFrame
    }
    var given = unsafe copyList(count, list).makeIterator()
    return flags.map { $0 == 1 ? given.next() : nil }
}

func copyMessages<Message: BoundaryMessage>(
    _ count: Int, _ list: UnsafeMutablePointer<UnsafeMutablePointer<Message.CForm>?>?
) throws(Failure) -> [Message] {
    guard let list = unsafe list else { return [] }
    var result = [Message]()
    result.reserveCapacity(count)
    for index in 0..<count {
        result.append(try unsafe copyMessage(list[index]))
    }
    return result
}

func copyMessage<Message: BoundaryMessage>(_ form: UnsafeMutablePointer<Message.CForm>?) throws(Failure) -> Message {
    try unsafe Message(c: required(form))
}

func copyOptional<Message: BoundaryMessage>(_ form: UnsafeMutablePointer<Message.CForm>?) throws(Failure) -> Message? {
    guard let form = unsafe form else { return nil }
    return try unsafe Message(c: form.pointee)
}

func required<CForm>(_ form: UnsafeMutablePointer<CForm>?) throws(Failure) -> CForm {
    guard let form = unsafe form else { throw .malformedFrame }
    return unsafe form.pointee
}

// MARK: - To C

/// A structure as protobuf-c's generated `initialize` makes it.
func blank<CForm>(_ initialize: (UnsafeMutablePointer<CForm>?) -> Void) -> CForm {
    unsafe withUnsafeTemporaryAllocation(of: CForm.self, capacity: 1) { room in
        // Safe: the generated function assigns the whole structure.
        unsafe initialize(room.baseAddress)
        return unsafe room[0]
    }
}
