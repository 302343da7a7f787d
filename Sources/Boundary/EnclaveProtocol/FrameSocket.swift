import Glibc
import PublicCryptography

/// One end of a lane: frames over a Unix stream socket.
///
/// A frame is a 4-byte big-endian length and a body. Used by one thread at a time, with SIGPIPE ignored: only read, write
/// and close are needed, which is all that the confined enclave has. Blocking, without a timeout: the
/// enclave has no clock that it could trust, and the host bounds its calls from outside.
@safe
package final class FrameSocket {
    package enum SocketError: Error, Equatable {
        /// The other side closed the lane between frames.
        case closed
        /// The other side closed the lane inside a frame, or reading or writing failed with this `errno`.
        case broken(Int32)
        case frameTooLong
    }

    private let descriptor: Int32
    private var isOpen = true
    private var transcript: Transcript

    /// The hash of all that crossed so far; equal on both sides.
    package var transcriptHash: Hash32 { transcript.hash }

    /// Takes over `descriptor` and closes it at the end of its life.
    package init(descriptor: Int32, isEnclaveSide: Bool) {
        self.descriptor = descriptor
        transcript = Transcript(isEnclaveSide: isEnclaveSide)
    }

    deinit {
        end()
    }

    package func send(_ body: [UInt8]) throws(SocketError) {
        guard body.count <= EnclaveProtocol.frameBytesMax else { throw .frameTooLong }
        guard isOpen else { throw .closed }
        let length = UInt32(body.count)
        var frame = [UInt8]()
        frame.reserveCapacity(4 + body.count)
        for shift in [24, 16, 8, 0] as [UInt32] { frame.append(UInt8(truncatingIfNeeded: length >> shift)) }
        frame.append(contentsOf: body)
        try write(frame)
        transcript.record(.sent, body)
    }

    /// The next frame's body. The peer chose the length: it is checked before anything is allocated.
    package func receive() throws(SocketError) -> [UInt8] {
        guard isOpen else { throw .closed }
        var header = [UInt8](repeating: 0, count: 4)
        try read(into: &header, isFrameStart: true)
        let length = header.reduce(0) { $0 << 8 | Int($1) }
        guard length <= EnclaveProtocol.frameBytesMax else { throw .frameTooLong }
        var body = [UInt8](repeating: 0, count: length)
        if length > 0 { try read(into: &body, isFrameStart: false) }
        transcript.record(.received, body)
        return body
    }

    /// Ends the lane for both directions; the peer sees end of file.
    package func end() {
        guard isOpen else { return }
        isOpen = false
        _ = close(descriptor)
    }

    private func read(into buffer: inout [UInt8], isFrameStart: Bool) throws(SocketError) {
        var done = 0
        while done < buffer.count {
            let wanted = buffer.count - done
            // Safe: at most `wanted` bytes are written behind the `done` first ones of the buffer.
            let count = unsafe buffer.withUnsafeMutableBytes { raw in
                unsafe Glibc.read(descriptor, raw.baseAddress! + done, wanted)
            }
            if count > 0 {
                done += count
            } else if count == 0 {
                if isFrameStart && done == 0 { throw .closed }
                throw .broken(0)
            } else if errno != EINTR {
                throw .broken(errno)
            }
        }
    }

    private func write(_ buffer: [UInt8]) throws(SocketError) {
        var done = 0
        while done < buffer.count {
            // Safe: reads the `buffer.count - done` bytes that are left.
            let count = unsafe buffer.withUnsafeBytes { raw in
                unsafe Glibc.write(descriptor, raw.baseAddress! + done, raw.count - done)
            }
            if count > 0 {
                done += count
            } else if count < 0 && errno != EINTR {
                throw .broken(errno)
            }
        }
    }
}
