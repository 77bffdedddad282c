/* The engine, its store and reports, on a clock of the test's own. */
#include "check.h"

static const uint64_t NOW = UINT64_C(1800000000000);
static const char *const RECORD[] = { "v=STSv1; id=1;" };
static const size_t RECORD_LENGTH[] = { 14 };

/* The next output, which must be of this kind. */
static const mtasts_output *next(mtasts_engine *engine, int32_t kind)
{
    const mtasts_output *output = NULL;
    OK(mtasts_engine_poll_output(engine, &output));
    CHECK(output != NULL);
    RETURNS(kind, mtasts_output_kind(output));
    return output;
}

static uint32_t request(const mtasts_output *output)
{
    uint32_t request;
    OK(mtasts_output_request(output, &request));
    return request;
}

static void nothing(mtasts_engine *engine)
{
    const mtasts_output *output = (const mtasts_output *)&NOW;
    OK(mtasts_engine_poll_output(engine, &output));
    CHECK(output == NULL);
}

/* Discovers the policy of example.com and answers lookup 7 with it. */
static const mtasts_output *discover(mtasts_engine *engine, int has_store)
{
    const mtasts_output *output;
    const char *text;
    size_t len, max;
    uint64_t at;
    int32_t reason;
    OK(mtasts_engine_resolve(engine, 7, TEXT("example.com"), NOW + 5000, NOW));
    CHECK(mtasts_engine_waiting_count(engine) == 1);
    OK(mtasts_engine_poll_timeout(engine, &at, &reason));
    CHECK(at <= NOW + 5000 && reason != MTASTS_WAKE_NEVER);
    if (has_store)
        OK(mtasts_engine_loaded(engine, request(next(engine, MTASTS_OUTPUT_LOAD)), NULL, NOW));

    output = next(engine, MTASTS_OUTPUT_QUERY_TXT);
    OK(mtasts_output_name(output, &text, &len));
    CHECK(is_text(text, len, "_mta-sts.example.com"));
    OK(mtasts_output_domain(output, &text, &len));
    CHECK(is_text(text, len, "example.com"));
    OK(mtasts_output_deadline(output, &at));
    CHECK(at > NOW);
    RETURNS(MTASTS_ERR_ABSENT, mtasts_output_host(output, &text, &len));
    OK(mtasts_engine_txt_answer(engine, request(output), RECORD, RECORD_LENGTH, 1, 300, NOW));

    output = next(engine, MTASTS_OUTPUT_FETCH_POLICY);
    OK(mtasts_output_host(output, &text, &len));
    CHECK(is_text(text, len, "mta-sts.example.com"));
    OK(mtasts_output_path(output, &text, &len));
    CHECK(is_text(text, len, "/.well-known/mta-sts.txt"));
    OK(mtasts_output_max_bytes(output, &max));
    CHECK(max == 65536);
    OK(mtasts_engine_fetch_answer(engine, request(output), 200, TEXT("text/plain"), TEXT(ENFORCE), NOW));
    if (!has_store)
        output = next(engine, MTASTS_OUTPUT_ANSWER);
    else
        output = next(engine, MTASTS_OUTPUT_STORE);
    return output;
}

static void look_at(const mtasts_decision *decision, int32_t source)
{
    const char *text;
    size_t len;
    uint64_t at;
    int32_t code, verdict, result, matches;
    char buf[1000];
    mtasts_policy *policy = NULL;
    RETURNS(MTASTS_ACTION_ENFORCE, mtasts_decision_action(decision));
    RETURNS(source, mtasts_decision_source(decision));
    CHECK(mtasts_decision_mx_count(decision) == 2);
    OK(mtasts_decision_mx(decision, 0, &text, &len));
    CHECK(is_text(text, len, "mx1.example.com"));
    RETURNS(MTASTS_ERR_INDEX, mtasts_decision_mx(decision, 2, &text, &len));
    OK(mtasts_decision_matches(decision, TEXT("mx1.example.com"), &matches));
    CHECK(matches == 1);
    OK(mtasts_decision_id(decision, &text, &len));
    CHECK(is_text(text, len, "1"));
    OK(mtasts_decision_fetched_at(decision, &at));
    CHECK(at == NOW);
    OK(mtasts_decision_expires_at(decision, &at));
    CHECK(at == NOW + 86400000);
    OK(mtasts_decision_failure(decision, &code));
    CHECK(code == MTASTS_OK);
    RETURNS(MTASTS_ERR_ABSENT, mtasts_decision_failure_at(decision, &at));
    RETURNS(MTASTS_ERR_ABSENT, mtasts_decision_failure_text(decision, buf, sizeof buf, NULL));
    OK(mtasts_decision_discovery_result(decision, &result));
    CHECK(result == MTASTS_RESULT_NOTHING);
    OK(mtasts_decision_policy(decision, &policy));
    RETURNS(MTASTS_MODE_ENFORCE, mtasts_policy_mode(policy));
    mtasts_policy_free(policy);

    OK(mtasts_decision_judge(decision, TEXT("mx1.example.com"), 1, MTASTS_CERT_VALID, MTASTS_DANE_NONE, &verdict, &result));
    CHECK(verdict == MTASTS_VERDICT_DELIVER && result == MTASTS_RESULT_NOTHING);
    OK(mtasts_decision_judge(decision, TEXT("mx1.example.com"), 1, MTASTS_CERT_EXPIRED, MTASTS_DANE_NONE, &verdict, &result));
    CHECK(verdict == MTASTS_VERDICT_SKIP_MX && result == MTASTS_RESULT_CERTIFICATE_EXPIRED);
    OK(mtasts_decision_judge(decision, TEXT("other.example"), 1, MTASTS_CERT_VALID, MTASTS_DANE_NONE, &verdict, &result));
    CHECK(verdict == MTASTS_VERDICT_SKIP_MX && result != MTASTS_RESULT_NOTHING);
    OK(mtasts_decision_judge(decision, TEXT("mx1.example.com"), 0, MTASTS_CERT_INVALID, MTASTS_DANE_INSECURE, &verdict, &result));
    CHECK(verdict == MTASTS_VERDICT_SKIP_MX && result == MTASTS_RESULT_STARTTLS_NOT_SUPPORTED);

    OK(mtasts_decision_render(decision, MTASTS_FORMAT_POSTFIX, NULL, 0, buf, sizeof buf, NULL));
    CHECK(strcmp(buf, "OK secure match=mx1.example.com:.example.net servername=hostname") == 0);
    OK(mtasts_decision_render(decision, MTASTS_FORMAT_POSTFIX_TLSRPT, TEXT("Example.com"), buf, sizeof buf, NULL));
    CHECK(strstr(buf, " policy_type=sts policy_domain=example.com ") != NULL);
    OK(mtasts_decision_render(decision, MTASTS_FORMAT_SENDMAIL, NULL, 0, buf, sizeof buf, NULL));
    CHECK(strcmp(buf, "OK secure match=mx1.example.com:.example.net servername=hostname") == 0);
    OK(mtasts_decision_render(decision, MTASTS_FORMAT_EXIM, NULL, 0, buf, sizeof buf, NULL));
    CHECK(strcmp(buf, "mode=enforce mx=mx1.example.com:*.example.net") == 0);
    OK(mtasts_decision_render(decision, MTASTS_FORMAT_OPENSMTPD, NULL, 0, buf, sizeof buf, NULL));
    CHECK(strcmp(buf, "found") == 0);
    OK(mtasts_decision_json(decision, TEXT("example.com"), NOW, buf, sizeof buf, NULL));
    CHECK(strstr(buf, "\"decision\":\"enforce\"") != NULL);
    OK(mtasts_decision_explain(decision, NOW, buf, sizeof buf, NULL));
    CHECK(strstr(buf, "mode enforce under id 1") != NULL);
}

static void a_lookup(void)
{
    mtasts_engine *engine = NULL;
    const mtasts_output *output;
    const mtasts_decision *decision = NULL;
    mtasts_decision *mine = NULL;
    uint32_t lookup;
    OK(mtasts_engine_new(NULL, &engine));
    OK(mtasts_engine_lookup(engine, TEXT("example.com"), NOW, &decision));
    CHECK(decision == NULL);
    output = discover(engine, 0);
    OK(mtasts_output_lookup(output, &lookup));
    CHECK(lookup == 7);
    RETURNS(MTASTS_BOUNCE_NOT_ASKED, mtasts_output_bounce(output));
    OK(mtasts_output_decision(output, &decision));
    look_at(decision, MTASTS_SOURCE_LIVE);
    nothing(engine);

    OK(mtasts_engine_lookup(engine, TEXT("example.com"), NOW + 1, &decision));
    look_at(decision, MTASTS_SOURCE_CACHED);
    OK(mtasts_decision_clone(decision, &mine));
    CHECK(mtasts_engine_domain_count(engine) == 1 && mtasts_engine_waiting_count(engine) == 0);

    /* Beyond its max_age the policy governs nothing; the copy is still what it was. */
    OK(mtasts_engine_peek(engine, TEXT("example.com"), NOW + 86400001, &decision));
    CHECK(decision == NULL);
    mtasts_engine_free(engine);
    look_at(mine, MTASTS_SOURCE_CACHED);
    mtasts_decision_free(mine);
}

static void failures(void)
{
    mtasts_config *config = NULL;
    mtasts_engine *engine = NULL;
    const mtasts_output *output;
    const mtasts_decision *decision = NULL;
    int32_t code, result;
    uint64_t at;
    char buf[200];
    OK(mtasts_config_new(&config));
    OK(mtasts_config_set(config, MTASTS_CONFIG_ON_FETCH_FAILURE, MTASTS_ON_FAILURE_TEMP_FAIL));
    OK(mtasts_engine_new(config, &engine));
    OK(mtasts_engine_resolve(engine, 1, TEXT("example.com"), NOW + 5000, NOW));
    output = next(engine, MTASTS_OUTPUT_QUERY_TXT);
    OK(mtasts_engine_txt_answer(engine, request(output), RECORD, RECORD_LENGTH, 1, 300, NOW));
    output = next(engine, MTASTS_OUTPUT_FETCH_POLICY);
    OK(mtasts_engine_fetch_failed(engine, request(output), MTASTS_ERR_FETCH_TLS_NAME, TEXT("192.0.2.1"), NOW));
    OK(mtasts_output_decision(next(engine, MTASTS_OUTPUT_ANSWER), &decision));
    RETURNS(MTASTS_ACTION_TEMP_FAIL, mtasts_decision_action(decision));
    OK(mtasts_decision_failure(decision, &code));
    CHECK(code == MTASTS_ERR_FETCH_TLS_NAME);
    OK(mtasts_decision_failure_at(decision, &at));
    CHECK(at == NOW);
    OK(mtasts_decision_failure_text(decision, buf, sizeof buf, NULL));
    CHECK(strstr(buf, "(192.0.2.1)") != NULL);
    OK(mtasts_decision_discovery_result(decision, &result));
    CHECK(result == MTASTS_RESULT_STS_WEBPKI_INVALID);
    RETURNS(MTASTS_ERR_ABSENT, mtasts_decision_source(decision));

    OK(mtasts_config_set(config, MTASTS_CONFIG_ON_DNS_FAILURE, MTASTS_ON_FAILURE_TEMP_FAIL));
    OK(mtasts_engine_reconfigure(engine, config));
    OK(mtasts_engine_resolve(engine, 2, TEXT("example.org"), NOW + 5000, NOW));
    output = next(engine, MTASTS_OUTPUT_QUERY_TXT);
    OK(mtasts_engine_txt_failed(engine, request(output), MTASTS_ERR_DNS_SERVFAIL, NULL, 0, NOW));
    OK(mtasts_output_decision(next(engine, MTASTS_OUTPUT_ANSWER), &decision));
    RETURNS(MTASTS_ACTION_TEMP_FAIL, mtasts_decision_action(decision));

    /* A lookup that nobody answers is answered at its deadline; one that is cancelled is not. */
    OK(mtasts_engine_resolve(engine, 3, TEXT("example.net"), NOW + 5000, NOW));
    OK(mtasts_engine_resolve(engine, 4, TEXT("example.net"), NOW + 5000, NOW));
    OK(mtasts_engine_cancel(engine, 3, NOW));
    next(engine, MTASTS_OUTPUT_QUERY_TXT);
    OK(mtasts_engine_handle_timeout(engine, NOW + 5000));
    OK(mtasts_output_decision(next(engine, MTASTS_OUTPUT_ANSWER), &decision));
    RETURNS(MTASTS_ACTION_TEMP_FAIL, mtasts_decision_action(decision));
    nothing(engine);
    mtasts_config_free(config);
    mtasts_engine_free(engine);
}

static void a_store(void)
{
    mtasts_config *config = NULL;
    mtasts_engine *engine = NULL, *other = NULL;
    mtasts_snapshot *snapshot = NULL;
    mtasts_cached *kept = NULL;
    mtasts_policy *policy = NULL;
    const mtasts_output *output;
    const mtasts_cached *cached;
    const mtasts_decision *decision;
    const char *text, *domain;
    size_t len, domain_len;
    uint64_t at;
    uint32_t id;
    OK(mtasts_config_new(&config));
    OK(mtasts_config_set(config, MTASTS_CONFIG_STORE, 1));
    OK(mtasts_engine_new(config, &engine));
    output = discover(engine, 1);
    id = request(output);
    OK(mtasts_output_cached(output, &cached));
    OK(mtasts_cached_id(cached, &text, &len));
    CHECK(is_text(text, len, "1"));
    OK(mtasts_cached_fetched_at(cached, &at));
    CHECK(at == NOW);
    OK(mtasts_cached_last_used(cached, &at));
    CHECK(at == NOW);
    OK(mtasts_cached_expires_at(cached, &at));
    CHECK(at == NOW + 86400000);
    OK(mtasts_cached_policy(cached, &policy));
    OK(mtasts_cached_new(policy, TEXT("1"), NOW, NOW, &kept));
    mtasts_policy_free(policy);
    OK(mtasts_engine_stored(engine, id, NOW));
    next(engine, MTASTS_OUTPUT_ANSWER);

    OK(mtasts_engine_export(engine, NOW, &snapshot));
    mtasts_engine_free(engine);
    CHECK(mtasts_snapshot_count(snapshot) == 1);
    OK(mtasts_snapshot_domain(snapshot, 0, &domain, &domain_len));
    CHECK(is_text(domain, domain_len, "example.com"));
    OK(mtasts_snapshot_cached(snapshot, 0, &cached));
    OK(mtasts_engine_new(config, &other));
    OK(mtasts_engine_restore(other, domain, domain_len, cached, NOW));
    mtasts_snapshot_free(snapshot);
    OK(mtasts_engine_lookup(other, TEXT("example.com"), NOW, &decision));
    look_at(decision, MTASTS_SOURCE_CACHED);
    mtasts_engine_free(other);

    OK(mtasts_engine_new(config, &other));
    OK(mtasts_engine_resolve(other, 1, TEXT("example.com"), NOW + 5000, NOW));
    OK(mtasts_engine_loaded(other, request(next(other, MTASTS_OUTPUT_LOAD)), kept, NOW));
    OK(mtasts_output_decision(next(other, MTASTS_OUTPUT_ANSWER), &decision));
    RETURNS(MTASTS_ACTION_ENFORCE, mtasts_decision_action(decision));
    next(other, MTASTS_OUTPUT_QUERY_TXT);

    /* The same id in DNS, and the policy may be relied upon for a bounce. */
    OK(mtasts_engine_recheck(other, 2, TEXT("example.com"), NOW + 5000, NOW));
    OK(mtasts_engine_handle_timeout(other, NOW + 5000));
    output = next(other, MTASTS_OUTPUT_ANSWER);
    RETURNS(MTASTS_BOUNCE_FORBIDDEN, mtasts_output_bounce(output));
    mtasts_engine_free(other);
    mtasts_cached_free(kept);
    mtasts_config_free(config);
}

static void dns(void)
{
    mtasts_dns_question *question = NULL;
    mtasts_dns_answer *answer = NULL;
    unsigned char message[600];
    size_t len = 0, text_len;
    uint32_t ttl;
    const char *text;
    char address[46];
    uint16_t preference;
    uint8_t a, b, c;
    mtasts_engine *engine = NULL;
    const mtasts_output *output;
    OK(mtasts_dns_question_new(TEXT("_mta-sts.example.com"), MTASTS_DNS_TXT, &question));
    OK(mtasts_dns_encode(question, 0x1234, MTASTS_EDNS_DNSSEC, message, sizeof message, &len));
    CHECK(len > 12 && message[0] == 0x12 && message[1] == 0x34);
    OK(mtasts_dns_encode(question, 0x1234, MTASTS_EDNS_OFF, message, sizeof message, &len));
    RETURNS(MTASTS_ERR_DNS_NOT_OURS, mtasts_dns_decode(question, 0x1234, message, len, &answer));
    /* Makes a response of the query: one TXT record of two strings, the name compressed. */
    static const unsigned char record[] = "\xc0\x0c\0\x10\0\x01\0\0\x01\x2c\0\x10\x08v=STSv1;\x06 id=1;";
    message[2] |= 0x80;
    message[7] = 1;
    memcpy(message + len, record, sizeof record - 1);
    len += sizeof record - 1;
    OK(mtasts_dns_decode(question, 0x1234, message, len, &answer));
    RETURNS(0, mtasts_dns_answer_rcode(answer));
    RETURNS(0, mtasts_dns_answer_is_truncated(answer));
    RETURNS(1, mtasts_dns_answer_is_authentic(answer) | 1);
    RETURNS(0, mtasts_dns_answer_alias_count(answer));
    RETURNS(MTASTS_ERR_INDEX, mtasts_dns_answer_alias(answer, 0, &text, &text_len));
    OK(mtasts_dns_answer_ttl(answer, &ttl));
    CHECK(ttl == 300);
    RETURNS(1, mtasts_dns_answer_count(answer));
    OK(mtasts_dns_answer_txt(answer, 0, &text, &text_len));
    CHECK(is_text(text, text_len, "v=STSv1; id=1;"));
    RETURNS(MTASTS_ERR_ABSENT, mtasts_dns_answer_address(answer, 0, address, sizeof address, NULL));
    RETURNS(MTASTS_ERR_ABSENT, mtasts_dns_answer_mx(answer, 0, &preference, &text, &text_len));
    RETURNS(MTASTS_ERR_ABSENT, mtasts_dns_answer_tlsa(answer, 0, &a, &b, &c, &text, &text_len));
    RETURNS(MTASTS_ERR_DNS_NOT_OURS, mtasts_dns_decode(question, 0x1235, message, len, &answer));
    RETURNS(MTASTS_ERR_DNS_MALFORMED, mtasts_dns_decode(question, 0x1234, message, len - 3, &answer));

    OK(mtasts_engine_new(NULL, &engine));
    OK(mtasts_engine_resolve(engine, 1, TEXT("example.com"), NOW + 5000, NOW));
    output = next(engine, MTASTS_OUTPUT_QUERY_TXT);
    OK(mtasts_engine_txt_decoded(engine, request(output), answer, NOW));
    next(engine, MTASTS_OUTPUT_FETCH_POLICY);
    mtasts_engine_free(engine);
    mtasts_dns_answer_free(answer);
    mtasts_dns_question_free(question);
}

static void reports(void)
{
    static const char *const record[] = { "v=TLSRPTv1;rua=mailto:r@example.com" };
    static const char *const tlsa[] = { "3 1 1 0AFF" };
    const size_t length[] = { strlen(record[0]) }, tlsa_length[] = { strlen(tlsa[0]) };
    mtasts_engine *engine = NULL;
    mtasts_report *report = NULL;
    const mtasts_decision *decision;
    char buf[1000];
    OK(mtasts_engine_new(NULL, &engine));
    OK(mtasts_output_decision(discover(engine, 0), &decision));
    OK(mtasts_report_new(TEXT("example.com"), record, length, 1, &report));
    RETURNS(MTASTS_ERR_ABSENT, mtasts_report_datagram(report, buf, sizeof buf, NULL));
    RETURNS(MTASTS_ERR_ABSENT, mtasts_report_add_failure(report, MTASTS_RESULT_CERTIFICATE_EXPIRED));
    OK(mtasts_report_add_policy(report, decision, 0));
    RETURNS(MTASTS_ERR_ABSENT, mtasts_report_set_detail(report, MTASTS_DETAIL_RECEIVING_IP, TEXT("::1")));
    OK(mtasts_report_add_failure(report, MTASTS_RESULT_CERTIFICATE_EXPIRED));
    OK(mtasts_report_set_detail(report, MTASTS_DETAIL_SENDING_MTA_IP, TEXT("192.0.2.1")));
    OK(mtasts_report_set_detail(report, MTASTS_DETAIL_RECEIVING_MX_HOSTNAME, TEXT("mx1.example.com")));
    OK(mtasts_report_set_detail(report, MTASTS_DETAIL_RECEIVING_MX_HELO, TEXT("helo.example")));
    OK(mtasts_report_set_detail(report, MTASTS_DETAIL_RECEIVING_IP, TEXT("198.51.100.1")));
    OK(mtasts_report_set_detail(report, MTASTS_DETAIL_ADDITIONAL_INFORMATION, TEXT("info")));
    OK(mtasts_report_set_detail(report, MTASTS_DETAIL_FAILURE_REASON_CODE, TEXT("reason")));
    RETURNS(MTASTS_ERR_VALUE, mtasts_report_set_detail(report, MTASTS_DETAIL_RECEIVING_IP, TEXT("x")));
    OK(mtasts_report_add_tlsa(report, TEXT("mx1.example.com"), tlsa, tlsa_length, 1, 1));
    OK(mtasts_report_datagram(report, buf, sizeof buf, NULL));
    CHECK(strcmp(buf, "{\"dpv\": \"1\",\"d\": \"example.com\",\"pr\": \"v=TLSRPTv1;rua=mailto:r@example.com\","
        "\"policies\":[{\"policy-type\":2,\"policy-domain\": \"example.com\",\"policy-string\":["
        "\"version: STSv1\",\"mode: enforce\",\"mx: mx1.example.com\",\"mx: *.example.net\",\"max_age: 86400\"],"
        "\"mx-host\":[\"mx1.example.com\",\"*.example.net\"],\"failure-details\":[{\"c\":204,\"s\": \"192.0.2.1\","
        "\"n\": \"mx1.example.com\",\"h\": \"helo.example\",\"r\": \"198.51.100.1\",\"a\": \"info\",\"f\": \"reason\"}],"
        "\"t\":1,\"f\":1},{\"policy-type\":1,\"policy-domain\": \"mx1.example.com\",\"policy-string\":["
        "\"3 1 1 0AFF\"],\"t\":0,\"f\":0}]}") == 0);
    mtasts_report_free(report);
    mtasts_engine_free(engine);
    RETURNS(MTASTS_ERR_TLSRPT_MISSING, mtasts_report_new(TEXT("example.com"), NULL, NULL, 0, &report));
}

static void alerts(void)
{
    mtasts_engine *engine = NULL;
    const mtasts_output *output = NULL;
    uint64_t at = NOW;
    const char *text;
    size_t len;
    char buf[300];
    OK(mtasts_engine_new(NULL, &engine));
    discover(engine, 0);
    /* Every refresh fails. Somebody is told before the policy ends. */
    for (;;) {
        OK(mtasts_engine_poll_output(engine, &output));
        if (output == NULL) {
            OK(mtasts_engine_poll_timeout(engine, &at, NULL));
            CHECK(at < NOW + 86400000);
            OK(mtasts_engine_handle_timeout(engine, at));
        } else if (mtasts_output_kind(output) == MTASTS_OUTPUT_QUERY_TXT) {
            OK(mtasts_engine_txt_failed(engine, request(output), MTASTS_ERR_DNS_TIMEOUT, NULL, 0, at));
        } else if (mtasts_output_kind(output) == MTASTS_OUTPUT_FETCH_POLICY) {
            OK(mtasts_engine_fetch_failed(engine, request(output), MTASTS_ERR_FETCH_CONNECT, NULL, 0, at));
        } else {
            break;
        }
    }
    RETURNS(MTASTS_OUTPUT_ALERT, mtasts_output_kind(output));
    OK(mtasts_output_domain(output, &text, &len));
    CHECK(is_text(text, len, "example.com"));
    OK(mtasts_output_message(output, buf, sizeof buf, NULL));
    CHECK(strstr(buf, "no connection to the policy host") != NULL);
    mtasts_engine_free(engine);
}

int main(void)
{
    a_lookup();
    failures();
    a_store();
    dns();
    reports();
    alerts();
    return 0;
}
