// SPDX-License-Identifier: Apache-2.0
// What Swift's Glibc module leaves out of Linux: epoll, eventfd, accept4, recvmmsg, sendmmsg. No logic.
#ifndef CLINUX_H
#define CLINUX_H

#include <spawn.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/uio.h>

/// One event of epoll: which watch, and what is ready.
struct cs_event {
    uint64_t tag;
    uint32_t ready;
};

#define CS_READS 1u
#define CS_WRITES 4u
#define CS_FAULT 8u
#define CS_HANGUP 16u

int cs_epoll(void);
/// operation: 1 adds, 2 removes, 3 changes.
int cs_epoll_change(int epoll, int operation, int file, uint32_t interest, uint64_t tag);
int cs_epoll_wait(int epoll, struct cs_event *events, int most, int milliseconds);
/// What a server wants of its process: as many open files as it may have, and no signal for a peer that has gone.
void cs_prepare(void);
/// How many files this process may have open.
int cs_most_files(void);
int cs_bell(void);
void cs_name_thread(const char *name);
/// Asks for nice -10 for the calling thread alone; without the right to it nothing happens.
void cs_prefer_thread(void);
/// A pipe whose ends no other program inherits: 0, or minus errno.
int cs_pipe(int ends[2]);
/// A program that is started inherits no file from this number on.
int cs_close_from(posix_spawn_file_actions_t *actions, int file);
/// Lets a process yield to us: nice, and (spares) on every processor it may use but the first, where there are several.
void cs_humble(int process, int nice, int spares);
/// Accepts without blocking; the address goes into `from` as text when it fits.
int cs_accept(int listener, char *from, int capacity);
/// Sends without blocking; `more` says that more follows at once, so that a small piece waits for it.
ssize_t cs_sendv(int file, const struct iovec *pieces, int count, int more);
/// A pipe that pages go through on their way from memory to a socket, and where those go that a socket does not take.
struct cs_chute {
    int in;
    int out;
    int nothing;
};
/// Without files to be had it stays shut, and what is sent through it is copied.
void cs_open_chute(struct cs_chute *chute);
void cs_close_chute(struct cs_chute *chute);
/// Sends whole pages of memory without copying them and without blocking (vmsplice, splice). They must never change, and
/// must not be used for anything else when they are given back: only what was mapped by itself may be sent so. The pieces
/// are used up. How many bytes the socket took, or -1.
ssize_t cs_send_pages(int file, struct cs_chute *chute, struct iovec *pieces, int count, int more);
int cs_set(int file, int level, int name, int value);
/// A listening socket at a numeric or named host and a port: a file, or minus errno.
int cs_listen(const char *host, int port, int backlog, int reuses_port);
/// The port that a socket is bound to.
int cs_port(int file);
/// Begins to connect to a numeric address: a file, or minus errno.
int cs_connect(const char *address, int port);
/// A Unix socket: connects (listens == 0) or listens; a file, or minus errno.
int cs_unix(const char *path, int listens);

/// Where a datagram comes from or goes to: a sockaddr_in or a sockaddr_in6.
struct cs_address {
    uint8_t bytes[28];
    uint32_t count;
};

/// A datagram that came.
struct cs_datagram {
    uint8_t *bytes;
    uint32_t count;
    struct cs_address from;
};

/// A datagram to send.
struct cs_letter {
    void *bytes;
    uint32_t count;
    const struct cs_address *to;
};

/// A datagram socket that does not block, with large buffers, at a numeric or named host and a port: a file, or minus errno.
int cs_udp(const char *host, int port, int reuses_port);
/// The numeric address of a host: 0, or below zero when there is none.
int cs_numeric(const char *host, char *text, int room);
/// Room for so many datagrams of at most so many bytes.
struct cs_inbox *cs_inbox_new(int slots, int bytes);
void cs_inbox_free(struct cs_inbox *inbox);
struct cs_datagram *cs_inbox_datagrams(struct cs_inbox *inbox);
/// Takes what has come, in one call: how many datagrams; 0 when there are none. One that was longer than its room has no
/// bytes.
int cs_inbox_take(struct cs_inbox *inbox, int file);
/// Sends datagrams, many in one call. Neighbours to the same place (the same pointer) of one size, the last of which may
/// be smaller, go as one that the system cuts up (UDP_SEGMENT), where `cuts` says so; it becomes 0 when the system cannot.
/// Answers how many the system took.
int cs_send_letters(int file, const struct cs_letter *letters, int count, int *cuts);

#endif
