// SPDX-License-Identifier: Apache-2.0
/* What forwarding costs at the least: a bare loop that takes a publisher's packets, opens them, keeps them, and for each viewer
 * copies, numbers, seals (AES-128-GCM by OpenSSL's EVP) and sends them, many with one call and a picture in one piece. It
 * decides nothing, repairs nothing, measures nothing and hears nobody. Its system calls are the program's own (clinux.c).
 * With -DWIDE it seals by Intel's library, as the program does on x86.
 *
 *   floor ADDRESS VIEWERS SECONDS        1.5 Mbit/s at 30 pictures a second in packets of 1,042 bytes, 50 packets of sound
 *
 * The publisher and the viewers are children; only the loop's own processor time is told. */
#define _GNU_SOURCE
#include "../../Sources/CLinux/clinux.c"

#include <openssl/evp.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

#define HEAD 20   /* an RTP header with one element: the transport's number */
#define TAG 16
#define SLOTS 128
#define SLOT 1600
#define RING 2048

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec / 1e9;
}

static void half(uint8_t *to, unsigned value) { to[0] = value >> 8, to[1] = value; }
static void word(uint8_t *to, uint32_t value) { half(to, value >> 16), half(to + 2, value); }

/* RFC 7714, 8.1, with a salt of zeros. */
static void start(uint8_t iv[12], const uint8_t *packet) {
    memset(iv, 0, 12), memcpy(iv + 2, packet + 8, 4), memcpy(iv + 10, packet + 2, 2);
}

#ifdef WIDE
#include <intel-ipsec-mb.h>

typedef struct gcm_key_data sealer;
static IMB_MGR *manager;

static sealer *keyed(unsigned who, int seals) {
    uint8_t key[16] = {who, who >> 8, 7};
    sealer *made = aligned_alloc(64, (sizeof *made + 63) / 64 * 64);
    if (!manager) manager = alloc_mb_mgr(0), init_mb_mgr_auto(manager, NULL);
    IMB_AES128_GCM_PRE(manager, key, made);
    return made;
}

static void seal(sealer *key, uint8_t *packet, int count) {
    struct gcm_context_data context;
    uint8_t iv[12], *body = packet + HEAD;
    start(iv, packet);
    IMB_AES128_GCM_ENC(manager, key, &context, body, body, count - HEAD, iv, packet, HEAD, packet + count, TAG);
}

static int opens(sealer *key, uint8_t *packet, int count) {
    struct gcm_context_data context;
    uint8_t iv[12], tag[TAG], *body = packet + HEAD;
    start(iv, packet);
    IMB_AES128_GCM_DEC(manager, key, &context, body, body, count - HEAD, iv, packet, HEAD, tag, TAG);
    return !memcmp(tag, packet + count, TAG);
}
#else
typedef EVP_CIPHER_CTX sealer;

static sealer *keyed(unsigned who, int seals) {
    uint8_t key[16] = {who, who >> 8, 7};
    sealer *context = EVP_CIPHER_CTX_new();
    EVP_CipherInit_ex(context, EVP_aes_128_gcm(), NULL, key, NULL, seals);
    return context;
}

static void begin(sealer *context, uint8_t *packet) {
    uint8_t iv[12];
    int length;
    start(iv, packet);
    EVP_CipherInit_ex(context, NULL, NULL, NULL, iv, -1);
    EVP_CipherUpdate(context, NULL, &length, packet, HEAD);
}

static void seal(sealer *context, uint8_t *packet, int count) {
    int length;
    begin(context, packet);
    EVP_CipherUpdate(context, packet + HEAD, &length, packet + HEAD, count - HEAD);
    EVP_CipherFinal_ex(context, packet + count, &length);
    EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, TAG, packet + count);
}

static int opens(sealer *context, uint8_t *packet, int count) {
    int length;
    begin(context, packet);
    EVP_CipherUpdate(context, packet + HEAD, &length, packet + HEAD, count - HEAD);
    EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, TAG, packet + count);
    return EVP_CipherFinal_ex(context, packet + count, &length) == 1;
}
#endif

static void publish(int file, const struct cs_address *to, double seconds) {
    sealer *context = keyed(0, 1);
    uint8_t packet[SLOT] = {0};
    unsigned numbers[2] = {1, 1};
    double begun = now();
    for (int tick = 0; now() < begun + seconds; tick++) {
        /* 300 ticks a second: a picture at every tenth, sound at every sixth between them, as nobody times one by the other. */
        while (now() < begun + tick / 300.0) usleep(300);
        for (int sound = 0; sound < 2; sound++) {
            if (tick % (sound ? 6 : 10) != sound) continue;
            for (int one = 0; one < (sound ? 1 : 6); one++) {
                int count = HEAD + (sound ? 100 : 1042);
                packet[0] = 0x90, packet[1] = sound ? 111 : 96;
                half(packet + 2, numbers[sound]++), word(packet + 4, tick * 300), word(packet + 8, sound + 1);
                seal(context, packet, count);
                sendto(file, packet, count + TAG, 0, (const struct sockaddr *)to->bytes, to->count);
            }
        }
    }
    exit(0);
}

static void listen_to(const int *files, int count) {
    int epoll = cs_epoll();
    struct cs_event events[256];
    struct cs_inbox *inbox = cs_inbox_new(32, 2048);
    for (int one = 0; one < count; one++) cs_epoll_change(epoll, 1, files[one], CS_READS, one);
    for (;;) {
        int ready = cs_epoll_wait(epoll, events, 256, -1);
        for (int one = 0; one < ready; one++)
            while (cs_inbox_take(inbox, files[events[one].tag]) == 32);
    }
}

int main(int count, char **words) {
    if (count < 4) return fprintf(stderr, "floor ADDRESS VIEWERS SECONDS\n"), 2;
    const char *host = words[1];
    int viewers = atoi(words[2]);
    double seconds = atof(words[3]);
    int *files = calloc(viewers, sizeof *files);
    struct cs_address *places = calloc(viewers + 1, sizeof *places);
    sealer **contexts = calloc(viewers, sizeof *contexts);
    for (int one = 0; one < viewers; one++) {
        files[one] = cs_udp(host, 0, 0);
        socklen_t length = sizeof places[one].bytes;
        getsockname(files[one], (struct sockaddr *)places[one].bytes, &length);
        places[one].count = length;
        contexts[one] = keyed(one + 1, 1);
    }
    int file = cs_udp(host, 0, 0), publisher = cs_udp(host, 0, 0);
    socklen_t length = sizeof places[viewers].bytes;
    getsockname(file, (struct sockaddr *)places[viewers].bytes, &length);
    places[viewers].count = length;
    pid_t listening = fork();
    if (!listening) listen_to(files, viewers);
    pid_t publishing = fork();
    if (!publishing) publish(publisher, &places[viewers], seconds + 2);

    struct cs_inbox *inbox = cs_inbox_new(32, 2048);
    struct cs_datagram *came = cs_inbox_datagrams(inbox);
    sealer *input = keyed(0, 0);
    uint8_t *ring = malloc(RING * SLOT), *slots = malloc(SLOTS * SLOT);
    struct cs_letter letters[SLOTS];
    unsigned *transport = calloc(viewers, sizeof *transport), kept = 0;
    int cuts = 1, epoll = cs_epoll();
    struct cs_event event;
    cs_epoll_change(epoll, 1, file, CS_READS, 0);
    double begun = now(), spent = 0;
    long sent = 0;
    struct rusage usage, before = {0};
    for (int warm = 1; now() < begun + seconds + 1;) {
        if (warm && now() > begun + 1) warm = 0, sent = 0, getrusage(RUSAGE_SELF, &before);
        if (cs_epoll_wait(epoll, &event, 1, 20) <= 0) continue;
        int taken = cs_inbox_take(inbox, file), good = 0;
        uint8_t *packets[32];
        int counts[32];
        for (int one = 0; one < taken; one++) {
            int size = (int)came[one].count - TAG;
            if (size <= HEAD || !opens(input, came[one].bytes, size)) continue;
            packets[good] = ring + (kept++ % RING) * SLOT;
            memcpy(packets[good], came[one].bytes, size);
            counts[good++] = size;
        }
        int filled = 0;
        for (int viewer = 0; viewer < viewers; viewer++) {
            if (filled + good > SLOTS) sent += cs_send_letters(file, letters, filled, &cuts), filled = 0;
            for (int one = 0; one < good; one++) {
                uint8_t *to = slots + filled * SLOT;
                memcpy(to, packets[one], counts[one]);
                word(to + 8, to[11] + 2 * viewer + 77), word(to + 4, viewer * 1000 + to[7]);
                half(to + 12, 0xBEDE), half(to + 14, 1), to[16] = 0x51, half(to + 17, transport[viewer]++), to[19] = 0;
                seal(contexts[viewer], to, counts[one]);
                letters[filled++] = (struct cs_letter){to, counts[one] + TAG, &places[viewer]};
            }
        }
        sent += cs_send_letters(file, letters, filled, &cuts);
    }
    getrusage(RUSAGE_SELF, &usage);
#define SECONDS(of) (of.tv_sec + of.tv_usec / 1e6)
    double user = SECONDS(usage.ru_utime) - SECONDS(before.ru_utime);
    double system = SECONDS(usage.ru_stime) - SECONDS(before.ru_stime);
    spent = user + system;
    printf("{\"viewers\":%d,\"packets\":%ld,\"packets_per_cpu_s\":%.0f,\"user_s\":%.2f,\"sys_s\":%.2f}\n", viewers, sent,
           sent / spent, user, system);
    kill(listening, SIGKILL), kill(publishing, SIGKILL);
    return 0;
}
