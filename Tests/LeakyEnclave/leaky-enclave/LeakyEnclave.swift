/// An enclave that says more than it may, for the tests of what is to notice that. The program is the enclave's own but
/// for what `CLeak` puts into the place of two functions.
import CLeak
import EnclaveProgram
import EnclaveService

@main
struct LeakyEnclave {
    static func main() {
        leak_join()
        EnclaveStart.run(.standard)
    }
}
