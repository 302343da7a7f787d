import DecidedBlocks
import PublicCryptography

// How the output of a driven transaction leaves before the next header: sealed, under a key that belongs to one result
// in one place of the chain. Linked by both sides, since the enclave seals and the host opens.

/// Where in the chain a transaction stands.
package struct OutputPlace: Equatable, Sendable {
    /// Of the block.
    package var headerHash: Hash32
    package var index: UInt32
    package init(headerHash: Hash32, index: UInt32) { (self.headerHash, self.index) = (headerHash, index) }

    fileprivate var associatedData: [UInt8] {
        Array("cloister/output/1".utf8) + headerHash.bytes + index.bigEndianBytes
    }
}

extension TransactionOutput {
    package static let commitmentByteCount = 2 * Hash32.byteCount

    /// What stands for the output in the transaction's result, and so under the next header's hash of the results:
    /// SHA-256 of salt and data, then SHA-256 of salt and everything else that the enclave says.
    ///
    /// The attack: a clone of an enclave runs a decided transaction with another story, that an earlier one was refused
    /// or a ledger message failed, to read what the contract would have answered. The answer may be in the data, but as
    /// well in an event or an error text of the same code and gas; whatever could carry it must be under the hash, or
    /// the two runs would have the same result and thereby the same key. And the hash itself leaves with the block: who
    /// asked knows how the answer would be sealed for him, and could try the few answers that there may be. So a salt
    /// goes in that only an enclave can make, another one for every answer (`NetworkKeys.outputSalt`).
    ///
    /// - Parameter log: the log as all nodes have it. What a host or a development enclave adds to it is an answer to
    ///   nobody, and may differ from node to node.
    package func commitment(log: String) throws(Failure) -> [UInt8] {
        SHA256.hash(salt + data).bytes + SHA256.hash(salt + (try besidesData(log: log))).bytes
    }

    /// What the salt is made of: the same hashes without one. They leave nowhere.
    package func digest(log: String) throws(Failure) -> [UInt8] {
        SHA256.hash(data).bytes + SHA256.hash(try besidesData(log: log)).bytes
    }

    private func besidesData(log: String) throws(Failure) -> [UInt8] {
        var rest = self
        (rest.data, rest.salt, rest.log) = ([], [], log)
        return try rest.encoded()
    }

    // MARK: - The record

    /// `nonce || XChaCha20-Poly1305(length || output || padding)`.
    ///
    /// One key may seal two outputs that differ in what no result covers (a node's own texts), so the nonce is a keyed
    /// hash of what is sealed: two of them never share one. The padding hides the length up to an eighth.
    package func sealed(key: [UInt8], at place: OutputPlace) throws(Failure) -> [UInt8] {
        let output = try encoded()
        var plaintext = UInt32(output.count).bigEndianBytes + output
        let padded = TransactionOutput.paddedByteCount(plaintext.count)
        plaintext += [UInt8](repeating: 0, count: padded - plaintext.count)
        let keys = TransactionOutput.keys(key)
        let nonce = KeyedHash.blake2b(
            place.associatedData + plaintext, key: keys.nonce, byteCount: XChaCha20Poly1305.nonceByteCount)
        return nonce
            + XChaCha20Poly1305.seal(plaintext, key: keys.cipher, nonce: nonce, associatedData: place.associatedData)
    }

    /// The output in `record`, or `nil` if this is not the key of that result, or not the place.
    package init?(opening record: [UInt8], key: [UInt8], at place: OutputPlace) {
        guard key.count == XChaCha20Poly1305.keyByteCount, record.count > XChaCha20Poly1305.nonceByteCount else {
            return nil
        }
        let nonce = Array(record.prefix(XChaCha20Poly1305.nonceByteCount))
        let sealed = Array(record.dropFirst(XChaCha20Poly1305.nonceByteCount))
        guard
            let plaintext = XChaCha20Poly1305.open(
                sealed, key: TransactionOutput.keys(key).cipher, nonce: nonce, associatedData: place.associatedData),
            plaintext.count >= 4
        else { return nil }
        let count = plaintext.prefix(4).reduce(0) { $0 << 8 | Int($1) }
        guard count <= plaintext.count - 4,
            let output = try? TransactionOutput(decoding: Array(plaintext[4..<4 + count]))
        else { return nil }
        self = output
    }

    /// One of eight sizes for each power of two, and nothing below 512.
    static func paddedByteCount(_ byteCount: Int) -> Int {
        let step = max(64, (1 << (Int.bitWidth - 1 - max(byteCount, 1).leadingZeroBitCount)) / 8)
        return max(512, (byteCount + step - 1) / step * step)
    }

    private static func keys(_ key: [UInt8]) -> (cipher: [UInt8], nonce: [UInt8]) {
        (
            KeyedHash.blake2b(Array("cloister/output/cipher".utf8), key: key, byteCount: 32),
            KeyedHash.blake2b(Array("cloister/output/nonce".utf8), key: key, byteCount: 32)
        )
    }
}

extension DrivenResult {
    /// What stands in consensus for a transaction that was driven: for its output, and for each answer of the ledger
    /// that it was told, without its text, in order.
    ///
    /// The answers are there so that the next header proves the story as well as its end. Whoever runs the block again
    /// under that header is told no other (`EnclaveBeginBlockRequest.next`), and two stories never have one result.
    package static func data(commitment: [UInt8], answers: [Hash32]) -> [UInt8] {
        commitment + answers.flatMap(\.bytes)
    }

    /// The answers in such data; `nil` if this is none.
    package static func answers(in data: [UInt8]) -> [Hash32]? {
        let (first, size) = (TransactionOutput.commitmentByteCount, Hash32.byteCount)
        guard data.count >= first, (data.count - first) % size == 0 else { return nil }
        return stride(from: first, to: data.count, by: size).map {
            certain(Hash32(data[$0..<$0 + size]), "the size was checked")
        }
    }

    /// What consensus covers of it.
    package var leaf: ExecutionResult {
        ExecutionResult(
            code: code, data: data, gasWanted: Int64(clamping: gasWanted), gasUsed: Int64(clamping: gasUsed))
    }
}
