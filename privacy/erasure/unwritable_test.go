package erasure_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/privacy/dataset"
	"github.com/privacy-docket/docket/privacy/erasure"
)

// Why a field can't be written is said as it is: only what was declared never to be written is helped by declaring otherwise.
func TestWhyAFieldCantBeWritten(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change   func(*erasure.Site, *dataset.Table)
		what, do string
	}{
		"missing": {what: "no such column", do: "name it as the table does", change: func(_ *erasure.Site, customers *dataset.Table) {
			for i := range customers.Columns {
				if customers.Columns[i].Name == "name" {
					customers.Columns[i].Name = "full_name"
				}
			}
		}},
		"worked out": {what: "works it out by itself", do: "method: delete", change: func(_ *erasure.Site, customers *dataset.Table) {
			for i := range customers.Columns {
				customers.Columns[i].Generated = customers.Columns[i].Name == "name"
			}
		}},
		"read only": {what: "never written", do: "take read_only away", change: func(s *erasure.Site, _ *dataset.Table) {
			fields := s.Datasets[0].Collections[0].Fields
			for i := range fields {
				fields[i].ReadOnly = fields[i].Name == "name"
			}
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			line := lay(t, func(s *erasure.Site, _ *erasure.Circumstances) { c.change(s, &s.Structure.Tables[0]) }).line(t, "customers")
			require.Len(t, line.Problems, 1)
			require.Equal(t, "shop.customers.name", line.Problems[0].Where)
			require.Equal(t, erasure.ProblemUnwritable, line.Problems[0].Code)
			require.Contains(t, line.Problems[0].What, c.what)
			require.Contains(t, line.Problems[0].Do, c.do)
		})
	}
}
