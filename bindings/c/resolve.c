/*
 * Finds a domain's policy with a poll loop of its own: the engine says what to do, this program does it.
 * DNS goes over a UDP socket, with messages that libmtasts writes and reads. HTTPS is left to curl, whose
 * output is one more file descriptor; a mail server would use its own TLS library here.
 *
 *     cc -o resolve resolve.c $(pkg-config --cflags --libs mtasts)
 *     ./resolve 127.0.0.1 53 example.com [CURL-OPTION]...
 *
 * A real host keeps its engine, serves many lookups at a time, asks again over TCP when an answer was cut
 * short, and keeps policies (MTASTS_CONFIG_STORE).
 */
#define _DEFAULT_SOURCE
#include <mtasts.h>

#include <arpa/inet.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static mtasts_engine *engine;

/* The query and the fetch under way: with one domain, there is one of each at most. */
static struct { int fd; uint32_t request; uint16_t id; mtasts_dns_question *question; } dns;
static struct { int fd; uint32_t request; pid_t curl; char data[70000]; size_t len; } fetch = { .fd = -1 };
static char **curl_options;

static uint64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static void check(int32_t code, const char *what)
{
    if (code >= 0)
        return;
    fprintf(stderr, "%s: %s\n", what, mtasts_error_message(code));
    exit(1);
}

static void send_query(const mtasts_output *output)
{
    const char *name;
    size_t len;
    unsigned char message[512];
    check(mtasts_output_request(output, &dns.request), "request");
    check(mtasts_output_name(output, &name, &len), "name");
    mtasts_dns_question_free(dns.question);
    check(mtasts_dns_question_new(name, len, MTASTS_DNS_TXT, &dns.question), "question");
    if (getentropy(&dns.id, sizeof dns.id) < 0) /* nobody must guess it */
        exit(1);
    check(mtasts_dns_encode(dns.question, dns.id, MTASTS_EDNS_ON, message, sizeof message, &len), "query");
    if (send(dns.fd, message, len, 0) < 0)
        mtasts_engine_txt_failed(engine, dns.request, MTASTS_ERR_DNS_FAILED, "send", 4, now_ms());
}

static void receive_answer(void)
{
    unsigned char message[1500];
    mtasts_dns_answer *answer = NULL;
    ssize_t len = recv(dns.fd, message, sizeof message, 0);
    if (len < 0)
        mtasts_engine_txt_failed(engine, dns.request, MTASTS_ERR_DNS_FAILED, "recv", 4, now_ms());
    else if (mtasts_dns_decode(dns.question, dns.id, message, (size_t)len, &answer) != MTASTS_OK)
        return; /* Not ours, or garbage: go on waiting. The engine knows until when. */
    else if (mtasts_dns_answer_is_truncated(answer) == 1)
        mtasts_engine_txt_failed(engine, dns.request, MTASTS_ERR_DNS_FAILED, "truncated", 9, now_ms());
    else
        mtasts_engine_txt_decoded(engine, dns.request, answer, now_ms());
    mtasts_dns_answer_free(answer);
}

static void start_fetch(const mtasts_output *output)
{
    const char *host, *path;
    size_t host_len, path_len, max;
    char url[600], limit[30];
    int ends[2]; /* of a pipe from curl */
    check(mtasts_output_request(output, &fetch.request), "request");
    check(mtasts_output_host(output, &host, &host_len), "host");
    check(mtasts_output_path(output, &path, &path_len), "path");
    check(mtasts_output_max_bytes(output, &max), "max_bytes");
    snprintf(url, sizeof url, "https://%.*s%.*s", (int)host_len, host, (int)path_len, path);
    snprintf(limit, sizeof limit, "%zu", max);
    if (pipe(ends) < 0 || (fetch.curl = fork()) < 0)
        exit(1);
    if (fetch.curl == 0) {
        /* Body, then a line with the status and the media type. Redirects are not followed. */
        char *arguments[64] = { "curl", "--silent", "--proto", "=https", "--max-time", "60", "--max-filesize", limit,
                                "--write-out", "\n%{http_code} %{content_type}", "--url", url };
        for (size_t i = 0; curl_options[i] != NULL && i < 50; i++)
            arguments[12 + i] = curl_options[i];
        dup2(ends[1], STDOUT_FILENO);
        close(ends[0]);
        execvp(arguments[0], arguments);
        _exit(127);
    }
    close(ends[1]);
    fetch.fd = ends[0];
    fetch.len = 0;
}

/* What curl's exit codes mean to the engine. */
static int32_t failure(int code)
{
    return code == 6 ? MTASTS_ERR_FETCH_NO_ADDRESS : code == 7 ? MTASTS_ERR_FETCH_CONNECT
         : code == 18 ? MTASTS_ERR_FETCH_TRUNCATED : code == 28 ? MTASTS_ERR_FETCH_TIMEOUT
         : code == 35 ? MTASTS_ERR_FETCH_TLS_HANDSHAKE : code == 60 ? MTASTS_ERR_FETCH_TLS_CERTIFICATE
         : code == 63 ? MTASTS_ERR_FETCH_TOO_LARGE : MTASTS_ERR_FETCH_HTTP;
}

static void end_fetch(void)
{
    int status, http = 0;
    char detail[40], type[100] = "";
    size_t body = fetch.len;
    close(fetch.fd);
    waitpid(fetch.curl, &status, 0);
    fetch.fd = -1;
    fetch.data[fetch.len] = '\0';
    while (body > 0 && fetch.data[--body] != '\n') {}
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
        int code = WIFEXITED(status) ? WEXITSTATUS(status) : 127;
        snprintf(detail, sizeof detail, "curl ends with %d", code);
        mtasts_engine_fetch_failed(engine, fetch.request, failure(code), detail, strlen(detail), now_ms());
    } else if (sscanf(fetch.data + body, "\n%d %99[^\n]", &http, type) >= 1) {
        mtasts_engine_fetch_answer(engine, fetch.request, (uint16_t)http, *type ? type : NULL, strlen(type),
                                   fetch.data, body, now_ms());
    }
}

/* Reads what curl has written. */
static void receive_policy(void)
{
    ssize_t len = read(fetch.fd, fetch.data + fetch.len, sizeof fetch.data - 1 - fetch.len);
    fetch.len += len > 0 ? (size_t)len : 0;
    if (len <= 0)
        end_fetch();
}

/* Prints the answer. Its exit code says whether mail has to wait. */
static int show(const mtasts_output *output)
{
    const mtasts_decision *decision;
    char text[2000];
    check(mtasts_output_decision(output, &decision), "decision");
    check(mtasts_decision_explain(decision, now_ms(), text, sizeof text, NULL), "explanation");
    puts(text);
    check(mtasts_decision_render(decision, MTASTS_FORMAT_POSTFIX, NULL, 0, text, sizeof text, NULL), "reply");
    puts(text);
    return mtasts_decision_action(decision) == MTASTS_ACTION_TEMP_FAIL ? 75 : 0;
}

int main(int argc, char **argv)
{
    struct sockaddr_in server = { .sin_family = AF_INET };
    int result = -1; /* none yet */
    if (argc < 4 || inet_pton(AF_INET, argv[1], &server.sin_addr) != 1) {
        fprintf(stderr, "usage: %s DNS-SERVER PORT DOMAIN [CURL-OPTION]...\n", argv[0]);
        return 64;
    }
    curl_options = argv + 4;
    server.sin_port = htons((uint16_t)atoi(argv[2]));
    dns.fd = socket(AF_INET, SOCK_DGRAM, 0);
    if (dns.fd < 0 || connect(dns.fd, (struct sockaddr *)&server, sizeof server) < 0)
        return perror(argv[1]), 1;
    check(mtasts_engine_new(NULL, &engine), "engine");
    check(mtasts_engine_resolve(engine, 1, argv[3], strlen(argv[3]), now_ms() + 30000, now_ms()), argv[3]);
    while (result < 0) {
        const mtasts_output *output;
        uint64_t at, now;
        check(mtasts_engine_poll_output(engine, &output), "output");
        if (output != NULL) {
            switch (mtasts_output_kind(output)) {
            case MTASTS_OUTPUT_QUERY_TXT: send_query(output); break;
            case MTASTS_OUTPUT_FETCH_POLICY: start_fetch(output); break;
            case MTASTS_OUTPUT_ANSWER: result = show(output); break;
            }
            continue;
        }
        struct pollfd fds[] = { { .fd = dns.fd, .events = POLLIN }, { .fd = fetch.fd, .events = POLLIN } };
        now = now_ms();
        check(mtasts_engine_poll_timeout(engine, &at, NULL), "timeout");
        poll(fds, 2, at <= now ? 0 : at - now < 60000 ? (int)(at - now) : 60000);
        if (fds[0].revents != 0)
            receive_answer();
        if (fetch.fd >= 0 && fds[1].revents != 0)
            receive_policy();
        check(mtasts_engine_handle_timeout(engine, now_ms()), "timeout");
    }
    mtasts_dns_question_free(dns.question);
    mtasts_engine_free(engine);
    return result;
}
