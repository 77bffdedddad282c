/* Answers the requests of conformance vectors (vectors/FACES.md) through the C ABI: one line in, one out. */
#define MTASTS_FEATURE_LINT
#include "check.h"

static mtasts_engine *engine;
static mtasts_decision *last;
static char *cursor;
static const char digits[] = "0123456789abcdef";

/* Misuse of the protocol: the run fails. */
static void bad(const char *what)
{
    printf("bad %s\n", what);
    fflush(stdout);
    exit(1);
}

static void must(int32_t code)
{
    if (code < 0)
        bad(mtasts_error_name(code));
}

static const char *maybe_word(void)
{
    char *word = cursor;
    if (word == NULL || *word == '\0')
        return NULL;
    cursor = strchr(word, ' ');
    if (cursor != NULL)
        *cursor++ = '\0';
    return word;
}

static const char *word(void)
{
    const char *token = maybe_word();
    if (token == NULL)
        bad("the request ends early");
    return token;
}

static uint64_t number(void)
{
    const char *token = word();
    char *end;
    uint64_t value = strtoull(token, &end, 10);
    if (*token < '0' || *token > '9' || *end != '\0')
        bad("not a number");
    return value;
}

typedef struct {
    char *data; /* NULL if absent */
    size_t len;
} octets;

static unsigned digit(char c)
{
    const char *found = c == '\0' ? NULL : strchr(digits, c);
    if (found == NULL)
        bad("not octets");
    return (unsigned)(found - digits);
}

/* sscanf would measure all that follows for each octet. */
static octets decode(const char *token)
{
    octets value = { NULL, 0 };
    if (strcmp(token, "-") == 0)
        return value;
    if (token[0] != 'x' || strlen(token) % 2 == 0)
        bad("not octets");
    value.len = strlen(token) / 2;
    value.data = malloc(value.len + 1);
    for (size_t i = 0; i < value.len; i++)
        value.data[i] = (char)(digit(token[1 + 2 * i]) << 4 | digit(token[2 + 2 * i]));
    return value;
}

static void text(const char *key, const char *data, size_t len)
{
    printf(" %s=x", key);
    for (size_t i = 0; i < len; i++) {
        putchar(digits[(unsigned char)data[i] >> 4]);
        putchar(digits[(unsigned char)data[i] & 15]);
    }
}

/* The octets to the end of the request. */
typedef struct {
    char **data;
    size_t *lengths, count;
} list;

static list rest(void)
{
    list all = { NULL, NULL, 0 };
    for (const char *token; (token = maybe_word()) != NULL; all.count++) {
        octets item = decode(token);
        all.data = realloc(all.data, (all.count + 1) * sizeof *all.data);
        all.lengths = realloc(all.lengths, (all.count + 1) * sizeof *all.lengths);
        all.data[all.count] = item.data;
        all.lengths[all.count] = item.len;
    }
    return all;
}

static const char *const *records(const list *all)
{
    return (const char *const *)all->data;
}

static void free_list(list *all)
{
    for (size_t i = 0; i < all->count; i++)
        free(all->data[i]);
    free(all->data);
    free(all->lengths);
}

static void show_policy(int32_t code, mtasts_policy *policy, const octets *body)
{
    mtasts_diagnostics *found = NULL;
    uint32_t max_age = 0;
    static const char *const modes[] = { "", "enforce", "testing", "none" };
    if (code < 0) {
        printf("none %s\n", mtasts_error_name(code));
        return;
    }
    must(mtasts_policy_max_age(policy, &max_age));
    printf("ok mode=%s max_age=%" PRIu32, modes[mtasts_policy_mode(policy)], max_age);
    for (size_t i = 0; i < (size_t)mtasts_policy_mx_count(policy); i++) {
        const char *data;
        size_t len;
        must(mtasts_policy_mx(policy, i, &data, &len));
        text("mx", data, len);
    }
    must(mtasts_policy_diagnose(body->data, body->len, &found));
    printf(" deviations=%d\n", (int)mtasts_diagnostics_count(found));
    mtasts_diagnostics_free(found);
    mtasts_policy_free(policy);
}

static void show_decision(const mtasts_decision *decision)
{
    static const char *const actions[] = { "", "enforce", "testing", "none", "no-policy", "temp-fail" };
    const char *data;
    size_t len;
    uint64_t at;
    int32_t code = mtasts_decision_source(decision);
    printf(" decision=%s", actions[mtasts_decision_action(decision)]);
    if (code != MTASTS_ERR_ABSENT) {
        printf(" source=%s", code == MTASTS_SOURCE_LIVE ? "live" : "cached");
        must(mtasts_decision_id(decision, &data, &len));
        text("id", data, len);
        must(mtasts_decision_fetched_at(decision, &at));
        printf(" fetched_at=%" PRIu64, at);
        must(mtasts_decision_expires_at(decision, &at));
        printf(" expires_at=%" PRIu64, at);
        for (size_t i = 0; i < (size_t)mtasts_decision_mx_count(decision); i++) {
            must(mtasts_decision_mx(decision, i, &data, &len));
            text("mx", data, len);
        }
    }
    must(mtasts_decision_failure(decision, &code));
    if (code != MTASTS_OK) {
        must(mtasts_decision_failure_at(decision, &at));
        printf(" failure=%s failure_at=%" PRIu64, mtasts_error_name(code), at);
    }
    must(mtasts_decision_discovery_result(decision, &code));
    if (code != MTASTS_RESULT_NOTHING)
        printf(" result=%s", mtasts_result_name(code));
    mtasts_decision_free(last);
    must(mtasts_decision_clone(decision, &last));
}

static void show_cached(const mtasts_cached *cached)
{
    mtasts_policy *policy = NULL;
    const char *data;
    char *buf;
    size_t len;
    uint64_t at;
    must(mtasts_cached_id(cached, &data, &len));
    text("id", data, len);
    must(mtasts_cached_fetched_at(cached, &at));
    printf(" fetched_at=%" PRIu64, at);
    must(mtasts_cached_last_used(cached, &at));
    printf(" last_used=%" PRIu64, at);
    must(mtasts_cached_policy(cached, &policy));
    if (mtasts_policy_text(policy, NULL, 0, &len) != MTASTS_ERR_BUFFER)
        bad("a text without a size");
    buf = malloc(len);
    must(mtasts_policy_text(policy, buf, len, NULL));
    text("policy", buf, len - 1);
    free(buf);
    mtasts_policy_free(policy);
}

static void show_output(const mtasts_output *output)
{
    static const char *const kinds[] = { "", "query-txt", "fetch-policy", "load", "store", "remove", "answer", "alert" };
    static const char *const bounces[] = { "-", "allowed", "forbidden" };
    const mtasts_decision *decision;
    const mtasts_cached *cached;
    const char *data;
    size_t len;
    uint64_t at;
    uint32_t id;
    printf("ok kind=%s", kinds[mtasts_output_kind(output)]);
    if (mtasts_output_request(output, &id) == MTASTS_OK)
        printf(" request=%" PRIu32, id);
    if (mtasts_output_domain(output, &data, &len) == MTASTS_OK)
        text("domain", data, len);
    if (mtasts_output_name(output, &data, &len) == MTASTS_OK)
        text("name", data, len);
    if (mtasts_output_host(output, &data, &len) == MTASTS_OK)
        text("host", data, len);
    if (mtasts_output_path(output, &data, &len) == MTASTS_OK)
        text("path", data, len);
    if (mtasts_output_deadline(output, &at) == MTASTS_OK)
        printf(" deadline=%" PRIu64, at);
    if (mtasts_output_max_bytes(output, &len) == MTASTS_OK)
        printf(" max_bytes=%zu", len);
    if (mtasts_output_cached(output, &cached) == MTASTS_OK)
        show_cached(cached);
    if (mtasts_output_lookup(output, &id) == MTASTS_OK)
        printf(" lookup=%" PRIu32 " bounce=%s", id, bounces[mtasts_output_bounce(output)]);
    if (mtasts_output_decision(output, &decision) == MTASTS_OK)
        show_decision(decision);
    printf("\n");
}

static void done(int32_t code)
{
    if (code < 0)
        printf("err %s\n", mtasts_error_name(code));
    else
        printf("ok\n");
}

/* `-`, or id, times and text of a policy. */
static mtasts_cached *kept(void)
{
    octets id = decode(word()), body;
    mtasts_policy *policy = NULL;
    mtasts_cached *cached = NULL;
    uint64_t fetched_at, last_used;
    if (id.data == NULL)
        return NULL;
    fetched_at = number();
    last_used = number();
    body = decode(word());
    must(mtasts_policy_parse(body.data, body.len, &policy));
    must(mtasts_cached_new(policy, id.data, id.len, fetched_at, last_used, &cached));
    mtasts_policy_free(policy);
    free(body.data);
    free(id.data);
    return cached;
}

static int32_t one_of(const char *const *words, size_t count)
{
    const char *token = word();
    for (size_t i = 0; i < count; i++)
        if (strcmp(words[i], token) == 0)
            return (int32_t)i;
    bad("not a word that is known");
    return -1;
}

static void judge(void)
{
    static const char *const certs[] = { "", "valid", "expired", "name-mismatch", "untrusted", "invalid" };
    static const char *const danes[] = { "none", "insecure", "pass", "fail", "lookup-error", "unusable" };
    octets host = decode(word());
    int32_t starttls = (int32_t)number(), cert = one_of(certs, 6), dane = one_of(danes, 6), verdict, result;
    must(mtasts_decision_judge(last, host.data, host.len, starttls, cert, dane, &verdict, &result));
    printf("ok verdict=%s report=%s\n", verdict == MTASTS_VERDICT_DELIVER ? "deliver" : "skip-mx",
           result == MTASTS_RESULT_NOTHING ? "-" : mtasts_result_name(result));
    free(host.data);
}

/* The failure of this name: the codes are few, and so are the requests. */
static int32_t failure(void)
{
    const char *name = word();
    for (int32_t code = -1; code > -1000; code--)
        if (strcmp(mtasts_error_name(code), name) == 0)
            return code;
    bad("not a failure that is known");
    return 0;
}

static void lint(void)
{
    octets publication = decode(word());
    size_t needed;
    int32_t code = mtasts_lint_json(publication.data, publication.len, NULL, 0, &needed, NULL, 0);
    if (code == MTASTS_ERR_BUFFER) {
        char *report = malloc(needed);
        must(mtasts_lint_json(publication.data, publication.len, report, needed, NULL, NULL, 0));
        printf("ok");
        text("findings", report, needed - 1);
        printf("\n");
        free(report);
    } else {
        done(code);
    }
    free(publication.data);
}

static void pure(const char *verb)
{
    if (strcmp(verb, "face") == 0) {
        printf("ok name=c version=%s\n", mtasts_version());
    } else if (strcmp(verb, "txt") == 0) {
        list all = rest();
        char id[33];
        int32_t code = mtasts_record_select(records(&all), all.lengths, all.count, id, sizeof id, NULL);
        if (code < 0) {
            printf("none %s\n", mtasts_error_name(code));
        } else {
            printf("ok");
            text("id", TEXT(id));
            printf("\n");
        }
        free_list(&all);
    } else if (strcmp(verb, "tlsrpt") == 0) {
        list all = rest();
        mtasts_tlsrpt *record = NULL;
        int32_t code = mtasts_tlsrpt_select(records(&all), all.lengths, all.count, &record);
        if (code < 0) {
            printf("none %s\n", mtasts_error_name(code));
        } else {
            printf("ok");
            for (size_t i = 0; i < (size_t)mtasts_tlsrpt_rua_count(record); i++) {
                const char *data;
                size_t len;
                must(mtasts_tlsrpt_rua(record, i, &data, &len));
                text("rua", data, len);
            }
            printf("\n");
        }
        mtasts_tlsrpt_free(record);
        free_list(&all);
    } else if (strcmp(verb, "policy") == 0) {
        octets body = decode(word());
        mtasts_policy *policy = NULL;
        int32_t code = mtasts_policy_parse(body.data, body.len, &policy);
        show_policy(code, policy, &body);
        free(body.data);
    } else if (strcmp(verb, "response") == 0) {
        uint16_t status = (uint16_t)number();
        octets type = decode(word()), body = decode(word());
        mtasts_policy *policy = NULL;
        int32_t code = mtasts_policy_from_response(status, type.data, type.len, body.data, body.len, number(), &policy);
        show_policy(code, policy, &body);
        free(type.data);
        free(body.data);
    } else if (strcmp(verb, "mxmatch") == 0) {
        octets pattern = decode(word()), host = decode(word());
        int32_t matches = 0;
        must(mtasts_mx_matches(pattern.data, pattern.len, host.data, host.len, &matches));
        printf("ok match=%d\n", (int)matches);
        free(pattern.data);
        free(host.data);
    } else if (strcmp(verb, "lint") == 0) {
        lint();
    } else {
        bad("no such request");
    }
}

/* Requests to an engine; 0 if it is none. */
static int to_engine(const char *verb)
{
    if (strcmp(verb, "engine") == 0) {
        mtasts_config *config = NULL;
        const char *setting = word();
        must(mtasts_config_new(&config));
        if (strcmp(setting, "store=1") == 0)
            must(mtasts_config_set(config, MTASTS_CONFIG_STORE, 1));
        else if (strcmp(setting, "store=0") != 0)
            bad("not a setting that is known");
        mtasts_engine_free(engine);
        must(mtasts_engine_new(config, &engine));
        mtasts_config_free(config);
        printf("ok\n");
    } else if (strcmp(verb, "lookup") == 0 || strcmp(verb, "peek") == 0) {
        octets key = decode(word());
        uint64_t now = number();
        const mtasts_decision *decision = NULL;
        int32_t code = verb[0] == 'l' ? mtasts_engine_lookup(engine, key.data, key.len, now, &decision)
                                      : mtasts_engine_peek(engine, key.data, key.len, now, &decision);
        if (code < 0) {
            done(code);
        } else if (decision == NULL) {
            printf("none\n");
        } else {
            printf("ok");
            show_decision(decision);
            printf("\n");
        }
        free(key.data);
    } else if (strcmp(verb, "resolve") == 0 || strcmp(verb, "recheck") == 0) {
        uint32_t lookup = (uint32_t)number();
        octets key = decode(word());
        uint64_t deadline = number(), now = number();
        done(verb[2] == 's' ? mtasts_engine_resolve(engine, lookup, key.data, key.len, deadline, now)
                            : mtasts_engine_recheck(engine, lookup, key.data, key.len, deadline, now));
        free(key.data);
    } else if (strcmp(verb, "cancel") == 0) {
        uint32_t lookup = (uint32_t)number();
        done(mtasts_engine_cancel(engine, lookup, number()));
    } else if (strcmp(verb, "txt_answer") == 0) {
        uint32_t request = (uint32_t)number();
        uint64_t now = number();
        if (strcmp(word(), "ok") == 0) {
            uint32_t ttl = (uint32_t)number();
            list all = rest();
            done(mtasts_engine_txt_answer(engine, request, records(&all), all.lengths, all.count, ttl, now));
            free_list(&all);
        } else {
            int32_t code = failure();
            octets detail = decode(word());
            done(mtasts_engine_txt_failed(engine, request, code, detail.data, detail.len, now));
            free(detail.data);
        }
    } else if (strcmp(verb, "fetch_answer") == 0) {
        uint32_t request = (uint32_t)number();
        uint64_t now = number();
        if (strcmp(word(), "ok") == 0) {
            uint16_t status = (uint16_t)number();
            octets type = decode(word()), body = decode(word());
            done(mtasts_engine_fetch_answer(engine, request, status, type.data, type.len, body.data, body.len, now));
            free(type.data);
            free(body.data);
        } else {
            int32_t code = failure();
            octets detail = decode(word());
            done(mtasts_engine_fetch_failed(engine, request, code, detail.data, detail.len, now));
            free(detail.data);
        }
    } else if (strcmp(verb, "loaded") == 0) {
        uint32_t request = (uint32_t)number();
        uint64_t now = number();
        mtasts_cached *cached = kept();
        done(mtasts_engine_loaded(engine, request, cached, now));
        mtasts_cached_free(cached);
    } else if (strcmp(verb, "stored") == 0) {
        uint32_t request = (uint32_t)number();
        done(mtasts_engine_stored(engine, request, number()));
    } else if (strcmp(verb, "restore") == 0) {
        octets domain = decode(word());
        uint64_t now = number();
        mtasts_cached *cached = kept();
        done(mtasts_engine_restore(engine, domain.data, domain.len, cached, now));
        mtasts_cached_free(cached);
        free(domain.data);
    } else if (strcmp(verb, "timeout") == 0) {
        done(mtasts_engine_handle_timeout(engine, number()));
    } else if (strcmp(verb, "next") == 0) {
        static const char *const reasons[] = { "", "lookup-deadline", "request-deadline", "maintenance" };
        uint64_t at;
        int32_t reason;
        must(mtasts_engine_poll_timeout(engine, &at, &reason));
        if (reason == MTASTS_WAKE_NEVER)
            printf("none\n");
        else
            printf("ok at=%" PRIu64 " reason=%s\n", at, reasons[reason]);
    } else if (strcmp(verb, "poll") == 0) {
        const mtasts_output *output = NULL;
        must(mtasts_engine_poll_output(engine, &output));
        if (output == NULL)
            printf("none\n");
        else
            show_output(output);
    } else if (strcmp(verb, "judge") == 0) {
        judge();
    } else {
        return 0;
    }
    return 1;
}

int main(void)
{
    size_t capacity = 1 << 24, len;
    char *line = malloc(capacity);
    while (fgets(line, (int)capacity, stdin) != NULL) {
        const char *verb;
        len = strcspn(line, "\n");
        line[len] = '\0';
        cursor = line;
        verb = word();
        if (strcmp(verb, "quit") == 0)
            break;
        if (!to_engine(verb))
            pure(verb);
        if (maybe_word() != NULL)
            bad("one token too many");
        fflush(stdout);
    }
    mtasts_decision_free(last);
    mtasts_engine_free(engine);
    free(line);
    return 0;
}
