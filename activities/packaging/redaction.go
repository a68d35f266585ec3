package packaging

// Ground is why something was taken out.
type Ground string

// Grounds for a redaction.
const (
	// AnothersRights: Art. 15(4) GDPR, the rights and freedoms of others.
	AnothersRights Ground = "anothers_rights"
	// TradeSecret: Art. 15(4) with recital 63 GDPR.
	TradeSecret Ground = "trade_secret"
	// LegalPrivilege: what a lawyer and the organisation wrote to each other.
	LegalPrivilege Ground = "legal_privilege"
	// Security: what would help an attacker: password hashes, keys.
	Security Ground = "security"
	// Other needs a Citation.
	Other Ground = "other"
)

// Grounds lists them all.
func Grounds() []Ground {
	return []Ground{AnothersRights, TradeSecret, LegalPrivilege, Security, Other}
}

// Redaction takes one field, or a whole row, out of the package and says why.
type Redaction struct {
	System, Collection string
	// Field is the column. Empty means the whole row is removed, and then a row must be named.
	Field string
	// Row narrows the redaction to the rows in which the column KeyField has the text KeyValue; both empty means
	// every row.
	KeyField, KeyValue string
	Ground             Ground
	// Citation of the rule; needed for Other, otherwise the cover cites the usual one.
	Citation string
	// Note is shown on the cover; may be empty. It must not repeat what was taken out.
	Note string
}
