// Made by proto/chain_messages.py from proto/chain. Do not edit.

import SignedTransactions
import Wire

/// `cosmos.gov.v1`.
package enum GovV1 {
    package struct WeightedVoteOption: ChainMessage {
        package static let name = "cosmos.gov.v1.WeightedVoteOption"
        package var option: VoteOption = .init(rawValue: 0)
        package var weight: String = ""

        package init(option: VoteOption = .init(rawValue: 0), weight: String = "") {
            (self.option, self.weight) = (option, weight)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2])
            while let field = try fields.next() {
                switch field.number {
                case 1: option = try field.enumeration()
                case 2: weight = try field.string()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.int64(1, Int64(option.rawValue))
            writer.string(2, weight)
        }
    }

    package struct Params: ChainMessage {
        package static let name = "cosmos.gov.v1.Params"
        package var minDeposit: [Coin] = []
        package var maxDepositPeriod: Duration?
        package var votingPeriod: Duration?
        package var quorum: String = ""
        package var threshold: String = ""
        package var vetoThreshold: String = ""
        package var minInitialDepositRatio: String = ""
        package var proposalCancelRatio: String = ""
        package var proposalCancelDest: AccountAddress?
        package var expeditedVotingPeriod: Duration?
        package var expeditedThreshold: String = ""
        package var expeditedMinDeposit: [Coin] = []
        package var burnVoteQuorum: Bool = false
        package var burnProposalDepositPrevote: Bool = false
        package var burnVoteVeto: Bool = false
        package var minDepositRatio: String = ""

        package init(
            minDeposit: [Coin] = [], maxDepositPeriod: Duration? = nil, votingPeriod: Duration? = nil,
            quorum: String = "", threshold: String = "", vetoThreshold: String = "",
            minInitialDepositRatio: String = "", proposalCancelRatio: String = "",
            proposalCancelDest: AccountAddress? = nil, expeditedVotingPeriod: Duration? = nil,
            expeditedThreshold: String = "", expeditedMinDeposit: [Coin] = [], burnVoteQuorum: Bool = false,
            burnProposalDepositPrevote: Bool = false, burnVoteVeto: Bool = false, minDepositRatio: String = ""
        ) {
            (self.minDeposit, self.maxDepositPeriod, self.votingPeriod) = (minDeposit, maxDepositPeriod, votingPeriod)
            (self.quorum, self.threshold, self.vetoThreshold) = (quorum, threshold, vetoThreshold)
            (self.minInitialDepositRatio, self.proposalCancelRatio) = (minInitialDepositRatio, proposalCancelRatio)
            (self.proposalCancelDest, self.expeditedVotingPeriod) = (proposalCancelDest, expeditedVotingPeriod)
            (self.expeditedThreshold, self.expeditedMinDeposit) = (expeditedThreshold, expeditedMinDeposit)
            (self.burnVoteQuorum, self.burnProposalDepositPrevote) = (burnVoteQuorum, burnProposalDepositPrevote)
            (self.burnVoteVeto, self.minDepositRatio) = (burnVoteVeto, minDepositRatio)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 14, 15, 16])
            while let field = try fields.next() {
                switch field.number {
                case 1: minDeposit.append(try field.message())
                case 2: maxDepositPeriod = try field.message()
                case 3: votingPeriod = try field.message()
                case 4: quorum = try field.string()
                case 5: threshold = try field.string()
                case 6: vetoThreshold = try field.string()
                case 7: minInitialDepositRatio = try field.string()
                case 8: proposalCancelRatio = try field.string()
                case 9: proposalCancelDest = try field.addressOrNone()
                case 10: expeditedVotingPeriod = try field.message()
                case 11: expeditedThreshold = try field.string()
                case 12: expeditedMinDeposit.append(try field.message())
                case 13: burnVoteQuorum = try field.bool()
                case 14: burnProposalDepositPrevote = try field.bool()
                case 15: burnVoteVeto = try field.bool()
                case 16: minDepositRatio = try field.string()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.embed(1, minDeposit)
            if let maxDepositPeriod { writer.embed(2, maxDepositPeriod) }
            if let votingPeriod { writer.embed(3, votingPeriod) }
            writer.string(4, quorum)
            writer.string(5, threshold)
            writer.string(6, vetoThreshold)
            writer.string(7, minInitialDepositRatio)
            writer.string(8, proposalCancelRatio)
            if let proposalCancelDest { writer.string(9, proposalCancelDest.description) }
            if let expeditedVotingPeriod { writer.embed(10, expeditedVotingPeriod) }
            writer.string(11, expeditedThreshold)
            writer.embed(12, expeditedMinDeposit)
            writer.bool(13, burnVoteQuorum)
            writer.bool(14, burnProposalDepositPrevote)
            writer.bool(15, burnVoteVeto)
            writer.string(16, minDepositRatio)
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
            "/cosmos.gov.v1.Msg/SubmitProposal"
        )
        package static let execLegacyContent = ChainMethod<MsgExecLegacyContent, MsgExecLegacyContentResponse>(
            "/cosmos.gov.v1.Msg/ExecLegacyContent"
        )
        package static let vote = ChainMethod<MsgVote, MsgVoteResponse>("/cosmos.gov.v1.Msg/Vote")
        package static let voteWeighted = ChainMethod<MsgVoteWeighted, MsgVoteWeightedResponse>(
            "/cosmos.gov.v1.Msg/VoteWeighted"
        )
        package static let deposit = ChainMethod<MsgDeposit, MsgDepositResponse>("/cosmos.gov.v1.Msg/Deposit")
        package static let updateParams = ChainMethod<MsgUpdateParams, MsgUpdateParamsResponse>(
            "/cosmos.gov.v1.Msg/UpdateParams"
        )
        package static let cancelProposal = ChainMethod<MsgCancelProposal, MsgCancelProposalResponse>(
            "/cosmos.gov.v1.Msg/CancelProposal"
        )
    }

    package struct MsgSubmitProposal: ChainMessage {
        package static let name = "cosmos.gov.v1.MsgSubmitProposal"
        package var messages: [AnyMessage] = []
        package var initialDeposit: [Coin] = []
        package var proposer: AccountAddress
        package var metadata: String = ""
        package var title: String = ""
        package var summary: String = ""
        package var expedited: Bool = false

        package init(
            messages: [AnyMessage] = [], initialDeposit: [Coin] = [], proposer: AccountAddress, metadata: String = "",
            title: String = "", summary: String = "", expedited: Bool = false
        ) {
            (self.messages, self.initialDeposit, self.proposer) = (messages, initialDeposit, proposer)
            (self.metadata, self.title, self.summary, self.expedited) = (metadata, title, summary, expedited)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [3, 4, 5, 6, 7])
            var proposer: AccountAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: messages.append(try field.message())
                case 2: initialDeposit.append(try field.message())
                case 3: proposer = try field.address()
                case 4: metadata = try field.string()
                case 5: title = try field.string()
                case 6: summary = try field.string()
                case 7: expedited = try field.bool()
                default: try fields.unknown(field)
                }
            }
            self.proposer = try required(proposer, 3)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.embed(1, messages)
            writer.embed(2, initialDeposit)
            writer.string(3, proposer.description)
            writer.string(4, metadata)
            writer.string(5, title)
            writer.string(6, summary)
            writer.bool(7, expedited)
        }
    }

    package struct MsgSubmitProposalResponse: ChainMessage {
        package static let name = "cosmos.gov.v1.MsgSubmitProposalResponse"
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

    package struct MsgExecLegacyContent: ChainMessage {
        package static let name = "cosmos.gov.v1.MsgExecLegacyContent"
        package var content: AnyMessage?
        package var authority: AccountAddress

        package init(content: AnyMessage? = nil, authority: AccountAddress) {
            (self.content, self.authority) = (content, authority)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2])
            var authority: AccountAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: content = try field.message()
                case 2: authority = try field.address()
                default: try fields.unknown(field)
                }
            }
            self.authority = try required(authority, 2)
        }

        package func write(to writer: inout ProtobufWriter) {
            if let content { writer.embed(1, content) }
            writer.string(2, authority.description)
        }
    }

    package struct MsgExecLegacyContentResponse: FieldlessMessage {
        package static let name = "cosmos.gov.v1.MsgExecLegacyContentResponse"

        package init() {}
    }

    package struct MsgVote: ChainMessage {
        package static let name = "cosmos.gov.v1.MsgVote"
        package var proposalID: UInt64 = 0
        package var voter: AccountAddress
        package var option: VoteOption = .init(rawValue: 0)
        package var metadata: String = ""

        package init(
            proposalID: UInt64 = 0, voter: AccountAddress, option: VoteOption = .init(rawValue: 0),
            metadata: String = ""
        ) {
            (self.proposalID, self.voter, self.option, self.metadata) = (proposalID, voter, option, metadata)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3, 4])
            var voter: AccountAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: proposalID = try field.uint64()
                case 2: voter = try field.address()
                case 3: option = try field.enumeration()
                case 4: metadata = try field.string()
                default: try fields.unknown(field)
                }
            }
            self.voter = try required(voter, 2)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.uint64(1, proposalID)
            writer.string(2, voter.description)
            writer.int64(3, Int64(option.rawValue))
            writer.string(4, metadata)
        }
    }

    package struct MsgVoteResponse: FieldlessMessage {
        package static let name = "cosmos.gov.v1.MsgVoteResponse"

        package init() {}
    }

    package struct MsgVoteWeighted: ChainMessage {
        package static let name = "cosmos.gov.v1.MsgVoteWeighted"
        package var proposalID: UInt64 = 0
        package var voter: AccountAddress
        package var options: [WeightedVoteOption] = []
        package var metadata: String = ""

        package init(
            proposalID: UInt64 = 0, voter: AccountAddress, options: [WeightedVoteOption] = [], metadata: String = ""
        ) {
            (self.proposalID, self.voter, self.options, self.metadata) = (proposalID, voter, options, metadata)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 4])
            var voter: AccountAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: proposalID = try field.uint64()
                case 2: voter = try field.address()
                case 3: options.append(try field.message())
                case 4: metadata = try field.string()
                default: try fields.unknown(field)
                }
            }
            self.voter = try required(voter, 2)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.uint64(1, proposalID)
            writer.string(2, voter.description)
            writer.embed(3, options)
            writer.string(4, metadata)
        }
    }

    package struct MsgVoteWeightedResponse: FieldlessMessage {
        package static let name = "cosmos.gov.v1.MsgVoteWeightedResponse"

        package init() {}
    }

    package struct MsgDeposit: ChainMessage {
        package static let name = "cosmos.gov.v1.MsgDeposit"
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
        package static let name = "cosmos.gov.v1.MsgDepositResponse"

        package init() {}
    }

    package struct MsgUpdateParams: ChainMessage {
        package static let name = "cosmos.gov.v1.MsgUpdateParams"
        package var authority: AccountAddress
        package var params: Params

        package init(authority: AccountAddress, params: Params) {
            (self.authority, self.params) = (authority, params)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2])
            var authority: AccountAddress?
            var params: Params?
            while let field = try fields.next() {
                switch field.number {
                case 1: authority = try field.address()
                case 2: params = try field.message()
                default: try fields.unknown(field)
                }
            }
            self.authority = try required(authority, 1)
            self.params = try presentOrAbsent(params, policy)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, authority.description)
            writer.embed(2, params)
        }
    }

    package struct MsgUpdateParamsResponse: FieldlessMessage {
        package static let name = "cosmos.gov.v1.MsgUpdateParamsResponse"

        package init() {}
    }

    package struct MsgCancelProposal: ChainMessage {
        package static let name = "cosmos.gov.v1.MsgCancelProposal"
        package var proposalID: UInt64 = 0
        package var proposer: AccountAddress

        package init(proposalID: UInt64 = 0, proposer: AccountAddress) {
            (self.proposalID, self.proposer) = (proposalID, proposer)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2])
            var proposer: AccountAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: proposalID = try field.uint64()
                case 2: proposer = try field.address()
                default: try fields.unknown(field)
                }
            }
            self.proposer = try required(proposer, 2)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.uint64(1, proposalID)
            writer.string(2, proposer.description)
        }
    }

    package struct MsgCancelProposalResponse: ChainMessage {
        package static let name = "cosmos.gov.v1.MsgCancelProposalResponse"
        package var proposalID: UInt64 = 0
        package var canceledTime: Timestamp
        package var canceledHeight: UInt64 = 0

        package init(proposalID: UInt64 = 0, canceledTime: Timestamp, canceledHeight: UInt64 = 0) {
            (self.proposalID, self.canceledTime, self.canceledHeight) = (proposalID, canceledTime, canceledHeight)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3])
            var canceledTime: Timestamp?
            while let field = try fields.next() {
                switch field.number {
                case 1: proposalID = try field.uint64()
                case 2: canceledTime = try field.message()
                case 3: canceledHeight = try field.uint64()
                default: try fields.unknown(field)
                }
            }
            self.canceledTime = try presentOrAbsent(canceledTime, policy)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.uint64(1, proposalID)
            writer.embed(2, canceledTime)
            writer.uint64(3, canceledHeight)
        }
    }
}
