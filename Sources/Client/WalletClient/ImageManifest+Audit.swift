import PublicCryptography

extension ImageManifest {
    /// Whether the enclaves of a network are of this image, or of others that were audited as well: the one that
    /// answers, the one that made the keys, those that hold them by the log, and those that the chain would give them
    /// to.
    ///
    /// The attack: the node that is asked runs what was signed. But another program made the keys, or was given them,
    /// and keeps a copy for its owner; or the same bytes run under another publisher or in an earlier version, which
    /// may open what is sealed to those.
    ///
    /// - Parameters:
    ///   - holders: of the key-release log, to its proved end.
    ///   - others: other programs that the auditor knows.
    package func checks(of network: VerifiedNetwork, holders: Set<Hash32>, besides others: Set<Hash32>)
        -> [EvidenceVerdict.Check]
    {
        let known = others.union([measurement])
        func list(_ programs: some Sequence<Hash32>) -> String {
            programs.map(\.description).sorted().joined(separator: ", ")
        }
        func check(_ subject: String, _ failure: String?, _ text: String) -> EvidenceVerdict.Check {
            EvidenceVerdict.Check(subject: subject, passed: failure == nil, text: failure ?? text)
        }
        let program = network.program
        var image: String?
        if program.measurement != measurement {
            image = "another program runs than \(measurement), which was signed"
        } else if isDebug {
            image = "a debug image runs, in which no secret is safe"
        } else if program.product != product {
            image = "it runs as product \(program.product), and was signed as \(product)"
        } else if program.securityVersion != version {
            image = "it runs in version \(program.securityVersion), and was signed in \(version)"
        }
        let isSigned = program.signer == SHA256.hash(publisher)
        let strangers = holders.subtracting(known)
        let approved = Set(network.approved).subtracting(known)
        return [
            check("image", image, "the program that runs is the signed one: product \(product), version \(version)"),
            check(
                "signer",
                isSigned ? nil : "it runs under another publisher's name than \(Hexadecimal.encode(publisher))",
                "it runs under the name of who signed it"),
            check(
                "maker",
                known.contains(network.measurement)
                    ? nil : "the keys were made by \(network.measurement), which was not audited",
                "the keys were made by \(network.measurement == measurement ? "it" : "\(network.measurement)")"),
            check(
                "holders",
                strangers.isEmpty ? nil : "the seeds were given to \(list(strangers)), which was not audited",
                "nobody was given the seeds but what was audited"),
            check(
                "approved",
                approved.isEmpty ? nil : "the chain would give the seeds to \(list(approved)), which was not audited",
                "the chain would give them to nothing else"),
        ]
    }
}
