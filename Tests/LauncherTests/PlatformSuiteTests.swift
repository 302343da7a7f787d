import CEnclaveRuntime
import EnclavePlatform
import Foundation
import Glibc
import LauncherKit
import PlatformKit
import TestSupport
import Testing

@Suite("The launcher as a platform") struct LauncherPlatformSuiteTests {
    @Test("the launcher keeps each promise of a platform", arguments: PlatformCase.all)
    func launcher(each: PlatformCase) {
        #expect(throws: Never.self) { try each.check(LauncherMachine()) }
    }
}

/// The real launcher with the product's own end of the platform lane: an enclave that is the test's hands passes on
/// what is asked, and the answers.
private final class LauncherMachine: PlatformMachine {
    private let folder = TemporaryFolder("platform")
    private var enclave: LaunchedEnclave?

    func boot() throws -> any Platform {
        if let enclave {
            enclave.closeLanes()
            guard enclave.launcher.exitStatus() == 0 else { throw POSIXError(.ECHILD) }
        }
        let next = try LaunchedEnclave(state: folder.url.appendingPathComponent("state"))
        enclave = next
        let (end, relayed) = try socketPair()
        // Nobody else speaks to it until the lane ends.
        nonisolated(unsafe) let behind = next
        Thread { Self.relay(relayed, to: behind) }.start()
        return try SimulatedPlatform(descriptor: end)
    }

    func other() throws -> any PlatformMachine { LauncherMachine() }

    /// Until the lane or the enclave ends.
    private static func relay(_ lane: Int32, to enclave: LaunchedEnclave) {
        defer { close(lane) }
        while true {
            var header = [UInt8](repeating: 0, count: 5)
            guard runtime_read(lane, &header, 5) == 5 else { return }
            var payload = [UInt8](repeating: 0, count: Int(header[4]))
            guard runtime_read(lane, &payload, payload.count) == Int64(payload.count) else { return }
            guard let reply = enclave.askPlatform(header[0], payload) else { return }
            let length = (0..<4).map { UInt8(truncatingIfNeeded: reply.payload.count >> (24 - 8 * $0)) }
            let frame = [reply.status] + length + reply.payload
            guard runtime_write(lane, frame, frame.count) == 0 else { return }
        }
    }
}
