import DecidedBlocks

/// A change that the application asks for: a new power for a key, zero to remove it.
package struct ValidatorUpdate: Hashable, Sendable {
    package var publicKey: [UInt8]
    package var power: Int64

    package init(publicKey: [UInt8], power: Int64) {
        (self.publicKey, self.power) = (publicKey, power)
    }
}

/// Why a change of members is refused; the set stays as it was.
package enum ValidatorUpdateError: Error, Equatable {
    case illegalKey
    case negativePower
    case powerTooLarge
    case repeatedKey
    case unknownRemoval
    case emptySet
    case tooManyMembers
    case totalPowerTooLarge
}

extension ValidatorSet {
    /// The set of a new chain. `nil` unless the members are as an update may add them, at least one.
    package init?(genesis members: [ValidatorUpdate]) {
        guard !members.isEmpty, members.allSatisfy({ $0.power > 0 }) else { return nil }
        do throws(ValidatorUpdateError) {
            self = try ValidatorSet.changed([], totalPower: 0, by: members)
        } catch {
            return nil
        }
        incrementProposerPriority(times: 1)
    }

    /// Applies what the application returned, all of it or nothing (CometBFT: `UpdateWithChangeSet`). The proposer is
    /// open until the next `incrementProposerPriority`.
    package mutating func update(_ changes: [ValidatorUpdate]) throws(ValidatorUpdateError) {
        guard !changes.isEmpty else { return }
        self = try ValidatorSet.changed(validators, totalPower: totalPower, by: changes)
    }

    private static func changed(
        _ members: [Validator], totalPower: Int64, by changes: [ValidatorUpdate]
    ) throws(ValidatorUpdateError) -> ValidatorSet {
        var updated: [Validator] = []
        var removed = Set<ValidatorAddress>()
        var seen = Set<ValidatorAddress>()
        for change in changes {
            guard change.publicKey.count == 32 else { throw .illegalKey }
            guard change.power >= 0 else { throw .negativePower }
            guard change.power <= ValidatorSet.totalPowerMax else { throw .powerTooLarge }
            let address = ValidatorAddress(publicKey: change.publicKey)
            guard seen.insert(address).inserted else { throw .repeatedKey }
            if let validator = Validator(publicKey: change.publicKey, power: change.power) {
                updated.append(validator)
            } else {
                removed.insert(address)
            }
        }
        let current = Dictionary(uniqueKeysWithValues: members.map { ($0.address, $0) })
        guard members.count > removed.count || updated.contains(where: { current[$0.address] == nil }) else {
            throw .emptySet
        }
        guard removed.allSatisfy({ current[$0] != nil }) else { throw .unknownRemoval }

        let powerBeforeRemovals = try powerBeforeRemovals(
            totalPower, updating: updated, removing: removed, of: current)
        // A newcomer starts 1.125 times the power behind, so that leaving and coming back gains no turn.
        let newcomerPriority = -(powerBeforeRemovals + powerBeforeRemovals >> 3)
        for index in updated.indices {
            updated[index].proposerPriority = current[updated[index].address]?.proposerPriority ?? newcomerPriority
        }
        let changed = Set(updated.map(\.address))
        var members = members.filter { !changed.contains($0.address) && !removed.contains($0.address) } + updated
        members.sort(by: ValidatorSet.isBefore)
        rescalePriorities(&members, totalPower: members.reduce(0) { $0 + $1.power })
        centrePriorities(&members)
        guard let set = ValidatorSet(ordered: members) else { throw .tooManyMembers }
        return set
    }

    /// The total once `updated` are in but `removed` are not yet out. The limit holds for the sum without the removed,
    /// growing change by change, smallest first.
    private static func powerBeforeRemovals(
        _ totalPower: Int64, updating updated: [Validator], removing removed: Set<ValidatorAddress>,
        of current: [ValidatorAddress: Validator]
    ) throws(ValidatorUpdateError) -> Int64 {
        // Any order: a sum.
        let removedPower = removed.reduce(Int64(0)) { $0 + (current[$1]?.power ?? 0) }
        var total = totalPower - removedPower
        for difference in updated.map({ $0.power - (current[$0.address]?.power ?? 0) }).sorted() {
            total += difference
            guard total <= ValidatorSet.totalPowerMax else { throw .totalPowerTooLarge }
        }
        return total + removedPower
    }
}
