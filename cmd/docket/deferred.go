package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/google/uuid"
	"github.com/spf13/cobra"

	"github.com/privacy-docket/docket/client"
)

// erasureLater is `docket erasure later`.
func (v *verbs) erasureLater() *cobra.Command {
	return group("later", "What erasures left to its time", v.laterList(), v.laterShow(), v.laterByHand())
}

func (v *verbs) laterList() *cobra.Command {
	var done bool
	cmd := v.online("list", "List what waits, soonest first", cobra.NoArgs, func(ctx context.Context, s *session, _ []string) error {
		page, err := s.DeferredErasures(ctx, done)
		if err != nil {
			return err
		}
		return listing[client.LeftToItsTime]{
			head: "ID\tREQUEST\tSTATE\tNEXT LOOK",
			row: func(d client.LeftToItsTime) []string {
				return []string{d.ID.String(), d.Reference, d.State, d.Due.Format(time.DateOnly)}
			},
			empty: "Nothing waits for its time.",
		}.print(s, page)
	})
	cmd.Flags().BoolVar(&done, "done", false, "also what is done")
	return cmd
}

func (v *verbs) laterShow() *cobra.Command {
	return v.online("show ID", "Show one: whose rows they are, and what people are asked to erase by hand", cobra.ExactArgs(1),
		func(ctx context.Context, s *session, args []string) error {
			id, err := deferralID(args[0])
			if err != nil {
				return err
			}
			d, err := s.DeferredErasure(ctx, id)
			if err != nil {
				return err
			}
			return s.show(d, func(w io.Writer) { printLater(w, d) })
		})
}

func (v *verbs) laterByHand() *cobra.Command {
	return v.online("by-hand ID SYSTEM", "Say that people have erased in a system what they were asked to", cobra.ExactArgs(2),
		func(ctx context.Context, s *session, args []string) error {
			id, err := deferralID(args[0])
			if err != nil {
				return err
			}
			d, err := s.ErasedLaterByHand(ctx, id, args[1])
			if err != nil {
				return err
			}
			return s.show(d, func(w io.Writer) { printLater(w, d) })
		})
}

func deferralID(text string) (uuid.UUID, error) {
	id, err := uuid.Parse(text)
	if err != nil {
		return id, errors.New("write the id as docket erasure later list does")
	}
	return id, nil
}

func printLater(w io.Writer, d client.LeftToItsTimeInFull) {
	pairs(w, [2]string{"request", d.Reference}, [2]string{"state", d.State}, [2]string{"next look", d.Due.Format(time.DateOnly)})
	if d.Person != nil {
		pairs(w, [2]string{"e-mail", d.Person.Email}, [2]string{"phone", d.Person.Phone}, [2]string{"customer id", d.Person.CustomerID})
	}
	for _, a := range d.ByHand {
		state := "to be erased by hand"
		if !a.Open {
			state = "erased by hand"
		}
		fmt.Fprintf(w, "\n%s: %s, what had come to its end by %s\n  %s\n", printable(a.System), state, a.Through, printable(a.Problem))
	}
}
