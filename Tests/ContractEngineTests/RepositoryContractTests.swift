import ContractEngine
import Testing

/// The contracts of `contracts/`, as the network would see them.
@Suite("The repository's contracts", .enabled(if: RepositoryContract.areBuilt, "make contracts builds them"))
struct RepositoryContractTests {
    @Test(
        "each may be uploaded, and has the interface that its folder says",
        arguments: [
            ("counter", InterfaceVersion.v1), ("auction", .v1), ("nft", .v1), ("voting", .v1), ("snip20", .v1),
            ("swap", .v1), ("paid-content", .v1), ("rock-paper-scissors", .v1), ("draw-poker", .v1),
            ("credit-score", .v1), ("prediction", .v1), ("sdk-probe", .v1),
            ("store-probe", .v1), ("puppet", .v1), ("ledger-probe", .v010),
        ])
    func upload(_ name: String, _ interface: InterfaceVersion) throws {
        let contract = try RepositoryContract(name)
        #expect(contract.facts.interface == interface)
        // A probe has all parts of the SDK at once, which no contract needs.
        #expect(contract.code.count < (name.hasSuffix("-probe") ? 256 : 160) * 1024)
    }

    @Test("a contract that says nothing of migration refuses one, and changes nothing")
    func migration() throws {
        let game = try RepositoryContract("rock-paper-scissors")
        _ = try game.call(.instantiate, #"{"denom":"uscrt","stake":"5","patience_seconds":60}"#)
        #expect(try game.call(.migrate, "{}") == #"{"Err":"nothing can be migrated to this contract"}"#)
        #expect(try game.query(#"{"table":{}}"#).contains(#""stake":"5""#))
    }
}
