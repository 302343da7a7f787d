import ArgumentParser
import Foundation
import Node

/// Follows a chain's headers from one node, and compares them with others.
struct LightCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "light",
        abstract:
            "Verify a chain's headers from a header that you know, and compare nodes for signs of a second chain.",
        discussion: """
            Asks CometBFT's RPC of each node, of either engine ([rpc] listen). Where two nodes show headers that part and \
            were both signed, each is sent the evidence against the validators who signed the other's, and the command \
            ends with 70.
            """)
    @Argument(help: "The chain's id.") var chainID: String
    @Option(help: "The node whose headers are followed: host:port of its RPC.") var primary: String
    @Option(help: "The nodes that they are compared with: host:port, with commas between.") var witnesses: String
    @Option(help: "A height whose header you know.") var trustHeight: Int64
    @Option(help: "The hash of that header, 64 hexadecimal digits.") var trustHash: String
    @Option(help: "How long a header that is believed may vouch for later ones.") var trustPeriod = "168h0m0s"
    @Option(help: "Look again after so many seconds, until a signal; once unless given.") var every: Double?

    func validate() throws {
        if let every, !(1...86_400).contains(every) { throw ValidationError("--every: from 1 to 86400 seconds") }
    }

    func run() throws {
        do {
            var client = try LightClient(
                .init(
                    chainID: chainID, primary: primary, witnesses: witnesses, trustHeight: trustHeight,
                    trustHash: trustHash, trustPeriod: trustPeriod))
            while true {
                let look = try client.look()
                print(look.line)
                for note in look.notes { FileHandle.standardError.write(Data("cloister-node: \(note)\n".utf8)) }
                guard let every else { return }
                Thread.sleep(forTimeInterval: every)
            }
        } catch {
            end(error as? NodeFault ?? NodeFault("\(error)", exit: .failed))
        }
    }
}
