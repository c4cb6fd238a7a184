// SPDX-License-Identifier: Apache-2.0
// OpenSSL, and what of it Swift cannot import: macros that look like functions. One line each.
#ifndef COPENSSL_SHIM_H
#define COPENSSL_SHIM_H

#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/pem.h>
#include <openssl/sha.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include "few.h"

static inline long cs_dtls_wait(SSL *ssl, struct timeval *left) { return DTLSv1_get_timeout(ssl, left); }
static inline long cs_dtls_repeat(SSL *ssl) { return DTLSv1_handle_timeout(ssl); }
static inline long cs_dtls_unit(SSL *ssl, long bytes) { return SSL_set_mtu(ssl, bytes); }
static inline void cs_dtls_options(SSL_CTX *context) {
    SSL_CTX_set_options(context, SSL_OP_NO_QUERY_MTU | SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_TICKET |
                                     SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_NO_COMPRESSION);
}
static inline EVP_PKEY *cs_p256_key(OSSL_LIB_CTX *library) { return EVP_PKEY_Q_keygen(library, NULL, "EC", "P-256"); }
/// Nothing to read: again later.
static inline void cs_retry_read(BIO *bio) { BIO_set_retry_read(bio); }
static inline void cs_clear_retry(BIO *bio) { BIO_clear_retry_flags(bio); }

// HMAC-SHA1 (RFC 2104) from the states after the inner and the outer block of the key, which saves two of the four
// compressions that a short message costs. OpenSSL deprecates these in favour of EVP_MAC, which cannot start so.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
/// The state after the 64 bytes of a block.
static inline void cs_sha1_block(SHA_CTX *state, const void *block) { SHA1_Init(state), SHA1_Update(state, block, 64); }
/// The 20 bytes of the code over two pieces.
static inline void cs_sha1_code(const SHA_CTX *inner, const SHA_CTX *outer, const void *piece, size_t count,
                                const void *more, size_t moreCount, unsigned char *code) {
    SHA_CTX state = *inner;
    SHA1_Update(&state, piece, count), SHA1_Update(&state, more, moreCount), SHA1_Final(code, &state);
    state = *outer;
    SHA1_Update(&state, code, 20), SHA1_Final(code, &state);
}
#pragma GCC diagnostic pop

#endif
