import ArgumentParser
import PublicCryptography
import WalletClient
import Wire

/// Which code a message is for.
struct CodeOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The hash of the contract's code, of a build that you trust; the node's word if not given.",
            discussion: "A message opens for whichever contract of the named code the node has asked."))
    var codeHash: String?

    func validate() throws {
        guard codeHash == nil || hash != nil else {
            throw ValidationError("a code hash has 64 hexadecimal digits (cloister contract check FILE.wasm)")
        }
    }

    private var hash: Hash32? { codeHash.flatMap { Hexadecimal.decode($0) }.flatMap { Hash32($0) } }

    var expected: ExpectedCode { hash.map { .hashed($0) } ?? .any }
}
