/*
 * Functions called as they should not be: a documented code, nothing written, nothing leaked. Each file
 * misuse_*.c has some, and all files together have all. Built with the feature panic-injection.
 */
#ifndef MISUSE_H
#define MISUSE_H

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

#define NEEDED &(size_t){ 0 }
#define BUF untouched, sizeof untouched, NEEDED

#endif
