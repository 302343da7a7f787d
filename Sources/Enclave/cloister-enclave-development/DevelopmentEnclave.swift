/// The enclave of a developer's own network: it tells the caller of a contract, and nobody else, where the contract
/// stopped. Another program than `cloister-enclave`, so another measurement, other sealing keys, and no way into its
/// network.
import EnclaveProgram
import EnclaveService

@main
struct DevelopmentEnclave {
    static func main() {
        EnclaveStart.run(.development)
    }
}
