import ChainFormats
import DecidedBlocks
import PublicCryptography
import Wire

/// What evidence is held against. `nil` is what is not here: pruned, or from before this node began.
package protocol EvidenceHistory {
    func header(_ height: Int64) -> Header?
    /// The commit for that height in the block after it, which is the same everywhere.
    func canonicalCommit(_ height: Int64) -> Commit?
    func validators(_ height: Int64) -> ValidatorSet?
    /// Whether a block carries it already.
    func isCommitted(_ name: EvidenceName) -> Bool
}

/// Which rule evidence breaks.
package enum EvidenceFault: Error, Hashable {
    case tooMuch
    case repeated
    case expired
    case wrongHeight
    case wrongTime
    case wrongOrder
    case notOneVoter
    case unknownValidator
    case wrongPower
    case wrongSignature
    case notDerived
    case notEnoughPower
    case noConflict
    case wrongByzantine
}

/// What keeps evidence from being valid: it breaks a rule, or this node cannot say.
package enum EvidenceRefusal: Error, Hashable {
    case invalid(EvidenceFault)
    case notUnderstood
}

extension ConsensusState {
    /// CometBFT's `CheckEvidence`, over all evidence of a block.
    func check(_ evidence: [Evidence], against history: (any EvidenceHistory)?) throws(EvidenceRefusal) {
        guard !evidence.isEmpty else { return }
        guard Evidence.byteCount(evidence) <= parameters.evidence.bytesMax else { throw .invalid(.tooMuch) }
        var names = Set<EvidenceName>()
        for item in evidence {
            guard let content = item.content else { throw .notUnderstood }
            guard names.insert(item.name(content)).inserted else { throw .invalid(.repeated) }
            try check(item, against: history)
        }
    }

    /// Whether a block after this state may carry it.
    package func check(_ evidence: Evidence, against history: (any EvidenceHistory)?) throws(EvidenceRefusal) {
        guard let content = evidence.content, let history else { throw .notUnderstood }
        guard !history.isCommitted(evidence.name(content)) else { throw .invalid(.repeated) }
        guard content.height > 0, content.height <= lastHeight else { throw .invalid(.wrongHeight) }
        guard let header = history.header(content.height), let validators = history.validators(content.height) else {
            throw .notUnderstood
        }
        guard content.time == header.time else { throw .invalid(.wrongTime) }
        guard !isExpired(height: content.height, time: header.time) else { throw .invalid(.expired) }
        switch content {
        case .duplicateVote(let duplicate): try check(duplicate, validators)
        case .lightClientAttack(let attack): try check(attack, validators, history)
        }
    }

    /// By blocks and by time, both.
    package func isExpired(height: Int64, time: Timestamp) -> Bool {
        lastHeight - height > parameters.evidence.ageBlocksMax
            && lastTime.nanoseconds(since: time) > parameters.evidence.ageNanosecondsMax
    }

    private func check(_ duplicate: DoubleVote, _ validators: ValidatorSet) throws(EvidenceRefusal) {
        let (first, second) = (duplicate.first, duplicate.second)
        guard duplicate.isInOrder else { throw .invalid(.wrongOrder) }
        guard first.height == second.height, first.round == second.round, first.kind == second.kind,
            first.validatorAddress == second.validatorAddress
        else { throw .invalid(.notOneVoter) }
        // Extensions are of chains that this node does not follow.
        guard [first, second].allSatisfy({ $0.voteExtension.isEmpty && $0.extensionSignature.isEmpty }) else {
            throw .notUnderstood
        }
        guard let index = validators.index(of: first.validatorAddress) else { throw .invalid(.unknownValidator) }
        let validator = validators.validators[index]
        guard duplicate.validatorPower == validator.power, duplicate.totalPower == validators.totalPower else {
            throw .invalid(.wrongPower)
        }
        guard first.isSigned(by: validator, chainID: chainID), second.isSigned(by: validator, chainID: chainID) else {
            throw .invalid(.wrongSignature)
        }
    }

    private func check(
        _ attack: LightClientAttack, _ common: ValidatorSet, _ history: any EvidenceHistory
    ) throws(EvidenceRefusal) {
        let (header, commit, validators) =
            (attack.conflicting.header, attack.conflicting.commit, attack.conflicting.validators)
        guard header.height >= attack.commonHeight, header.chainID == chainID, commit.height == header.height,
            commit.blockID?.hash == header.hash(), validators.hash() == header.validatorsHash
        else { throw .invalid(.notDerived) }
        let trusted = try trusted(for: attack, history)
        // Before the signatures: whoever has the chain could have them verified for nothing.
        guard header.hash() != trusted.header.hash() else { throw .invalid(.noConflict) }
        let isLunatic = header.isDerivedOtherwise(than: trusted.header)
        if attack.commonHeight != header.height {
            try commit.checkSignatures(by: common, power: common.totalPower / 3, bySlot: false, chainID: chainID)
        } else if isLunatic {
            throw .invalid(.notDerived)
        }
        try commit.checkSignatures(
            by: validators, power: validators.totalPower * 2 / 3, bySlot: true, chainID: chainID)
        guard attack.totalPower == common.totalPower else { throw .invalid(.wrongPower) }
        let guilty = attack.conflicting.guilty(
            common: common, beside: trusted.header, decidedBy: trusted.commit)
        guard guilty.map(\.address) == attack.byzantine.map(\.address),
            guilty.map(\.power) == attack.byzantine.map(\.power)
        else { throw .invalid(.wrongByzantine) }
    }

    /// The header that the chain decided at the conflicting height. Of a height that is still to come nothing can be
    /// said: CometBFT refuses such evidence, too, until the height is there.
    private func trusted(
        for attack: LightClientAttack, _ history: any EvidenceHistory
    ) throws(EvidenceRefusal) -> (header: Header, commit: Commit) {
        let height = attack.conflicting.header.height
        guard let header = history.header(height), let commit = history.canonicalCommit(height),
            history.canonicalCommit(attack.commonHeight) != nil
        else { throw .notUnderstood }
        return (header, commit)
    }
}

extension UnverifiedHeader {
    /// Who is to blame for this header (CometBFT: `GetByzantineValidators`), in the order of a set: if it does not
    /// follow from the chain, whoever of the common set signed it; if it does, who signed it and the chain's own header
    /// in one round. Of two rounds nobody can be named: votes of a later round may be honest.
    package func guilty(common: ValidatorSet, beside trusted: Header, decidedBy decision: Commit) -> [Validator] {
        var guilty: [Validator] = []
        if header.isDerivedOtherwise(than: trusted) {
            guilty = commit.signatures.compactMap { slot in
                guard slot.flag == .commit, let address = slot.validatorAddress else { return nil }
                return common.index(of: address).map { common.validators[$0] }
            }
        } else if decision.round == commit.round {
            for (slot, signature) in commit.signatures.enumerated() where signature.flag == .commit {
                guard decision.signatures.indices.contains(slot), decision.signatures[slot].flag == .commit,
                    let address = signature.validatorAddress, let index = validators.index(of: address)
                else { continue }
                guilty.append(validators.validators[index])
            }
        }
        return guilty.sorted(by: ValidatorSet.isBefore)
    }
}

extension Header {
    /// Whether anything differs that follows from the chain before: then it is no header of the chain at all.
    package func isDerivedOtherwise(than trusted: Header) -> Bool {
        validatorsHash != trusted.validatorsHash || nextValidatorsHash != trusted.nextValidatorsHash
            || consensusHash != trusted.consensusHash || appHash != trusted.appHash
            || lastResultsHash != trusted.lastResultsHash
    }
}

extension Commit {
    /// Every signature for the block verifies, and they have more than `power` in the set: CometBFT's
    /// `VerifyCommitLightAllSignatures`, where each slot is its validator's, and `…TrustingAllSignatures`, where they
    /// are looked up.
    fileprivate func checkSignatures(
        by set: ValidatorSet, power: Int64, bySlot: Bool, chainID: String
    ) throws(EvidenceRefusal) {
        if bySlot, signatures.count != set.count { throw .invalid(.wrongSignature) }
        var counted = [Bool](repeating: false, count: set.count)
        var signed: Int64 = 0
        for (slot, signature) in signatures.enumerated() where signature.flag == .commit {
            guard let address = signature.validatorAddress else { throw .invalid(.wrongSignature) }
            guard let index = set.index(of: address) else {
                if bySlot { throw .invalid(.wrongSignature) }
                continue
            }
            guard !counted[index], !bySlot || index == slot, let message = signBytes(at: slot, chainID: chainID),
                Ed25519.verify(
                    signature: signature.signature, message: message, publicKey: set.validators[index].publicKey)
            else { throw .invalid(.wrongSignature) }
            counted[index] = true
            signed += set.validators[index].power
        }
        guard signed > power else { throw .invalid(.notEnoughPower) }
    }
}
