// Made by proto/chain_messages.py from proto/chain. Do not edit.

import SignedTransactions
import Wire

/// `cloister.registration.v1`.
package enum CloisterRegistrationV1 {
    package enum Query {
        package static let genesis = ChainMethod<QueryGenesisRequest, QueryGenesisResponse>(
            "/cloister.registration.v1.Query/Genesis"
        )
        package static let headers = ChainMethod<QueryHeadersRequest, QueryHeadersResponse>(
            "/cloister.registration.v1.Query/Headers"
        )
        package static let releases = ChainMethod<QueryReleasesRequest, QueryReleasesResponse>(
            "/cloister.registration.v1.Query/Releases"
        )
    }

    package struct QueryGenesisRequest: FieldlessMessage {
        package static let name = "cloister.registration.v1.QueryGenesisRequest"

        package init() {}
    }

    package struct QueryGenesisResponse: ChainMessage {
        package static let name = "cloister.registration.v1.QueryGenesisResponse"
        package var genesis: [UInt8] = []

        package init(genesis: [UInt8] = []) {
            self.genesis = genesis
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            while let field = try fields.next() {
                switch field.number {
                case 1: genesis = try field.bytes()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.bytes(1, genesis)
        }
    }

    package struct QueryHeadersRequest: ChainMessage {
        package static let name = "cloister.registration.v1.QueryHeadersRequest"
        package var highest: Int64 = 0

        package init(highest: Int64 = 0) {
            self.highest = highest
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            while let field = try fields.next() {
                switch field.number {
                case 1: highest = try field.int64()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.int64(1, highest)
        }
    }

    package struct QueryHeadersResponse: ChainMessage {
        package static let name = "cloister.registration.v1.QueryHeadersResponse"
        package var headers: [[UInt8]] = []

        package init(headers: [[UInt8]] = []) {
            self.headers = headers
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [])
            while let field = try fields.next() {
                switch field.number {
                case 1: headers.append(try field.bytes())
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            for element in headers { writer.message(1, element) }
        }
    }

    package struct QueryReleasesRequest: ChainMessage {
        package static let name = "cloister.registration.v1.QueryReleasesRequest"
        package var after: UInt64 = 0

        package init(after: UInt64 = 0) {
            self.after = after
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            while let field = try fields.next() {
                switch field.number {
                case 1: after = try field.uint64()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.uint64(1, after)
        }
    }

    package struct QueryReleasesResponse: ChainMessage {
        package static let name = "cloister.registration.v1.QueryReleasesResponse"
        package var releases: [[UInt8]] = []
        package var count: UInt64 = 0
        package var head: [UInt8] = []

        package init(releases: [[UInt8]] = [], count: UInt64 = 0, head: [UInt8] = []) {
            (self.releases, self.count, self.head) = (releases, count, head)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [2, 3])
            while let field = try fields.next() {
                switch field.number {
                case 1: releases.append(try field.bytes())
                case 2: count = try field.uint64()
                case 3: head = try field.bytes()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            for element in releases { writer.message(1, element) }
            writer.uint64(2, count)
            writer.bytes(3, head)
        }
    }
}
