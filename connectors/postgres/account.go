package postgres

import (
	"context"

	"github.com/privacy-docket/docket/connectors/relational"
)

// Account says whether the role is a superuser. What it may do to tables the catalog knows.
func (s *session) Account(ctx context.Context, _ catalog) (relational.Account, error) {
	may := relational.Account{Called: "role"}
	var super bool
	err := s.tx.QueryRow(ctx, `SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user`).Scan(&super)
	if super {
		may.Mighty = "is a superuser"
	}
	return may, fault("", err)
}
