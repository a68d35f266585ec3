package privacy

import (
	"fmt"
	"slices"
	"time"
)

// Recourse says that what a request was about is kept while the person can still turn to somebody about its end: PIPEDA s.8(8), CQLR c P-39.1 s.36.
// How long that is, Appeal.Within of the regime says; while the request is open Regime.BlocksErasure keeps it.
type Recourse struct {
	Rights []Right `json:"rights"`
	// After are the outcomes of a request that leave something to complain about.
	After    []Outcome `json:"after"`
	Citation Citation  `json:"citation"`
}

// Ended is a request that has come to its end, as far as recourse hangs on it.
type Ended struct {
	Right   Right
	Outcome Outcome
	// Proven says that the person was who they said they were.
	Proven bool
	// At is the end; Zone is where it is a day, and Calendar or Holidays close days there, as for the request's own dates.
	At       time.Time
	Zone     *time.Location
	Calendar string
	Holidays []Date
}

// RecourseUntil is the last day on which the person can turn to somebody about the end of a request; zero where nothing is kept for that. It is
// counted from the end, as the regime counts every period: where the day is put off because the last one is closed, so is the keeping.
//
// What was taken back leaves nothing to complain about: PIPEDA s.11(3) and CQLR c P-39.1 s.42 let people complain of an answer, or that there is none.
// What was cancelled was no request (filed by mistake, or twice, and then the other one counts), and what nobody proved to be theirs was not the
// person's: else whoever knows somebody's address could keep them from being erased.
func (r *Regime) RecourseUntil(e Ended) (Date, error) {
	if r.Recourse == nil || !e.Proven || !slices.Contains(r.Recourse.Rights, e.Right) || !slices.Contains(r.Recourse.After, e.Outcome) {
		return Date{}, nil
	}
	cal, err := r.calendar(Facts{Calendar: e.Calendar, Holidays: e.Holidays})
	if err != nil {
		return Date{}, err
	}
	counted, err := r.Counting.Count(DateIn(e.At, e.Zone), r.Appeal.Within, 0, cal)
	if err != nil {
		return Date{}, fmt.Errorf("counting the recourse under %s: %w", r.ID, err)
	}
	return counted.Due, nil
}
