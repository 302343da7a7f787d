import Glibc

/// Where an application listens or an RPC answers, as CometBFT writes it: `unix:///path` or `tcp://127.0.0.1:26658`.
package enum SocketAddress: Hashable, Sendable, CustomStringConvertible {
    case unix(String)
    case tcp(host: String, port: UInt16)

    /// The longest path that fits into an address, with the zero behind it.
    package static let pathBytesMax = MemoryLayout.size(ofValue: sockaddr_un().sun_path) - 1

    /// TCP addresses must be this machine's own numbers: neither ABCI nor the RPC says who speaks.
    package init?(_ text: String) {
        if text.hasPrefix("unix://") {
            let path = String(text.dropFirst(7))
            guard path.hasPrefix("/"), path.utf8.count <= Self.pathBytesMax, !path.utf8.contains(0) else { return nil }
            self = .unix(path)
        } else if text.hasPrefix("tcp://") {
            let parts = text.dropFirst(6).split(separator: ":", omittingEmptySubsequences: false)
            guard parts.count == 2, let port = UInt16(parts[1]) else { return nil }
            let host = parts[0] == "localhost" ? "127.0.0.1" : String(parts[0])
            guard host.hasPrefix("127."), Self.number(of: host) != nil else { return nil }
            self = .tcp(host: host, port: port)
        } else {
            return nil
        }
    }

    package var description: String {
        switch self {
        case .unix(let path): "unix://\(path)"
        case .tcp(let host, let port): "tcp://\(host):\(port)"
        }
    }

    private static func number(of host: String) -> in_addr? {
        var address = in_addr()
        return inet_pton(AF_INET, host, &address) == 1 ? address : nil
    }

    /// An open socket of this address's family.
    private func makeSocket() throws(SocketError) -> Int32 {
        let family = if case .unix = self { AF_UNIX } else { AF_INET }
        let descriptor = socket(family, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw SocketError("socket", self) }
        return descriptor
    }

    private func withAddress(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
        switch self {
        case .unix(let path):
            var address = sockaddr_un()
            address.sun_family = sa_family_t(AF_UNIX)
            withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
            return withUnsafePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
                }
            }
        case .tcp(let host, let port):
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = port.bigEndian
            address.sin_addr = Self.number(of: host) ?? in_addr()
            return withUnsafePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
        }
    }

    /// A socket that listens here. One of a process that is gone is taken over; the node's home has a lock for others.
    package func listen() throws(SocketError) -> Int32 {
        if case .unix(let path) = self { unlink(path) }
        let descriptor = try makeSocket()
        var on: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
        // Linux gives a Unix socket's file the mode of its descriptor. The umask is the whole process's: whoever else
        // made a file meanwhile would have that mask, too.
        if case .unix = self, fchmod(descriptor, 0o600) != 0 {
            let error = SocketError("listen", self)
            close(descriptor)
            throw error
        }
        let status = withAddress { Glibc.bind(descriptor, $0, $1) }
        guard status == 0, Glibc.listen(descriptor, 16) == 0 else {
            let error = SocketError("listen", self)
            close(descriptor)
            throw error
        }
        return descriptor
    }

    /// A connection to this address, of which each read and write ends after `seconds`.
    package func connect(seconds: Int) throws(SocketError) -> Int32 {
        let descriptor = try makeSocket()
        var patience = timeval(tv_sec: seconds, tv_usec: 0)
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            setsockopt(descriptor, SOL_SOCKET, option, &patience, socklen_t(MemoryLayout<timeval>.size))
        }
        guard withAddress({ Glibc.connect(descriptor, $0, $1) }) == 0 else {
            let error = SocketError("connect", self)
            close(descriptor)
            throw error
        }
        return descriptor
    }

    /// A connection to any machine, of which each read and write ends after `seconds`.
    package static func connect(host: String, port: UInt16, seconds: Int) throws(SocketError) -> Int32 {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, "\(port)", &hints, &list) == 0, let first = list else {
            errno = EHOSTUNREACH
            throw SocketError("getaddrinfo", "\(host):\(port)")
        }
        defer { freeaddrinfo(list) }
        let descriptor = socket(
            first.pointee.ai_family, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw SocketError("socket", "\(host):\(port)") }
        var patience = timeval(tv_sec: seconds, tv_usec: 0)
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            setsockopt(descriptor, SOL_SOCKET, option, &patience, socklen_t(MemoryLayout<timeval>.size))
        }
        guard Glibc.connect(descriptor, first.pointee.ai_addr, first.pointee.ai_addrlen) == 0 else {
            let error = SocketError("connect", "\(host):\(port)")
            close(descriptor)
            throw error
        }
        return descriptor
    }

    /// The port that the kernel chose for a socket that listens at port 0.
    package static func port(of descriptor: Int32) -> UInt16? {
        var address = sockaddr_in()
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let status = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &size) }
        }
        return status == 0 && address.sin_family == sa_family_t(AF_INET) ? UInt16(bigEndian: address.sin_port) : nil
    }
}

/// What the kernel answered to a call on a socket that should have worked.
package struct SocketError: Error, Equatable, CustomStringConvertible {
    package var call: String
    package var address: String
    package var code: Int32

    init(_ call: String, _ address: SocketAddress) { self.init(call, "\(address)") }

    init(_ call: String, _ address: String) { (self.call, self.address, code) = (call, address, errno) }

    package var description: String { "\(call) \(address): \(String(cString: strerror(code)))" }
}
