import CEnclaveRuntime
import ContractEngine
import EnclavePlatform
import EnclaveProtocol
import EnclaveService

// The enclave's program: takes the lanes that it was started with, makes everything that needs the kernel's help, gives up
// what it no longer needs, and serves until the host closes the control lane.

@main
struct Enclave {
    /// Exit statuses: what went wrong before the lanes were served.
    private enum Refusal: Int32 {
        case runtime = 10
        case platform = 11
        case engine = 12
        case thread = 13
        case confinement = 14
    }

    static func main() {
        let queryLanes = runtime_prepare()
        guard queryLanes >= 0 else { end(.runtime) }
        guard let platform = try? SimulatedPlatform() else { end(.platform) }
        guard let engine = try? ContractEngine(), engine.prepare() else { end(.engine) }
        guard let core = try? EnclaveCore(platform: platform, engine: engine) else { end(.platform) }

        let execution = Int32(RUNTIME_EXECUTION_LANE)
        guard
            LaneThread.start({
                ExecutionLane(core: core, socket: FrameSocket(descriptor: execution, isEnclaveSide: true)).serve()
            })
        else { end(.thread) }
        for index in 0..<queryLanes {
            let lane = Int32(RUNTIME_FIRST_QUERY_LANE) + index
            guard
                LaneThread.start({
                    QueryLane(core: core, socket: FrameSocket(descriptor: lane, isEnclaveSide: true)).serve()
                })
            else { end(.thread) }
        }
        guard LaneThread.start({ core.modules.serve() }) else { end(.thread) }
        guard confine_finally() == 0 else { end(.confinement) }

        let control = FrameSocket(descriptor: Int32(RUNTIME_CONTROL_LANE), isEnclaveSide: true)
        ControlLane(core: core, socket: control, residentBytes: { UInt64(clamping: runtime_resident_bytes_max()) })
            .serve()
        runtime_end(0)
    }

    private static func end(_ refusal: Refusal) -> Never {
        runtime_end(refusal.rawValue)
    }
}
