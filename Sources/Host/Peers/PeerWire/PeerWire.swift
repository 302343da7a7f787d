/// What nodes of a network say to each other, byte for byte as CometBFT 0.38 says it, and nothing of when.
///
/// `PeerLink` is one connection as a pure value: bytes of the other side go in, whole messages and bytes to send come
/// out. Below it lie SecretConnection (X25519, a Merlin transcript, frames of ChaCha20-Poly1305) and MConnection
/// (packets of channels); above it one type for each channel's messages, with the checks of CometBFT's `ValidateBasic`.
///
/// The module assumes nothing of a peer: every reader is total, and takes no more memory than the limits of a channel.
/// It knows no clock, socket, thread or randomness, and decides nothing about what a message is worth.
