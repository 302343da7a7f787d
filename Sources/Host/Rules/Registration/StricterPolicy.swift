import Attestation
import Wire

extension RegistrationPolicy {
    /// Whether evidence that this takes is evidence that `other` takes, as far as that can be told field by field; the
    /// programs aside. A field that is not named here must be the same in both.
    func takesNoMore(than other: RegistrationPolicy) -> Bool {
        let (asked, before) = (evidence?.policy ?? QuotePolicy(), other.evidence?.policy ?? QuotePolicy())
        guard asked.takesNoMore(than: before), roots.allSatisfy({ other.roots.contains($0) }),
            max(securityVersionMin, asked.securityVersionMin)
                >= max(other.securityVersionMin, before.securityVersionMin),
            evidenceBlocksMax <= other.evidenceBlocksMax, seedBlocksMax <= other.seedBlocksMax
        else { return false }
        var same = self
        (same.roots, same.securityVersionMin, same.evidence) = (other.roots, other.securityVersionMin, other.evidence)
        (same.evidenceBlocksMax, same.seedBlocksMax) = (other.evidenceBlocksMax, other.seedBlocksMax)
        (same.measurements, same.planned) = (other.measurements, other.planned)
        return same == other
    }
}

extension QuotePolicy {
    /// Likewise, but for programs and versions.
    fileprivate func takesNoMore(than other: QuotePolicy) -> Bool {
        func isWithin<Value: Equatable>(_ list: [Value], _ bound: [Value]) -> Bool {
            list.allSatisfy { bound.contains($0) }
        }
        /// Where `nil` takes everything.
        func isWithin<Value: Equatable>(_ list: [Value]?, _ bound: [Value]?) -> Bool {
            guard let bound else { return true }
            return list.map { isWithin($0, bound) } ?? false
        }
        guard isWithin(kinds, other.kinds), isWithin(rootKinds, other.rootKinds),
            isWithin(kindsWithoutCollateral, other.kindsWithoutCollateral), isWithin(statuses, other.statuses),
            isWithin(signers, other.signers), isWithin(productID.map { [$0] }, other.productID.map { [$0] }),
            isWithin(families, other.families), isWithin(other.refusedFamilies, refusedFamilies),
            isWithin(other.refusedAdvisories, refusedAdvisories),
            outOfDateGraceSeconds <= other.outOfDateGraceSeconds, evaluationNumberMin >= other.evaluationNumberMin,
            collateralAgeSecondsMax ?? .max <= other.collateralAgeSecondsMax ?? .max,
            !allowsDynamicPlatforms || other.allowsDynamicPlatforms, !allowsSharedCores || other.allowsSharedCores
        else { return false }
        var same = self
        (same.kinds, same.rootKinds, same.statuses) = (other.kinds, other.rootKinds, other.statuses)
        (same.kindsWithoutCollateral, same.signers) = (other.kindsWithoutCollateral, other.signers)
        (same.productID, same.families) = (other.productID, other.families)
        (same.refusedFamilies, same.refusedAdvisories) = (other.refusedFamilies, other.refusedAdvisories)
        (same.outOfDateGraceSeconds, same.evaluationNumberMin) =
            (other.outOfDateGraceSeconds, other.evaluationNumberMin)
        same.collateralAgeSecondsMax = other.collateralAgeSecondsMax
        (same.allowsDynamicPlatforms, same.allowsSharedCores) = (other.allowsDynamicPlatforms, other.allowsSharedCores)
        (same.measurements, same.securityVersionMin) = (other.measurements, other.securityVersionMin)
        return same == other
    }
}
