// SPDX-License-Identifier: Apache-2.0
// Intel's Multi-Buffer Crypto for IPsec: AES-GCM by the widest instructions that a processor has.
#ifndef CIPSECMB_SHIM_H
#define CIPSECMB_SHIM_H

#include <intel-ipsec-mb.h>

/// AES-GCM with keys of 128 and of 256 bits, written for one kind of processor.
struct cs_gcm {
    aes_gcm_pre_t prepare128, prepare256;
    aes_gcm_enc_dec_t seal128, seal256, open128, open256;
};

/// What fits this processor; 0 when it has no instructions for AES and for carry-less products.
static inline int cs_gcm_find(struct cs_gcm *found) {
    const uint64_t needed = IMB_FEATURE_AESNI | IMB_FEATURE_PCLMULQDQ;
    IMB_MGR *manager = alloc_mb_mgr(0);
    if (!manager) return 0;
    init_mb_mgr_auto(manager, NULL);
    int fits = imb_get_errno(manager) == 0 && (manager->features & needed) == needed;
    if (fits)
        *found = (struct cs_gcm){manager->gcm128_pre, manager->gcm256_pre, manager->gcm128_enc,
                                 manager->gcm256_enc, manager->gcm128_dec, manager->gcm256_dec};
    // The functions need none of the manager's queues, which are for many packets at once.
    free_mb_mgr(manager);
    return fits;
}

#endif
