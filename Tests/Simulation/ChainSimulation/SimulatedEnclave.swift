import ContractEngine
import EnclaveLink
import EnclavePlatform
import EnclaveProtocol
import EnclaveService
import Glibc
import PlatformKit

/// The enclave's own code behind its lanes, in this process: a thread for each lane, as in its program.
final class SimulatedEnclave: @unchecked Sendable {
    // Each lane belongs to one thread.
    struct NoThread: Error {}

    let control: Lane
    let execution: Lane
    let queries: Lane

    /// All enclaves of the process compile with one engine.
    init(on platform: MemoryPlatform, _ engine: WasmEngine) throws {
        let core = try EnclaveCore(platform: platform, engine: engine, mode: .standard)
        let watch = CallWatch()
        let pairs = (0..<3).map { _ in SimulatedEnclave.pair() }
        let ends = pairs.map(\.enclave)
        guard
            LaneThread.start({
                ExecutionLane(core: core, socket: FrameSocket(descriptor: ends[0], isEnclaveSide: true)).serve()
            }),
            LaneThread.start({
                QueryLane(core: core, socket: FrameSocket(descriptor: ends[1], isEnclaveSide: true), watch: watch)
                    .serve()
            }),
            LaneThread.start({
                ControlLane(
                    core: core, socket: FrameSocket(descriptor: ends[2], isEnclaveSide: true), watches: [watch],
                    residentBytes: { 0 }
                ).serve()
            })
        else { throw NoThread() }
        execution = try Lane(descriptor: pairs[0].host, kind: .execution)
        queries = try Lane(descriptor: pairs[1].host, kind: .query)
        control = try Lane(descriptor: pairs[2].host, kind: .control)
    }

    private static func pair() -> (host: Int32, enclave: Int32) {
        var ends: [Int32] = [0, 0]
        precondition(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0)
        return (ends[0], ends[1])
    }

    /// As kill -9: whoever waits for it hears that the lane has ended.
    func kill() {
        for lane in [control, execution, queries] { lane.close() }
    }
}
