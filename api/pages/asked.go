package pages

import (
	"errors"
	"net/http"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/notify"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
)

// askedRoute is where whoever was asked about a person's data answers; answerRoute takes files, too.
const (
	askedRoute  = "/:tenant/asked/:token"
	answerRoute = askedRoute + "/answer"
)

// asked is what the page of an inquiry shows beside what every page does.
type asked struct {
	Purpose  string
	Known    []choice
	Changes  []change
	About    []string
	Files    []choice
	Outcomes []choice
	// Words and Chosen are what was entered; the first page keeps them while it is looked at again.
	Words  string
	Chosen string
	Most   int
	// Copies says that files belong to the answer.
	Copies bool
}

// change is one value that is to be corrected.
type change struct{ Field, Was, Becomes string }

// askedOn finds the inquiry behind the link. One that has ended has a page that says so, and done is true.
func (s *site) askedOn(v *visit) (at casework.AskedOn, done bool, err error) {
	if at, err = s.Desk.AskedBy(v.Request.Context(), v.tenant.ID, v.Param("token")); err != nil {
		return at, false, err
	}
	if _, chosen := s.words[v.Query("lang")]; !chosen {
		v.language = s.words.choose(at.Language, "", "")
	}
	if at.Open() {
		return at, false, nil
	}
	s.sayAskedOver(v, at)
	return at, true, nil
}

func (s *site) sayAskedOver(v *visit, at casework.AskedOn) {
	key := "asked.closed"
	if at.State == storage.InquiryAnswered {
		key = "asked.answered"
	}
	v.show(http.StatusOK, "plain", view{Title: v.say("asked.title", "reference", at.Reference), Lines: []string{v.say(key)}})
}

// showAsked shows what is asked, and not of whom: programs that look into mailboxes open links, too.
func (s *site) showAsked(v *visit) error {
	at, done, err := s.askedOn(v)
	if err == nil && !done {
		s.coverAsked(v, http.StatusOK, at, nil)
	}
	return err
}

func (s *site) coverAsked(v *visit, status int, at casework.AskedOn, faults []fault) {
	page := s.askedView(v, at)
	page.Faults = faults
	v.show(status, "asked", page)
}

func (s *site) askedView(v *visit, at casework.AskedOn) view {
	base := "/" + v.tenant.Slug + "/asked/" + v.Param("token")
	return view{
		Title: v.say("asked.title", "reference", at.Reference), Here: base, Base: base,
		Promise: v.say("asked.by", "date", notify.FormatDate(notify.Language(v.language), at.DueAt.In(v.tenant.Zone))),
		Asked: &asked{
			Purpose: v.say("asked.purpose."+string(at.Purpose), "controller", v.tenant.Name), Words: v.entered("words"), Chosen: v.entered("outcome"),
			Most: casework.MaxInquiryWords, Copies: at.Purpose == privacy.InquireCopy,
		},
	}
}

// openAsked shows whom it is about, with the place for the answer.
func (s *site) openAsked(v *visit) error {
	at, done, err := s.askedOn(v)
	if err != nil || done {
		return err
	}
	return s.showAnswer(v, http.StatusOK, at, "", nil)
}

// showAnswer shows the place for the answer, with what was entered and not taken.
func (s *site) showAnswer(v *visit, status int, at casework.AskedOn, notice string, faults []fault) error {
	about, err := s.Desk.ShowAsked(v.Request.Context(), at)
	if err != nil {
		return linkDead(err)
	}
	page := s.askedView(v, at)
	page.Notice, page.Faults = notice, faults
	if page.Pass, err = newPass(v.tenant, at.ID, s.Clock.Now()); err != nil {
		return err
	}
	a := page.Asked
	for _, f := range about.Files {
		a.Files = append(a.Files, choice{Value: f.ID.String(), Text: f.Name})
	}
	for _, identity := range at.Identities {
		if about.Known[identity] != "" {
			a.Known = append(a.Known, choice{Value: about.Known[identity], Text: v.say("asked.known." + identity)})
		}
	}
	for _, c := range about.Body.Changes {
		a.Changes = append(a.Changes, change{Field: c.Field, Was: text(c.Was), Becomes: text(c.Becomes)})
	}
	for _, limit := range about.Body.Limits {
		a.About = append(a.About, v.say("asked.limit."+limit))
	}
	for _, outcome := range privacy.InquiryOutcomes() {
		a.Outcomes = append(a.Outcomes, choice{
			Value: string(outcome), Text: v.say("asked.outcome." + string(at.Purpose) + "." + string(outcome)), Chosen: a.Chosen == string(outcome),
		})
	}
	v.show(status, "answer", page)
	return nil
}

// takeAnswer keeps a file, or the answer with which the inquiry ends.
func (s *site) takeAnswer(v *visit) error {
	at, done, err := s.askedOn(v)
	if err != nil || done {
		return err
	}
	words := v.entered("words")
	key, err := checkPass(v.tenant, at.ID, v.sent.values.Get("pass"), v.entered("outcome")+"\n"+words, s.Clock.Now())
	switch {
	case v.sent.unread != nil:
		status, said := v.unread()
		if said.Field != "" {
			said.Field = "file"
		}
		if err == nil {
			return s.showAnswer(v, status, at, "", []fault{said})
		}
		s.coverAsked(v, status, at, []fault{said})
		return nil
	case errors.Is(err, errStale):
		s.coverAsked(v, http.StatusForbidden, at, []fault{{Text: v.say("asked.stale")}})
		return nil
	case err != nil:
		return err
	case v.wait > 0:
		return s.showAnswer(v, http.StatusTooManyRequests, at, "", []fault{v.busyFault(v.wait)})
	}
	if remove, err := uuid.Parse(v.entered("remove")); err == nil {
		return s.removeFile(v, at, remove)
	}
	notice, faults, err := s.keepFile(v, at)
	if err != nil || len(faults) > 0 || v.entered("act") != "answer" {
		if err != nil {
			return linkDead(err)
		}
		return s.showAnswer(v, statusOf(faults), at, notice, faults)
	}
	return s.keepAnswer(v, at, key, words)
}

// removeFile takes back a file that came by mistake: that of another person, say.
func (s *site) removeFile(v *visit, at casework.AskedOn, id uuid.UUID) error {
	err := s.Desk.RemoveInquiryFile(v.Request.Context(), at.Ref, casework.AddresseeActor(at.ID), at.ID, id)
	if _, refused := casework.RefusalOf(err); refused || errors.Is(err, storage.ErrNotFound) { // it is gone, or stays: the page shows which
		return s.showAnswer(v, http.StatusOK, at, "", nil)
	}
	if err != nil {
		return linkDead(err)
	}
	return s.showAnswer(v, http.StatusOK, at, v.say("asked.file.removed"), nil)
}

func statusOf(faults []fault) int {
	if len(faults) > 0 {
		return http.StatusUnprocessableEntity
	}
	return http.StatusOK
}

// keepFile stores the file that came, where one did.
func (s *site) keepFile(v *visit, at casework.AskedOn) (notice string, faults []fault, err error) {
	switch {
	case v.sent.dropped != "":
		return "", []fault{{Field: "file", Text: v.say(v.sent.dropped)}}, nil
	case v.sent.document == nil && v.entered("act") == "add":
		return "", []fault{{Field: "file", Text: v.say("asked.file.none")}}, nil
	case v.sent.document == nil:
		return "", nil, nil
	}
	err = s.Desk.AddInquiryFile(v.Request.Context(), at.Ref, casework.AddresseeActor(at.ID), at.ID, v.sent.name, v.document())
	if refusal, refused := casework.RefusalOf(err); refused && refusal.Code != "" || errors.Is(err, casework.ErrInquiryFile) {
		return "", []fault{{Field: "file", Text: v.say("asked.file.refused")}}, nil
	}
	return v.say("asked.file.kept"), nil, err
}

func (s *site) keepAnswer(v *visit, at casework.AskedOn, key, words string) error {
	outcome := privacy.InquiryOutcome(v.entered("outcome"))
	if utf8.RuneCountInString(words) > casework.MaxInquiryWords {
		return s.showAnswer(v, http.StatusUnprocessableEntity, at, "", []fault{{Field: "words", Text: v.say("error.long")}})
	}
	err := s.Desk.AnswerAsked(v.Request.Context(), at, key, casework.InquiryAnswer{Outcome: outcome, Words: words})
	if refusal, refused := casework.RefusalOf(err); refused {
		field := map[string]string{"inquiry_outcome": "outcome", "inquiry_words": "words", "inquiry_empty": "file"}[refusal.Code]
		if field == "" {
			v.show(http.StatusConflict, "plain", view{Title: v.say("asked.title", "reference", at.Reference), Lines: []string{v.say("asked.answered")}})
			return nil
		}
		return s.showAnswer(v, http.StatusUnprocessableEntity, at, "", []fault{{Field: field, Text: v.say("asked.error." + field)}})
	}
	if err != nil {
		return linkDead(err)
	}
	v.show(http.StatusOK, "plain", view{Title: v.say("asked.thanks"), Lines: []string{v.say("asked.done", "reference", at.Reference)}})
	return nil
}
