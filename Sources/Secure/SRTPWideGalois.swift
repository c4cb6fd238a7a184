// SPDX-License-Identifier: Apache-2.0
#if canImport(CIPsecMB)
    import CIPsecMB
    import COpenSSL

    /// AES-GCM (RFC 7714) by the widest instructions of an x86 processor: a packet in a quarter of the time that EVP takes
    /// (decision 0022). The code stands directly behind the payload, the RTCP index behind that.
    final class SRTPWideGalois: SRTPCipher {
        /// What fits this processor.
        // Addresses of functions of a library that stays where it is, found once and never changed: whoever calls them
        // brings all that they write to.
        private struct Functions: @unchecked Sendable {
            let gcm: cs_gcm

            init?() {
                var found = cs_gcm()
                guard cs_gcm_find(&found) == 1 else { return nil }
                gcm = found
            }
        }

        private static let functions = Functions()
        private static let tagBytes = 16
        /// Where in the scratch the IV of the packet at hand is, what is authenticated of RTCP, and the code that should be
        /// there; in front is the salt.
        private static let (iv, control, code) = (12, 24, 36)

        /// All that a packet takes lies in one piece: the key, the context, and the scratch.
        private static let contextPlace = MemoryLayout<gcm_key_data>.stride
        private static let scratchPlace = contextPlace + MemoryLayout<gcm_context_data>.stride
        private static let blockBytes = scratchPlace + 52

        private let block: UnsafeMutableRawPointer
        private let key: UnsafeMutablePointer<gcm_key_data>
        private let context: UnsafeMutablePointer<gcm_context_data>
        private let scratch: UnsafeMutablePointer<UInt8>
        private let translate: aes_gcm_enc_dec_t

        /// Nil where the processor has no instructions for it.
        init?(_ keys: SRTPKeys, isSealing: Bool) {
            guard let gcm = SRTPWideGalois.functions?.gcm else { return nil }
            let isLong = keys.key.count == 32
            guard let prepare = isLong ? gcm.prepare256 : gcm.prepare128,
                let translate = isSealing
                    ? (isLong ? gcm.seal256 : gcm.seal128) : (isLong ? gcm.open256 : gcm.open128)
            else { return nil }
            self.translate = translate
            block = .allocate(byteCount: SRTPWideGalois.blockBytes, alignment: 64)
            key = block.initializeMemory(as: gcm_key_data.self, to: gcm_key_data())
            context = (block + SRTPWideGalois.contextPlace).initializeMemory(
                as: gcm_context_data.self, to: gcm_context_data())
            scratch = (block + SRTPWideGalois.scratchPlace).initializeMemory(
                as: UInt8.self, repeating: 0, count: SRTPWideGalois.blockBytes - SRTPWideGalois.scratchPlace)
            prepare(keys.key, key)
            for (place, byte) in keys.salt.prefix(12).enumerated() { scratch[place] = byte }
        }

        deinit {
            OPENSSL_cleanse(block, SRTPWideGalois.blockBytes)
            block.deallocate()
        }

        var memory: UnsafeRawBufferPointer {
            UnsafeRawBufferPointer(start: block, count: SRTPWideGalois.blockBytes)
        }

        /// Translates in place and writes the code that belongs to it.
        @inline(__always)
        private func translate(
            _ shape: SRTPShape, _ ssrc: UInt32, _ index: UInt64, _ trailer: UInt32?, _ code: UnsafeMutablePointer<UInt8>
        ) {
            let iv = scratch + SRTPWideGalois.iv
            SRTPGalois.putIV(ssrc, index, salt: scratch, at: iv)
            var (known, count) = (UnsafePointer(shape.base), shape.header)
            if let trailer {
                // RFC 7714 section 9.3: the header, and behind it the word with the index.
                let control = scratch + SRTPWideGalois.control
                control.update(from: shape.base, count: 8)
                NetworkOrder.put(trailer, control + 8)
                (known, count) = (UnsafePointer(control), 12)
            }
            let payload = shape.base + shape.header
            translate(
                key, context, payload, payload, UInt64(shape.count - shape.header), iv, known, UInt64(count), code,
                UInt64(SRTPWideGalois.tagBytes))
        }

        func seal(_ shape: SRTPShape, ssrc: UInt32, index: UInt64, trailer: UInt32?) -> Bool {
            let end = shape.base + shape.count
            translate(shape, ssrc, index, trailer, end)
            if let trailer { NetworkOrder.put(trailer, end + SRTPWideGalois.tagBytes) }
            return true
        }

        func open(_ shape: SRTPShape, ssrc: UInt32, index: UInt64, trailer: UInt32?) -> Bool {
            let code = scratch + SRTPWideGalois.code
            translate(shape, ssrc, index, trailer, code)
            return CRYPTO_memcmp(code, shape.base + shape.count, SRTPWideGalois.tagBytes) == 0
        }
    }
#endif
