package dataset

// Identities says what is known about the person, as kinds and never as values: a plan may be stored and shown.
type Identities struct {
	// Kinds are identity kinds with at least one value: "email", "phone_number".
	Kinds []string `json:"kinds"`
	// RequestFields are names of custom_request_field values that came with the request.
	RequestFields []string `json:"request_fields,omitempty"`
}

// Plan is the order in which collections are visited. The same graph and identities always give the same plan.
type Plan struct {
	Identities Identities `json:"identities"`
	Steps      []Step     `json:"steps"`
	// Unreached are collections that the known identities don't lead to; Skipped are those the annotation marks.
	Unreached []Unreached `json:"unreached,omitempty"`
	Skipped   []Address   `json:"skipped,omitempty"`
	// Unused are references that were not followed, because their target had to be visited before their source.
	Unused []Unused `json:"unused,omitempty"`
}

// Step is one collection's turn.
type Step struct {
	Address
	// FoundBy lists the fields by which rows are found; a row belongs to the person when any of them matches.
	FoundBy []Entry `json:"found_by"`
}

// Entry is one way into a collection. Exactly one of Identity, RequestField and From is set.
type Entry struct {
	// Path is the field in the step's collection.
	Path         []string      `json:"path"`
	Identity     string        `json:"identity,omitempty"`
	RequestField string        `json:"request_field,omitempty"`
	From         *FieldAddress `json:"from,omitempty"`
	Belonging    Belonging     `json:"belonging,omitempty"`
}

// Belonging says whose the rows are that an entry finds. Reading goes by all entries; erasing and changing go by what is the person's own.
type Belonging string

// The kinds of belonging.
const (
	// Own rows carry the person's identity, or refer to a row that is the person's.
	Own Belonging = ""
	// Pointed rows are referred to by a row of the person's: an address, a card, a product. Rows of other people may refer to them too.
	Pointed Belonging = "pointed"
	// Part is an array in which single elements match: the row is somebody else's, the elements are the person's.
	Part Belonging = "part"
)

// Unreached is a collection that will not be visited, and why.
type Unreached struct {
	Address
	Reason string `json:"reason"`
}

// Unused is a reference that the plan did not follow, and why.
type Unused struct {
	From   FieldAddress `json:"from"`
	To     FieldAddress `json:"to"`
	Reason string       `json:"reason"`
}
