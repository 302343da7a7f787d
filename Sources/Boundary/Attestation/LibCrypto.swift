import CLibCrypto

/// The little state that libcrypto has of its own.
enum LibCrypto {
    /// Before the first use: initialise without the configuration file, which libcrypto would otherwise look for by a
    /// compiled-in path and the environment. Cheap to repeat.
    static func prepare() {
        let initialized = OPENSSL_init_crypto(UInt64(OPENSSL_INIT_NO_LOAD_CONFIG), nil)
        precondition(initialized == 1)
    }
}
