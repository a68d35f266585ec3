package main

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/privacy-docket/docket/client"
)

// boardCommand is `docket board`.
func (v *verbs) boardCommand() *cobra.Command {
	var which client.Board
	var before string
	var paging pagingFlags
	cmd := v.online("board", "List everything that is owed, soonest first", cobra.NoArgs, func(ctx context.Context, s *session, _ []string) (err error) {
		if which.DueBefore, err = s.moment("due-before", before); err != nil {
			return err
		}
		page, err := collect(ctx, paging, func(ctx context.Context, p client.Paging) (client.Page[client.BoardLine], error) {
			return s.Obligations(ctx, which, p)
		})
		if err != nil {
			return err
		}
		return listing[client.BoardLine]{
			head: "DUE\tSTATE\tOWED\tREQUEST\tRIGHT\tREGIME\tREQUEST IS\tRULE",
			row: func(o client.BoardLine) []string {
				return []string{s.boardDue(o), o.State, o.Kind, o.Reference, o.Right, o.Regime, o.RequestState, o.Citation}
			},
			empty: "Nothing that fits is owed.",
		}.print(s, page)
	})
	flags := cmd.Flags()
	flags.StringVar(&which.State, "state", "", "only in this state: open, paused, overdue")
	flags.StringVar(&which.Kind, "kind", "", "only of this kind: respond, acknowledge, …")
	flags.StringVar(&before, "due-before", "", "only what is due before this day or time: 2026-04-01, 2026-04-01T12:00:00+02:00")
	paging.add(cmd)
	return cmd
}

// boardDue is when something is due; a clock that stands has no time left to show.
func (s *session) boardDue(o client.BoardLine) string {
	if o.State == "paused" {
		return "paused"
	}
	return dueWords(o.Due, s.clock.Now())
}

// moment reads a day, which begins at midnight here, or a time; "" is the zero time.
func (s *session) moment(flag, text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	if at, err := time.Parse(time.RFC3339, text); err == nil {
		return at, nil
	}
	day, err := time.ParseInLocation(time.DateOnly, text, s.zone)
	if err != nil {
		return time.Time{}, fmt.Errorf("--%s is neither a day (2026-04-01) nor a time with its zone (2026-04-01T12:00:00+02:00)", flag)
	}
	return day, nil
}
