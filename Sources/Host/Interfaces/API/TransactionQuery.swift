import ChainInterface
import ClientRequests
import PublicCryptography

/// What a client looks for among transactions: all conditions hold (`EventQuery` is how it is written).
///
/// Found by `tx.height` and `tx.hash`, by the texts of attributes with `=`, CONTAINS and EXISTS, and by the whole
/// numbers that values begin with. Times are compared in subscriptions alone: no index is ordered by them.
package struct TransactionQuery: Equatable, Sendable {
    package typealias Condition = TransactionSearch.Condition

    package var conditions: [Condition]

    package init(_ conditions: [Condition]) {
        self.conditions = conditions
    }

    package init(_ text: String) throws(StatusError) {
        conditions = []
        for condition in try EventQuery.read(text).conditions {
            if condition.name == "tx.hash", case .compares(.equal, .text(let value)) = condition.test {
                guard let bytes = Hexadecimal.decode(value), let hash = Hash32(bytes) else {
                    throw .invalidQuery("a hash expected")
                }
                conditions.append(.hash(hash))
            } else {
                conditions.append(try Condition(condition, height: "tx.height"))
            }
        }
    }
}

/// What a client looks for among blocks: as `TransactionQuery`, by `block.height` and the events of blocks themselves.
package struct BlockQuery: Equatable, Sendable {
    package var conditions: [BlockSearch.Condition]

    package init(_ text: String) throws(StatusError) {
        conditions = []
        for condition in try EventQuery.read(text).conditions {
            conditions.append(try BlockSearch.Condition(condition, height: "block.height"))
        }
    }
}

extension EventQuery {
    fileprivate static func read(_ text: String) throws(StatusError) -> EventQuery {
        do throws(EventQueryFault) { return try EventQuery(text) } catch { throw .invalidRequest(error.text) }
    }
}

extension StatusError {
    fileprivate static func invalidQuery(_ reason: String) -> StatusError {
        .invalidRequest("invalid query: \(reason)")
    }
}

extension TransactionSearch.Condition {
    /// `height` is the name under which heights are compared.
    fileprivate init(_ condition: EventQuery.Condition, height: String) throws(StatusError) {
        let isHeight = condition.name == height
        switch condition.test {
        case .exists: self = isHeight ? .heights(0...Int64.max) : .attributeExists(name: condition.name)
        case .contains(let text):
            guard !isHeight else { throw .invalidQuery("a height has no text") }
            self = .attributeContains(name: condition.name, text: text)
        case .compares(let comparison, let operand):
            guard isHeight else {
                self = try .attribute(condition.name, comparison, operand)
                return
            }
            guard let number = operand.height, number < .max else { throw .invalidQuery("a height expected") }
            // No height is below 0, and nothing has height 0.
            let range = try TransactionSearch.Condition.range(comparison, number)
            self = .heights(max(0, range.lowerBound)...max(0, range.upperBound))
        }
    }

    private static func attribute(
        _ name: String, _ comparison: EventQuery.Comparison, _ operand: EventQuery.Operand
    ) throws(StatusError) -> TransactionSearch.Condition {
        switch operand {
        case .text(let value): return .attribute(name: name, value: value)
        case .number(let number) where comparison == .equal: return .attribute(name: name, value: number.text)
        case .number(let number):
            guard let value = number.int64, value < .max else {
                throw .invalidQuery("whole numbers are compared, below 2^63")
            }
            return .attributeNumber(name: name, in: try range(comparison, value))
        case .time: throw .invalidQuery("times are compared in subscriptions alone")
        }
    }

    private static func range(
        _ comparison: EventQuery.Comparison, _ value: Int64
    ) throws(StatusError) -> ClosedRange<Int64> {
        switch comparison {
        case .equal: value...value
        case .less: Int64.min...(value - 1)
        case .lessOrEqual: Int64.min...value
        case .greater: (value + 1)...Int64.max
        case .greaterOrEqual: value...Int64.max
        }
    }
}

extension EventQuery.Operand {
    /// Also in quotes, as some write heights.
    fileprivate var height: Int64? {
        switch self {
        case .number(let number): number.int64
        case .text(let text): Int64(text).flatMap { $0 >= 0 ? $0 : nil }
        case .time: nil
        }
    }
}
