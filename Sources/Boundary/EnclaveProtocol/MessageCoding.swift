import CBoundaryMessages
import CProtobufC
import DecidedBlocks

// Each message between its Swift value and its C structure. `encode` builds in the encoder's arena; `init(c:)` copies
// everything out of the decoded tree, so that no pointer outlives the frame. Safe throughout: a C structure and all it
// points to live in one arena, which the caller keeps alive; counts come from protobuf-c, not from the peer.

extension Hello: @unsafe BoundaryMessage {
    typealias CForm = Cloister__Boundary__V1__Hello

    func encode(_ encoder: inout FrameEncoder) -> UnsafeMutablePointer<CForm>? {
        let manifestHashForm = unsafe encoder.bytes(manifestHash)
        return unsafe encoder.make(CForm.self) { form in
            unsafe cloister__boundary__v1__hello__init(form)
            unsafe form.pointee.lane_kind = lane.rawValue
            unsafe form.pointee.version = version
            unsafe form.pointee.manifest_hash = manifestHashForm
        }
    }

    init(c form: UnsafePointer<CForm>) throws(Failure) {
        self.init(
            lane: try decodeCase(LaneKind.self, unsafe form.pointee.lane_kind),
            version: unsafe form.pointee.version,
            manifestHash: unsafe copyBytes(form.pointee.manifest_hash)
        )
    }
}

extension AttestationRoot: @unsafe BoundaryMessage {
    typealias CForm = Cloister__Boundary__V1__AttestationRoot

    func encode(_ encoder: inout FrameEncoder) -> UnsafeMutablePointer<CForm>? {
        let nameForm = unsafe encoder.text(name)
        let spkiSHA256Form = unsafe encoder.bytes(spkiSHA256)
        return unsafe encoder.make(CForm.self) { form in
            unsafe cloister__boundary__v1__attestation_root__init(form)
            unsafe form.pointee.name = nameForm
            unsafe form.pointee.spki_sha256 = spkiSHA256Form
            unsafe form.pointee.kind = kind.rawValue
        }
    }

    init(c form: UnsafePointer<CForm>) throws(Failure) {
        self.init(
            name: try unsafe copyText(form.pointee.name),
            spkiSHA256: unsafe copyBytes(form.pointee.spki_sha256),
            kind: try decodeCase(AttestationRoot.Kind.self, unsafe form.pointee.kind)
        )
    }
}

extension ChainIdentity: @unsafe BoundaryMessage {
    typealias CForm = Cloister__Boundary__V1__ChainIdentity

    func encode(_ encoder: inout FrameEncoder) -> UnsafeMutablePointer<CForm>? {
        let chainIDForm = unsafe encoder.text(chainID)
        let initialValidatorsHashForm = unsafe encoder.bytes(initialValidatorsHash)
        let attestationRootsForm = unsafe encoder.list(attestationRoots) { unsafe $1.encode(&$0) }
        return unsafe encoder.make(CForm.self) { form in
            unsafe cloister__boundary__v1__chain_identity__init(form)
            unsafe form.pointee.chain_id = chainIDForm
            unsafe form.pointee.genesis_seconds = genesisSeconds
            unsafe form.pointee.genesis_nanoseconds = genesisNanoseconds
            unsafe form.pointee.initial_height = initialHeight
            unsafe form.pointee.initial_validators_hash = initialValidatorsHashForm
            unsafe form.pointee.n_attestation_roots = attestationRoots.count
            unsafe form.pointee.attestation_roots = attestationRootsForm
            unsafe form.pointee.profile = profile.rawValue
        }
    }

    init(c form: UnsafePointer<CForm>) throws(Failure) {
        self.init(
            chainID: try unsafe copyText(form.pointee.chain_id),
            genesisSeconds: unsafe form.pointee.genesis_seconds,
            genesisNanoseconds: unsafe form.pointee.genesis_nanoseconds,
            initialHeight: unsafe form.pointee.initial_height,
            initialValidatorsHash: unsafe copyBytes(form.pointee.initial_validators_hash),
            attestationRoots: try unsafe copyMessages(form.pointee.n_attestation_roots, form.pointee.attestation_roots),
            profile: try decodeCase(ChainIdentity.Profile.self, unsafe form.pointee.profile)
        )
    }
}

extension StoreRoot: @unsafe BoundaryMessage {
    typealias CForm = Cloister__Boundary__V1__StoreRoot

    func encode(_ encoder: inout FrameEncoder) -> UnsafeMutablePointer<CForm>? {
        let nameForm = unsafe encoder.text(name)
        let rootForm = unsafe encoder.bytes(root)
        return unsafe encoder.make(CForm.self) { form in
            unsafe cloister__boundary__v1__store_root__init(form)
            unsafe form.pointee.name = nameForm
            unsafe form.pointee.root = rootForm
        }
    }

    init(c form: UnsafePointer<CForm>) throws(Failure) {
        self.init(
            name: try unsafe copyText(form.pointee.name),
            root: unsafe copyBytes(form.pointee.root)
        )
    }
}

extension StoreKeys: @unsafe BoundaryMessage {
    typealias CForm = Cloister__Boundary__V1__StoreKeys

    func encode(_ encoder: inout FrameEncoder) -> UnsafeMutablePointer<CForm>? {
        let storeForm = unsafe encoder.text(store)
        let keysForm = unsafe encoder.list(keys) { unsafe $0.bytes($1) }
        return unsafe encoder.make(CForm.self) { form in
            unsafe cloister__boundary__v1__store_keys__init(form)
            unsafe form.pointee.store = storeForm
            unsafe form.pointee.n_keys = keys.count
            unsafe form.pointee.keys = keysForm
        }
    }

    init(c form: UnsafePointer<CForm>) throws(Failure) {
        self.init(
            store: try unsafe copyText(form.pointee.store),
            keys: unsafe copyList(form.pointee.n_keys, form.pointee.keys)
        )
    }
}

extension EventAttribute: @unsafe BoundaryMessage {
    typealias CForm = Cloister__Boundary__V1__EventAttribute

    func encode(_ encoder: inout FrameEncoder) -> UnsafeMutablePointer<CForm>? {
        let keyForm = unsafe encoder.text(key)
        let valueForm = unsafe encoder.text(value)
        return unsafe encoder.make(CForm.self) { form in
            unsafe cloister__boundary__v1__event_attribute__init(form)
            unsafe form.pointee.key = keyForm
            unsafe form.pointee.value = valueForm
        }
    }

    init(c form: UnsafePointer<CForm>) throws(Failure) {
        self.init(
            key: try unsafe copyText(form.pointee.key),
            value: try unsafe copyText(form.pointee.value)
        )
    }
}

extension Event: @unsafe BoundaryMessage {
    typealias CForm = Cloister__Boundary__V1__Event

    func encode(_ encoder: inout FrameEncoder) -> UnsafeMutablePointer<CForm>? {
        let typeForm = unsafe encoder.text(type)
        let attributesForm = unsafe encoder.list(attributes) { unsafe $1.encode(&$0) }
        return unsafe encoder.make(CForm.self) { form in
            unsafe cloister__boundary__v1__event__init(form)
            unsafe form.pointee.type = typeForm
            unsafe form.pointee.n_attributes = attributes.count
            unsafe form.pointee.attributes = attributesForm
        }
    }

    init(c form: UnsafePointer<CForm>) throws(Failure) {
        self.init(
            type: try unsafe copyText(form.pointee.type),
            attributes: try unsafe copyMessages(form.pointee.n_attributes, form.pointee.attributes)
        )
    }
}

extension OpenedEnclave: @unsafe BoundaryMessage {
    typealias CForm = Cloister__Boundary__V1__EnclaveOpenResponse

    func encode(_ encoder: inout FrameEncoder) -> UnsafeMutablePointer<CForm>? {
        let ioPublicKeyForm = unsafe encoder.bytes(ioPublicKey)
        let seedExchangePublicKeyForm = unsafe encoder.bytes(seedExchangePublicKey)
        let evidenceForm = unsafe encoder.bytes(evidence)
        let sealedRecordForm = unsafe encoder.bytes(sealedRecord)
        let headHashForm = unsafe encoder.bytes(headHash)
        let measurementForm = unsafe encoder.bytes(measurement)
        return unsafe encoder.make(CForm.self) { form in
            unsafe cloister__boundary__v1__enclave_open_response__init(form)
            unsafe form.pointee.io_public_key = ioPublicKeyForm
            unsafe form.pointee.seed_exchange_public_key = seedExchangePublicKeyForm
            unsafe form.pointee.evidence = evidenceForm
            unsafe form.pointee.sealed_record = sealedRecordForm
            unsafe form.pointee.head_height = headHeight
            unsafe form.pointee.head_hash = headHashForm
            unsafe form.pointee.measurement = measurementForm
        }
    }

    init(c form: UnsafePointer<CForm>) throws(Failure) {
        self.init()
        ioPublicKey = unsafe copyBytes(form.pointee.io_public_key)
        seedExchangePublicKey = unsafe copyBytes(form.pointee.seed_exchange_public_key)
        evidence = unsafe copyBytes(form.pointee.evidence)
        sealedRecord = unsafe copyBytes(form.pointee.sealed_record)
        headHeight = unsafe form.pointee.head_height
        headHash = unsafe copyBytes(form.pointee.head_hash)
        measurement = unsafe copyBytes(form.pointee.measurement)
    }
}

extension EnclaveHealth: @unsafe BoundaryMessage {
    typealias CForm = Cloister__Boundary__V1__EnclaveHealthResponse

    func encode(_ encoder: inout FrameEncoder) -> UnsafeMutablePointer<CForm>? {
        let transcriptForm = unsafe encoder.bytes(transcript)
        return unsafe encoder.make(CForm.self) { form in
            unsafe cloister__boundary__v1__enclave_health_response__init(form)
            unsafe form.pointee.head_height = headHeight
            unsafe form.pointee.modules_loaded = modulesLoaded
            unsafe form.pointee.resident_bytes = residentBytes
            unsafe form.pointee.transcript = transcriptForm
        }
    }

    init(c form: UnsafePointer<CForm>) throws(Failure) {
        self.init()
        headHeight = unsafe form.pointee.head_height
        modulesLoaded = unsafe form.pointee.modules_loaded
        residentBytes = unsafe form.pointee.resident_bytes
        transcript = unsafe copyBytes(form.pointee.transcript)
    }
}

extension TakenModule: @unsafe BoundaryMessage {
    typealias CForm = Cloister__Boundary__V1__EnclaveTakeModuleResponse

    func encode(_ encoder: inout FrameEncoder) -> UnsafeMutablePointer<CForm>? {
        let hashForm = unsafe encoder.bytes(codeHash)
        let sealedForm = unsafe encoder.bytes(sealed)
        return unsafe encoder.make(CForm.self) { form in
            unsafe cloister__boundary__v1__enclave_take_module_response__init(form)
            unsafe form.pointee.code_hash = hashForm
            unsafe form.pointee.sealed_module = sealedForm
            unsafe form.pointee.waiting = waiting
        }
    }

    init(c form: UnsafePointer<CForm>) throws(Failure) {
        self.init()
        codeHash = unsafe copyBytes(form.pointee.code_hash)
        sealed = unsafe copyBytes(form.pointee.sealed_module)
        waiting = unsafe form.pointee.waiting
    }
}

extension BeginBlock: @unsafe BoundaryMessage {
    typealias CForm = Cloister__Boundary__V1__EnclaveBeginBlockRequest

    func encode(_ encoder: inout FrameEncoder) -> UnsafeMutablePointer<CForm>? {
        let headerForm = unsafe encoder.bytes(header)
        let commitForm = unsafe encoder.bytes(commit)
        let validatorsForm = unsafe encoder.bytes(validators)
        let transactionHashesForm = unsafe encoder.list(transactionHashes) { unsafe $0.bytes($1) }
        let storeRootsForm = unsafe encoder.list(storeRoots) { unsafe $1.encode(&$0) }
        let previousResultsForm = unsafe encoder.list(previousResults) { unsafe $0.bytes($1) }
        let previousFailuresForm = unsafe encoder.list(previousFailures) { unsafe $1.encode(&$0) }
        let nextForm = unsafe next?.encode(&encoder)
        return unsafe encoder.make(CForm.self) { form in
            unsafe cloister__boundary__v1__enclave_begin_block_request__init(form)
            unsafe form.pointee.header = headerForm
            unsafe form.pointee.commit = commitForm
            unsafe form.pointee.validators = validatorsForm
            unsafe form.pointee.n_tx_hashes = transactionHashes.count
            unsafe form.pointee.tx_hashes = transactionHashesForm
            unsafe form.pointee.n_store_roots = storeRoots.count
            unsafe form.pointee.store_roots = storeRootsForm
            unsafe form.pointee.n_previous_results = previousResults.count
            unsafe form.pointee.previous_results = previousResultsForm
            unsafe form.pointee.n_previous_failures = previousFailures.count
            unsafe form.pointee.previous_failures = previousFailuresForm
            unsafe form.pointee.next = nextForm ?? nil
        }
    }

    init(c form: UnsafePointer<CForm>) throws(Failure) {
        self.init()
        header = unsafe copyBytes(form.pointee.header)
        commit = unsafe copyBytes(form.pointee.commit)
        validators = unsafe copyBytes(form.pointee.validators)
        transactionHashes = unsafe copyList(form.pointee.n_tx_hashes, form.pointee.tx_hashes)
        storeRoots = try unsafe copyMessages(form.pointee.n_store_roots, form.pointee.store_roots)
        previousResults = unsafe copyList(form.pointee.n_previous_results, form.pointee.previous_results)
        previousFailures = try unsafe copyMessages(form.pointee.n_previous_failures, form.pointee.previous_failures)
        if let nextForm = unsafe form.pointee.next { next = try unsafe ProvingBlock(c: UnsafePointer(nextForm)) }
    }
}

extension ProvingBlock: @unsafe BoundaryMessage {
    typealias CForm = Cloister__Boundary__V1__ProvingBlock

    func encode(_ encoder: inout FrameEncoder) -> UnsafeMutablePointer<CForm>? {
        let headerForm = unsafe encoder.bytes(header)
        let commitForm = unsafe encoder.bytes(commit)
        let validatorsForm = unsafe encoder.bytes(validators)
        let resultsForm = unsafe encoder.list(results) { unsafe $0.bytes($1) }
        let refusedForm = unsafe encoder.list(refused) { unsafe $1.encode(&$0) }
        return unsafe encoder.make(CForm.self) { form in
            unsafe cloister__boundary__v1__proving_block__init(form)
            unsafe form.pointee.header = headerForm
            unsafe form.pointee.commit = commitForm
            unsafe form.pointee.validators = validatorsForm
            unsafe form.pointee.n_results = results.count
            unsafe form.pointee.results = resultsForm
            unsafe form.pointee.n_refused = refused.count
            unsafe form.pointee.refused = refusedForm
        }
    }

    init(c form: UnsafePointer<CForm>) throws(Failure) {
        self.init()
        header = unsafe copyBytes(form.pointee.header)
        commit = unsafe copyBytes(form.pointee.commit)
        validators = unsafe copyBytes(form.pointee.validators)
        results = unsafe copyList(form.pointee.n_results, form.pointee.results)
        refused = try unsafe copyMessages(form.pointee.n_refused, form.pointee.refused)
    }
}

extension FailedResult: @unsafe BoundaryMessage {
    typealias CForm = Cloister__Boundary__V1__FailedResult

    func encode(_ encoder: inout FrameEncoder) -> UnsafeMutablePointer<CForm>? {
        let leafForm = unsafe encoder.bytes(leaf)
        return unsafe encoder.make(CForm.self) { form in
            unsafe cloister__boundary__v1__failed_result__init(form)
            unsafe form.pointee.index = index
            unsafe form.pointee.leaf = leafForm
        }
    }

    init(c form: UnsafePointer<CForm>) throws(Failure) {
        self.init(
            index: unsafe form.pointee.index,
            leaf: unsafe copyBytes(form.pointee.leaf)
        )
    }
}

extension BegunBlock: @unsafe BoundaryMessage {
    typealias CForm = Cloister__Boundary__V1__EnclaveBeginBlockResponse

    func encode(_ encoder: inout FrameEncoder) -> UnsafeMutablePointer<CForm>? {
        let headerHashForm = unsafe encoder.bytes(headerHash)
        let outputKeysForm = unsafe encoder.list(outputKeys) { unsafe $1.encode(&$0) }
        return unsafe encoder.make(CForm.self) { form in
            unsafe cloister__boundary__v1__enclave_begin_block_response__init(form)
            unsafe form.pointee.height = height
            unsafe form.pointee.header_hash = headerHashForm
            unsafe form.pointee.n_output_keys = outputKeys.count
            unsafe form.pointee.output_keys = outputKeysForm
        }
    }

    init(c form: UnsafePointer<CForm>) throws(Failure) {
        self.init()
        height = unsafe form.pointee.height
        headerHash = unsafe copyBytes(form.pointee.header_hash)
        outputKeys = try unsafe copyMessages(form.pointee.n_output_keys, form.pointee.output_keys)
    }
}

extension OutputKey: @unsafe BoundaryMessage {
    typealias CForm = Cloister__Boundary__V1__OutputKey

    func encode(_ encoder: inout FrameEncoder) -> UnsafeMutablePointer<CForm>? {
        let keyForm = unsafe encoder.bytes(key)
        return unsafe encoder.make(CForm.self) { form in
            unsafe cloister__boundary__v1__output_key__init(form)
            unsafe form.pointee.index = index
            unsafe form.pointee.key = keyForm
        }
    }

    init(c form: UnsafePointer<CForm>) throws(Failure) {
        self.init(
            index: unsafe form.pointee.index,
            key: unsafe copyBytes(form.pointee.key)
        )
    }
}

extension BlockChunk: @unsafe BoundaryMessage {
    typealias CForm = Cloister__Boundary__V1__EnclaveBlockChunkRequest

    func encode(_ encoder: inout FrameEncoder) -> UnsafeMutablePointer<CForm>? {
        let transactionsForm = unsafe encoder.list(transactions) { unsafe $0.bytes($1) }
        return unsafe encoder.make(CForm.self) { form in
            unsafe cloister__boundary__v1__enclave_block_chunk_request__init(form)
            unsafe form.pointee.first_index = firstIndex
            unsafe form.pointee.n_txs = transactions.count
            unsafe form.pointee.txs = transactionsForm
        }
    }

    init(c form: UnsafePointer<CForm>) throws(Failure) {
        self.init()
        firstIndex = unsafe form.pointee.first_index
        transactions = unsafe copyList(form.pointee.n_txs, form.pointee.txs)
    }
}

extension RunTransaction: @unsafe BoundaryMessage {
    typealias CForm = Cloister__Boundary__V1__EnclaveRunTransactionRequest

    func encode(_ encoder: inout FrameEncoder) -> UnsafeMutablePointer<CForm>? {
        let prefetchedForm = unsafe encoder.list(prefetched) { unsafe $1.encode(&$0) }
        let provedResultForm = unsafe encoder.bytes(provedResult)
        return unsafe encoder.make(CForm.self) { form in
            unsafe cloister__boundary__v1__enclave_run_transaction_request__init(form)
            unsafe form.pointee.index = index
            unsafe form.pointee.proved_result = provedResultForm
            unsafe form.pointee.n_prefetched = prefetched.count
            unsafe form.pointee.prefetched = prefetchedForm
        }
    }

    init(c form: UnsafePointer<CForm>) throws(Failure) {
        self.init()
        index = unsafe form.pointee.index
        prefetched = try unsafe copyMessages(form.pointee.n_prefetched, form.pointee.prefetched)
        provedResult = unsafe copyBytes(form.pointee.proved_result)
    }
}

extension DrivenResult: @unsafe BoundaryMessage {
    typealias CForm = Cloister__Boundary__V1__EnclaveRunTransactionResponse

    func encode(_ encoder: inout FrameEncoder) -> UnsafeMutablePointer<CForm>? {
        let dataForm = unsafe encoder.bytes(data)
        let outputForm = unsafe encoder.bytes(output)
        let writesForm = unsafe encoder.list(writes) { unsafe $1.encode(&$0) }
        let storedCodesForm = unsafe encoder.list(storedCodes) { unsafe $0.bytes($1) }
        return unsafe encoder.make(CForm.self) { form in
            unsafe cloister__boundary__v1__enclave_run_transaction_response__init(form)
            unsafe form.pointee.code = code
            unsafe form.pointee.gas_wanted = gasWanted
            unsafe form.pointee.gas_used = gasUsed
            unsafe form.pointee.data = dataForm
            unsafe form.pointee.output = outputForm
            unsafe form.pointee.n_writes = writes.count
            unsafe form.pointee.writes = writesForm
            unsafe form.pointee.n_stored_codes = storedCodes.count
            unsafe form.pointee.stored_codes = storedCodesForm
        }
    }

    init(c form: UnsafePointer<CForm>) throws(Failure) {
        self.init()
        code = unsafe form.pointee.code
        gasWanted = unsafe form.pointee.gas_wanted
        gasUsed = unsafe form.pointee.gas_used
        data = unsafe copyBytes(form.pointee.data)
        output = unsafe copyBytes(form.pointee.output)
        writes = try unsafe copyMessages(form.pointee.n_writes, form.pointee.writes)
        storedCodes = unsafe copyList(form.pointee.n_stored_codes, form.pointee.stored_codes)
    }
}

extension TransactionOutput: @unsafe BoundaryMessage {
    typealias CForm = Cloister__Boundary__V1__TransactionOutput

    func encode(_ encoder: inout FrameEncoder) -> UnsafeMutablePointer<CForm>? {
        let codespaceForm = unsafe encoder.text(codespace)
        let logForm = unsafe encoder.text(log)
        let dataForm = unsafe encoder.bytes(data)
        let eventsForm = unsafe encoder.list(events) { unsafe $1.encode(&$0) }
        let saltForm = unsafe encoder.bytes(salt)
        return unsafe encoder.make(CForm.self) { form in
            unsafe cloister__boundary__v1__transaction_output__init(form)
            unsafe form.pointee.codespace = codespaceForm
            unsafe form.pointee.log = logForm
            unsafe form.pointee.data = dataForm
            unsafe form.pointee.n_events = events.count
            unsafe form.pointee.events = eventsForm
            unsafe form.pointee.salt = saltForm
        }
    }

    init(c form: UnsafePointer<CForm>) throws(Failure) {
        self.init()
        codespace = try unsafe copyText(form.pointee.codespace)
        log = try unsafe copyText(form.pointee.log)
        data = unsafe copyBytes(form.pointee.data)
        events = try unsafe copyMessages(form.pointee.n_events, form.pointee.events)
        salt = unsafe copyBytes(form.pointee.salt)
    }
}

extension ContractQuery: @unsafe BoundaryMessage {
    typealias CForm = Cloister__Boundary__V1__EnclaveQueryRequest

    func encode(_ encoder: inout FrameEncoder) -> UnsafeMutablePointer<CForm>? {
        let contractForm = unsafe encoder.bytes(contract)
        let inputForm = unsafe encoder.bytes(input)
        let prefetchedForm = unsafe encoder.list(prefetched) { unsafe $1.encode(&$0) }
        return unsafe encoder.make(CForm.self) { form in
            unsafe cloister__boundary__v1__enclave_query_request__init(form)
            unsafe form.pointee.contract = contractForm
            unsafe form.pointee.input = inputForm
            unsafe form.pointee.height = height
            unsafe form.pointee.gas_limit = gasLimit
            unsafe form.pointee.n_prefetched = prefetched.count
            unsafe form.pointee.prefetched = prefetchedForm
        }
    }

    init(c form: UnsafePointer<CForm>) throws(Failure) {
        self.init()
        contract = unsafe copyBytes(form.pointee.contract)
        input = unsafe copyBytes(form.pointee.input)
        height = unsafe form.pointee.height
        gasLimit = unsafe form.pointee.gas_limit
        prefetched = try unsafe copyMessages(form.pointee.n_prefetched, form.pointee.prefetched)
    }
}

extension ContractAnswer: @unsafe BoundaryMessage {
    typealias CForm = Cloister__Boundary__V1__EnclaveQueryResponse

    func encode(_ encoder: inout FrameEncoder) -> UnsafeMutablePointer<CForm>? {
        let dataForm = unsafe encoder.bytes(data)
        let errorForm = unsafe encoder.text(error)
        return unsafe encoder.make(CForm.self) { form in
            unsafe cloister__boundary__v1__enclave_query_response__init(form)
            unsafe form.pointee.data = dataForm
            unsafe form.pointee.error = errorForm
            unsafe form.pointee.gas_used = gasUsed
        }
    }

    init(c form: UnsafePointer<CForm>) throws(Failure) {
        self.init()
        data = unsafe copyBytes(form.pointee.data)
        error = try unsafe copyText(form.pointee.error)
        gasUsed = unsafe form.pointee.gas_used
    }
}

extension StateRead: @unsafe BoundaryMessage {
    typealias CForm = Cloister__Boundary__V1__HostReadStateRequest

    func encode(_ encoder: inout FrameEncoder) -> UnsafeMutablePointer<CForm>? {
        let readsForm = unsafe encoder.list(reads) { unsafe $1.encode(&$0) }
        return unsafe encoder.make(CForm.self) { form in
            unsafe cloister__boundary__v1__host_read_state_request__init(form)
            unsafe form.pointee.n_reads = reads.count
            unsafe form.pointee.reads = readsForm
            unsafe form.pointee.version = version
        }
    }

    init(c form: UnsafePointer<CForm>) throws(Failure) {
        self.init()
        reads = try unsafe copyMessages(form.pointee.n_reads, form.pointee.reads)
        version = unsafe form.pointee.version
    }
}

extension LedgerMessage: @unsafe BoundaryMessage {
    typealias CForm = Cloister__Boundary__V1__HostRunLedgerMessageRequest

    func encode(_ encoder: inout FrameEncoder) -> UnsafeMutablePointer<CForm>? {
        let signerForm = unsafe encoder.bytes(signer)
        let typeURLForm = unsafe encoder.text(typeURL)
        let valueForm = unsafe encoder.bytes(value)
        return unsafe encoder.make(CForm.self) { form in
            unsafe cloister__boundary__v1__host_run_ledger_message_request__init(form)
            unsafe form.pointee.scope = scope
            unsafe form.pointee.signer = signerForm
            unsafe form.pointee.type_url = typeURLForm
            unsafe form.pointee.value = valueForm
        }
    }

    init(c form: UnsafePointer<CForm>) throws(Failure) {
        self.init()
        scope = unsafe form.pointee.scope
        signer = unsafe copyBytes(form.pointee.signer)
        typeURL = try unsafe copyText(form.pointee.type_url)
        value = unsafe copyBytes(form.pointee.value)
    }
}

extension LedgerMessageResult: @unsafe BoundaryMessage {
    typealias CForm = Cloister__Boundary__V1__HostRunLedgerMessageResponse

    func encode(_ encoder: inout FrameEncoder) -> UnsafeMutablePointer<CForm>? {
        let codespaceForm = unsafe encoder.text(codespace)
        let logForm = unsafe encoder.text(log)
        let dataForm = unsafe encoder.bytes(data)
        let responseTypeURLForm = unsafe encoder.text(responseTypeURL)
        return unsafe encoder.make(CForm.self) { form in
            unsafe cloister__boundary__v1__host_run_ledger_message_response__init(form)
            unsafe form.pointee.code = code
            unsafe form.pointee.codespace = codespaceForm
            unsafe form.pointee.log = logForm
            unsafe form.pointee.data = dataForm
            unsafe form.pointee.response_type_url = responseTypeURLForm
        }
    }

    init(c form: UnsafePointer<CForm>) throws(Failure) {
        self.init()
        code = unsafe form.pointee.code
        codespace = try unsafe copyText(form.pointee.codespace)
        log = try unsafe copyText(form.pointee.log)
        data = unsafe copyBytes(form.pointee.data)
        responseTypeURL = try unsafe copyText(form.pointee.response_type_url)
    }
}
