/// The enclave of every network that has something to protect. All it does is in `EnclaveProgram`; what is said here
/// and nowhere else is the mode, so that the measurement of this program stands for it. It tells nobody where a
/// contract stopped.
import EnclaveProgram
import EnclaveService

@main
struct Enclave {
    static func main() {
        EnclaveStart.run(.standard)
    }
}
