// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "clinux.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif
#include <netdb.h>
#include <pthread.h>
#include <signal.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <netinet/udp.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

_Static_assert(CS_READS == EPOLLIN && CS_WRITES == EPOLLOUT && CS_FAULT == EPOLLERR && CS_HANGUP == EPOLLHUP, "epoll");

int cs_epoll(void) { return epoll_create1(EPOLL_CLOEXEC); }

int cs_epoll_change(int epoll, int operation, int file, uint32_t interest, uint64_t tag) {
    struct epoll_event event = {.events = interest, .data.u64 = tag};
    return epoll_ctl(epoll, operation, file, &event);
}

int cs_epoll_wait(int epoll, struct cs_event *events, int most, int milliseconds) {
    struct epoll_event ready[512];
    if (most > 512) most = 512;
    int count = epoll_wait(epoll, ready, most, milliseconds);
    for (int place = 0; place < count; place++) {
        events[place].tag = ready[place].data.u64;
        events[place].ready = ready[place].events;
    }
    return count;
}

void cs_name_thread(const char *name) { pthread_setname_np(pthread_self(), name); }

void cs_prepare(void) {
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
        files.rlim_cur = files.rlim_max;
        setrlimit(RLIMIT_NOFILE, &files);
    }
    signal(SIGPIPE, SIG_IGN);
#ifdef __GLIBC__
    // A part is made in memory that the part before it left, and not in new pages each time.
    mallopt(M_MMAP_THRESHOLD, 4 << 20);
    mallopt(M_TRIM_THRESHOLD, 8 << 20);
    // A thread's memory grows without asking the system for each page that somebody who comes to a meeting needs.
    mallopt(M_TOP_PAD, 16 << 20);
#endif
}

int cs_most_files(void) {
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) != 0) return 1024;
    return files.rlim_cur > 1 << 20 ? 1 << 20 : (int)files.rlim_cur;
}

void cs_prefer_thread(void) { setpriority(PRIO_PROCESS, 0, -10); }

int cs_bell(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }

int cs_pipe(int ends[2]) { return pipe2(ends, O_CLOEXEC) == 0 ? 0 : -errno; }

int cs_close_from(posix_spawn_file_actions_t *actions, int file) {
#ifdef __GLIBC__
    return posix_spawn_file_actions_addclosefrom_np(actions, file);
#else
    return 0;
#endif
}

void cs_humble(int process, int nice, int spares) {
    cpu_set_t set;
    // Neither can fail in a way that matters: the process works, and competes with us as an equal.
    setpriority(PRIO_PROCESS, (id_t)process, nice);
    if (!spares || sched_getaffinity(process, sizeof set, &set) != 0 || CPU_COUNT(&set) < 2) return;
    for (int processor = 0; processor < CPU_SETSIZE; processor++) {
        if (!CPU_ISSET(processor, &set)) continue;
        CPU_CLR(processor, &set);
        break;
    }
    sched_setaffinity(process, sizeof set, &set);
}

int cs_accept(int listener, char *from, int capacity) {
    struct sockaddr_storage address;
    socklen_t length = sizeof address;
    int file = accept4(listener, (struct sockaddr *)&address, &length, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (file < 0) return file;
    if (capacity > 0) from[0] = 0;
    if (address.ss_family == AF_INET)
        inet_ntop(AF_INET, &((struct sockaddr_in *)&address)->sin_addr, from, (socklen_t)capacity);
    if (address.ss_family == AF_INET6)
        inet_ntop(AF_INET6, &((struct sockaddr_in6 *)&address)->sin6_addr, from, (socklen_t)capacity);
    return file;
}

ssize_t cs_sendv(int file, const struct iovec *pieces, int count, int more) {
    struct msghdr message = {.msg_iov = (struct iovec *)pieces, .msg_iovlen = (size_t)count};
    return sendmsg(file, &message, MSG_NOSIGNAL | MSG_DONTWAIT | (more ? MSG_MORE : 0));
}

void cs_open_chute(struct cs_chute *chute) {
    int ends[2];
    chute->in = chute->out = -1;
    chute->nothing = open("/dev/null", O_WRONLY | O_CLOEXEC);
    if (chute->nothing < 0 || pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0) return;
    chute->out = ends[0];
    chute->in = ends[1];
    // More would be offered to slow sockets for nothing; with less, if we may not have that, there are only more calls.
    fcntl(chute->in, F_SETPIPE_SZ, 256 << 10);
}

void cs_close_chute(struct cs_chute *chute) {
    if (chute->in >= 0) close(chute->in);
    if (chute->out >= 0) close(chute->out);
    if (chute->nothing >= 0) close(chute->nothing);
    chute->in = chute->out = chute->nothing = -1;
}

/// Throws away what a socket did not take: nobody else may find it in the pipe.
static void empty_chute(struct cs_chute *chute, ssize_t left) {
    while (left > 0) {
        ssize_t gone = splice(chute->out, NULL, chute->nothing, NULL, (size_t)left, 0);
        if (gone <= 0) return cs_close_chute(chute);
        left -= gone;
    }
}

ssize_t cs_send_pages(int file, struct cs_chute *chute, struct iovec *pieces, int count, int more) {
    ssize_t sent = 0;
    while (count > 0) {
        ssize_t filled = vmsplice(chute->in, pieces, (size_t)count, SPLICE_F_NONBLOCK);
        if (filled <= 0) {
            ssize_t copied = cs_sendv(file, pieces, count, more);
            return copied < 0 && sent > 0 ? sent : sent + copied;
        }
        for (ssize_t rest = filled; rest > 0;) {
            size_t step = pieces->iov_len < (size_t)rest ? pieces->iov_len : (size_t)rest;
            pieces->iov_base = (char *)pieces->iov_base + step;
            pieces->iov_len -= step;
            rest -= (ssize_t)step;
            if (pieces->iov_len == 0) {
                pieces++;
                count--;
            }
        }
        unsigned flags = SPLICE_F_NONBLOCK | (count > 0 || more ? SPLICE_F_MORE : 0);
        for (ssize_t left = filled; left > 0;) {
            ssize_t gone = splice(chute->out, NULL, file, NULL, (size_t)left, flags);
            if (gone <= 0) {
                int reason = gone < 0 ? errno : EPIPE;
                empty_chute(chute, left);
                errno = reason;
                return sent > 0 ? sent : -1;
            }
            left -= gone;
            sent += gone;
        }
    }
    return sent;
}

int cs_set(int file, int level, int name, int value) { return setsockopt(file, level, name, &value, sizeof value); }

static int find_kind(const char *host, int port, int kind, int flags, struct addrinfo **found) {
    struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = kind, .ai_flags = flags};
    char service[16];
    snprintf(service, sizeof service, "%d", port);
    return getaddrinfo(host, service, &hints, found);
}

static int find(const char *host, int port, int flags, struct addrinfo **found) {
    return find_kind(host, port, SOCK_STREAM, flags, found);
}

int cs_listen(const char *host, int port, int backlog, int reuses_port) {
    struct addrinfo *found = NULL;
    if (find(host, port, AI_PASSIVE, &found) != 0) return -EADDRNOTAVAIL;
    int result = -EADDRNOTAVAIL;
    for (struct addrinfo *one = found; one; one = one->ai_next) {
        int file = socket(one->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        if (file < 0) { result = -errno; continue; }
        int yes = 1;
        setsockopt(file, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
        if (reuses_port) setsockopt(file, SOL_SOCKET, SO_REUSEPORT, &yes, sizeof yes);
        if (bind(file, one->ai_addr, one->ai_addrlen) == 0 && listen(file, backlog) == 0) {
            freeaddrinfo(found);
            return file;
        }
        result = -errno;
        close(file);
    }
    freeaddrinfo(found);
    return result;
}

int cs_port(int file) {
    struct sockaddr_storage address;
    socklen_t length = sizeof address;
    if (getsockname(file, (struct sockaddr *)&address, &length) != 0) return -1;
    if (address.ss_family == AF_INET6) return ntohs(((struct sockaddr_in6 *)&address)->sin6_port);
    return ntohs(((struct sockaddr_in *)&address)->sin_port);
}

int cs_connect(const char *address, int port) {
    struct addrinfo *found = NULL;
    if (find(address, port, AI_NUMERICHOST, &found) != 0) return -EADDRNOTAVAIL;
    int file = socket(found->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    int result = file < 0 ? -errno : file;
    if (file >= 0) {
        int yes = 1;
        setsockopt(file, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
        if (connect(file, found->ai_addr, found->ai_addrlen) != 0 && errno != EINPROGRESS) {
            result = -errno;
            close(file);
        }
    }
    freeaddrinfo(found);
    return result;
}

int cs_unix(const char *path, int listens) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof address.sun_path) return -ENAMETOOLONG;
    strcpy(address.sun_path, path);
    int file = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (file < 0) return -errno;
    int failed = listens ? bind(file, (struct sockaddr *)&address, sizeof address) != 0 ||
                               chmod(path, 0600) != 0 || listen(file, 8) != 0
                         : connect(file, (struct sockaddr *)&address, sizeof address) != 0;
    if (failed) {
        int code = -errno;
        close(file);
        return code;
    }
    return file;
}

int cs_udp(const char *host, int port, int reuses_port) {
    struct addrinfo *found = NULL;
    if (find_kind(host, port, SOCK_DGRAM, AI_PASSIVE, &found) != 0) return -EADDRNOTAVAIL;
    int result = -EADDRNOTAVAIL;
    for (struct addrinfo *one = found; one && result < 0; one = one->ai_next) {
        int file = socket(one->ai_family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        if (file < 0) { result = -errno; continue; }
        // Beyond what everybody may have when we may; else as much as everybody may.
        int yes = 1, no = 0, size = 8 << 20;
        if (setsockopt(file, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size) != 0)
            setsockopt(file, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
        if (setsockopt(file, SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof size) != 0)
            setsockopt(file, SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
        if (one->ai_family == AF_INET6) setsockopt(file, IPPROTO_IPV6, IPV6_V6ONLY, &no, sizeof no);
        if (reuses_port) setsockopt(file, SOL_SOCKET, SO_REUSEPORT, &yes, sizeof yes);
        if (bind(file, one->ai_addr, one->ai_addrlen) == 0) {
            result = file;
        } else {
            result = -errno;
            close(file);
        }
    }
    freeaddrinfo(found);
    return result;
}

int cs_numeric(const char *host, char *text, int room) {
    struct addrinfo *found = NULL;
    if (find_kind(host, 0, SOCK_DGRAM, 0, &found) != 0) return -1;
    int code = getnameinfo(found->ai_addr, found->ai_addrlen, text, (socklen_t)room, NULL, 0, NI_NUMERICHOST);
    freeaddrinfo(found);
    return code == 0 ? 0 : -1;
}

struct cs_inbox {
    int slots;
    uint8_t *arena;
    struct cs_datagram *datagrams;
    struct mmsghdr *messages;
    struct iovec *pieces;
};

struct cs_inbox *cs_inbox_new(int slots, int bytes) {
    struct cs_inbox *inbox = calloc(1, sizeof *inbox);
    if (!inbox) return NULL;
    inbox->slots = slots;
    inbox->arena = malloc((size_t)slots * bytes);
    inbox->datagrams = calloc(slots, sizeof *inbox->datagrams);
    inbox->messages = calloc(slots, sizeof *inbox->messages);
    inbox->pieces = calloc(slots, sizeof *inbox->pieces);
    if (!inbox->arena || !inbox->datagrams || !inbox->messages || !inbox->pieces) {
        cs_inbox_free(inbox);
        return NULL;
    }
    for (int place = 0; place < slots; place++) {
        inbox->datagrams[place].bytes = inbox->arena + (size_t)place * bytes;
        inbox->pieces[place] = (struct iovec){inbox->datagrams[place].bytes, (size_t)bytes};
        inbox->messages[place].msg_hdr = (struct msghdr){
            .msg_name = inbox->datagrams[place].from.bytes, .msg_namelen = sizeof inbox->datagrams[place].from.bytes,
            .msg_iov = &inbox->pieces[place], .msg_iovlen = 1};
    }
    return inbox;
}

void cs_inbox_free(struct cs_inbox *inbox) {
    free(inbox->arena), free(inbox->datagrams), free(inbox->messages), free(inbox->pieces), free(inbox);
}

struct cs_datagram *cs_inbox_datagrams(struct cs_inbox *inbox) { return inbox->datagrams; }

int cs_inbox_take(struct cs_inbox *inbox, int file) {
    int count = recvmmsg(file, inbox->messages, (unsigned)inbox->slots, MSG_DONTWAIT, NULL);
    for (int place = 0; place < count; place++) {
        struct mmsghdr *message = &inbox->messages[place];
        inbox->datagrams[place].count = message->msg_hdr.msg_flags & MSG_TRUNC ? 0 : message->msg_len;
        inbox->datagrams[place].from.count = message->msg_hdr.msg_namelen;
        message->msg_hdr.msg_namelen = sizeof inbox->datagrams[place].from.bytes;
    }
    return count < 0 ? 0 : count;
}

/// How many letters from here on may go as one.
static int run_length(const struct cs_letter *letters, int count) {
    unsigned size = letters[0].count, total = size;
    int length = 1;
    while (length < count && length < 64 && letters[length].to == letters[0].to && letters[length].count <= size &&
           total + letters[length].count < 65000) {
        total += letters[length].count;
        if (letters[length++].count < size) break;
    }
    return length;
}

#define MOST_MESSAGES 64

union segment_control {
    struct cmsghdr head;
    char bytes[CMSG_SPACE(sizeof(uint16_t))];
};

int cs_send_letters(int file, const struct cs_letter *letters, int count, int *cuts) {
    struct mmsghdr messages[MOST_MESSAGES];
    union segment_control controls[MOST_MESSAGES];
    struct iovec pieces[512];
    int runs[MOST_MESSAGES];
    int place = 0, taken = 0;
    while (place < count) {
        int filled = 0, used = 0, next = place;
        while (next < count && filled < MOST_MESSAGES && used < 448) {
            int run = *cuts ? run_length(letters + next, count - next) : 1;
            struct msghdr *head = &messages[filled].msg_hdr;
            *head = (struct msghdr){.msg_name = (void *)letters[next].to->bytes, .msg_namelen = letters[next].to->count,
                                    .msg_iov = pieces + used, .msg_iovlen = (size_t)run};
            for (int one = 0; one < run; one++)
                pieces[used + one] = (struct iovec){letters[next + one].bytes, letters[next + one].count};
            if (run > 1) {
                head->msg_control = controls[filled].bytes;
                head->msg_controllen = sizeof controls[filled].bytes;
                controls[filled].head =
                    (struct cmsghdr){.cmsg_len = CMSG_LEN(sizeof(uint16_t)), .cmsg_level = SOL_UDP, .cmsg_type = UDP_SEGMENT};
                uint16_t size = (uint16_t)letters[next].count;
                memcpy(CMSG_DATA(&controls[filled].head), &size, sizeof size);
            }
            runs[filled++] = run;
            used += run;
            next += run;
        }
        int sent = sendmmsg(file, messages, (unsigned)filled, MSG_DONTWAIT);
        for (int one = 0; one < sent; one++) place += runs[one], taken += runs[one];
        if (sent > 0) continue;
        if (errno == EINTR) continue;
        // What waits would come too late: when the system's buffer is full, the rest is lost, as on any full road.
        if (errno == EAGAIN || errno == ENOBUFS) break;
        if (runs[0] > 1 && (errno == EINVAL || errno == EIO || errno == EOPNOTSUPP || errno == EMSGSIZE)) {
            *cuts = 0;
            continue;
        }
        // Nobody can be reached there: the next may be elsewhere.
        place += runs[0];
    }
    return taken;
}
