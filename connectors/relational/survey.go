package relational

import (
	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/privacy"
)

// OnDay counts own rows of a day, or without one rows of which nobody can tell it.
func OnDay(s *connectors.Survey, day string, rows int64) error {
	if day == "" {
		s.Undated += rows
		return nil
	}
	d, err := privacy.ParseDate(day)
	if err != nil {
		return &connectors.Error{Code: connectors.ErrServer, What: "the server wrote a day in a form that can't be read", Do: "report the column's type"}
	}
	s.Days = append(s.Days, connectors.DayCount{Day: d, Rows: rows})
	return nil
}
