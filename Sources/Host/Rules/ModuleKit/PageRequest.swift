import ChainMessages
import Wire

/// `cosmos.base.query.v1beta1.PageRequest`: which part of a list a client wants.
///
/// The cursor is the key of the last entry of the page before, without the list's prefix; clients treat it as opaque.
package struct PageRequest {
    package typealias Response = BaseQueryV1beta1.PageResponse

    package static let limitDefault = 100
    /// A client that wants more gets a cursor.
    package static let limitMax = 1000
    /// How many entries one request may look at when only some of them are wanted.
    private static let scannedMax = 10_000

    private var cursor: [UInt8]
    private var offset: UInt64
    private var limit: Int
    private var countsTotal: Bool
    private var isReverse: Bool

    package init(_ request: BaseQueryV1beta1.PageRequest?) throws {
        let request = request ?? BaseQueryV1beta1.PageRequest()
        cursor = request.key
        offset = request.offset
        limit =
            request.limit == 0 ? PageRequest.limitDefault : Int(min(request.limit, UInt64(PageRequest.limitMax)))
        // As in the original, who does not limit wants to know the total.
        countsTotal = request.countTotal || request.limit == 0
        isReverse = request.reverse
        guard cursor.isEmpty || offset == 0 else {
            throw QueryRefusal.invalidRequest("invalid request, either offset or key is expected, got both")
        }
        guard cursor.count <= StateKey.byteCountMax else { throw QueryRefusal.invalidRequest("invalid pagination key") }
    }

    /// One page of the entries under `prefix`, and the `PageResponse` for it.
    package func page(of state: any LedgerReading, store: String, prefix: [UInt8]) throws -> (
        entries: [LedgerEntry], response: Response
    ) {
        var entries: [LedgerEntry] = []
        var total: UInt64 = 0
        var hasMore = false
        try scan(state, store, prefix) { entry in
            total += 1
            if total <= offset { return true }
            if entries.count < limit {
                entries.append(entry)
                return true
            }
            hasMore = true
            return cursor.isEmpty && countsTotal
        }
        let next = hasMore ? entries.last.map { Array($0.key.dropFirst(prefix.count)) } : nil
        return (entries, PageRequest.response(next: next, total: cursor.isEmpty && countsTotal ? total : 0))
    }

    /// One page of those entries under `prefix` that `isWanted`. A page may be short although more follow: the cursor
    /// then says where looking ended. A total is told where one is asked for, and looking came to the end.
    package func page(
        of state: any LedgerReading, store: String, prefix: [UInt8], where isWanted: (LedgerEntry) -> Bool
    ) throws -> (entries: [LedgerEntry], response: Response) {
        var entries: [LedgerEntry] = []
        var (matches, scanned): (UInt64, Int) = (0, 0)
        var last: [UInt8]?
        var (hasMore, isCut) = (false, false)
        try scan(state, store, prefix) { entry in
            if entries.count == limit { hasMore = true }
            guard scanned < PageRequest.scannedMax, !hasMore || (cursor.isEmpty && countsTotal) else {
                isCut = true
                return false
            }
            scanned += 1
            if !hasMore { last = entry.key }
            if isWanted(entry) {
                matches += 1
                if !hasMore, matches > offset { entries.append(entry) }
            }
            return true
        }
        let next = hasMore || isCut ? last.map { Array($0.dropFirst(prefix.count)) } : nil
        let isCounted = cursor.isEmpty && countsTotal && !isCut
        return (entries, PageRequest.response(next: next, total: isCounted ? matches : 0))
    }

    /// One page of a list that is short enough to be at hand.
    package func page<Element>(of list: [Element]) throws -> (elements: [Element], response: Response) {
        var start = Int(min(offset, UInt64(list.count)))
        if !cursor.isEmpty {
            guard let position = StateKey.number(decoding: cursor) else {
                throw QueryRefusal.invalidRequest("invalid pagination key")
            }
            start = Int(min(position, UInt64(list.count)))
        }
        let ordered = isReverse ? list.reversed() : list
        let end = min(start + limit, list.count)
        let next = end < list.count ? StateKey.number(UInt64(end)) : nil
        return (Array(ordered[start..<end]), PageRequest.response(next: next, total: UInt64(list.count)))
    }

    /// Calls `visit` with the entries under `prefix` behind the cursor until it answers `false`.
    private func scan(_ state: any LedgerReading, _ store: String, _ prefix: [UInt8], _ visit: (LedgerEntry) -> Bool)
        throws
    {
        var startAfter = cursor.isEmpty ? nil : prefix + cursor
        let batchSize = min(limit + 1, 256)
        while true {
            let batch = try state.entries(
                in: store, prefix: prefix, after: startAfter, limit: batchSize, reverse: isReverse)
            for entry in batch where !visit(entry) { return }
            guard batch.count == batchSize else { return }
            startAfter = batch.last?.key
        }
    }

    private static func response(next: [UInt8]?, total: UInt64) -> Response {
        Response(nextKey: next ?? [], total: total)
    }
}
