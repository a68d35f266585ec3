package casework

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"html/template"
	"net/url"
	"slices"

	"github.com/privacy-docket/docket/storage"
)

// SignUpSnippet is a form that stands on a page of the tenant's.
type SignUpSnippet struct {
	// HTML is the form, Page the address of the same on a page of ours, Post where a script sends JSON.
	HTML, Page, Post string
}

// snippet is a form without a script and without style: both are the page's own. The hidden texts say which version of the words the form has.
var snippet = template.Must(template.New("snippet").Parse(`<form method="post" action="{{.Post}}">
{{- range .Offers}}
  {{if $.Single}}<input type="hidden" name="purpose" value="{{.Purpose.Key}}">
  <p>{{.Text.Body}}</p>{{else}}<p><label><input type="checkbox" name="purpose" value="{{.Purpose.Key}}"> {{.Text.Title}}</label><br>{{.Text.Body}}</p>{{end}}
  <input type="hidden" name="text" value="{{.Text.ID}}">
{{- end}}
  <p><label>{{.Words.Label}} <input type="email" name="email" autocomplete="email" maxlength="254" required></label></p>
  <p hidden><label>{{.Words.Trap}} <input type="text" name="website" tabindex="-1" autocomplete="off"></label></p>
  <p><button type="submit">{{.Words.Send}}</button></p>
</form>
`))

type snippetWords struct{ Label, Trap, Send string }

// wordsOfSnippet are the few words of the form that are not the tenant's own, in English where there are none in a language.
func wordsOfSnippet(language string) snippetWords {
	words, known := map[string]snippetWords{
		"de": {"Ihre E-Mail-Adresse", "Bitte leer lassen", "Eintragen"},
		"fr": {"Votre adresse e-mail", "Laissez ce champ vide", "S’inscrire"},
		"es": {"Su dirección de correo electrónico", "Deje este campo vacío", "Inscribirse"},
	}[tongue(language)]
	if !known {
		return snippetWords{"Your e-mail address", "Leave this empty", "Sign up"}
	}
	return words
}

// SignUpSnippet makes a form for purposes, all that forms may ask for where none are named. ErrNotFound where there is nothing to ask for.
func (d *Desk) SignUpSnippet(ctx context.Context, tx *storage.Tx, purposes []string, language string) (out SignUpSnippet, err error) {
	tenant := tx.Tenant()
	if language == "" {
		language = tenant.Language
	}
	offers, err := d.SignUpOffers(ctx, tx, language)
	if err != nil {
		return out, err
	}
	query := url.Values{"lang": {language}}
	if len(purposes) > 0 {
		query["purpose"] = purposes
		offers = slices.DeleteFunc(offers, func(o SignUpOffer) bool { return !slices.Contains(purposes, o.Purpose.Key) })
	}
	if len(offers) == 0 {
		return out, errors.Join(storage.ErrNotFound, errors.New("no form may ask for any of this: open purposes that have words (settings.consents.sign_ups)"))
	}
	out.Post = d.links.Public + "/" + tenant.Slug + "/sign-up"
	out.Page = out.Post + "?" + query.Encode()
	var html bytes.Buffer
	err = snippet.Execute(&html, struct {
		Post   string
		Single bool
		Offers []SignUpOffer
		Words  snippetWords
	}{out.Page, len(offers) == 1, offers, wordsOfSnippet(language)})
	if err != nil {
		return out, fmt.Errorf("write the form: %w", err)
	}
	out.HTML = html.String()
	return out, nil
}
