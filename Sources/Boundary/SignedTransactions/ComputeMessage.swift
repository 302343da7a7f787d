/// A message that the enclave runs: `secret.compute.v1beta1`, and the evidence of an enclave that wants to join,
/// `secret.registration.v1beta1`.
///
/// The fields for callbacks between contracts of other implementations are kept so that they can be refused: in a
/// transaction that a user signed they must be empty.
package enum ComputeMessage: Equatable, Sendable {
    case storeCode(StoreCode)
    case instantiate(InstantiateContract)
    case execute(ExecuteContract)
    case migrate(MigrateContract)
    case updateAdmin(UpdateAdmin)
    case clearAdmin(ClearAdmin)
    case authenticate(Authenticate)

    // Limits of Secret Network's protocol that host and enclave hold messages against: of a label in UTF-8, and of
    // code, as it travels and unpacked.
    package static let labelBytesMax = 512
    package static let codeBytesMax = 2 << 20
    package static let certificateBytesMax = 160 * 1024

    package struct StoreCode: Equatable, Sendable {
        package var sender: AccountAddress
        /// Wasm, possibly compressed with gzip.
        package var code: ArraySlice<UInt8>
        package var source: String
        package var builder: String

        package init(sender: AccountAddress, code: ArraySlice<UInt8>, source: String = "", builder: String = "") {
            (self.sender, self.code, self.source, self.builder) = (sender, code, source, builder)
        }
    }

    package struct InstantiateContract: Equatable, Sendable {
        package var sender: AccountAddress
        package var callbackCodeHash: String
        package var codeID: UInt64
        package var label: String
        /// Encrypted.
        package var message: [UInt8]
        package var funds: [Coin]
        package var callbackSignature: [UInt8]
        package var admin: AccountAddress?

        package init(
            sender: AccountAddress, codeID: UInt64, label: String, message: [UInt8], funds: [Coin] = [],
            admin: AccountAddress? = nil, callbackCodeHash: String = "", callbackSignature: [UInt8] = []
        ) {
            self.sender = sender
            self.codeID = codeID
            self.label = label
            self.message = message
            self.funds = funds
            self.admin = admin
            self.callbackCodeHash = callbackCodeHash
            self.callbackSignature = callbackSignature
        }
    }

    package struct ExecuteContract: Equatable, Sendable {
        package var sender: AccountAddress
        package var contract: AccountAddress
        /// Encrypted.
        package var message: [UInt8]
        package var callbackCodeHash: String
        package var funds: [Coin]
        package var callbackSignature: [UInt8]

        package init(
            sender: AccountAddress, contract: AccountAddress, message: [UInt8], funds: [Coin] = [],
            callbackCodeHash: String = "", callbackSignature: [UInt8] = []
        ) {
            self.sender = sender
            self.contract = contract
            self.message = message
            self.funds = funds
            self.callbackCodeHash = callbackCodeHash
            self.callbackSignature = callbackSignature
        }
    }

    package struct MigrateContract: Equatable, Sendable {
        package var sender: AccountAddress
        package var contract: AccountAddress
        package var codeID: UInt64
        /// Encrypted.
        package var message: [UInt8]
        package var callbackSignature: [UInt8]
        package var callbackCodeHash: String

        package init(
            sender: AccountAddress, contract: AccountAddress, codeID: UInt64, message: [UInt8],
            callbackCodeHash: String = "", callbackSignature: [UInt8] = []
        ) {
            self.sender = sender
            self.contract = contract
            self.codeID = codeID
            self.message = message
            self.callbackCodeHash = callbackCodeHash
            self.callbackSignature = callbackSignature
        }
    }

    package struct UpdateAdmin: Equatable, Sendable {
        package var sender: AccountAddress
        package var newAdmin: AccountAddress
        package var contract: AccountAddress
        package var callbackSignature: [UInt8]

        package init(
            sender: AccountAddress, newAdmin: AccountAddress, contract: AccountAddress, callbackSignature: [UInt8] = []
        ) {
            (self.sender, self.newAdmin, self.contract) = (sender, newAdmin, contract)
            self.callbackSignature = callbackSignature
        }
    }

    package struct ClearAdmin: Equatable, Sendable {
        package var sender: AccountAddress
        package var contract: AccountAddress
        package var callbackSignature: [UInt8]

        package init(sender: AccountAddress, contract: AccountAddress, callbackSignature: [UInt8] = []) {
            (self.sender, self.contract, self.callbackSignature) = (sender, contract, callbackSignature)
        }
    }

    /// `secret.registration.v1beta1.RaAuthenticate`.
    package struct Authenticate: Equatable, Sendable {
        package var sender: AccountAddress
        /// A `RegistrationCertificate`.
        package var certificate: [UInt8]
        /// The registration key, in hexadecimal, of a node whose machine this one stands in for; else empty.
        package var replaces: String

        package init(sender: AccountAddress, certificate: [UInt8], replaces: String = "") {
            (self.sender, self.certificate, self.replaces) = (sender, certificate, replaces)
        }
    }

    package var sender: AccountAddress {
        switch self {
        case .storeCode(let message): message.sender
        case .instantiate(let message): message.sender
        case .execute(let message): message.sender
        case .migrate(let message): message.sender
        case .updateAdmin(let message): message.sender
        case .clearAdmin(let message): message.sender
        case .authenticate(let message): message.sender
        }
    }

    /// The coins that go with the call; as listed, not yet checked.
    package var funds: [Coin] {
        switch self {
        case .instantiate(let message): message.funds
        case .execute(let message): message.funds
        default: []
        }
    }

    /// Whether a callback's fields are set, which no user may do.
    package var claimsToBeCallback: Bool {
        switch self {
        case .storeCode, .authenticate: false
        case .instantiate(let message): !message.callbackCodeHash.isEmpty || !message.callbackSignature.isEmpty
        case .execute(let message): !message.callbackCodeHash.isEmpty || !message.callbackSignature.isEmpty
        case .migrate(let message): !message.callbackCodeHash.isEmpty || !message.callbackSignature.isEmpty
        case .updateAdmin(let message): !message.callbackSignature.isEmpty
        case .clearAdmin(let message): !message.callbackSignature.isEmpty
        }
    }

    package var typeURL: String {
        if case .authenticate = self { return "/secret.registration.v1beta1.RaAuthenticate" }
        return "/secret.compute.v1beta1.\(name)"
    }

    private var name: String {
        switch self {
        case .storeCode: "MsgStoreCode"
        case .instantiate: "MsgInstantiateContract"
        case .execute: "MsgExecuteContract"
        case .migrate: "MsgMigrateContract"
        case .updateAdmin: "MsgUpdateAdmin"
        case .clearAdmin: "MsgClearAdmin"
        case .authenticate: "RaAuthenticate"
        }
    }
}
