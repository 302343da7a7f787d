import API
import Logging
import StrictJSON
import Testing
import Wire

@Suite("API") struct APITests {}

/// Hexadecimal or text fixtures are dull; these make the common ones.
func coin(_ denom: String, _ amount: String) -> [UInt8] {
    ProtobufWriter.encode { writer in
        writer.string(1, denom)
        writer.string(2, amount)
    }
}

func anyMessage(_ url: String, _ value: [UInt8]) -> [UInt8] {
    ProtobufWriter.encode { writer in
        writer.string(1, url)
        writer.bytes(2, value)
    }
}

func json(_ bytes: [UInt8], as message: String) throws -> String {
    String(decoding: try ResponseEncoder.json(bytes, message: message, pool: .chain), as: UTF8.self)
}

func parsed(_ text: String) throws -> JSONValue {
    try JSONReader.parse(Array(text.utf8), limits: JSONLimits(bytesMax: 8 << 20))
}

func requestBytes(_ text: String, as message: String) throws -> [UInt8] {
    try RequestDecoder(pool: .chain).bytes(of: parsed(text), as: message)
}

let quiet = Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() }

/// A transcoder over one handler that answers `response` and keeps what it was asked.
func transcoder(_ method: String, response: [UInt8] = [], height: Int64 = 7, asked: Asked = Asked()) -> RESTTranscoder {
    var registry = ServiceRegistry()
    registry.register(method) { request, context in
        await asked.remember(request, context.height)
        return ServiceReply(response, height: height)
    }
    return RESTTranscoder(registry, logger: quiet)
}

actor Asked {
    private(set) var requests: [[UInt8]] = []
    private(set) var heights: [Int64?] = []

    func remember(_ request: [UInt8], _ height: Int64?) {
        requests.append(request)
        heights.append(height)
    }
}

extension RESTResponse {
    var text: String { String(decoding: body, as: UTF8.self) }
}
