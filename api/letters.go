package api

import (
	"context"
	"net/http"
	"slices"

	"github.com/privacy-docket/docket/notify"
	"github.com/privacy-docket/docket/privacy"
)

type letterLine struct {
	Kind      string   `json:"kind"`
	Audience  string   `json:"audience" enum:"person,staff"`
	Languages []string `json:"languages"`
}

type letterID struct {
	Kind     string `path:"kind" maxLength:"60" example:"acknowledgement"`
	Language string `path:"language" enum:"en,de,fr,es"`
}

type letterView struct {
	Kind     string `json:"kind"`
	Language string `json:"language"`
	Subject  string `json:"subject"`
	Text     string `json:"text"`
	HTML     string `json:"html" doc:"For a frame without scripts."`
}

func (s *server) letterOperations() {
	register(s, operation{id: "list-letters", method: http.MethodGet, path: "/v1/letters", summary: "The letters and notices there are", tag: "policies"}, s.letters)
	register(s, operation{
		id: "preview-letter", method: http.MethodGet, path: "/v1/letters/{kind}/{language}", tag: "policies", errors: []int{http.StatusNotFound},
		summary: "Show a letter as the tenant would send it, about a case that is made up",
	}, s.previewLetter)
}

func (s *server) letters(context.Context, *caller, *struct{}) (*page[letterLine], error) {
	var out []letterLine
	for _, kind := range notify.PersonKinds() {
		line := letterLine{Kind: string(kind), Audience: "person"}
		for _, l := range notify.Languages() {
			line.Languages = append(line.Languages, string(l))
		}
		out = append(out, line)
	}
	for _, kind := range notify.StaffKinds() {
		out = append(out, letterLine{Kind: string(kind), Audience: "staff", Languages: []string{string(notify.English)}})
	}
	return newPage(out, ""), nil
}

func (s *server) previewLetter(_ context.Context, who *caller, in *letterID) (*shown[letterView], error) {
	kind, language := notify.Kind(in.Kind), notify.Language(in.Language)
	known := slices.Contains(notify.PersonKinds(), kind) || slices.Contains(notify.StaffKinds(), kind) && language == notify.English
	if !known {
		return nil, problem(http.StatusNotFound, "not-found", "There is no such letter in this language; GET /v1/letters lists them.")
	}
	law, err := s.Policies.Regime(who.tenant.Regime, s.Clock.Now())
	if err != nil {
		return nil, err
	}
	rendered, err := notify.Render(language, s.sample(who, law.Short).Letters()[kind])
	if err != nil {
		return nil, err
	}
	return &shown[letterView]{Body: letterView{
		Kind: in.Kind, Language: string(rendered.Language), Subject: rendered.Subject, Text: rendered.Text, HTML: rendered.HTML,
	}}, nil
}

// sample is the tenant's own letters, about a case that is made up: its person has no name and its links lead nowhere.
func (s *server) sample(who *caller, law string) notify.Sample {
	t := who.tenant
	site := s.Desk.Public() + "/" + t.Slug
	return notify.Sample{
		Frame: notify.Frame{
			Controller: notify.Controller{Name: t.Name, DPO: t.Profile.DPO, Contact: t.Profile.Contact, Address: t.Profile.Address, Zone: t.Zone},
			Reference:  "AR-2345-6789", Right: privacy.Access, Regime: t.Regime,
		},
		Law:    law,
		Remedy: notify.Remedy{Authority: t.Profile.Authority, AuthorityURL: t.Profile.AuthorityURL},
		Status: site + "/status/example", Download: site + "/download/example", Console: s.Desk.Public() + "/console/requests",
		Access: s.Desk.Public() + "/console/invitation",
	}
}
