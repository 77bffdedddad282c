/*
 * MTA-STS (RFC 8461) for Exim: functions for its ${dlfunc}, which ask a running mtasts daemon.
 * docs/exim.md is the guide; module.conf, router.conf and transport.conf use them.
 *
 * Exim declares such functions in its local_scan.h, whose ABI differs between versions. Nothing of
 * Exim is used here beyond the form of a call, so one module fits all of them.
 *
 * Exim keeps the pointer to the reason of a failure and copies a result at once: both stay where they
 * are until the next call. Its processes have one thread and call one function at a time.
 */
#include <mtasts.h>

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXPORT __attribute__((visibility("default")))

/*
 * What Exim makes of the number that is returned. There is also FAIL_FORCED (4), with which a router
 * declines: the mail would go unprotected or bounce. No function here returns it.
 */
enum { OK = 0, DEFER = 1 };

enum { DEFAULT_TIMEOUT_S = 95, MAX_TIMEOUT_S = 3600 };

int mtasts_exim_policy(unsigned char **yield, int argc, unsigned char *argv[]);
int mtasts_exim_mx(unsigned char **yield, int argc, unsigned char *argv[]);

#define NOTHING ((unsigned char *)"")

/* A short text for Exim's log. */
static char text[600];

__attribute__((format(printf, 1, 2))) static unsigned char *say(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    return (unsigned char *)text;
}

static const char *argument(int argc, unsigned char *argv[], int index)
{
    return index < argc && argv[index] != NULL ? (const char *)argv[index] : "";
}

/* Seconds, as decimal digits. 0 if they are none, or too many to wait for. */
static uint32_t seconds(const char *digits)
{
    uint32_t value = 0;
    for (const char *digit = digits; *digit != '\0'; digit++) {
        if (*digit < '0' || *digit > '9' || value > MAX_TIMEOUT_S)
            return 0;
        value = value * 10 + (uint32_t)(*digit - '0');
    }
    return value <= MAX_TIMEOUT_S ? value : 0;
}

/* The decision as Exim's configuration reads it. NULL if there is no memory for it. */
static unsigned char *render(const mtasts_decision *decision)
{
    /* The patterns of a policy may take 64 KiB. */
    static char *rendered;
    static size_t capacity;
    size_t needed = 0;
    int32_t code =
        mtasts_decision_render(decision, MTASTS_FORMAT_EXIM, NULL, 0, rendered, capacity, &needed);
    if (code == MTASTS_ERR_BUFFER) {
        char *larger = realloc(rendered, needed);
        if (larger == NULL)
            return NULL;
        rendered = larger;
        capacity = needed;
        code = mtasts_decision_render(decision, MTASTS_FORMAT_EXIM, NULL, 0, rendered, capacity, NULL);
    }
    return code == MTASTS_OK ? (unsigned char *)rendered : NULL;
}

/* Asks the daemon. On failure `why`, which holds a text already, says what is wrong. */
static int32_t lookup(const char *daemon, uint32_t timeout_s, const char *domain,
                      mtasts_decision **decision, char *why, size_t cap)
{
    mtasts_client *client = NULL;
    int32_t code = mtasts_client_new(daemon, strlen(daemon), &client);
    if (code == MTASTS_OK)
        code = mtasts_client_set_timeout_ms(client, timeout_s * 1000);
    if (code == MTASTS_OK)
        code = mtasts_client_lookup_why(client, domain, strlen(domain), decision, why, cap);
    mtasts_client_free(client);
    if (code < 0 && why[0] == '\0')
        snprintf(why, cap, "%s", mtasts_error_message(code));
    return code;
}

/*
 * ${dlfunc{MODULE}{mtasts_exim_policy}{DAEMON}{DOMAIN}}, and a time limit in seconds if wanted: the
 * decision for the mail of a domain, `mode=enforce mx=mx.example.com:*.example.net`, with mode one of
 * enforce, testing, none and no-policy. Without an answer it defers.
 */
EXPORT int mtasts_exim_policy(unsigned char **yield, int argc, unsigned char *argv[])
{
    const char *daemon = argument(argc, argv, 0);
    const char *domain = argument(argc, argv, 1);
    uint32_t timeout_s = argc > 2 ? seconds(argument(argc, argv, 2)) : DEFAULT_TIMEOUT_S;
    mtasts_decision *decision = NULL;
    char why[400] = "";
    int result = DEFER;

    if (argc < 2 || argc > 3 || *daemon == '\0' || *domain == '\0') {
        *yield = say("MTA-STS: mtasts_exim_policy wants the daemon's address, a domain and, if "
                     "wanted, a time limit in seconds");
        return DEFER;
    }
    if (timeout_s == 0) {
        *yield = say("MTA-STS: the time limit is not a number of seconds from 1 to %d", MAX_TIMEOUT_S);
        return DEFER;
    }
    if (lookup(daemon, timeout_s, domain, &decision, why, sizeof why) < 0) {
        *yield = say("MTA-STS: no decision for %.200s: %s", domain, why);
        return DEFER;
    }
    switch (mtasts_decision_action(decision)) {
    case MTASTS_ACTION_ENFORCE:
    case MTASTS_ACTION_TESTING:
    case MTASTS_ACTION_NONE:
    case MTASTS_ACTION_NO_POLICY:
        *yield = render(decision);
        if (*yield != NULL)
            result = OK;
        else
            *yield = say("MTA-STS: no memory for the policy of %.200s", domain);
        break;
    case MTASTS_ACTION_TEMP_FAIL:
    default: /* A later version may know more actions. What is not known is no permission. */
        if (mtasts_decision_explain(decision, 0, why, sizeof why, NULL) != MTASTS_OK)
            strcpy(why, "the daemon cannot say");
        *yield = say("MTA-STS: %.200s: %s", domain, why);
        break;
    }
    mtasts_decision_free(decision);
    return result;
}

/* The value of `name=` among words with spaces between them, or NULL. `*length` is that of the value. */
static const char *value(const char *words, const char *name, size_t *length)
{
    size_t name_length = strlen(name);
    while (*words != '\0') {
        size_t size = strcspn(words, " ");
        if (size >= name_length && memcmp(words, name, name_length) == 0) {
            *length = size - name_length;
            return words + name_length;
        }
        words += size;
        words += strspn(words, " ");
    }
    return NULL;
}

static int is(const char *word, size_t length, const char *other)
{
    return strlen(other) == length && memcmp(word, other, length) == 0;
}

/* Whether one of the patterns, which have colons between them, matches the host. */
static int listed(const char *patterns, size_t length, const char *host)
{
    const char *end = patterns + length;
    while (patterns < end) {
        const char *colon = memchr(patterns, ':', (size_t)(end - patterns));
        const char *next = colon != NULL ? colon : end;
        int32_t matches = 0;
        if (mtasts_mx_matches(patterns, (size_t)(next - patterns), host, strlen(host), &matches) == MTASTS_OK
            && matches == 1)
            return 1;
        patterns = colon != NULL ? colon + 1 : end;
    }
    return 0;
}

/*
 * ${dlfunc{MODULE}{mtasts_exim_mx}{DECISION}{HOST}}: nothing if mail may go to the MX host under a
 * decision of mtasts_exim_policy, else why not. For a transport's event_action, where a failure would be
 * ignored and a text stops the connection: so this never fails.
 */
EXPORT int mtasts_exim_mx(unsigned char **yield, int argc, unsigned char *argv[])
{
    const char *decision = argument(argc, argv, 0);
    const char *host = argument(argc, argv, 1);
    size_t mode_length = 0, patterns_length = 0;
    const char *mode = value(decision, "mode=", &mode_length);
    const char *patterns = value(decision, "mx=", &patterns_length);

    if (argc != 2 || *host == '\0')
        *yield = say("MTA-STS: mtasts_exim_mx wants a decision and an MX host");
    else if (mode == NULL)
        *yield = say("MTA-STS: the router's address_data is no decision of mtasts_exim_policy");
    else if (is(mode, mode_length, "enforce") && patterns != NULL)
        *yield = listed(patterns, patterns_length, host)
                     ? NOTHING
                     : say("MTA-STS: the policy does not name the MX host %.255s", host);
    else if (is(mode, mode_length, "testing") || is(mode, mode_length, "none")
             || is(mode, mode_length, "no-policy"))
        *yield = NOTHING;
    else
        *yield = say("MTA-STS: the decision is no permission to send");
    return OK;
}
