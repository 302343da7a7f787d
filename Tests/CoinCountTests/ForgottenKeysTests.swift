import DecidedBlocks
import EnclavePlatform
import Foundation
import Glibc
import HostAnswers
import LedgerRecords
import PlatformKit
import PublicCryptography
import Registration
import SecretCryptography
import SignedTransactions
import StateProofs
import TestSupport
import Testing
import TransactionFixtures
import WalletClient
import Wire

@testable import Keyring

/// The memory of a process in which an enclave runs, after an epoch's keys have been destroyed.
@Suite("Keys in memory", .serialized)
struct ForgottenKeysTests {
    private let alice = FixtureSigner.single(FixtureKey("alice"), .direct)
    private let code = Repository.contract("counter")

    private func transaction(
        _ chain: CountedChain, _ message: AnyMessage, gas: UInt64 = 500_000
    ) throws -> [UInt8] {
        let account = try #require(try chain.account(alice.address))
        var transaction = SignedTransaction(
            [message], by: [.init(alice, accountNumber: account.accountNumber, sequence: account.sequence)])
        transaction.fee.gasLimit = gas
        return transaction.bytes
    }

    private func epoch(_ chain: CountedChain) throws -> KeyEpoch {
        try KeyEpoch(protobuf: #require(try chain.state.value(of: RegisterStore.epochKey, in: StoreName.register)))
    }

    private func encryption(_ chain: CountedChain) throws -> ContractEncryption {
        ContractEncryption(
            privateKey: .random(),
            ioPublicKey: try #require(try RegistrationModule.exchangeKeys(on: chain.state)).input.bytes)
    }

    private func seeds(_ chain: CountedChain) throws -> NetworkSeeds {
        let record = try chain.sealedRecord
        let header = try SealedRecord.Header(of: record)
        let label = "network-record/\(try #require(header.oldestEpoch))"
        let key = try chain.platform.sealingKey(
            label: label, of: try #require(KeyOwner(rawValue: header.owner)), version: header.securityVersion)
        return try SealedRecord.open(record, sealingKey: key).takeSeeds()
    }

    @Test("nothing in a process's memory is a key of an epoch that is over, and those of the present one are there")
    func forgotten() throws {
        let chain = try CountedChain(rich: [(alice.address, 1_000_000_000)], epochs: (6, 2))
        let hash = Hexadecimal.encode(SHA256.hash(code).bytes)
        let store = ComputeMessage.storeCode(.init(sender: alice.address, code: code[...])).any
        #expect(try chain.run([transaction(chain, store, gas: 10_000_000)], counting: []).results.map(\.code) == [0])
        let input = try encryption(chain).seal(
            Array(#"{"count":1}"#.utf8), codeHash: hash, owner: (alice.address, SHA256.hash(code).bytes))
        let instantiate = ComputeMessage.instantiate(
            .init(sender: alice.address, codeID: 1, label: "counter", message: input)
        ).any
        #expect(try chain.run([transaction(chain, instantiate)], counting: []).results.map(\.code) == [0])
        let contract = ContractAddress.derive(codeID: 1, instanceID: 1, creator: alice.address)
        func call() throws {
            let input = try encryption(chain).seal(
                Array(#"{"increment":{}}"#.utf8), codeHash: hash, owner: (alice.address, contract.bytes))
            let execute = ComputeMessage.execute(
                .init(sender: alice.address, contract: contract, message: input, funds: [])
            ).any
            #expect(try chain.run([transaction(chain, execute)], counting: []).results.map(\.code) == [0])
        }
        try call()
        let identity = try #require(
            try chain.state.value(of: ComputeStore.identityKey(contract), in: StoreName.compute))
        let contractKey = try ContractKey(decoding: identity).original

        let scan = try MemoryScan()
        scan.add(try seeds(chain), contractKey)
        let before = try scan.found()
        #expect(before.network.allSatisfy { $0 > 0 }, "\(before), \(scan.looked)")
        while try epoch(chain).number < 2 { try call() }
        let after = try scan.found()
        #expect(after.network.allSatisfy { $0 == 0 } && after.contract.allSatisfy { $0 == 0 }, "\(after)")
        let present = try MemoryScan()
        present.add(try seeds(chain), contractKey)
        let there = try present.found()
        #expect(there.network.allSatisfy { $0 > 0 }, "\(there)")
    }
}

/// Looks for keys in all of this process's memory but where it keeps them itself.
private final class MemoryScan {
    private static let needlesMax = 64
    private static let chunkBytes = 1 << 20
    private static let needleBytes = 32

    private let region: UnsafeMutableRawPointer
    private let regionBytes = 3 << 20
    private var counts: [Int] = []
    private var networkCount = 0
    /// Bytes that were looked through, by whether the kernel maps them.
    private(set) var looked = [true: 0, false: 0]

    init() throws {
        region = mmap(nil, regionBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        try #require(region != MAP_FAILED)
    }

    deinit { munmap(region, regionBytes) }

    /// The seed, what comes of it for the network, and for one contract, as AES holds it: by halves.
    func add(_ seeds: borrowing NetworkSeeds, _ contractKey: [UInt8]) {
        add(seeds.present)
        for order in [UInt32(2), 3, 5] { add(KeyDerivation.seedKey(seeds.present, order: order)) }
        networkCount = counts.count
        let material = KeyDerivation.derive(KeyDerivation.seedKey(seeds.present, order: 3), contractKey)
        let key = KeyDerivation.expand(material, info: Array("cloister/state/value".utf8))
        add(material)
        add(key)
        add(key, from: 0, count: 16)
        add(key, from: 16, count: 16)
    }

    private func add(_ key: borrowing SecretKey, from start: Int = 0, count: Int = 32) {
        precondition(counts.count < Self.needlesMax)
        key.withUnsafeBytes {
            (region + counts.count * Self.needleBytes).copyMemory(from: $0.baseAddress! + start, byteCount: count)
        }
        counts.append(count)
    }

    /// How often each is there.
    func found() throws -> (network: [Int], contract: [Int]) {
        var found = [Int](repeating: 0, count: counts.count)
        let memory = open("/proc/self/mem", O_RDONLY)
        try #require(memory >= 0)
        defer { close(memory) }
        let buffer = region + (1 << 20)
        let maps = try Self.maps()
        let own = UInt(bitPattern: region)..<UInt(bitPattern: region) + UInt(regionBytes)
        for line in maps.split(separator: "\n") {
            let parts = line.split(separator: " ", omittingEmptySubsequences: true)
            let bounds = parts[0].split(separator: "-").compactMap { UInt($0, radix: 16) }
            // A file that is only read was written by nobody here.
            guard parts[1].hasPrefix("r"), parts[1].contains("w") || parts[4] == "0" else { continue }
            let isHidden = line.contains("secretmem")
            var place = bounds[0]
            while place < bounds[1] {
                if own.contains(place) {
                    place = own.upperBound
                    continue
                }
                let end = min(bounds[1], place < own.lowerBound ? max(own.lowerBound, place + 1) : bounds[1])
                let wanted = Int(min(UInt(Self.chunkBytes), end - place))
                // The kernel itself does not read what it hides (`SecretPages`); whoever has it mapped does.
                let count =
                    isHidden
                    ? Self.copy(place, to: buffer, wanted) : pread(memory, buffer, wanted, off_t(place))
                guard count > 0 else { break }
                looked[!isHidden, default: 0] += count
                for (index, bytes) in counts.enumerated() {
                    found[index] += Self.count(buffer, count, region + index * Self.needleBytes, bytes)
                }
                memset(buffer, 0, count)
                // What lies across the border of two chunks is in one of them, too.
                place += count < wanted || place + UInt(count) >= bounds[1] ? UInt(count) : UInt(count - 31)
            }
        }
        return (Array(found[..<networkCount]), Array(found[networkCount...]))
    }

    /// All of the file, which the kernel gives out in parts.
    private static func maps() throws -> String {
        let file = open("/proc/self/maps", O_RDONLY)
        try #require(file >= 0)
        defer { close(file) }
        var (text, part) = ([UInt8](), [UInt8](repeating: 0, count: 1 << 16))
        while case let count = read(file, &part, part.count), count > 0 { text += part[..<count] }
        return String(decoding: text, as: UTF8.self)
    }

    private static func copy(_ place: UInt, to buffer: UnsafeMutableRawPointer, _ count: Int) -> Int {
        guard let start = UnsafeRawPointer(bitPattern: place) else { return 0 }
        buffer.copyMemory(from: start, byteCount: count)
        return count
    }

    private static func count(
        _ start: UnsafeMutableRawPointer, _ count: Int, _ needle: UnsafeMutableRawPointer, _ bytes: Int
    ) -> Int {
        let first = Int32(needle.load(as: UInt8.self))
        var (rest, left, found) = (start, count, 0)
        while left >= bytes, let place = memchr(rest, first, left - bytes + 1) {
            if memcmp(place, needle, bytes) == 0 { found += 1 }
            left -= place - rest + 1
            rest = place + 1
        }
        return found
    }
}
