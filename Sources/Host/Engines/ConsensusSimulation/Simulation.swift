import BlockExecution
import BlockStorage
import ChainFormats
import ChainInterface
import ConsensusCore
import DecidedBlocks
import EmbeddedEngine
import PublicCryptography
import StrictJSON
import Wire

/// One run. Faults happen until the first node has decided the heights that were asked for, or some time has gone by;
/// then the network is quick and whole, hostile validators stay, and everyone must go on to decide.
package final class Simulation: @unchecked Sendable {
    // One thread has it.
    let settings: SimulationSettings
    let chain: SimulatedChain
    let world: (any SimulatedWorld)?
    let reactors: (any SimulatedReactors)?
    private var lines: SimulatedLines
    private(set) var nodes: [SimulatedNode] = []
    private(set) var adversaries: [SimulatedAdversary?] = []
    private(set) var monitor: SimulationMonitor!
    /// Microseconds since genesis.
    private(set) var now: Int64 = 0

    private let faults: [SimulatedFault]
    private var events = EventQueue()
    private var links: SimulatedLinks
    private var stream: SeededStream
    private var digest = EventDigest()
    private var eventCount = 0
    private var messageCount = 0
    private var byteCount = 0
    private var counts: [Int]
    private var decidedHeight: Int64 = 0
    private var isCalm = false
    private var target = Int64.max
    private var deadline = Int64.max

    private static let gossipInterval: Int64 = 150_000
    private static let worldInterval: Int64 = 250_000
    /// After this much time with faults they end, whatever was decided.
    private static let microsecondsPerHeight: Int64 = 8_000_000
    private static let calmMicroseconds: Int64 = 400_000_000
    private static let heightsAfterCalm: Int64 = 3
    private static let eventsMax = 20_000_000

    /// With a `world` nodes run that, and faults that it cannot have are left out. With `reactors` nodes talk by those.
    package init(
        _ settings: SimulationSettings, world: (any SimulatedWorld)? = nil, reactors: (any SimulatedReactors)? = nil
    ) throws {
        (self.settings, self.world, self.reactors) = (settings, world, reactors)
        let count = settings.nodeCount
        lines = SimulatedLines(count: count)
        var setup = SeededStream(seed: settings.seed, purpose: 1)
        var later = SeededStream(seed: settings.seed, purpose: 6)
        let drawn = settings.attack.faults(&setup, &later)
        faults = world == nil ? drawn : drawn.filter { !$0.isOfPlainApplication }
        links = SimulatedLinks(count: count, seed: settings.seed)
        stream = SeededStream(seed: settings.seed, purpose: 3)
        counts = Array(repeating: 0, count: SimulatedFault.allCases.count)
        let keys = (0..<count).map { SimulatedKey(seed: settings.seed, index: $0) }
        let isUnequal = faults.contains(.unequalPowers)
        let powers = (0..<count).map { _ in isUnequal ? setup.within(1...20) : 10 }
        let made = Simulation.share(faults.filter(\.isOfFaultyNode), powers, &setup)
        chain = try SimulatedChain(
            seed: settings.seed,
            members: keys.indices.map { ValidatorUpdate(publicKey: keys[$0].publicKey, power: powers[$0]) },
            faulty: keys.indices.filter { !made[$0].isEmpty }.map { keys[$0].address },
            changesSet: faults.contains(.changingSet), appState: world?.appState ?? .object([]))
        let honest = made.indices.filter { made[$0].isEmpty }
        var odd = settings.defect == .paperLocks ? [setup.one(of: honest)] : honest
        if settings.defect == .forgottenVote { odd = Array(keys.indices) }
        nodes = keys.indices.map {
            SimulatedNode(
                index: $0, key: keys[$0], simulation: self, faults: made[$0],
                defect: odd.contains($0) ? settings.defect : nil)
        }
        adversaries = nodes.map { node in
            node.isHostile
                ? SimulatedAdversary(faults: node.faults, index: node.index, simulation: self) : nil
        }
        monitor = SimulationMonitor(simulation: self)
        try beginWorld(keys)
        beginReactors(keys)
        for fault in [SimulatedFault.unequalPowers, .changingSet] where faults.contains(fault) { self.count(fault) }
        for node in nodes {
            if faults.contains(.clockSkew) {
                self.count(.clockSkew)
                node.clockOffset = setup.within(-20_000_000...20_000_000)
            }
            if faults.contains(.timerDrift) {
                self.count(.timerDrift)
                node.timerPercent = setup.within(60...170)
            }
        }
    }

    /// The faulty nodes, each with one or more of these faults: together less than a third of the power.
    private static func share(
        _ faults: [SimulatedFault], _ powers: [Int64], _ setup: inout SeededStream
    ) -> [[SimulatedFault]] {
        var shares = [[SimulatedFault]](repeating: [], count: powers.count)
        guard !faults.isEmpty else { return shares }
        let total = powers.reduce(0, +)
        var faulty: Int64 = 0
        var open = faults
        // Who has only lost its log votes no other way: without one of three equals nothing is decided.
        let isForgetful = faults == [.lostLog]
        for index in setup.mixed(Array(powers.indices))
        where (faulty + powers[index]) * 3 < total + (isForgetful ? 1 : 0) {
            faulty += powers[index]
            shares[index] = [open.isEmpty ? setup.one(of: faults) : open.removeFirst()]
            for fault in faults where !shares[index].contains(fault) && setup.chance(percent: 30) {
                shares[index].append(fault)
            }
        }
        return shares
    }

    package func run() -> SimulationReport {
        for node in nodes {
            events.add(.start, at: stream.within(0...500_000), node: node.index)
            events.add(.gossip, at: stream.within(0...Self.gossipInterval), node: node.index)
            if node.isHostile { events.add(.mischief, at: 1_000_000, node: node.index) }
        }
        events.add(.fault, at: 500_000)
        events.add(.calm, at: settings.heights * Self.microsecondsPerHeight)
        if world != nil { events.add(.world, at: Self.worldInterval) }
        while monitor.violation == nil, !isOver, let event = events.next() {
            now = event.time
            eventCount += 1
            if eventCount > Self.eventsMax { monitor.fail("more than \(Self.eventsMax) events") }
            if now > deadline { monitor.fail(stall) }
            handle(event)
        }
        if monitor.violation == nil, let world {
            do { try world.check() } catch { monitor.fail("the world cannot be looked at: \(error)") }
        }
        if monitor.violation == nil, !faults.contains(.changingSet) { monitor.checkTurns(chain.first.validators) }
        // Engine and node hold each other.
        for node in nodes { node.forget() }
        return SimulationReport(
            violation: monitor.violation, hash: digest.value, eventCount: eventCount,
            simulatedMilliseconds: now / 1000, heights: decidedHeight, highestRound: monitor.highestRound,
            evidenceCount: monitor.evidenceCount, messageCount: messageCount, byteCount: byteCount,
            faults: zip(SimulatedFault.allCases, counts).filter { $0.1 > 0 }.map { (fault: $0, count: $1) })
    }

    private var isOver: Bool {
        isCalm && nodes.allSatisfy { $0.isHostile || $0.lastHeight >= target } && world?.isSettled ?? true
    }

    private var stall: String {
        let places = nodes.filter { !$0.isHostile }.map { node in
            node.loop.map { "\($0.core.height)/\($0.core.round)/\($0.core.step)\($0.isSyncing ? " syncing" : "")" }
                ?? "-"
        }
        let waits = world?.isSettled ?? true ? "" : ", clients wait"
        return "not all decided height \(target) in time: \(places.joined(separator: " "))\(waits)"
    }

    // MARK: - Events

    private func handle(_ event: SimulatedEvent) {
        switch event.kind {
        case .fault: if !isCalm { makeFault() }
        case .calm: beginCalm()
        case .world:
            events.add(.world, at: now + Self.worldInterval)
            do { try world?.act(at: now, isCalm: isCalm) } catch { monitor.fail("the world ended: \(error)") }
        case .start:
            let node = nodes[event.node]
            guard !node.isUp, !node.isGone else { return }
            note(1, node, 0)
            attempt(node) { try node.start(bySyncing: fallsBehind(node) && stream.chance(percent: 60)) }
            dial(from: node)
        case .gossip:
            events.add(.gossip, at: now + Self.gossipInterval, node: event.node)
            let node = nodes[event.node]
            if node.isUp, node.pausedUntil <= now, adversaries[node.index]?.gossips ?? true {
                attempt(node) { try node.gossip() }
            }
        case .mischief:
            events.add(.mischief, at: now + 700_000, node: event.node)
            if nodes[event.node].isUp { adversaries[event.node]?.mischief(of: nodes[event.node]) }
        case .connect(let peer): connect(nodes[event.node], nodes[peer])
        case .timer, .arrival, .frame, .work:
            let node = nodes[event.node]
            guard node.isUp, node.life == event.life else { return }
            guard node.pausedUntil <= now else {
                events.add(event.kind, at: node.pausedUntil, node: event.node, life: event.life)
                return
            }
            if case .frame(let frame) = event.kind {
                receive(frame, at: node)
            } else if case .work(let body) = event.kind {
                note(5, node, 0)
                attempt(node) { try node.enter(body) }
            } else if case .arrival(let envelope, let sender) = event.kind {
                note(2, node, envelope.digest)
                attempt(node) { try node.receive(envelope, from: PeerNumber(UInt64(sender))) }
            } else if let due = node.deadline, due <= now {
                note(3, node, 0)
                attempt(node) { try node.fireTimer() }
            }
        }
    }

    private func note(_ kind: UInt64, _ node: SimulatedNode, _ content: UInt64) {
        digest.add(now)
        digest.add(kind << 32 | UInt64(node.index))
        digest.add(content)
        digest.add(node.lastHeight << 16 | Int64(node.loop?.core.round ?? 0))
    }

    private func attempt(_ node: SimulatedNode, _ work: () throws -> Void) {
        do { try work() } catch is NodeCrashed {
            restart(node)
        } catch {
            switch world?.fate(of: node.index, after: error) ?? .failed {
            case .failed: monitor.fail("node \(node.index) ended at \(node.lastHeight + 1): \(error)")
            case .restarts: restart(node)
            case .gone:
                node.isGone = true
                node.crash()
            }
        }
    }

    private func beginCalm() {
        guard !isCalm else { return }
        isCalm = true
        links.heal()
        target = decidedHeight + Self.heightsAfterCalm
        deadline = now + Self.calmMicroseconds
        monitor.calmSince = now + 2_000_000
        for node in nodes {
            (node.crashPoint, node.losesLog) = (nil, false)
            node.disk.log.tearsAt = nil
            node.pausedUntil = min(node.pausedUntil, now)
            if !node.isUp, !node.isGone { events.add(.start, at: now + stream.within(0...1_000_000), node: node.index) }
        }
    }

    // MARK: - What nodes use

    func heightDecided(_ height: Int64) {
        decidedHeight = max(decidedHeight, height)
        digest.add(height)
        if decidedHeight >= settings.heights { events.add(.calm, at: now) }
        let lowest = nodes.map(\.lastHeight).min() ?? 0
        chain.forget(below: lowest - 1)
        monitor.forget(below: lowest - 2)
    }

    func heightRan(_ block: DecidedBlock, _ outcome: BlockOutcome) {
        guard let world else { return }
        digest.add(outcome.appHash)
        world.came(outcome, of: block)
    }

    func count(_ fault: SimulatedFault) { counts[SimulatedFault.allCases.firstIndex(of: fault)!] += 1 }

    func wake(_ node: SimulatedNode, at time: Int64) {
        events.add(.timer, at: time, node: node.index, life: node.life)
    }

    func broadcast(_ envelope: Envelope, from node: SimulatedNode) {
        for peer in nodes where peer.index != node.index { send(envelope, from: node, to: peer) }
    }

    func send(_ envelope: Envelope, from node: SimulatedNode, to peer: SimulatedNode) {
        if let form = form(of: envelope) {
            if let number = lines.number(node.index, to: peer.index) {
                _ = say(form.bytes, on: form.channel, number, node)
            }
            return
        }
        messageCount += 1
        byteCount += envelope.byteCount
        for time in links.arrivals(from: node.index, to: peer.index, kind: envelope.kind, now: now) {
            events.add(.arrival(envelope, from: node.index), at: time, node: peer.index, life: peer.life)
        }
    }

    /// For a block that a node makes now.
    func transactions(of node: SimulatedNode, bytesMax: Int) -> [HashedTransaction] {
        var transactions = (0..<stream.below(3)).map { _ in HashedTransaction(stream.bytes(12)) }
        if faults.contains(.rejectedBlocks), !isCalm, stream.chance(percent: 40) {
            count(.rejectedBlocks)
            transactions.append(HashedTransaction(SimulatedChain.refusedPrefix + [UInt8(node.index)] + stream.bytes(4)))
        }
        if faults.contains(.largeBlocks), stream.chance(percent: 30) {
            count(.largeBlocks)
            let size = 60_000 + stream.below(150_000)
            transactions.append(HashedTransaction([UInt8](repeating: UInt8(stream.below(256)), count: size)))
        }
        return transactions
    }

    func deafen(_ node: SimulatedNode, to kind: Envelope.Kind, until time: Int64) {
        if !isCalm { links.deaf = (node.index, kind, time) }
    }

    func saw(_ core: ConsensusMachine, of node: SimulatedNode) {
        monitor.check(node, core)
        guard !node.isHostile, faults.contains(.desertion) else { return }
        for adversary in adversaries { adversary?.saw(core) }
    }

    /// Whether a block that is fetched may come with another's wrong commit.
    var hasBadSync: Bool { faults.contains(.badSync) }

    func one<Element>(of list: [Element]) -> Element { stream.one(of: list) }

    /// A node that fetches has everything.
    func endSync(of node: SimulatedNode) {
        note(4, node, 0)
        attempt(node) { try node.endSync() }
    }

    private func fallsBehind(_ node: SimulatedNode) -> Bool {
        nodes.contains { $0.isUp && $0.lastHeight > node.lastHeight + 1 }
    }
}

// MARK: - Reactors

extension Simulation {
    private func beginReactors(_ keys: [SimulatedKey]) {
        reactors?.begin(
            ReactorSetting(
                chainID: SimulatedChain.chainID, initialHeight: chain.genesis.initialHeight,
                blockBytesMax: chain.genesis.parameters.blockBytesLimit, publicKeys: keys.map(\.publicKey),
                now: { [unowned self] in now },
                send: { [unowned self] in say($3, on: $2, $1, nodes[$0]) },
                hasRoom: { [unowned self] node, number, channel in
                    lines.peer(node, number).map { lines.hasRoom(from: node, to: $0, channel) } ?? false
                },
                drop: { [unowned self] in drop(nodes[$0], $1, $2, isSlowness: $3) },
                perform: { [unowned self] node, delay, body in
                    events.add(.work(body), at: now + delay, node: node, life: nodes[node].life)
                },
                gossips: { [unowned self] in adversaries[$0]?.gossips ?? true }))
    }

    private func form(of envelope: Envelope) -> (channel: UInt8, bytes: [UInt8])? {
        guard let reactors else { return nil }
        switch envelope.content {
        case .proposal(let proposal): return reactors.form(of: .proposal(proposal))
        case .part(let height, let round, let part):
            return reactors.form(of: .part(height: height, round: round, part))
        case .vote(let vote): return reactors.form(of: .vote(vote))
        case .evidence(let item): return reactors.form(of: item)
        case .synced, .transaction: return nil
        }
    }

    private func say(_ bytes: [UInt8], on channel: UInt8, _ number: UInt64, _ node: SimulatedNode) -> Bool {
        guard let peer = lines.peer(node.index, number), lines.hasRoom(from: node.index, to: peer, channel) else {
            return false
        }
        messageCount += 1
        byteCount += bytes.count
        let connection = lines.connection(node.index, peer)
        guard let time = links.lineArrival(from: node.index, to: peer, now: now) else {
            // Both sides find out a little later.
            events.add(
                .work { [unowned self] in cut(connection, node, nodes[peer]) }, at: now, node: node.index,
                life: node.life)
            return true
        }
        lines.left(from: node.index, to: peer, channel, bytes.count)
        var said = bytes
        adversaries[node.index]?.spoil(&said, on: channel)
        let frame = SimulatedFrame(connection: connection, sender: node.index, channel: channel, bytes: said)
        events.add(.frame(frame), at: time, node: peer, life: nodes[peer].life)
        return true
    }

    private func receive(_ frame: SimulatedFrame, at node: SimulatedNode) {
        guard lines.connection(frame.sender, node.index) == frame.connection,
            let number = lines.number(node.index, to: frame.sender)
        else { return }
        lines.arrived(from: frame.sender, to: node.index, frame.channel, frame.bytes.count)
        note(2, node, frame.digest)
        attempt(node) {
            try node.enter { reactors?.receive(frame.bytes, on: frame.channel, number: number, at: node.index) }
        }
    }

    private func dial(from node: SimulatedNode) {
        guard reactors != nil, node.isUp else { return }
        for peer in nodes where peer.index != node.index {
            events.add(.connect(peer.index), at: now + stream.within(10_000...400_000), node: node.index)
        }
    }

    private func connect(_ node: SimulatedNode, _ peer: SimulatedNode) {
        guard node.isUp, peer.isUp, lines.connection(node.index, peer.index) == 0 else { return }
        guard !links.isCut(node.index, peer.index, now: now), max(node.pausedUntil, peer.pausedUntil) <= now else {
            events.add(.connect(peer.index), at: now + 1_000_000, node: node.index)
            return
        }
        lines.connect(node.index, peer.index)
        links.renew(node.index, peer.index, now: now)
        for (one, other) in [(node, peer), (peer, node)] {
            guard one.isUp, let number = lines.number(one.index, to: other.index) else { return }
            note(6, one, number)
            attempt(one) {
                try one.enter { reactors?.connected(one.index, number: number, isOutbound: one === node) }
            }
        }
    }

    /// Ends a connection on both sides, if it is there still, and has it made again later.
    private func cut(_ connection: UInt64, _ node: SimulatedNode, _ peer: SimulatedNode, again delay: Int64 = 0) {
        guard lines.connection(node.index, peer.index) == connection else { return }
        let ends = [(node, peer), (peer, node)].compactMap { one, other in
            lines.number(one.index, to: other.index).map { (one, $0) }
        }
        lines.disconnect(node.index, peer.index)
        for (one, number) in ends where one.isUp {
            note(7, one, number)
            attempt(one) { try one.enter { reactors?.disconnected(one.index, number: number) } }
        }
        events.add(.connect(peer.index), at: now + delay + stream.within(500_000...2_000_000), node: node.index)
    }

    func loseLines(of node: SimulatedNode) {
        for peer in nodes where peer.index != node.index {
            let connection = lines.connection(node.index, peer.index)
            if connection != 0 { cut(connection, node, peer) }
        }
    }

    /// A peer is dropped, once what is done now is done. No honest node drops another but for slowness.
    private func drop(_ node: SimulatedNode, _ number: UInt64, _ fault: String, isSlowness: Bool) {
        guard let index = lines.peer(node.index, number) else { return }
        let peer = nodes[index]
        // Of two who sent a block and the commit for it, one may be honest.
        let isOfTwo = fault == "fault(invalid(blockSync))" && faults.contains(.badSync)
        if !isSlowness, !isOfTwo, !node.isHostile, !peer.isHostile {
            monitor.fail("node \(node.index) drops node \(index), which broke no rule: \(fault)")
        }
        let connection = lines.connection(node.index, index)
        events.add(
            .work { [unowned self] in cut(connection, node, peer, again: isSlowness ? 0 : 5_000_000) }, at: now,
            node: node.index, life: node.life)
    }
}

// MARK: - World

extension Simulation {
    private func beginWorld(_ keys: [SimulatedKey]) throws {
        try world?.begin(
            WorldSetting(
                seed: settings.seed, genesis: chain.genesis,
                nodes: zip(nodes, keys).map { (Array($1.secretKey.prefix(32)), $1.publicKey, $0.isHostile) },
                fail: { [unowned self] in monitor.fail($0) }, note: { [unowned self] in digest.add($0) },
                crash: { [unowned self] in crash(nodes[$0]) }, isUp: { [unowned self] in nodes[$0].isUp }))
    }

    private func attemptWorld(_ body: (any SimulatedWorld) throws -> Void) {
        do { try world.map(body) } catch { monitor.fail("a backup: \(error)") }
    }
}

// MARK: - Faults

extension Simulation {
    private func makeFault() {
        events.add(.fault, at: now + stream.within(200_000...3_000_000))
        guard !faults.isEmpty else { return }
        let fault = stream.one(of: faults)
        let until = now + stream.within(500_000...12_000_000)
        switch fault {
        case .delay:
            links.delay = stream.within(200_000...4_000_000)
            links.delayUntil = until
        case .loss:
            links.lossPercent = 5 + stream.below(60)
            links.lossUntil = until
        case .duplication:
            links.duplicationPercent = 10 + stream.below(80)
            links.duplicationUntil = until
        case .reorder: links.reorderUntil = until
        case .partition:
            let side = nodes.map { _ in stream.chance(percent: 50) }
            for one in nodes.indices {
                for other in nodes.indices where side[one] != side[other] {
                    links.cut(from: one, to: other, until: until)
                }
            }
        case .oneWayCut:
            let from = stream.below(nodes.count)
            for to in nodes.indices where stream.chance(percent: 60) { links.cut(from: from, to: to, until: until) }
        case .slowLink:
            links.slow(
                stream.below(nodes.count), stream.below(nodes.count), by: stream.within(500_000...5_000_000),
                until: until)
        case .selectiveLoss:
            links.deaf = (stream.below(nodes.count), stream.one(of: Envelope.Kind.allCases), until)
        case .blackout: for node in nodes { crash(node) }
        case .crash, .powerLoss, .tornWrite, .crashInCommit, .crashAtSigning, .pause, .clockJump:
            disturb(stream.one(of: nodes), fault)
        case .restoredBackup, .restoredSigner, .bitRot, .lostDisk, .lostLog:
            let weak = nodes.filter { $0.faults.contains(fault) && !$0.isHostile }
            guard !weak.isEmpty else { return }
            disturb(stream.one(of: weak), fault)
        default: return
        }
        count(fault)
    }

    private func disturb(_ node: SimulatedNode, _ fault: SimulatedFault) {
        switch fault {
        case .pause: node.pausedUntil = now + stream.within(500_000...10_000_000)
        case .clockJump: node.clockOffset = stream.within(-20_000_000...20_000_000)
        case .crashAtSigning:
            node.crashPoint = stream.one(of: [.inputsLogged, .proposalSigned, .prevoteSigned, .precommitSigned])
        case .crashInCommit:
            node.crashPoint = stream.one(of: [
                .decided, .blockSaved, .heightEnded, .blockFinalized, .outcomeSaved, .applicationCommitted, .stateSaved,
            ])
        case .restoredBackup, .restoredSigner:
            guard let backup = node.backup else {
                node.backup = (node.disk.copy(), node.signed)
                attemptWorld { try $0.keepBackup(of: node.index) }
                return
            }
            crash(node)
            // Behind an enclave's journal a block runs again only under the one after it: blocks are kept.
            if world == nil { node.disk = backup.disk }
            attemptWorld { try $0.restoreBackup(of: node.index) }
            if fault == .restoredSigner { node.signed = backup.signed }
            node.backup = nil
        case .bitRot:
            crash(node)
            if !node.disk.log.isEmpty { node.disk.log.rot(at: stream.below(node.disk.log.count)) }
        case .lostLog:
            node.losesLog = true
            node.crashPoint = stream.one(of: [.proposalSigned, .prevoteSigned, .precommitSigned, .decided])
        case .lostDisk:
            crash(node)
            node.disk = SimulatedDisk()
        case .tornWrite: node.disk.log.tearsAt = stream.below(100)
        default: crash(node)
        }
    }

    private func crash(_ node: SimulatedNode) {
        guard node.isUp, !node.isHostile else { return }
        restart(node)
    }

    private func restart(_ node: SimulatedNode) {
        node.crash()
        if node.losesLog { (node.losesLog, node.disk.log) = (false, SimulatedLogFile()) }
        events.add(.start, at: now + stream.within(10_000...8_000_000), node: node.index)
    }
}
