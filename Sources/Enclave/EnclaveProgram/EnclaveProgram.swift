/// What an enclave's program does, whichever it is: takes the lanes that it was started with, makes everything that
/// needs the kernel's help, gives up what it no longer needs, and serves until the host closes the control lane.
///
/// There are two programs, `cloister-enclave` and `cloister-enclave-development`, which differ in `EnclaveMode` alone.
/// It is a constant of the program and no setting, so that what is measured says which one runs. The module assumes
/// that the launcher confined the process before it began; it reads no argument, no environment and no file.
import Attestation
import CEnclaveRuntime
import ContractEngine
import EnclavePlatform
import EnclaveProtocol
import EnclaveService

/// The one verb of an enclave's program.
package enum EnclaveStart {
    /// Exit statuses: what went wrong before the lanes were served.
    private enum Refusal: Int32 {
        case runtime = 10
        case platform = 11
        case engine = 12
        case thread = 13
        case confinement = 14
        case mode = 15
    }

    package static func run(_ mode: EnclaveMode) -> Never {
        let queryLanes = runtime_prepare()
        guard queryLanes >= 0 else { end(.runtime) }
        guard let platform = try? SimulatedPlatform() else { end(.platform) }
        if mode == .development {
            guard !platform.facts.contains(.production) else { end(.mode) }
            say(.development)
        }
        let isStrict = platform.facts.contains(.forbidsNewCode)
        guard let engine = try? WasmEngine(preset: isStrict ? .pulley : .cranelift), engine.prepare() else {
            end(.engine)
        }
        guard let core = try? EnclaveCore(platform: platform, engine: engine, mode: mode) else { end(.platform) }

        let execution = Int32(RUNTIME_EXECUTION_LANE)
        guard
            LaneThread.start({
                ExecutionLane(core: core, socket: FrameSocket(descriptor: execution, isEnclaveSide: true)).serve()
            })
        else { end(.thread) }
        let watches = (0..<queryLanes).map { _ in CallWatch() }
        for index in 0..<queryLanes {
            let watch = watches[Int(index)]
            let lane = Int32(RUNTIME_FIRST_QUERY_LANE) + index
            guard
                LaneThread.start({
                    QueryLane(core: core, socket: FrameSocket(descriptor: lane, isEnclaveSide: true), watch: watch)
                        .serve()
                })
            else { end(.thread) }
        }
        guard LaneThread.start({ core.modules.serve() }) else { end(.thread) }
        guard confine_finally(isStrict) == 0 else { end(.confinement) }

        let control = FrameSocket(descriptor: Int32(RUNTIME_CONTROL_LANE), isEnclaveSide: true)
        ControlLane(
            core: core, socket: control, watches: watches,
            residentBytes: { UInt64(clamping: runtime_resident_bytes_max()) }
        ).serve()
        runtime_end(0)
    }

    /// All that an enclave ever writes to the launcher's log: fixed texts. One that had a value would say here which,
    /// of a type that holds nothing secret.
    private enum LogLine {
        case development

        var text: StaticString {
            switch self {
            case .development: "this is a development enclave: it tells callers where contracts stop"
            }
        }
    }

    private static func say(_ line: LogLine) {
        let text = line.text
        // Safe: the text is a constant of the program.
        _ = unsafe runtime_write(2, text.utf8Start, text.utf8CodeUnitCount)
        _ = unsafe runtime_write(2, "\n", 1)
    }

    private static func end(_ refusal: Refusal) -> Never {
        runtime_end(refusal.rawValue)
    }
}
