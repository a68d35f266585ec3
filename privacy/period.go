package privacy

import (
	"fmt"
	"strconv"
	"strings"
)

// Unit is what a period is counted in.
type Unit string

// The units that the laws in policies/ use.
const (
	Hours       Unit = "hours"
	Days        Unit = "days"
	WorkingDays Unit = "working_days"
	Weeks       Unit = "weeks"
	Months      Unit = "months"
	Years       Unit = "years"
)

// Period is a length of time as a law writes it: "1 month", "45 days", "10 working_days", "72 hours".
type Period struct {
	Count int
	Unit  Unit
}

// ParsePeriod reads a positive whole number and a unit, singular or plural: "1 month", "20 working_days".
func ParsePeriod(s string) (Period, error) {
	number, name, found := strings.Cut(s, " ")
	count, err := strconv.Atoi(number)
	if !found || err != nil || count <= 0 {
		return Period{}, fmt.Errorf("period %q is not a positive number and a unit, such as \"45 days\"", s)
	}
	unit := Unit(name)
	if count == 1 && !strings.HasSuffix(name, "s") {
		unit += "s"
	}
	if !unit.known() {
		return Period{}, fmt.Errorf("period %q has the unknown unit %q (hours, days, working_days, weeks, months, years)", s, name)
	}
	return Period{Count: count, Unit: unit}, nil
}

func (u Unit) known() bool {
	switch u {
	case Hours, Days, WorkingDays, Weeks, Months, Years:
		return true
	}
	return false
}

// IsZero reports whether there is no period at all.
func (p Period) IsZero() bool { return p == Period{} }

// Plus adds two periods of the same unit; an extension is counted with its base in one step from the start, so mixed
// units have no meaning and are refused.
func (p Period) Plus(q Period) (Period, error) {
	if p.Unit != q.Unit {
		return Period{}, fmt.Errorf("adding %s to %s: the units differ", q, p)
	}
	return Period{Count: p.Count + q.Count, Unit: p.Unit}, nil
}

// Times multiplies the length, as the LGPD does for small processing agents.
func (p Period) Times(n int) Period { return Period{Count: p.Count * n, Unit: p.Unit} }

func (p Period) String() string {
	if p.IsZero() {
		return ""
	}
	unit := string(p.Unit)
	if p.Count == 1 {
		unit = strings.TrimSuffix(unit, "s")
	}
	return strconv.Itoa(p.Count) + " " + unit
}

// MarshalText writes the form ParsePeriod reads.
func (p Period) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// UnmarshalText reads what MarshalText wrote; an empty text is no period.
func (p *Period) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*p = Period{}
		return nil
	}
	parsed, err := ParsePeriod(string(text))
	if err != nil {
		return err
	}
	*p = parsed
	return nil
}
