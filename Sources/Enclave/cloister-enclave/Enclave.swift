import CEnclaveRuntime
import EnclavePlatform

// The enclave's program: opens the lanes that it was started with, gives up what it no longer needs, and serves until
// the host closes the control lane.

@main
struct Enclave {
    static func main() {
        let queryLanes = runtime_prepare()
        guard queryLanes >= 0, let platform = try? SimulatedPlatform(), (try? platform.readJournal()) != nil else {
            runtime_end(1)
        }
        let lanesEnd = Int32(RUNTIME_FIRST_QUERY_LANE) + queryLanes
        for lane in Int32(RUNTIME_EXECUTION_LANE)..<lanesEnd {
            guard LaneThread.start({ echo(on: lane) }) else { runtime_end(1) }
        }
        guard confine_finally() == 0 else { runtime_end(1) }
        echo(on: Int32(RUNTIME_CONTROL_LANE))
        runtime_end(0)
    }

    /// Sends back each byte until the other end closes.
    private static func echo(on lane: Int32) {
        var byte: UInt8 = 0
        // Safe: one byte of a local variable.
        while unsafe runtime_read(lane, &byte, 1) == 1, unsafe runtime_write(lane, &byte, 1) == 0 {}
        runtime_close(lane)
    }
}
