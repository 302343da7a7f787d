/// Programs as children of a test with exactly the descriptors that they were given, and the lanes to an enclave.
///
/// It knows no protocol: what crosses a lane is the business of whoever holds its end.
import Glibc

package struct SystemFailure: Error, CustomStringConvertible {
    package var description: String

    package init(_ call: String, _ number: Int32 = errno) {
        description = "\(call): \(String(cString: strerror(number)))"
    }
}

/// The two ends of a lane; neither survives an execution.
package func socketPair() throws -> (Int32, Int32) {
    var pair: [Int32] = [0, 0]
    guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0, &pair) == 0 else {
        throw SystemFailure("socketpair")
    }
    return (pair[0], pair[1])
}

/// A peer that hangs fails the test instead of hanging it.
package func setPatience(of descriptor: Int32, seconds: Int = 120) {
    var patience = timeval(tv_sec: seconds, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
}

/// The lanes of an enclave: what the test keeps, and what the launcher is given.
package func laneEnds(_ count: Int, patienceSeconds: Int) throws -> (host: [Int32], enclave: [Int32]) {
    var ends: (host: [Int32], enclave: [Int32]) = ([], [])
    for _ in 0..<count {
        let (host, enclave) = try socketPair()
        setPatience(of: host, seconds: patienceSeconds)
        ends.host.append(host)
        ends.enclave.append(enclave)
    }
    return ends
}
