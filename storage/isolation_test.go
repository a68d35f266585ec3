package storage_test

import (
	"context"
	"errors"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/storage/internal/db"
	"github.com/privacy-docket/docket/storage/storagetest"
)

// picks says which of a tenant's rows in a table the arguments are taken from, where there is more than one.
func picks() map[string]string {
	return map[string]string{
		"cases": "assignee_id IS NOT NULL", "case_transitions": "key = 'proven'", "messages": "audience = 'subject'",
		"subject_identities": "kind = 'email'", "audit_events": "leaf_index IS NULL",
		"workflow_starts": "case_id = (SELECT id FROM cases WHERE tenant_id = $1 AND assignee_id IS NOT NULL)",
	}
}

// fixed are arguments that stand in no column, by method and parameter or by parameter alone. They are SQL over tenant $1.
func fixed() map[string]string {
	const past, future = "'2000-01-01'::timestamptz", "'2100-01-01'::timestamptz"
	const nobody, last = "'00000000-0000-0000-0000-000000000000'::uuid", "'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid"
	const nobodyKnown = "(SELECT account_id FROM staff WHERE tenant_id = $1)"
	const theirs = "SELECT assignee_id FROM cases WHERE tenant_id = $1 AND assignee_id IS NOT NULL"
	const some, texts = "ARRAY[gen_random_uuid()]", "ARRAY['x']"
	const consentPeople = "(SELECT array_agg(id) FROM consent_people WHERE tenant_id = $1)"
	const signUps = "(SELECT array_agg(id) FROM consent_sign_ups WHERE tenant_id = $1)"
	const consentIndexes = "(SELECT array_agg(blind_index) FROM consent_people WHERE tenant_id = $1)"
	return map[string]string{
		"LockConsentPeople.blindIndexes": consentIndexes, "ConsentChecks.BlindIndexes": consentIndexes, "ConsentChecks.Kind": "'email'", "ConsentCheck.Kind": "'email'", "ConsentCheck.Tracking": "0", "ConsentCheck.Channel": "'email'", "ConsentCheck.BlindIndex": "(SELECT blind_index FROM consent_people WHERE tenant_id = $1)", "ConsentChecks.Purposes": "ARRAY[1]", "ConsentChecks.Channel": "'email'",
		"TellConsentPeople.ids": consentPeople, "LinkConsentPeople.ids": consentPeople, "ForgetConsentPeople.ids": consentPeople, "ConsentPeopleAfter.behind": nobody, "ConsentPeopleAfter.most": "10", "ConsentEventsOfPeople.people": consentPeople, "LockConsentsHeld.blindIndexes": consentIndexes,
		"ConsentPeopleNamed.blindIndexes": consentIndexes, "RevokeConsentLinkKey.number": "2", "InsertConsentLinkKey.KeySealed": "'x'::bytea", "InsertConsentLinkKey.Number": "3",
		"InsertConsentPreferences.Frequency": "'any'", "InsertConsentPreferences.How": "'page'", "SetConsentPreferences.Frequency": "'any'", "SetConsentPreferences.Language": "'en'", "InsertConsentPreferences.Language": "'en'",
		"Consents.people": consentPeople, "LockConsentSelves.ids": consentPeople, "ConsentsOfSelves.people": consentPeople,
		"InsertListedSuppressions.Scope": "'marketing'", "SuppressionsOf.kinds": "ARRAY['email']", "SuppressionsOf.blindIndexes": "(SELECT array_agg(blind_index) FROM suppressions WHERE tenant_id = $1 AND kind = 'email')",
		"InsertConsentReceiver.Name": "'x'", "InsertConsentReceiver.Kind": "'http'", "InsertConsentReceiver.Url": "'https://x.example'", "InsertConsentReceiver.Zone": "'UTC'", "InsertConsentReceiver.Backlog": "true",
		"InsertConsentReceiver.Channels": "ARRAY['email']", "UpdateConsentReceiver.Url": "'https://x.example'", "UpdateConsentReceiver.Name": "'x'", "ConsentChanges.FromLeaf": "0", "ConsentChanges.ToLeaf": "100000", "ConsentChanges.FromPosition": "0", "ConsentChanges.ToPosition": "0",
		"ConsentChanges.Channels": "ARRAY['email', 'post']", "ConsentChanges.Purposes": "ARRAY[]::integer[]", "ConsentsOfPeople.people": consentPeople, "ConsentHandovers.open": "true", "ConsentHandovers.ofReceiver": "NULL",
		"StoppedPeople.blindIndexes": consentIndexes, "StoppedBefore.blindIndexes": consentIndexes, "StoppedByList.blindIndexes": consentIndexes, "StoppedByList.fresh": consentIndexes, "InsertConsentStops.People": consentPeople, "InsertConsentStops.Ids": some, "InsertConsentStops.Kind": "'objected'",
		"InsertConsentStops.How": "'list'", "InsertConsentStops.Positions": "ARRAY[0]", "InsertConsentStops.Hashes": "ARRAY[sha256('1')]", "InsertConsentStops.Recorded": past,
		"ConsentReceiversBehind.at": future, "ConsentHandoversToTell.at": future, "MoveConsentReceiver.CountedLeaf": "5", "MoveConsentReceiver.ConfirmedLeaf": "2", "MoveConsentReceiver.LastLeaf": "3",
		"InsertConsentImport.Name": "'x'", "ImportedBefore.sum": "(SELECT sha256 FROM consent_imports WHERE tenant_id = $1)", "ImportedBefore.beside": nobody, "CheckConsentImport.Parts": "1", "CheckConsentImport.Bytes": "1",
		"CheckConsentImport.Sum": "sha256('x')", "RunConsentImport.skip": "false", "EndConsentImport.Problem": "NULL", "ConsentImportCounts.imports": "(SELECT array_agg(id) FROM consent_imports WHERE tenant_id = $1)",
		"InsertConsentImportChunk.Number": "7", "InsertConsentImportFaults.Lines": "ARRAY[7]", "InsertConsentImportFaults.Fields": texts, "InsertConsentImportFaults.Problems": texts,
		"LockConsentImportKeys.iD": nobody, "ConsentImportFaults.most": "10", "ConsentImports.most": "10",
		"LockConsentPersonKeys.iD": nobody, "ConsentsToLookAt.day": "'2100-01-01'::date", "ConsentsDue.day": "'2100-01-01'::date", "ConsentsEnding.First": "'2000-01-01'::date", "ConsentsEnding.first": "'2000-01-01'::date", "ConsentsEnding.behind": "'2100-01-01'::date", "ConsentSignUps.first": "'2000-01-01'::date", "ConsentSignUps.behind": "'2100-01-01'::date", "ConsentSignUps.purpose": "NULL", "ConsentBatchEvent.batch": "(SELECT batch FROM consent_events WHERE tenant_id = $1 LIMIT 1)", "UpdateConsents.People": consentPeople, "InsertConsents.People": consentPeople, "InsertConsentEvents.People": consentPeople,
		"purposes": "ARRAY[1]", "channels": "ARRAY['email']", "requested": "ARRAY[" + past + "]", "given": "ARRAY[" + past + "]", "confirmed": "ARRAY[" + past + "]",
		"withdrawn": "ARRAY[" + past + "]", "implied": "ARRAY['{}'::jsonb]", "last": "ARRAY[" + past + "]", "InsertConsents.Events": "ARRAY[2]", "UpdateConsents.Events": "ARRAY[2]",
		"looks": "ARRAY['2100-01-01'::date]", "InsertConsents.Until": "ARRAY['2100-01-01'::date]", "UpdateConsents.Until": "ARRAY['2100-01-01'::date]",
		"InsertConsentEvents.Ids": some, "InsertConsentEvents.Kinds": "ARRAY['given']", "zones": texts, "InsertConsentEvents.Days": "ARRAY['2100-01-01'::date]", "relations": "ARRAY['']",
		"no_solicitations": "ARRAY[false]", "refusables": "ARRAY[false]", "hows": "ARRAY['api']", "sources": texts, "texts": some, "InsertConsentEvents.Positions": "ARRAY[0]",
		"InsertConsentEvents.Hashes": "ARRAY[sha256('1')]", "InsertConsentEvents.Evidence": "ARRAY['x'::bytea]", "recorded": past,
		"InsertConsentPeople.Ids": some, "InsertConsentPeople.Kinds": "ARRAY['email']", "wrapped_keys": "ARRAY['x'::bytea]", "countries": "ARRAY['CA']", "languages": "ARRAY['en']",
		"InsertSignUp.Entered": "'x'::bytea", "LockSignUps.ids": signUps, "DropSignUps.ids": signUps, "PutOffSignUps.ids": signUps, "SignUpsDue.at": future, "KeepSignUp.Texts": some,
		"SignUpsOfPerson.person": "(SELECT person_id FROM consent_sign_ups WHERE tenant_id = $1 AND person_id IS NOT NULL)", "KeepSignUp.Person": "(SELECT person_id FROM consent_sign_ups WHERE tenant_id = $1 AND person_id IS NOT NULL)",
		"InsertEndingSignUps.People": consentPeople, "InsertEndingSignUps.Ids": some, "KeepSignUp.State": "'asked'", "KeepSignUp.EndedAt": "NULL",
		"EndLimit.ends": future, "KeepAmendmentOrders.orders": "'x'::bytea", "SetDecisionMakers.makers": texts, "SetDecisionMakers.said": future, "BeginSending.at": future, "EndSending.unconfirmed": "true", "RefuseAfterTry.at": future, "RefuseAfterTry.body": "'x'::bytea", "EndTransmission.State": "'refused'", "EndTransmissionLink.Reason": "'expired'", "EndTransmissionLink.reason": "'expired'", "EndTransmissionFetch.Bytes": "1", "EndTransmissionFetch.Whole": "false", "EndTransmissionFetch.Sha256": "NULL", "EndTransmission.Reason": "'not_feasible'", "EndTransmission.Body": "'x'", "EndTransmission.Status": "NULL", "EndTransmission.Bytes": "NULL", "EndTransmission.Sha256": "NULL", "DecideAppeal.State": "'denied'", "DecideAppeal.Explanation": "'x'", "DecideAppeal.explanation": "'x'", "EndCorrection.State": "'written'", "EndCorrection.Rows": "1", "DecideCorrection.State": "'refused'", "DecideCorrection.Reason": "'x'", "SetAmendment.State": "'running'", "SetAmendment.Error": "NULL", "changed": "1", "CountAmended.rowsFound": "1", "Limits.Kind": "NULL",
		"LimitsOnIdentities.Kinds": "ARRAY['email']", "SuppressionsOnIdentities.Kinds": "ARRAY['email']", "LimitsOnIdentities.People": "ARRAY[0]", "SuppressionsOnIdentities.People": "ARRAY[0]", "EndSuppressions.Kinds": "ARRAY['email']", "EndSuppressions.Reason": "'mistake'", "HoldsOnIdentities.kinds": "ARRAY['email']", "EarlierErasureSteps.PlanID": nobody, "EarlierErasureSteps.planID": nobody,
		"Deferrals.AfterState": "'waiting'", "Deferrals.Request": "NULL", "Deferrals.AfterDue": past, "deferral_ids": "(SELECT array_agg(id) FROM deferred_erasures WHERE tenant_id = $1)",
		"HoldsOnDeferred.caseIds":      "(SELECT array_agg(case_id) FROM deferred_erasures WHERE tenant_id = $1)",
		"OpenAccessOnIdentities.kinds": "ARRAY['email']", "ClosedRequestsOnIdentities.kinds": "ARRAY['email']",
		"OpenAccessOnIdentities.blindIndexes":     "(SELECT array_agg(blind_index) FROM subject_identities WHERE tenant_id = $1 AND kind = 'email')",
		"ClosedRequestsOnIdentities.blindIndexes": "(SELECT array_agg(blind_index) FROM subject_identities WHERE tenant_id = $1 AND kind = 'email')",
		"HoldsOnIdentities.blindIndexes":          "(SELECT array_agg(blind_index) FROM subject_identities WHERE tenant_id = $1 AND kind = 'email')",
		"LimitsOnIdentities.BlindIndexes":         "(SELECT array_agg(blind_index) FROM subject_identities WHERE tenant_id = $1 AND kind = 'email')",
		"EndSuppressions.BlindIndexes":            "(SELECT array_agg(blind_index) FROM subject_identities WHERE tenant_id = $1 AND kind = 'email')",
		"SuppressionsOnIdentities.BlindIndexes":   "(SELECT array_agg(blind_index) FROM subject_identities WHERE tenant_id = $1 AND kind = 'email')",
		"Submitted.submission":                    "(SELECT id FROM tenants WHERE id = $1)", "Submitted.iD": nobody,
		"wanted": "10", "RequesterBySecret.secret": "(SELECT secret_hash FROM requesters WHERE tenant_id = $1)", "RequesterBySecret.at": past, "ReplaceRequesterSecret.Secret": "sha256('y')",
		"KeepFiledWords.sealed": "'x'::bytea", "EndCallback.Ended": "'sent'", "EndCallback.Said": "'x'", "EndCallback.Status": "'x'", "SetProcessorCertificate.certificate": "'x'", "SetProcessorCertificate.expires": future, "ForgetCallbacks.endedAt": future,
		"UpdateRequester.Name": "'x'", "InsertRequester.Domain": "'shop.example'", "UpdateRequester.Domain": "'shop.example'", "InsertProcessorKey.KeySealed": "'x'::bytea",
		"MoveRecipientNotice.FromState": "'to_tell'", "MoveRecipientNotice.ToState": "'told'", "MoveRecipientNotice.Reason": "NULL", "InsertCertificate.Draft": "'{}'", "SignCertificate.Note": "'x'", "SignCertificate.Sha256": "sha256('x')", "ended": "'done'", "lifted": "true", "LiftHold.LiftedSealed": "'x'::bytea", "LiftHold.By": "'x'", "CasesToForget.Regimes": "ARRAY['x']", "CasesToForget.Cutoffs": "ARRAY['2000-01-01'::timestamptz]", "otherwise": future, "searched": "1", "people": "1", "erased": "1", "EndReapplication.Kept": "1", "ForgetCase.iD": "SELECT id FROM cases WHERE tenant_id = $1 AND assignee_id IS NOT NULL", "VerifyErasureStep.Unfinished": "0", "VerifyErasureStep.Kept": "0", "not_before": future, "rewrap_after": "''", "more": "1", "done": "false", "DestroySubjectKey.iD": "SELECT subject_id FROM trial_subjects WHERE tenant_id = $1", "reason": "'x'", "status": "'x'", "active": "true", "until": future, "matches": "10", "at": future, "by": "'x'", "lease_until": future, "stale": future, "problem": "'x'", "empty_root": "sha256('')",
		"before": future, "before_at": future, "before_id": last, "due_before": future, "since": past, "after_due": past, "after_id": nobody,
		"identity_kind": "'email'", "ListCasesInState.State": "SELECT state FROM cases WHERE tenant_id = $1 AND assignee_id IS NOT NULL", "ListCasesOfAssigneeInState.State": "SELECT state FROM cases WHERE tenant_id = $1 AND assignee_id IS NOT NULL",
		"ListCasesOfAssignee.AssigneeID": "SELECT assignee_id FROM cases WHERE tenant_id = $1 AND assignee_id IS NOT NULL", "ListCasesOfAssigneeInState.AssigneeID": "SELECT assignee_id FROM cases WHERE tenant_id = $1 AND assignee_id IS NOT NULL",
		"ListCasesOfRight.RequestRight": "SELECT request_right FROM cases WHERE tenant_id = $1 AND assignee_id IS NOT NULL",
		"to_state":                      "'packaging'", "result": "'x'", "decision": "'dropped'", "from_index": "0", "to_index": "1000",
		"name": "'x'", "from_state": "(SELECT state FROM cases WHERE tenant_id = $1 AND assignee_id IS NOT NULL)",
		"subject_ids":   "(SELECT array_agg(id) FROM subjects WHERE tenant_id = $1)",
		"tokens":        "(SELECT array_agg(blind_index) FROM subject_identities WHERE tenant_id = $1 AND kind = 'name_token')",
		"ids":           "(SELECT array_agg(id) FROM audit_events WHERE tenant_id = $1 AND leaf_index IS NULL)",
		"KeyMakers.ids": "(SELECT array_agg(id::text) FROM api_keys WHERE tenant_id = $1)",
		"positions":     "ARRAY[0, 1]::bigint[]", "hashes": "ARRAY[sha256('1'), sha256('2')]",
		"InsertKeyTombstones.Indexes": "ARRAY[sha256('1')]",
		"slug":                        "(SELECT slug FROM tenants WHERE id = $1)", "hash": "(SELECT secret_hash FROM api_keys WHERE tenant_id = $1)",
		"LockSubjectKeys.iD": nobody, "LockSystemKeys.iD": nobody, "LockRunKeys.iD": nobody, "LockPackageKeys.iD": nobody,
		"LockDocumentKeys.iD": nobody, "LockAttachmentKeys.iD": nobody, "LockInquiryFileKeys.iD": nobody, "LockSentDocumentKeys.iD": nobody, "EndInquiry.Words": "'x'::bytea", "EndInquiry.words": "'x'::bytea", "EndInquiry.State": "'closed'", "EndInquiry.Outcome": "NULL", "InquiryReminded.before": "0", "InquiryReminded.sent": "1", "MoveInquiryDue.due": future, "DestroyAttachments.kind": "'identity_check'", "LockRecordKey.iD_2": nobody,
		"PlaceEvents.positions": "ARRAY[100]::bigint[]", "InsertAuditHashes.positions": "ARRAY[50, 51]::bigint[]",
		"CodesSince.CreatedAt": past, "ForgetDeliveries.endedAt": future, "ForgetAssertions.expiresAt": future, "ForgetIdempotencyKeys.expiresAt": future,
		"MoveCase.OutcomeValue": "NULL", "MoveObligation.FromState": "'open'", "MoveObligation.ToState": "'overdue'",
		"from_states": "ARRAY['open']", "to_states": "ARRAY['overdue']", "cause": "'pause'", "MoveObligation.MetAt": "NULL", "MoveObligation.WaivedReason": "NULL", "MoveCase.ToState": "'reviewing'",
		"EndTask.State": "'done'", "EndCaseTasks.State": "'done'", "EndCaseTasks.At": future, "EndCaseTasks.By": "'x'", "EndCaseTasks.Result": "'x'", "EndTask.EndedAt": future, "EndTask.EndedBy": "'x'", "EndTask.Result": "'x'",
		"DecideDocuments.Decision": "'dropped'", "ClosePause.UntilAt": future, "ClosePause.ClosedBy": "'x'",
		"Duplicates.duplicateOf": "(SELECT id FROM cases WHERE tenant_id = $1 AND assignee_id IS NOT NULL)",
		"LatestRound.caseID":     "(SELECT case_id FROM collection_runs WHERE tenant_id = $1)",
		"FailRun.error":          "'x'", "BoardInState.State": "'open'", "BoardOfKind.Kind": "'respond'", "BoardOfAssignee.AssigneeID": theirs,
		"BoardUnderRegime.Regime": "'gdpr'", "BoardOfRight.RequestRight": "'access'", "ListCasesUnderRegime.Regime": "'gdpr'",
		"ListCasesByOutcome.Outcome": "'refused'", "ListCasesByTimeliness.OnTime": "true", "ListCasesOfAssigneeByDue.AssigneeID": theirs,
		"received_from": past, "received_before": future, "never": future, "OpenTasksByDue.Kind": "NULL", "months": "ARRAY[" + past + "," + future + "]", "days": "ARRAY[" + past + "," + future + "]",
		"OpenPausesOf.caseIds": "(SELECT array_agg(id) FROM cases WHERE tenant_id = $1)",
		"OpenTasks.Kind":       "NULL", "MessageFailed.lastError": "'x'", "MessageRetry.lastError": "'x'",
		"RestoreLink.iD": "(SELECT id FROM download_links WHERE tenant_id = $1)", "AddRunRows.rows": "1",
		"CaseMessages.caseID": "(SELECT case_id FROM messages WHERE tenant_id = $1 LIMIT 1)",
		"InsertRun.Round":     "2", "AcknowledgeObligation.acknowledgedAt": future, "RevokeAPIKey.revokedAt": future, "DestroyPackage.destroyedAt": future,
		"InsertObligations.Ids": some, "InsertIdentities.Ids": some, "InsertAuditEvents.Ids": some,
		"InsertObligations.Kinds": texts, "InsertObligations.Citations": texts, "InsertObligations.States": "ARRAY['open']",
		"dues": "ARRAY[" + future + "]", "earliest_safes": "ARRAY[" + past + "]", "explanations": "ARRAY['{}'::jsonb]",
		"obligation_ids": "(SELECT array_agg(id) FROM obligations WHERE tenant_id = $1)", "InsertIdentities.Kinds": "ARRAY['name_token']",
		"blind_indexes": "ARRAY['x'::bytea]", "sealed": "ARRAY[NULL::bytea]", "case_ids": "ARRAY[" + nobody + "]", "actions": texts,
		"ats": "ARRAY[" + future + "]", "bodies": `ARRAY['x'::bytea]`, "actor_ids": texts, "object_ids": texts, "outcomes": texts, "most": "10", "first": nobody, "behind": last, "OpenCaseByIdentity.Kind": "'email'",
		"OpenCaseByIdentity.BlindIndex": "(SELECT blind_index FROM subject_identities WHERE tenant_id = $1 AND kind = 'email' LIMIT 1)",
		"Sessions.at":                   past, "idle_since": past, "why": "'revoked'", "kept": nobody, "left_tenant": "SELECT chosen_tenant FROM sessions WHERE account_id = $1",
		"UseTOTP.totpStep": "1000000", "SetPassword.passwordHash": "'x'", "soon": future, "SetStaffRole.role": "'dpo'", "JoinStaff.accountID": nobodyKnown,
		"CheckpointsExported.size": "1000000", "DeleteRunParts.caseID": "(SELECT case_id FROM collection_runs WHERE tenant_id = $1)",
		"AuditEventIDs.behind": nobody, "AuditEventsByActor.ActorID": "SELECT actor_id FROM audit_events WHERE tenant_id = $1 AND actor_id IS NOT NULL",
		"AuditEventsOfObject.ObjectID": "SELECT object_id FROM audit_events WHERE tenant_id = $1 AND outcome = 'refused'", "AuditEventsByOutcome.Outcome": "'refused'",
		"AuditEventsByAction.Action": "'command.refused'", "CaseReferences.ids": "(SELECT array_agg(id) FROM cases WHERE tenant_id = $1)",
	}
}

// before brings a row into the state that a statement works on, for the run that shows that it does something at all.
func before() map[string]string {
	const ended = "UPDATE webhook_deliveries SET state = 'failed', ended_at = '2026-01-01'"
	const placed = "UPDATE audit_checkpoints SET exported_at = '2026-01-01'"
	const owing = "UPDATE cases SET next_due = '2026-04-01'"
	const unanswered = "UPDATE inquiries SET outcome = NULL, ended_at = NULL, ended_by = NULL, state = "
	const unused = "UPDATE download_links SET used_at = NULL, ended_at = NULL"
	return map[string]string{
		"OpenDownloads": "UPDATE receipts SET ended_at = NULL", "LastExport": placed, "UseLink": unused, "EndLinks": unused,
		"DeleteWebhook": "DELETE FROM webhook_deliveries", "ForgetDeliveries": ended, "RequeueDelivery": ended, "LockWebhooksBehind": "UPDATE webhooks SET position = 0",
		"ForgetCallbacks": `INSERT INTO callbacks (id, tenant_id, filed_id, target, case_state, state, said, next_attempt_at, created_at, ended_at)
			SELECT gen_random_uuid(), tenant_id, filed_id, target, case_state, 'sent', 'x', '2026-01-01', '2026-01-01', '2026-01-01' FROM callbacks, generate_series(1, 2)`,
		"ConsentImportsBefore": "UPDATE consent_imports SET state = 'waiting'", "CheckConsentImport": "UPDATE consent_imports SET state = 'waiting'", "RunConsentImport": "UPDATE consent_imports SET state = 'checked'", "StopConsentImport": "UPDATE consent_imports SET state = 'running'", "ImportedBefore": "UPDATE consent_imports SET state = 'running'",
		"SystemStopped": "UPDATE systems SET stopped_at = '2026-01-01', stopped_by = 'x', stop_reason = 'x'", "ResumeSystem": "UPDATE systems SET stopped_at = '2026-01-01', stopped_by = 'x', stop_reason = 'x'",
		"EndSessionsOfProvider": "UPDATE sessions SET only_tenant = chosen_tenant",
		"EndSending":            "UPDATE transmissions SET sending_since = '2026-01-01'",
		"KeyMakers":             "UPDATE api_keys SET made_by = 'x'",
		"BeginRotation":         "UPDATE key_rotations SET ended_at = '2026-01-01', key_made_at = '2026-01-01'",
		"PackageReady":          "UPDATE packages SET state = 'building'",
		"ProposeErasurePlan":    "UPDATE erasure_plans SET state = 'made'", "ReturnErasurePlan": "UPDATE erasure_plans SET state = 'proposed'",
		"ApproveErasurePlan": "UPDATE erasure_plans SET state = 'proposed'", "BeginErasurePlan": "UPDATE erasure_plans SET state = 'approved'",
		"RequeueMessage": "UPDATE messages SET state = 'failed'",
		"EndInquiry":     unanswered + "'open'", "InquiryAsked": unanswered + "'open'", "InquiryByRemote": unanswered + "'asked'", "InquiryReminded": unanswered + "'asked'", "MoveInquiryDue": unanswered + "'open'", "FreeInquiry": "UPDATE inquiries SET awaited = true",
		"LockLiveCode": "UPDATE identity_codes SET ended_at = NULL",
		"JoinStaff":    "UPDATE staff SET account_id = NULL", "EndInvitations": "UPDATE invitations SET ended_at = NULL",
		"LockAdministrators": "UPDATE staff SET role = 'admin'",
		"CCPAMetrics":        "UPDATE cases SET regime = 'ccpa'",
		"CCPADenials": `UPDATE cases SET regime = 'ccpa', state = 'closed', outcome = 'refused', reason_code = 'x', closed_at = '2026-03-02'
			WHERE assignee_id IS NOT NULL`,
		"ClosedRequestsOnIdentities": `UPDATE cases SET state = 'closed', outcome = 'withdrawn', closed_at = '2026-03-02', identity = 'proven', identity_method = 'staff_check'
			WHERE assignee_id IS NOT NULL`,
		"ClosedRequestsOnErased": `UPDATE cases SET state = 'closed', outcome = 'withdrawn', closed_at = '2026-03-02', identity = 'proven', identity_method = 'staff_check'`,
		"CasesToForget":          `UPDATE cases SET state = 'closed', outcome = 'withdrawn', closed_at = '2026-03-02' WHERE assignee_id IS NOT NULL`,
		"ForgetCase":             `UPDATE cases SET state = 'closed', outcome = 'withdrawn', closed_at = '2026-03-02'`,
		"HoldingWarrant":         "UPDATE collection_runs SET state = 'done', error = NULL",
		"Holdings":               "UPDATE collection_runs SET state = 'done', error = NULL",
		"RecipientsOfDeferred": `WITH forgotten AS (UPDATE cases SET state = 'closed', outcome = 'withdrawn', closed_at = '2026-03-02', forgotten_at = '2026-01-01', details_sealed = NULL
			WHERE assignee_id IS NOT NULL) UPDATE recipient_notices SET state = 'to_tell', moved_by = NULL, moved_at = NULL`,
		"LimitsPast":    "UPDATE processing_limits SET ends_at = '2026-01-01'",
		"Submitted":     "UPDATE cases SET submission = tenant_id",
		"DeferralsPast": "UPDATE deferred_erasures SET due = '2026-01-01'",
		"BoardOfNobody": "UPDATE obligations SET assignee_id = NULL",

		"ListCasesByOutcome": `UPDATE cases SET state = 'closed', outcome = 'refused', reason_code = 'x', closed_at = '2026-03-02'
			WHERE assignee_id IS NOT NULL`,
		"ListCasesByTimeliness": "UPDATE cases SET on_time = true", "ListCasesByDue": owing, "ListCasesOfAssigneeByDue": owing,

		"AcknowledgeObligation": `INSERT INTO obligation_milestones (id, tenant_id, obligation_id, key, kind, at, recorded_at)
			SELECT gen_random_uuid(), tenant_id, id, 'x', 'escalation', '2090-01-01', '2090-01-01' FROM obligations`,
	}
}

// ownSpace are the statements that, under the caller's own tenant, work on rows of the caller's own, whoever's values the
// other arguments are.
func ownSpace() map[string]string {
	const log = "the log of the caller's own tenant: its rows are named by tenant and number"
	const own = "the caller's own tenant row"
	const purposes = "the caller's own purposes and their texts: named by tenant and number"
	const id = "named by tenant and id: the same id in another tenant is another row, and the register makes all ids itself"
	return map[string]string{
		"LockAuditHead": log, "InsertAuditHashes": log, "InsertCheckpoint": log, "AuditEventsPage": log, "AuditEventsByOutcome": log, "AuditEventsByAction": log, "AuditEventIDs": log, "UnplacedEvents": log,
		"InsertConsentPurpose": purposes, "UpdateConsentPurpose": purposes, "ConsentPurposes": purposes, "InsertConsentText": purposes, "ConsentTexts": purposes,
		"ConsentLinkKeys": own, "RetireConsentLinkKey": own, "RevokeConsentLinkKey": "the caller's own keys: named by tenant and number", "InsertConsentLinkKey": id, "InsertConsentPreferences": id, "NewestConsentTexts": purposes,
		"InsertConsentReceiver": id, "PutConsentHandover": id, "ConsentReceivers": own, "AnyConsentReceiver": own, "ConsentReceiversBehind": own, "InsertConsentStops": id, "ConsentHandovers": own, "ConsentHandoversToTell": own, "ConsentChanges": log, "ConsentsOfPeople": id, "ConsentLinesOfBatch": id, "InsertListedSuppressions": id,
		"InsertConsentPeople": id, "InsertConsents": id, "UpdateConsents": id, "Consents": id, "ConsentsOfPerson": id, "ConsentsOfSelves": id, "InsertConsentEvents": id, "ConsentEventsOfPerson": id, "ConsentEventsOfKey": id, "ConsentBatch": id, "InsertConsentImport": id, "ConsentImports": id, "ConsentImportsAtWork": id, "ConsentImportsBefore": id, "ConsentsToLookAt": purposes, "ConsentsDue": purposes, "ConsentsEnding": purposes,
		"InsertSignUp": id, "InsertEndingSignUps": id, "InsertRequester": id, "InsertProcessorKey": id, "InsertHold": id, "InsertHoldPerson": id, "InsertLimit": id, "InsertLimitPerson": id, "InsertSubject": id, "InsertCase": id, "InsertObligations": id, "InsertAuditEvents": id,
		"InsertIdempotencyKey": "named by tenant and key", "TryIdempotencyKey": "named by tenant and key", "UseAssertion": "named by tenant and hash",
		"SaveSingleSignOn": own, "BeginRotation": own, "MoveRotation": own, "Rotation": own, "CountOpenWork": "counts of the caller's own tenant", "TenantByID": own, "UpdateTenant": own, "LockTenantKeys": own, "SetTenantKeys": own, "LockRecordKey": own, "SetRecordKey": own,
	}
}

// Every statement of the register, asked with another tenant's ids: as that other tenant it works, which shows that the
// arguments are right; as a stranger, as nobody, and as a stranger who claims the ids for their own tenant, it finds
// nothing, changes nothing or is refused. A statement that is new is tested by being there.
func TestNoStatementCrossesTenants(t *testing.T) {
	t.Parallel()
	w := newWalk(t)
	kept := storagetest.Snapshot(t, w.owner, w.victim)
	for name, s := range statements(t) { //nolint:paralleltest // they share a connection
		if reason, free := acrossTenants()[name]; s.ofAccount() || free && !strings.Contains(reason, "column id") {
			continue
		}
		t.Run(name, func(t *testing.T) {
			args := w.arguments(t, s, w.victim)
			w.requireWorks(t, s, args)
			w.requireNothing(t, s, "a stranger", w.stranger, args)
			w.requireNothing(t, s, "nobody", uuid.Nil, args)
			if _, own := ownSpace()[name]; !own {
				w.requireNothing(t, s, "a stranger with another's ids", w.stranger, w.arguments(t, s, w.stranger))
			}
		})
	}
	require.Equal(t, kept, storagetest.Snapshot(t, w.owner, w.victim), "the victim's rows are as they were")
}

type walk struct {
	owner, app       *pgx.Conn
	victim, stranger uuid.UUID
	// column names whose a row is, and home is the table where that column is the id.
	column, home string
	set          func(context.Context, *db.Queries, string) error
}

func setTenant(ctx context.Context, q *db.Queries, id string) error { return q.SetTenant(ctx, id) }

func setAccount(ctx context.Context, q *db.Queries, id string) error { return q.SetAccount(ctx, id) }

// Every statement about an account, asked with another account's ids: it works for the account itself, and for another, for nobody
// and for another who claims the ids it finds nothing, changes nothing or is refused.
func TestNoStatementCrossesAccounts(t *testing.T) {
	t.Parallel()
	w := newWalk(t)
	require.NoError(t, w.owner.QueryRow(t.Context(), "SELECT account_id FROM staff WHERE tenant_id = $1", w.victim).Scan(&w.victim))
	w.stranger, w.column, w.home, w.set = uuid.Must(uuid.NewV7()), "account_id", "accounts", setAccount
	walked := 0
	for name, s := range statements(t) { //nolint:paralleltest // they share a connection
		if !s.ofAccount() {
			continue
		}
		walked++
		t.Run(name, func(t *testing.T) {
			args := w.arguments(t, s, w.victim)
			w.requireWorks(t, s, args)
			w.requireNothing(t, s, "a stranger", w.stranger, args)
			w.requireNothing(t, s, "nobody", uuid.Nil, args)
			w.requireNothing(t, s, "a stranger with another's ids", w.stranger, w.arguments(t, s, w.stranger))
		})
	}
	require.Greater(t, walked, 25)
	w.requireNoAccounts(t)
}

// requireNoAccounts asks without an account: there are no rows, in any table.
func (w *walk) requireNoAccounts(t *testing.T) {
	t.Helper()
	for _, table := range accountTables() {
		var seen int
		require.NoError(t, w.app.QueryRow(t.Context(), "SELECT count(*) FROM "+table).Scan(&seen))
		require.Zero(t, seen, table)
	}
}

func newWalk(t *testing.T) *walk {
	t.Helper()
	r := storagetest.New(t)
	w := &walk{
		owner: r.Owner(t), app: storagetest.Connect(t, r.DSN), victim: storagetest.Tenant(t, r.DB), stranger: storagetest.Tenant(t, r.DB),
		column: "tenant_id", home: "tenants", set: setTenant,
	}
	storagetest.Fill(t, r.DB, w.victim)
	for _, table := range storagetest.Tables(t, w.owner) {
		var n int
		require.NoError(t, w.owner.QueryRow(t.Context(), "SELECT count(*) FROM "+table+" WHERE tenant_id = $1", w.victim).Scan(&n))
		require.Positive(t, n, "storagetest.Fill must put a row into %s", table)
	}
	run(t, w.app, "SET ROLE docket_app")
	return w
}

// arguments makes the arguments of a statement out of the victim's rows, under the tenant that is claimed.
func (w *walk) arguments(t *testing.T, s statement, claimed uuid.UUID) []reflect.Value {
	t.Helper()
	method, _ := reflect.TypeFor[*db.Queries]().MethodByName(s.name)
	values := make([]reflect.Value, 0, len(s.params))
	for i, name := range s.params {
		kind := method.Type.In(i + 2)
		value := reflect.New(kind)
		if name == "arg" {
			for f := range kind.NumField() {
				w.fill(t, s, kind.Field(f).Name, claimed, value.Elem().Field(f).Addr())
			}
		} else {
			w.fill(t, s, name, claimed, value)
		}
		values = append(values, value.Elem())
	}
	return values
}

func (w *walk) fill(t *testing.T, s statement, name string, claimed uuid.UUID, into reflect.Value) {
	t.Helper()
	col := column(name)
	home := len(s.tables()) > 0 && s.tables()[0] == w.home
	if col == w.column || (home && col == "id" && name != "iD_2") {
		into.Elem().Set(reflect.ValueOf(claimed))
		return
	}
	query, ok := fixed()[s.name+"."+name]
	if !ok {
		query = w.fromRow(t, s, col)
	}
	if query == "" {
		query = fixed()[col]
	}
	if query == "" {
		require.Equal(t, reflect.Pointer, into.Elem().Kind(), "%s: no value for %s; add one to fixed", s.name, name)
		return
	}
	if !strings.Contains(query, "$1") {
		query += " WHERE $1::uuid IS NOT NULL"
	}
	if !strings.HasPrefix(query, "SELECT") {
		query = "SELECT " + query
	}
	require.NoError(t, w.owner.QueryRow(t.Context(), query, w.victim).Scan(into.Interface()), "%s: %s by %s", s.name, name, query)
}

// fromRow finds the column in the tables of the statement. Optional filters are left open.
func (w *walk) fromRow(t *testing.T, s statement, col string) string {
	t.Helper()
	if regexp.MustCompile(`\$\d+::\w+ IS NULL\s+OR`).MatchString(s.body()) && col != "case_id" {
		return ""
	}
	for _, table := range s.tables() {
		var there bool
		err := w.owner.QueryRow(t.Context(), "SELECT EXISTS (SELECT FROM information_schema.columns WHERE table_name = $1 AND column_name = $2)", table, col).Scan(&there)
		require.NoError(t, err)
		if !there {
			continue
		}
		where := w.column + " = $1"
		if table == w.home {
			where = "id = $1"
		}
		if pick, ok := picks()[table]; ok {
			where += " AND " + pick
		}
		return "SELECT " + col + " FROM " + table + " WHERE " + where + " LIMIT 1"
	}
	return ""
}

// requireWorks shows that the statement does something for whom the rows belong to. What it did is undone.
func (w *walk) requireWorks(t *testing.T, s statement, args []reflect.Value) {
	t.Helper()
	found, err := w.call(t, s, w.victim, args, false)
	if strings.HasPrefix(s.body(), "INSERT") {
		// The row is there already: that it may be written is what shows.
		var pg *pgconn.PgError
		if errors.As(err, &pg) {
			require.Equal(t, "23505", pg.Code, "%s as its own tenant: %v", s.name, err)
		}
		return
	}
	require.NoError(t, err, "%s as its own tenant", s.name)
	require.Positive(t, found, "%s does nothing for its own tenant, so the test shows nothing: see fixed and before", s.name)
}

func (w *walk) requireNothing(t *testing.T, s statement, who string, session uuid.UUID, args []reflect.Value) {
	t.Helper()
	found, err := w.call(t, s, session, args, true)
	if err == nil {
		require.Zero(t, found, "%s as %s", s.name, who)
		return
	}
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		require.Contains(t, []string{"42501", "23503", "23505"}, pg.Code, "%s as %s: %v", s.name, who, err)
		return
	}
	require.ErrorIs(t, err, pgx.ErrNoRows, "%s as %s", s.name, who)
}

// call runs a statement as a tenant (nobody for the zero id) and tells how many rows it found or changed.
func (w *walk) call(t *testing.T, s statement, session uuid.UUID, args []reflect.Value, keep bool) (found int64, err error) {
	t.Helper()
	tx, err := w.app.Begin(t.Context())
	require.NoError(t, err)
	defer func() {
		if keep && err == nil {
			require.NoError(t, tx.Commit(t.Context()), s.name)
			return
		}
		require.NoError(t, tx.Rollback(t.Context()), s.name)
	}()
	if session != uuid.Nil {
		require.NoError(t, w.set(t.Context(), db.New(tx), session.String()))
	}
	if prepare := before()[s.name]; prepare != "" && !keep {
		_, err := tx.Exec(t.Context(), prepare)
		require.NoError(t, err, s.name)
	}
	spy := &spy{DBTX: tx}
	in := append([]reflect.Value{reflect.ValueOf(t.Context())}, args...)
	out := reflect.ValueOf(db.New(spy)).MethodByName(s.name).Call(in)
	if last := out[len(out)-1]; !last.IsNil() {
		return 0, last.Interface().(error)
	}
	return spy.count(out[0]), nil
}

// spy notes how many rows a statement without a result changed.
type spy struct {
	db.DBTX
	changed int64
}

func (s *spy) Exec(ctx context.Context, query string, args ...any) (pgconn.CommandTag, error) {
	tag, err := s.DBTX.Exec(ctx, query, args...)
	s.changed = tag.RowsAffected()
	return tag, err
}

func (s *spy) count(result reflect.Value) int64 {
	switch {
	case s.changed > 0 || result.Type() == reflect.TypeFor[error]():
		return s.changed
	case result.Kind() == reflect.Slice && result.Type().Elem().Kind() != reflect.Uint8:
		return int64(result.Len())
	case result.IsZero():
		return 0
	default:
		return 1
	}
}
