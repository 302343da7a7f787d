/// The backend that reaches an enclave which runs already, through a Unix socket: in a virtual machine, on another
/// operating system's side of a socket proxy, or under somebody else's launcher.
///
/// Whoever answers there proves itself by its quote, as an enclave that was started here does. The module never starts
/// an enclave, and never connects again by itself.
import EnclaveLink
import EnclaveProtocol
import Glibc
