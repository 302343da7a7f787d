// Made by proto/chain_messages.py from proto/chain. Do not edit.

import ExactNumbers
import SignedTransactions
import Wire

/// `cosmos.gov.v1beta1`.
package enum GovV1beta1 {
    package struct WeightedVoteOption: ChainMessage {
        package static let name = "cosmos.gov.v1beta1.WeightedVoteOption"
        package var option: VoteOption = .init(rawValue: 0)
        package var weight: Decimal18

        package init(option: VoteOption = .init(rawValue: 0), weight: Decimal18) {
            (self.option, self.weight) = (option, weight)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2])
            var weight: Decimal18?
            while let field = try fields.next() {
                switch field.number {
                case 1: option = try field.enumeration()
                case 2: weight = try field.decimal()
                default: try fields.unknown(field)
                }
            }
            self.weight = try required(weight, 2)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.int64(1, Int64(option.rawValue))
            writer.string(2, weight.scaledText)
        }
    }

    package struct TextProposal: ChainMessage {
        package static let name = "cosmos.gov.v1beta1.TextProposal"
        package var title: String = ""
        package var description: String = ""

        package init(title: String = "", description: String = "") {
            (self.title, self.description) = (title, description)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2])
            while let field = try fields.next() {
                switch field.number {
                case 1: title = try field.string()
                case 2: description = try field.string()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, title)
            writer.string(2, description)
        }
    }

    package struct VoteOption: RawRepresentable, Hashable, Sendable {
        package static let unspecified = VoteOption(rawValue: 0)
        package static let yes = VoteOption(rawValue: 1)
        package static let abstain = VoteOption(rawValue: 2)
        package static let no = VoteOption(rawValue: 3)
        package static let noWithVeto = VoteOption(rawValue: 4)

        package var rawValue: Int32

        package init(rawValue: Int32) {
            self.rawValue = rawValue
        }
    }

    package enum Msg {
        package static let submitProposal = ChainMethod<MsgSubmitProposal, MsgSubmitProposalResponse>(
            "/cosmos.gov.v1beta1.Msg/SubmitProposal"
        )
        package static let vote = ChainMethod<MsgVote, MsgVoteResponse>("/cosmos.gov.v1beta1.Msg/Vote")
        package static let voteWeighted = ChainMethod<MsgVoteWeighted, MsgVoteWeightedResponse>(
            "/cosmos.gov.v1beta1.Msg/VoteWeighted"
        )
        package static let deposit = ChainMethod<MsgDeposit, MsgDepositResponse>("/cosmos.gov.v1beta1.Msg/Deposit")
    }

    package struct MsgSubmitProposal: ChainMessage {
        package static let name = "cosmos.gov.v1beta1.MsgSubmitProposal"
        package var content: AnyMessage?
        package var initialDeposit: [Coin] = []
        package var proposer: AccountAddress

        package init(content: AnyMessage? = nil, initialDeposit: [Coin] = [], proposer: AccountAddress) {
            (self.content, self.initialDeposit, self.proposer) = (content, initialDeposit, proposer)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 3])
            var proposer: AccountAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: content = try field.message()
                case 2: initialDeposit.append(try field.message())
                case 3: proposer = try field.address()
                default: try fields.unknown(field)
                }
            }
            self.proposer = try required(proposer, 3)
        }

        package func write(to writer: inout ProtobufWriter) {
            if let content { writer.embed(1, content) }
            writer.embed(2, initialDeposit)
            writer.string(3, proposer.description)
        }
    }

    package struct MsgSubmitProposalResponse: ChainMessage {
        package static let name = "cosmos.gov.v1beta1.MsgSubmitProposalResponse"
        package var proposalID: UInt64 = 0

        package init(proposalID: UInt64 = 0) {
            self.proposalID = proposalID
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            while let field = try fields.next() {
                switch field.number {
                case 1: proposalID = try field.uint64()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.uint64(1, proposalID)
        }
    }

    package struct MsgVote: ChainMessage {
        package static let name = "cosmos.gov.v1beta1.MsgVote"
        package var proposalID: UInt64 = 0
        package var voter: AccountAddress
        package var option: VoteOption = .init(rawValue: 0)

        package init(proposalID: UInt64 = 0, voter: AccountAddress, option: VoteOption = .init(rawValue: 0)) {
            (self.proposalID, self.voter, self.option) = (proposalID, voter, option)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3])
            var voter: AccountAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: proposalID = try field.uint64()
                case 2: voter = try field.address()
                case 3: option = try field.enumeration()
                default: try fields.unknown(field)
                }
            }
            self.voter = try required(voter, 2)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.uint64(1, proposalID)
            writer.string(2, voter.description)
            writer.int64(3, Int64(option.rawValue))
        }
    }

    package struct MsgVoteResponse: FieldlessMessage {
        package static let name = "cosmos.gov.v1beta1.MsgVoteResponse"

        package init() {}
    }

    package struct MsgVoteWeighted: ChainMessage {
        package static let name = "cosmos.gov.v1beta1.MsgVoteWeighted"
        package var proposalID: UInt64 = 0
        package var voter: AccountAddress
        package var options: [WeightedVoteOption] = []

        package init(proposalID: UInt64 = 0, voter: AccountAddress, options: [WeightedVoteOption] = []) {
            (self.proposalID, self.voter, self.options) = (proposalID, voter, options)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2])
            var voter: AccountAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: proposalID = try field.uint64()
                case 2: voter = try field.address()
                case 3: options.append(try field.message())
                default: try fields.unknown(field)
                }
            }
            self.voter = try required(voter, 2)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.uint64(1, proposalID)
            writer.string(2, voter.description)
            writer.embed(3, options)
        }
    }

    package struct MsgVoteWeightedResponse: FieldlessMessage {
        package static let name = "cosmos.gov.v1beta1.MsgVoteWeightedResponse"

        package init() {}
    }

    package struct MsgDeposit: ChainMessage {
        package static let name = "cosmos.gov.v1beta1.MsgDeposit"
        package var proposalID: UInt64 = 0
        package var depositor: AccountAddress
        package var amount: [Coin] = []

        package init(proposalID: UInt64 = 0, depositor: AccountAddress, amount: [Coin] = []) {
            (self.proposalID, self.depositor, self.amount) = (proposalID, depositor, amount)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2])
            var depositor: AccountAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: proposalID = try field.uint64()
                case 2: depositor = try field.address()
                case 3: amount.append(try field.message())
                default: try fields.unknown(field)
                }
            }
            self.depositor = try required(depositor, 2)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.uint64(1, proposalID)
            writer.string(2, depositor.description)
            writer.embed(3, amount)
        }
    }

    package struct MsgDepositResponse: FieldlessMessage {
        package static let name = "cosmos.gov.v1beta1.MsgDepositResponse"

        package init() {}
    }
}
