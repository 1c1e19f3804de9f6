/*
 * image.h - the whole content of a database as text: a refused command must not change it.
 */
#ifndef IMAGE_H
#define IMAGE_H

/*
 * image_take - catalogs, privileges, rows and sequences of a database of the main server. Rows say which transaction
 * has written them, so that writing the same again is a difference. The caller frees it.
 */
char	   *image_take(const char *database);

/* image_expect - it must still be as it was; frees `before`. */
void		image_expect(const char *database, char *before);

#endif
