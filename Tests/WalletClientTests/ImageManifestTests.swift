import LedgerRecords
import PublicCryptography
import SecretCryptography
import Testing

@testable import WalletClient

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

    @Test("a network is of the signed image only if what runs, what made the keys and whoever has them or may is known")
    func network() throws {
        let manifest = try #require(ImageManifest(signed()))
        let (own, other, third) = (manifest.measurement, SHA256.hash([4]), SHA256.hash([5]))
        let honest = VerifiedNetwork(
            chainID: "c", identityHash: .zero, ioExchangeKey: .zero, measurement: own, root: .zero,
            rootIsSimulated: true,
            releases: .none,
            program: .init(measurement: own, signer: SHA256.hash(manifest.publisher), product: 1, securityVersion: 7),
            approved: [own], hasOneRoot: true)
        func failed(
            _ manifest: ImageManifest, holders: Set<Hash32> = [], besides: Set<Hash32> = [],
            _ change: (inout VerifiedNetwork) -> Void = { _ in }
        ) -> [String] {
            var network = honest
            change(&network)
            let checks = manifest.checks(of: network, holders: holders, besides: besides)
            #expect(checks.map(\.subject) == ["image", "signer", "maker", "holders", "approved"])
            return checks.filter { !$0.passed }.map(\.subject)
        }
        #expect(failed(manifest) == [] && failed(manifest, holders: [own]) == [])
        for change: (inout VerifiedNetwork) -> Void in [
            { $0.program.measurement = other }, { $0.program.product = 2 }, { $0.program.securityVersion = 6 },
            { $0.program.securityVersion = 8 },
        ] { #expect(failed(manifest, change) == ["image"]) }
        #expect(failed(try #require(ImageManifest(signed { $0[5] = "debug 1" }))) == ["image"])
        #expect(failed(manifest) { $0.program.signer = other } == ["signer"])
        #expect(failed(manifest) { $0.program.signer = Hash32(manifest.publisher)! } == ["signer"])
        #expect(failed(manifest) { $0.measurement = other } == ["maker"])
        #expect(failed(manifest, holders: [own, other]) == ["holders"])
        #expect(failed(manifest) { $0.approved = [own, other] } == ["approved"])
        // What the auditor knows besides; it may not run in the place of the signed one.
        let taken: (inout VerifiedNetwork) -> Void = { ($0.measurement, $0.approved) = (other, [own, other]) }
        #expect(failed(manifest, holders: [other], besides: [other], taken) == [])
        #expect(failed(manifest, holders: [other, third], besides: [other], taken) == ["holders"])
        #expect(failed(manifest, besides: [other]) { $0.program.measurement = other } == ["image"])
    }
}
