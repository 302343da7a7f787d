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
    var beforeSending: () throws(Failure) -> Void = {}
    /// The host has gone, or the lane ends as if it had: nobody is told why.
    private var isOver = false

    init(socket: FrameSocket, kind: LaneKind) {
        self.socket = socket
        self.kind = kind
    }

    var transcript: [UInt8] { socket.transcriptHash.bytes }

    /// Serves the lane until it ends.
    func run(_ handle: (ToEnclave) throws(Failure) -> FromEnclave) -> End {
        var saidHello = false
        while true {
            do throws(Failure) {
                let message = try receive()
                if saidHello {
                    try send(try handle(message))
                } else {
                    try send(.hello(try greet(message)))
                    saidHello = true
                }
            } catch {
                guard !isOver else {
                    socket.end()
                    return .closedByHost
                }
                // A failure carries no fact that the journal must bind: it is sent as it is.
                if let frame = try? FromEnclave.failure(error.rawValue).encoded() { try? socket.send(frame) }
                guard !error.closesLane, saidHello else {
                    socket.end()
                    return .closedByFailure(error)
                }
            }
        }
    }

    /// Puts a question to the host and waits for its answer.
    func ask(_ question: FromEnclave) throws(Failure) -> ToEnclave {
        try send(question)
        return try receive()
    }

    /// Headers from `highest` downwards, at most `count`; the host may answer anything.
    func headers(highest: UInt64, count: UInt32) throws(Failure) -> [[UInt8]] {
        guard case .headers(let headers) = try ask(.readHeaders(highest: highest, count: count)) else {
            throw .unexpectedMessage
        }
        return headers
    }

    private func greet(_ message: ToEnclave) throws(Failure) -> Hello {
        guard case .hello(let hello) = message else { throw .unexpectedMessage }
        guard hello.version == BoundaryProtocol.version, hello.manifestHash == BoundaryProtocol.manifestHash else {
            throw .wrongVersion
        }
        guard hello.lane == kind else { throw .wrongLane }
        return hello
    }

    /// What is thrown of a fault that no number tells: the lane ends with it.
    func ending() -> Failure {
        isOver = true
        return .unexpectedMessage
    }

    private func receive() throws(Failure) -> ToEnclave {
        let body: [UInt8]
        do throws(FrameSocket.SocketError) {
            body = try socket.receive()
        } catch {
            throw error == .frameTooLong ? .frameTooLong : ending()
        }
        // A key that a file held until now comes here.
        defer { if kind == .control { Wiping.wipe(body) } }
        return try ToEnclave(decoding: body)
    }

    private func send(_ message: FromEnclave) throws(Failure) {
        try beforeSending()
        let frame = try message.encoded()
        do { try socket.send(frame) } catch { throw ending() }
    }
}
