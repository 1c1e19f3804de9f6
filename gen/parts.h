/*
 * parts.h - split the statements of a down section so that each drops one object.
 *
 * A downgrade can then leave one object alone and drop the next one, and migrations/SCHEMA says of each statement which
 * objects it drops. The file, and so its checksum, remains as it is.
 */
#ifndef PARTS_H
#define PARTS_H

#include "history/history.h"
#include "source.h"

/*
 * parts_split - replace each statement of the section that drops several objects by one for each object, in their
 * order. The section's statements are complete and without errors.
 *
 *   DROP TABLE IF EXISTS a, b CASCADE          each name, with what stands before the first and after the last one
 *   ALTER TABLE t DROP a, DROP CONSTRAINT b    each action; also of a foreign table and a composite type,
 *   ALTER TABLE t ALTER a DROP NOT NULL, ...   and what is dropped of a column
 *   ALTER TABLE t ADD c text, DROP a           DROP a first, as the server does; then one statement for the others
 *
 * The last form is not split in a transaction:false section, where a part might not be repeatable, nor if an action
 * has USING, which may read a column that another one drops. Nor is an ALTER that alters one column twice, nor DROP
 * INDEX CONCURRENTLY.
 *
 * A part has a text of its own; its offset, length and line are those of its own words, without the common ones.
 */
void		parts_split(const struct source_input *input, struct history_section *section);

#endif
