import ABCIServer
import ChainFormats
import Foundation
import Glibc
import Logging
import PeerWire
import ValidatorSigning

/// A thread of its own, until `stop`.
package final class RemoteSigner: @unchecked Sendable {
    // `descriptor`, `isStopped` and `hasStarted` are touched only under `condition`; the signer by the thread alone.
    private let address: SocketAddress
    private let signer: EnclaveSigner
    private let chainID: String
    private let nodeKey: NodeKey
    private let logger: Logger
    private let onStop: @Sendable (any Error) -> Void
    private let condition = NSCondition()
    private var descriptor: Int32 = -1
    private var isStopped = false
    private var hasStarted = false
    private let ended = DispatchSemaphore(value: 0)

    /// CometBFT pings every three seconds; who is silent for longer is gone.
    private static let silenceSeconds = 10
    private static let retrySeconds = 0.1
    /// Longer than the signer's patience.
    private static let answerSeconds = 2.0
    /// CometBFT listens a moment after its start.
    private static let failuresBeforeWarning = 100

    /// Over TCP the connection is sealed, and `nodeKey` says who speaks. `onStop` hears why nothing more is signed.
    package init(
        _ address: SocketAddress, signer: EnclaveSigner, chainID: String, nodeKey: NodeKey, logger: Logger,
        onStop: @escaping @Sendable (any Error) -> Void
    ) {
        (self.address, self.signer, self.chainID) = (address, signer, chainID)
        (self.nodeKey, self.logger, self.onStop) = (nodeKey, logger, onStop)
    }

    package func start() {
        let thread = Thread { [self] in
            defer { ended.signal() }
            var failures = 0
            while !shouldEnd(after: 0) {
                if let socket = try? address.connect(seconds: Self.silenceSeconds), keep(socket) {
                    failures = 0
                    let reason = serve(socket)
                    release(socket)
                    if !shouldEnd(after: 0) {
                        logger.warning("CometBFT's signer connection ended", metadata: ["reason": "\(reason)"])
                    }
                } else {
                    failures += 1
                    if failures == Self.failuresBeforeWarning {
                        logger.warning("CometBFT does not listen for its signer", metadata: ["address": "\(address)"])
                    }
                }
                _ = shouldEnd(after: Self.retrySeconds)
            }
        }
        thread.name = "remote-signer"
        condition.withLock { hasStarted = true }
        thread.start()
    }

    /// Ends the connection, too, and waits for an answer that is under way: the enclave may end afterwards.
    package func stop() {
        condition.lock()
        isStopped = true
        if descriptor >= 0 { shutdown(descriptor, Int32(SHUT_RDWR)) }
        let mustWait = hasStarted
        condition.broadcast()
        condition.unlock()
        if mustWait, ended.wait(timeout: .now() + Self.answerSeconds) == .success { ended.signal() }
    }

    private func shouldEnd(after seconds: Double) -> Bool {
        condition.lock()
        defer { condition.unlock() }
        if !isStopped, seconds > 0 { _ = condition.wait(until: Date(timeIntervalSinceNow: seconds)) }
        return isStopped
    }

    /// `false` if it must end already.
    private func keep(_ socket: Int32) -> Bool {
        condition.lock()
        defer { condition.unlock() }
        guard !isStopped else {
            close(socket)
            return false
        }
        descriptor = socket
        return true
    }

    private func release(_ socket: Int32) {
        condition.lock()
        defer { condition.unlock() }
        descriptor = -1
        close(socket)
    }

    // MARK: - A connection

    private enum End: Error { case closed, silent }

    /// Until it ends; tells why it did.
    private func serve(_ socket: Int32) -> any Error {
        do {
            var stream = makeStream()
            try write(stream.hello, to: socket)
            logger.info("CometBFT's signer is connected", metadata: ["address": "\(address)"])
            var buffer = [UInt8](repeating: 0, count: 4096)
            while true {
                let count = recv(socket, &buffer, buffer.count, 0)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { throw count == 0 ? End.closed : End.silent }
                try write(stream.receive(buffer[..<count]), to: socket)
                while let message = try stream.next() {
                    try write(stream.seal(answer(to: PrivvalRequest(protobuf: message)).delimited), to: socket)
                }
            }
        } catch { return error }
    }

    private func makeStream() -> PrivvalStream {
        guard case .tcp = address else { return PrivvalStream() }
        return PrivvalStream(
            secret: (0..<SecretHandshake.keyByteCount).map { _ in UInt8.random(in: 0...255) },
            publicKey: nodeKey.publicKey, sign: nodeKey.sign)
    }

    private func write(_ bytes: [UInt8], to socket: Int32) throws(End) {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes {
                send(socket, $0.baseAddress! + sent, $0.count - sent, Int32(MSG_NOSIGNAL))
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw .closed }
            sent += count
        }
    }

    /// Whatever is asked for is answered; what is not signed says why. What refuses not this one thing is an
    /// enclave that is gone, or that found out that it is one of two.
    func answer(to request: PrivvalRequest) -> PrivvalAnswer {
        do {
            switch request {
            case .ping: return .pong
            case .publicKey(let asked):
                guard asked == chainID else { throw SignerRefusal.otherChain }
                return .publicKey(signer.publicKey)
            case .vote(var vote, let asked):
                // No application of ours extends votes, and an extension is nothing that the enclave signs.
                guard vote.voteExtension.isEmpty else { throw SignerRefusal.withExtension }
                try signer.sign(&vote, chainID: asked)
                return .vote(vote)
            case .proposal(var proposal, let asked):
                try signer.sign(&proposal, chainID: asked)
                return .proposal(proposal)
            }
        } catch {
            logger.warning("does not sign for CometBFT", metadata: ["why": "\(error)"])
            if !(error is SignerRefusal) { onStop(error) }
            return .refusal(of: request, "\(error)")
        }
    }
}
