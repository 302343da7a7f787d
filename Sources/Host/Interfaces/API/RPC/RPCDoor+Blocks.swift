import ChainFormats
import ChainInterface
import ClientRequests
import DecidedBlocks
import PublicCryptography
import StrictJSON
import Wire

// Decided blocks, and what they came to.

extension RPCDoor {
    static let blockMethods: [String: RPCMethod] = [
        "header": RPCMethod("height") { door, call, _ in
            let height = try door.height(call)
            guard let header = try door.blocks.decidedHeader(at: height) else { throw try door.notHere(height) }
            return ["header": RPCForm.header(header)]
        },
        "header_by_hash": RPCMethod("hash") { door, call, _ in
            let height = try door.height(ofHash: try call.bytes("hash", inJSON: .hexadecimal))
            return ["header": try height.flatMap { try door.blocks.decidedHeader(at: $0) }.map(RPCForm.header) ?? .null]
        },
        "block": RPCMethod("height") { door, call, _ in
            let height = try door.height(call)
            guard let block = try door.block(height) else { throw try door.notHere(height) }
            return block
        },
        "block_by_hash": RPCMethod("hash") { door, call, _ in
            let height = try door.height(ofHash: try call.bytes("hash", inJSON: .base64))
            return try height.flatMap { try door.block($0) } ?? ["block_id": RPCForm.blockID(nil), "block": .null]
        },
        "block_results": RPCMethod("height") { door, call, _ in try door.results(call) },
        "block_search": RPCMethod("query", "page", "per_page", "order_by") { door, call, _ in
            try door.searchBlocks(call)
        },
        "blockchain": RPCMethod("minHeight", "maxHeight") { door, call, _ in try door.blockchain(call) },
        "commit": RPCMethod("height") { door, call, _ in
            let height = try door.height(call)
            guard let header = try door.blocks.decidedHeader(at: height), let found = try door.blocks.commit(of: height)
            else { throw try door.notHere(height) }
            return [
                "signed_header": ["header": RPCForm.header(header), "commit": RPCForm.commit(found.commit)],
                "canonical": .bool(found.isCanonical),
            ]
        },
        "validators": RPCMethod("height", "page", "per_page") { door, call, _ in
            let height = try door.height(call, ahead: 1)
            guard let set = try door.blocks.validatorSet(of: height) else { throw try door.notHere(height) }
            let page = try RPCPage(call, total: set.count)
            let shown = set.validators.dropFirst(page.offset).prefix(page.size)
            return [
                "block_height": .string("\(height)"), "validators": .array(shown.map(RPCForm.validator)),
                "count": .string("\(shown.count)"), "total": .string("\(set.count)"),
            ]
        },
        "consensus_params": RPCMethod("height") { door, call, _ in
            let height = try door.height(call, ahead: 1)
            guard let parameters = try door.blocks.parameters(of: height) else { throw try door.notHere(height) }
            return [
                "block_height": .string("\(height)"),
                "consensus_params": RPCForm.parameters(parameters, appVersion: try door.appVersion(height)),
            ]
        },
    ]

    // MARK: - Heights

    /// The height that is asked for, of those that are here and `ahead` more; the last of them where none is. In
    /// CometBFT's words, which its light client reads.
    func height(_ call: RPCCall, ahead: Int64 = 0) throws -> Int64 {
        guard let heights = try blocks.decidedHeights() else {
            throw RPCFault.failed("height must be less than or equal to the current blockchain height 0")
        }
        let last = heights.upperBound + (chain.isSyncing ? 0 : ahead)
        guard let height = try call.integer("height") else { return last }
        guard height > 0 else { throw RPCFault.failed("height must be greater than 0, but got \(height)") }
        guard height <= last else {
            throw RPCFault.failed(
                "height \(height) must be less than or equal to the current blockchain height \(last)")
        }
        return height
    }

    func notHere(_ height: Int64) throws -> RPCFault {
        .failed("height \(height) is not available, lowest height is \(try blocks.decidedHeights()?.lowerBound ?? 0)")
    }

    /// `nil` for the hash of nothing that is here.
    private func height(ofHash bytes: [UInt8]?) throws -> Int64? {
        try bytes.flatMap { Hash32($0) }.flatMap { try blocks.height(ofHash: $0) }
    }

    // MARK: - Blocks

    private func block(_ height: Int64) throws -> JSONValue? {
        guard let found = try blocks.decidedBlock(at: height) else { return nil }
        return [
            "block_id": RPCForm.blockID(found.id), "block": RPCForm.block(try Block.received(found.protobuf).block),
        ]
    }

    /// As many as CometBFT gives at once.
    private static let metasMax: Int64 = 20

    /// The newest `metasMax` of a range, newest first.
    private func blockchain(_ call: RPCCall) throws -> JSONValue {
        guard let heights = try blocks.decidedHeights() else { throw RPCFault.failed("there is no block yet") }
        let asked = (first: try call.integer("minHeight") ?? 0, last: try call.integer("maxHeight") ?? 0)
        guard asked.first >= 0, asked.last >= 0 else { throw RPCFault.failed("heights must be non-negative") }
        let last = min(asked.last == 0 ? .max : asked.last, heights.upperBound)
        let first = max(max(asked.first, 1), heights.lowerBound, last - Self.metasMax + 1)
        guard first <= last else {
            throw RPCFault.failed("min height \(first) can't be greater than max height \(last)")
        }
        var metas: [JSONValue] = []
        for height in (first...last).reversed() {
            guard let header = try blocks.decidedHeader(at: height), let block = try blocks.decidedBlock(at: height)
            else { continue }
            metas.append([
                "block_id": RPCForm.blockID(block.id), "block_size": .string("\(block.protobuf.count)"),
                "header": RPCForm.header(header),
                "num_txs": .string("\(try Block.transactionCount(in: block.protobuf))"),
            ])
        }
        return ["last_height": .string("\(heights.upperBound)"), "block_metas": .array(metas)]
    }

    // MARK: - Results

    /// Of the last announced block where no height is asked for: of the last decided one there are none yet.
    private func results(_ call: RPCCall) throws -> JSONValue {
        let asked = try call.integer("height")
        let height = asked == nil ? chain.announcedHeight : try self.height(call)
        guard height > 0, height <= chain.announcedHeight, let results = try chain.results(at: height) else {
            throw RPCFault.failed("could not find results for height #\(height)")
        }
        return RPCForm.results(results)
    }

    private func searchBlocks(_ call: RPCCall) throws -> JSONValue {
        let query = try BlockQuery(try call.text("query") ?? "")
        let isDescending = try order(call, otherwise: true)
        let announced = chain.announcedHeight
        let (offset, size) = try RPCPage.place(call)
        let found = try chain.searchBlocks(
            BlockSearch(query.conditions, isDescending: isDescending, offset: offset, limit: size), upTo: announced)
        try RPCPage.check(call, total: found.total, size: size)
        return [
            "blocks": .array(try found.page.compactMap { try block($0) }), "total_count": .string("\(found.total)"),
        ]
    }

    /// Whether the newest come first.
    func order(_ call: RPCCall, otherwise: Bool) throws -> Bool {
        switch try call.text("order_by") ?? "" {
        case "": return otherwise
        case "desc": return true
        case "asc": return false
        default: throw RPCFault.failed("expected order_by to be either `asc` or `desc` or empty")
        }
    }
}

/// A page of a list, as CometBFT cuts it.
struct RPCPage {
    private static let sizeMax: Int64 = 100
    private static let sizeOtherwise: Int64 = 30

    var offset: Int
    var size: Int

    init(_ call: RPCCall, total: Int) throws {
        (offset, size) = try RPCPage.place(call)
        try RPCPage.check(call, total: total, size: size)
    }

    static func size(_ asked: Int64?) -> Int {
        guard let asked, asked >= 1 else { return Int(sizeOtherwise) }
        return Int(min(asked, sizeMax))
    }

    /// Where a page is, before it is known how much there is.
    static func place(_ call: RPCCall) throws -> (offset: Int, size: Int) {
        let size = size(try call.integer("per_page"))
        let page = max(1, try call.integer("page") ?? 1)
        let (offset, isTooFar) = (Int(page) - 1).multipliedReportingOverflow(by: size)
        guard !isTooFar else { throw outOfRange(pages: 1, page) }
        return (offset, size)
    }

    static func check(_ call: RPCCall, total: Int, size: Int) throws {
        guard let page = try call.integer("page") else { return }
        let pages = Int64(max(1, (total + size - 1) / size))
        guard (1...pages).contains(page) else { throw outOfRange(pages: pages, page) }
    }

    private static func outOfRange(pages: Int64, _ page: Int64) -> RPCFault {
        .failed("page should be within [1, \(pages)] range, given \(page)")
    }
}
