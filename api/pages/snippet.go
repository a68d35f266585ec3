package pages

import (
	"bytes"
	"fmt"
	"html/template"
	"net/url"

	"github.com/privacy-docket/docket/casework"
)

// Snippets are forms by which people sign up, for tenants' own pages, with the words of ours.
type Snippets struct {
	words words
	form  *template.Template
}

// NewSnippets reads the words and the form.
func NewSnippets() (*Snippets, error) {
	said, err := readWords()
	if err != nil {
		return nil, err
	}
	form, err := template.ParseFS(files, "templates/snippet.html")
	if err != nil {
		return nil, fmt.Errorf("read the form: %w", err)
	}
	return &Snippets{said, form}, nil
}

// Snippet is a form that stands on a page of a tenant's.
type Snippet struct {
	// HTML is the form, without a script and without style: both are the page's own. Page is the address of the same on a page of ours, Post where a script sends JSON.
	HTML, Page, Post string
}

// snippetView is what the form is made of.
type snippetView struct {
	Page   string
	Offers []casework.SignUpOffer
	// MaxEmail is how many characters an address has at most.
	MaxEmail int
	words    words
	language string
}

// Single says that one thing is asked for: sending the form is the consent.
func (v snippetView) Single() bool { return len(v.Offers) == 1 }

// Say gives words of the pages.
func (v snippetView) Say(key string) string { return v.words.say(v.language, key) }

// Form makes a form that asks for offers; site is the address of the tenant's public pages, and purposes are those that were named, none where all are asked for.
func (s *Snippets) Form(site string, offers []casework.SignUpOffer, purposes []string, language string) (out Snippet, err error) {
	query := url.Values{"lang": {language}}
	if len(purposes) > 0 {
		query["purpose"] = purposes
	}
	out.Post = site + "/sign-up"
	out.Page = out.Post + "?" + query.Encode()
	var html bytes.Buffer
	if err := s.form.Execute(&html, snippetView{out.Page, offers, longest()["email"], s.words, s.words.choose(language, "", language)}); err != nil {
		return out, fmt.Errorf("write the form: %w", err)
	}
	out.HTML = html.String()
	return out, nil
}
