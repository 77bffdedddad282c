/*
 * Asks a running mtasts daemon what to do with mail for a domain: the blocking way.
 *
 *     cc -o ask ask.c $(pkg-config --cflags --libs mtasts)
 *     ./ask 127.0.0.1:8461 example.com mx1.example.com
 *
 * Exit code: 0 deliver (to the MX hosts that are not refused), 75 (EX_TEMPFAIL) hold the mail, 64 usage.
 */
#include <mtasts.h>

#include <stdio.h>
#include <string.h>

enum { DELIVER = 0, USAGE = 64, HOLD = 75 };

/* What is known before a connection is made: whether the policy names the host. */
static void judge_by_name(const mtasts_decision *decision, const char *host)
{
    int32_t matches;
    if (mtasts_decision_matches(decision, host, strlen(host), &matches) < 0)
        return;
    printf("%s: %s\n", host, matches ? "named by the policy, needs a valid certificate" : "refused");
}

int main(int argc, char **argv)
{
    mtasts_client *client = NULL;
    mtasts_decision *decision = NULL;
    char why[500];
    int result = HOLD;
    int32_t code;

    if (argc < 3) {
        fprintf(stderr, "usage: %s ADDRESS DOMAIN [MX-HOST]...\n", argv[0]);
        return USAGE;
    }
    code = mtasts_client_new(argv[1], strlen(argv[1]), &client);
    if (code < 0) {
        fprintf(stderr, "%s: %s\n", argv[1], mtasts_error_message(code));
        return USAGE;
    }
    mtasts_client_set_timeout_ms(client, 30000);

    /* Without an answer nobody knows whether the domain demands TLS, so mail waits. */
    code = mtasts_client_lookup_why(client, argv[2], strlen(argv[2]), &decision, why, sizeof why);
    if (code < 0) {
        fprintf(stderr, "%s: %s\n", argv[2], code <= MTASTS_ERR_CLIENT_ADDRESS ? why : mtasts_error_message(code));
        mtasts_client_free(client);
        return HOLD;
    }

    if (mtasts_decision_explain(decision, 0, why, sizeof why, NULL) == MTASTS_OK)
        printf("%s: %s\n", argv[2], why);
    switch (mtasts_decision_action(decision)) {
    case MTASTS_ACTION_ENFORCE:
        for (int i = 3; i < argc; i++)
            judge_by_name(decision, argv[i]);
        result = DELIVER;
        break;
    case MTASTS_ACTION_TESTING:
    case MTASTS_ACTION_NONE:
    case MTASTS_ACTION_NO_POLICY:
        result = DELIVER;
        break;
    case MTASTS_ACTION_TEMP_FAIL:
    default: /* A later version may know more actions. What is not known is no permission. */
        result = HOLD;
        break;
    }
    mtasts_decision_free(decision);
    mtasts_client_free(client);
    return result;
}
