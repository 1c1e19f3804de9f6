/*
 * fail.c - linked into build/fitsdb-schema-oom in place of malloc and its kin, for libpq, OpenSSL, jansson and the C
 * library as well: the environment variable FAIL_ALLOCATION says which allocation finds no memory.
 *
 *   FAIL_ALLOCATION=17     the 17th, counted from main on
 *   FAIL_ALLOCATION=17+    that one and all after it
 *   FAIL_ALLOCATION=0      none; how many there were is written to stderr at the end
 *
 * But for what __nss_configure_lookup takes, which is neither failed nor counted: for want of memory glibc (2.36)
 * itself crashes there. nss_database_check_reload_and_get uses the state that it could not allocate (SIGSEGV), and
 * nss_database_reload asserts that it could read a line of nsswitch.conf (SIGABRT); there is no other way to tell a
 * static program to load no modules. The program sees to it that there is some memory before it calls it.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/*
 * The functions that are called instead, and the real ones. The linker defines the names (--wrap), reserved or not.
 * NOLINTBEGIN(bugprone-reserved-identifier,cert-dcl*)
 */
void	   *__wrap_malloc(size_t size);
void	   *__wrap_calloc(size_t count, size_t size);
void	   *__wrap_realloc(void *memory, size_t size);
int			__wrap_posix_memalign(void **memory, size_t alignment, size_t size);
int			__wrap___nss_configure_lookup(const char *database, const char *services);
void	   *__real_malloc(size_t size);
void	   *__real_calloc(size_t count, size_t size);
void	   *__real_realloc(void *memory, size_t size);
int			__real_posix_memalign(void **memory, size_t alignment, size_t size);
int			__real___nss_configure_lookup(const char *database, const char *services);

static bool armed;
static bool from_then_on;
static unsigned long chosen;
static unsigned long counted;

static void
tell_count(void)
{
	char		line[64];
	int			length = snprintf(line, sizeof(line), "allocations: %lu\n", counted);

	if (write(STDERR_FILENO, line, (size_t) length) < 0)
		_exit(2);
}

static void __attribute__((constructor))
arm(void)
{
	const char *wanted = getenv("FAIL_ALLOCATION");
	char	   *end;

	if (!wanted)
		return;
	chosen = strtoul(wanted, &end, 10);
	from_then_on = *end == '+';
	if (chosen == 0)
		atexit(tell_count);
	armed = true;
}

static bool
fails(void)
{
	if (!armed)
		return false;
	counted++;
	if (chosen == 0 || (from_then_on ? counted < chosen : counted != chosen))
		return false;
	errno = ENOMEM;
	return true;
}

void *
__wrap_malloc(size_t size)
{
	return fails() ? NULL : __real_malloc(size);
}

void *
__wrap_calloc(size_t count, size_t size)
{
	return fails() ? NULL : __real_calloc(count, size);
}

void *
__wrap_realloc(void *memory, size_t size)
{
	return fails() ? NULL : __real_realloc(memory, size);
}

int
__wrap_posix_memalign(void **memory, size_t alignment, size_t size)
{
	return fails() ? ENOMEM : __real_posix_memalign(memory, alignment, size);
}

int
__wrap___nss_configure_lookup(const char *database, const char *services)
{
	bool		before = armed;
	int			result;

	armed = false;
	result = __real___nss_configure_lookup(database, services);
	armed = before;
	return result;
}

/* NOLINTEND(bugprone-reserved-identifier,cert-dcl*) */
