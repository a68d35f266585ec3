package correction_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/privacy/correction"
	"github.com/privacy-docket/docket/privacy/dataset"
)

// A number that its field would round is refused when it is proposed, as a text is that is too long.
func TestNumbersThatTheFieldWouldRound(t *testing.T) {
	t.Parallel()
	was := "1"
	for _, c := range []struct{ kind, value, want string }{
		{"numeric(10,2)", "12.50", ""},
		{"numeric(10,2)", "12.500", ""}, // the same number
		{"numeric(10,2)", "-12.5", ""},
		{"numeric(10,2)", "00012345678.90", ""},
		{"numeric(10,2)", ".5", ""},
		{"numeric(10,2)", "12.505", "has 3 decimals and the field keeps 2"},
		{"numeric(10,2)", "123456789", "has 9 digits before the point and the field keeps 8"},
		{"numeric(10,2)", "1e3", "written out"},
		{"decimal(5,0)", "12.5", "takes whole numbers"},
		{"decimal(5) unsigned", "12345", ""},
		{"decimal(5) unsigned", "123456", "has 6 digits"},
		{"numeric(2,4)", "0.0012", ""},
		{"numeric(2,4)", "0.00123", "has 5 decimals"},
		{"integer", "12.5", "takes whole numbers"},
		{"integer", "12.0", ""},
		{"bigint(20) unsigned", "12", ""},
		{"int(11)", "1.1", "takes whole numbers"},
		{"numeric", "12.505", ""},         // keeps what it is given
		{"double precision", "1e3", ""},   // says nothing of digits
		{"money_of_ours", "12.505", ""},   // a name that says nothing
		{"numeric(3,-2)", "12345.67", ""}, // rounds to hundreds: its system says so
		{"interval", "12.5", ""},          // no number by its name
		{"numeric(10,2)", "twelve", "must be a number"},
	} {
		f := correction.Field{Name: "total", Type: c.kind, Kind: dataset.ColumnNumber, Present: []correction.Present{{Value: &was, Rows: 1}}}
		err := f.Fits(correction.Proposal{Field: "total", Was: &was, Becomes: &c.value})
		if c.want == "" {
			require.NoError(t, err, "%s %s", c.kind, c.value)
			continue
		}
		require.ErrorContains(t, err, c.want, "%s %s", c.kind, c.value)
		require.NotContains(t, err.Error(), c.value, "no value is quoted")
	}
}
