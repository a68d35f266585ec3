package activities

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/dataset"
	"github.com/privacy-docket/docket/privacy/erasure"
	wire "github.com/privacy-docket/docket/protocol/opendsr"
	"github.com/privacy-docket/docket/storage"
)

// errAsked says that somebody else was asked: the work goes on with the answer.
var errAsked = errors.New("somebody else was asked, and has not answered yet")

// ask has whoever has the system do their part of a request, where they are asked for its right.
func (w *collecting) ask(ctx context.Context) error {
	asked, err := casework.AskedOf(w.system)
	switch {
	case err != nil:
		return err
	case !asked.For(w.right) && (w.right == privacy.Access || w.right == privacy.Portability):
		return w.leftOut(ctx) // the cover names what was searched
	case w.right == privacy.Erasure:
		return w.planAsked(ctx, asked)
	case !asked.For(w.right):
		return w.finish(ctx, w, 0)
	case w.right != privacy.Access && w.right != privacy.Portability:
		return w.finish(ctx, w, 0) // they are told of what is done, and not asked what they hold
	}
	i, err := w.inquire(ctx, asked, casework.AskingFor{
		System: w.system, Purpose: privacy.InquireCopy, Turn: fmt.Sprintf("copy/%d/%s", w.in.Round, w.system.ID), Again: w.run.State == storage.RunFailed,
	})
	if err != nil {
		return err
	}
	sink := newPartSink(w)
	if err := cmp.Or(w.deliver(ctx, i, sink), sink.settle()); err != nil {
		return err
	}
	return w.finish(ctx, w, sink.rows)
}

// leftOut leaves out of the answer a system that nobody is asked about for this right.
func (w *collecting) leftOut(ctx context.Context) error {
	return w.change(ctx, w.in, func(ctx context.Context, tx *storage.Tx) error {
		if _, err := tx.LockCase(ctx, w.in.Case); err != nil {
			return err
		}
		run, err := tx.RunOn(ctx, w.in.Case, w.in.Round, w.in.System)
		if err != nil || run.State == storage.RunExcluded {
			return err
		}
		return tx.ExcludeRun(ctx, run)
	})
}

// inquire asks, and gives the answer with which the work goes on. A refusal is for the staff to decide about.
func (w *collecting) inquire(ctx context.Context, asked *dataset.Asked, want casework.AskingFor) (storage.Inquiry, error) {
	if !slices.ContainsFunc(asked.Identities, func(identity string) bool { return len(w.person.Identities[identity]) > 0 }) {
		return storage.Inquiry{}, &connectors.Error{
			Code: connectors.ErrSelection, What: "nothing is proven of the person by which " + asked.Of + " finds people", Do: "name another identity in the system's document, or leave the system out",
		}
	}
	i, err := w.desk.Inquire(ctx, w.in.Ref, collector, want)
	switch {
	case err != nil || !i.Awaited: // somebody decided to go on without the answer
		return i, err
	case i.Open():
		return i, errAsked
	case i.State == storage.InquiryClosed:
		return i, &connectors.Error{Code: connectors.ErrSelection, What: "the inquiry at " + i.Addressee + " was closed without an answer", Do: "try again, which asks once more, or go on without them"}
	case i.Outcome == privacy.InquiryRefused:
		return i, &connectors.Error{Code: connectors.ErrSelection, What: i.Addressee + " refused; why stands with the inquiry", Do: "clear it up and try again, which asks once more, or go on without them"}
	}
	return i, nil
}

// deliver puts an answer away as systems' rows are: each file as a row, and what was said as one.
func (w *collecting) deliver(ctx context.Context, i storage.Inquiry, sink *partSink) error {
	files, err := w.desk.InquiryFiles(ctx, w.in.Ref, i.ID)
	if err != nil {
		return err
	}
	at := dataset.Address{Dataset: w.system.Key, Collection: erasure.AskedCollection}
	total := int64(len(files))
	if i.Words != "" {
		total++
	}
	if total == 0 {
		return nil // they hold nothing, and say no more
	}
	_, done, err := sink.Begin(ctx, connectors.Opening{Address: at, Total: total, Columns: []connectors.Column{
		{Name: "said", Type: "text", Categories: []string{"user"}}, {Name: "file", Type: "file", Categories: []string{"user"}, File: true, Named: "name"}, {Name: "name", Type: "text"},
	}})
	if err != nil || done {
		return err
	}
	// What an earlier try put away is put away anew, over it: the parts have the same names.
	if i.Words != "" {
		if err := sink.Rows(ctx, at, []connectors.Row{{connectors.Text(i.Words), connectors.Null(), connectors.Null()}}, ""); err != nil {
			return err
		}
	}
	for _, file := range files {
		content, err := w.content(ctx, file)
		if err != nil {
			return err
		}
		if err := sink.Rows(ctx, at, []connectors.Row{{connectors.Null(), connectors.Bytes(content), connectors.Text(file.Name)}}, ""); err != nil {
			return err
		}
	}
	return sink.End(ctx, at, total)
}

func (w *collecting) content(ctx context.Context, file casework.OpenedFile) (content []byte, err error) {
	opened, err := w.desk.OpenFile(ctx, file)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, opened.Close()) }()
	if content, err = io.ReadAll(io.LimitReader(opened, casework.MaxDocument+1)); err != nil {
		return nil, fmt.Errorf("read a file that came with an answer: %w", err)
	}
	return content, nil
}

// planAsked is the part of an erasure's plan that somebody else carries out. What they hold nobody counts here.
func (w *collecting) planAsked(ctx context.Context, asked *dataset.Asked) error {
	return w.change(ctx, w.in, func(ctx context.Context, tx *storage.Tx) error {
		row, err := tx.Case(ctx, w.in.Case)
		if err != nil {
			return err
		}
		circumstances, err := w.desk.Circumstances(ctx, tx, row, w.subject)
		if err != nil {
			return err
		}
		declared, err := casework.DeclarationOf(w.system)
		if err != nil {
			return err
		}
		part := erasure.DraftAsked(erasure.Site{Key: w.system.Key, Name: w.system.Name, Names: declared.Name}, asked.Of, circumstances)
		if !asked.For(privacy.Erasure) && !part.Keeps() {
			part.Manual = "its document names nobody who erases there when asked"
		}
		part.Basis = w.land.basis
		if err := tx.SaveSurvey(ctx, w.run, w.subject, part, nil); err != nil {
			return err
		}
		return w.finishCounted(ctx, tx, 0)
	})
}

// asks says that somebody else erases in the system.
func (w *erasing) asks() bool { return dataset.IsAsked(w.system.Kind) }

// haveErased asks whoever has the system to erase there, unless all that they hold is kept. What they say is not read back.
func (w *erasing) haveErased(ctx context.Context) error {
	if w.part.Asks() {
		asked, err := casework.AskedOf(w.system)
		if err != nil {
			return err
		}
		_, err = w.reading().inquire(ctx, asked, casework.AskingFor{
			System: w.system, Purpose: privacy.InquireErase, Turn: casework.ErasureTurn(w.plan.ID, w.system.ID), Again: w.run.State == storage.RunFailed,
		})
		if err != nil {
			return err
		}
	}
	return w.finish(ctx, nil)
}

// checkAsked looks whether a processor can be asked what its document says. A vendor and colleagues are asked in words.
func (c *Collection) checkAsked(ctx context.Context, system storage.System) error {
	asked, err := casework.AskedOf(system)
	if err != nil {
		return &connectors.Error{Code: connectors.ErrDocument, What: "the system's document can't be read", Do: "correct it"}
	}
	if system.Kind != dataset.AskedOpenDSR {
		return nil
	}
	p, err := c.processor(asked, system.Target)
	if err != nil {
		return err
	}
	defer p.Close()
	var kinds []string
	for right, kind := range map[privacy.Right]string{privacy.Access: wire.Access, privacy.Portability: wire.Portability, privacy.Erasure: wire.Erasure} {
		if asked.For(right) {
			kinds = append(kinds, kind)
		}
	}
	slices.Sort(kinds)
	return p.Test(ctx, kinds...)
}
