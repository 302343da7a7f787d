import ChainMessages

/// Which calls may follow which (CometBFT's ABCI documentation gives it as a grammar): a start with `Info`, but for a
/// CometBFT that looks for a state; then, for a new chain, `InitChain` or a snapshot; then heights, each with any
/// number of proposals, one `FinalizeBlock` and one `Commit`. Vote extensions are not enabled on chains of ours, so
/// their two methods belong to no call.
///
/// `Info` may come at any time, since CometBFT's RPC passes it on; methods that neither change nor decide anything,
/// too.
package struct CallGrammar: Sendable {
    package struct Violation: Error, Equatable, CustomStringConvertible {
        package var call: String
        package var instead: String
        package var description: String { "\(call) came where \(instead) may come" }
    }

    private enum Place: Equatable {
        case start
        /// After `Info` said that nothing is committed.
        case empty
        /// A snapshot was accepted, and its chunks come.
        case restoring
        /// Before the block of this height, `nil` for whichever the chain begins with.
        case height(Int64?)
        case finalized(Int64)

        var expects: String {
            switch self {
            case .start: "Info or OfferSnapshot"
            case .empty: "InitChain or OfferSnapshot"
            case .restoring: "ApplySnapshotChunk or OfferSnapshot"
            case .height(let height): "a proposal or FinalizeBlock" + (height.map { " of height \($0)" } ?? "")
            case .finalized(let height): "Commit of height \(height)"
            }
        }
    }

    private var place = Place.start

    package init() {}

    /// `lastHeight` is what `Info` answers.
    package mutating func info(lastHeight: Int64) {
        switch place {
        case .start: place = lastHeight == 0 ? .empty : .height(lastHeight + 1)
        // The snapshot is there as a whole.
        case .restoring where lastHeight > 0: place = .height(lastHeight + 1)
        default: break
        }
    }

    package mutating func initChain(initialHeight: Int64) throws(Violation) {
        guard place == .empty else { throw violation("InitChain") }
        place = .height(initialHeight)
    }

    package mutating func proposal(_ call: String, height: Int64) throws(Violation) {
        guard isAt(height) else { throw violation("\(call) of height \(height)") }
    }

    package mutating func finalizeBlock(height: Int64) throws(Violation) {
        guard isAt(height) else { throw violation("FinalizeBlock of height \(height)") }
        place = .finalized(height)
    }

    package mutating func commit() throws(Violation) {
        guard case .finalized(let height) = place else { throw violation("Commit") }
        place = .height(height + 1)
    }

    package mutating func offerSnapshot(isAccepted: Bool) throws(Violation) {
        guard [.start, .empty, .restoring].contains(place) else { throw violation("OfferSnapshot") }
        place = isAccepted ? .restoring : .empty
    }

    package func applySnapshotChunk() throws(Violation) {
        guard place == .restoring else { throw violation("ApplySnapshotChunk") }
    }

    private func isAt(_ height: Int64) -> Bool {
        guard case .height(let expected) = place else { return false }
        return expected == nil || expected == height
    }

    private func violation(_ call: String) -> Violation { Violation(call: call, instead: place.expects) }
}
