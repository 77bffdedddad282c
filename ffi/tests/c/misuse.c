/*
 * Every function, called as it should not be: a documented code, nothing written, nothing leaked.
 * Built with the feature panic-injection.
 */
#define MTASTS_FEATURE_LINT
#define MTASTS_FEATURE_NET
#include "check.h"

void mtasts_inject_panic(void);

#define HUGE_LEN ((size_t)-1)
#define NUL(call) RETURNS(MTASTS_ERR_NULL, call)
/* Panics inside, and says so. */
#define PANICS(call)                                                                      \
    do {                                                                                  \
        mtasts_inject_panic();                                                            \
        RETURNS(MTASTS_ERR_PANIC, call);                                                  \
    } while (0)

static const uint64_t NOW = UINT64_C(1800000000000);
static const char *const RECORD[] = { "v=STSv1; id=1;" };
static const char *const REPORTS[] = { "v=TLSRPTv1;rua=mailto:r@example.com" };
static const size_t RECORD_LEN[] = { 14 };
static const size_t REPORTS_LEN[] = { 35 };
static const size_t HUGE_LENS[] = { (size_t)-1 };
static const char BAD[] = "\xff\xfe\x80";
static const size_t BAD_LEN = 3;

/* Places that nothing may be written to: they keep what is in them. */
static char untouched[16] = "untouched";
static size_t needed;
static const char *text = untouched;
static size_t len = 12345;
static uint64_t u64 = 12345;
static uint32_t u32 = 12345;
static uint16_t u16 = 12345;
static uint8_t u8 = 123;
static int32_t i32 = 12345;
static size_t size = 12345;
static mtasts_policy *policy = (mtasts_policy *)untouched;
static mtasts_tlsrpt *tlsrpt = (mtasts_tlsrpt *)untouched;
static mtasts_diagnostics *diagnostics = (mtasts_diagnostics *)untouched;
static mtasts_cached *cached = (mtasts_cached *)untouched;
static const mtasts_cached *cached_lent = (const mtasts_cached *)untouched;
static mtasts_config *config = (mtasts_config *)untouched;
static mtasts_engine *engine = (mtasts_engine *)untouched;
static mtasts_snapshot *snapshot = (mtasts_snapshot *)untouched;
static mtasts_decision *decision = (mtasts_decision *)untouched;
static const mtasts_decision *decision_lent = (const mtasts_decision *)untouched;
static const mtasts_output *output_lent = (const mtasts_output *)untouched;
static mtasts_dns_question *question = (mtasts_dns_question *)untouched;
static mtasts_dns_answer *answer = (mtasts_dns_answer *)untouched;
static mtasts_report *report = (mtasts_report *)untouched;
static mtasts_client *client = (mtasts_client *)untouched;
static mtasts_resolver_options *options = (mtasts_resolver_options *)untouched;
static mtasts_resolver *resolver = (mtasts_resolver *)untouched;

static void nothing_was_written(void)
{
    const void *const pointers[] = {
        text, policy, tlsrpt, diagnostics, cached, cached_lent, config, engine, snapshot, decision, decision_lent,
        output_lent, question, answer, report, client, options, resolver,
    };
    for (size_t i = 0; i < sizeof pointers / sizeof pointers[0]; i++)
        CHECK(pointers[i] == (const void *)untouched);
    CHECK(strcmp(untouched, "untouched") == 0 && len == 12345 && u64 == 12345 && u32 == 12345);
    CHECK(u16 == 12345 && u8 == 123 && i32 == 12345 && size == 12345);
}

#define BUF untouched, sizeof untouched, &needed

static void null_handles(void)
{
    NUL(mtasts_tlsrpt_rua_count(NULL));
    NUL(mtasts_tlsrpt_rua(NULL, 0, &text, &len));
    NUL(mtasts_policy_clone(NULL, &policy));
    NUL(mtasts_policy_mode(NULL));
    NUL(mtasts_policy_max_age(NULL, &u32));
    NUL(mtasts_policy_mx_count(NULL));
    NUL(mtasts_policy_mx(NULL, 0, &text, &len));
    NUL(mtasts_policy_matches(NULL, TEXT("a"), &i32));
    NUL(mtasts_policy_extension_count(NULL));
    NUL(mtasts_policy_extension(NULL, 0, &text, &len, &text, &len));
    NUL(mtasts_policy_text(NULL, BUF));
    NUL(mtasts_diagnostics_count(NULL));
    NUL(mtasts_diagnostics_code(NULL, 0, &i32));
    NUL(mtasts_diagnostics_place(NULL, 0, &u32, &u32, &u32, &u32));
    NUL(mtasts_diagnostics_message(NULL, 0, &text, &len));
    NUL(mtasts_decision_action(NULL));
    NUL(mtasts_decision_policy(NULL, &policy));
    NUL(mtasts_decision_mx_count(NULL));
    NUL(mtasts_decision_mx(NULL, 0, &text, &len));
    NUL(mtasts_decision_matches(NULL, TEXT("a"), &i32));
    NUL(mtasts_decision_source(NULL));
    NUL(mtasts_decision_id(NULL, &text, &len));
    NUL(mtasts_decision_fetched_at(NULL, &u64));
    NUL(mtasts_decision_expires_at(NULL, &u64));
    NUL(mtasts_decision_failure(NULL, &i32));
    NUL(mtasts_decision_failure_at(NULL, &u64));
    NUL(mtasts_decision_failure_text(NULL, BUF));
    NUL(mtasts_decision_clone(NULL, &decision));
    NUL(mtasts_decision_judge(NULL, TEXT("a"), 1, MTASTS_CERT_VALID, MTASTS_DANE_NONE, &i32, &i32));
    NUL(mtasts_decision_discovery_result(NULL, &i32));
    NUL(mtasts_decision_render(NULL, MTASTS_FORMAT_POSTFIX, TEXT("a"), BUF));
    NUL(mtasts_decision_json(NULL, TEXT("a"), NOW, BUF));
    NUL(mtasts_decision_explain(NULL, NOW, BUF));
    NUL(mtasts_config_set(NULL, MTASTS_CONFIG_STORE, 1));
    NUL(mtasts_engine_lookup(NULL, TEXT("a"), NOW, &decision_lent));
    NUL(mtasts_engine_peek(NULL, TEXT("a"), NOW, &decision_lent));
    NUL(mtasts_engine_handle_timeout(NULL, NOW));
    NUL(mtasts_engine_poll_output(NULL, &output_lent));
    NUL(mtasts_engine_poll_timeout(NULL, &u64, &i32));
    NUL(mtasts_engine_domain_count(NULL));
    NUL(mtasts_engine_waiting_count(NULL));
    NUL(mtasts_engine_reconfigure(NULL, NULL));
    NUL(mtasts_engine_resolve(NULL, 1, TEXT("a"), NOW, NOW));
    NUL(mtasts_engine_recheck(NULL, 1, TEXT("a"), NOW, NOW));
    NUL(mtasts_engine_cancel(NULL, 1, NOW));
    NUL(mtasts_engine_txt_answer(NULL, 1, RECORD, RECORD_LEN, 1, 60, NOW));
    NUL(mtasts_engine_txt_decoded(NULL, 1, NULL, NOW));
    NUL(mtasts_engine_txt_failed(NULL, 1, MTASTS_ERR_DNS_TIMEOUT, NULL, 0, NOW));
    NUL(mtasts_engine_fetch_answer(NULL, 1, 200, NULL, 0, NULL, 0, NOW));
    NUL(mtasts_engine_fetch_failed(NULL, 1, MTASTS_ERR_FETCH_TIMEOUT, NULL, 0, NOW));
    NUL(mtasts_engine_loaded(NULL, 1, NULL, NOW));
    NUL(mtasts_engine_stored(NULL, 1, NOW));
    NUL(mtasts_engine_restore(NULL, TEXT("a"), NULL, NOW));
    NUL(mtasts_engine_export(NULL, NOW, &snapshot));
    NUL(mtasts_output_kind(NULL));
    NUL(mtasts_output_request(NULL, &u32));
    NUL(mtasts_output_domain(NULL, &text, &len));
    NUL(mtasts_output_name(NULL, &text, &len));
    NUL(mtasts_output_host(NULL, &text, &len));
    NUL(mtasts_output_path(NULL, &text, &len));
    NUL(mtasts_output_deadline(NULL, &u64));
    NUL(mtasts_output_max_bytes(NULL, &size));
    NUL(mtasts_output_cached(NULL, &cached_lent));
    NUL(mtasts_output_lookup(NULL, &u32));
    NUL(mtasts_output_decision(NULL, &decision_lent));
    NUL(mtasts_output_bounce(NULL));
    NUL(mtasts_output_message(NULL, BUF));
    NUL(mtasts_cached_new(NULL, TEXT("1"), NOW, NOW, &cached));
    NUL(mtasts_cached_policy(NULL, &policy));
    NUL(mtasts_cached_id(NULL, &text, &len));
    NUL(mtasts_cached_fetched_at(NULL, &u64));
    NUL(mtasts_cached_last_used(NULL, &u64));
    NUL(mtasts_cached_expires_at(NULL, &u64));
    NUL(mtasts_snapshot_count(NULL));
    NUL(mtasts_snapshot_domain(NULL, 0, &text, &len));
    NUL(mtasts_snapshot_cached(NULL, 0, &cached_lent));
    NUL(mtasts_dns_encode(NULL, 1, MTASTS_EDNS_ON, BUF));
    NUL(mtasts_dns_decode(NULL, 1, TEXT("a"), &answer));
    NUL(mtasts_dns_answer_rcode(NULL));
    NUL(mtasts_dns_answer_is_truncated(NULL));
    NUL(mtasts_dns_answer_is_authentic(NULL));
    NUL(mtasts_dns_answer_ttl(NULL, &u32));
    NUL(mtasts_dns_answer_count(NULL));
    NUL(mtasts_dns_answer_txt(NULL, 0, &text, &len));
    NUL(mtasts_dns_answer_address(NULL, 0, BUF));
    NUL(mtasts_dns_answer_mx(NULL, 0, &u16, &text, &len));
    NUL(mtasts_dns_answer_tlsa(NULL, 0, &u8, &u8, &u8, &text, &len));
    NUL(mtasts_dns_answer_alias_count(NULL));
    NUL(mtasts_dns_answer_alias(NULL, 0, &text, &len));
    NUL(mtasts_report_add_policy(NULL, NULL, 1));
    NUL(mtasts_report_add_tlsa(NULL, TEXT("a"), NULL, NULL, 0, 1));
    NUL(mtasts_report_add_failure(NULL, MTASTS_RESULT_TLSA_INVALID));
    NUL(mtasts_report_set_detail(NULL, MTASTS_DETAIL_RECEIVING_IP, TEXT("::1")));
    NUL(mtasts_report_datagram(NULL, BUF));
    NUL(mtasts_client_set_timeout_ms(NULL, 1));
    NUL(mtasts_client_lookup(NULL, TEXT("a"), &decision));
    NUL(mtasts_client_lookup_why(NULL, TEXT("a"), &decision, untouched, sizeof untouched));
    NUL(mtasts_resolver_options_set_config(NULL, NULL));
    NUL(mtasts_resolver_options_add_dns_server(NULL, TEXT("127.0.0.1")));
    NUL(mtasts_resolver_options_add_ca_file(NULL, TEXT("a")));
    NUL(mtasts_resolver_options_set_system_roots(NULL, 1));
    NUL(mtasts_resolver_options_set_https_port(NULL, 443));
    NUL(mtasts_resolver_options_allow_network(NULL, TEXT("::1")));
    NUL(mtasts_resolver_options_set_cache_file(NULL, TEXT("a")));
    NUL(mtasts_resolver_start(NULL, untouched, sizeof untouched));
    NUL(mtasts_resolver_lookup(NULL, TEXT("a"), 1, &decision));
    NUL(mtasts_resolver_recheck(NULL, TEXT("a"), 1, &decision, &i32));

    mtasts_tlsrpt_free(NULL);
    mtasts_policy_free(NULL);
    mtasts_diagnostics_free(NULL);
    mtasts_decision_free(NULL);
    mtasts_config_free(NULL);
    mtasts_engine_free(NULL);
    mtasts_cached_free(NULL);
    mtasts_snapshot_free(NULL);
    mtasts_dns_question_free(NULL);
    mtasts_dns_answer_free(NULL);
    mtasts_report_free(NULL);
    mtasts_client_free(NULL);
    mtasts_resolver_options_free(NULL);
    mtasts_resolver_free(NULL);
    nothing_was_written();
}

/* Functions without a handle. */
static void arguments(void)
{
    char name[300];
    memset(name, 'a', sizeof name);
    NUL(mtasts_domain(NULL, 1, BUF));
    NUL(mtasts_domain(TEXT("a"), NULL, 1, &needed));
    RETURNS(MTASTS_ERR_LENGTH, mtasts_domain("a", HUGE_LEN, BUF));
    RETURNS(MTASTS_ERR_NAME_EMPTY, mtasts_domain("a", 0, BUF));
    RETURNS(MTASTS_ERR_NAME_IDNA, mtasts_domain(BAD, BAD_LEN, BUF));
    RETURNS(MTASTS_ERR_NAME_LABEL_TOO_LONG, mtasts_domain(name, sizeof name, BUF));
    NUL(mtasts_domain_txt_name(NULL, 1, BUF));
    RETURNS(MTASTS_ERR_LENGTH, mtasts_domain_txt_name("a", HUGE_LEN, BUF));
    NUL(mtasts_domain_policy_host(NULL, 1, BUF));
    RETURNS(MTASTS_ERR_LENGTH, mtasts_domain_policy_host("a", HUGE_LEN, BUF));
    NUL(mtasts_domain_tlsrpt_name(NULL, 1, BUF));
    RETURNS(MTASTS_ERR_LENGTH, mtasts_domain_tlsrpt_name("a", HUGE_LEN, BUF));

    NUL(mtasts_record_select(NULL, RECORD_LEN, 1, BUF));
    NUL(mtasts_record_select(RECORD, NULL, 1, BUF));
    RETURNS(MTASTS_ERR_LENGTH, mtasts_record_select(RECORD, HUGE_LENS, 1, BUF));
    RETURNS(MTASTS_ERR_LENGTH, mtasts_record_select(RECORD, RECORD_LEN, HUGE_LEN, BUF));
    RETURNS(MTASTS_ERR_RECORD_OTHER, mtasts_record_select((const char *const[]){ BAD }, &BAD_LEN, 1, BUF));
    NUL(mtasts_record_select((const char *const[]){ NULL }, &BAD_LEN, 1, BUF));
    NUL(mtasts_tlsrpt_select(REPORTS, REPORTS_LEN, 1, NULL));
    NUL(mtasts_tlsrpt_select(NULL, REPORTS_LEN, 1, &tlsrpt));
    RETURNS(MTASTS_ERR_LENGTH, mtasts_tlsrpt_select(REPORTS, HUGE_LENS, 1, &tlsrpt));

    NUL(mtasts_policy_parse(TEXT(ENFORCE), NULL));
    NUL(mtasts_policy_parse(NULL, 1, &policy));
    RETURNS(MTASTS_ERR_LENGTH, mtasts_policy_parse("a", HUGE_LEN, &policy));
    RETURNS(MTASTS_ERR_POLICY_VERSION_MISSING, mtasts_policy_parse(BAD, BAD_LEN, &policy));
    NUL(mtasts_policy_from_response(200, TEXT("text/plain"), TEXT(ENFORCE), 1000, NULL));
    NUL(mtasts_policy_from_response(200, NULL, 1, TEXT(ENFORCE), 1000, &policy));
    RETURNS(MTASTS_ERR_LENGTH, mtasts_policy_from_response(200, "a", HUGE_LEN, TEXT(ENFORCE), 1000, &policy));
    RETURNS(MTASTS_ERR_LENGTH, mtasts_policy_from_response(200, TEXT("text/plain"), "a", HUGE_LEN, 1000, &policy));
    RETURNS(MTASTS_ERR_FETCH_STATUS, mtasts_policy_from_response(65535, TEXT("text/plain"), TEXT(ENFORCE), 0, &policy));
    NUL(mtasts_policy_diagnose(TEXT(ENFORCE), NULL));
    RETURNS(MTASTS_ERR_LENGTH, mtasts_policy_diagnose("a", HUGE_LEN, &diagnostics));

    NUL(mtasts_lint_json(NULL, 1, BUF, NULL, 0));
    NUL(mtasts_lint_json(TEXT("{}"), NULL, 1, &needed, NULL, 0));
    NUL(mtasts_lint_json(TEXT("{}"), BUF, NULL, 1));
    RETURNS(MTASTS_ERR_LENGTH, mtasts_lint_json("{", HUGE_LEN, BUF, NULL, 0));
    RETURNS(MTASTS_ERR_NOT_UTF8, mtasts_lint_json(BAD, BAD_LEN, BUF, untouched, sizeof untouched));
    RETURNS(MTASTS_ERR_PUBLICATION_INVALID, mtasts_lint_json(NULL, 0, BUF, NULL, 0));
    RETURNS(MTASTS_ERR_PUBLICATION_INVALID, mtasts_lint_json(TEXT("{}}"), BUF, NULL, 0));
    RETURNS(MTASTS_ERR_BUFFER, mtasts_lint_json(TEXT("{}"), BUF, untouched, sizeof untouched));

    NUL(mtasts_mx_matches(NULL, 1, TEXT("a"), &i32));
    NUL(mtasts_mx_matches(TEXT("a"), NULL, 1, &i32));
    NUL(mtasts_mx_matches(TEXT("a"), TEXT("a"), NULL));
    RETURNS(MTASTS_ERR_LENGTH, mtasts_mx_matches("a", HUGE_LEN, TEXT("a"), &i32));
    RETURNS(MTASTS_ERR_LENGTH, mtasts_mx_matches(TEXT("a"), "a", HUGE_LEN, &i32));

    NUL(mtasts_config_new(NULL));
    NUL(mtasts_engine_new(NULL, NULL));
    NUL(mtasts_dns_question_new(TEXT("a.example"), MTASTS_DNS_TXT, NULL));
    NUL(mtasts_dns_question_new(NULL, 1, MTASTS_DNS_TXT, &question));
    RETURNS(MTASTS_ERR_LENGTH, mtasts_dns_question_new("a", HUGE_LEN, MTASTS_DNS_TXT, &question));
    RETURNS(MTASTS_ERR_NOT_UTF8, mtasts_dns_question_new(BAD, BAD_LEN, MTASTS_DNS_TXT, &question));
    RETURNS(MTASTS_ERR_VALUE, mtasts_dns_question_new(TEXT("a.example"), 99, &question));
    RETURNS(MTASTS_ERR_VALUE, mtasts_dns_question_new(TEXT("a.example"), -1, &question));
    RETURNS(MTASTS_ERR_DNS_NAME, mtasts_dns_question_new(name, sizeof name, MTASTS_DNS_TXT, &question));
    NUL(mtasts_report_new(TEXT("a.example"), REPORTS, REPORTS_LEN, 1, NULL));
    NUL(mtasts_report_new(NULL, 1, REPORTS, REPORTS_LEN, 1, &report));
    RETURNS(MTASTS_ERR_LENGTH, mtasts_report_new(TEXT("a.example"), REPORTS, HUGE_LENS, 1, &report));
    RETURNS(MTASTS_ERR_DOMAIN_ADDRESS, mtasts_report_new(TEXT("::1"), REPORTS, REPORTS_LEN, 1, &report));
    NUL(mtasts_client_new(TEXT("127.0.0.1:1"), NULL));
    NUL(mtasts_client_new(NULL, 1, &client));
    RETURNS(MTASTS_ERR_CLIENT_ADDRESS, mtasts_client_new(NULL, 0, &client));
    RETURNS(MTASTS_ERR_LENGTH, mtasts_client_new("a", HUGE_LEN, &client));
    RETURNS(MTASTS_ERR_NOT_UTF8, mtasts_client_new(BAD, BAD_LEN, &client));
    RETURNS(MTASTS_ERR_CLIENT_ADDRESS, mtasts_client_new(TEXT("nowhere"), &client));
    NUL(mtasts_resolver_options_new(NULL));
    NUL(mtasts_resolver_new(NULL, NULL));
    nothing_was_written();

    PANICS(mtasts_domain(TEXT("a.example"), BUF));
    PANICS(mtasts_domain_txt_name(TEXT("a.example"), BUF));
    PANICS(mtasts_domain_policy_host(TEXT("a.example"), BUF));
    PANICS(mtasts_domain_tlsrpt_name(TEXT("a.example"), BUF));
    PANICS(mtasts_record_select(RECORD, RECORD_LEN, 1, BUF));
    PANICS(mtasts_tlsrpt_select(REPORTS, REPORTS_LEN, 1, &tlsrpt));
    PANICS(mtasts_policy_parse(TEXT(ENFORCE), &policy));
    PANICS(mtasts_policy_from_response(200, TEXT("text/plain"), TEXT(ENFORCE), 1000, &policy));
    PANICS(mtasts_policy_diagnose(TEXT(ENFORCE), &diagnostics));
    PANICS(mtasts_lint_json(TEXT("{}"), BUF, untouched, sizeof untouched));
    PANICS(mtasts_mx_matches(TEXT("a"), TEXT("a"), &i32));
    PANICS(mtasts_config_new(&config));
    PANICS(mtasts_engine_new(NULL, &engine));
    PANICS(mtasts_dns_question_new(TEXT("a.example"), MTASTS_DNS_TXT, &question));
    PANICS(mtasts_report_new(TEXT("a.example"), REPORTS, REPORTS_LEN, 1, &report));
    PANICS(mtasts_client_new(TEXT("127.0.0.1:1"), &client));
    PANICS(mtasts_resolver_options_new(&options));
    PANICS(mtasts_resolver_new(NULL, &resolver));
    nothing_was_written();
    /* A panic without a handle concerns nobody else. */
    OK(mtasts_domain(TEXT("a.example"), name, sizeof name, NULL));
}

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

static void policies(void)
{
    mtasts_policy *own = NULL;
    mtasts_diagnostics *found = NULL;
    mtasts_tlsrpt *record = NULL;
    OK(mtasts_policy_parse(TEXT(ENFORCE), &own));
    NUL(mtasts_policy_clone(own, NULL));
    NUL(mtasts_policy_max_age(own, NULL));
    NUL(mtasts_policy_mx(own, 0, NULL, &len));
    NUL(mtasts_policy_mx(own, 0, &text, NULL));
    RETURNS(MTASTS_ERR_INDEX, mtasts_policy_mx(own, HUGE_LEN, &text, &len));
    NUL(mtasts_policy_matches(own, NULL, 1, &i32));
    NUL(mtasts_policy_matches(own, TEXT("a"), NULL));
    RETURNS(MTASTS_ERR_LENGTH, mtasts_policy_matches(own, "a", HUGE_LEN, &i32));
    RETURNS(MTASTS_ERR_INDEX, mtasts_policy_extension(own, 0, &text, &len, &text, &len));
    NUL(mtasts_policy_extension(own, 0, &text, &len, &text, NULL));
    NUL(mtasts_policy_text(own, NULL, 1, &needed));
    RETURNS(MTASTS_ERR_BUFFER, mtasts_policy_text(own, BUF));
    PANICS(mtasts_policy_mode(own));
    RETURNS(MTASTS_ERR_PANIC, mtasts_policy_mode(own));
    RETURNS(MTASTS_ERR_PANIC, mtasts_policy_clone(own, &policy));
    RETURNS(MTASTS_ERR_PANIC, mtasts_policy_max_age(own, &u32));
    RETURNS(MTASTS_ERR_PANIC, mtasts_policy_mx_count(own));
    RETURNS(MTASTS_ERR_PANIC, mtasts_policy_mx(own, 0, &text, &len));
    RETURNS(MTASTS_ERR_PANIC, mtasts_policy_matches(own, TEXT("a"), &i32));
    RETURNS(MTASTS_ERR_PANIC, mtasts_policy_extension_count(own));
    RETURNS(MTASTS_ERR_PANIC, mtasts_policy_extension(own, 0, &text, &len, &text, &len));
    RETURNS(MTASTS_ERR_PANIC, mtasts_policy_text(own, BUF));
    RETURNS(MTASTS_ERR_PANIC, mtasts_cached_new(own, TEXT("1"), NOW, NOW, &cached));
    mtasts_policy_free(own);

    OK(mtasts_policy_diagnose(TEXT("\n"), &found));
    NUL(mtasts_diagnostics_code(found, 0, NULL));
    NUL(mtasts_diagnostics_place(found, 0, &u32, &u32, &u32, NULL));
    NUL(mtasts_diagnostics_message(found, 0, NULL, NULL));
    RETURNS(MTASTS_ERR_INDEX, mtasts_diagnostics_code(found, HUGE_LEN, &i32));
    RETURNS(MTASTS_ERR_INDEX, mtasts_diagnostics_place(found, 9, &u32, &u32, &u32, &u32));
    RETURNS(MTASTS_ERR_INDEX, mtasts_diagnostics_message(found, 9, &text, &len));
    PANICS(mtasts_diagnostics_count(found));
    RETURNS(MTASTS_ERR_PANIC, mtasts_diagnostics_code(found, 0, &i32));
    RETURNS(MTASTS_ERR_PANIC, mtasts_diagnostics_place(found, 0, &u32, &u32, &u32, &u32));
    RETURNS(MTASTS_ERR_PANIC, mtasts_diagnostics_message(found, 0, &text, &len));
    mtasts_diagnostics_free(found);

    OK(mtasts_tlsrpt_select(REPORTS, REPORTS_LEN, 1, &record));
    NUL(mtasts_tlsrpt_rua(record, 0, NULL, &len));
    RETURNS(MTASTS_ERR_INDEX, mtasts_tlsrpt_rua(record, HUGE_LEN, &text, &len));
    PANICS(mtasts_tlsrpt_rua_count(record));
    RETURNS(MTASTS_ERR_PANIC, mtasts_tlsrpt_rua(record, 0, &text, &len));
    mtasts_tlsrpt_free(record);
    nothing_was_written();
}

/* An engine that has restored a policy for a.example, and the decision it gives. */
static mtasts_engine *with_policy(const mtasts_decision **given)
{
    mtasts_engine *own = NULL;
    mtasts_policy *parsed = NULL;
    mtasts_cached *kept = NULL;
    OK(mtasts_engine_new(NULL, &own));
    OK(mtasts_policy_parse(TEXT(ENFORCE), &parsed));
    OK(mtasts_cached_new(parsed, TEXT("1"), NOW, NOW, &kept));
    OK(mtasts_engine_restore(own, TEXT("a.example"), kept, NOW));
    mtasts_cached_free(kept);
    mtasts_policy_free(parsed);
    OK(mtasts_engine_lookup(own, TEXT("a.example"), NOW, given));
    CHECK(*given != NULL);
    return own;
}

static void decisions(void)
{
    const mtasts_decision *given = NULL;
    mtasts_engine *own = with_policy(&given);
    mtasts_snapshot *all = NULL;
    NUL(mtasts_decision_policy(given, NULL));
    NUL(mtasts_decision_mx(given, 0, NULL, &len));
    NUL(mtasts_decision_matches(given, NULL, 1, &i32));
    RETURNS(MTASTS_ERR_LENGTH, mtasts_decision_matches(given, "a", HUGE_LEN, &i32));
    NUL(mtasts_decision_matches(given, TEXT("a"), NULL));
    NUL(mtasts_decision_id(given, NULL, &len));
    NUL(mtasts_decision_fetched_at(given, NULL));
    NUL(mtasts_decision_expires_at(given, NULL));
    NUL(mtasts_decision_failure(given, NULL));
    NUL(mtasts_decision_failure_at(given, NULL));
    NUL(mtasts_decision_failure_text(given, NULL, 1, &needed));
    NUL(mtasts_decision_clone(given, NULL));
    NUL(mtasts_decision_discovery_result(given, NULL));
    NUL(mtasts_decision_judge(given, NULL, 1, 1, MTASTS_CERT_VALID, MTASTS_DANE_NONE, &i32, &i32));
    NUL(mtasts_decision_judge(given, TEXT("a"), 1, MTASTS_CERT_VALID, MTASTS_DANE_NONE, NULL, &i32));
    NUL(mtasts_decision_judge(given, TEXT("a"), 1, MTASTS_CERT_VALID, MTASTS_DANE_NONE, &i32, NULL));
    RETURNS(MTASTS_ERR_LENGTH, mtasts_decision_judge(given, "a", HUGE_LEN, 1, MTASTS_CERT_VALID, MTASTS_DANE_NONE, &i32, &i32));
    for (int32_t number = -1; number < 8; number += 8) {
        RETURNS(MTASTS_ERR_VALUE, mtasts_decision_judge(given, TEXT("a"), number, MTASTS_CERT_VALID, MTASTS_DANE_NONE, &i32, &i32));
        RETURNS(MTASTS_ERR_VALUE, mtasts_decision_judge(given, TEXT("a"), 1, number, MTASTS_DANE_NONE, &i32, &i32));
        RETURNS(MTASTS_ERR_VALUE, mtasts_decision_judge(given, TEXT("a"), 1, MTASTS_CERT_VALID, number, &i32, &i32));
        RETURNS(MTASTS_ERR_VALUE, mtasts_decision_render(given, number, TEXT("a.example"), BUF));
    }
    NUL(mtasts_decision_render(given, MTASTS_FORMAT_POSTFIX_TLSRPT, NULL, 1, BUF));
    NUL(mtasts_decision_render(given, MTASTS_FORMAT_POSTFIX, NULL, 0, NULL, 1, &needed));
    RETURNS(MTASTS_ERR_NAME_EMPTY, mtasts_decision_render(given, MTASTS_FORMAT_POSTFIX_TLSRPT, NULL, 0, BUF));
    NUL(mtasts_decision_json(given, NULL, 1, NOW, BUF));
    RETURNS(MTASTS_ERR_NAME_IDNA, mtasts_decision_json(given, BAD, BAD_LEN, NOW, BUF));
    NUL(mtasts_decision_explain(given, NOW, NULL, 1, &needed));
    RETURNS(MTASTS_ERR_BUFFER, mtasts_decision_explain(given, 0, untouched, 1, &needed));

    OK(mtasts_engine_export(own, NOW, &all));
    NUL(mtasts_snapshot_domain(all, 0, NULL, &len));
    NUL(mtasts_snapshot_cached(all, 0, NULL));
    RETURNS(MTASTS_ERR_INDEX, mtasts_snapshot_domain(all, HUGE_LEN, &text, &len));
    RETURNS(MTASTS_ERR_INDEX, mtasts_snapshot_cached(all, 1, &cached_lent));
    PANICS(mtasts_snapshot_count(all));
    RETURNS(MTASTS_ERR_PANIC, mtasts_snapshot_domain(all, 0, &text, &len));
    RETURNS(MTASTS_ERR_PANIC, mtasts_snapshot_cached(all, 0, &cached_lent));
    mtasts_snapshot_free(all);

    PANICS(mtasts_decision_action(given));
    RETURNS(MTASTS_ERR_PANIC, mtasts_decision_action(given));
    RETURNS(MTASTS_ERR_PANIC, mtasts_decision_policy(given, &policy));
    RETURNS(MTASTS_ERR_PANIC, mtasts_decision_mx_count(given));
    RETURNS(MTASTS_ERR_PANIC, mtasts_decision_mx(given, 0, &text, &len));
    RETURNS(MTASTS_ERR_PANIC, mtasts_decision_matches(given, TEXT("a"), &i32));
    RETURNS(MTASTS_ERR_PANIC, mtasts_decision_source(given));
    RETURNS(MTASTS_ERR_PANIC, mtasts_decision_id(given, &text, &len));
    RETURNS(MTASTS_ERR_PANIC, mtasts_decision_fetched_at(given, &u64));
    RETURNS(MTASTS_ERR_PANIC, mtasts_decision_expires_at(given, &u64));
    RETURNS(MTASTS_ERR_PANIC, mtasts_decision_failure(given, &i32));
    RETURNS(MTASTS_ERR_PANIC, mtasts_decision_failure_at(given, &u64));
    RETURNS(MTASTS_ERR_PANIC, mtasts_decision_failure_text(given, BUF));
    RETURNS(MTASTS_ERR_PANIC, mtasts_decision_clone(given, &decision));
    RETURNS(MTASTS_ERR_PANIC, mtasts_decision_judge(given, TEXT("a"), 1, MTASTS_CERT_VALID, MTASTS_DANE_NONE, &i32, &i32));
    RETURNS(MTASTS_ERR_PANIC, mtasts_decision_discovery_result(given, &i32));
    RETURNS(MTASTS_ERR_PANIC, mtasts_decision_render(given, MTASTS_FORMAT_POSTFIX, NULL, 0, BUF));
    RETURNS(MTASTS_ERR_PANIC, mtasts_decision_json(given, TEXT("a.example"), NOW, BUF));
    RETURNS(MTASTS_ERR_PANIC, mtasts_decision_explain(given, NOW, BUF));
    /* The engine that lent it goes on. */
    OK(mtasts_engine_lookup(own, TEXT("a.example"), NOW, &given));
    RETURNS(MTASTS_ACTION_ENFORCE, mtasts_decision_action(given));
    mtasts_engine_free(own);
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

static void dns(void)
{
    mtasts_dns_question *own = NULL;
    mtasts_dns_answer *decoded = NULL;
    unsigned char message[300];
    size_t message_len;
    OK(mtasts_dns_question_new(TEXT("a.example"), MTASTS_DNS_MX, &own));
    NUL(mtasts_dns_encode(own, 1, MTASTS_EDNS_ON, NULL, 1, &needed));
    RETURNS(MTASTS_ERR_BUFFER, mtasts_dns_encode(own, 1, MTASTS_EDNS_ON, BUF));
    RETURNS(MTASTS_ERR_VALUE, mtasts_dns_encode(own, 1, 3, BUF));
    RETURNS(MTASTS_ERR_VALUE, mtasts_dns_encode(own, 1, -1, BUF));
    NUL(mtasts_dns_decode(own, 1, NULL, 1, &answer));
    NUL(mtasts_dns_decode(own, 1, TEXT("a"), NULL));
    RETURNS(MTASTS_ERR_LENGTH, mtasts_dns_decode(own, 1, "a", HUGE_LEN, &answer));
    RETURNS(MTASTS_ERR_DNS_NOT_OURS, mtasts_dns_decode(own, 1, NULL, 0, &answer));
    RETURNS(MTASTS_ERR_DNS_MALFORMED, mtasts_dns_decode(own, 1, "\0\1\x80", 3, &answer));
    OK(mtasts_dns_encode(own, 1, MTASTS_EDNS_ON, message, sizeof message, &message_len));
    message[2] |= 0x80;
    OK(mtasts_dns_decode(own, 1, message, message_len, &decoded));
    NUL(mtasts_dns_answer_ttl(decoded, NULL));
    NUL(mtasts_dns_answer_txt(decoded, 0, NULL, &len));
    NUL(mtasts_dns_answer_address(decoded, 0, NULL, 1, &needed));
    NUL(mtasts_dns_answer_mx(decoded, 0, NULL, &text, &len));
    NUL(mtasts_dns_answer_tlsa(decoded, 0, &u8, &u8, NULL, &text, &len));
    NUL(mtasts_dns_answer_alias(decoded, 0, &text, NULL));
    RETURNS(MTASTS_ERR_INDEX, mtasts_dns_answer_txt(decoded, 0, &text, &len));
    RETURNS(MTASTS_ERR_INDEX, mtasts_dns_answer_address(decoded, HUGE_LEN, BUF));
    RETURNS(MTASTS_ERR_INDEX, mtasts_dns_answer_mx(decoded, 0, &u16, &text, &len));
    RETURNS(MTASTS_ERR_INDEX, mtasts_dns_answer_tlsa(decoded, 0, &u8, &u8, &u8, &text, &len));
    RETURNS(MTASTS_ERR_INDEX, mtasts_dns_answer_alias(decoded, 0, &text, &len));
    PANICS(mtasts_dns_answer_rcode(decoded));
    RETURNS(MTASTS_ERR_PANIC, mtasts_dns_answer_is_truncated(decoded));
    RETURNS(MTASTS_ERR_PANIC, mtasts_dns_answer_is_authentic(decoded));
    RETURNS(MTASTS_ERR_PANIC, mtasts_dns_answer_ttl(decoded, &u32));
    RETURNS(MTASTS_ERR_PANIC, mtasts_dns_answer_count(decoded));
    RETURNS(MTASTS_ERR_PANIC, mtasts_dns_answer_txt(decoded, 0, &text, &len));
    RETURNS(MTASTS_ERR_PANIC, mtasts_dns_answer_address(decoded, 0, BUF));
    RETURNS(MTASTS_ERR_PANIC, mtasts_dns_answer_mx(decoded, 0, &u16, &text, &len));
    RETURNS(MTASTS_ERR_PANIC, mtasts_dns_answer_tlsa(decoded, 0, &u8, &u8, &u8, &text, &len));
    RETURNS(MTASTS_ERR_PANIC, mtasts_dns_answer_alias_count(decoded));
    RETURNS(MTASTS_ERR_PANIC, mtasts_dns_answer_alias(decoded, 0, &text, &len));
    PANICS(mtasts_dns_encode(own, 1, MTASTS_EDNS_ON, BUF));
    RETURNS(MTASTS_ERR_PANIC, mtasts_dns_decode(own, 1, message, message_len, &answer));
    mtasts_dns_answer_free(decoded);
    mtasts_dns_question_free(own);
    nothing_was_written();
}

static void reports(void)
{
    const mtasts_decision *given = NULL;
    mtasts_engine *lender = with_policy(&given);
    mtasts_report *own = NULL;
    OK(mtasts_report_new(TEXT("a.example"), REPORTS, REPORTS_LEN, 1, &own));
    NUL(mtasts_report_add_policy(own, NULL, 1));
    RETURNS(MTASTS_ERR_VALUE, mtasts_report_add_policy(own, given, 2));
    NUL(mtasts_report_add_tlsa(own, NULL, 1, NULL, NULL, 0, 1));
    NUL(mtasts_report_add_tlsa(own, TEXT("a.example"), NULL, NULL, 1, 1));
    RETURNS(MTASTS_ERR_NOT_UTF8, mtasts_report_add_tlsa(own, TEXT("a.example"), (const char *const[]){ BAD }, &BAD_LEN, 1, 1));
    RETURNS(MTASTS_ERR_VALUE, mtasts_report_add_tlsa(own, TEXT("a.example"), NULL, NULL, 0, -1));
    OK(mtasts_report_add_policy(own, given, 0));
    RETURNS(MTASTS_ERR_VALUE, mtasts_report_add_failure(own, MTASTS_RESULT_NOTHING));
    RETURNS(MTASTS_ERR_VALUE, mtasts_report_add_failure(own, -1));
    RETURNS(MTASTS_ERR_VALUE, mtasts_report_add_failure(own, INT32_MAX));
    OK(mtasts_report_add_failure(own, MTASTS_RESULT_VALIDATION_FAILURE));
    NUL(mtasts_report_set_detail(own, MTASTS_DETAIL_FAILURE_REASON_CODE, NULL, 1));
    RETURNS(MTASTS_ERR_VALUE, mtasts_report_set_detail(own, 0, TEXT("a")));
    RETURNS(MTASTS_ERR_VALUE, mtasts_report_set_detail(own, 99, TEXT("a")));
    RETURNS(MTASTS_ERR_NOT_UTF8, mtasts_report_set_detail(own, MTASTS_DETAIL_FAILURE_REASON_CODE, BAD, BAD_LEN));
    RETURNS(MTASTS_ERR_LENGTH, mtasts_report_set_detail(own, MTASTS_DETAIL_FAILURE_REASON_CODE, "a", HUGE_LEN));
    NUL(mtasts_report_datagram(own, NULL, 1, &needed));
    RETURNS(MTASTS_ERR_BUFFER, mtasts_report_datagram(own, BUF));
    for (int i = 1; i < 1000; i++) {
        OK(mtasts_report_add_policy(own, given, 1));
        OK(mtasts_report_add_failure(own, MTASTS_RESULT_VALIDATION_FAILURE));
    }
    RETURNS(MTASTS_ERR_LENGTH, mtasts_report_add_policy(own, given, 1));
    RETURNS(MTASTS_ERR_LENGTH, mtasts_report_add_failure(own, MTASTS_RESULT_VALIDATION_FAILURE));
    PANICS(mtasts_report_add_policy(own, given, 1));
    RETURNS(MTASTS_ERR_PANIC, mtasts_report_add_tlsa(own, TEXT("a.example"), NULL, NULL, 0, 1));
    RETURNS(MTASTS_ERR_PANIC, mtasts_report_add_failure(own, MTASTS_RESULT_VALIDATION_FAILURE));
    RETURNS(MTASTS_ERR_PANIC, mtasts_report_set_detail(own, MTASTS_DETAIL_FAILURE_REASON_CODE, TEXT("a")));
    RETURNS(MTASTS_ERR_PANIC, mtasts_report_datagram(own, BUF));
    mtasts_report_free(own);
    mtasts_engine_free(lender);
    nothing_was_written();
}

static void clients(void)
{
    mtasts_client *own = NULL;
    OK(mtasts_client_new(TEXT("/nonexistent/socket"), &own));
    RETURNS(MTASTS_ERR_VALUE, mtasts_client_set_timeout_ms(own, 0));
    NUL(mtasts_client_lookup(own, TEXT("a.example"), NULL));
    NUL(mtasts_client_lookup(own, NULL, 1, &decision));
    RETURNS(MTASTS_ERR_LENGTH, mtasts_client_lookup(own, "a", HUGE_LEN, &decision));
    RETURNS(MTASTS_ERR_NOT_UTF8, mtasts_client_lookup(own, BAD, BAD_LEN, &decision));
    NUL(mtasts_client_lookup_why(own, TEXT("a.example"), &decision, NULL, 1));
    NUL(mtasts_client_lookup_why(own, TEXT("a.example"), NULL, untouched, sizeof untouched));
    RETURNS(MTASTS_ERR_NOT_UTF8, mtasts_client_lookup_why(own, BAD, BAD_LEN, &decision, untouched, sizeof untouched));
    RETURNS(MTASTS_ERR_CLIENT_CONNECT, mtasts_client_lookup_why(own, TEXT("a.example"), &decision, NULL, 0));
    PANICS(mtasts_client_lookup(own, TEXT("a.example"), &decision));
    RETURNS(MTASTS_ERR_PANIC, mtasts_client_lookup_why(own, TEXT("a.example"), &decision, untouched, sizeof untouched));
    RETURNS(MTASTS_ERR_PANIC, mtasts_client_set_timeout_ms(own, 1));
    mtasts_client_free(own);
    nothing_was_written();
}

static void resolvers(void)
{
    mtasts_resolver_options *own = NULL;
    mtasts_resolver *idle = NULL;
    OK(mtasts_resolver_options_new(&own));
    NUL(mtasts_resolver_new(own, NULL));
    NUL(mtasts_resolver_options_set_config(own, NULL));
    NUL(mtasts_resolver_options_add_dns_server(own, NULL, 1));
    RETURNS(MTASTS_ERR_NOT_UTF8, mtasts_resolver_options_add_dns_server(own, BAD, BAD_LEN));
    RETURNS(MTASTS_ERR_RESOLVER_SERVER, mtasts_resolver_options_add_dns_server(own, NULL, 0));
    NUL(mtasts_resolver_options_add_ca_file(own, NULL, 1));
    RETURNS(MTASTS_ERR_LENGTH, mtasts_resolver_options_add_ca_file(own, "a", HUGE_LEN));
    RETURNS(MTASTS_ERR_VALUE, mtasts_resolver_options_set_system_roots(own, 2));
    RETURNS(MTASTS_ERR_VALUE, mtasts_resolver_options_set_https_port(own, 0));
    RETURNS(MTASTS_ERR_NOT_UTF8, mtasts_resolver_options_allow_network(own, BAD, BAD_LEN));
    RETURNS(MTASTS_ERR_VALUE, mtasts_resolver_options_set_cache_file(own, NULL, 0));
    RETURNS(MTASTS_ERR_VALUE, mtasts_resolver_options_set_cache_file(own, "a\0b", 3));
    OK(mtasts_resolver_new(own, &idle));
    NUL(mtasts_resolver_start(idle, NULL, 1));
    NUL(mtasts_resolver_lookup(idle, TEXT("a.example"), 1, NULL));
    RETURNS(MTASTS_ERR_LENGTH, mtasts_resolver_lookup(idle, "a", HUGE_LEN, 1, &decision));
    RETURNS(MTASTS_ERR_DOMAIN_PARENT, mtasts_resolver_lookup(idle, TEXT(".example"), 1, &decision));
    NUL(mtasts_resolver_recheck(idle, TEXT("a.example"), 1, &decision, NULL));
    NUL(mtasts_resolver_recheck(idle, TEXT("a.example"), 1, NULL, &i32));
    PANICS(mtasts_resolver_lookup(idle, TEXT("a.example"), 1, &decision));
    RETURNS(MTASTS_ERR_PANIC, mtasts_resolver_recheck(idle, TEXT("a.example"), 1, &decision, &i32));
    RETURNS(MTASTS_ERR_PANIC, mtasts_resolver_start(idle, untouched, sizeof untouched));
    mtasts_resolver_free(idle);
    PANICS(mtasts_resolver_options_set_system_roots(own, 1));
    RETURNS(MTASTS_ERR_PANIC, mtasts_resolver_options_set_config(own, NULL));
    RETURNS(MTASTS_ERR_PANIC, mtasts_resolver_options_add_dns_server(own, TEXT("127.0.0.1")));
    RETURNS(MTASTS_ERR_PANIC, mtasts_resolver_options_add_ca_file(own, TEXT("a")));
    RETURNS(MTASTS_ERR_PANIC, mtasts_resolver_options_set_https_port(own, 443));
    RETURNS(MTASTS_ERR_PANIC, mtasts_resolver_options_allow_network(own, TEXT("::1")));
    RETURNS(MTASTS_ERR_PANIC, mtasts_resolver_options_set_cache_file(own, TEXT("a")));
    RETURNS(MTASTS_ERR_PANIC, mtasts_resolver_new(own, &resolver));
    mtasts_resolver_options_free(own);
    nothing_was_written();
}

int main(void)
{
    null_handles();
    arguments();
    settings();
    engines();
    policies();
    decisions();
    outputs();
    dns();
    reports();
    clients();
    resolvers();
    return 0;
}
