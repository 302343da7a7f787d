import EnclaveProtocol
import Foundation
import Glibc

/// The lanes of one enclave over connected sockets: what backends over sockets have in common.
package final class EnclaveLanes: Sendable {
    /// For tests and benchmarks, which use it from one thread; everybody else goes through `withControl`.
    nonisolated(unsafe) package let control: Lane
    nonisolated(unsafe) package let execution: Lane
    nonisolated(unsafe) package let queries: [Lane]
    package let traffic = EnclaveTraffic()
    private let controlLock = NSLock()

    /// Takes over the descriptors (control, execution, queries) and says hello on each.
    package init(_ descriptors: [Int32]) throws {
        var rest = descriptors[...]
        defer { for descriptor in rest { Glibc.close(descriptor) } }
        control = try Lane(descriptor: rest.removeFirst(), kind: .control, traffic: traffic.control)
        execution = try Lane(descriptor: rest.removeFirst(), kind: .execution, traffic: traffic.execution)
        var queries: [Lane] = []
        while !rest.isEmpty {
            queries.append(try Lane(descriptor: rest.removeFirst(), kind: .query, traffic: traffic.queries))
        }
        self.queries = queries
    }

    package func withControl<Value>(_ body: (any ControlLink) throws -> Value) rethrows -> Value {
        try controlLock.withLock { try body(control) }
    }
}
