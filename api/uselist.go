package api

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/storage"
)

type useListIn struct {
	Body struct {
		People []knownPerson `json:"people" nullable:"false" minItems:"1" maxItems:"10000" doc:"Each with everything the system knows them by."`
		Usage
	}
}

// useList says of a list of people whose data may not be used so now.
type useList struct {
	Checked int          `json:"checked" doc:"How many people were asked about."`
	Refused []useRefused `json:"refused" nullable:"false" doc:"Those whose data may not be used so, in the order of the list; everybody else's may."`
	At      time.Time    `json:"at" doc:"When this was so. Ask again before each use."`
}

type useRefused struct {
	Index  int        `json:"index" doc:"The place in people, from 0."`
	Blocks []useBlock `json:"blocks"`
}

type cameBackIn struct {
	Idempotent
	Body struct {
		Person knownPerson `json:"person" doc:"What they were erased by: each of what is given is looked for."`
		Reason string      `json:"reason" enum:"consent,contract,mistake" doc:"consent: they signed up anew. contract: they are a customer again. mistake: somebody else was meant."`
	}
}

type cameBack struct {
	Ended int64 `json:"ended" doc:"How much of what was given was suppressed."`
}

func (s *server) useListOperations() {
	register(s, operation{
		id: "check-use-list", method: http.MethodPost, path: "/v1/use-checks/list", tag: "limits", maxBody: 8 << 20,
		summary: "Whose data of a list may not be used so now, as check-use for up to 10,000 people: before a list is imported, or written to. It is on record who asked about how many, and for what",
	}, s.checkUseList)
	register(s, operation{
		id: "end-suppression", method: http.MethodPost, path: "/v1/suppressions/end", tag: "limits", errors: []int{http.StatusConflict},
		summary: "Somebody who was erased has come back by themselves: they may be written to and taken in again",
	}, s.endSuppression)
	s.suppressionListOperations()
}

// checkUseList answers for many at once. Who asks about them is on record before they are told anything: an answer says who was erased, or objected.
func (s *server) checkUseList(ctx context.Context, who *caller, in *useListIn) (*shown[useList], error) {
	people := make([]storage.Person, len(in.Body.People))
	for i, p := range in.Body.People {
		person, err := p.person(fmt.Sprintf("body.people[%d]", i))
		if err != nil {
			return nil, err
		}
		people[i] = person
	}
	out := &shown[useList]{Body: useList{Checked: len(people), Refused: []useRefused{}}}
	if err := s.record(ctx, who, usesChecked(len(people), in.Body.Purpose)); err != nil {
		return nil, err
	}
	err := s.db.Read(ctx, who.tenant.ID, func(ctx context.Context, tx *storage.Tx) error {
		blocks, err := s.Desk.MayUse(ctx, tx, in.Body.use(), people...)
		out.Body.At = tx.Now()
		for i, all := range blocks {
			if len(all) > 0 {
				out.Body.Refused = append(out.Body.Refused, useRefused{Index: i, Blocks: each(all, blockOf)})
			}
		}
		return err
	})
	return out, err
}

// usesChecked is the record that somebody asked about many people, none of whom it names.
func usesChecked(people int, purpose string) audit.Event {
	return audit.Event{
		Action: audit.UsesChecked, Object: audit.Object{Kind: "list", ID: "use-checks"},
		Facts: map[audit.FactKey]string{audit.FactCount: strconv.Itoa(people), audit.FactPurpose: purpose},
	}
}

func (s *server) endSuppression(ctx context.Context, who *caller, in *cameBackIn) (*answered[cameBack], error) {
	person, err := in.Body.Person.person("body.person")
	if err != nil {
		return nil, err
	}
	k, err := in.once(who, "end-suppression", in.Body)
	if err != nil {
		return nil, err
	}
	return transact(ctx, s, who, k, func(ctx context.Context, tx *storage.Tx) (int, cameBack, error) {
		ended, err := s.Desk.CameBack(ctx, tx, person, in.Body.Reason)
		return http.StatusOK, cameBack{Ended: ended}, err
	})
}
