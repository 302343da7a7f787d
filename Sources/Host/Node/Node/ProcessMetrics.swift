import API
import CProgramVersion
import Foundation

/// Which build this is, and what the operating system knows of the process and of the disk below the node's data. The
/// process has the names that Prometheus' client libraries give it ("Writing client libraries": process metrics).
final class ProcessMetrics: Sendable {
    private let folder: String
    private let processorSeconds: Counter
    private let virtualBytes: Gauge
    private let residentBytes: Gauge
    private let openFiles: Gauge
    private let openFilesMax: Gauge
    private let freeBytes: Gauge
    private let diskBytes: Gauge

    /// - Parameters:
    ///   - folder: What lies on the disk whose room is told.
    ///   - measurement: Of the enclave, in hexadecimal.
    init(_ registry: MetricsRegistry, folder: String, measurement: String) {
        self.folder = folder
        registry.gauge(
            "cloister_build_info", help: "1, for the build that runs and the enclave that it has.",
            labels: [
                (name: "version", value: String(cString: cloister_program_version())),
                (name: "measurement", value: measurement),
            ]
        ).set(1)
        processorSeconds = registry.counter(
            "process_cpu_seconds_total", help: "Processor time of the host's process, its own and the kernel's for it.")
        virtualBytes = registry.gauge("process_virtual_memory_bytes", help: "Address space of the host's process.")
        residentBytes = registry.gauge("process_resident_memory_bytes", help: "Memory of the host's process.")
        openFiles = registry.gauge("process_open_fds", help: "Descriptors that are open.")
        openFilesMax = registry.gauge("process_max_fds", help: "Descriptors that may be open.")
        freeBytes = registry.gauge("cloister_disk_free_bytes", help: "Room for the node on the disk of its data.")
        diskBytes = registry.gauge("cloister_disk_size_bytes", help: "Size of the disk of the node's data.")
        if let start = Self.startSeconds {
            registry.gauge(
                "process_start_time_seconds", help: "When the process began, in seconds since 1970."
            ).set(start)
        }
        look()
    }

    /// Reads all of it. What the system does not tell stays as it was.
    func look() {
        if let seconds = Self.seconds(of: CLOCK_PROCESS_CPUTIME_ID) {
            processorSeconds.increment(by: max(0, seconds - processorSeconds.value))
        }
        let pages = Self.words("/proc/self/statm").prefix(2).compactMap(Double.init)
        if pages.count == 2 {
            let pageBytes = Double(sysconf(Int32(_SC_PAGESIZE)))
            virtualBytes.set(pages[0] * pageBytes)
            residentBytes.set(pages[1] * pageBytes)
        }
        // One of them is the folder's own, which is open while it is read.
        if let names = try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd") {
            openFiles.set(Double(names.count - 1))
        }
        var limit = rlimit()
        if getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 {
            openFilesMax.set(Double(limit.rlim_cur))
        }
        var disk = statvfs()
        if statvfs(folder, &disk) == 0 {
            freeBytes.set(Double(disk.f_bavail) * Double(disk.f_frsize))
            diskBytes.set(Double(disk.f_blocks) * Double(disk.f_frsize))
        }
    }

    /// The machine counts a process's start in ticks since it was booted.
    private static var startSeconds: Double? {
        // The name of the program stands in parentheses, and may have some in it.
        guard let text = try? String(contentsOfFile: "/proc/self/stat", encoding: .utf8),
            let fields = text.split(separator: ")").last?.split(separator: " "), fields.count > 19,
            let ticks = Double(fields[19]), let now = seconds(of: CLOCK_REALTIME),
            let sinceBoot = seconds(of: CLOCK_BOOTTIME)
        else { return nil }
        return now - sinceBoot + ticks / Double(sysconf(Int32(_SC_CLK_TCK)))
    }

    private static func seconds(of clock: clockid_t) -> Double? {
        var time = timespec()
        guard clock_gettime(clock, &time) == 0 else { return nil }
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1_000_000_000
    }

    private static func words(_ path: String) -> [Substring] {
        ((try? String(contentsOfFile: path, encoding: .utf8)) ?? "").split { $0 == " " || $0 == "\n" }
    }
}
