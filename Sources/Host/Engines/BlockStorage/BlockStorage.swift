/// The node's copy of the chain, and where consensus stands after it: blocks with what proved them, outcomes, sets, and
/// the state that the next header is held against.
///
/// One writer, the engine, decides what is saved and in which order; each write is on disk when it returns. What comes
/// out was verified before it went in, and is decoded again all the same. The module runs no block and asks no
/// application.
