import CBoundaryMessages
import CProtobufC

/// A Swift value with a C form that protobuf-c packs and unpacks.
protocol BoundaryMessage {
    associatedtype CForm
    func encode(_ encoder: inout FrameEncoder) -> UnsafeMutablePointer<CForm>?
    init(c form: UnsafePointer<CForm>) throws(Failure)
}

func copyBytes(_ data: ProtobufCBinaryData) -> [UInt8] {
    // Safe: protobuf-c gives `len` readable bytes, or no pointer.
    guard let base = unsafe data.data, unsafe data.len > 0 else { return [] }
    return unsafe Array(UnsafeBufferPointer(start: base, count: data.len))
}

/// Text crosses as bytes; what is not UTF-8 is refused.
func copyText(_ data: ProtobufCBinaryData) throws(Failure) -> String {
    guard let text = unsafe String(validating: copyBytes(data), as: UTF8.self) else { throw .malformedFrame }
    return text
}

func copyList(_ count: Int, _ list: UnsafeMutablePointer<ProtobufCBinaryData>?) -> [[UInt8]] {
    guard let list = unsafe list else { return [] }
    var result = [[UInt8]]()
    result.reserveCapacity(count)
    for index in 0..<count {
        unsafe result.append(copyBytes(list[index]))
    }
    return result
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
    guard let form = unsafe form else { throw .malformedFrame }
    return try unsafe Message(c: UnsafePointer(form))
}

func decodeCase<Case: RawRepresentable>(_: Case.Type, _ value: UInt32) throws(Failure) -> Case
where Case.RawValue == UInt32 {
    guard let decoded = Case(rawValue: value) else { throw .malformedFrame }
    return decoded
}

extension StateProof: @unsafe BoundaryMessage {
    typealias CForm = Cloister__Boundary__V1__StateProof

    func encode(_ encoder: inout FrameEncoder) -> UnsafeMutablePointer<CForm>? {
        let storeForm = unsafe encoder.text(store)
        let keysForm = unsafe encoder.list(keys) { unsafe $0.bytes($1) }
        let presentForm = unsafe encoder.bytes(values.map { $0 == nil ? 0 : 1 })
        let present = values.compactMap { $0 }
        let valuesForm = unsafe encoder.list(present) { unsafe $0.bytes($1) }
        let proofForm = unsafe encoder.bytes(proof)
        return unsafe encoder.make(CForm.self) { form in
            unsafe cloister__boundary__v1__state_proof__init(form)
            unsafe form.pointee.store = storeForm
            unsafe form.pointee.n_keys = keys.count
            unsafe form.pointee.keys = keysForm
            unsafe form.pointee.present = presentForm
            unsafe form.pointee.n_values = present.count
            unsafe form.pointee.values = valuesForm
            unsafe form.pointee.proof = proofForm
        }
    }

    init(c form: UnsafePointer<CForm>) throws(Failure) {
        let keys = unsafe copyList(form.pointee.n_keys, form.pointee.keys)
        let present = unsafe copyBytes(form.pointee.present)
        let given = unsafe copyList(form.pointee.n_values, form.pointee.values)
        guard present.count == keys.count, present.allSatisfy({ $0 <= 1 }),
            present.count(where: { $0 == 1 }) == given.count
        else { throw .malformedFrame }
        var next = 0
        var values = [[UInt8]?]()
        values.reserveCapacity(keys.count)
        for flag in present {
            values.append(flag == 1 ? given[next] : nil)
            next += Int(flag)
        }
        self.init(
            store: try unsafe copyText(form.pointee.store), keys: keys, values: values,
            proof: unsafe copyBytes(form.pointee.proof))
    }
}

extension StateWrite: @unsafe BoundaryMessage {
    typealias CForm = Cloister__Boundary__V1__StateWrite

    func encode(_ encoder: inout FrameEncoder) -> UnsafeMutablePointer<CForm>? {
        let keyForm = unsafe encoder.bytes(key)
        let valueForm = unsafe encoder.bytes(value ?? [])
        return unsafe encoder.make(CForm.self) { form in
            unsafe cloister__boundary__v1__state_write__init(form)
            unsafe form.pointee.key = keyForm
            unsafe form.pointee.value = valueForm
            unsafe form.pointee.removed = value == nil ? 1 : 0
        }
    }

    init(c form: UnsafePointer<CForm>) throws(Failure) {
        self.init(
            key: unsafe copyBytes(form.pointee.key),
            value: unsafe form.pointee.removed != 0 ? nil : copyBytes(form.pointee.value))
    }
}
