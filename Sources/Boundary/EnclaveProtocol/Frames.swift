import CBoundaryMessages
import CProtobufC
import PublicCryptography

// The two envelopes. A frame's body is exactly one of them; which one follows from its direction.

private typealias CToEnclave = Cloister__Boundary__V1__ToEnclave
private typealias CFromEnclave = Cloister__Boundary__V1__FromEnclave

/// Whole hashes, one behind the other.
private func hashes(_ bytes: [UInt8]) throws(Failure) -> [Hash32] {
    guard bytes.count % Hash32.byteCount == 0 else { throw .malformedFrame }
    return stride(from: 0, to: bytes.count, by: Hash32.byteCount).map { Hash32(bytes[$0..<$0 + Hash32.byteCount])! }
}

extension ToEnclave {
    package func encoded() throws(Failure) -> [UInt8] {
        try unsafe FrameEncoder.pack { encoder in
            guard
                let frame = unsafe encoder.make(
                    CToEnclave.self, { unsafe cloister__boundary__v1__to_enclave__init($0) })
            else { return nil }
            unsafe fill(frame, &encoder)
            return unsafe UnsafeRawPointer(frame).assumingMemoryBound(to: ProtobufCMessage.self)
        }
    }

    private func fill(_ frame: UnsafeMutablePointer<CToEnclave>, _ encoder: inout FrameEncoder) {
        switch self {
        case .hello(let message):
            unsafe frame.pointee.hello = message.encode(&encoder)
            unsafe frame.pointee.body_case = CLOISTER__BOUNDARY__V1__TO_ENCLAVE__BODY_HELLO
        case .bootstrap(let identity):
            let identityForm = unsafe identity.encode(&encoder)
            unsafe frame.pointee.bootstrap = encoder.make(Cloister__Boundary__V1__EnclaveBootstrapRequest.self) {
                unsafe cloister__boundary__v1__enclave_bootstrap_request__init($0)
                unsafe $0.pointee.identity = identityForm
            }
            unsafe frame.pointee.body_case = CLOISTER__BOUNDARY__V1__TO_ENCLAVE__BODY_BOOTSTRAP
        case .unseal(let sealedRecord):
            let recordForm = unsafe encoder.bytes(sealedRecord)
            unsafe frame.pointee.unseal = encoder.make(Cloister__Boundary__V1__EnclaveUnsealRequest.self) {
                unsafe cloister__boundary__v1__enclave_unseal_request__init($0)
                unsafe $0.pointee.sealed_record = recordForm
            }
            unsafe frame.pointee.body_case = CLOISTER__BOUNDARY__V1__TO_ENCLAVE__BODY_UNSEAL
        case .health:
            unsafe frame.pointee.health = encoder.make(Cloister__Boundary__V1__EnclaveHealthRequest.self) {
                unsafe cloister__boundary__v1__enclave_health_request__init($0)
            }
            unsafe frame.pointee.body_case = CLOISTER__BOUNDARY__V1__TO_ENCLAVE__BODY_HEALTH
        case .takeModule:
            unsafe frame.pointee.take_module = encoder.make(Cloister__Boundary__V1__EnclaveTakeModuleRequest.self) {
                unsafe cloister__boundary__v1__enclave_take_module_request__init($0)
            }
            unsafe frame.pointee.body_case = CLOISTER__BOUNDARY__V1__TO_ENCLAVE__BODY_TAKE_MODULE
        case .abandonQuery(let lane, let query):
            unsafe frame.pointee.abandon_query = encoder.make(Cloister__Boundary__V1__EnclaveAbandonQueryRequest.self) {
                unsafe cloister__boundary__v1__enclave_abandon_query_request__init($0)
                unsafe $0.pointee.lane = lane
                unsafe $0.pointee.query = query
            }
            unsafe frame.pointee.body_case = CLOISTER__BOUNDARY__V1__TO_ENCLAVE__BODY_ABANDON_QUERY
        case .beginBlock(let message):
            unsafe frame.pointee.begin_block = message.encode(&encoder)
            unsafe frame.pointee.body_case = CLOISTER__BOUNDARY__V1__TO_ENCLAVE__BODY_BEGIN_BLOCK
        case .blockChunk(let message):
            unsafe frame.pointee.block_chunk = message.encode(&encoder)
            unsafe frame.pointee.body_case = CLOISTER__BOUNDARY__V1__TO_ENCLAVE__BODY_BLOCK_CHUNK
        case .runTransaction(let message):
            unsafe frame.pointee.run_transaction = message.encode(&encoder)
            unsafe frame.pointee.body_case = CLOISTER__BOUNDARY__V1__TO_ENCLAVE__BODY_RUN_TRANSACTION
        case .endBlock:
            unsafe frame.pointee.end_block = encoder.make(Cloister__Boundary__V1__EnclaveEndBlockRequest.self) {
                unsafe cloister__boundary__v1__enclave_end_block_request__init($0)
            }
            unsafe frame.pointee.body_case = CLOISTER__BOUNDARY__V1__TO_ENCLAVE__BODY_END_BLOCK
        case .query(let message):
            unsafe frame.pointee.query = message.encode(&encoder)
            unsafe frame.pointee.body_case = CLOISTER__BOUNDARY__V1__TO_ENCLAVE__BODY_QUERY
        case .state(let proofs):
            let proofsForm = unsafe encoder.list(proofs) { unsafe $1.encode(&$0) }
            unsafe frame.pointee.state = encoder.make(Cloister__Boundary__V1__HostReadStateResponse.self) {
                unsafe cloister__boundary__v1__host_read_state_response__init($0)
                unsafe $0.pointee.n_proofs = proofs.count
                unsafe $0.pointee.proofs = proofsForm
            }
            unsafe frame.pointee.body_case = CLOISTER__BOUNDARY__V1__TO_ENCLAVE__BODY_STATE
        case .code(let code):
            let codeForm = unsafe encoder.bytes(code)
            unsafe frame.pointee.code = encoder.make(Cloister__Boundary__V1__HostReadCodeResponse.self) {
                unsafe cloister__boundary__v1__host_read_code_response__init($0)
                unsafe $0.pointee.code = codeForm
            }
            unsafe frame.pointee.body_case = CLOISTER__BOUNDARY__V1__TO_ENCLAVE__BODY_CODE
        case .module(let sealed):
            let sealedForm = unsafe encoder.bytes(sealed)
            unsafe frame.pointee.module = encoder.make(Cloister__Boundary__V1__HostReadModuleResponse.self) {
                unsafe cloister__boundary__v1__host_read_module_response__init($0)
                unsafe $0.pointee.sealed_module = sealedForm
            }
            unsafe frame.pointee.body_case = CLOISTER__BOUNDARY__V1__TO_ENCLAVE__BODY_MODULE
        case .journal(let hashes):
            let hashesForm = unsafe encoder.bytes(hashes.flatMap(\.bytes))
            unsafe frame.pointee.journal = encoder.make(Cloister__Boundary__V1__HostReadJournalResponse.self) {
                unsafe cloister__boundary__v1__host_read_journal_response__init($0)
                unsafe $0.pointee.hashes = hashesForm
            }
            unsafe frame.pointee.body_case = CLOISTER__BOUNDARY__V1__TO_ENCLAVE__BODY_JOURNAL
        case .headers(let headers):
            let headersForm = unsafe encoder.list(headers) { unsafe $0.bytes($1) }
            unsafe frame.pointee.headers = encoder.make(Cloister__Boundary__V1__HostReadHeadersResponse.self) {
                unsafe cloister__boundary__v1__host_read_headers_response__init($0)
                unsafe $0.pointee.n_headers = headers.count
                unsafe $0.pointee.headers = headersForm
            }
            unsafe frame.pointee.body_case = CLOISTER__BOUNDARY__V1__TO_ENCLAVE__BODY_HEADERS
        case .ledgerMessage(let result):
            unsafe frame.pointee.ledger_message = result.encode(&encoder)
            unsafe frame.pointee.body_case = CLOISTER__BOUNDARY__V1__TO_ENCLAVE__BODY_LEDGER_MESSAGE
        case .scopeReverted:
            unsafe frame.pointee.scope_reverted = encoder.make(Cloister__Boundary__V1__HostRevertScopeResponse.self) {
                unsafe cloister__boundary__v1__host_revert_scope_response__init($0)
            }
            unsafe frame.pointee.body_case = CLOISTER__BOUNDARY__V1__TO_ENCLAVE__BODY_SCOPE_REVERTED
        }
    }

    /// The host chose `bytes`: whatever they are, the answer is a message or a failure.
    package init(decoding bytes: [UInt8]) throws(Failure) {
        guard bytes.count <= BoundaryProtocol.frameBytesMax else { throw .frameTooLong }
        guard let arena = FrameArena(limit: BoundaryProtocol.decodingBytesMax) else { throw .outOfMemory }
        let frame = unsafe bytes.withUnsafeBufferPointer { buffer in
            unsafe boundary_unpack_to_enclave(arena.pointer, buffer.count, buffer.baseAddress)
        }
        guard let form = unsafe frame?.pointee else { throw .malformedFrame }
        switch unsafe form.body_case {
        case CLOISTER__BOUNDARY__V1__TO_ENCLAVE__BODY_HELLO:
            self = .hello(try unsafe copyMessage(form.hello))
        case CLOISTER__BOUNDARY__V1__TO_ENCLAVE__BODY_BOOTSTRAP:
            self = .bootstrap(try unsafe copyMessage(form.bootstrap.pointee.identity))
        case CLOISTER__BOUNDARY__V1__TO_ENCLAVE__BODY_UNSEAL:
            self = .unseal(sealedRecord: unsafe copyBytes(form.unseal.pointee.sealed_record))
        case CLOISTER__BOUNDARY__V1__TO_ENCLAVE__BODY_HEALTH:
            self = .health
        case CLOISTER__BOUNDARY__V1__TO_ENCLAVE__BODY_TAKE_MODULE:
            self = .takeModule
        case CLOISTER__BOUNDARY__V1__TO_ENCLAVE__BODY_ABANDON_QUERY:
            self = .abandonQuery(
                lane: unsafe form.abandon_query.pointee.lane, query: unsafe form.abandon_query.pointee.query)
        case CLOISTER__BOUNDARY__V1__TO_ENCLAVE__BODY_MODULE:
            self = .module(unsafe copyBytes(form.module.pointee.sealed_module))
        case CLOISTER__BOUNDARY__V1__TO_ENCLAVE__BODY_BEGIN_BLOCK:
            self = .beginBlock(try unsafe copyMessage(form.begin_block))
        case CLOISTER__BOUNDARY__V1__TO_ENCLAVE__BODY_BLOCK_CHUNK:
            self = .blockChunk(try unsafe copyMessage(form.block_chunk))
        case CLOISTER__BOUNDARY__V1__TO_ENCLAVE__BODY_RUN_TRANSACTION:
            self = .runTransaction(try unsafe copyMessage(form.run_transaction))
        case CLOISTER__BOUNDARY__V1__TO_ENCLAVE__BODY_END_BLOCK:
            self = .endBlock
        case CLOISTER__BOUNDARY__V1__TO_ENCLAVE__BODY_QUERY:
            self = .query(try unsafe copyMessage(form.query))
        case CLOISTER__BOUNDARY__V1__TO_ENCLAVE__BODY_STATE:
            self = .state(try unsafe copyMessages(form.state.pointee.n_proofs, form.state.pointee.proofs))
        case CLOISTER__BOUNDARY__V1__TO_ENCLAVE__BODY_CODE:
            self = .code(unsafe copyBytes(form.code.pointee.code))
        case CLOISTER__BOUNDARY__V1__TO_ENCLAVE__BODY_JOURNAL:
            self = .journal(try hashes(unsafe copyBytes(form.journal.pointee.hashes)))
        case CLOISTER__BOUNDARY__V1__TO_ENCLAVE__BODY_HEADERS:
            self = .headers(unsafe copyList(form.headers.pointee.n_headers, form.headers.pointee.headers))
        case CLOISTER__BOUNDARY__V1__TO_ENCLAVE__BODY_LEDGER_MESSAGE:
            self = .ledgerMessage(try unsafe copyMessage(form.ledger_message))
        case CLOISTER__BOUNDARY__V1__TO_ENCLAVE__BODY_SCOPE_REVERTED:
            self = .scopeReverted
        default:
            throw .malformedFrame
        }
        withExtendedLifetime(arena) {}
    }
}

extension FromEnclave {
    package func encoded() throws(Failure) -> [UInt8] {
        try unsafe FrameEncoder.pack { encoder in
            guard
                let frame = unsafe encoder.make(
                    CFromEnclave.self, { unsafe cloister__boundary__v1__from_enclave__init($0) })
            else { return nil }
            unsafe fill(frame, &encoder)
            return unsafe UnsafeRawPointer(frame).assumingMemoryBound(to: ProtobufCMessage.self)
        }
    }

    private func fill(_ frame: UnsafeMutablePointer<CFromEnclave>, _ encoder: inout FrameEncoder) {
        switch self {
        case .hello(let message):
            unsafe frame.pointee.hello = message.encode(&encoder)
            unsafe frame.pointee.body_case = CLOISTER__BOUNDARY__V1__FROM_ENCLAVE__BODY_HELLO
        case .opened(let message):
            unsafe frame.pointee.opened = message.encode(&encoder)
            unsafe frame.pointee.body_case = CLOISTER__BOUNDARY__V1__FROM_ENCLAVE__BODY_OPENED
        case .health(let message):
            unsafe frame.pointee.health = message.encode(&encoder)
            unsafe frame.pointee.body_case = CLOISTER__BOUNDARY__V1__FROM_ENCLAVE__BODY_HEALTH
        case .moduleTaken(let message):
            unsafe frame.pointee.module_taken = message.encode(&encoder)
            unsafe frame.pointee.body_case = CLOISTER__BOUNDARY__V1__FROM_ENCLAVE__BODY_MODULE_TAKEN
        case .queryAbandoned:
            unsafe frame.pointee.query_abandoned = encoder.make(
                Cloister__Boundary__V1__EnclaveAbandonQueryResponse.self
            ) {
                unsafe cloister__boundary__v1__enclave_abandon_query_response__init($0)
            }
            unsafe frame.pointee.body_case = CLOISTER__BOUNDARY__V1__FROM_ENCLAVE__BODY_QUERY_ABANDONED
        case .readModule(let hash):
            let hashForm = unsafe encoder.bytes(hash)
            unsafe frame.pointee.read_module = encoder.make(Cloister__Boundary__V1__HostReadModuleRequest.self) {
                unsafe cloister__boundary__v1__host_read_module_request__init($0)
                unsafe $0.pointee.code_hash = hashForm
            }
            unsafe frame.pointee.body_case = CLOISTER__BOUNDARY__V1__FROM_ENCLAVE__BODY_READ_MODULE
        case .blockBegun(let message):
            unsafe frame.pointee.block_begun = message.encode(&encoder)
            unsafe frame.pointee.body_case = CLOISTER__BOUNDARY__V1__FROM_ENCLAVE__BODY_BLOCK_BEGUN
        case .chunkReceived(let count):
            unsafe frame.pointee.chunk_received = encoder.make(Cloister__Boundary__V1__EnclaveBlockChunkResponse.self) {
                unsafe cloister__boundary__v1__enclave_block_chunk_response__init($0)
                unsafe $0.pointee.received = count
            }
            unsafe frame.pointee.body_case = CLOISTER__BOUNDARY__V1__FROM_ENCLAVE__BODY_CHUNK_RECEIVED
        case .transactionRun(let message):
            unsafe frame.pointee.transaction_run = message.encode(&encoder)
            unsafe frame.pointee.body_case = CLOISTER__BOUNDARY__V1__FROM_ENCLAVE__BODY_TRANSACTION_RUN
        case .blockEnded(let sealedRecord):
            let recordForm = unsafe encoder.bytes(sealedRecord)
            unsafe frame.pointee.block_ended = encoder.make(Cloister__Boundary__V1__EnclaveEndBlockResponse.self) {
                unsafe cloister__boundary__v1__enclave_end_block_response__init($0)
                unsafe $0.pointee.sealed_record = recordForm
            }
            unsafe frame.pointee.body_case = CLOISTER__BOUNDARY__V1__FROM_ENCLAVE__BODY_BLOCK_ENDED
        case .queryAnswered(let message):
            unsafe frame.pointee.query_answered = message.encode(&encoder)
            unsafe frame.pointee.body_case = CLOISTER__BOUNDARY__V1__FROM_ENCLAVE__BODY_QUERY_ANSWERED
        case .readState(let message):
            unsafe frame.pointee.read_state = message.encode(&encoder)
            unsafe frame.pointee.body_case = CLOISTER__BOUNDARY__V1__FROM_ENCLAVE__BODY_READ_STATE
        case .readCode(let hash):
            let hashForm = unsafe encoder.bytes(hash)
            unsafe frame.pointee.read_code = encoder.make(Cloister__Boundary__V1__HostReadCodeRequest.self) {
                unsafe cloister__boundary__v1__host_read_code_request__init($0)
                unsafe $0.pointee.code_hash = hashForm
            }
            unsafe frame.pointee.body_case = CLOISTER__BOUNDARY__V1__FROM_ENCLAVE__BODY_READ_CODE
        case .readJournal(let first, let count):
            unsafe frame.pointee.read_journal = encoder.make(Cloister__Boundary__V1__HostReadJournalRequest.self) {
                unsafe cloister__boundary__v1__host_read_journal_request__init($0)
                unsafe $0.pointee.first = first
                unsafe $0.pointee.count = count
            }
            unsafe frame.pointee.body_case = CLOISTER__BOUNDARY__V1__FROM_ENCLAVE__BODY_READ_JOURNAL
        case .readHeaders(let highest, let count):
            unsafe frame.pointee.read_headers = encoder.make(Cloister__Boundary__V1__HostReadHeadersRequest.self) {
                unsafe cloister__boundary__v1__host_read_headers_request__init($0)
                unsafe $0.pointee.highest = highest
                unsafe $0.pointee.count = count
            }
            unsafe frame.pointee.body_case = CLOISTER__BOUNDARY__V1__FROM_ENCLAVE__BODY_READ_HEADERS
        case .runLedgerMessage(let message):
            unsafe frame.pointee.run_ledger_message = message.encode(&encoder)
            unsafe frame.pointee.body_case = CLOISTER__BOUNDARY__V1__FROM_ENCLAVE__BODY_RUN_LEDGER_MESSAGE
        case .revertScope(let scope):
            unsafe frame.pointee.revert_scope = encoder.make(Cloister__Boundary__V1__HostRevertScopeRequest.self) {
                unsafe cloister__boundary__v1__host_revert_scope_request__init($0)
                unsafe $0.pointee.scope = scope
            }
            unsafe frame.pointee.body_case = CLOISTER__BOUNDARY__V1__FROM_ENCLAVE__BODY_REVERT_SCOPE
        case .failure(let number):
            unsafe frame.pointee.failure = encoder.make(Cloister__Boundary__V1__Failure.self) {
                unsafe cloister__boundary__v1__failure__init($0)
                unsafe $0.pointee.number = number
            }
            unsafe frame.pointee.body_case = CLOISTER__BOUNDARY__V1__FROM_ENCLAVE__BODY_FAILURE
        }
    }

    package init(decoding bytes: [UInt8]) throws(Failure) {
        guard bytes.count <= BoundaryProtocol.frameBytesMax else { throw .frameTooLong }
        guard let arena = FrameArena(limit: BoundaryProtocol.decodingBytesMax) else { throw .outOfMemory }
        let frame = unsafe bytes.withUnsafeBufferPointer { buffer in
            unsafe boundary_unpack_from_enclave(arena.pointer, buffer.count, buffer.baseAddress)
        }
        guard let form = unsafe frame?.pointee else { throw .malformedFrame }
        switch unsafe form.body_case {
        case CLOISTER__BOUNDARY__V1__FROM_ENCLAVE__BODY_HELLO:
            self = .hello(try unsafe copyMessage(form.hello))
        case CLOISTER__BOUNDARY__V1__FROM_ENCLAVE__BODY_OPENED:
            self = .opened(try unsafe copyMessage(form.opened))
        case CLOISTER__BOUNDARY__V1__FROM_ENCLAVE__BODY_HEALTH:
            self = .health(try unsafe copyMessage(form.health))
        case CLOISTER__BOUNDARY__V1__FROM_ENCLAVE__BODY_MODULE_TAKEN:
            self = .moduleTaken(try unsafe copyMessage(form.module_taken))
        case CLOISTER__BOUNDARY__V1__FROM_ENCLAVE__BODY_QUERY_ABANDONED:
            self = .queryAbandoned
        case CLOISTER__BOUNDARY__V1__FROM_ENCLAVE__BODY_READ_MODULE:
            self = .readModule(hash: unsafe copyBytes(form.read_module.pointee.code_hash))
        case CLOISTER__BOUNDARY__V1__FROM_ENCLAVE__BODY_BLOCK_BEGUN:
            self = .blockBegun(try unsafe copyMessage(form.block_begun))
        case CLOISTER__BOUNDARY__V1__FROM_ENCLAVE__BODY_CHUNK_RECEIVED:
            self = .chunkReceived(unsafe form.chunk_received.pointee.received)
        case CLOISTER__BOUNDARY__V1__FROM_ENCLAVE__BODY_TRANSACTION_RUN:
            self = .transactionRun(try unsafe copyMessage(form.transaction_run))
        case CLOISTER__BOUNDARY__V1__FROM_ENCLAVE__BODY_BLOCK_ENDED:
            self = .blockEnded(sealedRecord: unsafe copyBytes(form.block_ended.pointee.sealed_record))
        case CLOISTER__BOUNDARY__V1__FROM_ENCLAVE__BODY_QUERY_ANSWERED:
            self = .queryAnswered(try unsafe copyMessage(form.query_answered))
        case CLOISTER__BOUNDARY__V1__FROM_ENCLAVE__BODY_READ_STATE:
            self = .readState(try unsafe copyMessage(form.read_state))
        case CLOISTER__BOUNDARY__V1__FROM_ENCLAVE__BODY_READ_CODE:
            self = .readCode(hash: unsafe copyBytes(form.read_code.pointee.code_hash))
        case CLOISTER__BOUNDARY__V1__FROM_ENCLAVE__BODY_READ_JOURNAL:
            self = .readJournal(
                first: unsafe form.read_journal.pointee.first, count: unsafe form.read_journal.pointee.count)
        case CLOISTER__BOUNDARY__V1__FROM_ENCLAVE__BODY_READ_HEADERS:
            self = .readHeaders(
                highest: unsafe form.read_headers.pointee.highest, count: unsafe form.read_headers.pointee.count)
        case CLOISTER__BOUNDARY__V1__FROM_ENCLAVE__BODY_RUN_LEDGER_MESSAGE:
            self = .runLedgerMessage(try unsafe copyMessage(form.run_ledger_message))
        case CLOISTER__BOUNDARY__V1__FROM_ENCLAVE__BODY_REVERT_SCOPE:
            self = .revertScope(unsafe form.revert_scope.pointee.scope)
        case CLOISTER__BOUNDARY__V1__FROM_ENCLAVE__BODY_FAILURE:
            self = .failure(unsafe form.failure.pointee.number)
        default:
            throw .malformedFrame
        }
        withExtendedLifetime(arena) {}
    }
}
