/// What a node says about itself.
package struct NodeDescription: Sendable {
    package var nodeID = ""
    /// Where peers and CometBFT's RPC are answered; empty while nothing listens there.
    package var listenAddress = ""
    /// What it speaks of with peers, as CometBFT numbers it.
    package var channels: [UInt8] = []
    /// Under which this node's votes are verified; empty where it has none.
    package var validatorKey: [UInt8] = []
    package var rpcAddress = ""
    /// Of CometBFT: clients choose their decoder by it.
    package var consensusVersion = "0.38.19"
    package var moniker = ""
    package var applicationName = "cloister"
    package var programName = "cloister-node"
    package var applicationVersion = ""
    package var gitCommit = ""
    /// Of the Cosmos SDK whose interfaces are served: cosmpy insists that it is a version.
    package var sdkVersion = "v0.50.14"
    /// With 18 decimals and the denomination.
    package var minimumGasPrice = ""
    /// How many heights of the state can be asked for, 0 for all, and after how many blocks the others go.
    package var pruningKeepRecent: UInt64 = 0
    package var pruningInterval: UInt64 = 0
    package var earliestHeight: Int64 = 1
    /// The last block that this program runs; 0 for none.
    package var haltHeight: UInt64 = 0

    package init() {}
}
