/*
 * Stand-ins for what libpq.a refers to and a static program cannot have: Kerberos (Debian has no static library for it)
 * and the look-up of connection parameters by LDAP. Each fails cleanly, so that libpq says that the method is not
 * available, and goes on by another where there is one.
 *
 * The declarations are ours and only as exact as the linker needs them: the libraries' own headers would be one more
 * package to install, for nothing.
 */
#include <stddef.h>

#include "base/banned.h"

#define GSS_FAILURE 0x000d0000u /* GSS_S_FAILURE: no more specific reason */
#define LDAP_LOCAL_FAILURE 82	/* LDAP_LOCAL_ERROR */

#define GSS_STAND_IN(name) \
	unsigned name(void); \
	unsigned name(void) { return GSS_FAILURE; }

#define LDAP_STAND_IN(name) \
	int name(void); \
	int name(void) { return LDAP_LOCAL_FAILURE; }

#define LDAP_STAND_IN_NULL(name) \
	void *name(void); \
	void *name(void) { return NULL; }

extern void *GSS_C_NT_HOSTBASED_SERVICE;
void	   *GSS_C_NT_HOSTBASED_SERVICE = NULL;

GSS_STAND_IN(gss_acquire_cred)
GSS_STAND_IN(gss_delete_sec_context)
GSS_STAND_IN(gss_display_status)
GSS_STAND_IN(gss_import_name)
GSS_STAND_IN(gss_init_sec_context)
GSS_STAND_IN(gss_release_buffer)
GSS_STAND_IN(gss_release_cred)
GSS_STAND_IN(gss_release_name)
GSS_STAND_IN(gss_unwrap)
GSS_STAND_IN(gss_wrap)
GSS_STAND_IN(gss_wrap_size_limit)

const char *ldap_err2string(int code);

const char *
ldap_err2string(int code)
{
	(void) code;
	return "LDAP is not built in";
}

LDAP_STAND_IN(ldap_count_entries)
LDAP_STAND_IN(ldap_msgfree)
LDAP_STAND_IN(ldap_result)
LDAP_STAND_IN(ldap_search_st)
LDAP_STAND_IN(ldap_set_option)
LDAP_STAND_IN(ldap_simple_bind)
LDAP_STAND_IN(ldap_unbind)
LDAP_STAND_IN(ldap_value_free_len)
LDAP_STAND_IN_NULL(ldap_first_entry)
LDAP_STAND_IN_NULL(ldap_get_values_len)
LDAP_STAND_IN_NULL(ldap_init)
