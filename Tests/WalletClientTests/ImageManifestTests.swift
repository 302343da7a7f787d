import PublicCryptography
import SecretCryptography
import Testing
import WalletClient

@Suite("Image manifest") struct ImageManifestTests {
    private let key = SHA256.hash([1]).bytes

    private func signed(_ change: (inout [String]) -> Void = { _ in }) -> [UInt8] {
        let publisher = Ed25519Signer.publicKey(of: SecretKey(copying: key)!)
        var lines = [
            "cloister image manifest 1", "measurement " + SHA256.hash([2]).description,
            "boundary " + SHA256.hash([3]).description, "product 1", "version 7", "debug 0",
            "publisher " + Hexadecimal.encode(publisher),
        ]
        change(&lines)
        let statement = lines.map { $0 + "\n" }.joined()
        let signature = Ed25519Signer.sign(Array(statement.utf8), privateKey: SecretKey(copying: key)!)
        return Array((statement + "signature " + Hexadecimal.encode(signature) + "\n").utf8)
    }

    @Test("a statement that its publisher signed says which image, messages and version")
    func accepted() throws {
        let manifest = try #require(ImageManifest(signed()))
        #expect(manifest.measurement == SHA256.hash([2]) && manifest.boundary == SHA256.hash([3]))
        #expect(manifest.product == 1 && manifest.version == 7 && !manifest.isDebug)
        #expect(ImageManifest(signed { $0[5] = "debug 1" })?.isDebug == true)
    }

    @Test("no bit of it can be changed, nothing be written otherwise, and no end is missing")
    func refused() {
        let text = signed()
        for position in text.indices {
            for bit in 0..<8 {
                var changed = text
                changed[position] ^= 1 << UInt8(bit)
                #expect(ImageManifest(changed) == nil, "byte \(position), bit \(bit)")
            }
            #expect(ImageManifest(Array(text[..<position])) == nil)
        }
        #expect(ImageManifest(text + [0x0a]) == nil && ImageManifest([]) == nil)
        #expect(ImageManifest([UInt8](repeating: 0x0a, count: ImageManifest.bytesMax + 1)) == nil)
        // Signed, and not as it is written.
        let others: [(inout [String]) -> Void] = [
            { $0[0] = "cloister image manifest 2" }, { $0[1] = $0[1].uppercased() },
            { $0[3] = "product 01" }, { $0[3] = "product 65536" }, { $0[4] = "version 1024" }, { $0[4] = "version +7" },
            { $0[5] = "debug 2" }, { $0.swapAt(3, 4) }, { $0.append("more 1") }, { $0[1] += " " },
            { $0[6] = "publisher " + SHA256.hash([9]).description },
        ]
        for (number, change) in others.enumerated() { #expect(ImageManifest(signed(change)) == nil, "\(number)") }
    }
}
