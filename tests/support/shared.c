/* Memory shared with forked tests. */
#include "support/shared.h"

#include <check.h>
#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "base/banned.h"

void *
shared_new(size_t size)
{
	/* cppcheck knows no mapping without a file, which is what the -1 is for. */
	/* cppcheck-suppress invalidFunctionArg */
	void	   *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		ck_abort_msg("could not share memory: %s", strerror(errno));
	return memory;
}
