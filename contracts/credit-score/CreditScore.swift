typealias ThisContract = CreditScore

// sdk: message
struct Start {
    /// The source's secp256k1 key, compressed: only records it signed count.
    var sourceKey: Bytes
}

/// What the source attests about one person; it signs the SHA-256 of these bytes as it wrote them.
// sdk: message
struct Record {
    var subject: Text
    var contract: Text
    var validUntilSeconds: UInt64
    var monthlyIncome: UInt32
    var monthlyDebt: UInt32
    var accountYears: UInt32
    var missedPayments: UInt32
}

// sdk: message
enum Action {
    /// By the person the record is about.
    case submit(record: Text, signature: Bytes)
    case setViewingKey(key: Text)
    /// Lets `reader` see the band, and nothing else, until then.
    case share(reader: Text, untilSeconds: UInt64)
    case forget
}

// sdk: message
enum Question {
    case score(address: Text, key: Text)  // sdk: returns Score
    case band(subject: Text, reader: Text, key: Text)  // sdk: returns Band
}

// sdk: message
struct Score {
    var points: UInt32
    var band: Text
    var validUntilSeconds: UInt64
}

// sdk: message
struct Band {
    var band: Text
}

/// A credit score from data that a source signed. The source never learns who asks, the lender never sees the data, and
/// the person cannot change what was signed.
enum CreditScore: Contract {
    private static let source = Item<Bytes>("source")
    private static let scores = Map<Score>("score", paddedTo: 128)
    private static let shares = Map<UInt64>("share", paddedTo: 32)

    static var answerBytesMultiple: Int { 128 }

    static func instantiate(_ call: Call, _ message: Start) throws(ContractError) -> Response {
        try call.requireNoFunds()
        guard message.sourceKey.bytes.count == 33 else { throw ContractError("a key has 33 bytes") }
        source.save(message.sourceKey)
        return Response()
    }

    static func execute(_ call: Call, _ message: Action) throws(ContractError) -> Response {
        try call.requireNoFunds()
        let person = call.sender.address
        switch message {
        case .submit(let record, let signature):
            let score = try check(call, record, signature.bytes)
            scores.save(score, at: person)
            return Response(answering: score)
        case .setViewingKey(let key): try ViewingKeys.set(key, of: person)
        case .share(let reader, let until):
            try Chain.requireAddress(reader, "reader")
            shares.save(until, at: person + "/" + reader)
        case .forget: scores.remove(person)
        }
        return Response()
    }

    static func query(_ environment: Environment, _ question: Question) throws(ContractError) -> JSON {
        switch question {
        case .score(let address, let key):
            try ViewingKeys.require(key, of: address)
            guard let score = try scores.find(address) else { throw ContractError("no score") }
            return score.json
        case .band(let subject, let reader, let key):
            try ViewingKeys.require(key, of: reader)
            // Not shared, ended and no score are one answer: a refusal tells nothing about the person.
            guard let until = try shares.find(subject + "/" + reader), environment.timeSeconds < until,
                let score = try scores.find(subject), environment.timeSeconds < score.validUntilSeconds
            else { throw ContractError("nothing is shared with you") }
            return Band(band: score.band).json
        }
    }

    private static func check(_ call: Call, _ text: Text, _ signature: [UInt8]) throws(ContractError) -> Score {
        let key = try source.load().bytes
        guard signature.count == 64,
            Host.verify(signature: signature, digest: SHA256.hash(text.utf8), publicKey: key)
        else { throw ContractError("the source did not sign this record") }
        let record = try Record(JSONReader.parse(text.utf8), "record")
        guard record.subject == call.sender.address else { throw ContractError("the record is about somebody else") }
        guard record.contract == call.environment.contractAddress else {
            throw ContractError("the record is for another contract")
        }
        guard call.environment.timeSeconds < record.validUntilSeconds else { throw ContractError("the record is old") }
        return score(record)
    }

    /// From 300 to 850 points, in integers alone.
    private static func score(_ record: Record) -> Score {
        let income = UInt64(max(record.monthlyIncome, 1))
        let debtPercent = min(UInt64(record.monthlyDebt) * 100 / income, 100)
        var points = Int64(550)
        points += Int64(min(record.accountYears, 20)) * 8
        points += Int64(min(record.monthlyIncome / 500, 14)) * 10
        points -= Int64(debtPercent) * 2
        points -= Int64(min(record.missedPayments, 10)) * 35
        points = min(max(points, 300), 850)
        let band: Text = points >= 740 ? "A" : points >= 620 ? "B" : points >= 500 ? "C" : "D"
        return Score(points: UInt32(points), band: band, validUntilSeconds: record.validUntilSeconds)
    }
}
