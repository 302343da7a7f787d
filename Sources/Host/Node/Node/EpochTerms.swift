import ChainInterface
import StrictJSON

/// After how many blocks a chain's enclaves exchange the keys that clients and contracts encrypt with, and for how many
/// of those they open messages to the key before: `epochs` of the registration module's part of genesis, and so of the
/// chain's identity. Chains whose genesis does not say it keep their keys.
struct EpochTerms: Equatable {
    var blocks: UInt32 = 0
    var graceBlocks: UInt32 = 0

    init(_ genesis: GenesisDocument) throws {
        guard let json = genesis.appState["register"]?["epochs"] else { return }
        guard let blocks = json["blocks"]?.string.flatMap({ UInt32($0) }),
            let grace = json["grace_blocks"]?.string.flatMap({ UInt32($0) }), grace > 0, grace <= blocks
        else { throw GenesisError.malformed("register.epochs") }
        (self.blocks, graceBlocks) = (blocks, grace)
    }
}
