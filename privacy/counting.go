package privacy

import "fmt"

// FirstDay says what the day of the event does to a period.
type FirstDay string

// The first-day rules.
const (
	// FirstDayExcluded: the day of the event is not counted (Reg. 1182/71 Art 3(1); Interpretation Act (Canada) s.27).
	FirstDayExcluded FirstDay = "excluded"
	// FirstDayIncluded: the day of the event is day one (Spam Act 2003 Sch 2 cl 6; the cautious reading of 11 CCR 7021).
	FirstDayIncluded FirstDay = "included"
	// FirstDayNext: the clock starts on the day after the event and ends on the date that corresponds to that start
	// (ICO on DPA 2018 Part 3). Not the same as excluded: 30 June gives 1 August, not 30 July.
	FirstDayNext FirstDay = "next_day"
)

// Valid reports whether f is a known rule; the empty rule means "as the regime counts".
func (f FirstDay) Valid() bool {
	return f == "" || f == FirstDayExcluded || f == FirstDayIncluded || f == FirstDayNext
}

// RollOver says what happens when the last day of a period is not a working day.
type RollOver string

// The roll-over rules. Periods in hours never roll.
const (
	RollNone    RollOver = "none"
	RollNextDay RollOver = "next_open_day" // to the next day that the calendar does not close
	RollReg1182 RollOver = "reg_1182_71"   // the same, and a period of two days or more holds two working days (Art 3(5))
)

// Valid reports whether r is a known rule; the empty rule means "as the regime counts".
func (r RollOver) Valid() bool {
	return r == "" || r == RollNone || r == RollNextDay || r == RollReg1182
}

// Counting is how a law counts periods.
type Counting struct {
	FirstDay FirstDay `json:"first_day"`
	RollOver RollOver `json:"roll_over"`
	Citation Citation `json:"citation"`
}

// Reckoned is a counted period: the day before and after roll-over, and how each was reached.
type Reckoned struct {
	Nominal Date            `json:"nominal"`
	Due     Date            `json:"due"`
	Steps   []ExplainedStep `json:"steps"`
}

// Count reckons a period in days, working days, weeks, months or years from start. Extra days (a pause) are added to
// the nominal day before roll-over. A period in hours has no last day; use AfterHours for it.
func (c Counting) Count(start Date, p Period, extra int, cal Calendar) (Reckoned, error) {
	nominal, err := c.lastDay(start, p, cal)
	if err != nil {
		return Reckoned{}, err
	}
	out := Reckoned{Nominal: nominal, Steps: []ExplainedStep{c.explainLastDay(start, p, nominal)}}
	if extra > 0 {
		nominal = nominal.AddDays(extra)
		out.Nominal = nominal
		out.Steps = append(out.Steps, ExplainedStep{Text: fmt.Sprintf("%d paused days are added", extra), Date: nominal})
	}
	out.Due = c.roll(start, p, nominal, cal)
	if out.Due != nominal {
		out.Steps = append(out.Steps, c.explainRoll(nominal, out.Due, cal))
	}
	return out, nil
}

// lastDay is the nominal end: the day that carries the number or the weekday of the start (Reg. 1182/71 Art 3(2)(c)), or the
// nth day after it. A first day that counts takes one day off.
func (c Counting) lastDay(start Date, p Period, cal Calendar) (Date, error) {
	if c.FirstDay == FirstDayNext {
		start = start.AddDays(1)
	}
	back := 0
	if c.FirstDay == FirstDayIncluded {
		back = 1
	}
	switch p.Unit {
	case Days:
		return start.AddDays(p.Count - back), nil
	case WorkingDays:
		return cal.addWorkingDays(start.AddDays(-back), p.Count)
	case Weeks:
		return start.AddDays(7*p.Count - back), nil
	case Months:
		return start.AddMonths(p.Count).AddDays(-back), nil
	case Years:
		return start.AddYears(p.Count).AddDays(-back), nil
	case Hours:
	}
	return Date{}, fmt.Errorf("counting %q from %s: a period in %q has no last day", p, start, p.Unit)
}

// roll moves the nominal day to an open day where the law says so.
func (c Counting) roll(start Date, p Period, nominal Date, cal Calendar) Date {
	if c.RollOver != RollNextDay && c.RollOver != RollReg1182 {
		return nominal
	}
	due := cal.NextOpenDay(nominal)
	if c.RollOver != RollReg1182 || (p.Unit != Days && p.Unit != Weeks) || start.DaysUntil(nominal) < 2 {
		return due
	}
	// Art 3(5): a period of two days or more holds two working days. Months and years always do.
	for cal.workingDaysBetween(start, due) < 2 {
		due = cal.NextOpenDay(due.AddDays(1))
	}
	return due
}
