import Dispatch
import Foundation
import Glibc

/// The machine, its clock, and what it says of processes.
package enum Machine {
    package static let runID: String = {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(identifier: "UTC")
        formatter.dateFormat = "yyyyMMdd-HHmmss"
        return formatter.string(from: Date()) + "-" + String(getpid())
    }()

    /// Seconds of a clock that never goes back.
    package static var now: Double { Double(DispatchTime.now().uptimeNanoseconds) * 1e-9 }

    /// Seconds that the calling thread has had a processor: what others take of the machine is not in it.
    package static var threadSeconds: Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }

    /// Of memory, that this process has had at once.
    package static var peakBytes: Double {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return Double(usage.ru_maxrss) * 1024
    }

    /// Processor, cores, kernel, and how busy others keep it: figures of a busy machine are only good as ratios.
    package static var line: String {
        let processor =
            lines("/proc/cpuinfo").first { $0.hasPrefix("model name") }?
            .split(separator: ":").last.map { $0.trimmingCharacters(in: .whitespaces) } ?? "unknown processor"
        let load = lines("/proc/loadavg").first?.split(separator: " ").first.map(String.init) ?? "?"
        let kernel = lines("/proc/sys/kernel/osrelease").first ?? ""
        return "\(processor), \(ProcessInfo.processInfo.activeProcessorCount) cores, Linux \(kernel), load \(load)"
    }

    private static func lines(_ path: String) -> [String] {
        // Files of the kernel have no size, so they are read to their end.
        guard let data = FileManager.default.contents(atPath: path) else { return [] }
        return String(decoding: data, as: UTF8.self).split(separator: "\n").map(String.init)
    }
}

/// A process as the kernel sees it.
package struct ObservedProcess: Sendable {
    package let id: pid_t

    package init(id: pid_t) { self.id = id }

    /// The enclave that a launcher below `ancestor`, or the launcher `ancestor` itself, has started. The kernel names
    /// it after the descriptor that it was started from, so it is known by its arguments.
    package static func enclave(below ancestor: pid_t) -> ObservedProcess? {
        newest(below: ancestor) {
            command($0) != launcherName && text("/proc/\($0)/cmdline").contains("cloister-enclave")
        }
    }

    package static func launcher(below ancestor: pid_t) -> ObservedProcess? {
        newest(below: ancestor) { command($0) == launcherName }
    }

    private static let launcherName = "enclave-host"

    private static func newest(below ancestor: pid_t, where isWanted: (pid_t) -> Bool) -> ObservedProcess? {
        let numbers = ((try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []).compactMap { pid_t($0) }
        let found = numbers.sorted(by: >).first { id in
            guard isWanted(id) else { return false }
            var current = id
            while current > 1 {
                if current == ancestor { return true }
                current = parent(current)
            }
            return false
        }
        return found.map(ObservedProcess.init)
    }

    /// Processor time of all its threads, in seconds.
    package var processorSeconds: Double {
        let threads = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(id)/task")) ?? []
        return threads.reduce(0) { sum, thread in
            let text = ObservedProcess.text("/proc/\(id)/task/\(thread)/schedstat")
            return sum + (text.split(separator: " ").first.flatMap { Double($0) } ?? 0) * 1e-9
        }
    }

    package var residentBytes: Double {
        for line in ObservedProcess.text("/proc/\(id)/status").split(separator: "\n") where line.hasPrefix("VmRSS:") {
            return (line.split(separator: " ").dropFirst().first.flatMap { Double($0) } ?? 0) * 1024
        }
        return .nan
    }

    private static func text(_ path: String) -> String {
        FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }

    /// Cut to 15 characters by the kernel.
    private static func command(_ id: pid_t) -> String {
        text("/proc/\(id)/comm").trimmingCharacters(in: .whitespacesAndNewlines)
    }

    private static func parent(_ id: pid_t) -> pid_t {
        // The name may hold anything, so what follows its last bracket counts.
        let fields = text("/proc/\(id)/stat").split(separator: ")").last?.split(separator: " ") ?? []
        return fields.count > 1 ? pid_t(fields[1]) ?? 0 : 0
    }
}
