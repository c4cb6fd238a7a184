// SPDX-License-Identifier: Apache-2.0

/// Sees to it that every finished recording has its poster and its small stills. Lives on the pump's loop.
final class Gallery {
    private let vault: Vault
    private let pictures: Pictures
    private let loop: Loop
    private let log: @Sendable (String) -> Void
    /// What was drawn or is to be; what could not be is not tried again before the next start.
    private var asked: Set<String> = []

    /// Draws on this loop's behalf.
    init(_ vault: Vault, on loop: Loop, log: @escaping @Sendable (String) -> Void) {
        (self.vault, self.loop, self.log) = (vault, loop, log)
        pictures = Pictures(on: loop)
        let me = Me(self)
        vault.tellErased { file, name in
            loop.execute { me.gallery?.forget(vault.path(file, of: name)) }
        }
    }

    /// The recordings of a broadcast are no longer what they were.
    func visit(_ name: String) {
        let (me, loop) = (Me(self), loop)
        vault.undrawn(name) { paths in
            loop.execute { for (path, milliseconds) in paths { me.gallery?.draw(path, milliseconds) } }
        }
    }

    private func draw(_ path: String, _ milliseconds: Int64) {
        guard asked.insert(path).inserted else { return }
        pictures.draw(path, milliseconds: milliseconds) { [log] reason in if let reason { log("\(path): \(reason)") } }
    }

    private func forget(_ path: String) {
        asked.remove(path)
        pictures.forget(path)
    }

    /// Carries the gallery to its own loop.
    // Looked at on that loop alone.
    private struct Me: @unchecked Sendable {
        weak var gallery: Gallery?
        init(_ gallery: Gallery) { self.gallery = gallery }
    }
}
