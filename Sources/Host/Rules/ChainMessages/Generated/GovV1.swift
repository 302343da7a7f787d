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

    package struct Deposit: ChainMessage {
        package static let name = "cosmos.gov.v1.Deposit"
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

    package struct Proposal: ChainMessage {
        package static let name = "cosmos.gov.v1.Proposal"
        package var id: UInt64 = 0
        package var messages: [AnyMessage] = []
        package var status: ProposalStatus = .init(rawValue: 0)
        package var finalTallyResult: TallyResult?
        package var submitTime: Timestamp?
        package var depositEndTime: Timestamp?
        package var totalDeposit: [Coin] = []
        package var votingStartTime: Timestamp?
        package var votingEndTime: Timestamp?
        package var metadata: String = ""
        package var title: String = ""
        package var summary: String = ""
        package var proposer: AccountAddress?
        package var expedited: Bool = false
        package var failedReason: String = ""

        package init(
            id: UInt64 = 0, messages: [AnyMessage] = [], status: ProposalStatus = .init(rawValue: 0),
            finalTallyResult: TallyResult? = nil, submitTime: Timestamp? = nil, depositEndTime: Timestamp? = nil,
            totalDeposit: [Coin] = [], votingStartTime: Timestamp? = nil, votingEndTime: Timestamp? = nil,
            metadata: String = "", title: String = "", summary: String = "", proposer: AccountAddress? = nil,
            expedited: Bool = false, failedReason: String = ""
        ) {
            (self.id, self.messages, self.status, self.finalTallyResult) = (id, messages, status, finalTallyResult)
            (self.submitTime, self.depositEndTime, self.totalDeposit) = (submitTime, depositEndTime, totalDeposit)
            (self.votingStartTime, self.votingEndTime, self.metadata) = (votingStartTime, votingEndTime, metadata)
            (self.title, self.summary, self.proposer, self.expedited) = (title, summary, proposer, expedited)
            self.failedReason = failedReason
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 3, 4, 5, 6, 8, 9, 10, 11, 12, 13, 14, 15])
            while let field = try fields.next() {
                switch field.number {
                case 1: id = try field.uint64()
                case 2: messages.append(try field.message())
                case 3: status = try field.enumeration()
                case 4: finalTallyResult = try field.message()
                case 5: submitTime = try field.message()
                case 6: depositEndTime = try field.message()
                case 7: totalDeposit.append(try field.message())
                case 8: votingStartTime = try field.message()
                case 9: votingEndTime = try field.message()
                case 10: metadata = try field.string()
                case 11: title = try field.string()
                case 12: summary = try field.string()
                case 13: proposer = try field.addressOrNone()
                case 14: expedited = try field.bool()
                case 15: failedReason = try field.string()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.uint64(1, id)
            writer.embed(2, messages)
            writer.int64(3, Int64(status.rawValue))
            if let finalTallyResult { writer.embed(4, finalTallyResult) }
            if let submitTime { writer.embed(5, submitTime) }
            if let depositEndTime { writer.embed(6, depositEndTime) }
            writer.embed(7, totalDeposit)
            if let votingStartTime { writer.embed(8, votingStartTime) }
            if let votingEndTime { writer.embed(9, votingEndTime) }
            writer.string(10, metadata)
            writer.string(11, title)
            writer.string(12, summary)
            if let proposer { writer.string(13, proposer.description) }
            writer.bool(14, expedited)
            writer.string(15, failedReason)
        }
    }

    package struct TallyResult: ChainMessage {
        package static let name = "cosmos.gov.v1.TallyResult"
        package var yesCount: UInt128
        package var abstainCount: UInt128
        package var noCount: UInt128
        package var noWithVetoCount: UInt128

        package init(yesCount: UInt128, abstainCount: UInt128, noCount: UInt128, noWithVetoCount: UInt128) {
            (self.yesCount, self.abstainCount, self.noCount) = (yesCount, abstainCount, noCount)
            self.noWithVetoCount = noWithVetoCount
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3, 4])
            var yesCount: UInt128?
            var abstainCount: UInt128?
            var noCount: UInt128?
            var noWithVetoCount: UInt128?
            while let field = try fields.next() {
                switch field.number {
                case 1: yesCount = try field.integer()
                case 2: abstainCount = try field.integer()
                case 3: noCount = try field.integer()
                case 4: noWithVetoCount = try field.integer()
                default: try fields.unknown(field)
                }
            }
            self.yesCount = try required(yesCount, 1)
            self.abstainCount = try required(abstainCount, 2)
            self.noCount = try required(noCount, 3)
            self.noWithVetoCount = try required(noWithVetoCount, 4)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, String(yesCount))
            writer.string(2, String(abstainCount))
            writer.string(3, String(noCount))
            writer.string(4, String(noWithVetoCount))
        }
    }

    package struct Vote: ChainMessage {
        package static let name = "cosmos.gov.v1.Vote"
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
            var fields = MessageFields(bytes, policy, singular: [1, 2, 5])
            var voter: AccountAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: proposalID = try field.uint64()
                case 2: voter = try field.address()
                case 4: options.append(try field.message())
                case 5: metadata = try field.string()
                default: try fields.unknown(field)
                }
            }
            self.voter = try required(voter, 2)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.uint64(1, proposalID)
            writer.string(2, voter.description)
            writer.embed(4, options)
            writer.string(5, metadata)
        }
    }

    package struct DepositParams: ChainMessage {
        package static let name = "cosmos.gov.v1.DepositParams"
        package var minDeposit: [Coin] = []
        package var maxDepositPeriod: Duration?

        package init(minDeposit: [Coin] = [], maxDepositPeriod: Duration? = nil) {
            (self.minDeposit, self.maxDepositPeriod) = (minDeposit, maxDepositPeriod)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [2])
            while let field = try fields.next() {
                switch field.number {
                case 1: minDeposit.append(try field.message())
                case 2: maxDepositPeriod = try field.message()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.embed(1, minDeposit)
            if let maxDepositPeriod { writer.embed(2, maxDepositPeriod) }
        }
    }

    package struct VotingParams: ChainMessage {
        package static let name = "cosmos.gov.v1.VotingParams"
        package var votingPeriod: Duration?

        package init(votingPeriod: Duration? = nil) {
            self.votingPeriod = votingPeriod
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            while let field = try fields.next() {
                switch field.number {
                case 1: votingPeriod = try field.message()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            if let votingPeriod { writer.embed(1, votingPeriod) }
        }
    }

    package struct TallyParams: ChainMessage {
        package static let name = "cosmos.gov.v1.TallyParams"
        package var quorum: String = ""
        package var threshold: String = ""
        package var vetoThreshold: String = ""

        package init(quorum: String = "", threshold: String = "", vetoThreshold: String = "") {
            (self.quorum, self.threshold, self.vetoThreshold) = (quorum, threshold, vetoThreshold)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3])
            while let field = try fields.next() {
                switch field.number {
                case 1: quorum = try field.string()
                case 2: threshold = try field.string()
                case 3: vetoThreshold = try field.string()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, quorum)
            writer.string(2, threshold)
            writer.string(3, vetoThreshold)
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

    package struct ProposalStatus: RawRepresentable, Hashable, Sendable {
        package static let unspecified = ProposalStatus(rawValue: 0)
        package static let depositPeriod = ProposalStatus(rawValue: 1)
        package static let votingPeriod = ProposalStatus(rawValue: 2)
        package static let passed = ProposalStatus(rawValue: 3)
        package static let rejected = ProposalStatus(rawValue: 4)
        package static let failed = ProposalStatus(rawValue: 5)

        package var rawValue: Int32

        package init(rawValue: Int32) {
            self.rawValue = rawValue
        }
    }

    package enum Query {
        package static let constitution = ChainMethod<QueryConstitutionRequest, QueryConstitutionResponse>(
            "/cosmos.gov.v1.Query/Constitution"
        )
        package static let proposal = ChainMethod<QueryProposalRequest, QueryProposalResponse>(
            "/cosmos.gov.v1.Query/Proposal"
        )
        package static let proposals = ChainMethod<QueryProposalsRequest, QueryProposalsResponse>(
            "/cosmos.gov.v1.Query/Proposals"
        )
        package static let vote = ChainMethod<QueryVoteRequest, QueryVoteResponse>("/cosmos.gov.v1.Query/Vote")
        package static let votes = ChainMethod<QueryVotesRequest, QueryVotesResponse>("/cosmos.gov.v1.Query/Votes")
        package static let params = ChainMethod<QueryParamsRequest, QueryParamsResponse>("/cosmos.gov.v1.Query/Params")
        package static let deposit = ChainMethod<QueryDepositRequest, QueryDepositResponse>(
            "/cosmos.gov.v1.Query/Deposit"
        )
        package static let deposits = ChainMethod<QueryDepositsRequest, QueryDepositsResponse>(
            "/cosmos.gov.v1.Query/Deposits"
        )
        package static let tallyResult = ChainMethod<QueryTallyResultRequest, QueryTallyResultResponse>(
            "/cosmos.gov.v1.Query/TallyResult"
        )
    }

    package struct QueryConstitutionRequest: FieldlessMessage {
        package static let name = "cosmos.gov.v1.QueryConstitutionRequest"

        package init() {}
    }

    package struct QueryConstitutionResponse: ChainMessage {
        package static let name = "cosmos.gov.v1.QueryConstitutionResponse"
        package var constitution: String = ""

        package init(constitution: String = "") {
            self.constitution = constitution
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            while let field = try fields.next() {
                switch field.number {
                case 1: constitution = try field.string()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, constitution)
        }
    }

    package struct QueryProposalRequest: ChainMessage {
        package static let name = "cosmos.gov.v1.QueryProposalRequest"
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

    package struct QueryProposalResponse: ChainMessage {
        package static let name = "cosmos.gov.v1.QueryProposalResponse"
        package var proposal: Proposal?

        package init(proposal: Proposal? = nil) {
            self.proposal = proposal
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            while let field = try fields.next() {
                switch field.number {
                case 1: proposal = try field.message()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            if let proposal { writer.embed(1, proposal) }
        }
    }

    package struct QueryProposalsRequest: ChainMessage {
        package static let name = "cosmos.gov.v1.QueryProposalsRequest"
        package var proposalStatus: ProposalStatus = .init(rawValue: 0)
        package var voter: AccountAddress?
        package var depositor: AccountAddress?
        package var pagination: BaseQueryV1beta1.PageRequest?

        package init(
            proposalStatus: ProposalStatus = .init(rawValue: 0), voter: AccountAddress? = nil,
            depositor: AccountAddress? = nil, pagination: BaseQueryV1beta1.PageRequest? = nil
        ) {
            (self.proposalStatus, self.voter, self.depositor) = (proposalStatus, voter, depositor)
            self.pagination = pagination
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3, 4])
            while let field = try fields.next() {
                switch field.number {
                case 1: proposalStatus = try field.enumeration()
                case 2: voter = try field.addressOrNone()
                case 3: depositor = try field.addressOrNone()
                case 4: pagination = try field.message()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.int64(1, Int64(proposalStatus.rawValue))
            if let voter { writer.string(2, voter.description) }
            if let depositor { writer.string(3, depositor.description) }
            if let pagination { writer.embed(4, pagination) }
        }
    }

    package struct QueryProposalsResponse: ChainMessage {
        package static let name = "cosmos.gov.v1.QueryProposalsResponse"
        package var proposals: [Proposal] = []
        package var pagination: BaseQueryV1beta1.PageResponse?

        package init(proposals: [Proposal] = [], pagination: BaseQueryV1beta1.PageResponse? = nil) {
            (self.proposals, self.pagination) = (proposals, pagination)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [2])
            while let field = try fields.next() {
                switch field.number {
                case 1: proposals.append(try field.message())
                case 2: pagination = try field.message()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.embed(1, proposals)
            if let pagination { writer.embed(2, pagination) }
        }
    }

    package struct QueryVoteRequest: ChainMessage {
        package static let name = "cosmos.gov.v1.QueryVoteRequest"
        package var proposalID: UInt64 = 0
        package var voter: AccountAddress

        package init(proposalID: UInt64 = 0, voter: AccountAddress) {
            (self.proposalID, self.voter) = (proposalID, voter)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2])
            var voter: AccountAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: proposalID = try field.uint64()
                case 2: voter = try field.address()
                default: try fields.unknown(field)
                }
            }
            self.voter = try required(voter, 2)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.uint64(1, proposalID)
            writer.string(2, voter.description)
        }
    }

    package struct QueryVoteResponse: ChainMessage {
        package static let name = "cosmos.gov.v1.QueryVoteResponse"
        package var vote: Vote?

        package init(vote: Vote? = nil) {
            self.vote = vote
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            while let field = try fields.next() {
                switch field.number {
                case 1: vote = try field.message()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            if let vote { writer.embed(1, vote) }
        }
    }

    package struct QueryVotesRequest: ChainMessage {
        package static let name = "cosmos.gov.v1.QueryVotesRequest"
        package var proposalID: UInt64 = 0
        package var pagination: BaseQueryV1beta1.PageRequest?

        package init(proposalID: UInt64 = 0, pagination: BaseQueryV1beta1.PageRequest? = nil) {
            (self.proposalID, self.pagination) = (proposalID, pagination)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2])
            while let field = try fields.next() {
                switch field.number {
                case 1: proposalID = try field.uint64()
                case 2: pagination = try field.message()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.uint64(1, proposalID)
            if let pagination { writer.embed(2, pagination) }
        }
    }

    package struct QueryVotesResponse: ChainMessage {
        package static let name = "cosmos.gov.v1.QueryVotesResponse"
        package var votes: [Vote] = []
        package var pagination: BaseQueryV1beta1.PageResponse?

        package init(votes: [Vote] = [], pagination: BaseQueryV1beta1.PageResponse? = nil) {
            (self.votes, self.pagination) = (votes, pagination)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [2])
            while let field = try fields.next() {
                switch field.number {
                case 1: votes.append(try field.message())
                case 2: pagination = try field.message()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.embed(1, votes)
            if let pagination { writer.embed(2, pagination) }
        }
    }

    package struct QueryParamsRequest: ChainMessage {
        package static let name = "cosmos.gov.v1.QueryParamsRequest"
        package var paramsType: String = ""

        package init(paramsType: String = "") {
            self.paramsType = paramsType
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            while let field = try fields.next() {
                switch field.number {
                case 1: paramsType = try field.string()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, paramsType)
        }
    }

    package struct QueryParamsResponse: ChainMessage {
        package static let name = "cosmos.gov.v1.QueryParamsResponse"
        package var votingParams: VotingParams?
        package var depositParams: DepositParams?
        package var tallyParams: TallyParams?
        package var params: Params?

        package init(
            votingParams: VotingParams? = nil, depositParams: DepositParams? = nil, tallyParams: TallyParams? = nil,
            params: Params? = nil
        ) {
            (self.votingParams, self.depositParams, self.tallyParams) = (votingParams, depositParams, tallyParams)
            self.params = params
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3, 4])
            while let field = try fields.next() {
                switch field.number {
                case 1: votingParams = try field.message()
                case 2: depositParams = try field.message()
                case 3: tallyParams = try field.message()
                case 4: params = try field.message()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            if let votingParams { writer.embed(1, votingParams) }
            if let depositParams { writer.embed(2, depositParams) }
            if let tallyParams { writer.embed(3, tallyParams) }
            if let params { writer.embed(4, params) }
        }
    }

    package struct QueryDepositRequest: ChainMessage {
        package static let name = "cosmos.gov.v1.QueryDepositRequest"
        package var proposalID: UInt64 = 0
        package var depositor: AccountAddress

        package init(proposalID: UInt64 = 0, depositor: AccountAddress) {
            (self.proposalID, self.depositor) = (proposalID, depositor)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2])
            var depositor: AccountAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: proposalID = try field.uint64()
                case 2: depositor = try field.address()
                default: try fields.unknown(field)
                }
            }
            self.depositor = try required(depositor, 2)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.uint64(1, proposalID)
            writer.string(2, depositor.description)
        }
    }

    package struct QueryDepositResponse: ChainMessage {
        package static let name = "cosmos.gov.v1.QueryDepositResponse"
        package var deposit: Deposit?

        package init(deposit: Deposit? = nil) {
            self.deposit = deposit
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            while let field = try fields.next() {
                switch field.number {
                case 1: deposit = try field.message()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            if let deposit { writer.embed(1, deposit) }
        }
    }

    package struct QueryDepositsRequest: ChainMessage {
        package static let name = "cosmos.gov.v1.QueryDepositsRequest"
        package var proposalID: UInt64 = 0
        package var pagination: BaseQueryV1beta1.PageRequest?

        package init(proposalID: UInt64 = 0, pagination: BaseQueryV1beta1.PageRequest? = nil) {
            (self.proposalID, self.pagination) = (proposalID, pagination)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2])
            while let field = try fields.next() {
                switch field.number {
                case 1: proposalID = try field.uint64()
                case 2: pagination = try field.message()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.uint64(1, proposalID)
            if let pagination { writer.embed(2, pagination) }
        }
    }

    package struct QueryDepositsResponse: ChainMessage {
        package static let name = "cosmos.gov.v1.QueryDepositsResponse"
        package var deposits: [Deposit] = []
        package var pagination: BaseQueryV1beta1.PageResponse?

        package init(deposits: [Deposit] = [], pagination: BaseQueryV1beta1.PageResponse? = nil) {
            (self.deposits, self.pagination) = (deposits, pagination)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [2])
            while let field = try fields.next() {
                switch field.number {
                case 1: deposits.append(try field.message())
                case 2: pagination = try field.message()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.embed(1, deposits)
            if let pagination { writer.embed(2, pagination) }
        }
    }

    package struct QueryTallyResultRequest: ChainMessage {
        package static let name = "cosmos.gov.v1.QueryTallyResultRequest"
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

    package struct QueryTallyResultResponse: ChainMessage {
        package static let name = "cosmos.gov.v1.QueryTallyResultResponse"
        package var tally: TallyResult?

        package init(tally: TallyResult? = nil) {
            self.tally = tally
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            while let field = try fields.next() {
                switch field.number {
                case 1: tally = try field.message()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            if let tally { writer.embed(1, tally) }
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
