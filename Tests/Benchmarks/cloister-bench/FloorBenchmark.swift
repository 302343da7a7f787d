import BenchmarkKit
import Foundation
import Glibc
import PublicCryptography
import SecretCryptography
import StateProofs
import StateStore
import TransactionFixtures

/// What nobody can go below here and now: a bare socket round trip, the primitives that a call cannot do without, one
/// wait for the disk.
struct FloorBenchmark {
    private let count = 1_000

    init(_ options: Options) {}

    func run(_ report: Report) throws {
        report.section("floor")
        report.row("socket round trip, 512 bytes each way, two threads", try socketRoundTrips())
        report.row("4 KiB written and synchronized (fdatasync)", try synchronizedWrites())
        primitives(report)
        try proofs(report)
    }

    // MARK: - Sockets and disk

    private func socketRoundTrips() throws -> Samples {
        var pair: [Int32] = [0, 0]
        guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &pair) == 0 else { return Samples() }
        let (mine, other) = (pair[0], pair[1])
        let echo = Thread {
            var buffer = [UInt8](repeating: 0, count: 512)
            while FloorBenchmark.receive(other, &buffer) { _ = write(other, buffer, buffer.count) }
            close(other)
        }
        echo.start()
        defer { close(mine) }
        var buffer = [UInt8](repeating: 7, count: 512)
        return Samples.timing(4 * count) {
            _ = write(mine, buffer, buffer.count)
            _ = FloorBenchmark.receive(mine, &buffer)
        }
    }

    private static func receive(_ descriptor: Int32, _ buffer: inout [UInt8]) -> Bool {
        var done = 0
        while done < buffer.count {
            let wanted = buffer.count - done
            let count = buffer.withUnsafeMutableBytes { read(descriptor, $0.baseAddress! + done, wanted) }
            guard count > 0 else { return false }
            done += count
        }
        return true
    }

    private func synchronizedWrites() throws -> Samples {
        let path = NSTemporaryDirectory() + "cloister-bench-\(Machine.runID).sync"
        let descriptor = open(path, O_RDWR | O_CREAT, 0o600)
        guard descriptor >= 0 else { return Samples() }
        defer {
            close(descriptor)
            unlink(path)
        }
        let page = [UInt8](repeating: 1, count: 4096)
        return Samples.timing(100, warmUp: 3) {
            _ = write(descriptor, page, page.count)
            _ = fdatasync(descriptor)
        }
    }

    // MARK: - Primitives

    private func primitives(_ report: Report) {
        let key = BenchmarkUser.keys(1)[0]
        let document = [UInt8](repeating: 3, count: 700)
        let signature = key.sign(document)
        let digest = SHA256.hash(document)
        report.row(
            "secp256k1 signature verified",
            Samples.timing(count) {
                _ = Secp256k1.verify(signature: signature, digest: digest, publicKey: key.publicKey)
            })
        let validator = SecretKey.random()
        let (vote, publicKey) = (
            Ed25519Signer.sign(document, privateKey: validator), Ed25519Signer.publicKey(of: validator)
        )
        report.row(
            "Ed25519 signature verified",
            Samples.timing(count) { _ = Ed25519.verify(signature: vote, message: document, publicKey: publicKey) })
        let mine = SecretKey.random()
        let theirs = X25519.publicKey(of: SecretKey.random())
        let nonce = SecretRandom.bytes(32)
        report.row(
            "X25519 key agreement and derivation",
            Samples.timing(count) { _ = TransactionKey(privateKey: mine, publicKey: theirs, nonce: nonce) != nil })
        if var input = TransactionKey(privateKey: mine, publicKey: theirs, nonce: nonce) {
            let sealed = input.seal([UInt8](repeating: 5, count: 200))
            report.row("input of 200 bytes opened (AES-SIV)", Samples.timing(count) { _ = input.open(sealed) })
        }
        var state = AESSIV(key: mine)
        let value = [UInt8](repeating: 5, count: 256)
        report.row(
            "state value of 256 bytes sealed (AES-SIV)",
            Samples.timing(count) { _ = state.seal(value, associatedData: [nonce]) })
        report.row("SHA-256 of 64 bytes", Samples.timing(count) { _ = SHA256.hash(value[..<64]) })
    }

    private func proofs(_ report: Report) throws {
        let store = try BenchmarkStore()
        let (root, snapshot) = (store.root, store.snapshot)
        let keys = store.keys(10, from: 0)
        let proved = try snapshot.multiproof(StoreName.compute, keys)
        let making = try Samples.timing(count) { _ = try snapshot.multiproof(StoreName.compute, keys) }
        report.row("proof of 10 of 50,000 values made (host)", making)
        let checking = try Samples.timing(count) {
            try MultiProof.verify(root: root, keys: keys, values: proved.values, proof: proved.proof)
        }
        report.row("proof of 10 of 50,000 values checked (enclave)", checking)
        report.row("  for each value", checking.median / 10, .time, note: "< 15 us")
    }
}
