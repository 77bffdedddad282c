/* Settings, engines in the wrong state, and what they put out. */
#include "misuse.h"

/* Numbers that mean nothing. */
static void settings(void)
{
    static const int32_t durations[] = {
        MTASTS_CONFIG_TXT_RECHECK, MTASTS_CONFIG_REFRESH_AFTER, MTASTS_CONFIG_REFRESH_IDLE,
        MTASTS_CONFIG_REFRESH_RETRY_MAX, MTASTS_CONFIG_ABSENCE_MIN, MTASTS_CONFIG_ABSENCE_MAX,
        MTASTS_CONFIG_FETCH_BACKOFF, MTASTS_CONFIG_DNS_TIMEOUT, MTASTS_CONFIG_FETCH_TIMEOUT,
        MTASTS_CONFIG_STORE_TIMEOUT,
    };
    mtasts_config *own = NULL;
    OK(mtasts_config_new(&own));
    for (size_t i = 0; i < sizeof durations / sizeof durations[0]; i++) {
        OK(mtasts_config_set(own, durations[i], 1000));
        RETURNS(MTASTS_ERR_VALUE, mtasts_config_set(own, durations[i], UINT64_MAX));
    }
    RETURNS(MTASTS_ERR_VALUE, mtasts_config_set(own, 0, 1));
    RETURNS(MTASTS_ERR_VALUE, mtasts_config_set(own, INT32_MAX, 1));
    RETURNS(MTASTS_ERR_VALUE, mtasts_config_set(own, INT32_MIN, 1));
    RETURNS(MTASTS_ERR_VALUE, mtasts_config_set(own, MTASTS_CONFIG_REFRESH_JITTER, 91));
    RETURNS(MTASTS_ERR_VALUE, mtasts_config_set(own, MTASTS_CONFIG_STORE, 2));
    RETURNS(MTASTS_ERR_VALUE, mtasts_config_set(own, MTASTS_CONFIG_ON_DNS_FAILURE, 2));
    RETURNS(MTASTS_ERR_VALUE, mtasts_config_set(own, MTASTS_CONFIG_ON_FETCH_FAILURE, UINT64_MAX));
    RETURNS(MTASTS_ERR_VALUE, mtasts_config_set(own, MTASTS_CONFIG_MAX_BODY, 0));
    RETURNS(MTASTS_ERR_VALUE, mtasts_config_set(own, MTASTS_CONFIG_MAX_BODY, UINT64_MAX));
    RETURNS(MTASTS_ERR_VALUE, mtasts_config_set(own, MTASTS_CONFIG_MAX_DOMAINS, 0));
    RETURNS(MTASTS_ERR_VALUE, mtasts_config_set(own, MTASTS_CONFIG_MAX_LOOKUPS, 0));
    RETURNS(MTASTS_ERR_VALUE, mtasts_config_set(own, MTASTS_CONFIG_MAX_DISCOVERIES, 65536));
    OK(mtasts_config_set(own, MTASTS_CONFIG_MAX_REFRESHES, 0));
    OK(mtasts_config_set(own, MTASTS_CONFIG_SEED, UINT64_MAX));
    NUL(mtasts_engine_new(own, NULL));
    PANICS(mtasts_config_set(own, MTASTS_CONFIG_STORE, 1));
    RETURNS(MTASTS_ERR_PANIC, mtasts_config_set(own, MTASTS_CONFIG_STORE, 1));
    RETURNS(MTASTS_ERR_PANIC, mtasts_engine_new(own, &engine));
    mtasts_config_free(own);
    nothing_was_written();
}

static uint32_t request_of(mtasts_engine *own, int32_t kind)
{
    const mtasts_output *output = NULL;
    uint32_t request;
    OK(mtasts_engine_poll_output(own, &output));
    RETURNS(kind, mtasts_output_kind(output));
    OK(mtasts_output_request(output, &request));
    return request;
}

static void engines(void)
{
    mtasts_engine *own = NULL;
    mtasts_policy *parsed = NULL;
    mtasts_cached *kept = NULL;
    uint32_t txt, fetch;
    OK(mtasts_engine_new(NULL, &own));
    OK(mtasts_policy_parse(TEXT(ENFORCE), &parsed));
    OK(mtasts_cached_new(parsed, TEXT("1"), NOW, NOW, &kept));

    NUL(mtasts_engine_lookup(own, TEXT("a.example"), NOW, NULL));
    NUL(mtasts_engine_lookup(own, NULL, 1, NOW, &decision_lent));
    RETURNS(MTASTS_ERR_LENGTH, mtasts_engine_lookup(own, "a", HUGE_LEN, NOW, &decision_lent));
    RETURNS(MTASTS_ERR_NAME_IDNA, mtasts_engine_lookup(own, BAD, BAD_LEN, NOW, &decision_lent));
    NUL(mtasts_engine_peek(own, TEXT("a.example"), NOW, NULL));
    RETURNS(MTASTS_ERR_LENGTH, mtasts_engine_peek(own, "a", HUGE_LEN, NOW, &decision_lent));
    NUL(mtasts_engine_poll_output(own, NULL));
    NUL(mtasts_engine_poll_timeout(own, NULL, &i32));
    NUL(mtasts_engine_reconfigure(own, NULL));
    NUL(mtasts_engine_export(own, NOW, NULL));
    NUL(mtasts_engine_restore(own, TEXT("a.example"), NULL, NOW));
    NUL(mtasts_engine_restore(own, NULL, 1, kept, NOW));
    RETURNS(MTASTS_ERR_LENGTH, mtasts_engine_restore(own, "a", HUGE_LEN, kept, NOW));
    RETURNS(MTASTS_ERR_DOMAIN_PARENT, mtasts_engine_restore(own, TEXT(".example"), kept, NOW));

    /* Before anything was asked, no number is anybody's. */
    RETURNS(MTASTS_ERR_UNKNOWN_REQUEST, mtasts_engine_txt_answer(own, 0, RECORD, RECORD_LEN, 1, 60, NOW));
    RETURNS(MTASTS_ERR_UNKNOWN_REQUEST, mtasts_engine_txt_failed(own, UINT32_MAX, MTASTS_ERR_DNS_TIMEOUT, NULL, 0, NOW));
    RETURNS(MTASTS_ERR_UNKNOWN_REQUEST, mtasts_engine_fetch_answer(own, 1, 200, NULL, 0, NULL, 0, NOW));
    RETURNS(MTASTS_ERR_UNKNOWN_REQUEST, mtasts_engine_fetch_failed(own, 1, MTASTS_ERR_FETCH_TIMEOUT, NULL, 0, NOW));
    RETURNS(MTASTS_ERR_UNKNOWN_REQUEST, mtasts_engine_loaded(own, 1, NULL, NOW));
    RETURNS(MTASTS_ERR_UNKNOWN_REQUEST, mtasts_engine_stored(own, 1, NOW));
    RETURNS(MTASTS_ERR_UNKNOWN_LOOKUP, mtasts_engine_cancel(own, 1, NOW));

    NUL(mtasts_engine_resolve(own, 1, NULL, 1, NOW, NOW));
    RETURNS(MTASTS_ERR_LENGTH, mtasts_engine_resolve(own, 1, "a", HUGE_LEN, NOW, NOW));
    RETURNS(MTASTS_ERR_NAME_EMPTY, mtasts_engine_recheck(own, 1, NULL, 0, NOW, NOW));
    OK(mtasts_engine_resolve(own, 1, TEXT("a.example"), NOW + 5000, NOW));
    RETURNS(MTASTS_ERR_DUPLICATE_LOOKUP, mtasts_engine_resolve(own, 1, TEXT("b.example"), NOW + 5000, NOW));
    RETURNS(MTASTS_ERR_DUPLICATE_LOOKUP, mtasts_engine_recheck(own, 1, TEXT("b.example"), NOW + 5000, NOW));
    txt = request_of(own, MTASTS_OUTPUT_QUERY_TXT);
    NUL(mtasts_engine_txt_answer(own, txt, NULL, RECORD_LEN, 1, 60, NOW));
    RETURNS(MTASTS_ERR_LENGTH, mtasts_engine_txt_answer(own, txt, RECORD, HUGE_LENS, 1, 60, NOW));
    RETURNS(MTASTS_ERR_LENGTH, mtasts_engine_txt_answer(own, txt, RECORD, RECORD_LEN, HUGE_LEN, 60, NOW));
    NUL(mtasts_engine_txt_decoded(own, txt, NULL, NOW));
    RETURNS(MTASTS_ERR_VALUE, mtasts_engine_txt_failed(own, txt, MTASTS_OK, NULL, 0, NOW));
    RETURNS(MTASTS_ERR_VALUE, mtasts_engine_txt_failed(own, txt, MTASTS_ERR_FETCH_TIMEOUT, NULL, 0, NOW));
    RETURNS(MTASTS_ERR_NOT_UTF8, mtasts_engine_txt_failed(own, txt, MTASTS_ERR_DNS_TIMEOUT, BAD, BAD_LEN, NOW));
    /* The request is open and of another kind. */
    RETURNS(MTASTS_ERR_WRONG_ANSWER, mtasts_engine_fetch_answer(own, txt, 200, NULL, 0, NULL, 0, NOW));
    RETURNS(MTASTS_ERR_WRONG_ANSWER, mtasts_engine_loaded(own, txt, kept, NOW));
    RETURNS(MTASTS_ERR_WRONG_ANSWER, mtasts_engine_stored(own, txt, NOW));
    OK(mtasts_engine_txt_answer(own, txt, RECORD, RECORD_LEN, 1, 60, NOW));
    RETURNS(MTASTS_ERR_UNKNOWN_REQUEST, mtasts_engine_txt_answer(own, txt, RECORD, RECORD_LEN, 1, 60, NOW));
    fetch = request_of(own, MTASTS_OUTPUT_FETCH_POLICY);
    NUL(mtasts_engine_fetch_answer(own, fetch, 200, NULL, 1, NULL, 0, NOW));
    RETURNS(MTASTS_ERR_LENGTH, mtasts_engine_fetch_answer(own, fetch, 200, NULL, 0, "a", HUGE_LEN, NOW));
    RETURNS(MTASTS_ERR_VALUE, mtasts_engine_fetch_failed(own, fetch, MTASTS_ERR_FETCH_STATUS, NULL, 0, NOW));
    RETURNS(MTASTS_ERR_VALUE, mtasts_engine_fetch_failed(own, fetch, 7, NULL, 0, NOW));
    RETURNS(MTASTS_ERR_NOT_UTF8, mtasts_engine_fetch_failed(own, fetch, MTASTS_ERR_FETCH_TIMEOUT, BAD, BAD_LEN, NOW));
    CHECK(mtasts_engine_waiting_count(own) == 1);
    nothing_was_written();

    /* After a panic nothing but freeing is left. */
    PANICS(mtasts_engine_handle_timeout(own, NOW));
    RETURNS(MTASTS_ERR_PANIC, mtasts_engine_handle_timeout(own, NOW));
    RETURNS(MTASTS_ERR_PANIC, mtasts_engine_lookup(own, TEXT("a.example"), NOW, &decision_lent));
    RETURNS(MTASTS_ERR_PANIC, mtasts_engine_peek(own, TEXT("a.example"), NOW, &decision_lent));
    RETURNS(MTASTS_ERR_PANIC, mtasts_engine_poll_output(own, &output_lent));
    RETURNS(MTASTS_ERR_PANIC, mtasts_engine_poll_timeout(own, &u64, &i32));
    RETURNS(MTASTS_ERR_PANIC, mtasts_engine_domain_count(own));
    RETURNS(MTASTS_ERR_PANIC, mtasts_engine_waiting_count(own));
    RETURNS(MTASTS_ERR_PANIC, mtasts_engine_reconfigure(own, NULL));
    RETURNS(MTASTS_ERR_PANIC, mtasts_engine_resolve(own, 9, TEXT("a.example"), NOW, NOW));
    RETURNS(MTASTS_ERR_PANIC, mtasts_engine_recheck(own, 9, TEXT("a.example"), NOW, NOW));
    RETURNS(MTASTS_ERR_PANIC, mtasts_engine_cancel(own, 1, NOW));
    RETURNS(MTASTS_ERR_PANIC, mtasts_engine_txt_answer(own, txt, RECORD, RECORD_LEN, 1, 60, NOW));
    RETURNS(MTASTS_ERR_PANIC, mtasts_engine_txt_decoded(own, txt, NULL, NOW));
    RETURNS(MTASTS_ERR_PANIC, mtasts_engine_txt_failed(own, txt, MTASTS_ERR_DNS_TIMEOUT, NULL, 0, NOW));
    RETURNS(MTASTS_ERR_PANIC, mtasts_engine_fetch_answer(own, fetch, 200, NULL, 0, NULL, 0, NOW));
    RETURNS(MTASTS_ERR_PANIC, mtasts_engine_fetch_failed(own, fetch, MTASTS_ERR_FETCH_TIMEOUT, NULL, 0, NOW));
    RETURNS(MTASTS_ERR_PANIC, mtasts_engine_loaded(own, fetch, kept, NOW));
    RETURNS(MTASTS_ERR_PANIC, mtasts_engine_stored(own, fetch, NOW));
    RETURNS(MTASTS_ERR_PANIC, mtasts_engine_restore(own, TEXT("a.example"), kept, NOW));
    RETURNS(MTASTS_ERR_PANIC, mtasts_engine_export(own, NOW, &snapshot));
    mtasts_engine_free(own);
    /* It was confined to that engine. */
    OK(mtasts_cached_fetched_at(kept, &u64));
    CHECK(u64 == NOW);
    u64 = 12345;

    NUL(mtasts_cached_new(parsed, TEXT("1"), NOW, NOW, NULL));
    NUL(mtasts_cached_new(parsed, NULL, 1, NOW, NOW, &cached));
    RETURNS(MTASTS_ERR_LENGTH, mtasts_cached_new(parsed, "a", HUGE_LEN, NOW, NOW, &cached));
    RETURNS(MTASTS_ERR_RECORD_ID_INVALID, mtasts_cached_new(parsed, BAD, BAD_LEN, NOW, NOW, &cached));
    RETURNS(MTASTS_ERR_RECORD_ID_INVALID, mtasts_cached_new(parsed, NULL, 0, NOW, NOW, &cached));
    NUL(mtasts_cached_policy(kept, NULL));
    NUL(mtasts_cached_id(kept, NULL, &len));
    NUL(mtasts_cached_id(kept, &text, NULL));
    NUL(mtasts_cached_fetched_at(kept, NULL));
    NUL(mtasts_cached_last_used(kept, NULL));
    NUL(mtasts_cached_expires_at(kept, NULL));
    PANICS(mtasts_cached_id(kept, &text, &len));
    RETURNS(MTASTS_ERR_PANIC, mtasts_cached_policy(kept, &policy));
    RETURNS(MTASTS_ERR_PANIC, mtasts_cached_fetched_at(kept, &u64));
    RETURNS(MTASTS_ERR_PANIC, mtasts_cached_last_used(kept, &u64));
    RETURNS(MTASTS_ERR_PANIC, mtasts_cached_expires_at(kept, &u64));
    mtasts_cached_free(kept);
    mtasts_policy_free(parsed);
    nothing_was_written();
}

static void outputs(void)
{
    mtasts_engine *own = NULL;
    const mtasts_output *output = NULL;
    OK(mtasts_engine_new(NULL, &own));
    OK(mtasts_engine_resolve(own, 1, TEXT("a.example"), NOW + 5000, NOW));
    OK(mtasts_engine_poll_output(own, &output));
    NUL(mtasts_output_request(output, NULL));
    NUL(mtasts_output_domain(output, NULL, &len));
    NUL(mtasts_output_name(output, NULL, &len));
    NUL(mtasts_output_host(output, &text, NULL));
    NUL(mtasts_output_path(output, NULL, &len));
    NUL(mtasts_output_deadline(output, NULL));
    NUL(mtasts_output_max_bytes(output, NULL));
    NUL(mtasts_output_cached(output, NULL));
    NUL(mtasts_output_lookup(output, NULL));
    NUL(mtasts_output_decision(output, NULL));
    /* It is a query. */
    RETURNS(MTASTS_ERR_ABSENT, mtasts_output_host(output, &text, &len));
    RETURNS(MTASTS_ERR_ABSENT, mtasts_output_path(output, &text, &len));
    RETURNS(MTASTS_ERR_ABSENT, mtasts_output_max_bytes(output, &size));
    RETURNS(MTASTS_ERR_ABSENT, mtasts_output_cached(output, &cached_lent));
    RETURNS(MTASTS_ERR_ABSENT, mtasts_output_lookup(output, &u32));
    RETURNS(MTASTS_ERR_ABSENT, mtasts_output_decision(output, &decision_lent));
    RETURNS(MTASTS_ERR_ABSENT, mtasts_output_bounce(output));
    RETURNS(MTASTS_ERR_ABSENT, mtasts_output_message(output, BUF));
    PANICS(mtasts_output_kind(output));
    RETURNS(MTASTS_ERR_PANIC, mtasts_output_request(output, &u32));
    RETURNS(MTASTS_ERR_PANIC, mtasts_output_domain(output, &text, &len));
    RETURNS(MTASTS_ERR_PANIC, mtasts_output_name(output, &text, &len));
    RETURNS(MTASTS_ERR_PANIC, mtasts_output_host(output, &text, &len));
    RETURNS(MTASTS_ERR_PANIC, mtasts_output_path(output, &text, &len));
    RETURNS(MTASTS_ERR_PANIC, mtasts_output_deadline(output, &u64));
    RETURNS(MTASTS_ERR_PANIC, mtasts_output_max_bytes(output, &size));
    RETURNS(MTASTS_ERR_PANIC, mtasts_output_cached(output, &cached_lent));
    RETURNS(MTASTS_ERR_PANIC, mtasts_output_lookup(output, &u32));
    RETURNS(MTASTS_ERR_PANIC, mtasts_output_decision(output, &decision_lent));
    RETURNS(MTASTS_ERR_PANIC, mtasts_output_bounce(output));
    RETURNS(MTASTS_ERR_PANIC, mtasts_output_message(output, BUF));
    mtasts_engine_free(own);
    nothing_was_written();
}

int main(void)
{
    settings();
    engines();
    outputs();
    return 0;
}
