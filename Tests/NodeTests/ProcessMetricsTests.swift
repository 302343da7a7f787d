import API
import Foundation
import Testing

@testable import Node

/// Beside what other sources of the system say of this very process.
@Suite("Metrics of the process") struct ProcessMetricsTests {
    private let registry = MetricsRegistry()

    private func value(_ name: String) throws -> Double {
        let line = try #require(registry.text().split(separator: "\n").first { $0.hasPrefix(name + " ") }, "\(name)")
        return try #require(Double(line.dropFirst(name.count + 1)))
    }

    @Test("processor, memory, descriptors, start and disk are what the system says")
    func values() throws {
        let metrics = ProcessMetrics(registry, folder: "/tmp", measurement: "ab12")
        let files = try value("process_open_fds")
        #expect(files >= 3)
        // Other tests open and close files meanwhile: so many more are ours.
        let pipes = (0..<200).map { _ in Pipe() }
        metrics.look()
        #expect(try value("process_open_fds") > files + 100)
        withExtendedLifetime(pipes) {}
        #expect(try value("process_max_fds") >= 200)
        let resident = try value("process_resident_memory_bytes")
        let virtual = try value("process_virtual_memory_bytes")
        #expect(resident > 1_000_000 && resident < virtual)
        let before = try value("process_cpu_seconds_total")
        #expect(before > 0)
        metrics.look()
        #expect(try value("process_cpu_seconds_total") >= before)
        let start = try FileManager.default.attributesOfItem(atPath: "/proc/self")[.modificationDate] as? Date
        let age = Date().timeIntervalSince1970 - (try value("process_start_time_seconds"))
        #expect(age > 0 && age < Date().timeIntervalSince(start ?? .distantPast) + 60)
        let attributes = try FileManager.default.attributesOfFileSystem(forPath: "/tmp")
        let size = try #require(attributes[.systemSize] as? NSNumber)
        #expect(try value("cloister_disk_size_bytes") == size.doubleValue)
        #expect(try value("cloister_disk_free_bytes") <= size.doubleValue)
    }

    @Test("the build and its enclave are labels of one line")
    func build() {
        _ = ProcessMetrics(registry, folder: "/tmp", measurement: "ab12")
        let lines = registry.text().split(separator: "\n").filter { $0.hasPrefix("cloister_build_info{") }
        #expect(lines.count == 1)
        #expect(lines[0].contains("version=\"\(NodeVersion.text)") && lines[0].hasSuffix("measurement=\"ab12\"} 1"))
    }

    @Test("a folder that is not there leaves the disk untold, and the rest told")
    func noFolder() throws {
        _ = ProcessMetrics(registry, folder: "/nowhere/at/all", measurement: "")
        #expect(try value("cloister_disk_size_bytes") == 0)
        #expect(try value("process_open_fds") > 0)
    }
}
