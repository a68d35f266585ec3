package audit

// FactKey names a fact about the process. Only the keys below may be used, and their values are codes, numbers, dates,
// ids and hashes: short, without spaces, so that nothing written about a person fits in.
type FactKey string

// The facts.
const (
	FactFrom         FactKey = "from"     // a state before a change
	FactTo           FactKey = "to"       // the state after it
	FactDue          FactKey = "due"      // a due date
	FactPreviousDue  FactKey = "was_due"  // the due date that it supersedes
	FactReceived     FactKey = "received" // when a request counts as received
	FactRule         FactKey = "rule"     // the rule id that gave a date or a decision
	FactPolicy       FactKey = "policy"   // a policy's name and version
	FactRegime       FactKey = "regime"
	FactRight        FactKey = "right"
	FactChannel      FactKey = "channel"
	FactMethod       FactKey = "method"
	FactStep         FactKey = "step"
	FactLevel        FactKey = "level" // of an escalation
	FactSystem       FactKey = "system"
	FactDataset      FactKey = "dataset"
	FactCollection   FactKey = "collection"
	FactField        FactKey = "field"
	FactCount        FactKey = "count"
	FactBytes        FactKey = "bytes"
	FactTries        FactKey = "tries"
	FactTemplate     FactKey = "template"
	FactLanguage     FactKey = "language"
	FactMessage      FactKey = "message" // a message's id
	FactTask         FactKey = "task"    // a task's id
	FactLinked       FactKey = "linked"  // another case's id
	FactRole         FactKey = "role"
	FactOperation    FactKey = "operation" // the API operation that was refused
	FactStatus       FactKey = "status"
	FactKeyKind      FactKey = "key_kind"
	FactExpires      FactKey = "expires"
	FactTreeSize     FactKey = "tree_size"
	FactCorrelation  FactKey = "correlation" // a trace or request id
	FactAmount       FactKey = "amount"      // a fee, in the currency's minor unit
	FactCurrency     FactKey = "currency"
	FactJurisdiction FactKey = "jurisdiction"
	FactSnapshot     FactKey = "snapshot"    // the moment that a backup shows
	FactAPIKey       FactKey = "api_key"     // the key with which a person did it, by its id
	FactProven       FactKey = "also_proven" // of a person, beside the mailbox
	FactChanged      FactKey = "changed"     // which settings
	FactScopes       FactKey = "scopes"      // of a key, or how many
	FactStaff        FactKey = "staff"       // a member of staff, by id
	FactRequester    FactKey = "requester"   // a requester, by id
	FactNote         FactKey = "note"        // the note that says why, by its id
	FactPurpose      FactKey = "purpose"     // what data is to be used for
)

func knownFact(key FactKey) bool {
	switch key {
	case FactFrom, FactTo, FactDue, FactPreviousDue, FactReceived, FactRule, FactPolicy, FactRegime, FactRight, FactChannel,
		FactMethod, FactStep, FactLevel, FactSystem, FactDataset, FactCollection, FactField, FactCount, FactBytes, FactTries,
		FactTemplate, FactLanguage, FactMessage, FactTask, FactLinked, FactRole, FactOperation, FactStatus, FactKeyKind,
		FactExpires, FactTreeSize, FactCorrelation, FactAmount, FactCurrency, FactJurisdiction, FactSnapshot, FactAPIKey, FactStaff, FactProven, FactChanged, FactScopes, FactRequester, FactNote, FactPurpose:
		return true
	}
	return false
}
