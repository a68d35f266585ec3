package api

import (
	"maps"
	"slices"
	"sync"
)

// Role is what a person or an API key may act as.
type Role string

// The roles.
const (
	Admin   Role = "admin"   // runs the installation of a tenant: keys, staff, systems
	DPO     Role = "dpo"     // answers for the law: may decide everything about cases
	Agent   Role = "agent"   // works on cases
	Auditor Role = "auditor" // reads the process and its evidence, never the people

	// Operator is staff of the processor: they see every tenant and its process, and never a person. No key has this role.
	Operator Role = "operator"

	// Anyone and SignedIn are no roles: an operation for anyone asks for nothing, one for who is signed in is about themselves.
	Anyone   Role = "anyone"
	SignedIn Role = "signed-in"
)

// Roles lists the roles of API keys.
func Roles() []Role { return []Role{Admin, DPO, Agent, Auditor} }

// roleOf is what a member of staff may do. The two roles that the ladders name beside ours are those of ours with another place in it.
func roleOf(staff string) Role {
	switch staff {
	case "lead":
		return Agent
	case "executive":
		return Auditor
	default:
		return Role(staff)
	}
}

// The groups that operations are open to.
func everyone() []Role { return Roles() }
func staff() []Role    { return []Role{Admin, DPO, Agent} }
func officers() []Role { return []Role{Admin, DPO} }
func admin() []Role    { return []Role{Admin} }
func evident() []Role  { return []Role{Admin, DPO, Auditor} }
func seeing() []Role   { return append(everyone(), Operator) }
func watching() []Role { return append(evident(), Operator) }
func operator() []Role { return []Role{Operator} }
func anyone() []Role   { return []Role{Anyone} }
func signedIn() []Role { return []Role{SignedIn} }

// permissions says who may do what: the only place that does. An operation that is not here cannot be registered. Nobody
// changes the map: every call asks it.
var permissions = sync.OnceValue(func() map[string][]Role {
	all := map[string][]Role{}
	for _, part := range []map[string][]Role{readingCases(), workingOnCases(), consents(), runningTheTenant(), lettingOthersFile(), people()} {
		maps.Copy(all, part)
	}
	return all
})

// readingCases shows cases; what shows a person is closed to auditors.
func readingCases() map[string][]Role {
	return map[string][]Role{
		"list-requests":             seeing(),
		"search-requests":           staff(),
		"get-request":               seeing(),
		"get-request-person":        staff(),
		"record-copy":               staff(),
		"get-timeline":              seeing(),
		"list-case-obligations":     seeing(),
		"get-progress":              seeing(),
		"list-notes":                staff(),
		"list-messages":             seeing(),
		"get-message":               staff(),
		"get-conversation":          staff(),
		"list-case-tasks":           seeing(),
		"list-packages":             seeing(),
		"list-redactions":           staff(),
		"get-erasure":               seeing(),
		"get-erasure-certificate":   seeing(),
		"print-erasure-certificate": seeing(),
		"list-recipients":           seeing(),
		"get-limits":                seeing(),
		"get-corrections":           staff(),
		"list-appeals":              staff(),
		"list-inquiries":            staff(),
		"get-inquiry-file":          staff(),
		"get-decision":              staff(),
		"list-transmissions":        staff(),
		"list-transmission-links":   staff(),
		"list-limits":               seeing(),
		"check-use":                 staff(),
		"check-use-list":            staff(),
		"list-identity-documents":   seeing(),
		"get-identity-document":     staff(),
		"list-tasks":                seeing(),
		"list-obligations":          seeing(),
		"watch-events":              seeing(),
		"get-horizon":               seeing(),
		"get-timeliness":            seeing(),
		"export-timeliness":         seeing(),
		"get-ccpa-metrics":          seeing(),
		"export-ccpa-metrics":       seeing(),
		"export-requests":           everyone(),
	}
}

// consents are the ledger and lawful mail.
func consents() map[string][]Role {
	return map[string][]Role{
		"list-consent-purposes": seeing(),
		"put-consent-purpose":   officers(),
		"add-consent-text":      officers(),
		"check-consent":         staff(),
		"check-consents":        staff(),
		"check-consent-stream":  staff(),
		"transfer-consents":     officers(),
		"record-consents":       staff(),
		"get-consents":          staff(),
		"get-consent-forecast":  seeing(),
		"get-consent-funnel":    seeing(),
		"make-consent-links":    staff(),
		"sign-up":               staff(),
		"get-sign-up":           staff(),
		"get-sign-up-form":      seeing(),
		"list-link-keys":        admin(),
		"rotate-link-keys":      admin(),
		"revoke-link-key":       admin(),
		"export-consents":       staff(),
		"create-consent-import": officers(),
		"put-consent-part":      officers(),
		"check-consent-import":  officers(),
		"run-consent-import":    officers(),
		"stop-consent-import":   officers(),
		"drop-consent-import":   officers(),
		"get-consent-import":    seeing(),
		"list-consent-imports":  seeing(),

		"list-consent-receivers":  seeing(),
		"create-consent-receiver": admin(),
		"change-consent-receiver": admin(),
		"replace-receiver-secret": admin(),
		"retire-consent-receiver": admin(),
		"test-consent-receiver":   officers(),
		"read-consent-changes":    staff(),
		"confirm-consent-changes": staff(),
		"list-consent-handovers":  seeing(),
		"import-suppressions":     officers(),
		"search-suppressions":     staff(),
	}
}

// workingOnCases changes them; what decides over the law is for officers.
func workingOnCases() map[string][]Role {
	return map[string][]Role{
		"create-request":         staff(),
		"requeue-message":        staff(),
		"approve-request":        staff(),
		"recollect-request":      staff(),
		"refuse-request":         officers(),
		"withdraw-request":       staff(),
		"cancel-request":         officers(),
		"mark-spam":              staff(),
		"not-spam":               staff(),
		"extend-request":         officers(),
		"pause-request":          staff(),
		"resume-request":         staff(),
		"ask-clarification":      staff(),
		"clarified":              staff(),
		"confirm-identity":       staff(),
		"reject-identity":        officers(),
		"retry-system":           staff(),
		"exclude-system":         officers(),
		"acknowledge-escalation": staff(),
		"assign-request":         staff(),
		"bulk-requests":          staff(),
		"claim-task":             staff(),
		"release-task":           staff(),
		"complete-task":          staff(),
		"add-task-attachment":    staff(),
		"list-task-attachments":  staff(),
		"get-task-attachment":    staff(),
		"add-note":               staff(),
		"write-message":          staff(),
		"read-conversation":      staff(),
		"reopen-request":         officers(),
		"resend-package":         staff(),
		"add-redaction":          staff(),
		"remove-redaction":       staff(),
		"add-identity-document":  staff(),
		"propose-plan":           staff(),
		"approve-plan":           officers(),
		"return-plan":            officers(),
		"done-by-hand":           officers(),
		"add-plan-decision":      staff(),
		"tell-recipient":         staff(),
		"uphold-request":         staff(),
		"record-balance":         staff(),
		"answer-inquiry":         staff(),
		"repeat-inquiry":         staff(),
		"close-inquiry":          officers(),
		"add-inquiry-file":       staff(),
		"remove-inquiry-file":    staff(),
		"go-on-without":          officers(),
		"add-appeal":             staff(),
		"say-decision-makers":    staff(),
		"record-human-review":    staff(),
		"conclude-review":        staff(),
		"transmit":               officers(),
		"refuse-transmission":    officers(),
		"make-transmission-link": officers(),
		"end-transmission-link":  staff(), // who sees that a link got into other hands ends it
		"decide-appeal":          officers(),
		"extend-appeal":          officers(),
		"propose-correction":     staff(),
		"decide-correction":      staff(),
		"correct-request":        staff(),
		"lift-limit":             officers(),
		"take-signal":            staff(),
		"remove-plan-decision":   staff(),
	}
}

// runningTheTenant is for what stands behind the cases, and for the evidence.
func runningTheTenant() map[string][]Role {
	return map[string][]Role{
		"list-systems":           seeing(),
		"create-system":          admin(),
		"get-system":             seeing(),
		"change-system":          admin(),
		"test-system":            officers(),
		"preview-system":         staff(),
		"list-datasets":          seeing(),
		"get-dataset":            seeing(),
		"put-dataset":            admin(),
		"get-tenant":             seeing(),
		"change-tenant":          admin(),
		"list-staff":             everyone(),
		"add-staff":              admin(),
		"create-api-key":         admin(),
		"list-api-keys":          admin(),
		"revoke-api-key":         admin(),
		"list-audit-events":      watching(),
		"export-audit":           evident(),
		"get-checkpoint":         watching(),
		"prove-case":             evident(),
		"list-policies":          seeing(),
		"get-policy":             seeing(),
		"explain-policy":         seeing(),
		"get-caller":             seeing(),
		"list-holds":             evident(),
		"place-hold":             officers(),
		"lift-hold":              officers(),
		"end-suppression":        officers(),
		"list-deferred-erasures": evident(),
		"get-deferred-erasure":   officers(),
		"erased-later-by-hand":   officers(),
		"list-retention-rules":   seeing(),
		"reapply-erasures":       officers(),
		"list-reapplications":    watching(),
		"stop-system":            officers(),
		"resume-system":          officers(),
		"stop-systems":           officers(),
		"resume-systems":         officers(),
		"check-dataset":          admin(),
		"scan-system":            officers(),
		"get-graph":              seeing(),
		"get-installation":       admin(),
		"rotate-keys":            admin(),
		"list-webhooks":          admin(),
		"create-webhook":         admin(),
		"change-webhook":         admin(),
		"delete-webhook":         admin(),
		"replace-webhook-secret": admin(),
		"test-webhook":           admin(),
		"list-deliveries":        admin(),
		"redeliver":              admin(),
		"list-mail-domains":      everyone(),
		"add-mail-domain":        admin(),
		"verify-mail-domain":     admin(),
		"remove-mail-domain":     admin(),
		"check-mail":             everyone(),
		"list-calendar-feeds":    everyone(),
		"create-calendar-feed":   everyone(),
		"revoke-calendar-feed":   everyone(),
		"set-digest":             everyone(),
		"list-calendars":         seeing(),
		"get-calendar":           seeing(),
		"list-ladders":           seeing(),
		"list-letters":           seeing(),
		"preview-letter":         seeing(),
	}
}

// lettingOthersFile is for the companies whose programs file requests by a protocol.
func lettingOthersFile() map[string][]Role {
	return map[string][]Role{
		"list-requesters":           admin(),
		"create-requester":          admin(),
		"change-requester":          admin(),
		"end-requester":             admin(),
		"replace-requester-key":     admin(),
		"import-agents":             admin(),
		"get-processor-key":         admin(),
		"replace-processor-key":     admin(),
		"set-processor-certificate": admin(),
	}
}

// people is for those who sign in, and about them.
func people() map[string][]Role {
	return map[string][]Role{
		"sign-in":       anyone(),
		"sign-in-code":  signedIn(),
		"sign-out":      signedIn(),
		"get-session":   signedIn(),
		"choose-tenant": signedIn(),
		"step-up":       signedIn(),

		"list-sessions":       signedIn(),
		"end-session":         signedIn(),
		"end-other-sessions":  signedIn(),
		"change-password":     signedIn(),
		"offer-totp":          signedIn(),
		"confirm-totp":        signedIn(),
		"drop-totp":           signedIn(),
		"make-recovery-codes": signedIn(),

		"passkey-options":     anyone(),
		"sign-in-passkey":     anyone(),
		"step-up-options":     signedIn(),
		"step-up-passkey":     signedIn(),
		"list-passkeys":       signedIn(),
		"new-passkey-options": signedIn(),
		"add-passkey":         signedIn(),
		"drop-passkey":        signedIn(),

		"sign-in-methods":     anyone(),
		"sign-in-elsewhere":   anyone(),
		"signed-in-elsewhere": anyone(),
		"get-single-sign-on":  admin(),
		"set-single-sign-on":  admin(),
		"drop-single-sign-on": admin(),

		"ask-reset":         anyone(),
		"use-reset":         anyone(),
		"look-invitation":   anyone(),
		"accept-invitation": anyone(),
		"change-staff":      admin(),
		"invite-staff":      admin(),
		"list-tenants":      operator(),
	}
}

// stepUp are the operations for which somebody signed in gives a second factor anew. Keys are exempt: they have scopes.
func stepUp(operation string) bool {
	return slices.Contains([]string{
		"export-audit", "create-api-key", "add-staff", "change-staff", "invite-staff", "drop-totp", "drop-passkey", "make-recovery-codes",
		"set-single-sign-on", "drop-single-sign-on", "create-webhook", "change-webhook", "replace-webhook-secret",
		"create-requester", "change-requester", "replace-requester-key", "import-agents", "replace-processor-key", "create-system", "rotate-keys", "rotate-link-keys", "revoke-link-key", "transfer-consents",
		"create-consent-receiver", "change-consent-receiver", "replace-receiver-secret", "retire-consent-receiver",
		"approve-plan", "correct-request", "done-by-hand", "erased-later-by-hand", "go-on-without", "lift-hold", "reapply-erasures", "transmit", "make-transmission-link",
	}, operation)
}

// may says whether the role may do the operation.
func may(role Role, operation string) bool { return slices.Contains(permissions()[operation], role) }

// mayBackdate are the roles that may say that a request was received earlier than now.
func mayBackdate(role Role) bool { return role == Admin || role == DPO }

// operationIDs lists every operation in order.
func operationIDs() []string { return slices.Sorted(maps.Keys(permissions())) }
