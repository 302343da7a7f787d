extension BackendDescription {
    /// The product's own: `enclave-host` measures, confines and starts `cloister-enclave`.
    package static let launched = BackendDescription(
        name: "launched", about: "cloister-enclave, started by enclave-host", seam: .enclave,
        command: launcher("cloister-enclave"), root: simulatedRoot)

    /// Those that this repository has.
    package static let own: [BackendDescription] = [.launched]

    static let simulatedRoot = "{state}/simulated-root.der"

    static func launcher(_ program: String) -> [String] {
        [
            "{programs}/enclave-host", "--enclave", "{programs}/\(program)", "--state", "{state}", "--query-lanes",
            "{lanes}",
        ]
    }
}
