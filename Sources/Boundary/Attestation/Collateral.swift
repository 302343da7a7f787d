import PublicCryptography
import StrictJSON
import Wire

/// What the maker publishes beside its certificates, bundled with a quote by whoever presents it. All of it is signed,
/// and none of it is believed before that is checked.
package struct Collateral: Equatable, Sendable, CanonicalMessage {
    package static let byteCountMax =
        2
        * (EvidenceLimits.revocationListBytesMax + EvidenceLimits.collateralTextBytesMax
            + EvidenceLimits.certificateBytesMax) + 256

    /// Lists of revoked certificates, in DER: the root's, and of the authority that certified the platform.
    package var rootList: [UInt8]
    package var platformList: [UInt8]
    /// TCB info: which versions of the machine are how good.
    package var levels: SignedText
    /// QE identity: which quoting enclaves are the maker's.
    package var quotingEnclave: SignedText

    package init(rootList: [UInt8], platformList: [UInt8], levels: SignedText, quotingEnclave: SignedText) {
        (self.rootList, self.platformList) = (rootList, platformList)
        (self.levels, self.quotingEnclave) = (levels, quotingEnclave)
    }

    package init(fields reader: inout ProtobufReader) throws(ProtobufError) {
        self.init(rootList: [], platformList: [], levels: SignedText(), quotingEnclave: SignedText())
        while let field = try reader.next() {
            switch field.number {
            case 1: rootList = try field.bytes(atMost: EvidenceLimits.revocationListBytesMax)
            case 2: platformList = try field.bytes(atMost: EvidenceLimits.revocationListBytesMax)
            case 3: levels = try field.message(SignedText.self)
            case 4: quotingEnclave = try field.message(SignedText.self)
            default: throw .notCanonical
            }
        }
    }

    package func write(to writer: inout ProtobufWriter) {
        writer.bytes(1, rootList)
        writer.bytes(2, platformList)
        writer.message(3, levels)
        writer.message(4, quotingEnclave)
    }
}

/// A JSON text, the signature over exactly its bytes, and the certificate of the key that made it.
package struct SignedText: Equatable, Sendable, CanonicalMessage {
    package var text: [UInt8] = []
    /// r || s.
    package var signature: [UInt8] = []
    /// In DER. Certified by the root itself.
    package var signer: [UInt8] = []

    package init() {}

    package init(fields reader: inout ProtobufReader) throws(ProtobufError) {
        while let field = try reader.next() {
            switch field.number {
            case 1: text = try field.bytes(atMost: EvidenceLimits.collateralTextBytesMax)
            case 2: signature = try field.bytes(atMost: 64)
            case 3: signer = try field.bytes(atMost: EvidenceLimits.certificateBytesMax)
            default: throw .notCanonical
            }
        }
    }

    package func write(to writer: inout ProtobufWriter) {
        writer.bytes(1, text)
        writer.bytes(2, signature)
        writer.bytes(3, signer)
    }

    /// What the text says, if a key that `root` certified has signed it.
    func fields(under root: Certificate, _ list: RevocationList, at time: Int64) throws(Refusal) -> CollateralFields {
        guard let signer = Certificate.read(signer), !signer.isAuthority else { throw .malformedCollateral }
        if let refusal = signer.refusal(under: root, below: 0, at: time) { throw refusal }
        guard !list.revokes(signer) else { throw .revokedCertificate }
        guard P256.verify(signature: signature, digest: SHA256.hash(text), publicKey: signer.publicKey) else {
            throw .wrongCollateralSignature
        }
        guard let fields = CollateralFields(text) else { throw .malformedCollateral }
        return fields
    }
}

/// Members of a JSON object by their names. Who signed it may have written more than is read.
package struct CollateralFields {
    private static let limits = JSONLimits(
        bytesMax: EvidenceLimits.collateralTextBytesMax, depthMax: 8, valuesMax: 16_384)
    private static let listMax = 64

    private let json: JSONValue

    package init?(_ text: [UInt8]) {
        guard let json = try? JSONReader.parse(text, limits: CollateralFields.limits), json.object != nil else {
            return nil
        }
        self.json = json
    }

    private init(_ json: JSONValue) { self.json = json }

    func has(_ name: String) -> Bool { json[name] != nil }

    func text(_ name: String) throws(Refusal) -> String {
        guard let text = json[name]?.string else { throw .malformedCollateral }
        return text
    }

    func number<Number: FixedWidthInteger>(_ name: String) throws(Refusal) -> Number {
        guard let number: Number = json[name]?.integer() else { throw .malformedCollateral }
        return number
    }

    func bytes(_ name: String, _ count: Int) throws(Refusal) -> [UInt8] {
        guard let bytes = Hexadecimal.decode(try text(name)), bytes.count == count else { throw .malformedCollateral }
        return bytes
    }

    func seconds(_ name: String) throws(Refusal) -> Int64 {
        guard let time = Timestamp(rfc3339: try text(name)) else { throw .malformedCollateral }
        return time.seconds
    }

    func member(_ name: String) throws(Refusal) -> CollateralFields {
        guard let member = json[name], member.object != nil else { throw .malformedCollateral }
        return CollateralFields(member)
    }

    func members(_ name: String) throws(Refusal) -> [CollateralFields] {
        guard let list = json[name]?.array, list.count <= CollateralFields.listMax,
            list.allSatisfy({ $0.object != nil })
        else { throw .malformedCollateral }
        return list.map { CollateralFields($0) }
    }

    func versions(_ name: String) throws(Refusal) -> [UInt8] {
        let versions = try members(name).map { member throws(Refusal) -> UInt8 in try member.number("svn") }
        guard versions.count == ProcessorFacts.componentCount else { throw .malformedCollateral }
        return versions
    }

    /// Ids of security advisories and of other documents, such as that a family is no longer serviced. They may be
    /// missing.
    func advisories() throws(Refusal) -> [String] {
        guard has("advisoryIDs") else { return [] }
        guard let list = json["advisoryIDs"]?.array, list.count <= CollateralFields.listMax else {
            throw .malformedCollateral
        }
        return try list.map { entry throws(Refusal) -> String in
            guard let text = entry.string, SecurityLevel.isAdvisory(text) else { throw .malformedCollateral }
            return text
        }
    }
}
