import Dispatch
import EnclaveLink
import EnclaveProtocol
import Foundation
import Synchronization

/// Asks the enclave how it is, every few seconds on a thread of its own: one that no longer answers holds this thread
/// and nobody else's, and shows as silence.
final class EnclaveHeartbeat: Sendable {
    private struct State {
        var lastAnswer = DispatchTime.now().uptimeNanoseconds
        var health: EnclaveHealth?
        var hasEnded = false
    }

    private static let pause = 5.0
    /// Two questions without an answer: what takes less is not worth a word.
    static let silenceSeconds = 10

    private let state = Mutex(State())
    private let stopping = DispatchSemaphore(value: 0)

    init(_ enclave: any EnclaveBackend) {
        let thread = Thread { [self] in
            repeat {
                guard let health = try? enclave.withControl({ try $0.health() }) else {
                    state.withLock { $0.hasEnded = true }
                    return
                }
                state.withLock { ($0.health, $0.lastAnswer) = (health, DispatchTime.now().uptimeNanoseconds) }
            } while stopping.wait(timeout: .now() + Self.pause) == .timedOut
        }
        thread.name = "enclave-health"
        thread.start()
    }

    /// The last that it said.
    var health: EnclaveHealth? { state.withLock { $0.health } }

    /// For how long it has not answered, if that is too long.
    var silentSeconds: Int? {
        let (last, hasEnded) = state.withLock { ($0.lastAnswer, $0.hasEnded) }
        let now = DispatchTime.now().uptimeNanoseconds
        let seconds = Int((now > last ? now - last : 0) / 1_000_000_000)
        return hasEnded || seconds >= Self.silenceSeconds ? seconds : nil
    }

    func stop() { stopping.signal() }
}
