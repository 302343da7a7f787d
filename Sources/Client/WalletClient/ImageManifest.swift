import PublicCryptography

/// What a publisher states of an enclave's image, as `enclave-host/manifest.h` has it: which bytes are measured, which
/// messages it speaks, and who answers for that.
package struct ImageManifest: Equatable, Sendable {
    package var measurement: Hash32
    /// SHA-256 of the declared messages; zeros if the program has none.
    package var boundary: Hash32
    package var product: UInt16
    package var version: UInt16
    package var isDebug: Bool
    /// An Ed25519 public key.
    package var publisher: [UInt8]

    package static let bytesMax = 1024
    private static let versionMax: UInt16 = 1023

    /// `nil` unless it has the one form of a manifest and the publisher that it names has signed it. Anybody may have
    /// written the text.
    package init?(_ text: [UInt8]) {
        guard text.count <= ImageManifest.bytesMax, let lines = String(validating: text, as: UTF8.self) else {
            return nil
        }
        let names = ["measurement", "boundary", "product", "version", "debug", "publisher", "signature"]
        let rows = lines.split(separator: "\n", omittingEmptySubsequences: false)
        guard rows.count == names.count + 2, rows[0] == "cloister image manifest 1" else { return nil }
        var values: [String] = []
        for (row, name) in zip(rows.dropFirst(), names) {
            guard row.hasPrefix(name + " ") else { return nil }
            values.append(String(row.dropFirst(name.count + 1)))
        }
        guard let measurement = Hexadecimal.decode(values[0]).flatMap({ Hash32($0) }),
            let boundary = Hexadecimal.decode(values[1]).flatMap({ Hash32($0) }),
            let product = UInt16(values[2]), let version = UInt16(values[3]), version <= ImageManifest.versionMax,
            ["0", "1"].contains(values[4]), let publisher = Hexadecimal.decode(values[5]), publisher.count == 32,
            let signature = Hexadecimal.decode(values[6]), signature.count == 64
        else { return nil }
        (self.measurement, self.boundary, self.product, self.version) = (measurement, boundary, product, version)
        (isDebug, self.publisher) = (values[4] == "1", publisher)
        let statement = self.statement
        guard Array((statement + "signature \(Hexadecimal.encode(signature))\n").utf8) == text,
            Ed25519.verify(signature: signature, message: Array(statement.utf8), publicKey: publisher)
        else { return nil }
    }

    /// What is signed.
    private var statement: String {
        """
        cloister image manifest 1
        measurement \(Hexadecimal.encode(measurement.bytes))
        boundary \(Hexadecimal.encode(boundary.bytes))
        product \(product)
        version \(version)
        debug \(isDebug ? 1 : 0)
        publisher \(Hexadecimal.encode(publisher))

        """
    }
}
