/// Why a call has no result, as JSON-RPC 2.0 numbers it (section 5.1), in CometBFT's words.
package struct RPCFault: Error, Equatable, Sendable {
    package var code: Int
    package var message: String
    /// Left out of the answer where it is empty.
    package var data: String

    package init(code: Int, message: String, data: String = "") {
        (self.code, self.message, self.data) = (code, message, data)
    }

    package static let unknownMethod = RPCFault(code: -32601, message: "Method not found")

    package static func unreadable(_ text: String) -> RPCFault {
        RPCFault(code: -32700, message: "Parse error. Invalid JSON", data: "error unmarshaling request: " + text)
    }
    package static func malformed(_ text: String) -> RPCFault {
        RPCFault(code: -32600, message: "Invalid Request", data: text)
    }
    package static func invalid(_ text: String) -> RPCFault {
        RPCFault(code: -32602, message: "Invalid params", data: text)
    }
    package static func failed(_ text: String) -> RPCFault {
        RPCFault(code: -32603, message: "Internal error", data: text)
    }
    /// What ends a subscription.
    package static func ended(_ text: String) -> RPCFault {
        RPCFault(code: -32000, message: "Server error", data: text)
    }
}
