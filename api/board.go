package api

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
)

// boardLine is one obligation on the board of all that is owed.
type boardLine struct {
	ID           uuid.UUID   `json:"id" format:"uuid"`
	Request      uuid.UUID   `json:"request_id" format:"uuid"`
	Reference    string      `json:"reference"`
	Right        string      `json:"right"`
	Regime       string      `json:"regime"`
	RequestState string      `json:"request_state"`
	Assignee     *uuid.UUID  `json:"assignee_id,omitempty" format:"uuid"`
	Kind         string      `json:"kind"`
	Citation     string      `json:"citation"`
	State        string      `json:"state"`
	Due          time.Time   `json:"due"`
	EarliestSafe time.Time   `json:"earliest_safe"`
	Risk         string      `json:"risk" enum:"overdue,amber,neutral,paused" doc:"amber from the first reminder of its ladder on."`
	AmberAt      *time.Time  `json:"amber_at,omitempty" doc:"When it becomes amber."`
	Paused       []pausedFor `json:"paused,omitempty" doc:"What stops the clock, oldest first."`
}

// pausedFor is one reason for which a clock stands still.
type pausedFor struct {
	Kind  string    `json:"kind" enum:"identity,clarification,fee"`
	Since time.Time `json:"since"`
}

type listBoard struct {
	Paging
	Assigned
	State     string    `query:"state" enum:"open,paused,overdue"`
	Kind      string    `query:"kind" maxLength:"40"`
	Right     string    `query:"right" enum:"access,portability,rectification,erasure,restriction,objection,automated_decision,opt_out,limit_use"`
	Regime    string    `query:"regime" maxLength:"40"`
	System    string    `query:"system" maxLength:"63" doc:"The key of a system: only of requests whose collection reads it."`
	DueBefore time.Time `query:"due_before" doc:"Only what is due before this moment."`
}

const boardList = "obligations"

func (s *server) board(ctx context.Context, who *caller, in *listBoard) (*page[boardLine], error) {
	filter := storage.BoardFilter{State: in.State, Kind: in.Kind, Right: in.Right, Regime: in.Regime, Limit: in.Limit}
	if !in.DueBefore.IsZero() {
		filter.DueBefore = &in.DueBefore
	}
	var err error
	if filter.Assignee, filter.Nobody, err = in.read(who); err != nil {
		return nil, err
	}
	if filter.After, err = readCursor(who, boardList, in.Cursor); err != nil {
		return nil, err
	}
	var rows []storage.BoardLine
	var paused map[uuid.UUID][]storage.OpenPause
	var now time.Time
	err = s.db.Read(ctx, who.tenant.ID, func(ctx context.Context, tx *storage.Tx) error {
		now = tx.Now()
		if filter.System, err = systemNamed(ctx, tx, in.System); err != nil {
			return err
		}
		if rows, err = tx.Board(ctx, filter); err != nil {
			return err
		}
		paused, err = pausesOf(ctx, tx, rows)
		return err
	})
	if err != nil {
		return nil, err
	}
	next, err := nextCursor(who, boardList, in.Limit, rows, func(r storage.BoardLine) (time.Time, uuid.UUID) { return r.Due, r.ID })
	if err != nil {
		return nil, err
	}
	return newPage(each(rows, func(r storage.BoardLine) boardLine { return boardLineOf(r, paused[r.CaseID], now) }), next), nil
}

// pausesOf reads why the paused ones of a page are. A page without any asks nothing.
func pausesOf(ctx context.Context, tx *storage.Tx, rows []storage.BoardLine) (map[uuid.UUID][]storage.OpenPause, error) {
	var cases []uuid.UUID
	for _, r := range rows {
		if r.State == storage.ObligationPaused {
			cases = append(cases, r.CaseID)
		}
	}
	if len(cases) == 0 {
		return map[uuid.UUID][]storage.OpenPause{}, nil
	}
	return tx.OpenPauses(ctx, cases)
}

func boardLineOf(r storage.BoardLine, pauses []storage.OpenPause, now time.Time) boardLine {
	line := boardLine{
		ID: r.ID, Request: r.CaseID, Reference: r.Reference, Right: r.RequestRight, Regime: r.Regime, RequestState: r.CaseState,
		Assignee: r.AssigneeID, Kind: r.Kind, Citation: r.Citation, State: r.State, Due: r.Due, EarliestSafe: r.EarliestSafe,
		Risk: riskOf(r, now), AmberAt: r.AmberAt,
	}
	if r.State == storage.ObligationPaused {
		line.Paused = each(pauses, func(p storage.OpenPause) pausedFor { return pausedFor{Kind: p.Kind, Since: p.FromAt} })
	}
	return line
}

// riskOf is how an obligation stands, as the horizon counts it.
func riskOf(r storage.BoardLine, now time.Time) string {
	switch {
	case r.State == storage.ObligationPaused:
		return "paused"
	case r.State == storage.ObligationOverdue || r.Due.Before(now):
		return "overdue"
	case r.AmberAt != nil && !r.AmberAt.After(now):
		return "amber"
	default:
		return "neutral"
	}
}

type horizonIn struct {
	From string `query:"from" maxLength:"10" doc:"The first day, as 2006-01-02; today when absent."`
	Days int    `query:"days" minimum:"1" maximum:"366" default:"30"`
}

// horizonView is what falls due, by day. Days on which nothing does are there too.
type horizonView struct {
	Zone          string       `json:"zone" doc:"The tenant's time zone, in which the days are."`
	Days          []horizonDay `json:"days"`
	OverdueBefore int64        `json:"overdue_before" doc:"How many are overdue since before the first day."`
}

type horizonDay struct {
	Day     string `json:"day" format:"date"`
	Overdue int64  `json:"overdue"`
	Amber   int64  `json:"amber"`
	Neutral int64  `json:"neutral"`
	Paused  int64  `json:"paused"`
}

func (s *server) horizon(ctx context.Context, who *caller, in *horizonIn) (*shown[horizonView], error) {
	zone := who.tenant.Zone
	first := privacy.DateIn(s.Clock.Now(), zone)
	if in.From != "" {
		var err error
		if first, err = readDay("query.from", in.From); err != nil {
			return nil, err
		}
	}
	out := horizonView{Zone: zone.String(), Days: make([]horizonDay, in.Days)}
	begins := make([]time.Time, in.Days+1)
	for i := range begins {
		begins[i] = beginOf(first.AddDays(i), zone)
	}
	for i := range out.Days {
		out.Days[i].Day = first.AddDays(i).String()
	}
	err := s.db.Read(ctx, who.tenant.ID, func(ctx context.Context, tx *storage.Tx) error {
		rows, err := tx.Horizon(ctx, begins)
		for _, r := range rows {
			if r.Day == 0 {
				out.OverdueBefore = r.Overdue
				continue
			}
			day := &out.Days[r.Day-1]
			day.Overdue, day.Amber, day.Neutral, day.Paused = r.Overdue, r.Amber, r.Neutral, r.Paused
		}
		return err
	})
	return &shown[horizonView]{Body: out}, err
}

// readDay reads a day of a query.
func readDay(place, text string) (privacy.Date, error) {
	day, err := privacy.ParseDate(text)
	if err != nil || !reckonable(day.EndIn(time.UTC)) {
		return privacy.Date{}, invalid(place, "must be a day of the years 1900 to 2199, as 2006-01-02")
	}
	return day, nil
}

// beginOf is the moment at which a day begins in a zone.
func beginOf(day privacy.Date, zone *time.Location) time.Time {
	return time.Date(day.Year, day.Month, day.Day, 0, 0, 0, 0, zone)
}
