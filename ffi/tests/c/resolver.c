/* The resolver against a loopback network: DNS server, HTTPS port, CA file, cache file. */
#define MTASTS_FEATURE_NET
#include "check.h"

#include <pthread.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

static mtasts_resolver *make(char **argv)
{
    mtasts_resolver_options *options = NULL;
    mtasts_resolver *resolver = NULL;
    OK(mtasts_resolver_options_new(&options));
    OK(mtasts_resolver_options_add_dns_server(options, TEXT(argv[1])));
    OK(mtasts_resolver_options_set_https_port(options, (uint16_t)atoi(argv[2])));
    OK(mtasts_resolver_options_add_ca_file(options, TEXT(argv[3])));
    OK(mtasts_resolver_options_set_system_roots(options, 0));
    OK(mtasts_resolver_options_allow_network(options, TEXT("127.0.0.0/8")));
    OK(mtasts_resolver_options_allow_network(options, TEXT("::1")));
    OK(mtasts_resolver_options_set_cache_file(options, TEXT(argv[4])));
    OK(mtasts_resolver_new(options, &resolver));
    mtasts_resolver_options_free(options);
    return resolver;
}

static void look_up(const mtasts_resolver *resolver)
{
    mtasts_decision *decision = NULL;
    int32_t bounce = -1;
    OK(mtasts_resolver_lookup(resolver, TEXT("good.test"), 60000, &decision));
    RETURNS(MTASTS_ACTION_ENFORCE, mtasts_decision_action(decision));
    mtasts_decision_free(decision);
    OK(mtasts_resolver_lookup(resolver, TEXT("nothing.test"), 60000, &decision));
    RETURNS(MTASTS_ACTION_NO_POLICY, mtasts_decision_action(decision));
    mtasts_decision_free(decision);
    OK(mtasts_resolver_recheck(resolver, TEXT("good.test"), 60000, &decision, &bounce));
    CHECK(bounce == MTASTS_BOUNCE_ALLOWED);
    mtasts_decision_free(decision);
    RETURNS(MTASTS_ERR_DOMAIN_ADDRESS, mtasts_resolver_lookup(resolver, TEXT("[192.0.2.1]"), 60000, &decision));
}

static void *thread(void *resolver)
{
    look_up(resolver);
    return NULL;
}

static void in_child(void (*check)(mtasts_resolver *), mtasts_resolver *resolver)
{
    int status;
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        check(resolver);
        _exit(0);
    }
    CHECK(waitpid(child, &status, 0) == child);
    CHECK(WIFSIGNALED(status) ? WTERMSIG(status) == SIGKILL : WEXITSTATUS(status) == 0);
}

static void refused(mtasts_resolver *resolver)
{
    mtasts_decision *decision = NULL;
    char buf[10] = "untouched";
    RETURNS(MTASTS_ERR_FORKED, mtasts_resolver_lookup(resolver, TEXT("good.test"), 60000, &decision));
    RETURNS(MTASTS_ERR_FORKED, mtasts_resolver_start(resolver, buf, sizeof buf));
    CHECK(decision == NULL);
    mtasts_resolver_free(resolver);
    /* What the parent's threads had is nobody's in this process: a check for leaks at its exit would
       report that. */
    kill(getpid(), SIGKILL);
}

static void used(mtasts_resolver *resolver)
{
    look_up(resolver);
    mtasts_resolver_free(resolver);
}

int main(int argc, char **argv)
{
    mtasts_resolver *resolver, *unused;
    mtasts_resolver_options *options = NULL;
    pthread_t threads[4];
    sigset_t before, after;
    char buf[400] = "";
    CHECK(argc == 5);

    resolver = make(argv);
    unused = make(argv);
    in_child(used, unused);

    CHECK(pthread_sigmask(SIG_SETMASK, NULL, &before) == 0);
    for (size_t i = 0; i < 4; i++)
        CHECK(pthread_create(&threads[i], NULL, thread, resolver) == 0);
    for (size_t i = 0; i < 4; i++)
        CHECK(pthread_join(threads[i], NULL) == 0);
    look_up(resolver);
    CHECK(pthread_sigmask(SIG_SETMASK, NULL, &after) == 0);
    for (int signal = 1; signal < 32; signal++)
        CHECK(sigismember(&before, signal) == sigismember(&after, signal));
    in_child(refused, resolver);
    look_up(resolver);
    mtasts_resolver_free(resolver);

    /* What the other one kept is found in the file that they share. */
    look_up(unused);
    mtasts_resolver_free(unused);

    OK(mtasts_resolver_options_new(&options));
    RETURNS(MTASTS_ERR_RESOLVER_SERVER, mtasts_resolver_options_add_dns_server(options, TEXT("a b")));
    RETURNS(MTASTS_ERR_RESOLVER_NETWORK, mtasts_resolver_options_allow_network(options, TEXT("10/8/8")));
    OK(mtasts_resolver_options_add_ca_file(options, TEXT("/nonexistent/ca.pem")));
    OK(mtasts_resolver_options_set_system_roots(options, 0));
    OK(mtasts_resolver_new(options, &resolver));
    RETURNS(MTASTS_ERR_RESOLVER_TRUST, mtasts_resolver_start(resolver, buf, sizeof buf));
    CHECK(strstr(buf, "/nonexistent/ca.pem") != NULL);
    mtasts_resolver_free(resolver);
    mtasts_resolver_options_free(options);
    return 0;
}
