/// Cryptography without secrets: hashes, signature verification and text encodings, used on both sides of the trust
/// boundary.
///
/// Everything here is a pure function of public bytes. Nothing holds a key, nothing is constant-time by promise, and
/// every decoder is total: it returns `nil` for bytes it does not accept and never traps. Private keys live in
/// `SecretCryptography`, which the host may not link.
