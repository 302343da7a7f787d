import EnclaveProtocol

/// What the control lane does for a validator: its key, and its votes.
package protocol VoteSigningLink: AnyObject {
    /// A new key, for the host to keep sealed; before or after the enclave was opened.
    func makeConsensusKey() throws -> ConsensusKey
    /// The same with the key of a file.
    func importConsensusKey(_ imported: ImportedConsensusKey) throws -> ConsensusKey
    /// Opens what one of the two sealed, once a start.
    func openConsensusKey(_ sealedKey: [UInt8]) throws -> ConsensusKey
    /// Gives the key to another registered enclave, wrapped for it, and signs no more.
    func handOverKey(_ request: KeyHandOver) throws -> [UInt8]
    /// Takes it over there, as an imported one.
    func takeOverKey(_ handed: [UInt8]) throws -> ConsensusKey
    func sign(_ vote: VoteToSign) throws -> VoteSignature
}

extension VoteSigningLink {
    /// For links to enclaves that stay where they are.
    package func handOverKey(_ request: KeyHandOver) throws -> [UInt8] { throw EnclaveError.unexpectedMessage }
    package func takeOverKey(_ handed: [UInt8]) throws -> ConsensusKey { throw EnclaveError.unexpectedMessage }
}

extension Lane {
    package func handOverKey(_ request: KeyHandOver) throws -> [UInt8] {
        guard case .keyHandedOver(let handed) = try call(.handOverKey(request), answering: nil) else {
            throw EnclaveError.unexpectedMessage
        }
        return handed
    }

    package func takeOverKey(_ handed: [UInt8]) throws -> ConsensusKey { try consensusKey(.takeOverKey(handed)) }

    package func makeConsensusKey() throws -> ConsensusKey { try consensusKey(.makeConsensusKey) }

    package func importConsensusKey(_ imported: ImportedConsensusKey) throws -> ConsensusKey {
        try consensusKey(.importConsensusKey(imported))
    }

    package func openConsensusKey(_ sealedKey: [UInt8]) throws -> ConsensusKey {
        try consensusKey(.openConsensusKey(sealedKey))
    }

    private func consensusKey(_ request: ToEnclave) throws -> ConsensusKey {
        guard case .consensusKey(let key) = try call(request, answering: nil) else {
            throw EnclaveError.unexpectedMessage
        }
        return key
    }

    package func sign(_ vote: VoteToSign) throws -> VoteSignature {
        guard case .voteSigned(let signature) = try call(.signVote(vote), answering: nil) else {
            throw EnclaveError.unexpectedMessage
        }
        return signature
    }
}
