/// Numbers of the economy: whole ones of any size, and such with 18 decimals, rounded in every operation as the Cosmos
/// SDK rounds.
///
/// Rewards, shares and rates are under the hash of the state, so a digit that differs parts a node from its chain. All
/// operations are total: what would be too large throws `NumberFault`, nothing traps, and nothing depends on the
/// machine. Never reads a float, a locale or a clock.

/// Why an operation has no result.
package enum NumberFault: Error, Equatable, Sendable {
    /// It would have more bits than a number may.
    case overflow
    case divisionByZero
    /// It would be below zero where nothing may be.
    case negative
}
