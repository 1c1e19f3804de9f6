/* Facts about privileges. */
#include "schema/live_private.h"

#include "base/banned.h"

void
live_privileges(struct live_reader *reader, char type, const char *on, unsigned owner, const char *acl)
{
	(void) reader;
	(void) type;
	(void) on;
	(void) owner;
	(void) acl;
}
