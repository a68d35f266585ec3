package api

import (
	"slices"

	"github.com/privacy-docket/docket/privacy/dataset"
	"github.com/privacy-docket/docket/storage"
)

// kindHTTP is the kind of systems that lie behind HTTP.
const kindHTTP = "http"

// checkService refuses a service document that can't be read, and secrets that it does not take.
func checkService(system storage.System) error {
	doc, err := dataset.ParseService("service", []byte(system.Service))
	if err != nil {
		return err
	}
	for field, secrets := range map[string]string{"body.target": system.Target, "body.change_target": system.Change} {
		if field == "body.change_target" && secrets == "" {
			continue
		}
		if _, err := doc.Auth.ReadSecrets(secrets); err != nil {
			return invalid(field, "the secrets can't be used: "+err.Error()+"; "+doc.Auth.SecretsForm())
		}
	}
	return nil
}

// keepsSecrets refuses a service document that would send the secrets that are kept to another host: whoever may change it need not know them.
func keepsSecrets(was, is storage.System, in *changeSystem) error {
	if was.Kind != kindHTTP || was.Service == is.Service {
		return nil
	}
	before, err := dataset.ParseService("service", []byte(was.Service))
	if err != nil {
		return err
	}
	after, err := dataset.ParseService("service", []byte(is.Service))
	if err != nil {
		return err
	}
	for _, origin := range after.Origins() {
		if slices.Contains(before.Origins(), origin) {
			continue
		}
		if len(after.Auth.Secrets()) > 0 && (in.Body.Target == nil || was.Change != "" && in.Body.Change == nil) {
			return invalid("body.service", "the document leads to another host, and the secrets that are kept are not sent there; give target (and change_target, where there is one) with it")
		}
	}
	return nil
}

// addressFor is where a system is, without what opens it.
func addressFor(s storage.System) string {
	if s.Kind != kindHTTP {
		return masked(s.Target)
	}
	doc, err := dataset.ParseService("service", []byte(s.Service))
	if err != nil {
		return "(unreadable)"
	}
	return doc.URL
}
