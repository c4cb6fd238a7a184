// SPDX-License-Identifier: Apache-2.0
/* What OpenSSL's server end of a DTLS handshake costs by itself: both ends in one thread, with certificates of P-256 as
 * browsers have them, datagrams handed over in memory, and only the server's processor time told.
 *
 *   shake TIMES        prints the median in microseconds */
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define MOST 64

/* Datagrams on their way to one end. */
struct way { unsigned char bytes[MOST][2048]; int counts[MOST], first, next; };
struct ends { struct way *in, *out; };

static int begin(BIO *bio) { return BIO_set_init(bio, 1), 1; }

static int put(BIO *bio, const char *bytes, int count) {
    struct way *way = ((struct ends *)BIO_get_data(bio))->out;
    int place = way->next++ % MOST;
    memcpy(way->bytes[place], bytes, count);
    return way->counts[place] = count;
}

static int take(BIO *bio, char *bytes, int room) {
    struct way *way = ((struct ends *)BIO_get_data(bio))->in;
    BIO_clear_retry_flags(bio);
    if (way->first == way->next) return BIO_set_retry_read(bio), -1;
    int place = way->first++ % MOST, count = way->counts[place] < room ? way->counts[place] : room;
    memcpy(bytes, way->bytes[place], count);
    return count;
}

static long control(BIO *bio, int command, long number, void *place) {
    if (command == BIO_CTRL_DGRAM_QUERY_MTU || command == BIO_CTRL_DGRAM_GET_FALLBACK_MTU) return 1200;
    return command == BIO_CTRL_FLUSH;
}

static int anybody(int is_good, X509_STORE_CTX *chain) { return 1; }
static int nobody_checks(X509_STORE_CTX *chain, void *unused) { return 1; }

static SSL_CTX *side(const SSL_METHOD *method) {
    SSL_CTX *context = SSL_CTX_new(method);
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *certificate = X509_new();
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), 5);
    X509_gmtime_adj(X509_getm_notBefore(certificate), -60), X509_gmtime_adj(X509_getm_notAfter(certificate), 86400);
    X509_set_pubkey(certificate, key), X509_sign(certificate, key, EVP_sha256());
    SSL_CTX_use_certificate(context, certificate), SSL_CTX_use_PrivateKey(context, key);
    SSL_CTX_set_min_proto_version(context, DTLS1_2_VERSION);
    SSL_CTX_set_tlsext_use_srtp(context, "SRTP_AEAD_AES_128_GCM");
    SSL_CTX_set_options(context, SSL_OP_NO_QUERY_MTU | SSL_OP_NO_TICKET);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, anybody);
    SSL_CTX_set_cert_verify_callback(context, nobody_checks, NULL);
    X509_free(certificate), EVP_PKEY_free(key);
    return context;
}

static SSL *end(SSL_CTX *context, BIO_METHOD *method, struct ends *ends) {
    SSL *ssl = SSL_new(context);
    BIO *bio = BIO_new(method);
    BIO_set_data(bio, ends), SSL_set_bio(ssl, bio, bio), SSL_set_mtu(ssl, 1200);
    return ssl;
}

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return time.tv_sec * 1e6 + time.tv_nsec / 1e3;
}

static int order(const void *left, const void *right) {
    double one = *(const double *)left, other = *(const double *)right;
    return (one > other) - (one < other);
}

int main(int count, char **words) {
    int times = count > 1 ? atoi(words[1]) : 500;
    double *spent = calloc(times, sizeof *spent);
    SSL_CTX *servers = side(DTLS_server_method()), *clients = side(DTLS_client_method());
    BIO_METHOD *method = BIO_meth_new(BIO_TYPE_SOURCE_SINK | BIO_get_new_index(), "memory");
    BIO_meth_set_create(method, begin), BIO_meth_set_write(method, put), BIO_meth_set_read(method, take);
    BIO_meth_set_ctrl(method, control);
    static struct way up, down;
    struct ends at_server = {&up, &down}, at_client = {&down, &up};
    for (int time = 0; time < times; time++) {
        up.first = up.next = down.first = down.next = 0;
        SSL *client = end(clients, method, &at_client);
        SSL_set_connect_state(client);
        double begun = now();
        SSL *server = end(servers, method, &at_server);
        SSL_set_accept_state(server);
        spent[time] += now() - begun;
        for (int done = 0; done != 3;) {
            if (!(done & 1) && SSL_do_handshake(client) == 1) done |= 1;
            begun = now();
            if (!(done & 2) && SSL_do_handshake(server) == 1) done |= 2;
            spent[time] += now() - begun;
            if (ERR_peek_error()) return ERR_print_errors_fp(stderr), 1;
        }
        unsigned char keys[56];
        begun = now();
        SSL_export_keying_material(server, keys, sizeof keys, "EXTRACTOR-dtls_srtp", 19, NULL, 0, 0);
        SSL_free(server);
        spent[time] += now() - begun;
        SSL_free(client);
    }
    qsort(spent, times, sizeof *spent, order);
    printf("%.0f\n", spent[times / 2]);
    return 0;
}
