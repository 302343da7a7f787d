import Attestation
import Foundation
import PublicCryptography
import TestSupport
import Wire

/// A quote, its collateral and what is to be found, as facts: test data of dcap-qvl (Phala Network, MIT licence) with
/// what that verifier says of it, and a simulated one.
package struct EvidenceBundle: Decodable, Sendable {
    package let name: String
    package let root: String
    private let quote: Data
    private let collateral: Data
    /// When all of it is valid at once.
    package let validFrom: Int64
    package let validTo: Int64
    package let verifyAt: Int64
    package let family: String
    /// `nil` where the maker's table has no row for the machine.
    package let status: String?
    package let advisories: [String]

    package var evidence: [UInt8] { [UInt8](quote) }
    package var encodedCollateral: [UInt8] { [UInt8](collateral) }

    package func readCollateral() throws -> Collateral { try Collateral(protobuf: encodedCollateral) }

    package static func all() throws -> [EvidenceBundle] {
        let file = URL(filePath: Repository.path("Tests/Fixtures/evidence.json"))
        return try JSONDecoder().decode([EvidenceBundle].self, from: Data(contentsOf: file))
    }

    package static func named(_ name: String) throws -> EvidenceBundle {
        try all().first { $0.name == name } ?? { fatalError("no bundle \(name)") }()
    }

    package static let roots = [
        TrustRoot(name: "intel", kind: .hardware, certificate: QuoteFixtures.intelRoot)!,
        TrustRoot(name: "sim", kind: .simulated, certificate: QuoteFixtures.simulatedRoot)!,
    ]

    /// Takes every kind and status, so that the verdict is the verifier's alone.
    package static let takesAll = {
        var policy = QuotePolicy()
        policy.kinds = TrustedExecution.allCases
        policy.statuses = SecurityStatus.names.map(\.status)
        policy.trailingZerosMax = 4_096
        policy.allowsConfiguration = true
        return policy
    }()
}
