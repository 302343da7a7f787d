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

    package struct Deposit: ChainMessage {
        package static let name = "cosmos.gov.v1beta1.Deposit"
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
        package static let name = "cosmos.gov.v1beta1.Proposal"
        package var proposalID: UInt64 = 0
        package var content: AnyMessage?
        package var status: ProposalStatus = .init(rawValue: 0)
        package var finalTallyResult: TallyResult
        package var submitTime: Timestamp
        package var depositEndTime: Timestamp
        package var totalDeposit: [Coin] = []
        package var votingStartTime: Timestamp
        package var votingEndTime: Timestamp

        package init(
            proposalID: UInt64 = 0, content: AnyMessage? = nil, status: ProposalStatus = .init(rawValue: 0),
            finalTallyResult: TallyResult, submitTime: Timestamp, depositEndTime: Timestamp, totalDeposit: [Coin] = [],
            votingStartTime: Timestamp, votingEndTime: Timestamp
        ) {
            (self.proposalID, self.content, self.status) = (proposalID, content, status)
            (self.finalTallyResult, self.submitTime) = (finalTallyResult, submitTime)
            (self.depositEndTime, self.totalDeposit) = (depositEndTime, totalDeposit)
            (self.votingStartTime, self.votingEndTime) = (votingStartTime, votingEndTime)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3, 4, 5, 6, 8, 9])
            var finalTallyResult: TallyResult?
            var submitTime: Timestamp?
            var depositEndTime: Timestamp?
            var votingStartTime: Timestamp?
            var votingEndTime: Timestamp?
            while let field = try fields.next() {
                switch field.number {
                case 1: proposalID = try field.uint64()
                case 2: content = try field.message()
                case 3: status = try field.enumeration()
                case 4: finalTallyResult = try field.message()
                case 5: submitTime = try field.message()
                case 6: depositEndTime = try field.message()
                case 7: totalDeposit.append(try field.message())
                case 8: votingStartTime = try field.message()
                case 9: votingEndTime = try field.message()
                default: try fields.unknown(field)
                }
            }
            self.finalTallyResult = try presentOrAbsent(finalTallyResult, policy)
            self.submitTime = try presentOrAbsent(submitTime, policy)
            self.depositEndTime = try presentOrAbsent(depositEndTime, policy)
            self.votingStartTime = try presentOrAbsent(votingStartTime, policy)
            self.votingEndTime = try presentOrAbsent(votingEndTime, policy)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.uint64(1, proposalID)
            if let content { writer.embed(2, content) }
            writer.int64(3, Int64(status.rawValue))
            writer.embed(4, finalTallyResult)
            writer.embed(5, submitTime)
            writer.embed(6, depositEndTime)
            writer.embed(7, totalDeposit)
            writer.embed(8, votingStartTime)
            writer.embed(9, votingEndTime)
        }
    }

    package struct TallyResult: ChainMessage {
        package static let name = "cosmos.gov.v1beta1.TallyResult"
        package var yes: UInt128
        package var abstain: UInt128
        package var no: UInt128
        package var noWithVeto: UInt128

        package init(yes: UInt128, abstain: UInt128, no: UInt128, noWithVeto: UInt128) {
            (self.yes, self.abstain, self.no, self.noWithVeto) = (yes, abstain, no, noWithVeto)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3, 4])
            var yes: UInt128?
            var abstain: UInt128?
            var no: UInt128?
            var noWithVeto: UInt128?
            while let field = try fields.next() {
                switch field.number {
                case 1: yes = try field.integer()
                case 2: abstain = try field.integer()
                case 3: no = try field.integer()
                case 4: noWithVeto = try field.integer()
                default: try fields.unknown(field)
                }
            }
            self.yes = try required(yes, 1)
            self.abstain = try required(abstain, 2)
            self.no = try required(no, 3)
            self.noWithVeto = try required(noWithVeto, 4)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, String(yes))
            writer.string(2, String(abstain))
            writer.string(3, String(no))
            writer.string(4, String(noWithVeto))
        }
    }

    package struct Vote: ChainMessage {
        package static let name = "cosmos.gov.v1beta1.Vote"
        package var proposalID: UInt64 = 0
        package var voter: AccountAddress
        package var option: VoteOption = .init(rawValue: 0)
        package var options: [WeightedVoteOption] = []

        package init(
            proposalID: UInt64 = 0, voter: AccountAddress, option: VoteOption = .init(rawValue: 0),
            options: [WeightedVoteOption] = []
        ) {
            (self.proposalID, self.voter, self.option, self.options) = (proposalID, voter, option, options)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3])
            var voter: AccountAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: proposalID = try field.uint64()
                case 2: voter = try field.address()
                case 3: option = try field.enumeration()
                case 4: options.append(try field.message())
                default: try fields.unknown(field)
                }
            }
            self.voter = try required(voter, 2)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.uint64(1, proposalID)
            writer.string(2, voter.description)
            writer.int64(3, Int64(option.rawValue))
            writer.embed(4, options)
        }
    }

    package struct DepositParams: ChainMessage {
        package static let name = "cosmos.gov.v1beta1.DepositParams"
        package var minDeposit: [Coin] = []
        package var maxDepositPeriod: Duration

        package init(minDeposit: [Coin] = [], maxDepositPeriod: Duration) {
            (self.minDeposit, self.maxDepositPeriod) = (minDeposit, maxDepositPeriod)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [2])
            var maxDepositPeriod: Duration?
            while let field = try fields.next() {
                switch field.number {
                case 1: minDeposit.append(try field.message())
                case 2: maxDepositPeriod = try field.message()
                default: try fields.unknown(field)
                }
            }
            self.maxDepositPeriod = try presentOrAbsent(maxDepositPeriod, policy)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.embed(1, minDeposit)
            writer.embed(2, maxDepositPeriod)
        }
    }

    package struct VotingParams: ChainMessage {
        package static let name = "cosmos.gov.v1beta1.VotingParams"
        package var votingPeriod: Duration

        package init(votingPeriod: Duration) {
            self.votingPeriod = votingPeriod
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            var votingPeriod: Duration?
            while let field = try fields.next() {
                switch field.number {
                case 1: votingPeriod = try field.message()
                default: try fields.unknown(field)
                }
            }
            self.votingPeriod = try presentOrAbsent(votingPeriod, policy)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.embed(1, votingPeriod)
        }
    }

    package struct TallyParams: ChainMessage {
        package static let name = "cosmos.gov.v1beta1.TallyParams"
        package var quorum: Decimal18
        package var threshold: Decimal18
        package var vetoThreshold: Decimal18

        package init(quorum: Decimal18, threshold: Decimal18, vetoThreshold: Decimal18) {
            (self.quorum, self.threshold, self.vetoThreshold) = (quorum, threshold, vetoThreshold)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3])
            var quorum: Decimal18?
            var threshold: Decimal18?
            var vetoThreshold: Decimal18?
            while let field = try fields.next() {
                switch field.number {
                case 1: quorum = try field.decimal()
                case 2: threshold = try field.decimal()
                case 3: vetoThreshold = try field.decimal()
                default: try fields.unknown(field)
                }
            }
            self.quorum = try required(quorum, 1)
            self.threshold = try required(threshold, 2)
            self.vetoThreshold = try required(vetoThreshold, 3)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, quorum.scaledText)
            writer.string(2, threshold.scaledText)
            writer.string(3, vetoThreshold.scaledText)
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
        package static let proposal = ChainMethod<QueryProposalRequest, QueryProposalResponse>(
            "/cosmos.gov.v1beta1.Query/Proposal"
        )
        package static let proposals = ChainMethod<QueryProposalsRequest, QueryProposalsResponse>(
            "/cosmos.gov.v1beta1.Query/Proposals"
        )
        package static let vote = ChainMethod<QueryVoteRequest, QueryVoteResponse>("/cosmos.gov.v1beta1.Query/Vote")
        package static let votes = ChainMethod<QueryVotesRequest, QueryVotesResponse>("/cosmos.gov.v1beta1.Query/Votes")
        package static let params = ChainMethod<QueryParamsRequest, QueryParamsResponse>(
            "/cosmos.gov.v1beta1.Query/Params"
        )
        package static let deposit = ChainMethod<QueryDepositRequest, QueryDepositResponse>(
            "/cosmos.gov.v1beta1.Query/Deposit"
        )
        package static let deposits = ChainMethod<QueryDepositsRequest, QueryDepositsResponse>(
            "/cosmos.gov.v1beta1.Query/Deposits"
        )
        package static let tallyResult = ChainMethod<QueryTallyResultRequest, QueryTallyResultResponse>(
            "/cosmos.gov.v1beta1.Query/TallyResult"
        )
    }

    package struct QueryProposalRequest: ChainMessage {
        package static let name = "cosmos.gov.v1beta1.QueryProposalRequest"
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
        package static let name = "cosmos.gov.v1beta1.QueryProposalResponse"
        package var proposal: Proposal

        package init(proposal: Proposal) {
            self.proposal = proposal
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            var proposal: Proposal?
            while let field = try fields.next() {
                switch field.number {
                case 1: proposal = try field.message()
                default: try fields.unknown(field)
                }
            }
            self.proposal = try presentOrAbsent(proposal, policy)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.embed(1, proposal)
        }
    }

    package struct QueryProposalsRequest: ChainMessage {
        package static let name = "cosmos.gov.v1beta1.QueryProposalsRequest"
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
        package static let name = "cosmos.gov.v1beta1.QueryProposalsResponse"
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
        package static let name = "cosmos.gov.v1beta1.QueryVoteRequest"
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
        package static let name = "cosmos.gov.v1beta1.QueryVoteResponse"
        package var vote: Vote

        package init(vote: Vote) {
            self.vote = vote
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            var vote: Vote?
            while let field = try fields.next() {
                switch field.number {
                case 1: vote = try field.message()
                default: try fields.unknown(field)
                }
            }
            self.vote = try presentOrAbsent(vote, policy)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.embed(1, vote)
        }
    }

    package struct QueryVotesRequest: ChainMessage {
        package static let name = "cosmos.gov.v1beta1.QueryVotesRequest"
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
        package static let name = "cosmos.gov.v1beta1.QueryVotesResponse"
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
        package static let name = "cosmos.gov.v1beta1.QueryParamsRequest"
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
        package static let name = "cosmos.gov.v1beta1.QueryParamsResponse"
        package var votingParams: VotingParams
        package var depositParams: DepositParams
        package var tallyParams: TallyParams

        package init(votingParams: VotingParams, depositParams: DepositParams, tallyParams: TallyParams) {
            (self.votingParams, self.depositParams, self.tallyParams) = (votingParams, depositParams, tallyParams)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3])
            var votingParams: VotingParams?
            var depositParams: DepositParams?
            var tallyParams: TallyParams?
            while let field = try fields.next() {
                switch field.number {
                case 1: votingParams = try field.message()
                case 2: depositParams = try field.message()
                case 3: tallyParams = try field.message()
                default: try fields.unknown(field)
                }
            }
            self.votingParams = try presentOrAbsent(votingParams, policy)
            self.depositParams = try presentOrAbsent(depositParams, policy)
            self.tallyParams = try presentOrAbsent(tallyParams, policy)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.embed(1, votingParams)
            writer.embed(2, depositParams)
            writer.embed(3, tallyParams)
        }
    }

    package struct QueryDepositRequest: ChainMessage {
        package static let name = "cosmos.gov.v1beta1.QueryDepositRequest"
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
        package static let name = "cosmos.gov.v1beta1.QueryDepositResponse"
        package var deposit: Deposit

        package init(deposit: Deposit) {
            self.deposit = deposit
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            var deposit: Deposit?
            while let field = try fields.next() {
                switch field.number {
                case 1: deposit = try field.message()
                default: try fields.unknown(field)
                }
            }
            self.deposit = try presentOrAbsent(deposit, policy)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.embed(1, deposit)
        }
    }

    package struct QueryDepositsRequest: ChainMessage {
        package static let name = "cosmos.gov.v1beta1.QueryDepositsRequest"
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
        package static let name = "cosmos.gov.v1beta1.QueryDepositsResponse"
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
        package static let name = "cosmos.gov.v1beta1.QueryTallyResultRequest"
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
        package static let name = "cosmos.gov.v1beta1.QueryTallyResultResponse"
        package var tally: TallyResult

        package init(tally: TallyResult) {
            self.tally = tally
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            var tally: TallyResult?
            while let field = try fields.next() {
                switch field.number {
                case 1: tally = try field.message()
                default: try fields.unknown(field)
                }
            }
            self.tally = try presentOrAbsent(tally, policy)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.embed(1, tally)
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
