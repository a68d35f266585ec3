package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
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
	var paging pagingFlags
	cmd := v.online("list", "List what waits, soonest first: what is kept where, under which law and until when, and what puts it off", cobra.NoArgs, func(ctx context.Context, s *session, _ []string) error {
		page, err := collect(ctx, paging, func(ctx context.Context, p client.Paging) (client.Page[client.LeftToItsTimeLine], error) {
			return s.DeferredErasures(ctx, done, p)
		})
		if err != nil {
			return err
		}
		return listing[client.LeftToItsTimeLine]{
			head: "ID\tREQUEST\tSTATE\tNEXT LOOK\tKEPT\tPUT OFF BY",
			row: func(d client.LeftToItsTimeLine) []string {
				return []string{d.ID.String(), d.Reference, d.State, d.Due.Format(time.DateOnly), keptLater(d.Kept), putOff(d)}
			},
			empty: "Nothing waits for its time.",
		}.print(s, page)
	})
	cmd.Flags().BoolVar(&done, "done", false, "also what is done, behind the others")
	paging.add(cmd)
	return cmd
}

// keptLater says in which systems something is kept, under which law and until when.
func keptLater(kept []client.DeferredKept) string {
	parts := make([]string, len(kept))
	for i, k := range kept {
		parts[i] = printable(k.System + ": " + k.Citation.Text + until(k.Until))
	}
	return strings.Join(parts, "; ")
}

// putOff says what keeps it from being erased beside its time.
func putOff(d client.LeftToItsTimeLine) string {
	var parts []string
	for _, h := range d.Holds {
		parts = append(parts, "hold "+printable(h.Matter))
	}
	for _, k := range d.Kept {
		if stopped := "stop of " + printable(k.System); k.Stopped && !slices.Contains(parts, stopped) {
			parts = append(parts, stopped)
		}
	}
	for _, system := range d.Asked {
		parts = append(parts, "people in "+printable(system))
	}
	if d.ToTell > 0 {
		parts = append(parts, several(int(d.ToTell), "recipient")+" to be told")
	}
	return strings.Join(parts, ", ")
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
