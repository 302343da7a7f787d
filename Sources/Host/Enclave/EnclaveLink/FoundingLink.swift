import EnclaveProtocol

/// What the control lane does for a network that several founders begin.
package protocol FoundingLink: AnyObject {
    /// A FoundingCertificate, of an enclave that is not open.
    func makeFoundingEvidence(_ request: FounderRequest) throws -> [UInt8]
    /// Makes the seeds and wraps them for each founder; the enclave stays closed.
    func found(_ founding: FoundingProposal) throws -> FoundedNetwork
    /// Opens the network with the seeds that were wrapped for this enclave.
    func openFounded(_ request: FounderOpening) throws -> OpenedEnclave
}

extension FoundingLink {
    // For links whose machines begin networks alone.
    package func makeFoundingEvidence(_ request: FounderRequest) throws -> [UInt8] {
        throw EnclaveError.unexpectedMessage
    }
    package func found(_ founding: FoundingProposal) throws -> FoundedNetwork { throw EnclaveError.unexpectedMessage }
    package func openFounded(_ request: FounderOpening) throws -> OpenedEnclave { throw EnclaveError.unexpectedMessage }
}

extension Lane {
    package func makeFoundingEvidence(_ request: FounderRequest) throws -> [UInt8] {
        guard case .foundingEvidenceMade(let certificate) = try call(.makeFoundingEvidence(request), answering: nil)
        else { throw EnclaveError.unexpectedMessage }
        return certificate
    }

    package func found(_ founding: FoundingProposal) throws -> FoundedNetwork {
        guard case .founded(let network) = try call(.found(founding), answering: nil) else {
            throw EnclaveError.unexpectedMessage
        }
        return network
    }

    package func openFounded(_ request: FounderOpening) throws -> OpenedEnclave {
        guard case .opened(let opened) = try call(.openFounded(request), answering: nil) else {
            throw EnclaveError.unexpectedMessage
        }
        return opened
    }
}
