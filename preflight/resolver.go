package preflight

import "context"

// Resolver looks up TXT records. Records that are not there are a *net.DNSError whose IsNotFound is set; what went wrong for now is
// one whose IsTemporary or IsTimeout is set.
type Resolver interface {
	LookupTXT(ctx context.Context, name string) ([]string, error)
}
