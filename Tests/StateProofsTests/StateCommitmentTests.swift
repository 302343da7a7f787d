import ChainFormats
import PublicCryptography
import StateKit
import StateProofs
import TestSupport
import Testing
import Wire

@Suite("Commitments and ICS 23 proofs")
struct StateCommitmentTests {
    /// `ics23/testdata`: published proofs of other implementations.
    private struct Vector {
        var key: String
        var value: String
        var root: String
        var proof: String
    }

    private let smtLeft = Vector(
        key: "4445687a30613576355036616536514c376d6445",
        value: "76616c75655f666f725f4445687a30613576355036616536514c376d6445",
        root: "432d73b49019d8df5c7e38fd93288d0240a62a3c010e7217a4a74f5885c391d5",
        proof: """
            0adb030a144445687a30613576355036616536514c376d6445121e76616c75655f666f725f4445687a30613576355036616536514c37\
            6d64451a090801100118012a0100222708011201011a20bc79ee59a60c4f08cc0216a5f64d39f871cd730b6983079429e91d9bcd57d4\
            70222708011201011a206732b1eaa2cf07fbc94599aecc2df057d8efb0ccd775d86b6ea176bfaad367ad222708011201011a203112ff\
            ea611a3ef030f5ed8dafb8bcaf8e33bec16fff9027b1a0c718136de2d3222708011201011a20480983a2541b5527e1b5607e32f0597b\
            12204d4973b5d9b498d1ff2a2350352b222708011201011a2097058f1bf50e2b47ad129fdaf2dfd53f88f81467dad54dabfcf0fbe833\
            0c4e4c222708011201011a2008f6f1e45958b4780e1e0f7791315d44355eba4e519e2fb25c3dc48627a59a45222708011201011a20bb\
            4f607cb62f20e673fdfad3e40a8b596db50dc7c34e65aba74eec37f791e886222708011201011a20fe97c3211b6a7eb3d859e754b373\
            e89897a54f74244f0a84defc1df2a203dfd8222708011201011a202cab93bf9b91d25010972968d69b47ca9dfd5b4cea0c71310e0adc\
            ed33acb19d222708011201011a2069ca519f1f2528c971a930cdd00b65c41762e8510ce3d4a998d4ad8ccf598984
            """)

    private let smtAbsentMiddle = Vector(
        key: "364e58393178705248554d796e514c465332ffff",
        value: "",
        root: "771301eae8764c6147399a9944dd4454e865db8bc33e60f22bebea1c9bf7021e",
        proof: """
            12bd080a20ba46e91ed56ac7bea290f31a5b5492090243f111a536c49f589e978f2d3ee8df12a8030a14676e4e34356d523268313674\
            67786a646f38544e121e76616c75655f666f725f676e4e34356d52326831367467786a646f38544e1a090801100118012a0100222708\
            011201011a20d9948e386372dc85899e1890e988d8e47677c0bc211c65b55b5f70134dc15b0f222708011201011a201c2caf7504cfca\
            30f253fce9c82051c3dd167058b0e22d840f4d90d0a0b2a9f7222508011221012db282d912c7d3f1dfd2750db451ad6e8176abddef45\
            eb41fe1830c8789c1700222708011201011a200bd4fd01f2784fc637cc886ec0db6c4465cd4b4c8eb7266aaf84e0127740af2c222508\
            011221018bf18f4ddf61ff31cb450737f6cf733d53d40f99bc3da526071755c37cc08ee1222508011221017bc720cf72271f5ac20af7\
            962453209d5278965672e2cfebe5135bf85187681222250801122101f8500cdcf5ae664bdefce1221c42a69cf057b071e34a0ab94652\
            6525d6f3bc4d222708011201011a2027e93aecb0ea7d88fc13ce568017187ee5f07361f4d90e03866fb7f3f37a396622250801122101\
            346d7d14c3a5521852f37261f20e91af45c5c0f772c13917b67d6eb6be9171ea1aed040a147252507a47715765774a6d6a38706b4345\
            327464121e76616c75655f666f725f7252507a47715765774a6d6a38706b43453274641a090801100118012a0100222708011201011a\
            2003414f6402648178d0e76d39250d2e4cee54ec1f16e451cb602756a0a3044507222508011221010000000000000000000000000000\
            000000000000000000000000000000000000222508011221010000000000000000000000000000000000000000000000000000000000\
            000000222708011201011a20000000000000000000000000000000000000000000000000000000000000000022250801122101000000\
            000000000000000000000000000000000000000000000000000000000022250801122101f18e35df2f213a21db25d856f3532afb9b1f\
            7f47073f6f009507ddacd6d7457c222708011201011a201c2caf7504cfca30f253fce9c82051c3dd167058b0e22d840f4d90d0a0b2a9\
            f7222508011221012db282d912c7d3f1dfd2750db451ad6e8176abddef45eb41fe1830c8789c1700222708011201011a200bd4fd01f2\
            784fc637cc886ec0db6c4465cd4b4c8eb7266aaf84e0127740af2c222508011221018bf18f4ddf61ff31cb450737f6cf733d53d40f99\
            bc3da526071755c37cc08ee1222508011221017bc720cf72271f5ac20af7962453209d5278965672e2cfebe5135bf851876812222508\
            01122101f8500cdcf5ae664bdefce1221c42a69cf057b071e34a0ab946526525d6f3bc4d222708011201011a2027e93aecb0ea7d88fc\
            13ce568017187ee5f07361f4d90e03866fb7f3f37a396622250801122101346d7d14c3a5521852f37261f20e91af45c5c0f772c13917\
            b67d6eb6be9171ea
            """)

    private let smtAbsentRight = Vector(
        key: "68316d656864356a774f646f4f4264613530684e",
        value: "",
        root: "7bfe3d7630eb1f47be11d1724abad7a1b5de70c7131e7ed8ed60d9656ea49886",
        proof: """
            12ba040a20ffffedc8e4ee7f13c9892bf6277cdd60e4e8fad77abb37ca4f3b888a63b60df41295040a146b63395874466e5a4645784d\
            416f4b6f37566c5a121e76616c75655f666f725f6b63395874466e5a4645784d416f4b6f37566c5a1a090801100118012a0100222508\
            01122101b76263b0c4e8438e81f21cdbff1e21b894a3c0e4ea08a0deab7c1de3292cd16a222508011221010000000000000000000000\
            000000000000000000000000000000000000000000222508011221013ae2d90a118dd6f8a42f4006817e777f22540e921df1d97ed334\
            a8b9de92c6cd2225080112210156a62a015a84af9a33ca716f52ed414382bed27a70b00391f15a5471f94443d32225080112210144c4\
            8bf2a802195fba5164a7a6c171a9af7a114c7880136108a5544d82fbacba22250801122101354656582d1a82da7965901b2035596704\
            419e5d238def48fdc03950624ee5182225080112210123ea47d69d737db4713327399685b2b15fc605d8b9fc63dad042cc7e2ca86b88\
            222508011221010f0393085c3dd349cc0f45cb559fae81a1c4f24231afcb2b5ae51fd89262149322250801122101c5c632712f2341f6\
            a31c3db7420c52c8d34df31704ce55856377cd9f23226469222508011221019209817b26ad0a91845bcbbd42453be5a6ba6f1c47e462\
            014d6de896feede6522225080112210146446f4723153a265d03a7a20f4b906738d1af822434e77189134f45f2b2a80f222508011221\
            01680acaa83722e275ea78c80914940c67efd48e5da6b331c821aaa2eb0ae184ed
            """)

    private let tendermintLeft = Vector(
        key: "303142424373615a55715146735259436c6a5767",
        value: "76616c75655f666f725f303142424373615a55715146735259436c6a5767",
        root: "c569a38a5775bbda2051c34ae00894186f837c39d11dca55495b9aed14f17ddf",
        proof: """
            0adb030a14303142424373615a55715146735259436c6a5767121e76616c75655f666f725f303142424373615a55715146735259436c\
            6a57671a090801180120012a0100222708011201011a20cb3131cd98b069efcc0e8c7e68da47370adbff32266d7fcd1b0580fdf39612\
            66222708011201011a2021d1205c1f8537205e8fb4b176f960b459d9131669968d59c456442f7673b68b222708011201011a20b82a0e\
            7f4434b3cedb87ea83eb5a70c7dc664c77b2fe21c6245f315e58fdf745222708011201011a20bf0657a0e6fbd8f2043eb2cf751561ad\
            cf50547d16201224133eeb8d38145229222708011201011a206d47c03df91a4a0252055d116439d34b5b73f3a24d5cb3cf0d4b08caa5\
            40cac4222708011201011a20d5d2926993fa15c7410ac4ee1f1d81afddfb0ab5f6f4706b05f407bc01638149222708011201011a2054\
            0719b26a7301ad012ac45ebe716679e5595e5570d78be9b6da8d8591afb374222708011201011a20fccaaa9950730e80b9ccf75ad2cf\
            eab26ae750b8bd6ac1ff1c7a7502f3c64be2222708011201011a20ecb61a6d70accb79c2325fb0b51677ed1561c91af5e10578c82940\
            02fbb3c21e222708011201011a201b3bc1bd8d08af9f6199de84e95d646570cbd9b306a632a5acf617cbd7d1ab0a
            """)

    @Test("published existence proofs hold and are encoded again to the same bytes")
    func publishedExistence() throws {
        for (vector, specification) in [
            (smtLeft, CommitmentProof.Specification.sparse), (tendermintLeft, .tendermint),
        ] {
            let proof = try CommitmentProof(decoding: hexadecimal(vector.proof), specification)
            #expect(
                proof.proves(
                    hexadecimal(vector.value), under: hexadecimal(vector.key), root: hash32(vector.root), specification)
            )
            #expect(!proof.proves([1], under: hexadecimal(vector.key), root: hash32(vector.root), specification))
            #expect(
                !proof.proves(hexadecimal(vector.value), under: hexadecimal(vector.key), root: .zero, specification))
            #expect(proof.encoded(specification) == hexadecimal(vector.proof))
            let other: CommitmentProof.Specification = specification == .sparse ? .tendermint : .sparse
            #expect(throws: ProtobufError.self) { try CommitmentProof(decoding: hexadecimal(vector.proof), other) }
        }
    }

    @Test("published absence proofs hold for their key and no other")
    func publishedAbsence() throws {
        for vector in [smtAbsentMiddle, smtAbsentRight] {
            let proof = try CommitmentProof(decoding: hexadecimal(vector.proof), .sparse)
            #expect(proof.provesAbsence(of: hexadecimal(vector.key), root: hash32(vector.root)))
            #expect(!proof.provesAbsence(of: hexadecimal(vector.key), root: .zero))
            #expect(!proof.provesAbsence(of: hexadecimal(smtLeft.key), root: hash32(vector.root)))
            #expect(proof.encoded(.sparse) == hexadecimal(vector.proof))
        }
    }

    @Test("absence needs neighbours: with a leaf between the two, or one side alone, nothing is proved")
    func neighbours() {
        let keys = (0..<30).map { [UInt8($0)] }.sorted { SHA256.hash($0) < SHA256.hash($1) }
        let present = keys.enumerated().filter { $0.offset % 3 != 1 }.map(\.element)
        let tree = ReferenceTree(Dictionary(uniqueKeysWithValues: present.map { ($0, [9]) }))
        func leaf(_ key: [UInt8]) -> CommitmentProof.Existence {
            CommitmentProof.Existence(key: key, value: [9], path: tree.steps(to: key))
        }
        for index in stride(from: 1, to: 29, by: 3) {
            let (left, right) = (leaf(keys[index - 1]), leaf(keys[index + 1]))
            func proves(_ left: CommitmentProof.Existence?, _ right: CommitmentProof.Existence?) -> Bool {
                CommitmentProof.absence(.init(key: keys[index], left: left, right: right))
                    .provesAbsence(of: keys[index], root: tree.root)
            }
            #expect(proves(left, right))
            #expect(!proves(right, left))
            #expect(!proves(left, nil))
            #expect(!proves(nil, right))
            if index + 2 < keys.count { #expect(!proves(left, leaf(keys[index + 2]))) }
        }
        #expect(
            !CommitmentProof.absence(.init(key: keys[3], left: leaf(keys[2]), right: leaf(keys[5])))
                .provesAbsence(of: keys[3], root: tree.root))
    }

    @Test("the application hash is CometBFT's tree over length-prefixed names and hashed roots")
    func applicationHash() throws {
        let roots = StoreName.all.map { (name: $0, root: SHA256.hash(Array($0.utf8))) }
        let commitment = try #require(StoreCommitment(roots))
        func leaf(_ index: Int) -> Hash32 {
            let name = Array(StoreName.all[index].utf8)
            return SHA256.hash(
                [0] + [UInt8(name.count)] + name + [32] + SHA256.hash(roots[index].root.bytes).bytes)
        }
        let left = SHA256.hash(prefix: 1, leaf(0), leaf(1))
        let right = SHA256.hash(prefix: 1, leaf(2), leaf(3))
        #expect(commitment.applicationHash == SHA256.hash(prefix: 1, left, right))
    }

    @Test("a store's root is proved under the application hash for any number of stores", arguments: 1...6)
    func storeProofs(count: Int) throws {
        let names = ["acc", "bank", "compute", "gov", "register", "staking"].prefix(count)
        let commitment = try #require(
            StoreCommitment(names.map { (name: $0, root: SHA256.hash(Array($0.utf8))) }))
        for name in names {
            let proof = try #require(commitment.proof(of: name))
            let decoded = try CommitmentProof(
                decoding: CommitmentProof.existence(proof).encoded(.tendermint), .tendermint)
            let root = try #require(commitment.root(of: name))
            #expect(decoded.proves(root.bytes, under: Array(name.utf8), root: commitment.applicationHash, .tendermint))
            #expect(
                !decoded.proves(
                    Hash32.zero.bytes, under: Array(name.utf8), root: commitment.applicationHash, .tendermint))
        }
        #expect(commitment.proof(of: "other") == nil)
    }

    @Test("stores out of order, twice, or without a name are no commitment")
    func illegalStores() {
        #expect(StoreCommitment([(name: "bank", root: .zero), (name: "acc", root: .zero)]) == nil)
        #expect(StoreCommitment([(name: "acc", root: .zero), (name: "acc", root: .zero)]) == nil)
        #expect(StoreCommitment([(name: "", root: .zero)]) == nil)
        #expect(StoreCommitment([StoreCommitment.Store]()) == nil)
    }
}
