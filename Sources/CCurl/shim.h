// SPDX-License-Identifier: Apache-2.0
// libcurl sets its options by functions with a varying number of arguments, which Swift does not call. One function for
// every type of argument stands in for them.
#include <curl/curl.h>

typedef size_t (*ccurl_bytes)(char *, size_t, size_t, void *);

static inline CURLcode ccurl_number(CURL *easy, CURLoption option, long value) {
    return (curl_easy_setopt)(easy, option, value);
}

static inline CURLcode ccurl_large(CURL *easy, CURLoption option, curl_off_t value) {
    return (curl_easy_setopt)(easy, option, value);
}

// libcurl keeps its own copy of the text, for every option but POSTFIELDS.
static inline CURLcode ccurl_text(CURL *easy, CURLoption option, const char *value) {
    return (curl_easy_setopt)(easy, option, value);
}

static inline CURLcode ccurl_pointer(CURL *easy, CURLoption option, void *value) {
    return (curl_easy_setopt)(easy, option, value);
}

static inline CURLcode ccurl_list(CURL *easy, CURLoption option, struct curl_slist *value) {
    return (curl_easy_setopt)(easy, option, value);
}

static inline CURLcode ccurl_on_bytes(CURL *easy, CURLoption option, ccurl_bytes act) {
    return (curl_easy_setopt)(easy, option, act);
}

static inline CURLcode ccurl_on_socket(CURL *easy, curl_opensocket_callback act) {
    return (curl_easy_setopt)(easy, CURLOPT_OPENSOCKETFUNCTION, act);
}

static inline CURLcode ccurl_before_sending(CURL *easy, curl_prereq_callback act) {
    return (curl_easy_setopt)(easy, CURLOPT_PREREQFUNCTION, act);
}

static inline CURLcode ccurl_told_number(CURL *easy, CURLINFO about, long *value) {
    return (curl_easy_getinfo)(easy, about, value);
}

static inline CURLcode ccurl_told_pointer(CURL *easy, CURLINFO about, void **value) {
    return (curl_easy_getinfo)(easy, about, value);
}

static inline CURLMcode ccurl_multi_number(CURLM *multi, CURLMoption option, long value) {
    return (curl_multi_setopt)(multi, option, value);
}

// The outcome of a message of CURLMSG_DONE, which C keeps in a union.
static inline CURLcode ccurl_outcome(const CURLMsg *message) { return message->data.result; }

static inline const struct sockaddr *ccurl_address(const struct curl_sockaddr *address) { return &address->addr; }
