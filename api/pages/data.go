package pages

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/privacy/correction"
	"github.com/privacy-docket/docket/privacy/dataset"
)

// held is what one system has of the person that they can correct themselves.
type held struct {
	System string
	Fields []field
}

// entry is one value that can be corrected, and the field of the page that it stands in.
type entry struct {
	name     string
	system   string
	of       correction.Field
	present  correction.Present
	proposal correction.Proposal
}

// entries lays out what is offered, each value under a name of its own.
func entries(offered []correction.Holding) (out []entry) {
	for i, h := range offered {
		for j, f := range h.Fields {
			for k, p := range f.Present {
				out = append(out, entry{
					name: fmt.Sprintf("value-%d-%d-%d", i, j, k), system: h.Name, of: f, present: p,
					proposal: correction.Proposal{System: h.System, Address: f.Address, Field: f.Name, Was: p.Value},
				})
			}
		}
	}
	return out
}

// showData shows the values that the person can correct; faults are what was wrong with those that were sent.
func (s *site) showData(v *visit, status int, at standing, faults []fault) error {
	offered, err := s.Desk.Offered(v.Request.Context(), at.ref, subject(at.row.ID))
	if errors.Is(err, casework.ErrNothingOffered) {
		s.showStatus(v, http.StatusOK, at, v.say("data.none"), nil)
		return nil
	}
	if err != nil {
		return linkDead(err)
	}
	page := s.roomView(v, "data", at)
	page.Faults, page.Whole = faults, v.sent.values.Get("whole") != ""
	if page.Pass, err = newPass(v.tenant, at.row.ID, s.Clock.Now()); err != nil {
		return err
	}
	for _, e := range entries(offered) {
		if n := len(page.Held); n == 0 || page.Held[n-1].System != e.system {
			page.Held = append(page.Held, held{System: e.system})
		}
		last := &page.Held[len(page.Held)-1]
		last.Fields = append(last.Fields, v.valueField(e, page))
	}
	v.show(status, "data", page)
	return nil
}

func (v *visit) valueField(e entry, page view) field {
	out := field{
		Name: e.name, Label: strings.ReplaceAll(e.of.Name, "_", " "), Type: "text", Complete: "off", Max: correction.Longest,
		Was: text(e.present.Value), Value: text(e.present.Value), Fault: page.Fault(e.name), Hint: v.say(hintOf(e.of.Kind)),
	}
	if e.of.Length > 0 {
		out.Max = min(out.Max, e.of.Length)
	}
	out.Long = strings.Contains(out.Value, "\n")
	if sent, ok := v.sent.values[e.name]; ok {
		out.Value = sent[0]
	}
	return out
}

// hintOf is how values of a kind are written.
func hintOf(kind dataset.ColumnKind) string {
	switch kind {
	case dataset.ColumnDate, dataset.ColumnMoment, dataset.ColumnNumber, dataset.ColumnBool:
		return "data.hint." + string(kind)
	default:
		return "data.hint.text"
	}
}

// oneLine has line ends as systems write them: browsers send two signs for each.
func oneLine(text string) string { return strings.ReplaceAll(text, "\r\n", "\n") }

func text(value *string) string {
	if value == nil {
		return ""
	}
	return *value
}

// correctData takes what the person corrected. What they left as it was is no correction.
func (s *site) correctData(v *visit) error {
	at, err := s.lookUp(v)
	if err != nil {
		return err
	}
	key, done, err := s.within(v, "data", at, v.sent.values.Encode())
	if err != nil || done {
		return err
	}
	if v.wait > 0 {
		return s.showData(v, http.StatusTooManyRequests, at, []fault{v.busyFault(v.wait)})
	}
	if v.sent.unread != nil {
		status, said := v.unread()
		return s.showData(v, status, at, []fault{said})
	}
	offered, err := s.Desk.Offered(v.Request.Context(), at.ref, subject(at.row.ID))
	if errors.Is(err, casework.ErrNothingOffered) {
		return s.statusAfter(v, "data.done", func(*standing) {}) // it was sent before
	}
	if err != nil {
		return linkDead(err)
	}
	changed, faults := v.changes(entries(offered))
	if len(faults) > 0 {
		return s.showData(v, http.StatusUnprocessableEntity, at, faults)
	}
	signal, err := s.Desk.CorrectSelf(v.Request.Context(), at.ref, subject(at.row.ID), key, changed, v.sent.values.Get("whole") != "")
	if _, refused := casework.RefusalOf(err); refused || errors.Is(err, casework.ErrNothingOffered) {
		return s.showData(v, http.StatusConflict, at, []fault{{Text: v.say("data.moved")}})
	}
	if err != nil {
		return linkDead(err)
	}
	if signal.WorkflowID != "" {
		s.tell(v.Request.Context(), signal)
		return s.statusAfter(v, "data.done", func(*standing) {})
	}
	return s.statusAfter(v, "data.noted", func(*standing) {})
}

// changes are the values that were sent and are others than those there.
func (v *visit) changes(all []entry) (out []correction.Proposal, faults []fault) {
	for _, e := range all {
		if _, sent := v.sent.values[e.name]; !sent {
			continue
		}
		if oneLine(v.sent.values.Get("was-"+e.name)) != oneLine(text(e.present.Value)) {
			return nil, []fault{{Text: v.say("data.moved")}}
		}
		value := oneLine(v.entered(e.name))
		if value == strings.TrimSpace(oneLine(text(e.present.Value))) {
			continue
		}
		p := e.proposal
		if value != "" {
			p.Becomes = &value
		}
		if err := e.of.Fits(p); err != nil {
			faults = append(faults, fault{Field: e.name, Text: v.say("error.value")})
			continue
		}
		out = append(out, p)
	}
	if len(out)+len(faults) == 0 {
		faults = append(faults, fault{Text: v.say("data.same")})
	}
	return out, faults
}
