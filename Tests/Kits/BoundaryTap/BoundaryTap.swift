/// An auditor's tap: decodes every byte that leaves an enclave against what `proto/boundary/v1` declares, with a reader
/// of its own.
///
/// It reads the declaration itself and shares no code with the enclave's coding. It assumes that it sees a lane's bytes
/// in the order in which they cross, what goes in before what it is answered with. It cannot tell a ciphertext from a
/// secret that was put in the ciphertext's place: what may stand where is all that it knows.

import Synchronization

/// Follows one lane: every frame is as declared, and the enclave speaks once for each frame that it was sent, and says
/// what that call may be answered with.
package final class LaneTap: Sendable {
    package let lane: String
    private let state = Mutex(State())
    private let failureNumbers: Set<UInt64>

    private struct State {
        var inward: [UInt8] = []
        var outward: [UInt8] = []
        /// Frames that the enclave has not answered yet.
        var owed = 0
        var call = ""
        var violations: [String] = []
        var frames: [(way: DeclaredBoundary.Way, frame: BoundaryReader.Frame, byteCount: Int)] = []
    }

    package static let frameBytesMax = 16 << 20

    /// - Parameter failureNumbers: what a refusal may say.
    package init(lane: String, failureNumbers: Set<UInt64>) {
        (self.lane, self.failureNumbers) = (lane, failureNumbers)
    }

    /// What was not declared, so far.
    package var violations: [String] { state.withLock { $0.violations } }

    /// Every frame that crossed, in its order, and how long it was.
    package var frames: [(way: DeclaredBoundary.Way, frame: BoundaryReader.Frame, byteCount: Int)] {
        state.withLock { $0.frames }
    }

    package func forget() { state.withLock { $0.frames = [] } }

    /// Bytes on their way into the enclave. The host may say what it likes; the enclave's decoder is for that.
    package func sent(_ bytes: ArraySlice<UInt8>) {
        state.withLock { state in
            state.inward += bytes
            while let body = LaneTap.takeFrame(&state.inward) {
                state.owed += 1
                guard let frame = try? BoundaryReader.read(body, .intoEnclave, lane: lane) else { continue }
                if frame.message.hasPrefix("Enclave") || frame.message == "Hello" { state.call = frame.message }
                state.frames.append((.intoEnclave, frame, body.count))
            }
        }
    }

    /// Bytes that left the enclave.
    package func received(_ bytes: ArraySlice<UInt8>) {
        state.withLock { state in
            state.outward += bytes
            while let body = LaneTap.takeFrame(&state.outward) {
                do {
                    let frame = try BoundaryReader.read(body, .outOfEnclave, lane: lane)
                    state.frames.append((.outOfEnclave, frame, body.count))
                    try checkTurn(frame, body, &state)
                } catch {
                    state.violations.append("lane \(lane): \(error)")
                }
                state.owed = max(0, state.owed - 1)
            }
            if state.outward.count >= 4, LaneTap.length(state.outward) > LaneTap.frameBytesMax {
                state.violations.append("lane \(lane): what is no frame")
                state.outward = []
            }
        }
    }

    private func checkTurn(_ frame: BoundaryReader.Frame, _ body: [UInt8], _ state: inout State) throws {
        typealias Undeclared = BoundaryReader.Undeclared
        guard state.owed > 0 else { throw Undeclared(frame.message, "was not asked for") }
        if frame.message == "Failure" {
            var number: UInt64 = 0
            for byte in body[frame.leaves[0].range].reversed() { number = number << 7 | UInt64(byte & 0x7f) }
            guard failureNumbers.contains(number) else { throw Undeclared(frame.message, "has no number \(number)") }
        } else if frame.message.hasPrefix("Host") {
            guard state.call.hasPrefix("Enclave") else { throw Undeclared(frame.message, "asks without a call") }
        } else if frame.message != LaneTap.answers[state.call] ?? state.call.replacing("Request", with: "Response") {
            throw Undeclared(frame.message, "is no answer to \(state.call)")
        }
    }

    /// Calls whose answer is not called as they are.
    private static let answers = [
        "Hello": "Hello",
        "EnclaveBootstrapRequest": "EnclaveOpenResponse",
        "EnclaveUnsealRequest": "EnclaveOpenResponse",
        "EnclaveJoinRequest": "EnclaveOpenResponse",
        "EnclaveOpenFoundedRequest": "EnclaveOpenResponse",
        "EnclaveMakeConsensusKeyRequest": "EnclaveConsensusKeyResponse",
        "EnclaveImportConsensusKeyRequest": "EnclaveConsensusKeyResponse",
        "EnclaveOpenConsensusKeyRequest": "EnclaveConsensusKeyResponse",
        "EnclaveTakeOverKeyRequest": "EnclaveConsensusKeyResponse",
    ]

    private static func length(_ bytes: [UInt8]) -> Int { bytes[..<4].reduce(0) { $0 << 8 | Int($1) } }

    /// The body of a whole frame at the front, which goes.
    package static func takeFrame(_ bytes: inout [UInt8]) -> [UInt8]? {
        guard bytes.count >= 4 else { return nil }
        let length = length(bytes)
        guard length <= frameBytesMax, bytes.count >= 4 + length else { return nil }
        defer { bytes.removeFirst(4 + length) }
        return Array(bytes[4..<4 + length])
    }
}
