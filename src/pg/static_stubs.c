/*
 * Stubs for functions that libpq.a refers to but that a static program cannot have: Kerberos, for which Debian has no
 * static library, and LDAP lookup of connection parameters. Each stub fails, so libpq reports that the method is not
 * available, or uses another one.
 *
 * The declarations are only as exact as the linker needs, to avoid a dependency on the libraries' headers.
 */
#include <stddef.h>

#include "base/banned.h"

#define GSS_FAILURE 0x000d0000u /* GSS_S_FAILURE: no more specific reason */
#define LDAP_LOCAL_FAILURE 82	/* LDAP_LOCAL_ERROR */

#define GSS_STUB(name) \
	unsigned name(void); \
	unsigned name(void) { return GSS_FAILURE; }

#define LDAP_STUB(name) \
	int name(void); \
	int name(void) { return LDAP_LOCAL_FAILURE; }

#define LDAP_STUB_NULL(name) \
	void *name(void); \
	void *name(void) { return NULL; }

extern void *GSS_C_NT_HOSTBASED_SERVICE;
void	   *GSS_C_NT_HOSTBASED_SERVICE = NULL;

GSS_STUB(gss_acquire_cred)
GSS_STUB(gss_delete_sec_context)
GSS_STUB(gss_display_status)
GSS_STUB(gss_import_name)
GSS_STUB(gss_init_sec_context)
GSS_STUB(gss_release_buffer)
GSS_STUB(gss_release_cred)
GSS_STUB(gss_release_name)
GSS_STUB(gss_unwrap)
GSS_STUB(gss_wrap)
GSS_STUB(gss_wrap_size_limit)

const char *ldap_err2string(int code);

const char *
ldap_err2string(int code)
{
	(void) code;
	return "LDAP is not built in";
}

LDAP_STUB(ldap_count_entries)
LDAP_STUB(ldap_msgfree)
LDAP_STUB(ldap_result)
LDAP_STUB(ldap_search_st)
LDAP_STUB(ldap_set_option)
LDAP_STUB(ldap_simple_bind)
LDAP_STUB(ldap_unbind)
LDAP_STUB(ldap_value_free_len)
LDAP_STUB_NULL(ldap_first_entry)
LDAP_STUB_NULL(ldap_get_values_len)
LDAP_STUB_NULL(ldap_init)
