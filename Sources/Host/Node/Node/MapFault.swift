import Foundation
import Glibc
import Synchronization

/// Tells an operator which file it was when a part of a mapped file cannot be read: it was cut, or the disk fails.
///
/// The kernel says so by a signal, in the middle of any read. Its handler may do next to nothing, so it hands the
/// address to a thread that was started for this and waits for the end of the process.
enum MapFault {
    private static let pipeEnd = Atomic<Int32>(-1)

    /// `report` is called at most once, on a thread of its own, before the process ends with status 65.
    static func watch(_ report: @escaping @Sendable (_ path: String) -> Void) {
        var ends: [Int32] = [-1, -1]
        guard pipeEnd.load(ordering: .relaxed) < 0, pipe(&ends) == 0 else { return }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        pipeEnd.store(ends[1], ordering: .sequentiallyConsistent)
        let readEnd = ends[0]
        let thread = Thread {
            var address: UInt = 0
            while read(readEnd, &address, MemoryLayout<UInt>.size) < 0, errno == EINTR {}
            if let path = file(mappedAt: address) {
                report(path)
                _exit(NodeExit.data.rawValue)
            }
            // Not a file's: what would have happened without us.
            signal(SIGBUS, SIG_DFL)
            kill(getpid(), SIGBUS)
        }
        thread.name = "map-faults"
        thread.start()
        var action = sigaction()
        action.sa_flags = SA_SIGINFO
        action.__sigaction_handler.sa_sigaction = { _, information, _ in
            var address = UInt(bitPattern: information?.pointee._sifields._sigfault.si_addr)
            _ = write(MapFault.pipeEnd.load(ordering: .relaxed), &address, MemoryLayout<UInt>.size)
            // The read that failed must not be tried again before the process ends.
            while true { pause() }
        }
        sigaction(SIGBUS, &action, nil)
    }

    /// `/proc/self/maps`: from-to permissions offset device inode path.
    static func file(mappedAt address: UInt) -> String? {
        guard let maps = try? String(contentsOfFile: "/proc/self/maps", encoding: .utf8) else { return nil }
        for line in maps.split(separator: "\n") {
            let fields = line.split(separator: " ", maxSplits: 5, omittingEmptySubsequences: true)
            let range = fields[0].split(separator: "-").compactMap { UInt($0, radix: 16) }
            guard range.count == 2, fields.count == 6, range[0] <= address, address < range[1] else { continue }
            let path = fields[5].drop { $0 == " " }
            return path.hasPrefix("/") ? String(path) : nil
        }
        return nil
    }
}
