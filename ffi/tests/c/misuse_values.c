/* Policies, decisions, DNS messages and reports. */
#include "misuse.h"

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
    NUL(mtasts_policy_text(own, NULL, 1, NEEDED));
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
    NUL(mtasts_decision_failure_text(given, NULL, 1, NEEDED));
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
    NUL(mtasts_decision_render(given, MTASTS_FORMAT_POSTFIX, NULL, 0, NULL, 1, NEEDED));
    RETURNS(MTASTS_ERR_NAME_EMPTY, mtasts_decision_render(given, MTASTS_FORMAT_POSTFIX_TLSRPT, NULL, 0, BUF));
    NUL(mtasts_decision_json(given, NULL, 1, NOW, BUF));
    RETURNS(MTASTS_ERR_NAME_IDNA, mtasts_decision_json(given, BAD, BAD_LEN, NOW, BUF));
    NUL(mtasts_decision_explain(given, NOW, NULL, 1, NEEDED));
    RETURNS(MTASTS_ERR_BUFFER, mtasts_decision_explain(given, 0, untouched, 1, NEEDED));

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

static void dns(void)
{
    mtasts_dns_question *own = NULL;
    mtasts_dns_answer *decoded = NULL;
    unsigned char message[300];
    size_t message_len;
    OK(mtasts_dns_question_new(TEXT("a.example"), MTASTS_DNS_MX, &own));
    NUL(mtasts_dns_encode(own, 1, MTASTS_EDNS_ON, NULL, 1, NEEDED));
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
    NUL(mtasts_dns_answer_address(decoded, 0, NULL, 1, NEEDED));
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
    NUL(mtasts_report_datagram(own, NULL, 1, NEEDED));
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

int main(void)
{
    policies();
    decisions();
    dns();
    reports();
    return 0;
}
