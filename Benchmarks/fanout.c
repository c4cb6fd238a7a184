// SPDX-License-Identifier: Apache-2.0
// How long after the first viewer the last one has a part, without what a viewer does with it: every connection asks for
// the part that comes next, and is only looked at. Nothing is read before all have something to read.
//
// usage: fanout PORT BROADCAST VIEWERS ROUNDS      (one processor of its own)
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

static char place[256], text[1 << 20];
static int port;

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1e3 + time.tv_nsec / 1e6;
}

static void fail(const char *what) {
    perror(what);
    exit(1);
}

static int dial(void) {
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int file = socket(AF_INET, SOCK_STREAM, 0), yes = 1;
    if (file < 0 || connect(file, (struct sockaddr *)&to, sizeof to)) fail("connect");
    setsockopt(file, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    return file;
}

static void ask(int file, const char *path) {
    char line[512];
    int count = snprintf(line, sizeof line, "GET %s HTTP/1.1\r\nHost: h\r\n\r\n", path);
    if (write(file, line, count) != count) fail("write");
}

/// Reads one whole answer; its text in `text`, its content's place returned.
static char *answer(int file) {
    size_t have = 0;
    for (;;) {
        ssize_t count = read(file, text + have, sizeof text - 1 - have);
        if (count <= 0) fail("read");
        have += count;
        text[have] = 0;
        char *body = strstr(text, "\r\n\r\n"), *length = strcasestr(text, "content-length: ");
        if (body && length && have - (body + 4 - text) >= (size_t)atol(length + 16)) return body + 4;
        if (body && !length) return body + 4;
    }
}

static int later(const void *a, const void *b) { return (*(double *)a > *(double *)b) - (*(double *)a < *(double *)b); }

/// Where a viewer of its own is let in: the folder of its playlists.
static void enter(int file, const char *name, char *folder, size_t room) {
    char path[256];
    snprintf(path, sizeof path, "/live/%s/index.m3u8", name);
    ask(file, path);
    answer(file);
    char *found = strcasestr(text, "location: ");
    if (!found) fail("no redirection");
    char *end = strstr(found, "index.m3u8");
    snprintf(folder, room, "%.*s", (int)(end - found - 10), found + 10);
}

int main(int count, char **words) {
    if (count != 5) return fprintf(stderr, "usage: fanout PORT BROADCAST VIEWERS ROUNDS\n"), 2;
    struct rlimit most = {1 << 20, 1 << 20};
    getrlimit(RLIMIT_NOFILE, &most);
    most.rlim_cur = most.rlim_max;
    setrlimit(RLIMIT_NOFILE, &most);
    port = atoi(words[1]);
    int viewers = atoi(words[3]), rounds = atoi(words[4]), *files = calloc(viewers, sizeof *files);
    char (*folders)[128] = calloc(viewers, sizeof *folders);
    double *seen = calloc(viewers, sizeof *seen), *worst = calloc(rounds, sizeof *worst), *last = calloc(rounds, sizeof *last);
    int poll = epoll_create1(0), guide = dial();
    enter(guide, words[2], place, sizeof place);
    for (int one = 0; one < viewers; one++) {
        files[one] = dial();
        enter(files[one], words[2], folders[one], sizeof folders[one]);
        struct epoll_event event = {.events = EPOLLIN | EPOLLET, .data.u32 = one};
        epoll_ctl(poll, EPOLL_CTL_ADD, files[one], &event);
    }
    struct epoll_event *events = calloc(viewers, sizeof *events);
    while (epoll_wait(poll, events, viewers, 0) > 0) continue;
    for (int round = 0; round < rounds; round++) {
        char path[512], hint[128];
        snprintf(path, sizeof path, "%sv0.m3u8", place);
        ask(guide, path);
        char *list = answer(guide), *next = strstr(list, "PRELOAD-HINT:TYPE=PART,URI=\"");
        // The part that is hinted may come any moment: the one after it is awaited by asking for the playlist that has it.
        long sequence = atol(strstr(list, "MEDIA-SEQUENCE:") + 15), parts = 0;
        for (char *row = list; row && *row; row = strchr(row, '\n') ? strchr(row, '\n') + 1 : NULL) {
            if (!strncmp(row, "#EXT-X-PART:", 12)) parts++;
            else if (*row && *row != '#' && *row != '\n') sequence++, parts = 0;
        }
        snprintf(path, sizeof path, "%sv0.m3u8?_HLS_msn=%ld&_HLS_part=%ld", place, sequence, parts);
        ask(guide, path);
        next = strstr(answer(guide), "PRELOAD-HINT:TYPE=PART,URI=\"");
        if (!next) fail("no hint");
        sscanf(next + 28, "%127[^\"]", hint);
        for (int one = 0; one < viewers; one++) {
            snprintf(path, sizeof path, "%s%s", folders[one], hint);
            ask(files[one], path);
        }
        int there = 0;
        memset(seen, 0, viewers * sizeof *seen);
        while (there < viewers) {
            int ready = epoll_wait(poll, events, viewers, 5000);
            double time = now();
            if (ready <= 0) fail("nothing came");
            for (int place = 0; place < ready; place++)
                if (!seen[events[place].data.u32]) seen[events[place].data.u32] = time, there++;
        }
        for (int one = 0; one < viewers; one++) answer(files[one]);
        while (epoll_wait(poll, events, viewers, 0) > 0) continue;
        qsort(seen, viewers, sizeof *seen, later);
        worst[round] = seen[(int)(viewers * 0.99)] - seen[0];
        last[round] = seen[viewers - 1] - seen[0];
    }
    qsort(worst, rounds, sizeof *worst, later);
    qsort(last, rounds, sizeof *last, later);
    printf("%d viewers, %d parts: with 99 %% of them after %.1f ms (median part), %.1f ms (worst); with all after %.1f ms\n",
           viewers, rounds, worst[rounds / 2], worst[rounds - 1], last[rounds / 2]);
    return 0;
}
