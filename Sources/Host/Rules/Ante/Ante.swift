/// What every transaction must satisfy before its messages count: its form, its fee, its signatures.
///
/// The same on every node but for what a node asks for before it lets a transaction wait. Assumes that the caller
/// discards what a refused transaction wrote. Never runs a message, but those of a genesis file.
