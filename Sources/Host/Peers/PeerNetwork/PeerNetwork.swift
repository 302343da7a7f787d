/// Connections to the other nodes of a network, and what is said over them when.
///
/// `PeerSwitch` dials and accepts, and gives each peer to the reactors; a reactor has channels of its own. A peer's
/// bytes are read by an event loop of swift-nio, understood and answered on a queue of its own, so that a slow answer
/// for one keeps nobody else waiting. Everything that a peer can make this node keep or do is bounded: connections,
/// handshakes, bytes a second, bytes that wait in either direction, and how often it may ask.
///
/// The module assumes that the engine verifies what reactors hand in. It decides nothing about blocks, and never lets a
/// peer's message stop the node: the worst that one can do is to be dropped, and not let in again for a while.
