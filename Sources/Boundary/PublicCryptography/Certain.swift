/// What cannot be missing, because of what was checked or made before. If it is, the program stops rather than go on;
/// `why` says to a reader, and to whoever finds it stopped, why it was thought to be there.
@inlinable
package func certain<Value>(_ value: Value?, _ why: StaticString) -> Value {
    guard let value else { preconditionFailure("missing: \(why)") }
    return value
}

// Where a C function wants the address of bytes of which there are some: none stop the program.

extension UnsafeRawBufferPointer {
    @unsafe @inlinable package var start: UnsafePointer<UInt8> {
        guard let start = baseAddress else { preconditionFailure("no bytes") }
        return unsafe start.assumingMemoryBound(to: UInt8.self)
    }
}

extension UnsafeMutableRawBufferPointer {
    @unsafe @inlinable package var start: UnsafeMutablePointer<UInt8> {
        guard let start = baseAddress else { preconditionFailure("no bytes") }
        return unsafe start.assumingMemoryBound(to: UInt8.self)
    }
}

extension UnsafeMutableBufferPointer<UInt8> {
    @unsafe @inlinable package var start: UnsafeMutablePointer<UInt8> {
        guard let start = baseAddress else { preconditionFailure("no bytes") }
        return unsafe start
    }
}
