import ChainInterface
import ChainModules
import ModuleKit
import PublicCryptography
import StrictJSON

/// Whether a chain can begin with a genesis file, and what it begins with, in lines for people.
package struct GenesisLook {
    package let lines: [String]

    /// Throws a `NodeFault` that names the place where the file is wrong.
    package init(path: String) throws {
        let document = try GenesisDocument.read(path)
        let state = try document.firstState()
        try document.requireOwnSet(in: state)
        let broken = try ModuleList.chain.brokenInvariants(in: state)
        guard broken.isEmpty else {
            throw NodeFault(
                "what it begins with is not sound", exit: .data, path: path,
                cause: broken.prefix(10).joined(separator: "; "))
        }
        guard !document.validators.isEmpty else {
            throw NodeFault(
                "it has no validators", exit: .data, path: path,
                remedy: document.isFounded ? "a draft gets them by `cloister-node genesis collect`" : nil)
        }
        let total = document.validators.reduce(Int64(0)) { $0 + $1.power }
        let accounts = document.appState["auth"]?["accounts"]?.array?.count ?? 0
        let staked = try document.stakes
        lines =
            ["chain \(document.chainID) from height \(document.initialHeight), \(accounts) accounts"]
            + document.validators.map { validator in
                "power \(validator.power) of \(total) \(Settings.escaped(validator.name))"
                    + (staked.contains { $0.key == validator.publicKey } ? ", which it stakes" : "")
            }
            + [
                document.hasNetworkKeys
                    ? "the network has its keys: nodes can join" : "no enclave has begun it yet"
            ]
    }
}
