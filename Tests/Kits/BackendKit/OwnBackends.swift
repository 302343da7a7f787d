extension BackendDescription {
    /// The product's own: `enclave-host` measures, confines and starts `cloister-enclave`.
    package static let launched = BackendDescription(
        name: "launched", about: "cloister-enclave, started by enclave-host", seam: .enclave,
        command: launcher("cloister-enclave"), root: simulatedRoot)

    /// The same behind a Unix socket, as an enclave in a virtual machine is.
    package static let connected = BackendDescription(
        name: "connected", about: "the same, reached through a Unix socket", seam: .enclave,
        command: [
            "{programs}/cloister-research", "serve", "--socket", "{socket}", "--state", "{state}", "--query-lanes",
            "{lanes}",
        ], socket: "{socket}", root: simulatedRoot)

    /// Another enclave, which has no line of ours but the protocol's. It runs no contract.
    package static let core = BackendDescription(
        name: "core", about: "an enclave in C over proto/boundary, which runs no contract", seam: .enclave,
        command: launcher("research-core"), root: simulatedRoot, lacks: coreLacks)

    /// The machine that enclave-host plays, asked by an enclave that passes on what it is told.
    package static let launcher = BackendDescription(
        name: "launcher", about: "enclave-host as the platform of an enclave", seam: .platform,
        command: launcher("platform-relay"))

    /// Each keeps every promise that `core` keeps, but those of its fault.
    package static let broken: [BackendDescription] = [
        broken("leaks-key", "gives a private key out", "nothing that is said holds a key"),
        broken(
            "forges-quote", "shows evidence that nobody signed",
            "evidence is signed under the machine's root, for the program and its keys"),
        broken(
            "rolls-back", "goes back to what this machine went past",
            "an older record does not take the machine back"),
        broken("equivocates", "signs two votes for one place", "one vote is signed for a place, over a restart"),
        broken("forks", "begins two headers for one height", "one header is begun for a height, over a restart"),
        broken(
            "same-nonce", "shows the nonce of an earlier start",
            "each start has a nonce of its own, and a block that holds it gives a lease"),
        broken(
            "believes", "takes what the host says of the state", "an answer is of the newest state that was proved",
            "a value that is not in the state is refused"),
        broken("stale", "answers from a state that is past", "an answer is of the newest state that was proved"),
    ]

    /// Those that this repository has.
    package static let own: [BackendDescription] = [.launched, .connected, .core, .launcher] + broken

    /// Whoever drives no transaction need not say what is none.
    private static let coreLacks = ["a transaction that is none is refused"]
    private static let simulatedRoot = "{state}/simulated-root.der"

    private static func launcher(_ program: String) -> [String] {
        [
            "{programs}/enclave-host", "--enclave", "{programs}/\(program)", "--state", "{state}", "--query-lanes",
            "{lanes}",
        ]
    }

    private static func broken(_ name: String, _ about: String, _ promises: String...) -> BackendDescription {
        BackendDescription(
            name: name, about: "BROKEN: " + about, seam: .enclave, command: launcher("research-" + name),
            root: simulatedRoot, lacks: coreLacks, fails: promises)
    }
}
