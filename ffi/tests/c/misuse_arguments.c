/* Handles and arguments that are missing or make no sense. */
#include "misuse.h"

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
    NUL(mtasts_domain(TEXT("a"), NULL, 1, NEEDED));
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
    NUL(mtasts_lint_json(TEXT("{}"), NULL, 1, NEEDED, NULL, 0));
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

int main(void)
{
    null_handles();
    arguments();
    return 0;
}
