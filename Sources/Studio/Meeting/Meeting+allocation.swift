// SPDX-License-Identifier: Apache-2.0
import Media
import RTP
import SDP

extension Meeting {
    /// Decides anew what a viewer gets: which sources in which slots, and which encoding of each.
    func allocate(_ seat: Seat) {
        seat.isDirty = false
        seat.allocatedAt = now
        guard seat.isOpen, !seat.slots.isEmpty else { return }
        seatVoices(seat)
        seatPictures(seat)
        divide(seat)
        let states = states(seat)
        if states != seat.told {
            seat.told = states
            outputs.append(.tell(.slots(seat.id, states)))
        }
    }

    // MARK: Who sits where

    private func put(_ source: Feed?, in slot: Slot) {
        guard slot.source !== source else { return }
        if let old = slot.source {
            old.slots.removeAll { $0 === slot }
            slot.seat.pacer.forget(slot)
        }
        slot.aim(at: nil, now: now)
        slot.source = source
        slot.restingSince = nil
        source?.slots.append(slot)
    }

    /// All voices while there are slots for them, else the loudest; who has a slot keeps it.
    private func seatVoices(_ seat: Seat) {
        let slots = seat.slots.filter { !$0.isVideo }
        guard !slots.isEmpty else { return }
        var candidates = sources.filter { !$0.isVideo && $0.isTold && seat.mayHave($0) }
        let most = min(slots.count, max(1, settings.voiceLimit))
        if candidates.count > most {
            let loud = speakers(of: seat.group).loudest(most)
            let chosen = candidates.filter { loud.contains($0.id) }
            let seated = candidates.filter { source in
                slots.contains { $0.source === source } && !loud.contains(source.id)
            }
            candidates = Array(
                (chosen + seated
                    + candidates.filter { source in
                        !loud.contains(source.id) && !seated.contains { $0 === source }
                    }).prefix(most))
        }
        seatAll(candidates.map { ($0, nil) }, in: slots)
        for slot in slots { slot.aim(at: slot.source?.layers.first { slot.coding($0.format) != nil }, now: now) }
    }

    private func seatPictures(_ seat: Seat) {
        let slots = seat.slots.filter(\.isVideo)
        guard !slots.isEmpty else { return }
        let there = sources.filter { $0.isVideo && $0.isTold && seat.mayHave($0) }
        guard let wishes = seat.wishes else {
            // Nobody said what is wanted: screens, who speaks, then who came first.
            let speaking = speakers(of: seat.group).current.flatMap(find)?.seat
            let ordered = there.sorted { left, right in
                let rank = { (source: Feed) in source.isScreen ? 0 : source.seat === speaking ? 1 : 2 }
                return (rank(left), left.id) < (rank(right), right.id)
            }
            let chosen = Array(ordered.prefix(slots.count))
            seatAll(chosen.map { ($0, nil) }, in: slots)
            for slot in slots {
                guard let source = slot.source else { continue }
                slot.importance = source.isScreen ? .screen : source.seat === speaking ? .speaker : .visible
                slot.heightLimit = 2_160
            }
            return
        }
        var wanted: [(Feed, String?)] = []
        for wish in wishes.sorted(by: { $0.importance < $1.importance }) {
            guard let source = there.first(where: { $0.id == wish.source }),
                !wanted.contains(where: { $0.0 === source })
            else { continue }
            wanted.append((source, wish.mid))
        }
        seatAll(Array(wanted.prefix(slots.count)), in: slots)
        for slot in slots {
            guard let wish = wishes.first(where: { $0.source == slot.source?.id }) else { continue }
            slot.importance = wish.importance
            slot.heightLimit = max(1, wish.heightLimit)
        }
    }

    /// Who has a slot keeps it; the others take what is free.
    private func seatAll(_ wanted: [(Feed, String?)], in slots: [Slot]) {
        for slot in slots {
            guard let source = slot.source else { continue }
            let wish = wanted.first { $0.0 === source }
            if wish == nil || (wish?.1 != nil && wish?.1 != slot.section.mid) { put(nil, in: slot) }
        }
        for (source, mid) in wanted where !slots.contains(where: { $0.source === source }) {
            let named = slots.first { $0.section.mid == mid }
            if let slot = named ?? slots.first(where: { $0.source == nil }) { put(source, in: slot) }
        }
    }

    // MARK: What each gets

    private func divide(_ seat: Seat) {
        let slots = seat.slots.filter { $0.isVideo && $0.source != nil }
            .sorted { ($0.importance, $0.source?.id ?? SourceID(0)) < ($1.importance, $1.source?.id ?? SourceID(0)) }
        let voices = seat.slots.filter { !$0.isVideo && $0.current != nil }.count
        let voiceRate = Int64(voices) * 40_000
        var demands: [Allocator.Demand] = []
        var wanted = voiceRate
        for (place, slot) in slots.enumerated() {
            let isOver = lastN.map { place >= $0 } ?? false
            let options = isOver ? [] : options(for: slot)
            let current = options.lastIndex { option in
                slot.target.map { slot.source?.layers.firstIndex(of: $0) == option.layer } ?? false
                    && option.temporalLimit <= slot.temporalLimit && option.spatialLimit <= slot.spatialLimit
            }
            let isResting = slot.restingSince.map { now - $0 < 10_000_000 } ?? false
            demands.append(
                Allocator.Demand(importance: slot.importance, options: options, current: current, isResting: isResting))
            wanted += options.last?.rate ?? 0
        }
        // With the room that a step up asks for.
        seat.wanted = wanted * 13 / 10
        let budget =
            seat.estimator.target - voiceRate - min(seat.repairRate.bitsPerSecond(at: now), seat.estimator.target / 4)
        let chosen = Allocator.divide(budget, among: demands, isNarrow: seat.estimator.isNarrow(at: now))
        let rates = zip(chosen, demands).map { choice, demand in choice.map { demand.options[$0].rate } ?? 0 }
        seat.chosen = voiceRate + rates.reduce(0, +)
        seat.isContent =
            seat.estimator.target > seat.wanted
            && zip(chosen, demands).allSatisfy { choice, demand in choice == demand.options.indices.last }
        seat.pacer.rate = paceRate(seat)
        for (place, slot) in slots.enumerated() {
            apply(chosen[place], of: demands[place].options, to: slot, isOver: lastN.map { place >= $0 } ?? false)
        }
    }

    /// What a tile could have of its source, from small to large, nothing larger than it can show.
    private func options(for slot: Slot) -> [Allocator.Option] {
        guard let source = slot.source, !source.isMuted else { return [] }
        var options: [Allocator.Option] = []
        for (index, layer) in source.layers.enumerated() where slot.coding(layer.format) != nil {
            guard layer.isLive(at: now) else { continue }
            let measured = layer.rate.bitsPerSecond(at: now)
            if measured > 0 { layer.lastRate = measured }
            let rate = max(measured, 20_000)
            let height = layer.height ?? (720 >> (source.layers.count - 1 - index))
            if layer.spatialCount > 1 {
                options += spatial(layer, index, height)
                continue
            }
            // Half the pictures of the smallest, before none at all.
            if options.isEmpty, layer.temporalCount > 1 {
                options.append(.init(rate: rate * 6 / 10, height: height, layer: index, temporalLimit: 0))
            }
            options.append(.init(rate: rate, height: height, layer: index))
        }
        // What the next smaller one serves needs no larger one.
        while options.count > 1, options[options.count - 2].height >= slot.heightLimit { options.removeLast() }
        return options
    }

    private func spatial(_ layer: Layer, _ index: Int, _ height: Int) -> [Allocator.Option] {
        var sum: Int64 = 0
        return layer.spatialRates.indices.map { spatial in
            sum += max(10_000, layer.spatialRates[spatial].bitsPerSecond(at: now))
            let shift = layer.spatialRates.count - 1 - spatial
            // The highest is everything, layers that have not come yet too.
            let limit = shift == 0 ? 7 : UInt8(spatial)
            return .init(rate: sum, height: height >> shift, layer: index, spatialLimit: limit)
        }
    }

    private func apply(_ choice: Int?, of options: [Allocator.Option], to slot: Slot, isOver: Bool) {
        guard let source = slot.source else { return }
        guard let choice else {
            slot.reason = restReason(slot, source, hasOptions: !options.isEmpty, isOver: isOver)
            if !options.isEmpty || isOver || source.isMuted {
                if slot.target != nil, !isOver, !source.isMuted { slot.restingSince = now }
                slot.aim(at: nil, now: now)
            } else if slot.target == nil {
                // It is dry: whatever comes first will do.
                slot.aim(at: source.layers.first { slot.coding($0.format) != nil }, now: now, asking: false)
            }
            return
        }
        let option = options[choice]
        let layer = source.layers[option.layer]
        slot.temporalLimit = option.temporalLimit
        slot.spatialLimit = option.spatialLimit
        if slot.target !== layer { turn(slot, to: layer) }
        if slot.wantsKeyFrame { layer.throttle.want() }
        let isBest = choice == options.count - 1
        if slot.current !== slot.target, slot.current == nil {
            slot.reason = .awaitingKeyFrame
        } else if !isBest {
            slot.reason = .narrowLine
        } else {
            let isShort = source.layers.contains { !$0.isLive(at: now) } && option.height < slot.heightLimit
            slot.reason = isShort ? .publisherSmall : .full
        }
    }

    private func restReason(_ slot: Slot, _ source: Feed, hasOptions: Bool, isOver: Bool) -> Reason {
        if isOver { return .overload }
        if source.isMuted { return .muted }
        if let format = source.format, slot.coding(format) == nil { return .formatUnknown }
        return hasOptions ? .paused : .publisherSilent
    }

    /// Another encoding: with what the ring has since the last key frame where that is little, else with the next one.
    private func turn(_ slot: Slot, to layer: Layer) {
        let seat = slot.seat
        let isFirst = slot.current == nil
        let perSecond = Int(seat.pacer.rate / 8)
        var canReplay = layer.canReplay(
            at: now, ageLimit: isFirst ? settings.replayMilliseconds * 1_000 : 500_000,
            bytesLimit: isFirst ? min(settings.replayBytes, perSecond) : perSecond / 5)
        if isFirst, !canReplay, let quiet = layer.throttle.quiet(at: now), quiet < settings.replayMilliseconds * 1_000 {
            // A key frame came not long ago; another one just for this viewer would cost everybody.
            canReplay = layer.canReplay(
                at: now, ageLimit: settings.replayMilliseconds * 1_000, bytesLimit: settings.replayBytes)
            if canReplay { seat.pacer.rate = max(seat.pacer.rate, 5_000_000) }
        }
        slot.aim(at: layer, now: now, asking: !canReplay)
        guard canReplay else { return }
        slot.replay(layer, at: now) { parcel, placement in
            seat.send(parcel, placement, in: slot, of: layer, isRepair: false, to: outbox, at: now)
        }
        if seat.isWaiting { isBusy = true }
    }

    func states(_ seat: Seat) -> [SlotState] {
        seat.slots.map { slot in
            let layers = slot.source?.layers ?? []
            let index = slot.current.flatMap { layers.firstIndex(of: $0) }
            let reason: Reason
            if slot.isVideo || slot.source == nil {
                reason = slot.source == nil ? .full : slot.reason
            } else {
                reason = slot.source?.isMuted == true ? .muted : slot.target == nil ? .formatUnknown : .full
            }
            return SlotState(
                mid: slot.section.mid, isVideo: slot.isVideo, source: slot.source?.id, layer: index,
                height: slot.current?.height, reason: reason)
        }
    }
}

extension [Layer] {
    func firstIndex(of layer: Layer) -> Int? { firstIndex { $0 === layer } }
}
