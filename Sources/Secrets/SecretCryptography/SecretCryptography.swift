/// Private keys and what they do: agreement, signing, sealing, derivation. Linked by the enclave and by wallets; the
/// host may not.
///
/// Keys are `~Copyable`: each has one owner, cannot be printed, and its memory is wiped at the end of its life. Memory
/// of keys is libsodium's guarded memory, either pages of its own (`GuardedBytes`, for what lives long) or a slot of
/// one guarded region (`KeyArena`, for a key per call: a page costs 35 microseconds, a slot well under one).
///
/// Two things this module does not claim. Bytes that pass through a Swift array (a decrypted message) live in ordinary
/// memory until that array's owner lets go of them. And values the compiler keeps in registers may be left behind on
/// the stack; raw keys are handed to the C libraries by address and never become Swift values.
///
/// The module trusts its callers with what they do to a key, not with any byte that came from outside: every function
/// that reads foreign bytes returns `nil` for what it does not accept.
import CSodium

/// libsodium, initialised. Every entry into guarded memory or randomness goes through here.
enum Sodium {
    private static let isReady = sodium_init() >= 0

    static func prepare() { precondition(isReady, "libsodium cannot initialise") }
}
