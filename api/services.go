package api

import (
	"cmp"
	"slices"

	"github.com/privacy-docket/docket/privacy/dataset"
	"github.com/privacy-docket/docket/storage"
)

// The kinds of systems that a document says how to reach: those behind HTTP, object stores, and those that somebody is asked about. Their targets are
// secrets alone.
const (
	kindHTTP = "http"
	kindS3   = "s3"
)

// documented reports whether a kind of system has such a document.
func documented(kind string) bool { return kind == kindHTTP || kind == kindS3 || dataset.IsAsked(kind) }

// reached is what a system's document says about where it is and what opens it.
type reached struct {
	address string
	// origins are where secrets are sent.
	origins []string
	// open wants the secrets to be those that are taken; form says how they are written. Secretive says that there are any.
	open      func(secrets string) error
	form      string
	secretive bool
}

// reachedBy reads a system's document.
func reachedBy(system storage.System) (reached, error) {
	if dataset.IsAsked(system.Kind) {
		return reachedByAsking(system)
	}
	if system.Kind == kindS3 {
		doc, err := dataset.ParseStore("store", []byte(system.Service))
		if err != nil {
			return reached{}, err
		}
		open := func(secrets string) error {
			_, err := dataset.ReadStoreSecrets(secrets)
			return err
		}
		return reached{address: doc.URL, origins: []string{doc.Origin()}, open: open, form: dataset.StoreSecretsForm, secretive: true}, nil
	}
	doc, err := dataset.ParseService("service", []byte(system.Service))
	if err != nil {
		return reached{}, err
	}
	open := func(secrets string) error {
		_, err := doc.Auth.ReadSecrets(secrets)
		return err
	}
	return reached{address: doc.URL, origins: doc.Origins(), open: open, form: doc.Auth.SecretsForm(), secretive: len(doc.Auth.Secrets()) > 0}, nil
}

// reachedByAsking reads the document of a system that somebody is asked about. A processor alone has secrets.
func reachedByAsking(system storage.System) (reached, error) {
	doc, err := dataset.ParseAsked("asked", system.Kind, []byte(system.Service))
	if err != nil {
		return reached{}, err
	}
	open := func(secrets string) error {
		_, err := doc.Auth.ReadSecrets(secrets)
		return err
	}
	out := reached{address: cmp.Or(doc.URL, doc.Email, doc.Of), open: open, form: doc.Auth.SecretsForm(), secretive: len(doc.Auth.Secrets()) > 0}
	if doc.URL != "" {
		out.origins = doc.Origins()
	}
	return out, nil
}

// checkService refuses a document that can't be read, and secrets that it does not take.
func checkService(system storage.System) error {
	doc, err := reachedBy(system)
	if err != nil {
		return err
	}
	if dataset.IsAsked(system.Kind) && system.Change != "" {
		return invalid("body.change_target", "nobody here changes a system that somebody else is asked about; leave it out")
	}
	for field, secrets := range map[string]string{"body.target": system.Target, "body.change_target": system.Change} {
		if field == "body.change_target" && secrets == "" {
			continue
		}
		if err := doc.open(secrets); err != nil {
			return invalid(field, "the secrets can't be used: "+err.Error()+"; "+doc.form)
		}
	}
	return nil
}

// keepsSecrets refuses a document that would send the secrets that are kept to another host: whoever may change it need not know them.
func keepsSecrets(was, is storage.System, in *changeSystem) error {
	if !documented(was.Kind) || was.Service == is.Service {
		return nil
	}
	before, err := reachedBy(was)
	if err != nil {
		return err
	}
	after, err := reachedBy(is)
	if err != nil {
		return err
	}
	for _, origin := range after.origins {
		if slices.Contains(before.origins, origin) {
			continue
		}
		if after.secretive && (in.Body.Target == nil || was.Change != "" && in.Body.Change == nil) {
			return invalid("body.service", "the document leads to another host, and the secrets that are kept are not sent there; give target (and change_target, where there is one) with it")
		}
	}
	return nil
}

// addressFor is where a system is, without what opens it.
func addressFor(s storage.System) string {
	if !documented(s.Kind) {
		return masked(s.Target)
	}
	doc, err := reachedBy(s)
	if err != nil {
		return "(unreadable)"
	}
	return doc.address
}
