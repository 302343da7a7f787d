import SignedTransactions
import StrictJSON
import Wire

/// A message of another module that a contract asks for, in the chain's own encoding. Its sender is left open: whoever
/// runs the contract says who that is, and no contract can name another.
package struct LedgerRequest: Equatable, Sendable {
    private var typeURL: String
    /// The fields in front of the sender's, its number, and the fields behind it.
    private var (before, senderField, after): ([UInt8], UInt32, [UInt8])

    private init(_ name: String, before: [UInt8] = [], senderField: UInt32 = 1, after: [UInt8]) {
        typeURL = "/cosmos." + name
        (self.before, self.senderField, self.after) = (before, senderField, after)
    }

    package func message(from sender: AccountAddress) -> AnyMessage {
        let signer = ProtobufWriter.encode { $0.string(senderField, sender.description) }
        return AnyMessage(typeURL: typeURL, value: (before + signer + after)[...])
    }

    /// Messages whose sender is their first field: by what contracts call them the type, the members with texts in the
    /// order of the fields, and whether an amount follows.
    private static let forms: [String: (name: String, texts: [String], hasAmount: Bool)] = [
        "staking.delegate": ("staking.v1beta1.MsgDelegate", ["validator"], true),
        "staking.undelegate": ("staking.v1beta1.MsgUndelegate", ["validator"], true),
        "staking.redelegate": ("staking.v1beta1.MsgBeginRedelegate", ["src_validator", "dst_validator"], true),
        "staking.recipient": ("distribution.v1beta1.MsgSetWithdrawAddress", ["recipient"], false),
        "staking.withdraw": ("distribution.v1beta1.MsgWithdrawDelegatorReward", ["validator"], false),
        "distribution.set_withdraw_address": ("distribution.v1beta1.MsgSetWithdrawAddress", ["address"], false),
        "distribution.withdraw_delegator_reward": (
            "distribution.v1beta1.MsgWithdrawDelegatorReward", ["validator"], false
        ),
    ]
    /// As v1 writes them, and as v0.10 does.
    private static let options: [String: UInt64] = [
        "yes": 1, "abstain": 2, "no": 3, "no_with_veto": 4, "Yes": 1, "Abstain": 2, "No": 3, "NoWithVeto": 4,
    ]

    /// What `content` asks of the module that contracts call `kind`, in the order to be run; none for what is no
    /// message of these.
    static func read(_ kind: String, _ content: JSONValue) -> [LedgerRequest] {
        guard let (verb, json) = content.object?.first, content.object?.count == 1 else { return [] }
        if kind == "gov" { return vote(verb, json) }
        guard let request = form("\(kind).\(verb)", json) else { return [] }
        // A contract of v0.10 says with a withdrawal where to, from then on.
        guard let recipient = json["recipient"], !recipient.isNull else { return [request] }
        guard verb == "withdraw", let setting = form("staking.recipient", json) else { return [] }
        return [setting, request]
    }

    private static func form(_ name: String, _ json: JSONValue) -> LedgerRequest? {
        guard let form = forms[name] else { return nil }
        var writer = ProtobufWriter()
        for (index, member) in form.texts.enumerated() {
            guard let text = json[member]?.string else { return nil }
            writer.string(UInt32(2 + index), text)
        }
        if form.hasAmount {
            guard let denomination = json["amount"]?["denom"]?.string, let amount = json["amount"]?["amount"]?.string
            else { return nil }
            writer.message(UInt32(2 + form.texts.count)) { writer in
                writer.string(1, denomination)
                writer.string(2, amount)
            }
        }
        return LedgerRequest(form.name, after: writer.bytes)
    }

    private static func vote(_ verb: String, _ json: JSONValue) -> [LedgerRequest] {
        guard verb == "vote", let proposal = (json["proposal_id"] ?? json["proposal"])?.uint64,
            let option = (json["vote"] ?? json["vote_option"])?.string.flatMap({ options[$0] })
        else { return [] }
        return [
            LedgerRequest(
                "gov.v1.MsgVote", before: ProtobufWriter.encode { $0.uint64(1, proposal) }, senderField: 2,
                after: ProtobufWriter.encode { $0.uint64(3, option) })
        ]
    }
}
