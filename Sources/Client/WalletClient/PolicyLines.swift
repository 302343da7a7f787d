import Attestation
import PublicCryptography
import Wire

extension RegistrationPolicy {
    /// What the chain asks of evidence, in a block of `time` (seconds since 1970), before it gives its seeds to an
    /// enclave, a line for each thing. What is not named is not asked.
    package func lines(at time: Int64) -> [String] {
        let asked = quotePolicy(at: time)
        func list<Value>(_ values: [Value], _ text: (Value) -> String) -> String {
            values.isEmpty ? "none" : values.map(text).joined(separator: ", ")
        }
        var lines = [
            "kinds: " + list(asked.kinds) { "\($0)" }, "roots: " + list(asked.rootKinds) { "\($0)" },
            "without collateral: " + list(asked.kindsWithoutCollateral) { "\($0)" },
            "statuses: " + list(asked.statuses) { $0.name },
            "measurements: " + list(asked.measurements ?? []) { $0.description },
        ]
        for program in planned where program.notBefore > time {
            let from = Timestamp(seconds: program.notBefore, nanoseconds: 0)?.description ?? "\(program.notBefore)"
            lines.append("from \(from) on: \(program.measurement)")
        }
        if let signers = asked.signers { lines.append("signers: " + list(signers) { $0.description }) }
        if let product = asked.productID { lines.append("product: \(product)") }
        if asked.securityVersionMin > 0 { lines.append("security version: at least \(asked.securityVersionMin)") }
        if asked.outOfDateGraceSeconds > 0 { lines.append("out of date: for at most \(asked.outOfDateGraceSeconds) s") }
        if !asked.refusedAdvisories.isEmpty { lines.append("no advisory: " + list(asked.refusedAdvisories) { $0 }) }
        if asked.evaluationNumberMin > 0 { lines.append("evaluation number: at least \(asked.evaluationNumberMin)") }
        if let age = asked.collateralAgeSecondsMax { lines.append("collateral: no older than \(age) s") }
        if let families = asked.families { lines.append("families: " + list(families) { Hexadecimal.encode($0) }) }
        if !asked.refusedFamilies.isEmpty {
            lines.append("no family: " + list(asked.refusedFamilies) { Hexadecimal.encode($0) })
        }
        if !asked.allowsDynamicPlatforms { lines.append("no processor can be added") }
        if !asked.allowsSharedCores { lines.append("no two threads share a core") }
        return lines
    }
}
