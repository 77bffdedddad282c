/*
 * Calls a function of libmtasts_exim.so as Exim does: call MODULE FUNCTION [ARGUMENT]...
 *
 * Writes the number that is returned, a space, and what Exim would use or log. A second call with the
 * same arguments must say the same.
 */
#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

typedef int function(unsigned char **yield, int argc, unsigned char *argv[]);

int main(int argc, char **argv)
{
    unsigned char *yield = NULL;
    char first[100000];
    void *module, *symbol;
    function *called;
    int result;

    if (argc < 3)
        return 64;
    module = dlopen(argv[1], RTLD_LAZY);
    symbol = module != NULL ? dlsym(module, argv[2]) : NULL;
    if (symbol == NULL) {
        fprintf(stderr, "%s\n", dlerror());
        return 1;
    }
    memcpy(&called, &symbol, sizeof called);

    result = called(&yield, argc - 3, (unsigned char **)(argv + 3));
    snprintf(first, sizeof first, "%d %s", result, yield != NULL ? (char *)yield : "NULL");
    puts(first);
    yield = NULL;
    if (called(&yield, argc - 3, (unsigned char **)(argv + 3)) != result
        || strcmp(first + 2, yield != NULL ? (char *)yield : "NULL") != 0) {
        fprintf(stderr, "the second call says: %s\n", yield != NULL ? (char *)yield : "NULL");
        return 1;
    }
    return 0;
}
