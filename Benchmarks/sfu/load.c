// SPDX-License-Identifier: Apache-2.0
/* sfuload: a small WebRTC media load engine (ICE + DTLS-SRTP + RTP/RTCP), one thread, many peers.
 *
 * It is NOT a browser: it sends synthetic VP8/Opus-shaped RTP and counts what comes back.
 * Signalling lives in the Python driver, which talks to this program over stdin/stdout:
 *
 *   -> NEW <id>                         <- NEW <id> <port> <ufrag> <pwd>
 *   -> GO <id> k=v ...                  (remote address, ICE credentials, what to send)
 *   -> STAT                             <- STAT {json}
 *   -> RESET                            (zero the counters, keep the connections)
 *   -> QUIT
 *
 * Receivers do not decrypt media unless asked (probe=1): RTP headers and header extensions travel in
 * the clear under SRTP, so packets, loss, transport-wide sequence numbers and streams can all be seen
 * without paying for decryption. Receivers do answer ICE checks, refresh consent, and send real
 * encrypted RTCP: receiver reports, NACK (also with artificial loss) and transport-wide feedback.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <netinet/in.h>
#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <srtp2/srtp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#include <zlib.h>

#define MAXPEERS 4096
#define MAXSTREAMS 96
#define MISSMAX 256
#define TWMAX 2048
#define HISTN 2000 /* 0.1 ms buckets up to 200 ms */

typedef struct {
  uint32_t ssrc;
  uint8_t pt;
  int started;
  uint32_t maxseq; /* extended */
  uint64_t base, recv, bytes, dup;
  uint64_t prior_exp, prior_recv;
  uint32_t lsr;
  uint64_t lsr_at;
  uint32_t rtx_of; /* nonzero: this is an RTX stream for that primary ssrc */
  struct { uint16_t seq; uint8_t tries; uint8_t used; uint64_t at, last; } miss[MISSMAX];
  int nmiss;
  uint64_t nacked, recovered, gaveup;
} Stream;

typedef struct { /* one outgoing RTP stream */
  uint32_t ssrc, ts, pkts, octets;
  uint16_t seq;
  uint8_t pt;
  int video, w, h;
  int bpf; /* bytes per frame */
  char rid[8];
  uint16_t picid;
  uint8_t tl0;
  uint64_t next;   /* next send time, ns */
  uint64_t period; /* ns */
  int want_key;
  uint8_t *ring[512];
  int ringlen[512];
  uint16_t ringseq[512];
} Out;

typedef struct {
  int used, id, fd, connected, dtls_done, controlling, is_pub, probe;
  char lufrag[16], lpwd[40], rufrag[272], rpwd[272];
  struct sockaddr_in rem;
  int have_rem;
  uint64_t tie, next_check, next_dtls, next_rr, next_tw, t_new, t_conn, t_dtls, t_first;
  uint64_t last_ok;
  SSL *ssl;
  int dtls_client;
  uint8_t *inbuf;
  int inlen;
  srtp_t sin, sout;
  Stream *st;
  int nst;
  Out *out;
  int nout;
  int x_mid, x_rid, x_tw, x_al, x_ast; /* header extension ids */
  char mid_a[16], mid_v[16];
  uint32_t rtxmap[64][2];
  int nrtx;
  uint8_t rtxpt[16];
  int nrtxpt;
  uint32_t myssrc;
  uint16_t twout;
  /* transport-wide cc receive log */
  struct { uint16_t seq; uint64_t at; } *tw;
  int ntw;
  uint8_t twfb;
  uint32_t twssrc;
  uint64_t pli_rx, nack_rx, resent, rtcp_rx, twfb_rx, remb_rx;
  uint64_t rxp, rxb, lost_art;
} Peer;

static Peer *peers[MAXPEERS];
static int npeers;
static SSL_CTX *ctx;
static EVP_PKEY *pkey;
static X509 *cert;
static int ep;
static uint32_t g_bind;
static char g_prof[48] = "none";
static double g_loss = 0;
static int g_nack = 1, g_tw = 1, g_rtt = 0;
static uint32_t hist_a[HISTN + 1], hist_v[HISTN + 1];
static uint64_t tot_sent, tot_sentb, tot_senderr, rtx_rx, rtx_bad, pads_rx;
static const uint8_t MAGIC[4] = {0x53, 0x59, 0x6c, 0x64};

static uint64_t now_ns(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (uint64_t)t.tv_sec * 1000000000ull + t.tv_nsec;
}
static void w16(uint8_t *p, uint16_t v) { p[0] = v >> 8; p[1] = v; }
static void w32(uint8_t *p, uint32_t v) { p[0] = v >> 24; p[1] = v >> 16; p[2] = v >> 8; p[3] = v; }
static uint16_t r16(const uint8_t *p) { return p[0] << 8 | p[1]; }
static uint32_t r32(const uint8_t *p) { return (uint32_t)p[0] << 24 | p[1] << 16 | p[2] << 8 | p[3]; }
static uint32_t rnd32(void) { uint32_t v; RAND_bytes((uint8_t *)&v, 4); return v; }
static void rndstr(char *s, int n) {
  static const char a[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
  for (int i = 0; i < n; i++) s[i] = a[rnd32() % 62];
  s[n] = 0;
}

static int rawsend(Peer *p, const void *b, int n) {
  if (!p->have_rem) return -1;
  ssize_t r = sendto(p->fd, b, n, 0, (struct sockaddr *)&p->rem, sizeof p->rem);
  if (r != n) { tot_senderr++; return -1; }
  return 0;
}

/* ---------- DTLS ---------- */
static int bio_write(BIO *b, const char *d, int n) { Peer *p = BIO_get_data(b); rawsend(p, d, n); return n; }
static int bio_read(BIO *b, char *d, int n) {
  Peer *p = BIO_get_data(b);
  BIO_clear_retry_flags(b);
  if (!p->inlen) { BIO_set_retry_read(b); return -1; }
  int k = p->inlen < n ? p->inlen : n;
  memcpy(d, p->inbuf, k);
  p->inlen = 0;
  return k;
}
static long bio_ctrl(BIO *b, int c, long n, void *q) {
  (void)b; (void)n; (void)q;
  switch (c) {
  case BIO_CTRL_FLUSH: return 1;
  case BIO_CTRL_DGRAM_QUERY_MTU: return 1200;
  case BIO_CTRL_DGRAM_GET_FALLBACK_MTU: return 1200;
  case BIO_CTRL_DGRAM_GET_MTU_OVERHEAD: return 28;
  case BIO_CTRL_WPENDING: case BIO_CTRL_PENDING: return 0;
  }
  return 0;
}
static int bio_new(BIO *b) { BIO_set_init(b, 1); return 1; }
static BIO_METHOD *bm;
static int vcb(int ok, X509_STORE_CTX *c) { (void)ok; (void)c; return 1; }

static void dtls_setup(const char *profiles) {
  pkey = EVP_EC_gen("P-256");
  cert = X509_new();
  X509_set_version(cert, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(cert), rnd32() & 0x7fffffff);
  X509_gmtime_adj(X509_getm_notBefore(cert), -86400);
  X509_gmtime_adj(X509_getm_notAfter(cert), 30 * 86400);
  X509_set_pubkey(cert, pkey);
  X509_NAME *nm = X509_get_subject_name(cert);
  X509_NAME_add_entry_by_txt(nm, "CN", MBSTRING_ASC, (const uint8_t *)"sfuload", -1, -1, 0);
  X509_set_issuer_name(cert, nm);
  X509_sign(cert, pkey, EVP_sha256());
  ctx = SSL_CTX_new(DTLS_method());
  SSL_CTX_set_min_proto_version(ctx, DTLS1_2_VERSION);
  SSL_CTX_use_certificate(ctx, cert);
  SSL_CTX_use_PrivateKey(ctx, pkey);
  SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, vcb);
  SSL_CTX_set_read_ahead(ctx, 1);
  if (SSL_CTX_set_tlsext_use_srtp(ctx, profiles)) { fprintf(stderr, "bad srtp profile\n"); exit(2); }
  bm = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "peer");
  BIO_meth_set_write(bm, bio_write);
  BIO_meth_set_read(bm, bio_read);
  BIO_meth_set_ctrl(bm, bio_ctrl);
  BIO_meth_set_create(bm, bio_new);
  uint8_t md[32];
  unsigned n = 0;
  X509_digest(cert, EVP_sha256(), md, &n);
  printf("FP ");
  for (unsigned i = 0; i < n; i++) printf("%02X%s", md[i], i + 1 < n ? ":" : "\n");
  fflush(stdout);
}

static void srtp_keys(Peer *p) {
  SRTP_PROTECTION_PROFILE *pr = SSL_get_selected_srtp_profile(p->ssl);
  if (!pr) { fprintf(stderr, "peer %d: no srtp profile\n", p->id); return; }
  snprintf(g_prof, sizeof g_prof, "%s", pr->name);
  int klen = 16, slen = 14;
  srtp_policy_t a, b;
  memset(&a, 0, sizeof a);
  if (pr->id == SRTP_AEAD_AES_128_GCM) {
    slen = 12;
    srtp_crypto_policy_set_aes_gcm_128_16_auth(&a.rtp);
    srtp_crypto_policy_set_aes_gcm_128_16_auth(&a.rtcp);
  } else {
    srtp_crypto_policy_set_aes_cm_128_hmac_sha1_80(&a.rtp);
    srtp_crypto_policy_set_aes_cm_128_hmac_sha1_80(&a.rtcp);
  }
  b = a;
  uint8_t m[60], ck[30], sk[30];
  SSL_export_keying_material(p->ssl, m, 2 * (klen + slen), "EXTRACTOR-dtls_srtp", 19, NULL, 0, 0);
  memcpy(ck, m, klen);
  memcpy(sk, m + klen, klen);
  memcpy(ck + klen, m + 2 * klen, slen);
  memcpy(sk + klen, m + 2 * klen + slen, slen);
  a.ssrc.type = ssrc_any_outbound;
  b.ssrc.type = ssrc_any_inbound;
  a.key = p->dtls_client ? ck : sk;
  b.key = p->dtls_client ? sk : ck;
  a.window_size = b.window_size = 1024;
  a.allow_repeat_tx = b.allow_repeat_tx = 1;
  srtp_create(&p->sout, &a);
  srtp_create(&p->sin, &b);
  p->dtls_done = 1;
  p->t_dtls = now_ns();
}

static unsigned dtls_timer(SSL *s, unsigned prev) { (void)s; return prev ? (prev >= 800000 ? 1000000 : prev * 2) : 50000; }
static void dtls_pump(Peer *p) {
  if (!p->ssl) {
    p->ssl = SSL_new(ctx);
    BIO *b = BIO_new(bm);
    BIO_set_data(b, p);
    SSL_set_bio(p->ssl, b, b);
    SSL_set_options(p->ssl, SSL_OP_NO_QUERY_MTU | SSL_OP_NO_RENEGOTIATION);
    SSL_set_mtu(p->ssl, 1200);
    DTLS_set_timer_cb(p->ssl, dtls_timer);
    if (p->dtls_client) SSL_set_connect_state(p->ssl); else SSL_set_accept_state(p->ssl);
  }
  if (!p->dtls_done) {
    int r = SSL_do_handshake(p->ssl);
    if (r == 1) srtp_keys(p);
    else {
      int e = SSL_get_error(p->ssl, r);
      if (e != SSL_ERROR_WANT_READ && e != SSL_ERROR_WANT_WRITE) {
        fprintf(stderr, "peer %d dtls error %d: ", p->id, e);
        ERR_print_errors_fp(stderr);
      }
    }
  } else {
    uint8_t t[2048];
    SSL_read(p->ssl, t, sizeof t);
  }
  ERR_clear_error();
}

/* ---------- STUN ---------- */
static int stun_finish(uint8_t *m, int n, const char *key) {
  w16(m + 2, n - 20 + 24);
  unsigned l = 20;
  w16(m + n, 0x0008); w16(m + n + 2, 20);
  HMAC(EVP_sha1(), key, strlen(key), m, n, m + n + 4, &l);
  n += 24;
  w16(m + 2, n - 20 + 8);
  uint32_t c = crc32(0, m, n) ^ 0x5354554e;
  w16(m + n, 0x8028); w16(m + n + 2, 4); w32(m + n + 4, c);
  return n + 8;
}
static void stun_check(Peer *p) {
  uint8_t m[700];
  int n = 20;
  w16(m, 1); w32(m + 4, 0x2112A442);
  RAND_bytes(m + 8, 12);
  char u[560];
  int ul = snprintf(u, sizeof u, "%s:%s", p->rufrag, p->lufrag);
  w16(m + n, 6); w16(m + n + 2, ul); memcpy(m + n + 4, u, ul);
  n += 4 + ul;
  while (n & 3) m[n++] = 0;
  w16(m + n, 0x24); w16(m + n + 2, 4); w32(m + n + 4, 0x6e001eff); n += 8;
  w16(m + n, p->controlling ? 0x802A : 0x8029); w16(m + n + 2, 8); memcpy(m + n + 4, &p->tie, 8); n += 12;
  if (p->controlling) { w16(m + n, 0x25); w16(m + n + 2, 0); n += 4; }
  n = stun_finish(m, n, p->rpwd);
  rawsend(p, m, n);
}
static void on_stun(Peer *p, uint8_t *m, int len, struct sockaddr_in *from) {
  if (len < 20 || r32(m + 4) != 0x2112A442) return;
  int type = r16(m);
  if (type == 1) {
    if (!p->have_rem) { p->rem = *from; p->have_rem = 1; }
    int use = 0;
    for (int i = 20; i + 4 <= len;) { int t = r16(m + i), l = r16(m + i + 2); if (t == 0x25) use = 1; i += 4 + ((l + 3) & ~3); }
    if (use && !p->controlling) p->rem = *from;
    uint8_t r[128];
    w16(r, 0x0101); memcpy(r + 4, m + 4, 16);
    int n = 20;
    w16(r + n, 0x20); w16(r + n + 2, 8); r[n + 4] = 0; r[n + 5] = 1;
    w16(r + n + 6, ntohs(from->sin_port) ^ 0x2112);
    w32(r + n + 8, ntohl(from->sin_addr.s_addr) ^ 0x2112A442);
    n += 12;
    n = stun_finish(r, n, p->lpwd);
    sendto(p->fd, r, n, 0, (struct sockaddr *)from, sizeof *from);
    if (use && !p->connected) { p->connected = 1; p->t_conn = now_ns(); }
  } else if (type == 0x0101) {
    p->last_ok = now_ns();
    if (!p->connected) { p->connected = 1; p->t_conn = p->last_ok; }
  }
}

/* ---------- RTCP out ---------- */
static void rtcp_send(Peer *p, uint8_t *b, int n) {
  if (!p->sout) return;
  int l = n;
  if (srtp_protect_rtcp(p->sout, b, &l) == srtp_err_status_ok) rawsend(p, b, l);
}
/* one report per stream, as browsers do: Janus only looks at the first report block of a packet */
static void send_rr(Peer *p, uint64_t t) {
  for (int i = 0; i < p->nst; i++) {
    Stream *s = &p->st[i];
    if (!s->started) continue;
    uint8_t b[128];
    uint64_t exp = s->maxseq - s->base + 1, ei = exp - s->prior_exp, ri = s->recv - s->prior_recv;
    s->prior_exp = exp; s->prior_recv = s->recv;
    int64_t li = (int64_t)ei - (int64_t)ri;
    uint8_t fr = (ei == 0 || li <= 0) ? 0 : (uint8_t)((li << 8) / (int64_t)ei);
    int64_t cum = (int64_t)exp - (int64_t)s->recv;
    if (cum < 0) cum = 0;
    b[0] = 0x81; b[1] = 201; w16(b + 2, 7); w32(b + 4, p->myssrc);
    w32(b + 8, s->ssrc); w32(b + 12, (uint32_t)fr << 24 | (cum & 0xffffff));
    w32(b + 16, s->maxseq); w32(b + 20, 90);
    w32(b + 24, s->lsr);
    int64_t dl = (int64_t)((t - s->lsr_at) * 65536 / 1000000000ull) - g_rtt * 65536 / 1000;
    w32(b + 28, s->lsr ? (uint32_t)(dl < 1 ? 1 : dl) : 0);
    rtcp_send(p, b, 32);
  }
}
static void send_nacks(Peer *p, Stream *s, uint64_t t) {
  uint8_t b[1200];
  int n = 12;
  int w = 0;
  for (int i = 0; i < s->nmiss; i++) {
    if (s->miss[i].tries >= 6 || t - s->miss[i].at > 1000000000ull) { s->gaveup++; continue; }
    if (i != w) s->miss[w] = s->miss[i];
    if (t - s->miss[w].at > 10000000ull && t - s->miss[w].last > 60000000ull && n < 1000) {
      w16(b + n, s->miss[w].seq); w16(b + n + 2, 0); n += 4;
      s->miss[w].tries++; s->miss[w].last = t; s->nacked++;
    }
    w++;
  }
  s->nmiss = w;
  if (n == 12) return;
  b[0] = 0x81; b[1] = 205; w16(b + 2, n / 4 - 1); w32(b + 4, p->myssrc); w32(b + 8, s->ssrc);
  rtcp_send(p, b, n);
}
static int twcmp(const void *a, const void *b) {
  return (int16_t)(((const uint16_t *)a)[0] - ((const uint16_t *)b)[0]);
}
static void send_tw(Peer *p) {
  if (!p->ntw) return;
  int (*cmp)(const void *, const void *) = twcmp;
  qsort(p->tw, p->ntw, sizeof p->tw[0], cmp);
  uint16_t base = p->tw[0].seq, last = p->tw[p->ntw - 1].seq;
  int count = (uint16_t)(last - base) + 1;
  if (count > 900) { p->ntw = 0; return; }
  static uint64_t at[1024];
  memset(at, 0, sizeof(at[0]) * count);
  for (int i = 0; i < p->ntw; i++) at[(uint16_t)(p->tw[i].seq - base)] = p->tw[i].at;
  p->ntw = 0;
  uint64_t ref = at[0] / 64000000ull;
  uint8_t b[4096], d[2400];
  int n = 20, nd = 0;
  int64_t prev = (int64_t)(ref * 64000000ull);
  uint8_t sym[1024];
  for (int i = 0; i < count; i++) {
    sym[i] = 0;
    if (!at[i]) continue;
    int64_t q = ((int64_t)at[i] - prev) / 250000;
    if (q >= 0 && q <= 255) { sym[i] = 1; d[nd++] = (uint8_t)q; }
    else { if (q > 32767) q = 32767; if (q < -32768) q = -32768; sym[i] = 2; w16(d + nd, (uint16_t)(int16_t)q); nd += 2; }
    prev += q * 250000;
  }
  for (int i = 0; i < count;) {
    int run = 1;
    while (i + run < count && sym[i + run] == sym[i] && run < 8191) run++;
    if (run >= 7) { w16(b + n, (uint16_t)(sym[i] << 13 | run)); n += 2; i += run; }
    else {
      uint16_t v = 0xC000;
      for (int k = 0; k < 7; k++) v |= (uint16_t)((i + k < count ? sym[i + k] : 0) << (12 - 2 * k));
      w16(b + n, v); n += 2; i += 7;
    }
  }
  memcpy(b + n, d, nd);
  n += nd;
  int pad = (4 - (n & 3)) & 3;
  for (int i = 0; i < pad; i++) b[n++] = i + 1 == pad ? pad : 0;
  b[0] = 0x80 | (pad ? 0x20 : 0) | 15; b[1] = 205; w16(b + 2, n / 4 - 1);
  w32(b + 4, p->myssrc); w32(b + 8, p->twssrc);
  w16(b + 12, base); w16(b + 14, count);
  w32(b + 16, (uint32_t)(ref & 0xffffff) << 8 | p->twfb++);
  rtcp_send(p, b, n);
}

/* ---------- RTP in ---------- */
static Stream *stream_of(Peer *p, uint32_t ssrc, uint8_t pt) {
  for (int i = 0; i < p->nst; i++) if (p->st[i].ssrc == ssrc) return &p->st[i];
  if (p->nst == MAXSTREAMS) return NULL;
  Stream *s = &p->st[p->nst++];
  memset(s, 0, sizeof *s);
  s->ssrc = ssrc; s->pt = pt;
  for (int i = 0; i < p->nrtx; i++) if (p->rtxmap[i][1] == ssrc) s->rtx_of = p->rtxmap[i][0];
  return s;
}
static void seq_in(Stream *s, uint16_t q, uint64_t t) {
  if (!s->started) { s->started = 1; s->base = s->maxseq = 65536u + q; s->recv = 1; return; }
  int16_t d = (int16_t)(q - (uint16_t)s->maxseq);
  if (d > 0) {
    if (g_nack && d < 200)
      for (int k = 1; k < d; k++) {
        if (s->nmiss == MISSMAX) break;
        s->miss[s->nmiss].seq = (uint16_t)(s->maxseq + k);
        s->miss[s->nmiss].tries = 0; s->miss[s->nmiss].at = t; s->miss[s->nmiss].last = 0;
        s->nmiss++;
      }
    s->maxseq += d;
    s->recv++;
  } else {
    for (int i = 0; i < s->nmiss; i++)
      if (s->miss[i].seq == q) {
        if (s->miss[i].tries) s->recovered++;
        s->miss[i] = s->miss[--s->nmiss];
        s->recv++;
        return;
      }
    s->dup++;
  }
}
static void lat(int video, const uint8_t *pl, int n, uint64_t t) {
  for (int off = 12; off + 12 <= n && off <= 24; off++)
    if (!memcmp(pl + off, MAGIC, 4)) {
      uint64_t ts;
      memcpy(&ts, pl + off + 4, 8);
      uint64_t b = (t - ts) / 100000;
      if (b > HISTN) b = HISTN;
      (video ? hist_v : hist_a)[b]++;
      return;
    }
}
static void on_rtp(Peer *p, uint8_t *b, int n, uint64_t t) {
  if (n < 12) return;
  if (g_loss > 0 && (rnd32() & 0xffffff) < g_loss * 16777216.0) { p->lost_art++; return; }
  p->rxp++; p->rxb += n;
  if (!p->t_first) p->t_first = t;
  uint8_t pt = b[1] & 0x7f;
  uint32_t ssrc = r32(b + 8);
  Stream *s = stream_of(p, ssrc, pt);
  if (!s) return;
  s->bytes += n;
  int off = 12 + 4 * (b[0] & 15);
  if ((b[0] & 0x10) && off + 4 <= n) {
    int xl = 4 * r16(b + off + 2);
    if (r16(b + off) == 0xBEDE && p->x_tw)
      for (int i = off + 4, e = off + 4 + xl; i < e && i < n;) {
        int id = b[i] >> 4, l = (b[i] & 15) + 1;
        if (!b[i]) { i++; continue; }
        if (id == p->x_tw && l == 2 && p->ntw < TWMAX) { p->tw[p->ntw].seq = r16(b + i + 1); p->tw[p->ntw++].at = t; p->twssrc = ssrc; }
        i += 1 + l;
      }
    off += 4 + xl;
  }
  int isrtx = s->rtx_of != 0;
  for (int i = 0; i < p->nrtxpt; i++) if (p->rtxpt[i] == pt) isrtx = 1;
  if (isrtx) {
    uint8_t tmp[2048];
    int l = n;
    memcpy(tmp, b, n);
    int e = p->sin ? (int)srtp_unprotect(p->sin, tmp, &l) : -1;
    rtx_rx++;
    /* Probes are padding on this stream: they repair nothing (RFC 4588 has no word for them, every browser sends them). */
    if (!e && tmp[0] & 0x20) { l -= tmp[l - 1] <= l ? tmp[l - 1] : l; if (l <= off) { pads_rx++; return; } }
    if (!e && off + 2 <= l && s->rtx_of) {
      Stream *o = stream_of(p, s->rtx_of, 0);
      if (o) seq_in(o, r16(tmp + off), t);
    } else rtx_bad++;
    return;
  }
  seq_in(s, r16(b + 2), t);
  if (p->probe && p->sin) {
    int l = n;
    if (srtp_unprotect(p->sin, b, &l) == srtp_err_status_ok && off < l) lat((pt == 111 || n < 200) ? 0 : 1, b + off, l - off, t);
  }
}

/* ---------- RTCP in ---------- */
static void resend(Peer *p, uint32_t ssrc, uint16_t q) {
  for (int i = 0; i < p->nout; i++) {
    Out *o = &p->out[i];
    if (o->ssrc != ssrc) continue;
    int k = q & 511;
    if (o->ring[k] && o->ringseq[k] == q) { rawsend(p, o->ring[k], o->ringlen[k]); p->resent++; }
  }
}
static void on_rtcp(Peer *p, uint8_t *b, int n, uint64_t t) {
  if (!p->sin) return;
  int l = n;
  if (srtp_unprotect_rtcp(p->sin, b, &l) != srtp_err_status_ok) return;
  p->rtcp_rx++;
  for (int i = 0; i + 8 <= l;) {
    int fmt = b[i] & 31, pt = b[i + 1], len = 4 * (r16(b + i + 2) + 1);
    if (i + len > l) break;
    if (pt == 200 && len >= 28) {
      uint32_t ss = r32(b + i + 4);
      for (int k = 0; k < p->nst; k++) if (p->st[k].ssrc == ss) { p->st[k].lsr = r16(b + i + 10) << 16 | r16(b + i + 12); p->st[k].lsr_at = t; }
    } else if (pt == 206 && (fmt == 1 || fmt == 4)) {
      p->pli_rx++;
      uint32_t ss = fmt == 1 ? r32(b + i + 8) : (len >= 16 ? r32(b + i + 12) : 0);
      for (int k = 0; k < p->nout; k++) if (p->out[k].video && (p->out[k].ssrc == ss || !ss)) p->out[k].want_key = 1;
    } else if (pt == 206 && fmt == 15) p->remb_rx++;
    else if (pt == 205 && fmt == 15) p->twfb_rx++;
    else if (pt == 205 && fmt == 1) {
      uint32_t ss = r32(b + i + 8);
      for (int k = i + 12; k + 4 <= i + len; k += 4) {
        uint16_t q = r16(b + k), m = r16(b + k + 2);
        p->nack_rx++;
        resend(p, ss, q);
        for (int z = 0; z < 16; z++) if (m >> z & 1) { p->nack_rx++; resend(p, ss, q + z + 1); }
      }
    }
    i += len;
  }
}

/* ---------- RTP out ---------- */
static void out_pkt(Peer *p, Out *o, const uint8_t *pl, int n, int marker, uint64_t t) {
  uint8_t b[1600];
  b[0] = 0x90; b[1] = (marker ? 0x80 : 0) | o->pt;
  w16(b + 2, o->seq); w32(b + 4, o->ts); w32(b + 8, o->ssrc);
  int k = 16;
  const char *mid = o->video ? p->mid_v : p->mid_a;
  int ml = strlen(mid), rl = strlen(o->rid);
  if (p->x_mid && ml) { b[k++] = p->x_mid << 4 | (ml - 1); memcpy(b + k, mid, ml); k += ml; }
  if (p->x_rid && rl) { b[k++] = p->x_rid << 4 | (rl - 1); memcpy(b + k, o->rid, rl); k += rl; }
  if (p->x_tw) { b[k++] = p->x_tw << 4 | 1; w16(b + k, p->twout++); k += 2; }
  if (p->x_ast) { uint32_t a = (uint32_t)((double)(t % 64000000000ull) / 1e9 * 262144.0) & 0xffffff; b[k++] = p->x_ast << 4 | 2; b[k++] = a >> 16; b[k++] = a >> 8; b[k++] = a; }
  if (p->x_al && !o->video) { b[k++] = p->x_al << 4; b[k++] = 0x80 | 30; }
  while (k & 3) b[k++] = 0;
  w16(b + 12, 0xBEDE); w16(b + 14, (k - 16) / 4);
  if (k == 16) { b[0] = 0x80; k = 12; }
  memcpy(b + k, pl, n);
  k += n;
  int l = k;
  if (srtp_protect(p->sout, b, &l) != srtp_err_status_ok) return;
  int r = o->seq & 511;
  if (o->video) {
    if (!o->ring[r]) o->ring[r] = malloc(1600);
    memcpy(o->ring[r], b, l); o->ringlen[r] = l; o->ringseq[r] = o->seq;
  }
  o->seq++; o->pkts++; o->octets += n;
  if (!rawsend(p, b, l)) { tot_sent++; tot_sentb += l; }
}
static void out_frame(Peer *p, Out *o, uint64_t t) {
  uint8_t pl[1300];
  memset(pl, 0x5a, sizeof pl);
  if (!o->video) {
    pl[0] = 0x78; /* an Opus TOC byte */
    memcpy(pl + 12, MAGIC, 4); memcpy(pl + 16, &t, 8);
    out_pkt(p, o, pl, o->bpf, 0, t);
    o->ts += 960;
    return;
  }
  int key = o->want_key;
  o->want_key = 0;
  int left = o->bpf, np = (left + 1119) / 1120, first = 1;
  int each = (left + np - 1) / np;
  o->picid = (o->picid + 1) & 0x7fff;
  o->tl0++;
  for (int i = 0; i < np; i++) {
    int n = left < each ? left : each;
    if (n < 48) n = 48;
    left -= n;
    pl[0] = first ? 0x90 : 0x80; pl[1] = 0xE0;
    pl[2] = 0x80 | o->picid >> 8; pl[3] = o->picid; pl[4] = o->tl0; pl[5] = 0x20;
    if (first) {
      pl[6] = (key ? 0 : 1) | 0x10; pl[7] = 0; pl[8] = 0;
      pl[9] = 0x9d; pl[10] = 0x01; pl[11] = 0x2a;
      pl[12] = o->w; pl[13] = o->w >> 8; pl[14] = o->h; pl[15] = o->h >> 8;
    }
    memcpy(pl + 16, MAGIC, 4); memcpy(pl + 20, &t, 8);
    out_pkt(p, o, pl, n, i == np - 1, t);
    first = 0;
  }
  o->ts += (uint32_t)(o->period * 90 / 1000000);
}
static void send_sr(Peer *p) {
  struct timespec rt;
  clock_gettime(CLOCK_REALTIME, &rt);
  for (int i = 0; i < p->nout; i++) {
    Out *o = &p->out[i];
    uint8_t b[256];
    b[0] = 0x80; b[1] = 200; w16(b + 2, 6); w32(b + 4, o->ssrc);
    w32(b + 8, (uint32_t)(rt.tv_sec + 2208988800ull)); w32(b + 12, (uint32_t)((double)rt.tv_nsec * 4.294967296));
    w32(b + 16, o->ts); w32(b + 20, o->pkts); w32(b + 24, o->octets);
    b[28] = 0x81; b[29] = 202; w16(b + 30, 3); w32(b + 32, o->ssrc);
    b[36] = 1; b[37] = 5; memcpy(b + 38, "sload", 5); b[43] = 0;
    rtcp_send(p, b, 44);
  }
}

/* ---------- commands ---------- */
static Peer *peer_new(int id) {
  if (id < 0 || id >= MAXPEERS) return NULL;
  Peer *p = calloc(1, sizeof *p);
  peers[id] = p;
  if (id >= npeers) npeers = id + 1;
  p->id = id; p->used = 1;
  p->fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
  int sz = 1 << 20;
  setsockopt(p->fd, SOL_SOCKET, SO_RCVBUF, &sz, sizeof sz);
  setsockopt(p->fd, SOL_SOCKET, SO_SNDBUF, &sz, sizeof sz);
  struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = g_bind};
  bind(p->fd, (struct sockaddr *)&a, sizeof a);
  socklen_t l = sizeof a;
  getsockname(p->fd, (struct sockaddr *)&a, &l);
  rndstr(p->lufrag, 8); rndstr(p->lpwd, 24);
  RAND_bytes((uint8_t *)&p->tie, 8);
  p->myssrc = rnd32() | 1;
  p->st = calloc(MAXSTREAMS, sizeof(Stream));
  p->tw = calloc(TWMAX, sizeof p->tw[0]);
  p->inbuf = malloc(2048);
  p->t_new = now_ns();
  struct epoll_event e = {.events = EPOLLIN, .data.ptr = p};
  epoll_ctl(ep, EPOLL_CTL_ADD, p->fd, &e);
  printf("NEW %d %d %s %s\n", id, ntohs(a.sin_port), p->lufrag, p->lpwd);
  fflush(stdout);
  return p;
}
static void add_out(Peer *p, uint32_t ssrc, int pt, int video, int kbps, int fps, int w, int h, const char *rid) {
  p->out = realloc(p->out, sizeof(Out) * (p->nout + 1));
  Out *o = &p->out[p->nout++];
  memset(o, 0, sizeof *o);
  o->ssrc = ssrc; o->pt = pt; o->video = video; o->w = w; o->h = h;
  o->seq = rnd32() & 0x7fff; o->ts = rnd32(); o->picid = rnd32() & 0x7fff;
  o->want_key = 1;
  o->period = video ? 1000000000ull / fps : 20000000ull;
  o->bpf = video ? kbps * 125 / fps : kbps * 125 / 50;
  if (o->bpf < 48) o->bpf = 48;
  snprintf(o->rid, sizeof o->rid, "%s", rid ? rid : "");
}
static void cmd(char *l) {
  char *sv = NULL, *c = strtok_r(l, " \n", &sv);
  if (!c) return;
  if (!strcmp(c, "NEW")) { char *a = strtok_r(NULL, " \n", &sv); if (a) peer_new(atoi(a)); }
  else if (!strcmp(c, "GO")) {
    char *a = strtok_r(NULL, " \n", &sv);
    Peer *p = a ? peers[atoi(a)] : NULL;
    if (!p) return;
    p->dtls_client = 1;
    char *kv;
    p->rem.sin_family = AF_INET;
    while ((kv = strtok_r(NULL, " \n", &sv))) {
      char *v = strchr(kv, '=');
      if (!v) continue;
      *v++ = 0;
      if (!strcmp(kv, "ip")) inet_pton(AF_INET, v, &p->rem.sin_addr);
      else if (!strcmp(kv, "port")) { p->rem.sin_port = htons(atoi(v)); p->have_rem = 1; }
      else if (!strcmp(kv, "ufrag")) snprintf(p->rufrag, sizeof p->rufrag, "%s", v);
      else if (!strcmp(kv, "pwd")) snprintf(p->rpwd, sizeof p->rpwd, "%s", v);
      else if (!strcmp(kv, "controlling")) p->controlling = atoi(v);
      else if (!strcmp(kv, "client")) p->dtls_client = atoi(v);
      else if (!strcmp(kv, "probe")) p->probe = atoi(v);
      else if (!strcmp(kv, "x_mid")) p->x_mid = atoi(v);
      else if (!strcmp(kv, "x_rid")) p->x_rid = atoi(v);
      else if (!strcmp(kv, "x_tw")) p->x_tw = atoi(v);
      else if (!strcmp(kv, "x_al")) p->x_al = atoi(v);
      else if (!strcmp(kv, "x_ast")) p->x_ast = atoi(v);
      else if (!strcmp(kv, "mid_a")) snprintf(p->mid_a, sizeof p->mid_a, "%s", v);
      else if (!strcmp(kv, "mid_v")) snprintf(p->mid_v, sizeof p->mid_v, "%s", v);
      else if (!strcmp(kv, "rtxpt") && p->nrtxpt < 16) p->rtxpt[p->nrtxpt++] = atoi(v);
      else if (!strcmp(kv, "rtx") && p->nrtx < 64) { sscanf(v, "%u:%u", &p->rtxmap[p->nrtx][0], &p->rtxmap[p->nrtx][1]); p->nrtx++; }
      else if (!strcmp(kv, "audio")) { unsigned s; int pt, k; if (sscanf(v, "%u:%d:%d", &s, &pt, &k) == 3) { p->is_pub = 1; add_out(p, s, pt, 0, k, 50, 0, 0, ""); } }
      else if (!strcmp(kv, "video")) { unsigned s; int pt, k, f, w, h; char rid[8] = ""; if (sscanf(v, "%u:%d:%d:%d:%d:%d:%7s", &s, &pt, &k, &f, &w, &h, rid) >= 6) { p->is_pub = 1; add_out(p, s, pt, 1, k, f, w, h, rid); } }
    }
    p->next_check = now_ns();
  } else if (!strcmp(c, "LOSS")) { char *a = strtok_r(NULL, " \n", &sv); if (a) g_loss = atof(a); }
  else if (!strcmp(c, "NACK")) { char *a = strtok_r(NULL, " \n", &sv); if (a) g_nack = atoi(a); }
  else if (!strcmp(c, "RTT")) { char *a = strtok_r(NULL, " \n", &sv); if (a) g_rtt = atoi(a); }
  else if (!strcmp(c, "TWCC")) { char *a = strtok_r(NULL, " \n", &sv); if (a) g_tw = atoi(a); }
  else if (!strcmp(c, "RESET")) {
    memset(hist_a, 0, sizeof hist_a); memset(hist_v, 0, sizeof hist_v);
    tot_sent = tot_sentb = tot_senderr = rtx_rx = rtx_bad = pads_rx = 0;
    for (int i = 0; i < npeers; i++) if (peers[i]) {
      Peer *p = peers[i];
      p->rxp = p->rxb = p->lost_art = p->pli_rx = p->nack_rx = p->resent = p->rtcp_rx = p->twfb_rx = p->remb_rx = 0;
      for (int k = 0; k < p->nst; k++) {
        Stream *s = &p->st[k];
        s->started = 0; s->nmiss = 0; s->recv = s->bytes = s->dup = s->nacked = s->recovered = s->gaveup = s->prior_exp = s->prior_recv = 0;
      }
    }
    printf("RESET\n"); fflush(stdout);
  } else if (!strcmp(c, "STAT")) {
    uint64_t rx = 0, rxb = 0, lost = 0, dup = 0, nk = 0, rec = 0, gu = 0, art = 0, pli = 0, nrx = 0, res = 0, rtcp = 0, twf = 0, remb = 0, mn = ~0ull, mx = 0, exp = 0;
    int used = 0, conn = 0, dt = 0, act = 0, streams = 0;
    double ice = 0, dtl = 0, ff = 0;
    for (int i = 0; i < npeers; i++) if (peers[i]) {
      Peer *p = peers[i];
      used++;
      conn += p->connected; dt += p->dtls_done;
      if (p->t_conn) ice = fmax(ice, (p->t_conn - p->t_new) / 1e6);
      if (p->t_dtls) dtl = fmax(dtl, (p->t_dtls - p->t_new) / 1e6);
      if (p->t_first) ff = fmax(ff, (p->t_first - p->t_new) / 1e6);
      rx += p->rxp; rxb += p->rxb; art += p->lost_art; pli += p->pli_rx; nrx += p->nack_rx; res += p->resent;
      rtcp += p->rtcp_rx; twf += p->twfb_rx; remb += p->remb_rx;
      if (!p->is_pub) { if (p->rxp < mn) mn = p->rxp; if (p->rxp > mx) mx = p->rxp; if (p->rxp) act++; }
      for (int k = 0; k < p->nst; k++) {
        Stream *s = &p->st[k];
        if (!s->started) continue;
        streams++;
        uint64_t e = s->maxseq - s->base + 1;
        exp += e;
        if (e > s->recv) lost += e - s->recv;
        dup += s->dup; nk += s->nacked; rec += s->recovered; gu += s->gaveup;
      }
    }
    double q[2][4] = {{0}};
    for (int z = 0; z < 2; z++) {
      uint32_t *h = z ? hist_v : hist_a;
      uint64_t tot = 0, acc = 0;
      for (int i = 0; i <= HISTN; i++) tot += h[i];
      double want[4] = {0.5, 0.95, 0.99, 0.999};
      int w = 0;
      for (int i = 0; i <= HISTN && w < 4 && tot; i++) { acc += h[i]; while (w < 4 && acc >= want[w] * tot) q[z][w++] = (i + 1) / 10.0; }
    }
    struct rusage ru;
    getrusage(RUSAGE_SELF, &ru);
    printf("STAT {\"peers\":%d,\"ice\":%d,\"dtls\":%d,\"receiving\":%d,\"streams\":%d,\"rx_packets\":%lu,\"rx_bytes\":%lu,\"expected\":%lu,\"lost\":%lu,\"dup\":%lu,"
           "\"nacked\":%lu,\"recovered\":%lu,\"gaveup\":%lu,\"dropped_on_purpose\":%lu,\"min_per_sub\":%lu,\"max_per_sub\":%lu,\"tx_packets\":%lu,\"tx_bytes\":%lu,\"tx_errors\":%lu,"
           "\"pli_in\":%lu,\"nack_in\":%lu,\"resent\":%lu,\"rtcp_in\":%lu,\"twcc_fb_in\":%lu,\"remb_in\":%lu,\"max_ice_ms\":%.1f,\"max_dtls_ms\":%.1f,\"max_first_packet_ms\":%.1f,"
           "\"lat_audio_ms\":[%.1f,%.1f,%.1f,%.1f],\"lat_video_ms\":[%.1f,%.1f,%.1f,%.1f],\"rtx_in\":%lu,\"rtx_unusable\":%lu,\"padding\":%lu,\"srtp\":\"%s\",\"engine_cpu\":%.3f}\n",
           used, conn, dt, act, streams, rx, rxb, exp, lost, dup, nk, rec, gu, art, mn == ~0ull ? 0 : mn, mx, tot_sent, tot_sentb, tot_senderr, pli, nrx, res, rtcp, twf, remb, ice, dtl, ff,
           q[0][0], q[0][1], q[0][2], q[0][3], q[1][0], q[1][1], q[1][2], q[1][3], rtx_rx, rtx_bad, pads_rx, g_prof,
           ru.ru_utime.tv_sec + ru.ru_stime.tv_sec + (ru.ru_utime.tv_usec + ru.ru_stime.tv_usec) / 1e6);
    fflush(stdout);
  } else if (!strcmp(c, "QUIT")) exit(0);
}

int main(int argc, char **argv) {
  const char *prof = argc > 1 ? argv[1] : "SRTP_AEAD_AES_128_GCM:SRTP_AES128_CM_SHA1_80";
  g_bind = argc > 2 ? inet_addr(argv[2]) : htonl(INADDR_LOOPBACK);
  struct rlimit rl = {65536, 65536};
  setrlimit(RLIMIT_NOFILE, &rl);
  srtp_init();
  ep = epoll_create1(0);
  dtls_setup(prof);
  fcntl(0, F_SETFL, O_NONBLOCK);
  struct epoll_event e = {.events = EPOLLIN, .data.ptr = NULL};
  epoll_ctl(ep, EPOLL_CTL_ADD, 0, &e);
  static char line[65536];
  int ll = 0;
#define VL 32
  static uint8_t bufs[VL][2048];
  static struct sockaddr_in from[VL];
  struct iovec iov[VL];
  struct mmsghdr mm[VL];
  uint64_t last_tick = 0;
  for (;;) {
    struct epoll_event ev[256];
    int k = epoll_wait(ep, ev, 256, 2);
    for (int i = 0; i < k; i++) {
      if (!ev[i].data.ptr) {
        ssize_t r = read(0, line + ll, sizeof line - ll - 1);
        if (r == 0) exit(0);
        if (r < 0) continue;
        ll += r; line[ll] = 0;
        char *nl;
        while ((nl = strchr(line, '\n'))) { *nl = 0; char tmp[65536]; strcpy(tmp, line); memmove(line, nl + 1, ll - (nl + 1 - line) + 1); ll -= (nl + 1 - line); cmd(tmp); }
        continue;
      }
      Peer *p = ev[i].data.ptr;
      for (;;) {
        for (int z = 0; z < VL; z++) {
          iov[z].iov_base = bufs[z]; iov[z].iov_len = 2048;
          memset(&mm[z].msg_hdr, 0, sizeof mm[z].msg_hdr);
          mm[z].msg_hdr.msg_iov = &iov[z]; mm[z].msg_hdr.msg_iovlen = 1;
          mm[z].msg_hdr.msg_name = &from[z]; mm[z].msg_hdr.msg_namelen = sizeof from[z];
        }
        int r = recvmmsg(p->fd, mm, VL, MSG_DONTWAIT, NULL);
        if (r <= 0) break;
        uint64_t t = now_ns();
        for (int z = 0; z < r; z++) {
          uint8_t *b = bufs[z];
          int n = mm[z].msg_len;
          if (n < 2) continue;
          if (b[0] < 4) on_stun(p, b, n, &from[z]);
          else if (b[0] >= 20 && b[0] <= 63) { memcpy(p->inbuf, b, n); p->inlen = n; dtls_pump(p); }
          else if (b[0] >= 128 && b[0] <= 191) { if (b[1] >= 192 && b[1] <= 223) on_rtcp(p, b, n, t); else on_rtp(p, b, n, t); }
        }
        if (r < VL) break;
      }
    }
    uint64_t t = now_ns();
    if (t - last_tick < 1500000) continue;
    last_tick = t;
    for (int i = 0; i < npeers; i++) {
      Peer *p = peers[i];
      if (!p || !p->rpwd[0]) continue;
      if (t >= p->next_check && p->have_rem) { stun_check(p); p->next_check = t + (p->connected ? 2500000000ull : 50000000ull); }
      if (p->connected && !p->dtls_done) {
        if (!p->ssl && p->dtls_client) dtls_pump(p);
        else if (p->ssl && t >= p->next_dtls) { DTLSv1_handle_timeout(p->ssl); p->next_dtls = t + 10000000ull; }
      }
      if (!p->dtls_done) continue;
      if (t >= p->next_rr) { if (p->is_pub) send_sr(p); else send_rr(p, t); p->next_rr = t + 1000000000ull; }
      if (!p->is_pub) {
        if (g_nack) for (int s = 0; s < p->nst; s++) if (p->st[s].nmiss) send_nacks(p, &p->st[s], t);
        if (g_tw && t >= p->next_tw) { send_tw(p); p->next_tw = t + 100000000ull; }
      }
      for (int s = 0; s < p->nout; s++) {
        Out *o = &p->out[s];
        if (!o->next) o->next = t + (o->video ? rnd32() % 30000000 : rnd32() % 20000000);
        int burst = 0;
        while (t >= o->next && burst++ < 8) { out_frame(p, o, t); o->next += o->period; }
        if (t > o->next + 500000000ull) o->next = t;
      }
    }
  }
}
