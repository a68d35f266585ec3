package privacy

import (
	"fmt"
	"strings"
)

// Explanation tells how a date came about: rule → inputs → steps → date, with the citation.
type Explanation struct {
	Rule     string          `json:"rule"`
	Inputs   []Input         `json:"inputs"`
	Steps    []ExplainedStep `json:"steps"`
	Result   string          `json:"result"`
	Citation Citation        `json:"citation"`
}

// Input is one fact that a rule was applied to.
type Input struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// ExplainedStep is one step of a reckoning and the date it reached, if it reached one.
type ExplainedStep struct {
	Text string `json:"text"`
	Date Date   `json:"date,omitzero"`
}

func (s ExplainedStep) String() string {
	if s.Date.IsZero() {
		return s.Text
	}
	return fmt.Sprintf("%s → %s %s", s.Text, s.Date.Weekday().String()[:3], s.Date)
}

// String renders the explanation as lines of plain text.
func (e Explanation) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "rule    %s\n", e.Rule)
	for _, in := range e.Inputs {
		fmt.Fprintf(&b, "input   %s = %s\n", in.Name, in.Value)
	}
	for _, step := range e.Steps {
		fmt.Fprintf(&b, "step    %s\n", step)
	}
	fmt.Fprintf(&b, "result  %s\ncited   %s\n", e.Result, e.Citation)
	return b.String()
}

// explainLastDay says how the nominal day was reached, and names the month that is too short if one was.
func (c Counting) explainLastDay(start Date, p Period, end Date) ExplainedStep {
	text := fmt.Sprintf("%s from %s, %s", p, start, firstDayWords(c.FirstDay))
	if (p.Unit == Months || p.Unit == Years) && c.FirstDay != FirstDayIncluded && end.Day < start.Day && c.FirstDay != FirstDayNext {
		text += fmt.Sprintf("; %s %d has no day %d, so its last day counts", end.Month, end.Year, start.Day)
	}
	return ExplainedStep{Text: text, Date: end}
}

func firstDayWords(f FirstDay) string {
	switch f {
	case FirstDayIncluded:
		return "that day counted as the first"
	case FirstDayNext:
		return "the clock starting on the next day"
	case FirstDayExcluded:
	}
	return "that day not counted"
}

// explainRoll says why the period ends later than its nominal day.
func (c Counting) explainRoll(nominal, due Date, cal Calendar) ExplainedStep {
	text := fmt.Sprintf("%s is %s in calendar %s; the period ends with the next working day", nominal, cal.whyClosed(nominal), cal.ID)
	if cal.IsOpen(nominal) {
		text = "the period must hold at least two working days (Reg. 1182/71 Art 3(5))"
	}
	return ExplainedStep{Text: text, Date: due}
}

// words names what makes a reading differ.
func (r *Reading) words() string {
	if r == nil {
		return "as counted"
	}
	var parts []string
	if r.FirstDay == FirstDayIncluded {
		parts = append(parts, "the day of receipt is day one")
	}
	if r.RollOver == RollNone {
		parts = append(parts, "no roll-over")
	}
	if r.Holidays == HolidaysIgnored {
		parts = append(parts, "only weekends close")
	}
	switch r.Pause {
	case PauseIgnored:
		parts = append(parts, "the pause is not relied on")
	case PauseOneDayLess:
		parts = append(parts, "one paused day fewer")
	}
	return strings.Join(parts, ", ")
}
