// SPDX-License-Identifier: Apache-2.0
// GMime's kinds of objects are told apart by macros, which Swift does not see.
#include <gmime/gmime.h>

static inline gboolean cgmime_is_multipart(void *object) { return GMIME_IS_MULTIPART(object); }
static inline gboolean cgmime_is_part(void *object) { return GMIME_IS_PART(object); }
static inline gboolean cgmime_is_text(void *object) { return GMIME_IS_TEXT_PART(object); }
static inline gboolean cgmime_is_message(void *object) { return GMIME_IS_MESSAGE_PART(object); }
static inline gboolean cgmime_is_mailbox(void *object) { return INTERNET_ADDRESS_IS_MAILBOX(object); }

static inline GMimeParserOptions *cgmime_options(void) {
    const char *charsets[] = {"utf-8", "windows-874", "iso-8859-1", NULL};
    GMimeParserOptions *options = g_mime_parser_options_new();
    g_mime_parser_options_set_fallback_charsets(options, charsets);
    return options;
}
