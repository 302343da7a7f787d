import Dispatch
import Glibc

/// Ends the process some time after a signal that asks for it, whatever its parts wait for: a thread that never comes
/// back must not make a node that only SIGKILL ends.
///
/// On a queue of its own, since all threads of the others may be the ones that wait.
final class LastResort: @unchecked Sendable {
    // Made once; Dispatch allows a source to be cancelled from every thread.
    private let sources: [any DispatchSourceSignal]

    init(seconds: Double, _ say: @escaping @Sendable () -> Void) {
        let queue = DispatchQueue(label: "last-resort")
        sources = [SIGTERM, SIGINT].map { number in
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler {
                queue.asyncAfter(deadline: .now() + seconds) {
                    say()
                    _exit(NodeExit.failed.rawValue)
                }
            }
            source.activate()
            return source
        }
    }

    func cancel() { for source in sources { source.cancel() } }
}
