/// The node's program of a version to come, for tests: the same with one ledger module more.
///
/// It takes a chain over at `upgrade.height` from the program of today. Everything but the list of modules is the
/// node's own; it never ships.
import ChainModules
import EnclaveProtocol
import Foundation
import LogLines
import Logging
import ModuleKit
import Node
import Wire

/// Counts blocks in a store of its own, and says so in each.
private struct Visits: LedgerModule {
    let name = "visits"
    let stores = ["visits"]

    func importGenesis(_ genesis: GenesisValue, on state: any LedgerState) throws { try set(100, on: state) }

    func beginBlock(_ block: BlockContext, on state: any LedgerState) throws -> [Event] {
        let count = StateKey.number(decoding: try state.value(of: [1], in: "visits") ?? []) ?? 0
        try set(count + 1, on: state)
        return [Event("visited", ["count": String(count + 1)])]
    }

    private func set(_ count: UInt64, on state: any LedgerState) throws {
        try state.set(StateKey.number(count), of: [1], in: "visits")
    }
}

@main
enum NextNode {
    /// `start --home FOLDER`, as the node's own command.
    static func main() async {
        let home = NodeHome(CommandLine.arguments.last ?? "")
        do {
            let configuration = try NodeConfiguration(path: home.configuration)
            let node = try RunningNode(
                home, configuration, ledger: ModuleList(ModuleList.chain.modules + [Visits()]),
                logger: Logger(label: "node", factory: { _ in LineLogHandler(LogOutput(.text), level: .info) }))
            if let fault = await node.serve() { throw fault }
            exit(NodeExit.stopped.rawValue)
        } catch {
            let fault = NodeFault(error, in: home)
            FileHandle.standardError.write(Data("cloister-node: \(fault)\n".utf8))
            exit(fault.exit.rawValue)
        }
    }
}
