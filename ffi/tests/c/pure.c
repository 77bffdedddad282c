/* What needs no engine: names, records, policies, patterns. */
#define MTASTS_FEATURE_LINT
#include "check.h"

static void domains(void)
{
    char name[260];
    size_t needed = 0;
    OK(mtasts_domain(TEXT("[EXAMPLE.com.]:25"), name, sizeof name, &needed));
    CHECK(strcmp(name, "example.com") == 0 && needed == sizeof "example.com");
    OK(mtasts_domain(TEXT("b\xc3\xbc" "cher.example"), name, sizeof name, NULL));
    CHECK(strcmp(name, "xn--bcher-kva.example") == 0);
    OK(mtasts_domain_txt_name(TEXT("example.com"), name, sizeof name, NULL));
    CHECK(strcmp(name, "_mta-sts.example.com") == 0);
    OK(mtasts_domain_policy_host(TEXT("example.com"), name, sizeof name, NULL));
    CHECK(strcmp(name, "mta-sts.example.com") == 0);
    OK(mtasts_domain_tlsrpt_name(TEXT("example.com"), name, sizeof name, NULL));
    CHECK(strcmp(name, "_smtp._tls.example.com") == 0);

    RETURNS(MTASTS_ERR_DOMAIN_PARENT, mtasts_domain(TEXT(".example.com"), name, sizeof name, NULL));
    RETURNS(MTASTS_ERR_DOMAIN_ADDRESS, mtasts_domain(TEXT("[192.0.2.1]"), name, sizeof name, NULL));
    RETURNS(MTASTS_ERR_DOMAIN_BRACKETS, mtasts_domain(TEXT("[a.example"), name, sizeof name, NULL));
    RETURNS(MTASTS_ERR_DOMAIN_PORT, mtasts_domain(TEXT("a.example:"), name, sizeof name, NULL));
    RETURNS(MTASTS_ERR_NAME_EMPTY, mtasts_domain(NULL, 0, name, sizeof name, NULL));
    CHECK(mtasts_error_is_no_domain(MTASTS_ERR_DOMAIN_PARENT) == 1);
    CHECK(mtasts_error_is_no_domain(MTASTS_ERR_NAME_IDNA) == 1);
    CHECK(mtasts_error_is_no_domain(MTASTS_ERR_NULL) == 0);
    CHECK(mtasts_error_is_no_domain(MTASTS_OK) == 0);
}

static void buffers(void)
{
    char name[12] = "untouched";
    size_t needed = 0;
    RETURNS(MTASTS_ERR_BUFFER, mtasts_domain(TEXT("example.com"), NULL, 0, &needed));
    CHECK(needed == 12);
    RETURNS(MTASTS_ERR_BUFFER, mtasts_domain(TEXT("example.com"), name, 11, &needed));
    CHECK(needed == 12 && strcmp(name, "untouched") == 0);
    OK(mtasts_domain(TEXT("example.com"), name, 12, &needed));
    CHECK(strcmp(name, "example.com") == 0);
}

static void records(void)
{
    const char *records[] = { "v=spf1 -all", "v=STSv1; id=20260101T0;", "\0\xff" };
    const size_t lengths[] = { 11, 23, 2 };
    char id[33];
    OK(mtasts_record_select(records, lengths, 3, id, sizeof id, NULL));
    CHECK(strcmp(id, "20260101T0") == 0);
    RETURNS(MTASTS_ERR_RECORD_OTHER, mtasts_record_select(records, lengths, 1, id, sizeof id, NULL));
    RETURNS(MTASTS_ERR_RECORD_MISSING, mtasts_record_select(NULL, NULL, 0, id, sizeof id, NULL));

    const char *reports[] = { "v=TLSRPTv1; rua=mailto:a@example.com,https://example.com/r" };
    const size_t reports_lengths[] = { strlen(reports[0]) };
    mtasts_tlsrpt *record = NULL;
    const char *uri;
    size_t len;
    OK(mtasts_tlsrpt_select(reports, reports_lengths, 1, &record));
    CHECK(mtasts_tlsrpt_rua_count(record) == 2);
    OK(mtasts_tlsrpt_rua(record, 1, &uri, &len));
    CHECK(is_text(uri, len, "https://example.com/r"));
    RETURNS(MTASTS_ERR_INDEX, mtasts_tlsrpt_rua(record, 2, &uri, &len));
    mtasts_tlsrpt_free(record);
    RETURNS(MTASTS_ERR_TLSRPT_OTHER, mtasts_tlsrpt_select(records, lengths, 2, &record));
}

static void policies(void)
{
    mtasts_policy *policy = NULL, *again = NULL;
    const char *text, *value;
    size_t len, value_len;
    uint32_t max_age;
    int32_t matches;
    char buf[200];
    OK(mtasts_policy_parse(TEXT(ENFORCE "colour: blue\n"), &policy));
    CHECK(mtasts_policy_mode(policy) == MTASTS_MODE_ENFORCE);
    OK(mtasts_policy_max_age(policy, &max_age));
    CHECK(max_age == 86400);
    CHECK(mtasts_policy_mx_count(policy) == 2);
    OK(mtasts_policy_mx(policy, 0, &text, &len));
    CHECK(is_text(text, len, "mx1.example.com"));
    OK(mtasts_policy_mx(policy, 1, &text, &len));
    CHECK(is_text(text, len, "*.example.net"));
    OK(mtasts_policy_matches(policy, TEXT("a.example.NET."), &matches));
    CHECK(matches == 1);
    OK(mtasts_policy_matches(policy, TEXT("a.b.example.net"), &matches));
    CHECK(matches == 0);
    CHECK(mtasts_policy_extension_count(policy) == 1);
    OK(mtasts_policy_extension(policy, 0, &text, &len, &value, &value_len));
    CHECK(is_text(text, len, "colour") && is_text(value, value_len, "blue"));

    /* A handle more keeps the policy alive. */
    OK(mtasts_policy_clone(policy, &again));
    mtasts_policy_free(policy);
    OK(mtasts_policy_text(again, buf, sizeof buf, NULL));
    CHECK(strcmp(buf, "version: STSv1\nmode: enforce\nmx: mx1.example.com\nmx: *.example.net\n"
                      "max_age: 86400\ncolour: blue\n") == 0);
    mtasts_policy_free(again);

    RETURNS(MTASTS_ERR_POLICY_MODE_MISSING, mtasts_policy_parse(TEXT("version: STSv1\n"), &policy));
    RETURNS(MTASTS_ERR_POLICY_EMPTY, mtasts_policy_parse(NULL, 0, &policy));
    RETURNS(MTASTS_ERR_FETCH_STATUS, mtasts_policy_from_response(404, TEXT("text/plain"), TEXT(ENFORCE), 65536, &policy));
    RETURNS(MTASTS_ERR_FETCH_REDIRECT, mtasts_policy_from_response(301, TEXT("text/plain"), TEXT(ENFORCE), 65536, &policy));
    RETURNS(MTASTS_ERR_FETCH_MEDIA_TYPE, mtasts_policy_from_response(200, NULL, 0, TEXT(ENFORCE), 65536, &policy));
    RETURNS(MTASTS_ERR_FETCH_TOO_LARGE, mtasts_policy_from_response(200, TEXT("text/plain"), TEXT(ENFORCE), 10, &policy));
    OK(mtasts_policy_from_response(200, TEXT("text/plain; x=\xff"), TEXT(ENFORCE), 65536, &policy));
    mtasts_policy_free(policy);
}

static void diagnostics(void)
{
    mtasts_diagnostics *found = NULL;
    int32_t code;
    uint32_t start, end, line, column;
    const char *message;
    size_t len;
    OK(mtasts_policy_diagnose(TEXT(ENFORCE), &found));
    CHECK(mtasts_diagnostics_count(found) == 0);
    mtasts_diagnostics_free(found);

    OK(mtasts_policy_diagnose(TEXT("version: STSv1\nmode: none\n\n max_age: 1\n"), &found));
    CHECK(mtasts_diagnostics_count(found) == 2);
    OK(mtasts_diagnostics_code(found, 1, &code));
    CHECK(code == MTASTS_DEVIATION_LEADING_SPACE);
    CHECK(strcmp(mtasts_diagnostic_name(code), "deviation-leading-space") == 0);
    OK(mtasts_diagnostics_place(found, 1, &start, &end, &line, &column));
    CHECK(line == 4 && column == 1 && start == 27 && end == 28);
    OK(mtasts_diagnostics_message(found, 1, &message, &len));
    CHECK(len > 10);
    RETURNS(MTASTS_ERR_INDEX, mtasts_diagnostics_code(found, 2, &code));
    mtasts_diagnostics_free(found);

    OK(mtasts_policy_diagnose(TEXT("version: STSv1\nmode: None\nmax_age: 1\n"), &found));
    CHECK(mtasts_diagnostics_count(found) == 1);
    OK(mtasts_diagnostics_code(found, 0, &code));
    CHECK(code == MTASTS_ERR_POLICY_MODE_INVALID);
    CHECK(strcmp(mtasts_diagnostic_name(code), "policy-mode-invalid") == 0);
    OK(mtasts_diagnostics_place(found, 0, &start, &end, &line, &column));
    CHECK(line == 2);
    mtasts_diagnostics_free(found);

    OK(mtasts_policy_diagnose(TEXT("version: STSv1\nmode: none\n"), &found));
    RETURNS(MTASTS_ERR_ABSENT, mtasts_diagnostics_place(found, 0, &start, &end, &line, &column));
    mtasts_diagnostics_free(found);
}

static void linter(void)
{
    static const char publication[] =
        "{\"domain\":\"example.com\",\"txt\":{\"records\":[\"v=STSv1; id=a-b\"]}}";
    size_t needed = 0;
    char why[40] = "unchanged";
    char *report;
    RETURNS(MTASTS_ERR_BUFFER, mtasts_lint_json(TEXT(publication), NULL, 0, &needed, why, sizeof why));
    report = malloc(needed);
    CHECK(report != NULL);
    OK(mtasts_lint_json(TEXT(publication), report, needed, NULL, why, sizeof why));
    CHECK(strlen(report) + 1 == needed && strchr(report, '\n') == NULL);
    CHECK(strstr(report, "\"code\":\"txt-id-character\"") != NULL);
    CHECK(strcmp(why, "unchanged") == 0);

    RETURNS(MTASTS_ERR_PUBLICATION_INVALID, mtasts_lint_json(TEXT("{\"domian\":1}"), report, needed, NULL, why, sizeof why));
    CHECK(strcmp(why, "not a publication to check: unknown mem") == 0);
    CHECK(report[0] == '{');
    free(report);
}

static void patterns(void)
{
    static const struct { const char *pattern, *host; int32_t matches; } cases[] = {
        { "mx.example.com", "MX.example.com.", 1 }, { "*.example.com", "a.example.com", 1 },
        { "*.example.com", "a.b.example.com", 0 }, { "*.example.com", "example.com", 0 },
        { "mx*.example.com", "mx1.example.com", 0 }, { "", "", 0 }, { "*", "example", 0 },
        { "mx.example.com", "\xff", 0 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int32_t matches = -1;
        OK(mtasts_mx_matches(TEXT(cases[i].pattern), TEXT(cases[i].host), &matches));
        CHECK(matches == cases[i].matches);
    }
}

static void words(void)
{
    CHECK(strcmp(mtasts_version(), MTASTS_VERSION) == 0);
    CHECK(strcmp(mtasts_error_name(MTASTS_OK), "ok") == 0);
    CHECK(strcmp(mtasts_error_name(MTASTS_ERR_POLICY_MX_MISSING), "policy-mx-missing") == 0);
    CHECK(strcmp(mtasts_error_name(1), "unknown") == 0);
    CHECK(strlen(mtasts_error_message(INT32_MIN)) > 0);
    CHECK(strcmp(mtasts_result_name(MTASTS_RESULT_STS_WEBPKI_INVALID), "sts-webpki-invalid") == 0);
    CHECK(strcmp(mtasts_result_name(-1), "unknown") == 0);
    CHECK(strcmp(mtasts_diagnostic_name(-99999), "unknown") == 0);
}

int main(void)
{
    domains();
    buffers();
    records();
    policies();
    diagnostics();
    linter();
    patterns();
    words();
    return 0;
}
