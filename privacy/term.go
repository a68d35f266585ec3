package privacy

// Term is a period as one rule sets it, with the readings that differ from the best one.
type Term struct {
	Period   Period   `json:"period"`
	FirstDay FirstDay `json:"first_day,omitempty"` // when it differs from the law's usual counting
	RollOver RollOver `json:"roll_over,omitempty"`
	Safe     *Reading `json:"safe,omitempty"`    // the most cautious reading
	Lenient  *Reading `json:"lenient,omitempty"` // the most generous reading, shown but never relied on
}

// Reading is another way to count the same period.
type Reading struct {
	FirstDay FirstDay     `json:"first_day,omitempty"`
	RollOver RollOver     `json:"roll_over,omitempty"`
	Holidays HolidayUse   `json:"holidays,omitempty"`
	Pause    PauseReading `json:"pause,omitempty"`
}

// HolidayUse says whether a reading relies on holidays.
type HolidayUse string

// HolidaysIgnored treats holidays as ordinary days, so that only weekends close.
const HolidaysIgnored HolidayUse = "ignored"

// Valid reports whether h is a known use; the empty one relies on holidays.
func (h HolidayUse) Valid() bool { return h == "" || h == HolidaysIgnored }

// PauseReading says how much of a pause a reading relies on.
type PauseReading string

// The readings of a pause.
const (
	PauseIgnored    PauseReading = "ignored"
	PauseOneDayLess PauseReading = "one_day_less"
)

// Valid reports whether p is a known reading; the empty one relies on the whole pause.
func (p PauseReading) Valid() bool { return p == "" || p == PauseIgnored || p == PauseOneDayLess }

// TermDates is a counted term under each reading. EarliestSafe is never after Due; Lenient is zero without a generous
// reading.
type TermDates struct {
	Reckoned
	EarliestSafe Date `json:"earliest_safe"`
	Lenient      Date `json:"lenient,omitzero"`
}

// pausedDays is what closed pauses add to a term: in full, and with one day fewer for each pause.
type pausedDays struct{ full, oneLess int }

// Count reckons the term from start, by the law's usual counting where the term says nothing else.
func (t Term) Count(usual Counting, start Date, cal Calendar) (TermDates, error) {
	return t.count(usual, start, cal, pausedDays{})
}

// count reckons the best reading first; the others may only pull the cautious date forward, never push it back.
func (t Term) count(usual Counting, start Date, cal Calendar, paused pausedDays) (TermDates, error) {
	rules := usual.with(t.FirstDay, t.RollOver)
	best, err := rules.Count(start, t.Period, paused.full, cal)
	if err != nil {
		return TermDates{}, err
	}
	out := TermDates{Reckoned: best, EarliestSafe: best.Due}
	if t.Safe != nil {
		safe, err := t.Safe.count(t.Period, rules, start, cal, paused)
		if err != nil {
			return TermDates{}, err
		}
		out.EarliestSafe = earlier(safe, best.Due)
	}
	if t.Lenient != nil {
		if out.Lenient, err = t.Lenient.count(t.Period, rules, start, cal, paused); err != nil {
			return TermDates{}, err
		}
	}
	return out, nil
}

// count reckons one other reading: it changes only what the reading names.
func (r *Reading) count(p Period, rules Counting, start Date, cal Calendar, paused pausedDays) (Date, error) {
	if r.Holidays == HolidaysIgnored {
		cal = cal.WithHolidays([]Date{})
	}
	added := paused.full
	switch r.Pause {
	case PauseIgnored:
		added = 0
	case PauseOneDayLess:
		added = paused.oneLess
	}
	out, err := rules.with(r.FirstDay, r.RollOver).Count(start, p, added, cal)
	return out.Due, err
}

// with overrides what is not empty.
func (c Counting) with(first FirstDay, roll RollOver) Counting {
	if first != "" {
		c.FirstDay = first
	}
	if roll != "" {
		c.RollOver = roll
	}
	return c
}

func earlier(a, b Date) Date {
	if a.Before(b) {
		return a
	}
	return b
}
