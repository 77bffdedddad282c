/* What waits for others: the client and the resolver. */
#include "misuse.h"

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
    clients();
    resolvers();
    return 0;
}
