// Package migrations holds the register's schema, step by step.
package migrations

import "embed"

// Files are the goose migrations, in order.
//
//go:embed *.sql
var Files embed.FS
