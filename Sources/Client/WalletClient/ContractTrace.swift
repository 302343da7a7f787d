import Foundation

/// Where a contract stopped, as a development enclave tells the caller of it, sealed in the error:
///
///     the contract panicked
///       in code 80d504bc…
///         at 12 $e8Contract7GreeterO7execute…
///         at 3
///
/// Functions by their number in the module, the innermost first, with their names if the module has any.
package struct ContractTrace: Equatable, Sendable {
    package struct Frame: Equatable, Sendable {
        package var function: Int
        package var name: String?

        package init(function: Int, name: String? = nil) { (self.function, self.name) = (function, name) }
    }

    package var reason: String
    package var codeHash: String
    package var frames: [Frame]

    /// - Returns: `nil` for an error that is not a trace.
    package init?(text: String) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.count >= 2, lines[1].hasPrefix("  in code ") else { return nil }
        reason = String(lines[0])
        codeHash = String(lines[1].dropFirst("  in code ".count))
        frames = []
        for line in lines.dropFirst(2) {
            guard line.hasPrefix("    at ") else { return nil }
            let parts = line.dropFirst("    at ".count).split(separator: " ", maxSplits: 1)
            guard let number = parts.first.flatMap({ Int($0) }) else { return nil }
            frames.append(Frame(function: number, name: parts.count > 1 ? String(parts[1]) : nil))
        }
    }

    /// Names from a module with names that is otherwise the one that ran; `false`, and no change, if it is another.
    package mutating func addNames(from module: WasmNames) -> Bool {
        guard module.codeHash == codeHash else { return false }
        for index in frames.indices where frames[index].name == nil {
            frames[index].name = module.names[frames[index].function]
        }
        return true
    }
}
