/* Access privileges: what differs from the default. */
#include <check.h>
#include <string.h>

#include "base/arena.h"
#include "schema/acl.h"
#include "unit/suites.h"

#include "base/banned.h"

#define SEVEN "delete, insert, references, select, trigger, truncate, update"

/* The object's owner is "me". `says` has a line for each role, "PUBLIC" for "". */
static const struct {
	char		type;
	const char *acl;
	const char *says;
}			cases[] = {
	{'r', "{}", "me: none\n"},
	{'r', "{me=arwdDxt/me}", ""},
	{'r', "{me=arwdDxtm/me}", ""},
	{'r', "{me=arwdDxt/me,apache=arwd/me}", "apache: delete, insert, select, update\n"},
	/* the order and the grantor mean nothing, and two grants to a role are one */
	{'r', "{apache=r/other,me=arwdDxt/me,apache=w/me}", "apache: select, update\n"},
	{'r', "{me=arwdDxt/me,=r/me}", "PUBLIC: select\n"},
	{'r', "{me=ar/me}", "me: insert, select\n"},
	{'r', "{me=ar*wdDxtm/me}", "me: delete, insert, references, select with grant option, trigger, truncate, update\n"},
	{'r', "{me=arwdDxt/me,a=a*r*/me}", "a: insert with grant option, select with grant option\n"},
	/* MAINTAIN is told only without one of the others */
	{'r', "{me=arwdDxtm/me,a=arwdDxtm/me,b=arwdDxt/me,c=m/me,d=arwdDxm*/me}",
	"a: " SEVEN "\nb: " SEVEN "\nc: maintain\n"
	"d: delete, insert, maintain with grant option, references, select, truncate, update\n"},
	/* names */
	{'r', "{me=arwdDxt/me,\"\\\"my role\\\"=r/me\"}", "my role: select\n"},
	{'r', "{me=arwdDxt/me,\"\\\"a\\\"\\\"b=/,}\\\\\\\"=r/me\"}", "a\"b=/,}\\: select\n"},
	{'r', "{me=arwdDxt/me,Me=r/me,17000=w/me}", "17000: update\nMe: select\n"},
	/* the other types */
	{'s', "{me=rwU/me}", ""},
	{'s', "{me=rwU/me,a=U/me}", "a: usage\n"},
	{'f', "{=X/me,me=X/me}", ""},
	{'f', "{me=X/me}", "PUBLIC: none\n"},
	{'f', "{}", "PUBLIC: none\nme: none\n"},
	{'l', "{me=U/me}", "PUBLIC: none\n"},
	{'T', "{=U/me,me=U/me,a=U*/me}", "a: usage with grant option\n"},
	{'n', "{me=UC/me,=U/me}", "PUBLIC: usage\n"},
	{'d', "{=Tc/me,me=CTc/me}", ""},
	{'d', "{=c/me,me=CTc/me}", "PUBLIC: connect\n"},
	{'F', "{me=U/me}", ""},
	{'S', "{me=U/me,a=U/me}", "a: usage\n"},
	{'c', "{}", ""},
	{'c', "{a=arwx/me}", "a: insert, references, select, update\n"},
	/* what is not understood */
	{'r', "{me=arq/me}", NULL},
	{'r', "{me}", NULL},
	{'r', "me=r/me", NULL},
	{'r', "{me=r/me", NULL},
};

START_TEST(differs)
{
	struct arena arena = {0};
	struct acl	acl;
	struct acl	usual;
	struct acl	differing;

	if (!cases[_i].says)
		ck_assert(!acl_parse(&arena, cases[_i].acl, &acl));
	else {
		const char *says = "";

		ck_assert(acl_parse(&arena, cases[_i].acl, &acl));
		acl_default(&arena, cases[_i].type, "me", &usual);
		acl_differing(&arena, &acl, &usual, &differing);
		for (size_t i = 0; i < differing.count; i++)
			says = arena_format(&arena, "%s%s: %s\n", says,
								*differing.entries[i].role ? differing.entries[i].role : "PUBLIC",
								acl_words(&arena, &differing.entries[i]));
		ck_assert_str_eq(says, cases[_i].says);
	}
	arena_clear(&arena);
}
END_TEST

Suite *
acl_suite(void)
{
	Suite	   *suite = suite_create("acl");
	TCase	   *test = tcase_create("cases");

	tcase_add_loop_test(test, differs, 0, (int) (sizeof(cases) / sizeof(*cases)));
	suite_add_tcase(suite, test);
	return suite;
}
