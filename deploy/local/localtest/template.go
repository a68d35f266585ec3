package localtest

import "context"

// Template is a database that Database clones from, so that migrations run once per test run and not once per test.
type Template struct {
	// Name tells templates apart, e.g. "register"; letters, digits and underscores. Put a hash of the migrations into
	// it, because a template once made is kept as long as the stack's state.
	Name string
	// Migrate fills the template. It is given the URL of the superuser on the new, empty database. Nil leaves it empty.
	Migrate func(ctx context.Context, adminDSN string) error
}
