package api

import (
	"maps"
	"slices"
	"sync"
)

// Role is what an API key may act as.
type Role string

// The roles of API keys.
const (
	Admin   Role = "admin"   // runs the installation of a tenant: keys, staff, systems
	DPO     Role = "dpo"     // answers for the law: may decide everything about cases
	Agent   Role = "agent"   // works on cases
	Auditor Role = "auditor" // reads the process and its evidence, never the people
)

// Roles lists them.
func Roles() []Role { return []Role{Admin, DPO, Agent, Auditor} }

// The groups that operations are open to.
func everyone() []Role { return Roles() }
func staff() []Role    { return []Role{Admin, DPO, Agent} }
func officers() []Role { return []Role{Admin, DPO} }
func admin() []Role    { return []Role{Admin} }
func evident() []Role  { return []Role{Admin, DPO, Auditor} }

// permissions says who may do what: the only place that does. An operation that is not here cannot be registered. Nobody
// changes the map: every call asks it.
var permissions = sync.OnceValue(func() map[string][]Role {
	all := map[string][]Role{}
	for _, part := range []map[string][]Role{readingCases(), workingOnCases(), runningTheTenant()} {
		maps.Copy(all, part)
	}
	return all
})

// readingCases shows cases; what shows a person is closed to auditors.
func readingCases() map[string][]Role {
	return map[string][]Role{
		"list-requests":           everyone(),
		"search-requests":         staff(),
		"get-request":             everyone(),
		"get-request-person":      staff(),
		"get-timeline":            everyone(),
		"list-case-obligations":   everyone(),
		"get-progress":            everyone(),
		"list-notes":              staff(),
		"list-messages":           everyone(),
		"get-message":             staff(),
		"list-case-tasks":         everyone(),
		"list-packages":           everyone(),
		"list-redactions":         staff(),
		"list-identity-documents": everyone(),
		"get-identity-document":   staff(),
		"list-tasks":              everyone(),
		"list-obligations":        everyone(),
		"watch-events":            everyone(),
		"get-horizon":             everyone(),
		"get-timeliness":          everyone(),
		"export-timeliness":       everyone(),
		"get-ccpa-metrics":        everyone(),
		"export-ccpa-metrics":     everyone(),
		"export-requests":         everyone(),
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
		"reopen-request":         officers(),
		"resend-package":         staff(),
		"add-redaction":          staff(),
		"remove-redaction":       staff(),
		"add-identity-document":  staff(),
	}
}

// runningTheTenant is for what stands behind the cases, and for the evidence.
func runningTheTenant() map[string][]Role {
	return map[string][]Role{
		"list-systems":      everyone(),
		"create-system":     admin(),
		"get-system":        everyone(),
		"change-system":     admin(),
		"test-system":       officers(),
		"preview-system":    staff(),
		"list-datasets":     everyone(),
		"get-dataset":       everyone(),
		"put-dataset":       admin(),
		"get-tenant":        everyone(),
		"change-tenant":     admin(),
		"list-staff":        staff(),
		"add-staff":         admin(),
		"create-api-key":    admin(),
		"list-api-keys":     admin(),
		"revoke-api-key":    admin(),
		"list-audit-events": evident(),
		"export-audit":      evident(),
		"get-checkpoint":    evident(),
		"prove-case":        evident(),
		"list-policies":     everyone(),
		"get-policy":        everyone(),
		"explain-policy":    everyone(),
		"get-caller":        everyone(),
	}
}

// may says whether the role may do the operation.
func may(role Role, operation string) bool { return slices.Contains(permissions()[operation], role) }

// mayBackdate are the roles that may say that a request was received earlier than now.
func mayBackdate(role Role) bool { return role == Admin || role == DPO }

// operationIDs lists every operation in order.
func operationIDs() []string { return slices.Sorted(maps.Keys(permissions())) }
