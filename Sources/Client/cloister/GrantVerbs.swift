import ArgumentParser
import Foundation
import SignedTransactions
import StrictJSON
import WalletClient
import Wire

// Verbs by which accounts let others act or pay in their name.
extension Tx {
    struct Authz: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Let others send messages in your name, and send them in others'.",
            subcommands: [Send<GrantAuthorization>.self, Send<RevokeAuthorization>.self, Send<Execute>.self])
    }

    struct Feegrant: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Pay the fees of others.",
            subcommands: [Send<GrantAllowance>.self, Send<RevokeAllowance>.self])
    }

    struct GrantAuthorization: MessageVerb {
        static let word = "grant"
        static let about = "Let an account send messages of one kind in your name."
        static let discussion = """
            send: to pay, up to --spend-limit. delegate, undelegate, redelegate, cancel-unbond: with your coins, up to \
            --spend-limit if it is given, at --validator or everywhere but at --not-validator. generic: any message of the \
            type --msg-type, without a limit.
            """

        enum Kind: String, ExpressibleByArgument, CaseIterable {
            case send, generic, delegate, undelegate, redelegate
            case cancelUnbond = "cancel-unbond"
        }

        @Argument(help: "The account that may: secret1….") var grantee: String
        @Argument(help: "send, delegate, undelegate, redelegate, cancel-unbond or generic.") var kind: Kind
        @Option(help: "The most that it may take in all, as 10scrt.") var spendLimit: String?
        @Option(help: "Of send: an address that it may pay. May be given several times; any, if none is.")
        var allow: [String] = []
        @Option(help: "Of delegate and its kin: a validator that it may choose. May be given several times.")
        var validator: [String] = []
        @Option(help: "Of delegate and its kin: a validator that it may not choose, and all others.")
        var notValidator: [String] = []
        @Option(help: "Of generic: the type, as /cosmos.gov.v1.MsgVote.") var msgType: String?
        @Option(help: "Until when, as 2027-01-31T00:00:00Z; for ever if not given.") var expiration: String?

        func messages(of signer: AccountAddress, _ client: ChainClient) async throws -> [JSONValue] {
            let expiration = try expiration.map { JSONValue.text(try time($0, "--expiration")) }
            return [
                [
                    "@type": "/cosmos.authz.v1beta1.MsgGrant", "granter": .text(signer),
                    "grantee": try account(grantee),
                    "grant": object([("authorization", try authorization()), ("expiration", expiration)]),
                ]
            ]
        }

        private func authorization() throws -> JSONValue {
            func only(_ options: [(name: String, isGiven: Bool)]) throws {
                guard let other = options.first(where: \.isGiven) else { return }
                throw ClientError(.invalidInput, "\(other.name) has no meaning for \(kind.rawValue)")
            }
            let ofStake = [("--validator", !validator.isEmpty), ("--not-validator", !notValidator.isEmpty)]
            switch kind {
            case .send:
                try only(ofStake + [("--msg-type", msgType != nil)])
                guard let spendLimit else { throw ClientError(.invalidInput, "send needs a --spend-limit, as 10scrt") }
                return [
                    "@type": "/cosmos.bank.v1beta1.SendAuthorization", "spend_limit": try coins(spendLimit),
                    "allow_list": .array(try allow.map(account)),
                ]
            case .generic:
                try only(ofStake + [("--spend-limit", spendLimit != nil), ("--allow", !allow.isEmpty)])
                guard let msgType, msgType.hasPrefix("/") else {
                    throw ClientError(.invalidInput, "generic needs a --msg-type, as /cosmos.gov.v1.MsgVote")
                }
                guard MessageType.named(msgType) != nil else {
                    throw ClientError(.invalidInput, "--msg-type \(msgType): there is no such message on this chain")
                }
                return ["@type": "/cosmos.authz.v1beta1.GenericAuthorization", "msg": .string(msgType)]
            case .delegate, .undelegate, .redelegate, .cancelUnbond:
                try only([("--msg-type", msgType != nil), ("--allow", !allow.isEmpty)])
                guard validator.isEmpty != notValidator.isEmpty else {
                    throw ClientError(.invalidInput, "\(kind.rawValue) needs either --validator or --not-validator")
                }
                let list = try (validator + notValidator).map(cloister.validator)
                let name = kind == .cancelUnbond ? "CANCEL_UNBONDING_DELEGATION" : kind.rawValue.uppercased()
                return object([
                    ("@type", "/cosmos.staking.v1beta1.StakeAuthorization"),
                    ("max_tokens", try spendLimit.map(coin)),
                    (validator.isEmpty ? "deny_list" : "allow_list", ["address": .array(list)]),
                    ("authorization_type", .string("AUTHORIZATION_TYPE_" + name)),
                ])
            }
        }
    }

    struct RevokeAuthorization: MessageVerb {
        static let word = "revoke"
        static let about = "Take such a grant back."
        @Argument(help: "The account that might: secret1….") var grantee: String
        @Argument(help: "The type of the messages, as /cosmos.bank.v1beta1.MsgSend.") var msgType: String

        func messages(of signer: AccountAddress, _ client: ChainClient) async throws -> [JSONValue] {
            guard MessageType.named(msgType) != nil else {
                throw ClientError(
                    .invalidInput,
                    "\(msgType): there is no such message; a type is written /cosmos.bank.v1beta1.MsgSend")
            }
            return [
                [
                    "@type": "/cosmos.authz.v1beta1.MsgRevoke", "granter": .text(signer),
                    "grantee": try account(grantee), "msg_type_url": .string(msgType),
                ]
            ]
        }
    }

    struct Execute: MessageVerb {
        static let word = "exec"
        static let about = "Send messages in the names of those who granted it."
        static let discussion = """
            The file has a list of messages, each {"@type":"/cosmos.bank.v1beta1.MsgSend",…}, or a transaction with them as \
            body.messages.
            """
        @Argument(help: "The file.") var file: String

        func messages(of signer: AccountAddress, _ client: ChainClient) async throws -> [JSONValue] {
            let file = try jsonFile(self.file)
            guard let inner = file.array ?? (file["body"] ?? file)["messages"]?.array, !inner.isEmpty else {
                throw ClientError(.invalidInput, "\(self.file): there is no list of messages in it")
            }
            return [["@type": "/cosmos.authz.v1beta1.MsgExec", "grantee": .text(signer), "msgs": .array(inner)]]
        }
    }

    struct GrantAllowance: MessageVerb {
        static let word = "grant"
        static let about = "Pay the fees of an account, up to a limit."
        @Argument(help: "The account: secret1….") var grantee: String
        @Option(help: "The most in all, as 10scrt; no limit if not given.") var spendLimit: String?
        @Option(help: "Until when, as 2027-01-31T00:00:00Z; for ever if not given.") var expiration: String?
        @Option(help: "With --period-limit: so many seconds, after which that may be spent anew.") var period: UInt32?
        @Option(help: "The most in each period, as 1scrt.") var periodLimit: String?
        @Option(help: "A type of messages that it is for, as /cosmos.gov.v1.MsgVote. May be given several times.")
        var message: [String] = []

        func messages(of signer: AccountAddress, _ client: ChainClient) async throws -> [JSONValue] {
            if let other = message.first(where: { MessageType.named($0) == nil }) {
                throw ClientError(.invalidInput, "--message \(other): there is no such message on this chain")
            }
            var allowance = try limited(now: Int64(Date().timeIntervalSince1970))
            if !message.isEmpty {
                allowance = [
                    "@type": "/cosmos.feegrant.v1beta1.AllowedMsgAllowance", "allowance": allowance,
                    "allowed_messages": .array(message.map { .string($0) }),
                ]
            }
            return [
                [
                    "@type": "/cosmos.feegrant.v1beta1.MsgGrantAllowance", "granter": .text(signer),
                    "grantee": try account(grantee), "allowance": allowance,
                ]
            ]
        }

        private func limited(now: Int64) throws -> JSONValue {
            let (type, basic) = (
                "/cosmos.feegrant.v1beta1.BasicAllowance",
                [
                    ("spend_limit", try spendLimit.map(coins)),
                    ("expiration", try expiration.map { JSONValue.text(try time($0, "--expiration")) }),
                ]
            )
            guard period != nil || periodLimit != nil else { return object([("@type", .string(type))] + basic) }
            guard let period, period > 0, let periodLimit,
                let reset = Timestamp(seconds: now + Int64(period), nanoseconds: 0)
            else {
                throw ClientError(.invalidInput, "--period and --period-limit are given together, as 86400 and 1scrt")
            }
            let limit = try coins(periodLimit)
            return [
                "@type": "/cosmos.feegrant.v1beta1.PeriodicAllowance", "basic": object(basic),
                "period": .string("\(period)s"), "period_spend_limit": limit, "period_can_spend": limit,
                "period_reset": .text(reset),
            ]
        }
    }

    struct RevokeAllowance: MessageVerb {
        static let word = "revoke"
        static let about = "No longer pay the fees of an account."
        @Argument(help: "The account: secret1….") var grantee: String

        func messages(of signer: AccountAddress, _ client: ChainClient) async throws -> [JSONValue] {
            [
                [
                    "@type": "/cosmos.feegrant.v1beta1.MsgRevokeAllowance", "granter": .text(signer),
                    "grantee": try account(grantee),
                ]
            ]
        }
    }
}
