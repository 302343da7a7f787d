import ArgumentParser
import Foundation
import Node

struct ValidatorKeys: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys", abstract: "The validator's key of a node's folder.",
        subcommands: [ValidatorKeysShow.self, ValidatorKeysImport.self, ValidatorKeysHandOver.self])
}

struct ValidatorKeysShow: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "The validator's public key, as a genesis names it, with the enclave's quote over it; JSON.")
    @OptionGroup var options: HomeOption

    func run() throws {
        let home = existing(options)
        do { print(try home.describeValidatorKey()) } catch { end(NodeFault(error, in: home)) }
    }
}

struct ValidatorKeysImport: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Take a validator's key from CometBFT's files into the enclave, once.",
        discussion: """
            What the state file says was signed last is taken over: the enclave signs nothing before it. Both files are \
            renamed; destroy the key once the node validates. A state file that is later than what the enclave signed is \
            refused: then somebody else signs with the key. The node must not run.
            """)
    @Option(help: "The key file; the folder's own priv_validator_key.json unless given.") var key: String?
    @Option(help: "The state file; the folder's own priv_validator_state.json unless given.") var state: String?
    @OptionGroup var options: HomeOption

    func run() throws {
        let home = existing(options)
        do {
            let aside = try home.importValidatorKey(keyPath: key, statePath: state)
            print("the enclave has the validator's key; the file is \(aside) now")
            print("validator.signer must be \"enclave\" in \(home.configuration)")
        } catch {
            end(NodeFault(error, in: home))
        }
    }
}

struct ValidatorKeysHandOver: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hand-over",
        abstract: "Give the validator's key to the enclave that `upgrade-enclave` has registered.",
        discussion: """
            Run it with the programs that ran the node until now. From then on their enclave signs nothing, whatever is \
            restored; the key is wrapped for the other one, with what was signed, and comes back from that one alone. The \
            node must not run.
            """)
    @Option(help: "The measurement of the program that gets the key, 64 hexadecimal digits; shown where it is missing.")
    var to: String?
    @OptionGroup var options: HomeOption

    func run() throws {
        let home = existing(options)
        do {
            try home.handOverValidatorKey(to: to)
            print("the other enclave has the validator's key; end the upgrade with its `cloister-node upgrade-enclave`")
        } catch {
            end(NodeFault(error, in: home))
        }
    }
}

private func existing(_ options: HomeOption) -> NodeHome {
    let home = NodeHome(options.home)
    guard home.exists else { end(.configuration, "no node in \(home.folder); `cloister-node init` makes one") }
    return home
}
