import ChainFormats
import DecidedBlocks
import PublicCryptography
import Testing
import Wire

/// What light clients of this kind have been broken by, tried on ours. Named after the published advisories where there
/// is one.
@Suite("Published advisories on light clients") struct AdvisoryTests {
    let chain = TestChain()
    let first: VerifiedHeader

    init() throws {
        first = try chain.anchor.verify(first: chain.signed(chain.header(5, after: nil)))
    }

    private func refusal(_ next: UnverifiedHeader) -> HeaderRefusal? {
        do throws(HeaderRefusal) { _ = try first.head.advance(to: next, on: chain.anchor) } catch { return error }
        return nil
    }

    private var next: UnverifiedHeader { chain.signed(chain.header(6, after: first)) }

    @Test("GHSA-6jrf-4jv4-r9mw: a vote counts for the validator whose key signed it, in that validator's slot alone")
    func voteSpoofing() {
        // Two honest votes; a third that claims to be another's, signed by a key that the attacker has.
        let signer = TestSigner("mallory")
        for isRelabelled in [false, true] {
            var spoofed = chain.signed(chain.header(6, after: first), by: ["ada", "eva"])
            let slot = spoofed.commit.signatures.firstIndex { $0.flag == .absent }!
            let address =
                isRelabelled
                ? chain.validators.validators[slot].address : ValidatorAddress(publicKey: signer.publicKey)
            spoofed.commit.signatures[slot] = CommitSignature(
                flag: .commit, validatorAddress: address, timestamp: spoofed.header.time, signature: [0])
            spoofed.commit.signatures[slot].signature = signer.sign(
                spoofed.commit.signBytes(at: slot, chainID: chain.chainID)!)
            #expect(
                refusal(spoofed) == .commit(isRelabelled ? .notEnoughPower : .wrongSigner(slot: slot)))
        }
        // All four votes, in the slots of others: no power is counted twice or for another.
        var rotated = next
        rotated.commit.signatures = Array(rotated.commit.signatures.dropFirst()) + [rotated.commit.signatures[0]]
        #expect(refusal(rotated) == .commit(.wrongSigner(slot: 0)))
        for slot in rotated.commit.signatures.indices {
            rotated.commit.signatures[slot].validatorAddress = chain.validators.validators[slot].address
        }
        #expect(refusal(rotated) == .commit(.notEnoughPower))
        // The power that counts is the tracked set's, whatever the commit would like.
        var fewer = next
        fewer.commit.signatures.removeLast()
        #expect(refusal(fewer) == .commit(.wrongSlotCount))
    }

    @Test("GHSA-c32p-wcqj-j677: addresses of a set follow from its keys, and a commit's from the set")
    func relabelledAddresses() throws {
        // In a set as it is sent, another address beside a key is not the encoding of any set.
        let bytes = chain.validators.protobuf
        let address = chain.validators.validators[1].address.bytes
        let other = ValidatorAddress(publicKey: TestSigner("mallory").publicKey).bytes
        for replacement in [other, chain.validators.validators[0].address.bytes, address.reversed()] {
            var relabelled = bytes
            relabelled.replaceSubrange(relabelled.firstRange(of: address)!, with: replacement)
            #expect((try? ValidatorSet(protobuf: relabelled)) == nil)
        }
        #expect(
            try ValidatorSet(protobuf: bytes).validators.map(\.address) == chain.validators.validators.map(\.address))
        // In a commit, two addresses changed places.
        var swapped = next
        let addresses = swapped.commit.signatures.map(\.validatorAddress)
        swapped.commit.signatures[0].validatorAddress = addresses[1]
        swapped.commit.signatures[1].validatorAddress = addresses[0]
        #expect(refusal(swapped) == .commit(.wrongSigner(slot: 0)))
        // The hash of the set covers keys and powers: an address that could differ would be under nothing.
        var keyChanged = next
        keyChanged.validators = ValidatorSet(
            genesis: ["ada", "ben", "eva", "mallory"].map {
                ValidatorUpdate(publicKey: TestSigner($0).publicKey, power: 10)
            })!
        #expect(refusal(keyChanged) == .wrongValidators)
    }

    @Test("a validator stands in a set once, with whatever power it is repeated")
    func duplicateValidators() throws {
        let validators = chain.validators.validators
        for power in [Int64(10), 9, 11, 1] {
            let twin = Validator(publicKey: validators[0].publicKey, power: power)!
            let ordered = (validators + [twin]).sorted {
                $0.power != $1.power ? $0.power > $1.power : $0.address < $1.address
            }
            #expect(ValidatorSet(ordered: ordered) == nil, "\(power)")
            let bytes = ProtobufWriter.encode { writer in
                for validator in ordered { writer.message(1, validator.protobuf) }
            }
            #expect((try? ValidatorSet(protobuf: bytes)) == nil, "\(power)")
        }
        #expect(
            ValidatorSet(genesis: [
                .init(publicKey: validators[0].publicKey, power: 1),
                .init(publicKey: validators[0].publicKey, power: 2),
            ]) == nil)
    }

    @Test("no header, no commit, no set, and parts of them that are missing, are refused and crash nothing")
    func missingParts() throws {
        let honest = next
        let parts = (honest.header.protobuf, honest.commit.protobuf, honest.validators.protobuf)
        let missing: [([UInt8], [UInt8], [UInt8])] = [
            ([], parts.1, parts.2), (parts.0, [], parts.2), (parts.0, parts.1, []), ([], [], []),
        ]
        for (header, commit, validators) in missing {
            #expect((try? UnverifiedHeader(header: header, commit: commit, validators: validators)) == nil)
        }
        // An empty commit is the one of the first block: it decides nothing.
        let empty = try UnverifiedHeader(header: parts.0, commit: Commit.empty.protobuf, validators: parts.2)
        #expect(empty.commit == .empty)
        #expect(refusal(empty) == .commitForAnother)
        var noSlots = honest
        noSlots.commit.signatures = []
        #expect(refusal(noSlots) == .commit(.wrongSlotCount))
        var absent = honest
        absent.commit.signatures = absent.commit.signatures.map { _ in .absent }
        #expect(refusal(absent) == .commit(.notEnoughPower))
        // A slot that says it signed, without an address or a signature, is no encoding of a slot.
        for missing in 0..<2 {
            var slot = honest.commit.signatures[0]
            if missing == 0 { slot.validatorAddress = nil } else { slot.signature = [] }
            #expect((try? CommitSignature(protobuf: slot.protobuf)) == nil)
        }
        for count in parts.0.indices {
            let cut = Array(parts.0.prefix(count))
            #expect((try? UnverifiedHeader(header: cut, commit: parts.1, validators: parts.2)) == nil, "\(count)")
        }
        for count in parts.1.indices {
            let cut = Array(parts.1.prefix(count))
            guard let next = try? UnverifiedHeader(header: parts.0, commit: cut, validators: parts.2) else { continue }
            #expect(refusal(next) != nil, "\(count)")
        }
        for count in parts.2.indices {
            let cut = Array(parts.2.prefix(count))
            guard let next = try? UnverifiedHeader(header: parts.0, commit: parts.1, validators: cut) else { continue }
            // The proposer at the end alone is under no hash: it decides nothing here.
            let isWhole = next.validators.count == honest.validators.count
            #expect(refusal(next) == (isWhole ? nil : .wrongValidators), "\(count)")
        }
    }

    @Test("every field of a header is under what was signed: changed, left out or added, none is accepted")
    func unsignedFields() throws {
        let honest = next
        let changes: [(inout Header) -> Void] = [
            { $0.blockVersion += 1 }, { $0.appVersion += 1 }, { $0.chainID += "x" }, { $0.height += 1 },
            { $0.time = $0.time.adding(nanoseconds: 1) }, { $0.lastBlockID = nil }, { $0.lastBlockID!.hash = .zero },
            { $0.lastBlockID!.parts.total += 1 }, { $0.lastBlockID!.parts.hash = SHA256.hash([1]) },
            { $0.lastCommitHash = .zero }, { $0.dataHash = .zero }, { $0.validatorsHash = .zero },
            { $0.nextValidatorsHash = .zero }, { $0.consensusHash = SHA256.hash([1]) }, { $0.appHash = [] },
            { $0.appHash += [0] }, { $0.lastResultsHash = .zero }, { $0.evidenceHash = .zero },
            { $0.proposerAddress = ValidatorAddress(publicKey: [1]) },
        ]
        for (number, change) in changes.enumerated() {
            var changed = honest
            change(&changed.header)
            #expect(changed.header.hash() != honest.header.hash(), "change \(number)")
            #expect(refusal(changed) != nil, "change \(number)")
            // The votes are for the old hash, whatever block id they are shown with.
            changed.commit.blockID = BlockID(hash: changed.header.hash(), parts: honest.commit.blockID!.parts)
            #expect(refusal(changed) != nil, "change \(number)")
        }
        #expect(refusal(honest) == nil)
        for number in UInt32(15)...20 {
            let added = honest.header.protobuf + ProtobufWriter.encode { $0.uint64(number, 1) }
            #expect((try? Header(protobuf: added)) == nil, "field \(number)")
        }
    }
}
