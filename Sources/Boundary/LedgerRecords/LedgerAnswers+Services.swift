import PublicCryptography
import SignedTransactions
import Wire

/// Methods of the chain's services that contracts may call by their path (Secret Network protocol: queries), with
/// requests and answers in protobuf. Nearly all give out one record as it is kept, as field 1.
extension LedgerAnswers {
    private enum Part {
        case account(UInt32)
        case validator(UInt32)
        case consensus(UInt32)
        case number(UInt32)
    }

    /// Where a record is, and by which fields of the request.
    private struct Row {
        var store: String
        var prefix: UInt8
        var parts: [Part]
        /// Messages that change such a record and do not name it.
        var changedBy: [String]

        init(_ store: String, _ prefix: UInt8, _ parts: [Part] = [], changedBy: [String] = []) {
            (self.store, self.prefix, self.parts, self.changedBy) = (store, prefix, parts, changedBy)
        }
    }

    private static let rows: [String: Row] = [
        "auth.v1beta1.Query/Params": Row("acc", 0x00),
        "bank.v1beta1.Query/Params": Row("bank", 0x05),
        "distribution.v1beta1.Query/Params": Row("distribution", 0x09),
        "distribution.v1beta1.Query/ValidatorCommission": Row("distribution", 0x07, [.validator(1)]),
        "gov.v1beta1.Query/Deposit": Row(
            "gov", 0x10, [.number(1), .account(2)], changedBy: ["/cosmos.gov.v1.MsgCancelProposal"]),
        "mint.v1beta1.Query/Params": Row("mint", 0x01),
        "slashing.v1beta1.Query/Params": Row("slashing", 0x00),
        "slashing.v1beta1.Query/SigningInfo": Row(
            "slashing", 0x01, [.consensus(1)], changedBy: ["/cosmos.slashing.v1beta1.MsgUnjail"]),
        "staking.v1beta1.Query/Params": Row("staking", 0x51),
        "staking.v1beta1.Query/UnbondingDelegation": Row("staking", 0x32, [.account(1), .validator(2)]),
        "staking.v1beta1.Query/Validator": Row("staking", 0x21, [.validator(1)]),
    ]

    /// Two addresses, and a number.
    private static let requestBytesMax = 512

    /// The answer of the method at `path`.
    package func answer(path: String, _ request: [UInt8]) throws(AnswerFault) -> [UInt8] {
        let name = String(path.dropFirst("/cosmos.".utf8.count))
        guard path.hasPrefix("/cosmos.") else { throw .refused("'\(path)' path is not allowed from the contract") }
        guard request.count <= LedgerAnswers.requestBytesMax else { throw .malformedQuestion }
        let request = try LedgerAnswers.question(request)
        switch name {
        case "distribution.v1beta1.Query/DelegatorWithdrawAddress":
            let delegator = try LedgerAnswers.address(request, 1, AccountAddress.prefix)
            try requireUntouched([delegator])
            let bytes = try values("distribution", [[0x03, UInt8(delegator.count)] + delegator])[0] ?? delegator
            return ProtobufWriter.encode { $0.string(1, Bech32.encode(prefix: AccountAddress.prefix, bytes)) }
        case "distribution.v1beta1.Query/FoundationTax":
            guard let parameters = try records("distribution", [[0x09]])[0], try !parameters.text(6).isEmpty else {
                throw .missing("no foundation address is set")
            }
            let (tax, address) = (try parameters.text(5), try parameters.text(6))
            return ProtobufWriter.encode { writer in
                writer.string(1, tax)
                writer.string(2, address)
            }
        case "mint.v1beta1.Query/Inflation", "mint.v1beta1.Query/AnnualProvisions":
            let number = try minter().text(name.hasSuffix("Inflation") ? 1 : 2)
            return ProtobufWriter.encode { $0.string(1, number) }
        case "staking.v1beta1.Query/Delegation":
            guard let delegator = AccountAddress(try LedgerAnswers.address(request, 1, AccountAddress.prefix)),
                let validator = AccountAddress(try LedgerAnswers.address(request, 2, AccountAddress.validatorPrefix))
            else { throw .malformedQuestion }
            let denomination = try bondDenomination()
            guard let stake = try stakes(of: delegator, in: [validator]).first else {
                throw .missing("delegation with delegator \(delegator) not found")
            }
            return ProtobufWriter.encode { writer in
                writer.message(1) { writer in
                    writer.message(1, stake.delegation.bytes)
                    writer.message(2, Coin(stake.worth / LedgerAnswers.one, denomination).encoded)
                }
            }
        default:
            guard let row = LedgerAnswers.rows[name] else {
                throw .refused("'\(path)' path is not allowed from the contract")
            }
            guard let record = try values(row.store, [try key(of: row, request)])[0] else {
                throw .missing("not found")
            }
            return ProtobufWriter.encode { $0.message(1, record) }
        }
    }

    private func key(of row: Row, _ request: StoredMessage) throws(AnswerFault) -> [UInt8] {
        var (key, touched) = ([row.prefix], row.changedBy.map { Array($0.utf8) })
        for part in row.parts {
            let address: [UInt8]
            switch part {
            case .number(let field):
                key += StateKey.number(try request.number(field))
                continue
            case .account(let field): address = try LedgerAnswers.address(request, field, AccountAddress.prefix)
            case .validator(let field):
                address = try LedgerAnswers.address(request, field, AccountAddress.validatorPrefix)
            case .consensus(let field):
                address = try LedgerAnswers.address(request, field, AccountAddress.prefix + "valcons")
            }
            key += [UInt8(address.count)] + address
            touched.append(address)
        }
        try requireUntouched(touched)
        return key
    }

    private static func question(_ bytes: [UInt8]) throws(AnswerFault) -> StoredMessage {
        do { return try StoredMessage(bytes[...]) } catch { throw .malformedQuestion }
    }

    private static func address(
        _ request: StoredMessage, _ field: UInt32, _ prefix: String
    ) throws(AnswerFault) -> [UInt8] {
        guard let text = try? request.text(field), let (found, bytes) = Bech32.decode(text), found == prefix,
            bytes.count == AccountAddress.byteCount
        else { throw .malformedQuestion }
        return bytes
    }
}
