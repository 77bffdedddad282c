/* The client against the server whose address is the argument; it answers as the test's other side says. */
#include "check.h"

#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    mtasts_client *client = NULL;
    mtasts_decision *decision = NULL;
    const char *text;
    size_t len;
    int32_t code, result, matches;
    uint64_t at;
    char buf[1000];
    CHECK(argc == 3);
    OK(mtasts_client_new(TEXT(argv[1]), &client));
    OK(mtasts_client_set_timeout_ms(client, 30000));

    OK(mtasts_client_lookup(client, TEXT("enforce.example"), &decision));
    RETURNS(MTASTS_ACTION_ENFORCE, mtasts_decision_action(decision));
    RETURNS(MTASTS_SOURCE_CACHED, mtasts_decision_source(decision));
    OK(mtasts_decision_id(decision, &text, &len));
    CHECK(is_text(text, len, "a1"));
    OK(mtasts_decision_fetched_at(decision, &at));
    CHECK(at == 1000000);
    OK(mtasts_decision_matches(decision, TEXT("mx.enforce.example"), &matches));
    CHECK(matches == 1);
    /* The failure is in the daemon's words. */
    OK(mtasts_decision_failure(decision, &code));
    CHECK(code == MTASTS_ERR_FETCH_TLS_EXPIRED);
    OK(mtasts_decision_failure_text(decision, buf, sizeof buf, NULL));
    CHECK(strcmp(buf, "TLS: the certificate has expired (192.0.2.1)") == 0);
    OK(mtasts_decision_failure_at(decision, &at));
    CHECK(at == 1500000);
    OK(mtasts_decision_discovery_result(decision, &result));
    CHECK(result == MTASTS_RESULT_STS_WEBPKI_INVALID);
    OK(mtasts_decision_explain(decision, 0, buf, sizeof buf, NULL));
    CHECK(strcmp(buf, "as the daemon says") == 0);
    OK(mtasts_decision_json(decision, NULL, 0, 0, buf, sizeof buf, NULL));
    CHECK(strstr(buf, "\"explanation\":\"as the daemon says\"") != NULL);
    mtasts_decision_free(decision);

    OK(mtasts_client_lookup(client, TEXT("[192.0.2.1]"), &decision));
    RETURNS(MTASTS_ACTION_NO_POLICY, mtasts_decision_action(decision));
    mtasts_decision_free(decision);
    decision = NULL;

    strcpy(buf, "untouched");
    RETURNS(MTASTS_ERR_CLIENT_TEMPORARY, mtasts_client_lookup(client, TEXT("temp.example"), &decision));
    RETURNS(MTASTS_ERR_CLIENT_REFUSED, mtasts_client_lookup_why(client, TEXT("perm.example"), &decision, buf, sizeof buf));
    CHECK(strcmp(buf, "the daemon refuses the question: no such map") == 0);
    RETURNS(MTASTS_ERR_CLIENT_REFUSED, mtasts_client_lookup_why(client, TEXT("perm.example"), &decision, buf, 11));
    CHECK(strcmp(buf, "the daemon") == 0);
    RETURNS(MTASTS_ERR_CLIENT_PROTOCOL, mtasts_client_lookup(client, TEXT("smtp.example"), &decision));
    RETURNS(MTASTS_ERR_CLIENT_CLOSED, mtasts_client_lookup(client, TEXT("close.example"), &decision));
    RETURNS(MTASTS_ERR_CLIENT_ANSWER, mtasts_client_lookup(client, TEXT("version.example"), &decision));
    OK(mtasts_client_set_timeout_ms(client, 1));
    RETURNS(MTASTS_ERR_CLIENT_TIMEOUT, mtasts_client_lookup(client, TEXT("silent.example"), &decision));
    CHECK(decision == NULL);
    OK(mtasts_client_set_timeout_ms(client, 30000));

    /* A child of fork() may go on using it. */
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        OK(mtasts_client_lookup(client, TEXT("enforce.example"), &decision));
        mtasts_decision_free(decision);
        mtasts_client_free(client);
        return 0;
    }
    int status;
    CHECK(waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0);
    mtasts_client_free(client);

    /* Nobody listens there. */
    OK(mtasts_client_new(TEXT(argv[2]), &client));
    RETURNS(MTASTS_ERR_CLIENT_CONNECT, mtasts_client_lookup_why(client, TEXT("enforce.example"), &decision, buf, sizeof buf));
    CHECK(strstr(buf, "cannot be reached") != NULL);
    mtasts_client_free(client);
    return 0;
}
