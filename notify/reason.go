package notify

// RefusalReason says why a request is refused. The codes are those of the register.
type RefusalReason string

// Grounds for refusing. The first six apply to every right; the last ones to some.
const (
	// ManifestlyUnfounded: Art. 12(5) GDPR; Civ. 1798.145(h) in California.
	ManifestlyUnfounded RefusalReason = "manifestly_unfounded"
	// Excessive: Art. 12(5) GDPR.
	Excessive RefusalReason = "excessive"
	// IdentityNotProven: Art. 12(2) and 12(6) GDPR; 11 CCR 7024 in California.
	IdentityNotProven RefusalReason = "identity_not_proven"
	// NoAuthority: the agent did not show that they may act for the person.
	NoAuthority RefusalReason = "no_authority"
	// NoData: nothing about the person is held (Art. 15(1) GDPR: the confirmation that nothing is processed).
	NoData RefusalReason = "no_data"
	// OtherLaw: another law forbids the answer or does not apply (for example professional secrecy).
	OtherLaw RefusalReason = "other_law"
	// AnothersRights: Art. 15(4) GDPR.
	AnothersRights RefusalReason = "anothers_rights"
	// LegalPrivilege: DPA 2018 Sch. 2 para. 19 in the United Kingdom; professional secrecy elsewhere.
	LegalPrivilege RefusalReason = "legal_privilege"
	// RetentionDuty: Art. 17(3)(b) GDPR; a law orders that the data are kept.
	RetentionDuty RefusalReason = "retention_duty"
	// LegalClaims: Art. 17(3)(e) GDPR.
	LegalClaims RefusalReason = "legal_claims"
)

// RefusalReasons lists them all.
func RefusalReasons() []RefusalReason {
	return []RefusalReason{
		ManifestlyUnfounded, Excessive, IdentityNotProven, NoAuthority, NoData, OtherLaw, AnothersRights,
		LegalPrivilege, RetentionDuty, LegalClaims,
	}
}

// ExtensionReason says why an answer takes longer. Art. 12(3) GDPR knows two: complexity and number of requests.
type ExtensionReason string

// Reasons for an extension.
const (
	// Complexity: the data lie in many systems or need a close look.
	Complexity ExtensionReason = "complexity"
	// Number: many requests, by the same person.
	Number ExtensionReason = "number_of_requests"
	// Consultation: others have to be asked (PIPEDA s. 8(4)).
	Consultation ExtensionReason = "consultation"
	// Conversion: the data must be put into another form (PIPEDA s. 8(4)).
	Conversion ExtensionReason = "conversion"
)

// ExtensionReasons lists them all.
func ExtensionReasons() []ExtensionReason {
	return []ExtensionReason{Complexity, Number, Consultation, Conversion}
}
