import CProgramVersion
import ValidatorSigning

/// The release that this build calls itself in its log, to clients and to peers.
package enum NodeVersion {
    package static let text = String(cString: cloister_release())
}

/// By which others know a node: the address of its node key, as CometBFT makes it.
enum NodeIdentity {
    /// Makes the key when there is none: it is no secret of the chain, and with another one the node is only a new one
    /// to its peers.
    static func open(_ path: String) throws -> NodeKey {
        do {
            return try NodeKey.open(path)
        } catch SignerFileError.malformed {
            throw NodeFault(
                "this is no node key", exit: .configuration, path: path,
                remedy: "restore it, or remove it: the node then makes another one and has another id")
        }
    }
}
