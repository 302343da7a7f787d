import EnclaveProtocol
import Foundation
import PublicCryptography
import Synchronization

/// Compiled modules that the enclave sealed, kept from one start to the next, each in a file named after its code.
///
/// Nothing depends on them but time: a file that is missing or damaged makes the enclave compile the code. So they are
/// written without waiting for the disk, and the oldest go when there are too many.
package final class ModuleFolder: Sendable {
    private let folder: String
    private let bytesMax: Int
    /// Signalled when the enclave has compiled something: there will be a module to fetch.
    private let demand = DemandSignal()

    package init(_ folder: String, bytesMax: Int = 1 << 30) throws {
        self.folder = folder
        self.bytesMax = bytesMax
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    }

    /// Empty if there is none.
    package func module(of codeHash: [UInt8]) -> [UInt8] {
        FileManager.default.contents(atPath: path(codeHash)).map { Array($0) } ?? []
    }

    package func keep(_ module: TakenModule) {
        guard module.codeHash.count == Hash32.byteCount else { return }
        try? Data(module.sealed).write(to: URL(fileURLWithPath: path(module.codeHash)), options: .atomic)
        forgetOldest()
    }

    private func path(_ codeHash: [UInt8]) -> String { folder + "/" + Hexadecimal.encode(codeHash) }

    private func forgetOldest() {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        var files = names.compactMap { name -> (path: String, size: Int, date: Date)? in
            let path = folder + "/" + name
            guard let attributes = try? FileManager.default.attributesOfItem(atPath: path),
                let size = attributes[.size] as? Int, let date = attributes[.modificationDate] as? Date
            else { return nil }
            return (path, size, date)
        }.sorted { $0.date < $1.date }
        var bytes = files.reduce(0) { $0 + $1.size }
        while bytes > bytesMax, !files.isEmpty {
            let oldest = files.removeFirst()
            try? FileManager.default.removeItem(atPath: oldest.path)
            bytes -= oldest.size
        }
    }

    // MARK: - Fetching

    /// The enclave was given code to compile.
    package func noteCompilation() { demand.signal() }

    /// Fetches with `take` whatever the enclave compiles, until `stop`; on a thread of its own.
    package func collect(_ take: () throws -> TakenModule) rethrows {
        while demand.wait() {
            var looksLeft = ModuleFolder.looks
            while looksLeft > 0, !demand.isStopped {
                let module = try take()
                keep(module)
                // The enclave may not have begun yet: the signal comes before the code reaches it.
                looksLeft = module.waiting > 0 || !module.sealed.isEmpty ? ModuleFolder.looks : looksLeft - 1
                if module.sealed.isEmpty { Thread.sleep(forTimeInterval: ModuleFolder.patience) }
            }
        }
    }

    package func stop() { demand.stop() }

    /// Between two looks at a compilation that takes its time.
    private static let patience = 0.2
    /// How often it looks before it believes that there is nothing.
    private static let looks = 10
}

/// Wakes one thread; signals that come before it waits are one.
private final class DemandSignal: @unchecked Sendable {
    // What is below is read and written under the condition's lock.
    private let condition = NSCondition()
    private var isSignalled = false
    private var hasStopped = false

    var isStopped: Bool { condition.withLock { hasStopped } }

    func signal() {
        condition.withLock {
            isSignalled = true
            condition.signal()
        }
    }

    func stop() {
        condition.withLock {
            hasStopped = true
            condition.broadcast()
        }
    }

    /// `false` when there will be no more signal.
    func wait() -> Bool {
        condition.withLock {
            while !isSignalled && !hasStopped { condition.wait() }
            isSignalled = false
            return !hasStopped
        }
    }
}
