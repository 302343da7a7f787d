import CBoundaryMessages

// What is packed and unpacked as a whole: the two frames, and an output, which leaves sealed.

extension ToEnclave {
    package func encoded() throws(Failure) -> [UInt8] { try unsafe packed() }

    package init(decoding bytes: [UInt8]) throws(Failure) {
        try unsafe self.init(unpacking: bytes, by: boundary_unpack_to_enclave)
    }

    /// Whether the message can cross: within the limits of each of its fields and of a frame.
    package func fits() throws(Failure) -> Bool { try unsafe canBePacked() }
}

extension FromEnclave {
    package func encoded() throws(Failure) -> [UInt8] { try unsafe packed() }

    package init(decoding bytes: [UInt8]) throws(Failure) {
        try unsafe self.init(unpacking: bytes, by: boundary_unpack_from_enclave)
    }

    /// Whether the message can cross: within the limits of each of its fields and of a frame.
    package func fits() throws(Failure) -> Bool { try unsafe canBePacked() }
}

extension TransactionOutput {
    package func encoded() throws(Failure) -> [UInt8] { try unsafe packed() }

    /// As strict and bounded as any frame: the enclave made it, and the host need not believe so.
    package init(decoding bytes: [UInt8]) throws(Failure) {
        try unsafe self.init(unpacking: bytes, by: boundary_unpack_transaction_output)
    }
}

extension Event {
    package init(_ type: String, _ attributes: KeyValuePairs<String, String>) {
        self.init(type: type, attributes: attributes.map { EventAttribute(key: $0.key, value: $0.value) })
    }
}

extension BoundaryMessage {
    fileprivate func canBePacked() throws(Failure) -> Bool {
        do { _ = try packed() } catch {
            guard error == .frameTooLong else { throw error }
            return false
        }
        return true
    }
}
