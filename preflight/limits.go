package preflight

// What a message may cost. A message beyond is refused as a whole: a part that was not looked at could hold anything.
const (
	// MaxMessage is the most bytes that a message may have: ten times what a campaign with its pictures has.
	MaxMessage = 10 << 20

	maxHeader     = 256 << 10 // bytes of one header
	maxParts      = 200
	maxDepth      = 20
	maxText       = 1 << 20 // bytes of all texts, decoded
	maxElements   = 20_000  // of one HTML part
	maxStyleRules = 2_000   // selectors that hide or colour, of one HTML part
	maxStyleWork  = 8_000_000
	maxSignatures = 10
	maxShown      = 120 // characters of the message that a finding repeats
)
