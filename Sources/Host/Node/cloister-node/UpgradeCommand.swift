import ArgumentParser
import Foundation
import LogLines
import Logging
import Node

struct UpgradeEnclave: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "upgrade-enclave",
        abstract: "Have the enclave beside this program take a node over from the enclave that ran it until now.",
        discussion: """
            Run it with the new programs. While the node runs, it registers the new enclave on the chain, which must have \
            approved it, and waits for the seeds. Once the node is stopped, and its validator's key was handed over, the \
            new enclave goes on where the old one stood. May be ended at any time and called again: it says what is \
            missing.
            """)
    @OptionGroup var options: HomeOption
    @Option(help: "The key that pays for the registration, by its name in the folder of `cloister`.") var from: String?
    @Option(help: "The folder of `cloister`, if not its usual one.") var wallet: String?
    @Option(help: "How many seconds to wait for the chain.") var patience = 120.0

    func run() throws {
        let home = NodeHome(options.home)
        guard home.exists else { end(.configuration, "no node in \(home.folder); `cloister-node init` makes one") }
        let logger = Logger(label: "node", factory: { _ in LineLogHandler(LogOutput(.text), level: .warning) })
        do {
            let upgrade = EnclaveUpgrade(home)
            try upgrade.run(
                payment: from.map { .init(command: ProgramFolder().path("cloister"), from: $0, wallet: wallet) },
                patience: patience, logger: logger
            ) { FileHandle.standardError.write(Data("cloister-node: \($0)\n".utf8)) }
        } catch {
            end(NodeFault(error, in: home))
        }
    }
}
