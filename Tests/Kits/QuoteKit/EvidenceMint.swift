import Attestation
import CLibCrypto
import PublicCryptography
import Wire

/// A maker of simulated machines: root, authority, signer of collateral, one platform and its attestation key. Mints
/// quotes of every version and kind, and collateral, in the layouts of Intel's; what a test wants wrong is set before.
///
/// With `isMarked` false nothing says that the evidence is simulated, as a maker of hardware would have it.
package struct EvidenceMint: Sendable {
    package struct Level: Sendable {
        package var components: [UInt8]
        package var domainComponents = [UInt8](repeating: 0, count: 16)
        package var version: UInt16
        package var status: String
        package var advisories: [String] = []
        package var date: Int64

        package init(
            components: [UInt8], version: UInt16, status: String = "UpToDate", advisories: [String] = [], date: Int64
        ) {
            (self.components, self.version, self.status) = (components, version, status)
            (self.advisories, self.date) = (advisories, date)
        }
    }

    package enum Party: Int, Sendable { case root, authority, signer, platform, attestation }

    package static let day: Int64 = 86_400
    package static let now: Int64 = 1_790_000_000

    private let keys: [SigningKey]
    package var isMarked = true
    package var kind = TrustedExecution.sgx
    package var version: UInt16 = 3
    package var isExtendedDomain = false

    // Certificates and lists.
    package var certified = EvidenceMint.now - day...EvidenceMint.now + 365 * day
    package var platformCertified: ClosedRange<Int64>?
    package var listed = EvidenceMint.now - day...EvidenceMint.now + 30 * day
    package var revokedByRoot: [Party] = []
    package var revokedByAuthority: [Party] = []
    package var authoritySignsLists = true
    package var listSigner: Party?
    package var hasCriticalListExtension = false
    package var signerIsAuthority = false
    /// A place of every certificate that has something more behind what belongs there.
    package enum Surplus: Sendable, CaseIterable {
        case dates, constraints, usage, extensionEntry, extensions, signature
    }
    package var surplus: Surplus?
    /// Key usage of authorities and of others, as a bit string.
    package var usages: (authority: [UInt8]?, other: [UInt8]?) = (nil, nil)
    /// Extensions of the platform's certificate that say nothing.
    package var idleExtensions = 0
    package var idleContentBytes = 0
    /// Whether certificates say what their keys are for.
    package var saysUsage = true
    package var datesReversed = false
    package var quotingEnclaveIdentityVersion = 2

    // The machine.
    package var components: [UInt8] = [7, 9, 3, 3, 255, 255, 1] + [UInt8](repeating: 0, count: 9)
    package var provisioningVersion: UInt16 = 13
    package var family: [UInt8] = [0x53, 0x49, 0x4d, 0, 0, 1]
    package var configuration: [Bool]? = [false, false, false]

    // Collateral.
    package var issued = EvidenceMint.now - 3_600
    package var nextUpdate = EvidenceMint.now + 29 * day
    package var evaluationNumbers: (platform: UInt32, quotingEnclave: UInt32) = (17, 17)
    package var collateralFamily: [UInt8]?
    package var collateralID: String?
    package var collateralVersion: UInt8 = 3
    package var quotingEnclaveID: String?
    package var quotingEnclaveProduct: UInt16?
    package var levels: [Level]
    package var quotingEnclaveDate = EvidenceMint.now - 3_600
    package var quotingEnclaveLevels: [(version: UInt16, status: String, advisories: [String])] = [
        (8, "UpToDate", [])
    ]
    package var moduleSigner = [UInt8](repeating: 0, count: 48)
    package var moduleLevels: [(version: UInt16, status: String)]? = [(3, "UpToDate")]
    package var signsWithRoot = false

    // Who is quoted.
    package var measurement = SHA256.hash(Array("an enclave".utf8))
    package var attributes: UInt64 = 5
    /// The last byte of CONFIGID.
    package var configurationEnd: UInt8 = 0
    package var domainAttributes: UInt64 = 1 << 28
    package var domainVersions: [UInt8] = [5, 1, 2] + [UInt8](repeating: 0, count: 13)
    /// Only in version 5 of quotes; what it started with, if it is not said.
    package var currentDomainVersions: [UInt8]?
    package var serviceDomain = [UInt8](repeating: 0, count: 48)
    package var quotingEnclaveVersion: UInt16 = 8
    package var reportData = (0..<64).map { UInt8($0) }

    package init() {
        keys = (0..<5).map { _ in SigningKey() }
        levels = [Level(components: components, version: 13, date: EvidenceMint.now - 400 * EvidenceMint.day)]
        levels[0].domainComponents = [5, 1, 2] + [UInt8](repeating: 0, count: 13)
    }

    // MARK: - Certificates

    private func key(_ party: Party) -> SigningKey { keys[party.rawValue] }

    private func name(_ party: Party) -> [UInt8] {
        let names = ["Root CA", "PCK Platform CA", "TCB Signing", "PCK Certificate", ""]
        func attribute(_ number: UInt8, _ tag: UInt8, _ text: String) -> [UInt8] {
            DER.wrap(0x31, DER.sequence(DER.wrap(6, [0x55, 0x04, number]) + DER.wrap(tag, Array(text.utf8))))
        }
        return DER.sequence(
            attribute(3, 0x0c, "Simulated SGX " + names[party.rawValue])
                + attribute(10, 0x0c, isMarked ? "SIMULATION - NOT INTEL" : "A maker")
                + attribute(6, 0x13, "ZZ"))
    }

    private func serial(_ party: Party) -> [UInt8] { [0x40 + UInt8(party.rawValue), 0x80, 1] }

    package func certificate(_ party: Party) -> [UInt8] {
        let isAuthority = party == .root || party == .authority || party == .signer && signerIsAuthority
        let issuer: Party = party == .platform ? .authority : .root
        let dates = party == .platform ? platformCertified ?? certified : certified
        var constraints = [UInt8]()
        if isAuthority { constraints = DER.wrap(1, [0xff]) + DER.wrap(2, [party == .root ? 1 : 0]) }
        let listBit: UInt8 = party == .authority && !authoritySignsLists ? 0 : 0x02
        let usage =
            isAuthority
            ? usages.authority ?? [listBit == 0 ? 2 : 1, 0x04 | listBit] : usages.other ?? [6, 0xc0]
        func more(_ place: Surplus) -> [UInt8] { surplus == place ? [5, 0] : [] }
        var extensions =
            DER.extension(
                [0x55, 0x1d, 0x13], isCritical: true,
                DER.sequence(constraints + (isAuthority ? more(.constraints) : [])))
            + (saysUsage
                ? DER.extension([0x55, 0x1d, 0x0f], isCritical: true, DER.wrap(3, usage) + more(.usage)) : [])
        if party == .platform {
            extensions += DER.extension(DER.machine, isCritical: false, machine())
            for number in 0..<UInt8(idleExtensions) {
                extensions += DER.extension(
                    [9, number], isCritical: false, [UInt8](repeating: 0, count: idleContentBytes))
            }
        }
        if surplus == .extensionEntry {
            extensions += DER.sequence(DER.wrap(6, [9, 99]) + DER.wrap(4, []) + more(.extensionEntry))
        }
        let signed = key(issuer).sign(
            DER.wrap(0xa0, [2, 1, 2]) + DER.wrap(2, serial(party)) + DER.algorithm + name(issuer)
                + DER.sequence(
                    datesReversed
                        ? DER.time(dates.upperBound) + DER.time(dates.lowerBound)
                        : DER.time(dates.lowerBound) + DER.time(dates.upperBound) + more(.dates)) + name(party)
                + key(party).publicKeyInfo + DER.wrap(0xa3, DER.sequence(extensions) + more(.extensions)))
        return signed + more(.signature)
    }

    private func machine() -> [UInt8] {
        var versions = [UInt8]()
        for (index, component) in components.enumerated() {
            versions += DER.pair([2, UInt8(index + 1)], DER.integer(UInt16(component)))
        }
        versions += DER.pair([2, 17], DER.integer(provisioningVersion)) + DER.pair([2, 18], DER.wrap(4, components))
        var parts =
            DER.pair([1], DER.wrap(4, [UInt8](repeating: 7, count: 16))) + DER.pair([2], DER.sequence(versions))
            + DER.pair([3], DER.wrap(4, [0, 0])) + DER.pair([4], DER.wrap(4, family))
            + DER.pair([5], DER.wrap(10, [1]))
        if let configuration {
            var flags = [UInt8]()
            for (index, flag) in configuration.enumerated() {
                flags += DER.pair([7, UInt8(index + 1)], DER.wrap(1, [flag ? 0xff : 0]))
            }
            parts += DER.pair([6], DER.wrap(4, [UInt8](repeating: 9, count: 16)))
            parts += DER.pair([7], DER.sequence(flags))
        }
        return DER.sequence(parts)
    }

    private func list(_ issuer: Party, revoking revoked: [Party]) -> [UInt8] {
        var entries = revoked.flatMap { DER.sequence(DER.wrap(2, serial($0)) + DER.time(listed.lowerBound)) }
        if !entries.isEmpty { entries = DER.sequence(entries) }
        let extensions = DER.extension([0x55, 0x1d, 0x14], isCritical: hasCriticalListExtension, DER.integer(1))
        return key(listSigner ?? issuer).sign(
            [2, 1, 1] + DER.algorithm + name(issuer) + DER.time(listed.lowerBound) + DER.time(listed.upperBound)
                + entries + DER.wrap(0xa0, DER.sequence(extensions)))
    }

    // MARK: - Collateral

    package var root: TrustRoot { root(isMarked ? .simulated : .hardware) }

    /// By its key: the certificate is signed anew with each quote.
    package func root(_ kind: TrustRoot.Kind) -> TrustRoot {
        TrustRoot(name: "minted", kind: kind, publicKeyInfoHash: SHA256.hash(key(.root).publicKeyInfo))
    }

    package func collateral() -> Collateral {
        Collateral(
            rootList: list(.root, revoking: revokedByRoot),
            platformList: list(.authority, revoking: revokedByAuthority),
            levels: signed(platformText), quotingEnclave: signed(quotingEnclaveText))
    }

    package func signed(_ text: String) -> SignedText {
        var signed = SignedText()
        signed.text = Array(text.utf8)
        signed.signature = key(signsWithRoot ? .root : .signer).signature(over: signed.text)
        signed.signer = certificate(.signer)
        return signed
    }

    private func dates(_ evaluationNumber: UInt32) -> String {
        """
        "issueDate":"\(EvidenceMint.text(issued))","nextUpdate":"\(EvidenceMint.text(nextUpdate))",\
        "tcbEvaluationDataNumber":\(evaluationNumber)
        """
    }

    private static func text(_ seconds: Int64) -> String { Timestamp(seconds: seconds, nanoseconds: 0)!.description }

    private static func texts(_ values: [String]) -> String {
        "[" + values.map { "\"\($0)\"" }.joined(separator: ",") + "]"
    }

    private static func versions(_ values: [UInt8]) -> String {
        "[" + values.map { "{\"svn\":\($0)}" }.joined(separator: ",") + "]"
    }

    package var platformText: String {
        let rows = levels.map { level in
            var tcb = "\"pcesvn\":\(level.version)"
            if collateralVersion == 2 {
                for (index, component) in level.components.enumerated() {
                    tcb += ",\"sgxtcbcomp\(index < 9 ? "0" : "")\(index + 1)svn\":\(component)"
                }
            } else {
                tcb += ",\"sgxtcbcomponents\":" + EvidenceMint.versions(level.components)
                if kind == .tdx { tcb += ",\"tdxtcbcomponents\":" + EvidenceMint.versions(level.domainComponents) }
            }
            return """
                {"tcb":{\(tcb)},"tcbDate":"\(EvidenceMint.text(level.date))","tcbStatus":"\(level.status)",\
                "advisoryIDs":\(EvidenceMint.texts(level.advisories))}
                """
        }
        var modules = ""
        if kind == .tdx {
            let module = """
                "mrsigner":"\(Hexadecimal.encode(moduleSigner))","attributes":"0000000000000000",\
                "attributesMask":"FFFFFFFFFFFFFFFF"
                """
            modules = ",\"tdxModule\":{\(module)}"
            if let moduleLevels {
                let rows = moduleLevels.map { level in
                    """
                    {"tcb":{"isvsvn":\(level.version)},"tcbDate":"\(EvidenceMint.text(issued))",\
                    "tcbStatus":"\(level.status)"}
                    """
                }
                modules += ",\"tdxModuleIdentities\":[{\"id\":\"TDX_01\",\(module),\"tcbLevels\":"
                modules += "[\(rows.joined(separator: ","))]}]"
            }
        }
        let id = collateralID ?? (kind == .sgx ? "SGX" : "TDX")
        return """
            {\(collateralVersion == 2 ? "" : "\"id\":\"\(id)\",")"version":\(collateralVersion),\
            \(dates(evaluationNumbers.platform)),"fmspc":"\(Hexadecimal.encode(collateralFamily ?? family))",\
            "pceId":"0000","tcbType":0,"tcbLevels":[\(rows.joined(separator: ","))]\(modules)}
            """
    }

    package var quotingEnclaveText: String {
        let rows = quotingEnclaveLevels.map { level in
            """
            {"tcb":{"isvsvn":\(level.version)},"tcbDate":"\(EvidenceMint.text(quotingEnclaveDate))","tcbStatus":"\(level.status)",\
            "advisoryIDs":\(EvidenceMint.texts(level.advisories))}
            """
        }
        return """
            {"id":"\(quotingEnclaveID ?? (kind == .sgx ? "QE" : "TD_QE"))","version":\(quotingEnclaveIdentityVersion),\
            \(dates(evaluationNumbers.quotingEnclave)),"miscselect":"00000000","miscselectMask":"FFFFFFFF",\
            "attributes":"11000000000000000000000000000000","attributesMask":"FBFFFFFFFFFFFFFF0000000000000000",\
            "mrsigner":"\(quotingEnclaveSigner.description)","isvprodid":\(quotingEnclaveProduct ?? product),\
            "tcbLevels":[\(rows.joined(separator: ","))]}
            """
    }

    private var quotingEnclaveSigner: Hash32 { SHA256.hash(Array((isMarked ? "sim-qe-signer" : "a signer").utf8)) }
    private var product: UInt16 { kind == .sgx ? 1 : 2 }

    // MARK: - Quotes

    private func report(
        attributes: UInt64, measurement: Hash32, signer: Hash32, product: UInt16, version: UInt16, data: [UInt8]
    ) -> [UInt8] {
        var bytes = components + EvidenceMint.zeros(32)
        bytes += EvidenceMint.number(attributes, 8) + EvidenceMint.number(0xe7, 8)
        bytes += measurement.bytes + EvidenceMint.zeros(32) + signer.bytes + EvidenceMint.zeros(32)
        bytes += EvidenceMint.zeros(63) + [configurationEnd]
        bytes += EvidenceMint.number(UInt64(product), 2) + EvidenceMint.number(UInt64(version), 2)
        return bytes + EvidenceMint.zeros(60) + data
    }

    private var domainReport: [UInt8] {
        var bytes = domainVersions + EvidenceMint.zeros(48) + EvidenceMint.zeros(48) + EvidenceMint.zeros(8)
        bytes += EvidenceMint.number(domainAttributes, 8) + EvidenceMint.number(0xe7, 8)
        for number in 1...UInt8(8) { bytes += [UInt8](repeating: number, count: 48) }
        return bytes + reportData + (isExtendedDomain ? (currentDomainVersions ?? domainVersions) + serviceDomain : [])
    }

    /// `changes` are made in header and body before they are signed.
    package func quote(changes: [(offset: Int, bytes: [UInt8])] = []) -> [UInt8] {
        var signed = EvidenceMint.number(UInt64(version), 2) + EvidenceMint.number(2, 2)
        signed += EvidenceMint.number(UInt64(kind.rawValue), 4) + EvidenceMint.zeros(4)
        signed += Hexadecimal.decode("939a7233f79c4ca9940a0db3957f0607")!
        signed += isMarked ? Array("SIMULATED-QUOTE-0001".utf8) : EvidenceMint.zeros(20)
        let body =
            kind == .tdx
            ? domainReport
            : report(
                attributes: attributes, measurement: measurement, signer: SHA256.hash(Array("sim-signer".utf8)),
                product: 1, version: 1, data: reportData)
        if version == 5 {
            signed += EvidenceMint.number(kind == .sgx ? 1 : isExtendedDomain ? 3 : 2, 2)
            signed += EvidenceMint.number(UInt64(body.count), 4)
        }
        signed += body
        for change in changes {
            signed.replaceSubrange(change.offset..<change.offset + change.bytes.count, with: change.bytes)
        }
        let attestationKey = Array(key(.attestation).publicKeyInfo.suffix(64))
        let authentication = (0..<32).map { UInt8($0) }
        let quotingEnclave = report(
            attributes: 0x15, measurement: SHA256.hash([1]), signer: quotingEnclaveSigner, product: product,
            version: quotingEnclaveVersion,
            data: SHA256.hash(attestationKey + authentication).bytes + EvidenceMint.zeros(32))
        let chain =
            [Party.platform, .authority, .root].map { EvidenceMint.pem(certificate($0)) }.joined() + "\0"
        var certification = quotingEnclave + key(.platform).signature(over: quotingEnclave)
        certification += EvidenceMint.number(32, 2) + authentication
        certification += EvidenceMint.number(5, 2) + EvidenceMint.number(UInt64(chain.utf8.count), 4) + chain.utf8
        if version > 3 {
            certification =
                EvidenceMint.number(6, 2) + EvidenceMint.number(UInt64(certification.count), 4) + certification
        }
        let rest = key(.attestation).signature(over: signed) + attestationKey + certification
        return signed + EvidenceMint.number(UInt64(rest.count), 4) + rest
    }

    private static func zeros(_ count: Int) -> [UInt8] { [UInt8](repeating: 0, count: count) }
    private static func number(_ value: UInt64, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> UInt64(8 * $0)) }
    }

    package static func pem(_ der: [UInt8]) -> String {
        var rest = Base64.encode(der)[...]
        var text = "-----BEGIN CERTIFICATE-----\n"
        while !rest.isEmpty {
            text += rest.prefix(64) + "\n"
            rest = rest.dropFirst(64)
        }
        return text + "-----END CERTIFICATE-----\n"
    }
}

/// What little DER a maker writes.
private enum DER {
    static let algorithm: [UInt8] = [0x30, 0x0a, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02]
    static let machine: [UInt8] = [0x2a, 0x86, 0x48, 0x86, 0xf8, 0x4d, 0x01, 0x0d, 0x01]

    static func wrap(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
        let count = content.count
        if count < 0x80 { return [tag, UInt8(count)] + content }
        if count < 0x100 { return [tag, 0x81, UInt8(count)] + content }
        return [tag, 0x82, UInt8(count >> 8), UInt8(count & 0xff)] + content
    }

    static func sequence(_ content: [UInt8]) -> [UInt8] { wrap(0x30, content) }

    static func integer(_ value: UInt16) -> [UInt8] {
        var digits = Array([UInt8(value >> 8), UInt8(value & 0xff)].drop { $0 == 0 })
        if digits.first.map({ $0 >= 0x80 }) ?? true { digits.insert(0, at: 0) }
        return wrap(2, digits)
    }

    static func pair(_ suffix: [UInt8], _ value: [UInt8]) -> [UInt8] { sequence(wrap(6, machine + suffix) + value) }

    static func `extension`(_ identifier: [UInt8], isCritical: Bool, _ content: [UInt8]) -> [UInt8] {
        sequence(wrap(6, identifier) + (isCritical ? wrap(1, [0xff]) : []) + wrap(4, content))
    }

    static func time(_ seconds: Int64) -> [UInt8] {
        let text = Timestamp(seconds: seconds, nanoseconds: 0)!.description.utf8
        return wrap(
            0x17,
            Array(
                text.filter { $0 != UInt8(ascii: "-") && $0 != UInt8(ascii: ":") && $0 != UInt8(ascii: "T") }.dropFirst(
                    2)))
    }
}

/// A P-256 key of libcrypto's.
private final class SigningKey: @unchecked Sendable {
    private let key: OpaquePointer
    /// SubjectPublicKeyInfo.
    let publicKeyInfo: [UInt8]

    init() {
        let context = EVP_PKEY_CTX_new_from_name(nil, "EC", nil)!
        defer { EVP_PKEY_CTX_free(context) }
        var made: OpaquePointer?
        guard EVP_PKEY_keygen_init(context) == 1, EVP_PKEY_CTX_set_group_name(context, "P-256") == 1,
            EVP_PKEY_generate(context, &made) == 1, let made
        else { fatalError("no key") }
        key = made
        var bytes: UnsafeMutablePointer<UInt8>?
        let count = i2d_PUBKEY(made, &bytes)
        publicKeyInfo = Array(UnsafeBufferPointer(start: bytes, count: Int(count)))
    }

    deinit { EVP_PKEY_free(key) }

    private func encodedSignature(over message: [UInt8]) -> [UInt8] {
        let context = EVP_MD_CTX_new()!
        defer { EVP_MD_CTX_free(context) }
        var signature = [UInt8](repeating: 0, count: 80)
        var count = signature.count
        guard EVP_DigestSignInit(context, nil, EVP_sha256(), nil, key) == 1,
            EVP_DigestSign(context, &signature, &count, message, message.count) == 1
        else { fatalError("no signature") }
        return Array(signature[..<count])
    }

    /// r || s.
    func signature(over message: [UInt8]) -> [UInt8] {
        var rest = encodedSignature(over: message).dropFirst(2)
        var numbers = [UInt8]()
        for _ in 0..<2 {
            let count = Int(rest[rest.startIndex + 1])
            let digits = rest.dropFirst(2).prefix(count).drop { $0 == 0 }
            numbers += [UInt8](repeating: 0, count: 32 - digits.count) + digits
            rest = rest.dropFirst(2 + count)
        }
        return numbers
    }

    /// `SEQUENCE { signed, algorithm, signature }` around `content`.
    func sign(_ content: [UInt8]) -> [UInt8] {
        let signed = DER.sequence(content)
        return DER.sequence(signed + DER.algorithm + DER.wrap(3, [0] + encodedSignature(over: signed)))
    }
}
