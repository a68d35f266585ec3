package service

import (
	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/privacy/dataset"
)

// parseSecrets reads what opens the service.
func parseSecrets(auth dataset.ServiceAuth, text string) (map[string]string, error) {
	secrets, err := auth.ReadSecrets(text)
	if err != nil {
		return nil, &connectors.Error{Code: connectors.ErrDSN, What: "the secrets of the service can't be used: " + err.Error(), Do: auth.SecretsForm()}
	}
	return secrets, nil
}
