/*
 * ownership_transfer.h - what comes before the first migration: objects that a superuser has left, and privileges of
 * others.
 */
#ifndef OWNERSHIP_TRANSFER_H
#define OWNERSHIP_TRANSFER_H

#include <stdbool.h>

#include "migrate/loss_guard.h"
#include "migrate/privileges.h"
#include "pg/session.h"

/*
 * ownership_transfer_run - change the owners in one transaction, trying again where a lock could not be had in time,
 * and say so. False, and reported, when that could not be done.
 */
bool		ownership_transfer_run(struct session *session, const struct privileges *ownership);

/*
 * ownership_transfer_grants - where an untrusted role may create triggers (untrusted.h), run grants.sql before
 * anything else, in a transaction of its own, trying again likewise. False, and reported, when that could not be done,
 * or would destroy what is not in the consent.
 */
bool		ownership_transfer_grants(struct session *session, struct loss_guard_consent *consent);

/*
 * ownership_transfer_compose, ownership_transfer_compose_grants - those transactions up to before COMMIT, without
 * settings.
 */
void		ownership_transfer_compose(struct pipeline *pipeline, const struct privileges *ownership);
void		ownership_transfer_compose_grants(struct pipeline *pipeline, const struct session *session,
											  const struct loss_guard *guard);

#endif
