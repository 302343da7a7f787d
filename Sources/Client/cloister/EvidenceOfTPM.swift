import ArgumentParser
import Attestation
import Foundation
import PublicCryptography
import StrictJSON
import TPMQuotes
import WalletClient

/// How a quote of a TPM in a file, as `tpm2_quote` writes it, is verified.
struct TPMOptions: ParsableArguments {
    @Option(help: "For a TPM's quote: the file with its signature.") var signature: String?
    @Option(help: "For a TPM's quote: the attestation key to expect (PEM or DER).") var attestationKey: String?
    @Option(help: "For a TPM's quote: a certificate (DER) of the chain, the attestation key's first.")
    var certificate: [String] = []
    @Option(help: "For a TPM's quote: the certificate (DER) of the root that must vouch for the key.")
    var certificateRoot: String?
    @Option(help: "For a TPM's quote: what it must be over, in hexadecimal digits.") var qualifyingData: String?
    @Option(help: "For a TPM's quote: a value to expect, NUMBER=64 hexadecimal digits.") var pcr: [String] = []
    @Option(help: "For a TPM's quote: the file with the values of all quoted registers, 32 bytes each.")
    var pcrValues: String?

    /// As every quote of a TPM begins.
    static func isQuote(_ bytes: [UInt8]) -> Bool { bytes.starts(with: [0xff, 0x54, 0x43, 0x47]) }

    func explanation(of message: [UInt8], at time: Int64, read: (String) throws -> [UInt8]) throws -> TPMExplanation {
        guard let signature, let qualifyingData else {
            throw ClientError(.invalidInput, "a TPM's quote needs --signature and --qualifying-data")
        }
        guard let data = Hexadecimal.decode(qualifyingData) else {
            throw ClientError(.invalidInput, "--qualifying-data is not hexadecimal digits")
        }
        let registers = try registers()
        let values: [Hash32]
        if let pcrValues {
            let bytes = try read(pcrValues)
            guard bytes.count % Hash32.byteCount == 0, bytes.count <= Hash32.byteCount * TPMLimits.registerCount else {
                throw ClientError(.invalidInput, "\(pcrValues) is no list of values of 32 bytes")
            }
            values = stride(from: 0, to: bytes.count, by: Hash32.byteCount).compactMap {
                Hash32(bytes[$0..<($0 + Hash32.byteCount)])
            }
        } else {
            values = registers.keys.sorted().compactMap { registers[$0] }
        }
        return TPMExplanation(
            TPMEvidence(
                message: message, signature: try read(signature), values: values,
                certificates: try certificate.map(read)),
            policy: TPMPolicy(signer: try signer(read), qualifyingData: data, registers: registers), at: time)
    }

    private func signer(_ read: (String) throws -> [UInt8]) throws -> TPMPolicy.Signer {
        switch (attestationKey, certificateRoot) {
        case (let path?, nil):
            guard let key = TPMAttestationKey(try read(path)) else {
                throw ClientError(.invalidInput, "\(path) is no P-256 or RSA key of 2048 to 4096 bits")
            }
            return .key(key)
        case (nil, let path?):
            guard let root = Certificate.read(try read(path)) else {
                throw ClientError(.invalidInput, "\(path) is no certificate (DER) of a P-256 key")
            }
            return .root(root)
        default: throw ClientError(.invalidInput, "give --attestation-key or --certificate-root, and not both")
        }
    }

    private func registers() throws -> [Int: Hash32] {
        var registers: [Int: Hash32] = [:]
        for text in pcr {
            let parts = text.split(separator: "=", omittingEmptySubsequences: false)
            guard parts.count == 2, let number = Int(parts[0]), (0..<TPMLimits.registerCount).contains(number),
                let value = Hexadecimal.decode(String(parts[1])).flatMap({ Hash32($0) }), registers[number] == nil
            else {
                throw ClientError(.invalidInput, "--pcr \(text) is not NUMBER=64 hexadecimal digits, each number once")
            }
            registers[number] = value
        }
        return registers
    }
}
