import EnclaveProtocol
import PublicCryptography
import SecretCryptography

/// One lane seen from inside: it says hello, hands each call to its handler and sends the one reply. While a call is
/// worked on, `ask` puts a question to the host, whose answer is the only legal next frame.
final class LaneSession {
    enum End: Equatable { case closedByHost, closedByFailure(Failure) }

    private let socket: FrameSocket
    private let kind: LaneKind
    /// Runs before any frame leaves: what has been vouched for is bound first (`Vouching`).
    var beforeSending: () throws -> Void = {}

    init(socket: FrameSocket, kind: LaneKind) {
        self.socket = socket
        self.kind = kind
    }

    var transcript: [UInt8] { socket.transcriptHash.bytes }

    /// Serves the lane until it ends.
    func run(_ handle: (ToEnclave) throws -> FromEnclave) -> End {
        var saidHello = false
        while true {
            do {
                let message = try receive()
                if saidHello {
                    try send(try handle(message))
                } else {
                    try send(.hello(try greet(message)))
                    saidHello = true
                }
            } catch let failure as Failure {
                // A failure carries no fact that the journal must bind: it is sent as it is.
                if let frame = try? FromEnclave.failure(failure.rawValue).encoded() { try? socket.send(frame) }
                guard !failure.closesLane, saidHello else {
                    socket.end()
                    return .closedByFailure(failure)
                }
            } catch {
                socket.end()
                return .closedByHost
            }
        }
    }

    /// Puts a question to the host and waits for its answer.
    func ask(_ question: FromEnclave) throws -> ToEnclave {
        try send(question)
        return try receive()
    }

    private func greet(_ message: ToEnclave) throws(Failure) -> Hello {
        guard case .hello(let hello) = message else { throw .unexpectedMessage }
        guard hello.version == BoundaryProtocol.version, hello.manifestHash == BoundaryProtocol.manifestHash else {
            throw .wrongVersion
        }
        guard hello.lane == kind else { throw .wrongLane }
        return hello
    }

    private func receive() throws -> ToEnclave {
        let body: [UInt8]
        do {
            body = try socket.receive()
        } catch FrameSocket.SocketError.frameTooLong {
            throw Failure.frameTooLong
        }
        // A key that a file held until now comes here.
        defer { if kind == .control { Wiping.wipe(body) } }
        return try ToEnclave(decoding: body)
    }

    private func send(_ message: FromEnclave) throws {
        try beforeSending()
        try socket.send(message.encoded())
    }
}
