package dataset

import "time"

// Service says how the collections of a system are reached that lies behind HTTP: which request finds a person's rows, where they are in the
// answer, and which request deletes or changes one. It holds no secret: what opens the system is kept beside it.
type Service struct {
	Name string
	// URL is where all paths begin.
	URL string
	// Constants may stand in requests as <constants.name>.
	Constants map[string]string
	// Headers go with every request.
	Headers     map[string]Template
	Auth        ServiceAuth
	Limits      ServiceLimits
	Test        *ServiceRequest
	Collections []ServiceCollection
}

// ServiceAuth is how requests show who asks.
type ServiceAuth struct {
	Kind AuthKind
	// Name is that of the header or the query parameter; Prefix stands before the token in a header.
	Name   string
	Prefix string
	// TokenURL and Scope are those of OAuth2's client credentials; InBody sends these in the form in place of basic authentication.
	TokenURL string
	Scope    string
	InBody   bool
}

// AuthKind is a way to show who asks.
type AuthKind string

// The ways.
const (
	AuthNone   AuthKind = "none"
	AuthBearer AuthKind = "bearer"
	AuthBasic  AuthKind = "basic"
	AuthHeader AuthKind = "header"
	AuthQuery  AuthKind = "query"
	AuthOAuth2 AuthKind = "oauth2"
)

// Secrets are the names of what opens the system.
func (a ServiceAuth) Secrets() []string {
	switch a.Kind {
	case AuthBasic:
		return []string{"user", "password"}
	case AuthOAuth2:
		return []string{"client_id", "client_secret"}
	case AuthBearer, AuthHeader, AuthQuery:
		return []string{"token"}
	default:
		return nil
	}
}

// ServiceLimits bound what is asked of the service and taken from it. Zero values mean the connector's defaults.
type ServiceLimits struct {
	// Requests may be begun within Per.
	Requests int
	Per      time.Duration
	// Concurrency is how many may be under way at a time.
	Concurrency int
	// Retries is how often a request is sent again.
	Retries int
	// Timeout is how long one request may take, with its answer.
	Timeout time.Duration
	// Answer is the longest answer that is taken, in bytes; Pages how many of them may follow each other.
	Answer int64
	Pages  int
}

// ServiceRequest is one request with its places for values.
type ServiceRequest struct {
	Method string
	// Path stands behind the service's URL.
	Path    Template
	Query   map[string]Template
	Headers map[string]Template
	// JSON is a body of maps, lists, templates, numbers and truth values; Form is one of a form. At most one is set.
	JSON any
	Form map[string]Template
	// Async waits for a job that the answer only begins.
	Async *ServiceAsync
	Line  int
}

// ServiceAsync is how a job is waited for.
type ServiceAsync struct {
	// Status is the member of the answer that holds the job's address; without it the header Location does.
	Status []string
	// State is the member that tells how far the job is; Done and Failed are its last values. Without it the job goes on as long as 202 is answered.
	State  []string
	Done   []string
	Failed []string
	// Result is the member that holds the address of what the job made; without it the last answer is that.
	Result []string
	Every  time.Duration
	Within time.Duration
}

// ServiceCollection is how one collection is reached.
type ServiceCollection struct {
	Address
	// Key is the member of a row that tells it from others, where the annotation has no primary key.
	Key   []string
	Reads []ServiceRead
	// Fields say of annotated fields what the annotation can't.
	Fields map[string]ServiceField
	Delete *ServiceChange
	Update *ServiceChange
	// Add puts somebody on the collection, which is a list.
	Add  *ServiceAdd
	Line int
}

// ServiceAdd is a request that puts a value on a list.
type ServiceAdd struct {
	ServiceRequest
	// There are the statuses that mean that the value is on the list already, which is as good as done.
	There []int
	// Repeatable says that the request may be sent twice although its method promises nothing.
	Repeatable bool
}

// ServiceField is one field of a row.
type ServiceField struct {
	// At is where the field stands in a row; empty for a member with its own name.
	At []string
	// Type is one of ServiceTypes; empty means by the annotation's data_type, or by the value itself.
	Type string
	// Required fields take no null.
	Required bool
	Line     int
}

// ServiceTypes are the types that a field of a service may be declared to have.
func ServiceTypes() []string {
	return []string{"text", "integer", "number", "boolean", "date", "moment", "uuid", "bytes", "document", "list"}
}

// ServiceRead is a request that finds rows.
type ServiceRead struct {
	ServiceRequest
	// By is the annotated field by whose values rows are found; empty lists all rows.
	By []string
	// Rows is where the rows are in the answer.
	Rows RowPath
	// Nobody are the statuses that mean that there is no such row; Empty says that an answer without a body means it too.
	Nobody []int
	Empty  bool
	// Implied says that rows don't carry the field they are found by: the request alone says whose they are.
	Implied bool
	Paging  *ServicePaging
}

// PagingKind is a way to ask for the next rows.
type PagingKind string

// The ways.
const (
	PagingPage   PagingKind = "page"
	PagingOffset PagingKind = "offset"
	PagingCursor PagingKind = "cursor"
	PagingLink   PagingKind = "link" // the header Link, rel="next" (RFC 8288)
	PagingURL    PagingKind = "url"  // a member of the answer
)

// ServicePaging is how the rows behind the first ones are asked for.
type ServicePaging struct {
	Kind PagingKind
	// Parameter takes the page, the offset or the cursor, in the query or the body.
	Parameter string
	InBody    bool
	// First is the number of the first page.
	First int
	// SizeParameter takes Size, how many rows are wanted at a time.
	SizeParameter string
	Size          int
	// Next is the member of the answer that holds the next cursor or address.
	Next []string
}

// ServiceChange is a request that deletes or changes.
type ServiceChange struct {
	ServiceRequest
	// By is set when one request deletes all rows that are found by a value of this field; otherwise there is one per row.
	By []string
	// Gone are the statuses that mean that the row is not there any more, which is as good as done.
	Gone []int
	// At is the member of the body under which changed fields are put; Whole sends all of the row with it.
	At    []string
	Whole bool
	// Repeatable says that the request may be sent twice although its method promises nothing.
	Repeatable bool
}

// Collection finds how a collection is reached.
func (s *Service) Collection(a Address) (*ServiceCollection, bool) {
	for i := range s.Collections {
		if s.Collections[i].Address == a {
			return &s.Collections[i], true
		}
	}
	return nil, false
}
