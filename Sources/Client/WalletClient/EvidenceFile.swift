import Attestation
import Foundation
import PublicCryptography
import StrictJSON
import Wire

/// Evidence as it lies in files: a quote, and what its maker publishes besides.
package struct EvidenceFile: Sendable {
    /// Guests hand out quotes with zeros behind them: 3,065 were seen.
    package static let trailingZerosMax = 4_096

    package let quote: [UInt8]
    package let collateral: Collateral?

    /// `quote` is as it is or in hexadecimal digits. `collateral` is in the encoding of the chain, or the JSON that
    /// Intel's caching service and dcap-qvl write (`tcb_info`, `tcb_info_signature`, `pck_crl` and so on).
    package init(quote: [UInt8], collateral: [UInt8]? = nil) throws {
        let text = String(decoding: quote, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        self.quote = text.utf8.count > 2 * 432 ? Hexadecimal.decode(text) ?? quote : quote
        guard let collateral else {
            self.collateral = nil
            return
        }
        if collateral.first(where: { ![0x09, 0x0a, 0x0d, 0x20].contains($0) }) == UInt8(ascii: "{") {
            self.collateral = try CollateralJSON.read(collateral, for: self.quote)
        } else {
            guard let decoded = try? Collateral(protobuf: collateral) else {
                throw ClientError(.invalidInput, "the collateral is neither JSON nor in the encoding of the chain")
            }
            self.collateral = decoded
        }
    }
}

/// The JSON of collateral. It repeats certificates that the quote has too; here they have to be the same ones.
package enum CollateralJSON {
    private static let limits = JSONLimits(bytesMax: 512 * 1024, depthMax: 4, valuesMax: 64)

    static func read(_ encoded: [UInt8], for quote: [UInt8]) throws -> Collateral {
        func refuse(_ text: String) -> ClientError { ClientError(.invalidInput, "the collateral's " + text) }
        guard let json = try? JSONReader.parse(encoded, limits: limits) else { throw refuse("JSON cannot be read") }
        func text(_ name: String) throws -> String {
            guard let text = json[name]?.string else { throw refuse("\(name) is missing") }
            return text
        }
        func bytes(_ name: String) throws -> [UInt8] {
            guard let bytes = Hexadecimal.decode(try text(name)) else { throw refuse("\(name) is not hexadecimal") }
            return bytes
        }
        func chain(_ name: String) throws -> [[UInt8]] {
            guard let chain = CertificateText.decode(Array(try text(name).utf8), count: 2) else {
                throw refuse("\(name) is not two certificates in PEM")
            }
            return chain
        }
        func signed(_ name: String) throws -> SignedText {
            var signed = SignedText()
            (signed.text, signed.signature) = (Array(try text(name).utf8), try bytes(name + "_signature"))
            signed.signer = try chain(name + "_issuer_chain")[0]
            return signed
        }
        let collateral = Collateral(
            rootList: try bytes("root_ca_crl"), platformList: try bytes("pck_crl"), levels: try signed("tcb_info"),
            quotingEnclave: try signed("qe_identity"))
        let own = (try? UnverifiedQuote(quote, trailingZerosMax: EvidenceFile.trailingZerosMax))
            .flatMap { CertificateChain.read($0.certificationData) }
        if let own {
            guard try chain("pck_crl_issuer_chain") == [own.authority.der, own.embeddedRoot.der],
                try chain("tcb_info_issuer_chain")[1] == own.embeddedRoot.der,
                try chain("qe_identity_issuer_chain")[1] == own.embeddedRoot.der
            else { throw refuse("certificates are not those of the quote") }
        }
        return collateral
    }

    /// As dcap-qvl reads it.
    package static func text(_ collateral: Collateral, for chain: CertificateChain) -> String {
        func pem(_ chain: [[UInt8]]) -> JSONValue { .string(chain.map(CollateralJSON.pem).joined()) }
        func hexadecimal(_ bytes: [UInt8]) -> JSONValue { .string(Hexadecimal.encode(bytes)) }
        let root = chain.embeddedRoot.der
        var members: [(String, JSONValue)] = [
            ("pck_crl_issuer_chain", pem([chain.authority.der, root])),
            ("root_ca_crl", hexadecimal(collateral.rootList)), ("pck_crl", hexadecimal(collateral.platformList)),
        ]
        for (name, signed) in [("tcb_info", collateral.levels), ("qe_identity", collateral.quotingEnclave)] {
            members += [
                (name + "_issuer_chain", pem([signed.signer, root])),
                (name, .string(String(decoding: signed.text, as: UTF8.self))),
                (name + "_signature", hexadecimal(signed.signature)),
            ]
        }
        return JSONWriter.text(of: .object(members))
    }

    private static func pem(_ der: [UInt8]) -> String {
        var rest = Base64.encode(der)[...]
        var text = "-----BEGIN CERTIFICATE-----\n"
        while !rest.isEmpty {
            text += rest.prefix(64) + "\n"
            rest = rest.dropFirst(64)
        }
        return text + "-----END CERTIFICATE-----\n"
    }
}

extension TrustRoot {
    /// Intel SGX Root CA, by its key: the root of SGX and TDX in production.
    package static let intel = TrustRoot(
        name: "Intel SGX Root CA", kind: .hardware,
        publicKeyInfoHash: Hash32(
            Hexadecimal.decode("a0af031289f5d5d4132f9186068a7fc13628633ba235777472e29b6b6c67a49e") ?? []) ?? .zero)
}
