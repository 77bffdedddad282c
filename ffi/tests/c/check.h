/* What the test programs have in common. */
#ifndef CHECK_H
#define CHECK_H

#include <mtasts.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Ends the test unless a condition holds. */
#define CHECK(condition)                                                                  \
    do {                                                                                  \
        if (!(condition)) {                                                               \
            fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition);       \
            exit(1);                                                                      \
        }                                                                                 \
    } while (0)

/* Ends the test unless a call returns this code. */
#define RETURNS(code, call)                                                               \
    do {                                                                                  \
        int32_t is_ = (call), should_be_ = (code);                                        \
        if (is_ != should_be_) {                                                          \
            fprintf(stderr, "%s:%d: %s returns %s (%d) instead of %s (%d)\n", __FILE__,   \
                    __LINE__, #call, mtasts_error_name(is_), (int)is_,                    \
                    mtasts_error_name(should_be_), (int)should_be_);                      \
            exit(1);                                                                      \
        }                                                                                 \
    } while (0)

#define OK(call) RETURNS(MTASTS_OK, call)

/* A string literal or string, as pointer and length. */
#define TEXT(text) (text), strlen(text)

#define ENFORCE "version: STSv1\nmode: enforce\nmx: MX1.example.com\nmx: *.example.net\nmax_age: 86400\n"

static inline int is_text(const char *text, size_t len, const char *wanted)
{
    return text != NULL && len == strlen(wanted) && memcmp(text, wanted, len) == 0;
}

#endif
