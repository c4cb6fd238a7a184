// SPDX-License-Identifier: Apache-2.0
// A library context of OpenSSL that knows only what a DTLS handshake between browsers and us can want.
//
// Whenever OpenSSL 3.0 reads somebody's certificate it goes through every algorithm that its context knows, to find who
// could read the key in it, and that is a third of what the server's end of a handshake costs. So a provider of our own
// stands between: what the default provider has, less what nobody asks for (provider(7), provider-base(7)).
#ifndef COPENSSL_FEW_H
#define COPENSSL_FEW_H

#include <openssl/core_dispatch.h>
#include <openssl/core_names.h>
#include <openssl/provider.h>
#include <string.h>

#define CS_FEW 12

/// By OpenSSL's number of the operation, the first names of what is kept. Browsers' keys are of P-256; RSA is what
/// GStreamer and older programs have.
static const char *const cs_few_names[][CS_FEW] = {
    [OSSL_OP_DIGEST] = {"SHA2-224", "SHA2-256", "SHA2-384", "SHA2-512"},
    [OSSL_OP_CIPHER] = {"AES-128-GCM", "AES-256-GCM", "ChaCha20-Poly1305"},
    [OSSL_OP_MAC] = {"HMAC"},
    [OSSL_OP_KDF] = {"TLS1-PRF"},
    [OSSL_OP_RAND] = {"CTR-DRBG", "SEED-SRC"},
    [OSSL_OP_KEYMGMT] = {"EC", "X25519", "RSA"},
    [OSSL_OP_KEYEXCH] = {"ECDH", "X25519"},
    [OSSL_OP_SIGNATURE] = {"ECDSA", "RSA"},
    [OSSL_OP_ENCODER] = {"EC"},
    [OSSL_OP_DECODER] = {"EC", "RSA"},
};
#define CS_FEW_OPERATIONS (int)(sizeof cs_few_names / sizeof *cs_few_names)

/// The provider that has everything, and stays; the first call is `cs_few`'s.
static inline OSSL_PROVIDER *cs_few_whole(void) {
    static OSSL_PROVIDER *whole;
    if (!whole) whole = OSSL_PROVIDER_load(NULL, "default");
    return whole;
}

/// Names stand first in a list with colons; of a certificate's key only the form within a certificate is read.
static inline int cs_few_keeps(int operation, const OSSL_ALGORITHM *one) {
    if (operation == OSSL_OP_DECODER && !strstr(one->property_definition, "SubjectPublicKeyInfo")) return 0;
    size_t length = strcspn(one->algorithm_names, ":");
    for (const char *const *name = cs_few_names[operation]; *name; name++)
        if (strlen(*name) == length && !strncmp(one->algorithm_names, *name, length)) return 1;
    return 0;
}

/// OpenSSL asks once for each operation and keeps what it is given for as long as the context lives.
static const OSSL_ALGORITHM *cs_few_query(void *provider, int operation, int *no_cache) {
    static OSSL_ALGORITHM kept[CS_FEW_OPERATIONS][4 * CS_FEW + 1];
    if (operation < 0 || operation >= CS_FEW_OPERATIONS) return NULL;
    const OSSL_ALGORITHM *one = OSSL_PROVIDER_query_operation(cs_few_whole(), operation, no_cache);
    int count = 0;
    for (; one && one->algorithm_names && count < 4 * CS_FEW; one++)
        if (cs_few_keeps(operation, one)) kept[operation][count++] = *one;
    kept[operation][count] = (OSSL_ALGORITHM){0};
    return kept[operation];
}

static int cs_few_capabilities(void *provider, const char *what, OSSL_CALLBACK *hear, void *hearer) {
    return OSSL_PROVIDER_get_capabilities(cs_few_whole(), what, hear, hearer);
}

static int cs_few_begin(const OSSL_CORE_HANDLE *core, const OSSL_DISPATCH *in, const OSSL_DISPATCH **out, void **provider) {
    static const OSSL_DISPATCH table[] = {
        {OSSL_FUNC_PROVIDER_QUERY_OPERATION, (void (*)(void))cs_few_query},
        {OSSL_FUNC_PROVIDER_GET_CAPABILITIES, (void (*)(void))cs_few_capabilities},
        {0, NULL}};
    *out = table;
    // What is kept is the default provider's own, and works on its state.
    *provider = OSSL_PROVIDER_get0_provider_ctx(cs_few_whole());
    return 1;
}

/// Makes the context; NULL when OpenSSL would not. To be called once in a process: what it made is there until the end.
static inline OSSL_LIB_CTX *cs_few(void) {
    OSSL_LIB_CTX *context = cs_few_whole() ? OSSL_LIB_CTX_new() : NULL;
    if (context && OSSL_PROVIDER_add_builtin(context, "few", cs_few_begin) && OSSL_PROVIDER_load(context, "few"))
        return context;
    OSSL_LIB_CTX_free(context);
    return NULL;
}

#endif
