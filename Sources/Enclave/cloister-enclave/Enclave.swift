import EnclaveProgram
import EnclaveService

// The enclave of every network that has something to protect.

@main
struct Enclave {
    static func main() {
        EnclaveProgram.run(.standard)
    }
}
