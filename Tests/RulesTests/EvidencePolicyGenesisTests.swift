import Attestation
import LedgerKit
import LedgerRecords
import ModuleKit
import PublicCryptography
import Registration
import StateProofs
import StrictJSON
import Testing
import Wire

@Suite("Genesis: the policy of evidence")
struct EvidencePolicyGenesisTests {
    private static let whole = #"""
        {"kinds":["sgx","tdx"],"root_kinds":["hardware"],"kinds_without_collateral":[],
         "statuses":["UpToDate","SWHardeningNeeded","ConfigurationAndSWHardeningNeeded"],"security_version_min":"7",
         "out_of_date_grace_seconds":"86400","refused_advisories":["INTEL-SA-00615"],"evaluation_number_min":"17",
         "refused_families":["000102030405"],"dynamic_platforms":false,"shared_cores":true,
         "signers":["SIGNER"],"product":"0","collateral_age_seconds_max":"2592000","families":["00606a000000"]}
        """#.replacing("SIGNER", with: String(repeating: "ab", count: 32))

    private func json(_ text: String) throws -> JSONValue {
        try JSONReader.parse(Array(text.utf8), limits: JSONLimits(bytesMax: 65_536))
    }

    private func policy(_ evidence: String) throws -> RegistrationPolicy {
        let text = #"{"register":{"params":{"measurements":[],"evidence":\#(evidence)}}}"#
        return try #require(try RegistrationPolicy(inGenesis: json(text)))
    }

    @Test("each member is read, becomes the record, and is written again as it was")
    func members() throws {
        let policy = try policy(Self.whole)
        let asked = policy.quotePolicy(at: 0)
        #expect(asked.kinds == [.sgx, .tdx] && asked.rootKinds == [.hardware] && asked.kindsWithoutCollateral == [])
        #expect(asked.statuses == [.upToDate, .hardeningNeeded, [.configurationNeeded, .hardeningNeeded]])
        #expect(asked.securityVersionMin == 7 && asked.outOfDateGraceSeconds == 86_400)
        #expect(asked.refusedAdvisories == ["INTEL-SA-00615"] && asked.evaluationNumberMin == 17)
        #expect(asked.refusedFamilies == [[0, 1, 2, 3, 4, 5]] && asked.families == [[0, 0x60, 0x6a, 0, 0, 0]])
        #expect(!asked.allowsDynamicPlatforms && asked.allowsSharedCores)
        #expect(asked.signers == [Hash32([UInt8](repeating: 0xab, count: 32))!] && asked.productID == 0)
        #expect(asked.collateralAgeSecondsMax == 2_592_000)
        #expect(try RegistrationPolicy(protobuf: policy.protobuf) == policy)
        let written = try #require(JSONValue(policy)["evidence"]?.object)
        let given = try #require(try json(Self.whole).object)
        #expect(written.count == given.count)
        for (name, value) in given { #expect(written.first { $0.0 == name }?.1 == value, "\(name)") }
    }

    @Test("genesis writes it as the record that enclaves read, and exports it")
    func imported() throws {
        let state = MemoryState()
        let module = RegistrationModule()
        let text = #"{"register":{"params":{"measurements":[],"evidence":\#(Self.whole)}}}"#
        try module.importGenesis(GenesisValue(json(text), at: "app_state")["register"], on: state)
        let record = try #require(state.value(of: RegisterStore.policyKey, in: StoreName.register))
        #expect(try RegistrationPolicy(protobuf: record) == policy(Self.whole))
        #expect(try module.brokenInvariants(in: state) == [])
    }

    @Test("what is left out is refused: an empty policy takes nothing, and none at all is another")
    func leftOut() throws {
        let empty = try policy("{}")
        #expect(
            empty.evidence != nil && empty.quotePolicy(at: 0).kinds == [] && empty.quotePolicy(at: 0).statuses == [])
        #expect(empty.quotePolicy(at: 0).rootKinds == [] && !empty.quotePolicy(at: 0).allowsSharedCores)
        #expect(try policy("null").evidence == nil)
    }

    @Test(
        "what no record can hold is refused, by the place where it stands",
        arguments: [
            (#"{"kinds":["sev"]}"#, "kinds[0]"), (#"{"kinds":"sgx"}"#, "kinds"),
            (#"{"statuses":["Fine"]}"#, "statuses[0]"),
            (#"{"root_kinds":["sgx"]}"#, "root_kinds[0]"), (#"{"signers":["ab"]}"#, "signers[0]"),
            (#"{"signers":[]}"#, "evidence"), (#"{"families":[]}"#, "evidence"),
            (#"{"families":["00"]}"#, "families[0]"),
            (#"{"refused_families":["0001020304"]}"#, "refused_families[0]"), (#"{"product":"65536"}"#, "product"),
            (#"{"product":"-1"}"#, "product"), (#"{"security_version_min":70000}"#, "security_version_min"),
            (#"{"evaluation_number_min":"x"}"#, "evaluation_number_min"),
            (#"{"collateral_age_seconds_max":"0"}"#, "evidence"), (#"{"dynamic_platforms":"no"}"#, "dynamic_platforms"),
            (#"{"out_of_date_grace_seconds":"9223372036854775808"}"#, "out_of_date_grace_seconds"),
            (#"{"refused_advisories":[""]}"#, "refused_advisories[0]"),
            (#"{"refused_advisories":["a b"]}"#, "refused_advisories[0]"),
            (#"{"kinds":["sgx","sgx","tdx"]}"#, "kinds"),
        ])
    func refused(evidence: String, place: String) {
        do {
            _ = try policy(evidence)
            Issue.record("\(evidence) was taken")
        } catch {
            #expect("\(error)".contains(place), "\(evidence): \(error)")
        }
    }
}
