// Made by proto/boundary_swift.py from proto/boundary/v1/boundary.proto. Do not edit.

import CBoundaryMessages
import CProtobufC
import DecidedBlocks

// Each message to its C structure, built in the encoder's arena, and from it, by copies, so that no pointer outlives
// the frame (BoundaryMessage.swift). Sizes and counts were checked before the one and are after the other.

extension Hello: @unsafe BoundaryMessage {
    func form(_ encoder: inout FrameEncoder) -> Cloister__Boundary__V1__Hello {
        var form = unsafe blank(cloister__boundary__v1__hello__init)
        unsafe form.lane = .init(rawValue: lane.rawValue)
        unsafe form.version = version
        unsafe form.manifest_hash = encoder.bytes(manifestHash)
        return unsafe form
    }

    init(c form: Cloister__Boundary__V1__Hello) throws(Failure) {
        self.init(
            lane: try unsafe copyCase(form.lane.rawValue),
            version: unsafe form.version,
            manifestHash: unsafe copyBytes(form.manifest_hash)
        )
    }
}

extension AttestationRoot: @unsafe BoundaryMessage {
    func form(_ encoder: inout FrameEncoder) -> Cloister__Boundary__V1__AttestationRoot {
        var form = unsafe blank(cloister__boundary__v1__attestation_root__init)
        unsafe form.name = encoder.text(name)
        unsafe form.spki_sha256 = encoder.bytes(spkiSHA256)
        unsafe form.kind = .init(rawValue: kind.rawValue)
        return unsafe form
    }

    init(c form: Cloister__Boundary__V1__AttestationRoot) throws(Failure) {
        self.init(
            name: try unsafe copyText(form.name),
            spkiSHA256: unsafe copyBytes(form.spki_sha256),
            kind: try unsafe copyCase(form.kind.rawValue)
        )
    }
}

extension ChainIdentity: @unsafe BoundaryMessage {
    func form(_ encoder: inout FrameEncoder) -> Cloister__Boundary__V1__ChainIdentity {
        var form = unsafe blank(cloister__boundary__v1__chain_identity__init)
        unsafe form.chain_id = encoder.text(chainID)
        unsafe form.genesis_seconds = genesisSeconds
        unsafe form.genesis_nanoseconds = genesisNanoseconds
        unsafe form.initial_height = initialHeight
        unsafe form.initial_validators_hash = encoder.bytes(initialValidatorsHash)
        unsafe form.n_attestation_roots = attestationRoots.count
        unsafe form.attestation_roots = encoder.messages(attestationRoots)
        unsafe form.profile = .init(rawValue: profile.rawValue)
        unsafe form.lease_answers = leaseAnswers
        unsafe form.lease_seconds = leaseSeconds
        unsafe form.epoch_blocks = epochBlocks
        unsafe form.epoch_grace_blocks = epochGraceBlocks
        return unsafe form
    }

    init(c form: Cloister__Boundary__V1__ChainIdentity) throws(Failure) {
        self.init(
            chainID: try unsafe copyText(form.chain_id),
            genesisSeconds: unsafe form.genesis_seconds,
            genesisNanoseconds: unsafe form.genesis_nanoseconds,
            initialHeight: unsafe form.initial_height,
            initialValidatorsHash: unsafe copyBytes(form.initial_validators_hash),
            attestationRoots: try unsafe copyMessages(form.n_attestation_roots, form.attestation_roots),
            profile: try unsafe copyCase(form.profile.rawValue),
            leaseAnswers: unsafe form.lease_answers,
            leaseSeconds: unsafe form.lease_seconds,
            epochBlocks: unsafe form.epoch_blocks,
            epochGraceBlocks: unsafe form.epoch_grace_blocks
        )
    }
}

extension StoreRoot: @unsafe BoundaryMessage {
    func form(_ encoder: inout FrameEncoder) -> Cloister__Boundary__V1__StoreRoot {
        var form = unsafe blank(cloister__boundary__v1__store_root__init)
        unsafe form.name = encoder.text(name)
        unsafe form.root = encoder.bytes(root)
        return unsafe form
    }

    init(c form: Cloister__Boundary__V1__StoreRoot) throws(Failure) {
        self.init(
            name: try unsafe copyText(form.name),
            root: unsafe copyBytes(form.root)
        )
    }
}

extension StoreKeys: @unsafe BoundaryMessage {
    func form(_ encoder: inout FrameEncoder) -> Cloister__Boundary__V1__StoreKeys {
        var form = unsafe blank(cloister__boundary__v1__store_keys__init)
        unsafe form.store = encoder.text(store)
        unsafe form.n_keys = keys.count
        unsafe form.keys = encoder.list(keys)
        return unsafe form
    }

    init(c form: Cloister__Boundary__V1__StoreKeys) throws(Failure) {
        self.init(
            store: try unsafe copyText(form.store),
            keys: unsafe copyList(form.n_keys, form.keys)
        )
    }
}

extension StateProof: @unsafe BoundaryMessage {
    func form(_ encoder: inout FrameEncoder) -> Cloister__Boundary__V1__StateProof {
        var form = unsafe blank(cloister__boundary__v1__state_proof__init)
        unsafe form.store = encoder.text(store)
        unsafe form.n_keys = keys.count
        unsafe form.keys = encoder.list(keys)
        unsafe form.present = encoder.bytes(values.map { $0 == nil ? 0 : 1 })
        unsafe form.n_values = values.count { $0 != nil }
        unsafe form.values = encoder.list(values.compactMap(\.self))
        unsafe form.proof = encoder.bytes(proof)
        return unsafe form
    }

    init(c form: Cloister__Boundary__V1__StateProof) throws(Failure) {
        self.init(
            store: try unsafe copyText(form.store),
            keys: unsafe copyList(form.n_keys, form.keys),
            values: try unsafe copyPlaces(form.n_keys, form.present, form.n_values, form.values),
            proof: unsafe copyBytes(form.proof)
        )
    }
}

extension EventAttribute: @unsafe BoundaryMessage {
    func form(_ encoder: inout FrameEncoder) -> Cloister__Boundary__V1__EventAttribute {
        var form = unsafe blank(cloister__boundary__v1__event_attribute__init)
        unsafe form.key = encoder.text(key)
        unsafe form.value = encoder.text(value)
        return unsafe form
    }

    init(c form: Cloister__Boundary__V1__EventAttribute) throws(Failure) {
        self.init(
            key: try unsafe copyText(form.key),
            value: try unsafe copyText(form.value)
        )
    }
}

extension Event: @unsafe BoundaryMessage {
    func form(_ encoder: inout FrameEncoder) -> Cloister__Boundary__V1__Event {
        var form = unsafe blank(cloister__boundary__v1__event__init)
        unsafe form.type = encoder.text(type)
        unsafe form.n_attributes = attributes.count
        unsafe form.attributes = encoder.messages(attributes)
        return unsafe form
    }

    init(c form: Cloister__Boundary__V1__Event) throws(Failure) {
        self.init(
            type: try unsafe copyText(form.type),
            attributes: try unsafe copyMessages(form.n_attributes, form.attributes)
        )
    }
}

extension TransactionOutput: @unsafe BoundaryMessage {
    func form(_ encoder: inout FrameEncoder) -> Cloister__Boundary__V1__TransactionOutput {
        var form = unsafe blank(cloister__boundary__v1__transaction_output__init)
        unsafe form.codespace = encoder.text(codespace)
        unsafe form.log = encoder.text(log)
        unsafe form.data = encoder.bytes(data)
        unsafe form.n_events = events.count
        unsafe form.events = encoder.messages(events)
        unsafe form.salt = encoder.bytes(salt)
        return unsafe form
    }

    init(c form: Cloister__Boundary__V1__TransactionOutput) throws(Failure) {
        self.init(
            codespace: try unsafe copyText(form.codespace),
            log: try unsafe copyText(form.log),
            data: unsafe copyBytes(form.data),
            events: try unsafe copyMessages(form.n_events, form.events),
            salt: unsafe copyBytes(form.salt)
        )
    }
}

extension StateWrite: @unsafe BoundaryMessage {
    func form(_ encoder: inout FrameEncoder) -> Cloister__Boundary__V1__StateWrite {
        var form = unsafe blank(cloister__boundary__v1__state_write__init)
        unsafe form.key = encoder.bytes(key)
        unsafe form.value = encoder.bytes(value ?? [])
        unsafe form.removed = value == nil ? 1 : 0
        return unsafe form
    }

    init(c form: Cloister__Boundary__V1__StateWrite) throws(Failure) {
        self.init(
            key: unsafe copyBytes(form.key),
            value: unsafe form.removed != 0 ? nil : copyBytes(form.value)
        )
    }
}

extension RegistrationRequest: @unsafe BoundaryMessage {
    func form(_ encoder: inout FrameEncoder) -> Cloister__Boundary__V1__EnclaveRegistrationRequest {
        var form = unsafe blank(cloister__boundary__v1__enclave_registration_request__init)
        unsafe form.identity = encoder.message(identity)
        unsafe form.height = height
        unsafe form.header_hash = encoder.bytes(headerHash)
        unsafe form.sender = encoder.bytes(sender)
        unsafe form.replaces = encoder.bytes(replaces)
        return unsafe form
    }

    init(c form: Cloister__Boundary__V1__EnclaveRegistrationRequest) throws(Failure) {
        self.init(
            identity: try unsafe copyMessage(form.identity),
            height: unsafe form.height,
            headerHash: unsafe copyBytes(form.header_hash),
            sender: unsafe copyBytes(form.sender),
            replaces: unsafe copyBytes(form.replaces)
        )
    }
}

extension RegistrationEvidence: @unsafe BoundaryMessage {
    func form(_ encoder: inout FrameEncoder) -> Cloister__Boundary__V1__EnclaveRegistrationResponse {
        var form = unsafe blank(cloister__boundary__v1__enclave_registration_response__init)
        unsafe form.registration_key = encoder.bytes(registrationKey)
        unsafe form.certificate = encoder.bytes(certificate)
        unsafe form.measurement = encoder.bytes(measurement)
        return unsafe form
    }

    init(c form: Cloister__Boundary__V1__EnclaveRegistrationResponse) throws(Failure) {
        self.init(
            registrationKey: unsafe copyBytes(form.registration_key),
            certificate: unsafe copyBytes(form.certificate),
            measurement: unsafe copyBytes(form.measurement)
        )
    }
}

extension JoinRequest: @unsafe BoundaryMessage {
    func form(_ encoder: inout FrameEncoder) -> Cloister__Boundary__V1__EnclaveJoinRequest {
        var form = unsafe blank(cloister__boundary__v1__enclave_join_request__init)
        unsafe form.identity = encoder.message(identity)
        unsafe form.seed_exchange_public_key = encoder.bytes(seedExchangePublicKey)
        unsafe form.encrypted_seed = encoder.bytes(encryptedSeed)
        unsafe form.beginning = .init(rawValue: beginning.rawValue)
        unsafe form.network_evidence = encoder.bytes(networkEvidence)
        unsafe form.quoted_io_public_key = encoder.bytes(quotedIoPublicKey)
        return unsafe form
    }

    init(c form: Cloister__Boundary__V1__EnclaveJoinRequest) throws(Failure) {
        self.init(
            identity: try unsafe copyMessage(form.identity),
            seedExchangePublicKey: unsafe copyBytes(form.seed_exchange_public_key),
            encryptedSeed: unsafe copyBytes(form.encrypted_seed),
            beginning: try unsafe copyCase(form.beginning.rawValue),
            networkEvidence: unsafe copyBytes(form.network_evidence),
            quotedIoPublicKey: unsafe copyBytes(form.quoted_io_public_key)
        )
    }
}

extension FoundingProposal: @unsafe BoundaryMessage {
    func form(_ encoder: inout FrameEncoder) -> Cloister__Boundary__V1__Founding {
        var form = unsafe blank(cloister__boundary__v1__founding__init)
        unsafe form.identity = encoder.message(identity)
        unsafe form.policy = encoder.bytes(policy)
        unsafe form.draft_hash = encoder.bytes(draftHash)
        unsafe form.n_certificates = certificates.count
        unsafe form.certificates = encoder.list(certificates)
        return unsafe form
    }

    init(c form: Cloister__Boundary__V1__Founding) throws(Failure) {
        self.init(
            identity: try unsafe copyMessage(form.identity),
            policy: unsafe copyBytes(form.policy),
            draftHash: unsafe copyBytes(form.draft_hash),
            certificates: unsafe copyList(form.n_certificates, form.certificates)
        )
    }
}

extension FounderRequest: @unsafe BoundaryMessage {
    func form(_ encoder: inout FrameEncoder) -> Cloister__Boundary__V1__EnclaveFoundingEvidenceRequest {
        var form = unsafe blank(cloister__boundary__v1__enclave_founding_evidence_request__init)
        unsafe form.founding = encoder.message(founding)
        unsafe form.sealed_consensus_key = encoder.bytes(sealedConsensusKey)
        unsafe form.power = power
        return unsafe form
    }

    init(c form: Cloister__Boundary__V1__EnclaveFoundingEvidenceRequest) throws(Failure) {
        self.init(
            founding: try unsafe copyMessage(form.founding),
            sealedConsensusKey: unsafe copyBytes(form.sealed_consensus_key),
            power: unsafe form.power
        )
    }
}

extension FoundedNetwork: @unsafe BoundaryMessage {
    func form(_ encoder: inout FrameEncoder) -> Cloister__Boundary__V1__EnclaveFoundResponse {
        var form = unsafe blank(cloister__boundary__v1__enclave_found_response__init)
        unsafe form.io_public_key = encoder.bytes(ioPublicKey)
        unsafe form.seed_exchange_public_key = encoder.bytes(seedExchangePublicKey)
        unsafe form.evidence = encoder.bytes(evidence)
        unsafe form.n_encrypted_seeds = encryptedSeeds.count
        unsafe form.encrypted_seeds = encoder.list(encryptedSeeds)
        return unsafe form
    }

    init(c form: Cloister__Boundary__V1__EnclaveFoundResponse) throws(Failure) {
        self.init(
            ioPublicKey: unsafe copyBytes(form.io_public_key),
            seedExchangePublicKey: unsafe copyBytes(form.seed_exchange_public_key),
            evidence: unsafe copyBytes(form.evidence),
            encryptedSeeds: unsafe copyList(form.n_encrypted_seeds, form.encrypted_seeds)
        )
    }
}

extension FounderOpening: @unsafe BoundaryMessage {
    func form(_ encoder: inout FrameEncoder) -> Cloister__Boundary__V1__EnclaveOpenFoundedRequest {
        var form = unsafe blank(cloister__boundary__v1__enclave_open_founded_request__init)
        unsafe form.founding = encoder.message(founding)
        unsafe form.seed_exchange_public_key = encoder.bytes(seedExchangePublicKey)
        unsafe form.encrypted_seed = encoder.bytes(encryptedSeed)
        unsafe form.network_evidence = encoder.bytes(networkEvidence)
        return unsafe form
    }

    init(c form: Cloister__Boundary__V1__EnclaveOpenFoundedRequest) throws(Failure) {
        self.init(
            founding: try unsafe copyMessage(form.founding),
            seedExchangePublicKey: unsafe copyBytes(form.seed_exchange_public_key),
            encryptedSeed: unsafe copyBytes(form.encrypted_seed),
            networkEvidence: unsafe copyBytes(form.network_evidence)
        )
    }
}

extension OpenedEnclave: @unsafe BoundaryMessage {
    func form(_ encoder: inout FrameEncoder) -> Cloister__Boundary__V1__EnclaveOpenResponse {
        var form = unsafe blank(cloister__boundary__v1__enclave_open_response__init)
        unsafe form.io_public_key = encoder.bytes(ioPublicKey)
        unsafe form.seed_exchange_public_key = encoder.bytes(seedExchangePublicKey)
        unsafe form.evidence = encoder.bytes(evidence)
        unsafe form.sealed_record = encoder.bytes(sealedRecord)
        unsafe form.head_height = headHeight
        unsafe form.head_hash = encoder.bytes(headHash)
        unsafe form.measurement = encoder.bytes(measurement)
        unsafe form.founder = encoder.bytes(founder)
        return unsafe form
    }

    init(c form: Cloister__Boundary__V1__EnclaveOpenResponse) throws(Failure) {
        self.init(
            ioPublicKey: unsafe copyBytes(form.io_public_key),
            seedExchangePublicKey: unsafe copyBytes(form.seed_exchange_public_key),
            evidence: unsafe copyBytes(form.evidence),
            sealedRecord: unsafe copyBytes(form.sealed_record),
            headHeight: unsafe form.head_height,
            headHash: unsafe copyBytes(form.head_hash),
            measurement: unsafe copyBytes(form.measurement),
            founder: unsafe copyBytes(form.founder)
        )
    }
}

extension EnclaveHealth: @unsafe BoundaryMessage {
    func form(_ encoder: inout FrameEncoder) -> Cloister__Boundary__V1__EnclaveHealthResponse {
        var form = unsafe blank(cloister__boundary__v1__enclave_health_response__init)
        unsafe form.head_height = headHeight
        unsafe form.modules_loaded = modulesLoaded
        unsafe form.resident_bytes = residentBytes
        unsafe form.transcript = encoder.bytes(transcript)
        return unsafe form
    }

    init(c form: Cloister__Boundary__V1__EnclaveHealthResponse) throws(Failure) {
        self.init(
            headHeight: unsafe form.head_height,
            modulesLoaded: unsafe form.modules_loaded,
            residentBytes: unsafe form.resident_bytes,
            transcript: unsafe copyBytes(form.transcript)
        )
    }
}

extension TakenModule: @unsafe BoundaryMessage {
    func form(_ encoder: inout FrameEncoder) -> Cloister__Boundary__V1__EnclaveTakeModuleResponse {
        var form = unsafe blank(cloister__boundary__v1__enclave_take_module_response__init)
        unsafe form.code_hash = encoder.bytes(codeHash)
        unsafe form.sealed = encoder.bytes(sealed)
        unsafe form.waiting = waiting
        return unsafe form
    }

    init(c form: Cloister__Boundary__V1__EnclaveTakeModuleResponse) throws(Failure) {
        self.init(
            codeHash: unsafe copyBytes(form.code_hash),
            sealed: unsafe copyBytes(form.sealed),
            waiting: unsafe form.waiting
        )
    }
}

extension ImportedConsensusKey: @unsafe BoundaryMessage {
    func form(_ encoder: inout FrameEncoder) -> Cloister__Boundary__V1__EnclaveImportConsensusKeyRequest {
        var form = unsafe blank(cloister__boundary__v1__enclave_import_consensus_key_request__init)
        unsafe form.private_key = encoder.bytes(privateKey)
        unsafe form.height = height
        unsafe form.round = round
        unsafe form.step = step
        return unsafe form
    }

    init(c form: Cloister__Boundary__V1__EnclaveImportConsensusKeyRequest) throws(Failure) {
        self.init(
            privateKey: unsafe copyBytes(form.private_key),
            height: unsafe form.height,
            round: unsafe form.round,
            step: unsafe form.step
        )
    }
}

extension ConsensusKey: @unsafe BoundaryMessage {
    func form(_ encoder: inout FrameEncoder) -> Cloister__Boundary__V1__EnclaveConsensusKeyResponse {
        var form = unsafe blank(cloister__boundary__v1__enclave_consensus_key_response__init)
        unsafe form.public_key = encoder.bytes(publicKey)
        unsafe form.sealed_key = encoder.bytes(sealedKey)
        unsafe form.evidence = encoder.bytes(evidence)
        unsafe form.height = height
        unsafe form.round = round
        unsafe form.step = step
        return unsafe form
    }

    init(c form: Cloister__Boundary__V1__EnclaveConsensusKeyResponse) throws(Failure) {
        self.init(
            publicKey: unsafe copyBytes(form.public_key),
            sealedKey: unsafe copyBytes(form.sealed_key),
            evidence: unsafe copyBytes(form.evidence),
            height: unsafe form.height,
            round: unsafe form.round,
            step: unsafe form.step
        )
    }
}

extension KeyHandOver: @unsafe BoundaryMessage {
    func form(_ encoder: inout FrameEncoder) -> Cloister__Boundary__V1__EnclaveHandOverKeyRequest {
        var form = unsafe blank(cloister__boundary__v1__enclave_hand_over_key_request__init)
        unsafe form.sealed_key = encoder.bytes(sealedKey)
        unsafe form.registration_key = encoder.bytes(registrationKey)
        unsafe form.n_store_roots = storeRoots.count
        unsafe form.store_roots = encoder.messages(storeRoots)
        unsafe form.registration = encoder.message(registration)
        return unsafe form
    }

    init(c form: Cloister__Boundary__V1__EnclaveHandOverKeyRequest) throws(Failure) {
        self.init(
            sealedKey: unsafe copyBytes(form.sealed_key),
            registrationKey: unsafe copyBytes(form.registration_key),
            storeRoots: try unsafe copyMessages(form.n_store_roots, form.store_roots),
            registration: try unsafe copyMessage(form.registration)
        )
    }
}

extension VoteToSign: @unsafe BoundaryMessage {
    func form(_ encoder: inout FrameEncoder) -> Cloister__Boundary__V1__EnclaveSignVoteRequest {
        var form = unsafe blank(cloister__boundary__v1__enclave_sign_vote_request__init)
        unsafe form.kind = .init(rawValue: kind.rawValue)
        unsafe form.height = height
        unsafe form.round = round
        unsafe form.lock_round = lockRound
        unsafe form.block_hash = encoder.bytes(blockHash)
        unsafe form.parts_total = partsTotal
        unsafe form.parts_hash = encoder.bytes(partsHash)
        unsafe form.seconds = seconds
        unsafe form.nanoseconds = nanoseconds
        return unsafe form
    }

    init(c form: Cloister__Boundary__V1__EnclaveSignVoteRequest) throws(Failure) {
        self.init(
            kind: try unsafe copyCase(form.kind.rawValue),
            height: unsafe form.height,
            round: unsafe form.round,
            lockRound: unsafe form.lock_round,
            blockHash: unsafe copyBytes(form.block_hash),
            partsTotal: unsafe form.parts_total,
            partsHash: unsafe copyBytes(form.parts_hash),
            seconds: unsafe form.seconds,
            nanoseconds: unsafe form.nanoseconds
        )
    }
}

extension VoteSignature: @unsafe BoundaryMessage {
    func form(_ encoder: inout FrameEncoder) -> Cloister__Boundary__V1__EnclaveSignVoteResponse {
        var form = unsafe blank(cloister__boundary__v1__enclave_sign_vote_response__init)
        unsafe form.signature = encoder.bytes(signature)
        unsafe form.seconds = seconds
        unsafe form.nanoseconds = nanoseconds
        return unsafe form
    }

    init(c form: Cloister__Boundary__V1__EnclaveSignVoteResponse) throws(Failure) {
        self.init(
            signature: unsafe copyBytes(form.signature),
            seconds: unsafe form.seconds,
            nanoseconds: unsafe form.nanoseconds
        )
    }
}

extension EnclaveLease: @unsafe BoundaryMessage {
    func form(_ encoder: inout FrameEncoder) -> Cloister__Boundary__V1__EnclaveLeaseResponse {
        var form = unsafe blank(cloister__boundary__v1__enclave_lease_response__init)
        unsafe form.nonce = encoder.bytes(nonce)
        unsafe form.granted_height = grantedHeight
        unsafe form.granted_seconds = grantedSeconds
        unsafe form.answers_left = answersLeft
        return unsafe form
    }

    init(c form: Cloister__Boundary__V1__EnclaveLeaseResponse) throws(Failure) {
        self.init(
            nonce: unsafe copyBytes(form.nonce),
            grantedHeight: unsafe form.granted_height,
            grantedSeconds: unsafe form.granted_seconds,
            answersLeft: unsafe form.answers_left
        )
    }
}

extension BeginBlock: @unsafe BoundaryMessage {
    func form(_ encoder: inout FrameEncoder) -> Cloister__Boundary__V1__EnclaveBeginBlockRequest {
        var form = unsafe blank(cloister__boundary__v1__enclave_begin_block_request__init)
        unsafe form.header = encoder.bytes(header)
        unsafe form.commit = encoder.bytes(commit)
        unsafe form.validators = encoder.bytes(validators)
        unsafe form.n_transaction_hashes = transactionHashes.count
        unsafe form.transaction_hashes = encoder.list(transactionHashes)
        unsafe form.n_store_roots = storeRoots.count
        unsafe form.store_roots = encoder.messages(storeRoots)
        unsafe form.n_previous_results = previousResults.count
        unsafe form.previous_results = encoder.list(previousResults)
        unsafe form.n_previous_failures = previousFailures.count
        unsafe form.previous_failures = encoder.messages(previousFailures)
        unsafe form.next = encoder.message(next)
        unsafe form.renewed = encoder.message(renewed)
        return unsafe form
    }

    init(c form: Cloister__Boundary__V1__EnclaveBeginBlockRequest) throws(Failure) {
        self.init(
            header: unsafe copyBytes(form.header),
            commit: unsafe copyBytes(form.commit),
            validators: unsafe copyBytes(form.validators),
            transactionHashes: unsafe copyList(form.n_transaction_hashes, form.transaction_hashes),
            storeRoots: try unsafe copyMessages(form.n_store_roots, form.store_roots),
            previousResults: unsafe copyList(form.n_previous_results, form.previous_results),
            previousFailures: try unsafe copyMessages(form.n_previous_failures, form.previous_failures),
            next: try unsafe copyOptional(form.next),
            renewed: try unsafe copyOptional(form.renewed)
        )
    }
}

extension ProvingBlock: @unsafe BoundaryMessage {
    func form(_ encoder: inout FrameEncoder) -> Cloister__Boundary__V1__ProvingBlock {
        var form = unsafe blank(cloister__boundary__v1__proving_block__init)
        unsafe form.header = encoder.bytes(header)
        unsafe form.commit = encoder.bytes(commit)
        unsafe form.validators = encoder.bytes(validators)
        unsafe form.n_results = results.count
        unsafe form.results = encoder.list(results)
        unsafe form.n_refused = refused.count
        unsafe form.refused = encoder.messages(refused)
        return unsafe form
    }

    init(c form: Cloister__Boundary__V1__ProvingBlock) throws(Failure) {
        self.init(
            header: unsafe copyBytes(form.header),
            commit: unsafe copyBytes(form.commit),
            validators: unsafe copyBytes(form.validators),
            results: unsafe copyList(form.n_results, form.results),
            refused: try unsafe copyMessages(form.n_refused, form.refused)
        )
    }
}

extension FailedResult: @unsafe BoundaryMessage {
    func form(_ encoder: inout FrameEncoder) -> Cloister__Boundary__V1__FailedResult {
        var form = unsafe blank(cloister__boundary__v1__failed_result__init)
        unsafe form.index = index
        unsafe form.leaf = encoder.bytes(leaf)
        return unsafe form
    }

    init(c form: Cloister__Boundary__V1__FailedResult) throws(Failure) {
        self.init(
            index: unsafe form.index,
            leaf: unsafe copyBytes(form.leaf)
        )
    }
}

extension BegunBlock: @unsafe BoundaryMessage {
    func form(_ encoder: inout FrameEncoder) -> Cloister__Boundary__V1__EnclaveBeginBlockResponse {
        var form = unsafe blank(cloister__boundary__v1__enclave_begin_block_response__init)
        unsafe form.height = height
        unsafe form.header_hash = encoder.bytes(headerHash)
        unsafe form.n_output_keys = outputKeys.count
        unsafe form.output_keys = encoder.messages(outputKeys)
        unsafe form.n_register_writes = registerWrites.count
        unsafe form.register_writes = encoder.messages(registerWrites)
        unsafe form.n_compute_writes = computeWrites.count
        unsafe form.compute_writes = encoder.messages(computeWrites)
        unsafe form.io_public_key = encoder.bytes(ioPublicKey)
        unsafe form.evidence = encoder.bytes(evidence)
        return unsafe form
    }

    init(c form: Cloister__Boundary__V1__EnclaveBeginBlockResponse) throws(Failure) {
        self.init(
            height: unsafe form.height,
            headerHash: unsafe copyBytes(form.header_hash),
            outputKeys: try unsafe copyMessages(form.n_output_keys, form.output_keys),
            registerWrites: try unsafe copyMessages(form.n_register_writes, form.register_writes),
            computeWrites: try unsafe copyMessages(form.n_compute_writes, form.compute_writes),
            ioPublicKey: unsafe copyBytes(form.io_public_key),
            evidence: unsafe copyBytes(form.evidence)
        )
    }
}

extension OutputKey: @unsafe BoundaryMessage {
    func form(_ encoder: inout FrameEncoder) -> Cloister__Boundary__V1__OutputKey {
        var form = unsafe blank(cloister__boundary__v1__output_key__init)
        unsafe form.index = index
        unsafe form.key = encoder.bytes(key)
        return unsafe form
    }

    init(c form: Cloister__Boundary__V1__OutputKey) throws(Failure) {
        self.init(
            index: unsafe form.index,
            key: unsafe copyBytes(form.key)
        )
    }
}

extension BlockChunk: @unsafe BoundaryMessage {
    func form(_ encoder: inout FrameEncoder) -> Cloister__Boundary__V1__EnclaveBlockChunkRequest {
        var form = unsafe blank(cloister__boundary__v1__enclave_block_chunk_request__init)
        unsafe form.first_index = firstIndex
        unsafe form.n_transactions = transactions.count
        unsafe form.transactions = encoder.list(transactions)
        return unsafe form
    }

    init(c form: Cloister__Boundary__V1__EnclaveBlockChunkRequest) throws(Failure) {
        self.init(
            firstIndex: unsafe form.first_index,
            transactions: unsafe copyList(form.n_transactions, form.transactions)
        )
    }
}

extension RunTransaction: @unsafe BoundaryMessage {
    func form(_ encoder: inout FrameEncoder) -> Cloister__Boundary__V1__EnclaveRunTransactionRequest {
        var form = unsafe blank(cloister__boundary__v1__enclave_run_transaction_request__init)
        unsafe form.index = index
        unsafe form.n_prefetched = prefetched.count
        unsafe form.prefetched = encoder.messages(prefetched)
        unsafe form.proved_result = encoder.bytes(provedResult)
        return unsafe form
    }

    init(c form: Cloister__Boundary__V1__EnclaveRunTransactionRequest) throws(Failure) {
        self.init(
            index: unsafe form.index,
            prefetched: try unsafe copyMessages(form.n_prefetched, form.prefetched),
            provedResult: unsafe copyBytes(form.proved_result)
        )
    }
}

extension DrivenResult: @unsafe BoundaryMessage {
    func form(_ encoder: inout FrameEncoder) -> Cloister__Boundary__V1__EnclaveRunTransactionResponse {
        var form = unsafe blank(cloister__boundary__v1__enclave_run_transaction_response__init)
        unsafe form.code = code
        unsafe form.gas_wanted = gasWanted
        unsafe form.gas_used = gasUsed
        unsafe form.data = encoder.bytes(data)
        unsafe form.output = encoder.bytes(output)
        unsafe form.n_writes = writes.count
        unsafe form.writes = encoder.messages(writes)
        unsafe form.n_stored_codes = storedCodes.count
        unsafe form.stored_codes = encoder.list(storedCodes)
        unsafe form.n_register_writes = registerWrites.count
        unsafe form.register_writes = encoder.messages(registerWrites)
        return unsafe form
    }

    init(c form: Cloister__Boundary__V1__EnclaveRunTransactionResponse) throws(Failure) {
        self.init(
            code: unsafe form.code,
            gasWanted: unsafe form.gas_wanted,
            gasUsed: unsafe form.gas_used,
            data: unsafe copyBytes(form.data),
            output: unsafe copyBytes(form.output),
            writes: try unsafe copyMessages(form.n_writes, form.writes),
            storedCodes: unsafe copyList(form.n_stored_codes, form.stored_codes),
            registerWrites: try unsafe copyMessages(form.n_register_writes, form.register_writes)
        )
    }
}

extension Advance: @unsafe BoundaryMessage {
    func form(_ encoder: inout FrameEncoder) -> Cloister__Boundary__V1__EnclaveAdvanceRequest {
        var form = unsafe blank(cloister__boundary__v1__enclave_advance_request__init)
        unsafe form.header = encoder.bytes(header)
        unsafe form.commit = encoder.bytes(commit)
        unsafe form.validators = encoder.bytes(validators)
        unsafe form.trusted_validators = encoder.bytes(trustedValidators)
        return unsafe form
    }

    init(c form: Cloister__Boundary__V1__EnclaveAdvanceRequest) throws(Failure) {
        self.init(
            header: unsafe copyBytes(form.header),
            commit: unsafe copyBytes(form.commit),
            validators: unsafe copyBytes(form.validators),
            trustedValidators: unsafe copyBytes(form.trusted_validators)
        )
    }
}

extension ContractQuery: @unsafe BoundaryMessage {
    func form(_ encoder: inout FrameEncoder) -> Cloister__Boundary__V1__EnclaveQueryRequest {
        var form = unsafe blank(cloister__boundary__v1__enclave_query_request__init)
        unsafe form.contract = encoder.bytes(contract)
        unsafe form.input = encoder.bytes(input)
        unsafe form.height = height
        unsafe form.gas_limit = gasLimit
        unsafe form.n_prefetched = prefetched.count
        unsafe form.prefetched = encoder.messages(prefetched)
        return unsafe form
    }

    init(c form: Cloister__Boundary__V1__EnclaveQueryRequest) throws(Failure) {
        self.init(
            contract: unsafe copyBytes(form.contract),
            input: unsafe copyBytes(form.input),
            height: unsafe form.height,
            gasLimit: unsafe form.gas_limit,
            prefetched: try unsafe copyMessages(form.n_prefetched, form.prefetched)
        )
    }
}

extension ContractAnswer: @unsafe BoundaryMessage {
    func form(_ encoder: inout FrameEncoder) -> Cloister__Boundary__V1__EnclaveQueryResponse {
        var form = unsafe blank(cloister__boundary__v1__enclave_query_response__init)
        unsafe form.data = encoder.bytes(data)
        unsafe form.error = encoder.text(error)
        unsafe form.gas_used = gasUsed
        unsafe form.stamp = encoder.bytes(stamp)
        return unsafe form
    }

    init(c form: Cloister__Boundary__V1__EnclaveQueryResponse) throws(Failure) {
        self.init(
            data: unsafe copyBytes(form.data),
            error: try unsafe copyText(form.error),
            gasUsed: unsafe form.gas_used,
            stamp: unsafe copyBytes(form.stamp)
        )
    }
}

extension StateRead: @unsafe BoundaryMessage {
    func form(_ encoder: inout FrameEncoder) -> Cloister__Boundary__V1__HostReadStateRequest {
        var form = unsafe blank(cloister__boundary__v1__host_read_state_request__init)
        unsafe form.n_reads = reads.count
        unsafe form.reads = encoder.messages(reads)
        unsafe form.version = version
        return unsafe form
    }

    init(c form: Cloister__Boundary__V1__HostReadStateRequest) throws(Failure) {
        self.init(
            reads: try unsafe copyMessages(form.n_reads, form.reads),
            version: unsafe form.version
        )
    }
}

extension LedgerMessage: @unsafe BoundaryMessage {
    func form(_ encoder: inout FrameEncoder) -> Cloister__Boundary__V1__HostRunLedgerMessageRequest {
        var form = unsafe blank(cloister__boundary__v1__host_run_ledger_message_request__init)
        unsafe form.scope = scope
        unsafe form.signer = encoder.bytes(signer)
        unsafe form.type_url = encoder.text(typeURL)
        unsafe form.value = encoder.bytes(value)
        return unsafe form
    }

    init(c form: Cloister__Boundary__V1__HostRunLedgerMessageRequest) throws(Failure) {
        self.init(
            scope: unsafe form.scope,
            signer: unsafe copyBytes(form.signer),
            typeURL: try unsafe copyText(form.type_url),
            value: unsafe copyBytes(form.value)
        )
    }
}

extension LedgerMessageResult: @unsafe BoundaryMessage {
    func form(_ encoder: inout FrameEncoder) -> Cloister__Boundary__V1__HostRunLedgerMessageResponse {
        var form = unsafe blank(cloister__boundary__v1__host_run_ledger_message_response__init)
        unsafe form.code = code
        unsafe form.codespace = encoder.text(codespace)
        unsafe form.log = encoder.text(log)
        unsafe form.data = encoder.bytes(data)
        unsafe form.response_type_url = encoder.text(responseTypeURL)
        return unsafe form
    }

    init(c form: Cloister__Boundary__V1__HostRunLedgerMessageResponse) throws(Failure) {
        self.init(
            code: unsafe form.code,
            codespace: try unsafe copyText(form.codespace),
            log: try unsafe copyText(form.log),
            data: unsafe copyBytes(form.data),
            responseTypeURL: try unsafe copyText(form.response_type_url)
        )
    }
}

extension ToEnclave: @unsafe BoundaryMessage {
    func form(_ encoder: inout FrameEncoder) -> Cloister__Boundary__V1__ToEnclave {
        var form = unsafe blank(cloister__boundary__v1__to_enclave__init)
        switch self {
        case .hello(let message):
            unsafe form.hello = encoder.message(message)
            unsafe form.body_case = CLOISTER__BOUNDARY__V1__TO_ENCLAVE__BODY_HELLO
        case .bootstrap(let identity):
            var body = unsafe blank(cloister__boundary__v1__enclave_bootstrap_request__init)
            unsafe body.identity = encoder.message(identity)
            unsafe form.bootstrap = encoder.place(body)
            unsafe form.body_case = CLOISTER__BOUNDARY__V1__TO_ENCLAVE__BODY_BOOTSTRAP
        case .unseal(let sealedRecord):
            var body = unsafe blank(cloister__boundary__v1__enclave_unseal_request__init)
            unsafe body.sealed_record = encoder.bytes(sealedRecord)
            unsafe form.unseal = encoder.place(body)
            unsafe form.body_case = CLOISTER__BOUNDARY__V1__TO_ENCLAVE__BODY_UNSEAL
        case .health:
            unsafe form.health = encoder.place(blank(cloister__boundary__v1__enclave_health_request__init))
            unsafe form.body_case = CLOISTER__BOUNDARY__V1__TO_ENCLAVE__BODY_HEALTH
        case .takeModule:
            unsafe form.take_module = encoder.place(blank(cloister__boundary__v1__enclave_take_module_request__init))
            unsafe form.body_case = CLOISTER__BOUNDARY__V1__TO_ENCLAVE__BODY_TAKE_MODULE
        case .abandonQuery(let lane, let query):
            var body = unsafe blank(cloister__boundary__v1__enclave_abandon_query_request__init)
            unsafe body.lane = lane
            unsafe body.query = query
            unsafe form.abandon_query = encoder.place(body)
            unsafe form.body_case = CLOISTER__BOUNDARY__V1__TO_ENCLAVE__BODY_ABANDON_QUERY
        case .makeEvidence(let message):
            unsafe form.make_evidence = encoder.message(message)
            unsafe form.body_case = CLOISTER__BOUNDARY__V1__TO_ENCLAVE__BODY_MAKE_EVIDENCE
        case .join(let message):
            unsafe form.join = encoder.message(message)
            unsafe form.body_case = CLOISTER__BOUNDARY__V1__TO_ENCLAVE__BODY_JOIN
        case .lease:
            unsafe form.lease = encoder.place(blank(cloister__boundary__v1__enclave_lease_request__init))
            unsafe form.body_case = CLOISTER__BOUNDARY__V1__TO_ENCLAVE__BODY_LEASE
        case .beginBlock(let message):
            unsafe form.begin_block = encoder.message(message)
            unsafe form.body_case = CLOISTER__BOUNDARY__V1__TO_ENCLAVE__BODY_BEGIN_BLOCK
        case .blockChunk(let message):
            unsafe form.block_chunk = encoder.message(message)
            unsafe form.body_case = CLOISTER__BOUNDARY__V1__TO_ENCLAVE__BODY_BLOCK_CHUNK
        case .runTransaction(let message):
            unsafe form.run_transaction = encoder.message(message)
            unsafe form.body_case = CLOISTER__BOUNDARY__V1__TO_ENCLAVE__BODY_RUN_TRANSACTION
        case .endBlock:
            unsafe form.end_block = encoder.place(blank(cloister__boundary__v1__enclave_end_block_request__init))
            unsafe form.body_case = CLOISTER__BOUNDARY__V1__TO_ENCLAVE__BODY_END_BLOCK
        case .advance(let message):
            unsafe form.advance = encoder.message(message)
            unsafe form.body_case = CLOISTER__BOUNDARY__V1__TO_ENCLAVE__BODY_ADVANCE
        case .query(let message):
            unsafe form.query = encoder.message(message)
            unsafe form.body_case = CLOISTER__BOUNDARY__V1__TO_ENCLAVE__BODY_QUERY
        case .state(let proofs):
            var body = unsafe blank(cloister__boundary__v1__host_read_state_response__init)
            unsafe body.n_proofs = proofs.count
            unsafe body.proofs = encoder.messages(proofs)
            unsafe form.state = encoder.place(body)
            unsafe form.body_case = CLOISTER__BOUNDARY__V1__TO_ENCLAVE__BODY_STATE
        case .code(let code):
            var body = unsafe blank(cloister__boundary__v1__host_read_code_response__init)
            unsafe body.code = encoder.bytes(code)
            unsafe form.code = encoder.place(body)
            unsafe form.body_case = CLOISTER__BOUNDARY__V1__TO_ENCLAVE__BODY_CODE
        case .ledgerMessage(let message):
            unsafe form.ledger_message = encoder.message(message)
            unsafe form.body_case = CLOISTER__BOUNDARY__V1__TO_ENCLAVE__BODY_LEDGER_MESSAGE
        case .scopeReverted:
            unsafe form.scope_reverted = encoder.place(blank(cloister__boundary__v1__host_revert_scope_response__init))
            unsafe form.body_case = CLOISTER__BOUNDARY__V1__TO_ENCLAVE__BODY_SCOPE_REVERTED
        case .module(let sealedModule):
            var body = unsafe blank(cloister__boundary__v1__host_read_module_response__init)
            unsafe body.sealed_module = encoder.bytes(sealedModule)
            unsafe form.module = encoder.place(body)
            unsafe form.body_case = CLOISTER__BOUNDARY__V1__TO_ENCLAVE__BODY_MODULE
        case .journal(let hashes):
            var body = unsafe blank(cloister__boundary__v1__host_read_journal_response__init)
            unsafe body.hashes = encoder.hashes(hashes)
            unsafe form.journal = encoder.place(body)
            unsafe form.body_case = CLOISTER__BOUNDARY__V1__TO_ENCLAVE__BODY_JOURNAL
        case .headers(let headers):
            var body = unsafe blank(cloister__boundary__v1__host_read_headers_response__init)
            unsafe body.n_headers = headers.count
            unsafe body.headers = encoder.list(headers)
            unsafe form.headers = encoder.place(body)
            unsafe form.body_case = CLOISTER__BOUNDARY__V1__TO_ENCLAVE__BODY_HEADERS
        case .makeConsensusKey:
            unsafe form.make_consensus_key = encoder.place(
                blank(cloister__boundary__v1__enclave_make_consensus_key_request__init))
            unsafe form.body_case = CLOISTER__BOUNDARY__V1__TO_ENCLAVE__BODY_MAKE_CONSENSUS_KEY
        case .importConsensusKey(let message):
            unsafe form.import_consensus_key = encoder.message(message)
            unsafe form.body_case = CLOISTER__BOUNDARY__V1__TO_ENCLAVE__BODY_IMPORT_CONSENSUS_KEY
        case .openConsensusKey(let sealedKey):
            var body = unsafe blank(cloister__boundary__v1__enclave_open_consensus_key_request__init)
            unsafe body.sealed_key = encoder.bytes(sealedKey)
            unsafe form.open_consensus_key = encoder.place(body)
            unsafe form.body_case = CLOISTER__BOUNDARY__V1__TO_ENCLAVE__BODY_OPEN_CONSENSUS_KEY
        case .signVote(let message):
            unsafe form.sign_vote = encoder.message(message)
            unsafe form.body_case = CLOISTER__BOUNDARY__V1__TO_ENCLAVE__BODY_SIGN_VOTE
        case .makeFoundingEvidence(let message):
            unsafe form.make_founding_evidence = encoder.message(message)
            unsafe form.body_case = CLOISTER__BOUNDARY__V1__TO_ENCLAVE__BODY_MAKE_FOUNDING_EVIDENCE
        case .found(let founding):
            var body = unsafe blank(cloister__boundary__v1__enclave_found_request__init)
            unsafe body.founding = encoder.message(founding)
            unsafe form.found = encoder.place(body)
            unsafe form.body_case = CLOISTER__BOUNDARY__V1__TO_ENCLAVE__BODY_FOUND
        case .openFounded(let message):
            unsafe form.open_founded = encoder.message(message)
            unsafe form.body_case = CLOISTER__BOUNDARY__V1__TO_ENCLAVE__BODY_OPEN_FOUNDED
        case .handOverKey(let message):
            unsafe form.hand_over_key = encoder.message(message)
            unsafe form.body_case = CLOISTER__BOUNDARY__V1__TO_ENCLAVE__BODY_HAND_OVER_KEY
        case .takeOverKey(let handedKey):
            var body = unsafe blank(cloister__boundary__v1__enclave_take_over_key_request__init)
            unsafe body.handed_key = encoder.bytes(handedKey)
            unsafe form.take_over_key = encoder.place(body)
            unsafe form.body_case = CLOISTER__BOUNDARY__V1__TO_ENCLAVE__BODY_TAKE_OVER_KEY
        }
        return unsafe form
    }

    init(c form: Cloister__Boundary__V1__ToEnclave) throws(Failure) {
        switch unsafe form.body_case {
        case CLOISTER__BOUNDARY__V1__TO_ENCLAVE__BODY_HELLO:
            self = .hello(try unsafe copyMessage(form.hello))
        case CLOISTER__BOUNDARY__V1__TO_ENCLAVE__BODY_BOOTSTRAP:
            let body = try unsafe required(form.bootstrap)
            self = .bootstrap(try unsafe copyMessage(body.identity))
        case CLOISTER__BOUNDARY__V1__TO_ENCLAVE__BODY_UNSEAL:
            let body = try unsafe required(form.unseal)
            self = .unseal(unsafe copyBytes(body.sealed_record))
        case CLOISTER__BOUNDARY__V1__TO_ENCLAVE__BODY_HEALTH:
            self = .health
        case CLOISTER__BOUNDARY__V1__TO_ENCLAVE__BODY_TAKE_MODULE:
            self = .takeModule
        case CLOISTER__BOUNDARY__V1__TO_ENCLAVE__BODY_ABANDON_QUERY:
            let body = try unsafe required(form.abandon_query)
            self = .abandonQuery(lane: unsafe body.lane, query: unsafe body.query)
        case CLOISTER__BOUNDARY__V1__TO_ENCLAVE__BODY_MAKE_EVIDENCE:
            self = .makeEvidence(try unsafe copyMessage(form.make_evidence))
        case CLOISTER__BOUNDARY__V1__TO_ENCLAVE__BODY_JOIN:
            self = .join(try unsafe copyMessage(form.join))
        case CLOISTER__BOUNDARY__V1__TO_ENCLAVE__BODY_LEASE:
            self = .lease
        case CLOISTER__BOUNDARY__V1__TO_ENCLAVE__BODY_BEGIN_BLOCK:
            self = .beginBlock(try unsafe copyMessage(form.begin_block))
        case CLOISTER__BOUNDARY__V1__TO_ENCLAVE__BODY_BLOCK_CHUNK:
            self = .blockChunk(try unsafe copyMessage(form.block_chunk))
        case CLOISTER__BOUNDARY__V1__TO_ENCLAVE__BODY_RUN_TRANSACTION:
            self = .runTransaction(try unsafe copyMessage(form.run_transaction))
        case CLOISTER__BOUNDARY__V1__TO_ENCLAVE__BODY_END_BLOCK:
            self = .endBlock
        case CLOISTER__BOUNDARY__V1__TO_ENCLAVE__BODY_ADVANCE:
            self = .advance(try unsafe copyMessage(form.advance))
        case CLOISTER__BOUNDARY__V1__TO_ENCLAVE__BODY_QUERY:
            self = .query(try unsafe copyMessage(form.query))
        case CLOISTER__BOUNDARY__V1__TO_ENCLAVE__BODY_STATE:
            let body = try unsafe required(form.state)
            self = .state(try unsafe copyMessages(body.n_proofs, body.proofs))
        case CLOISTER__BOUNDARY__V1__TO_ENCLAVE__BODY_CODE:
            let body = try unsafe required(form.code)
            self = .code(unsafe copyBytes(body.code))
        case CLOISTER__BOUNDARY__V1__TO_ENCLAVE__BODY_LEDGER_MESSAGE:
            self = .ledgerMessage(try unsafe copyMessage(form.ledger_message))
        case CLOISTER__BOUNDARY__V1__TO_ENCLAVE__BODY_SCOPE_REVERTED:
            self = .scopeReverted
        case CLOISTER__BOUNDARY__V1__TO_ENCLAVE__BODY_MODULE:
            let body = try unsafe required(form.module)
            self = .module(unsafe copyBytes(body.sealed_module))
        case CLOISTER__BOUNDARY__V1__TO_ENCLAVE__BODY_JOURNAL:
            let body = try unsafe required(form.journal)
            self = .journal(try unsafe copyHashes(body.hashes))
        case CLOISTER__BOUNDARY__V1__TO_ENCLAVE__BODY_HEADERS:
            let body = try unsafe required(form.headers)
            self = .headers(unsafe copyList(body.n_headers, body.headers))
        case CLOISTER__BOUNDARY__V1__TO_ENCLAVE__BODY_MAKE_CONSENSUS_KEY:
            self = .makeConsensusKey
        case CLOISTER__BOUNDARY__V1__TO_ENCLAVE__BODY_IMPORT_CONSENSUS_KEY:
            self = .importConsensusKey(try unsafe copyMessage(form.import_consensus_key))
        case CLOISTER__BOUNDARY__V1__TO_ENCLAVE__BODY_OPEN_CONSENSUS_KEY:
            let body = try unsafe required(form.open_consensus_key)
            self = .openConsensusKey(unsafe copyBytes(body.sealed_key))
        case CLOISTER__BOUNDARY__V1__TO_ENCLAVE__BODY_SIGN_VOTE:
            self = .signVote(try unsafe copyMessage(form.sign_vote))
        case CLOISTER__BOUNDARY__V1__TO_ENCLAVE__BODY_MAKE_FOUNDING_EVIDENCE:
            self = .makeFoundingEvidence(try unsafe copyMessage(form.make_founding_evidence))
        case CLOISTER__BOUNDARY__V1__TO_ENCLAVE__BODY_FOUND:
            let body = try unsafe required(form.found)
            self = .found(try unsafe copyMessage(body.founding))
        case CLOISTER__BOUNDARY__V1__TO_ENCLAVE__BODY_OPEN_FOUNDED:
            self = .openFounded(try unsafe copyMessage(form.open_founded))
        case CLOISTER__BOUNDARY__V1__TO_ENCLAVE__BODY_HAND_OVER_KEY:
            self = .handOverKey(try unsafe copyMessage(form.hand_over_key))
        case CLOISTER__BOUNDARY__V1__TO_ENCLAVE__BODY_TAKE_OVER_KEY:
            let body = try unsafe required(form.take_over_key)
            self = .takeOverKey(unsafe copyBytes(body.handed_key))
        default: throw .malformedFrame
        }
    }
}

extension FromEnclave: @unsafe BoundaryMessage {
    func form(_ encoder: inout FrameEncoder) -> Cloister__Boundary__V1__FromEnclave {
        var form = unsafe blank(cloister__boundary__v1__from_enclave__init)
        switch self {
        case .hello(let message):
            unsafe form.hello = encoder.message(message)
            unsafe form.body_case = CLOISTER__BOUNDARY__V1__FROM_ENCLAVE__BODY_HELLO
        case .opened(let message):
            unsafe form.opened = encoder.message(message)
            unsafe form.body_case = CLOISTER__BOUNDARY__V1__FROM_ENCLAVE__BODY_OPENED
        case .health(let message):
            unsafe form.health = encoder.message(message)
            unsafe form.body_case = CLOISTER__BOUNDARY__V1__FROM_ENCLAVE__BODY_HEALTH
        case .moduleTaken(let message):
            unsafe form.module_taken = encoder.message(message)
            unsafe form.body_case = CLOISTER__BOUNDARY__V1__FROM_ENCLAVE__BODY_MODULE_TAKEN
        case .queryAbandoned:
            unsafe form.query_abandoned = encoder.place(
                blank(cloister__boundary__v1__enclave_abandon_query_response__init))
            unsafe form.body_case = CLOISTER__BOUNDARY__V1__FROM_ENCLAVE__BODY_QUERY_ABANDONED
        case .evidenceMade(let message):
            unsafe form.evidence_made = encoder.message(message)
            unsafe form.body_case = CLOISTER__BOUNDARY__V1__FROM_ENCLAVE__BODY_EVIDENCE_MADE
        case .leaseTold(let message):
            unsafe form.lease_told = encoder.message(message)
            unsafe form.body_case = CLOISTER__BOUNDARY__V1__FROM_ENCLAVE__BODY_LEASE_TOLD
        case .blockBegun(let message):
            unsafe form.block_begun = encoder.message(message)
            unsafe form.body_case = CLOISTER__BOUNDARY__V1__FROM_ENCLAVE__BODY_BLOCK_BEGUN
        case .chunkReceived(let received):
            var body = unsafe blank(cloister__boundary__v1__enclave_block_chunk_response__init)
            unsafe body.received = received
            unsafe form.chunk_received = encoder.place(body)
            unsafe form.body_case = CLOISTER__BOUNDARY__V1__FROM_ENCLAVE__BODY_CHUNK_RECEIVED
        case .transactionRun(let message):
            unsafe form.transaction_run = encoder.message(message)
            unsafe form.body_case = CLOISTER__BOUNDARY__V1__FROM_ENCLAVE__BODY_TRANSACTION_RUN
        case .blockEnded(let sealedRecord):
            var body = unsafe blank(cloister__boundary__v1__enclave_end_block_response__init)
            unsafe body.sealed_record = encoder.bytes(sealedRecord)
            unsafe form.block_ended = encoder.place(body)
            unsafe form.body_case = CLOISTER__BOUNDARY__V1__FROM_ENCLAVE__BODY_BLOCK_ENDED
        case .advanced(let sealedRecord):
            var body = unsafe blank(cloister__boundary__v1__enclave_advance_response__init)
            unsafe body.sealed_record = encoder.bytes(sealedRecord)
            unsafe form.advanced = encoder.place(body)
            unsafe form.body_case = CLOISTER__BOUNDARY__V1__FROM_ENCLAVE__BODY_ADVANCED
        case .queryAnswered(let message):
            unsafe form.query_answered = encoder.message(message)
            unsafe form.body_case = CLOISTER__BOUNDARY__V1__FROM_ENCLAVE__BODY_QUERY_ANSWERED
        case .readState(let message):
            unsafe form.read_state = encoder.message(message)
            unsafe form.body_case = CLOISTER__BOUNDARY__V1__FROM_ENCLAVE__BODY_READ_STATE
        case .readCode(let codeHash):
            var body = unsafe blank(cloister__boundary__v1__host_read_code_request__init)
            unsafe body.code_hash = encoder.bytes(codeHash)
            unsafe form.read_code = encoder.place(body)
            unsafe form.body_case = CLOISTER__BOUNDARY__V1__FROM_ENCLAVE__BODY_READ_CODE
        case .runLedgerMessage(let message):
            unsafe form.run_ledger_message = encoder.message(message)
            unsafe form.body_case = CLOISTER__BOUNDARY__V1__FROM_ENCLAVE__BODY_RUN_LEDGER_MESSAGE
        case .revertScope(let scope):
            var body = unsafe blank(cloister__boundary__v1__host_revert_scope_request__init)
            unsafe body.scope = scope
            unsafe form.revert_scope = encoder.place(body)
            unsafe form.body_case = CLOISTER__BOUNDARY__V1__FROM_ENCLAVE__BODY_REVERT_SCOPE
        case .readModule(let codeHash):
            var body = unsafe blank(cloister__boundary__v1__host_read_module_request__init)
            unsafe body.code_hash = encoder.bytes(codeHash)
            unsafe form.read_module = encoder.place(body)
            unsafe form.body_case = CLOISTER__BOUNDARY__V1__FROM_ENCLAVE__BODY_READ_MODULE
        case .readJournal(let first, let count):
            var body = unsafe blank(cloister__boundary__v1__host_read_journal_request__init)
            unsafe body.first = first
            unsafe body.count = count
            unsafe form.read_journal = encoder.place(body)
            unsafe form.body_case = CLOISTER__BOUNDARY__V1__FROM_ENCLAVE__BODY_READ_JOURNAL
        case .readHeaders(let highest, let count):
            var body = unsafe blank(cloister__boundary__v1__host_read_headers_request__init)
            unsafe body.highest = highest
            unsafe body.count = count
            unsafe form.read_headers = encoder.place(body)
            unsafe form.body_case = CLOISTER__BOUNDARY__V1__FROM_ENCLAVE__BODY_READ_HEADERS
        case .consensusKey(let message):
            unsafe form.consensus_key = encoder.message(message)
            unsafe form.body_case = CLOISTER__BOUNDARY__V1__FROM_ENCLAVE__BODY_CONSENSUS_KEY
        case .voteSigned(let message):
            unsafe form.vote_signed = encoder.message(message)
            unsafe form.body_case = CLOISTER__BOUNDARY__V1__FROM_ENCLAVE__BODY_VOTE_SIGNED
        case .foundingEvidenceMade(let certificate):
            var body = unsafe blank(cloister__boundary__v1__enclave_founding_evidence_response__init)
            unsafe body.certificate = encoder.bytes(certificate)
            unsafe form.founding_evidence_made = encoder.place(body)
            unsafe form.body_case = CLOISTER__BOUNDARY__V1__FROM_ENCLAVE__BODY_FOUNDING_EVIDENCE_MADE
        case .founded(let message):
            unsafe form.founded = encoder.message(message)
            unsafe form.body_case = CLOISTER__BOUNDARY__V1__FROM_ENCLAVE__BODY_FOUNDED
        case .keyHandedOver(let handedKey):
            var body = unsafe blank(cloister__boundary__v1__enclave_hand_over_key_response__init)
            unsafe body.handed_key = encoder.bytes(handedKey)
            unsafe form.key_handed_over = encoder.place(body)
            unsafe form.body_case = CLOISTER__BOUNDARY__V1__FROM_ENCLAVE__BODY_KEY_HANDED_OVER
        case .failure(let number):
            var body = unsafe blank(cloister__boundary__v1__failure__init)
            unsafe body.number = number
            unsafe form.failure = encoder.place(body)
            unsafe form.body_case = CLOISTER__BOUNDARY__V1__FROM_ENCLAVE__BODY_FAILURE
        }
        return unsafe form
    }

    init(c form: Cloister__Boundary__V1__FromEnclave) throws(Failure) {
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
        case CLOISTER__BOUNDARY__V1__FROM_ENCLAVE__BODY_EVIDENCE_MADE:
            self = .evidenceMade(try unsafe copyMessage(form.evidence_made))
        case CLOISTER__BOUNDARY__V1__FROM_ENCLAVE__BODY_LEASE_TOLD:
            self = .leaseTold(try unsafe copyMessage(form.lease_told))
        case CLOISTER__BOUNDARY__V1__FROM_ENCLAVE__BODY_BLOCK_BEGUN:
            self = .blockBegun(try unsafe copyMessage(form.block_begun))
        case CLOISTER__BOUNDARY__V1__FROM_ENCLAVE__BODY_CHUNK_RECEIVED:
            let body = try unsafe required(form.chunk_received)
            self = .chunkReceived(unsafe body.received)
        case CLOISTER__BOUNDARY__V1__FROM_ENCLAVE__BODY_TRANSACTION_RUN:
            self = .transactionRun(try unsafe copyMessage(form.transaction_run))
        case CLOISTER__BOUNDARY__V1__FROM_ENCLAVE__BODY_BLOCK_ENDED:
            let body = try unsafe required(form.block_ended)
            self = .blockEnded(unsafe copyBytes(body.sealed_record))
        case CLOISTER__BOUNDARY__V1__FROM_ENCLAVE__BODY_ADVANCED:
            let body = try unsafe required(form.advanced)
            self = .advanced(unsafe copyBytes(body.sealed_record))
        case CLOISTER__BOUNDARY__V1__FROM_ENCLAVE__BODY_QUERY_ANSWERED:
            self = .queryAnswered(try unsafe copyMessage(form.query_answered))
        case CLOISTER__BOUNDARY__V1__FROM_ENCLAVE__BODY_READ_STATE:
            self = .readState(try unsafe copyMessage(form.read_state))
        case CLOISTER__BOUNDARY__V1__FROM_ENCLAVE__BODY_READ_CODE:
            let body = try unsafe required(form.read_code)
            self = .readCode(unsafe copyBytes(body.code_hash))
        case CLOISTER__BOUNDARY__V1__FROM_ENCLAVE__BODY_RUN_LEDGER_MESSAGE:
            self = .runLedgerMessage(try unsafe copyMessage(form.run_ledger_message))
        case CLOISTER__BOUNDARY__V1__FROM_ENCLAVE__BODY_REVERT_SCOPE:
            let body = try unsafe required(form.revert_scope)
            self = .revertScope(unsafe body.scope)
        case CLOISTER__BOUNDARY__V1__FROM_ENCLAVE__BODY_READ_MODULE:
            let body = try unsafe required(form.read_module)
            self = .readModule(unsafe copyBytes(body.code_hash))
        case CLOISTER__BOUNDARY__V1__FROM_ENCLAVE__BODY_READ_JOURNAL:
            let body = try unsafe required(form.read_journal)
            self = .readJournal(first: unsafe body.first, count: unsafe body.count)
        case CLOISTER__BOUNDARY__V1__FROM_ENCLAVE__BODY_READ_HEADERS:
            let body = try unsafe required(form.read_headers)
            self = .readHeaders(highest: unsafe body.highest, count: unsafe body.count)
        case CLOISTER__BOUNDARY__V1__FROM_ENCLAVE__BODY_CONSENSUS_KEY:
            self = .consensusKey(try unsafe copyMessage(form.consensus_key))
        case CLOISTER__BOUNDARY__V1__FROM_ENCLAVE__BODY_VOTE_SIGNED:
            self = .voteSigned(try unsafe copyMessage(form.vote_signed))
        case CLOISTER__BOUNDARY__V1__FROM_ENCLAVE__BODY_FOUNDING_EVIDENCE_MADE:
            let body = try unsafe required(form.founding_evidence_made)
            self = .foundingEvidenceMade(unsafe copyBytes(body.certificate))
        case CLOISTER__BOUNDARY__V1__FROM_ENCLAVE__BODY_FOUNDED:
            self = .founded(try unsafe copyMessage(form.founded))
        case CLOISTER__BOUNDARY__V1__FROM_ENCLAVE__BODY_KEY_HANDED_OVER:
            let body = try unsafe required(form.key_handed_over)
            self = .keyHandedOver(unsafe copyBytes(body.handed_key))
        case CLOISTER__BOUNDARY__V1__FROM_ENCLAVE__BODY_FAILURE:
            let body = try unsafe required(form.failure)
            self = .failure(unsafe body.number)
        default: throw .malformedFrame
        }
    }
}
