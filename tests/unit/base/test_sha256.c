/* SHA-256, compared with the values in the standard. */
#include <check.h>

#include "base/sha256.h"
#include "unit/suites.h"

START_TEST(test_known)
{
	char		hex[SHA256_SIZE];

	sha256_hex("", 0, hex);
	ck_assert_str_eq(hex, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	sha256_hex("abc", 3, hex);
	ck_assert_str_eq(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}
END_TEST

START_TEST(test_chain)
{
	char		first[SHA256_SIZE];
	char		history_sum[SHA256_SIZE];
	char		both[SHA256_SIZE];

	sha256_history("", "a", first);
	sha256_history(first, "b", history_sum);
	ck_assert_str_ne(history_sum, first);

	/* In place, it comes to the same. */
	sha256_history("", "a", both);
	sha256_history(both, "b", both);
	ck_assert_str_eq(both, history_sum);
}
END_TEST

Suite *
sha256_suite(void)
{
	Suite	   *suite = suite_create("sha256");
	TCase	   *tcase = tcase_create("checksum");

	tcase_add_test(tcase, test_known);
	tcase_add_test(tcase, test_chain);
	suite_add_tcase(suite, tcase);
	return suite;
}
