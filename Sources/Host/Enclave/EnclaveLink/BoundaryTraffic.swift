import Synchronization

/// How often which message crossed the lanes of one kind, and how large it was. For whoever looks at a node: nothing
/// is decided by it.
///
/// A message is known by its number in the frame (`ToEnclave`, `FromEnclave` of `proto/boundary/v1`), which stands in
/// its first bytes: one that is new needs no word here. Counting is two additions, so that nobody has to choose
/// between a fast lane and one that can be watched.
package final class BoundaryTraffic: Sendable {
    package enum Direction: Int, CaseIterable, Sendable {
        case intoEnclave, outOfEnclave
    }

    /// What crossed of one message.
    package struct Count: Equatable, Sendable {
        package var direction: Direction
        /// In the frame's message; 0 for what has none.
        package var number: Int
        package var bytes: UInt64
        /// Of how many the length lies in which bucket (`bucketBounds`).
        package var buckets: [UInt64]

        package var frames: UInt64 { buckets.reduce(0, +) }
    }

    /// The lengths that are below each bound and not below the one before: a frame's length tells something of what
    /// is in it, and the bucket is how much of that is kept here. What is longer is in a last bucket.
    package static let bucketBounds = (0..<bucketCount - 1).map { 64 << (2 * $0) }
    private static let bucketCount = 10
    /// The numbers of all messages have one byte with their type; others are counted as 0.
    private static let numberMax = 63

    private final class Cell: Sendable {
        let bytes = Atomic<UInt64>(0)
        /// Whoever has a cell counts in one of these.
        let buckets = (0..<BoundaryTraffic.bucketCount).map { _ in Bucket() }
    }

    private final class Bucket: Sendable {
        let frames = Atomic<UInt64>(0)
    }

    /// By direction, then by number.
    private let cells: [[Cell]]

    package init() {
        cells = Direction.allCases.map { _ in (0...Self.numberMax).map { _ in Cell() } }
    }

    /// A frame's body is on its way, or has come.
    package func count(_ direction: Direction, _ frame: [UInt8]) {
        let cell = cells[direction.rawValue][Self.number(of: frame)]
        cell.bytes.wrappingAdd(UInt64(frame.count), ordering: .relaxed)
        cell.buckets[Self.bucket(of: frame.count)].frames.wrappingAdd(1, ordering: .relaxed)
    }

    /// Of the messages that have crossed, in the order of their numbers; at most `2 * 64`.
    package var counts: [Count] {
        Direction.allCases.flatMap { direction in
            cells[direction.rawValue].indices.compactMap { number in
                let cell = cells[direction.rawValue][number]
                let count = Count(
                    direction: direction, number: number, bytes: cell.bytes.load(ordering: .relaxed),
                    buckets: cell.buckets.map { $0.frames.load(ordering: .relaxed) })
                return count.frames == 0 ? nil : count
            }
        }
    }

    static func bucket(of length: Int) -> Int {
        // 64 is two to the sixth, and each bound four times the one before.
        let bits = UInt.bitWidth - (UInt(bitPattern: length) >> 6).leadingZeroBitCount
        return min((bits + 1) / 2, bucketCount - 1)
    }

    /// Of a length-delimited field that is the whole message; a number above 15 takes a second byte.
    static func number(of frame: [UInt8]) -> Int {
        guard let first = frame.first, first & 7 == 2 else { return 0 }
        var tag = Int(first & 0x7f)
        if first & 0x80 != 0 {
            guard frame.count > 1, frame[1] & 0x80 == 0 else { return 0 }
            tag |= Int(frame[1]) << 7
        }
        let number = tag >> 3
        return number <= numberMax ? number : 0
    }
}

/// What all lanes of an enclave carried, by their kind.
package struct EnclaveTraffic: Sendable {
    package let control = BoundaryTraffic()
    package let execution = BoundaryTraffic()
    /// Of all query lanes together.
    package let queries = BoundaryTraffic()

    package init() {}
}

/// What a backend can show of its enclave to whoever looks at the node. None has to, and nothing rests on it.
package protocol ObservableEnclave: AnyObject, Sendable {
    var traffic: EnclaveTraffic { get }
    /// What the kernel says of the enclave's process; `nil` where it runs elsewhere or cannot be looked at.
    var confinement: KernelConfinement? { get }
}

/// An enclave's process in the kernel's words (proc(5), status). Whoever is root here could have these lie: what a
/// quote says of the machine is what others go by.
package struct KernelConfinement: Equatable, Sendable {
    package var process: Int32
    /// 2 is a filter of system calls.
    package var seccompMode: Int
    package var seccompFilters: Int
    package var hasNoNewPrivileges: Bool
    /// What the process is allowed beyond an ordinary one; 0 is nothing.
    package var capabilities: UInt64
    package var threads: Int

    package init?(process: Int32, status: String) {
        var fields: [Substring: Substring] = [:]
        for line in status.split(separator: "\n") {
            let parts = line.split(separator: ":", maxSplits: 1)
            if parts.count == 2 { fields[parts[0]] = parts[1].drop { $0 == " " || $0 == "\t" } }
        }
        guard let seccomp = fields["Seccomp"].flatMap({ Int($0) }),
            let privileges = fields["NoNewPrivs"].flatMap({ Int($0) }),
            let capabilities = fields["CapEff"].flatMap({ UInt64($0, radix: 16) }),
            let threads = fields["Threads"].flatMap({ Int($0) })
        else { return nil }
        (self.process, seccompMode, self.capabilities, self.threads) = (process, seccomp, capabilities, threads)
        seccompFilters = fields["Seccomp_filters"].flatMap { Int($0) } ?? 0
        hasNoNewPrivileges = privileges == 1
    }
}
