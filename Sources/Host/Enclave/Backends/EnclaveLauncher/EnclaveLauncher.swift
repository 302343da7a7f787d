/// The backend that starts an enclave on this machine through `enclave-host`, which measures and confines it.
///
/// The programs are the operator's; what was started proves itself by its quote and not by having been started here.
/// The module hands out lanes and says once when the enclave has ended. It never restarts one by itself.
