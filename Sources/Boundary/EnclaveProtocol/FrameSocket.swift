import Glibc
import PublicCryptography

/// One end of a lane: frames over a Unix stream socket.
///
/// A frame is a 4-byte big-endian length and a body. Used by one thread at a time, with SIGPIPE ignored: only read,
/// write and close are needed, which is all that the confined enclave has. Blocking, without a timeout: the enclave has
/// no clock that it could trust, and the host bounds its calls from outside.
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
    /// What was read with a frame's length and lies behind it: most frames come in one piece.
    private var ahead: [UInt8]
    private var aheadRange = 0..<0
    private static let aheadBytesMax = 16_384
    private var transcript: Transcript

    /// The hash of all that crossed so far; equal on both sides.
    package var transcriptHash: Hash32 { transcript.hash }

    /// Takes over `descriptor` and closes it at the end of its life.
    package init(descriptor: Int32, isEnclaveSide: Bool) {
        self.descriptor = descriptor
        transcript = Transcript(isEnclaveSide: isEnclaveSide)
        ahead = [UInt8](repeating: 0, count: FrameSocket.aheadBytesMax)
    }

    deinit {
        end()
    }

    package func send(_ body: [UInt8]) throws(SocketError) {
        guard body.count <= BoundaryProtocol.frameBytesMax else { throw .frameTooLong }
        guard isOpen else { throw .closed }
        let length = UInt32(body.count)
        var frame = [UInt8]()
        frame.reserveCapacity(4 + body.count)
        frame.append(contentsOf: length.bigEndianBytes)
        frame.append(contentsOf: body)
        try write(frame)
        transcript.record(.sent, body)
    }

    /// The next frame's body. The peer chose the length: it is checked before anything is allocated.
    package func receive() throws(SocketError) -> [UInt8] {
        guard isOpen else { throw .closed }
        while aheadRange.count < 4 { try readAhead() }
        let length = Int(bigEndianBytes: ahead[aheadRange.prefix(4)])
        guard length <= BoundaryProtocol.frameBytesMax else { throw .frameTooLong }
        aheadRange.removeFirst(4)
        let body = try body(length)
        transcript.record(.received, body)
        return body
    }

    private func body(_ length: Int) throws(SocketError) -> [UInt8] {
        let known = aheadRange.prefix(length)
        aheadRange.removeFirst(known.count)
        // It may be a secret, and what is read next may leave it here for long.
        defer { forget(known) }
        guard known.count < length else { return Array(ahead[known]) }
        var body = [UInt8](repeating: 0, count: length)
        body.replaceSubrange(0..<known.count, with: ahead[known])
        var done = known.count
        while done < length {
            done += try read(into: &body, from: done, isFrameStart: false)
        }
        return body
    }

    private func forget(_ range: Range<Int>) {
        // Safe: a range of the buffer.
        unsafe ahead.withUnsafeMutableBytes { raw in
            unsafe explicit_bzero(raw.start + range.lowerBound, range.count)
        }
    }

    /// Reads what there is behind what has been read ahead, at least a byte.
    private func readAhead() throws(SocketError) {
        if aheadRange.upperBound + 4 > ahead.count || aheadRange.isEmpty {
            let rest = Array(ahead[aheadRange])
            ahead.replaceSubrange(0..<rest.count, with: rest)
            aheadRange = 0..<rest.count
        }
        let end = aheadRange.upperBound
        let count = try read(into: &ahead, from: end, isFrameStart: aheadRange.isEmpty)
        aheadRange = aheadRange.lowerBound..<end + count
    }

    /// Ends the lane for both directions; the peer sees end of file.
    package func end() {
        guard isOpen else { return }
        isOpen = false
        _ = close(descriptor)
    }

    /// Reads up to the end of the buffer; the number of bytes, at least one.
    private func read(into buffer: inout [UInt8], from start: Int, isFrameStart: Bool) throws(SocketError) -> Int {
        while true {
            // Safe: at most the bytes behind the `start` first ones of the buffer are written.
            let count = unsafe buffer.withUnsafeMutableBytes { raw in
                unsafe Glibc.read(descriptor, raw.start + start, raw.count - start)
            }
            if count > 0 { return count }
            if count == 0 { throw isFrameStart ? .closed : .broken(0) }
            if errno != EINTR { throw .broken(errno) }
        }
    }

    private func write(_ buffer: [UInt8]) throws(SocketError) {
        var done = 0
        while done < buffer.count {
            // Safe: reads the `buffer.count - done` bytes that are left.
            let count = unsafe buffer.withUnsafeBytes { raw in
                unsafe Glibc.write(descriptor, raw.start + done, raw.count - done)
            }
            if count > 0 {
                done += count
            } else if count < 0 && errno != EINTR {
                throw .broken(errno)
            }
        }
    }
}
