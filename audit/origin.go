package audit

import (
	"fmt"
	"strings"
)

const originPart = "/audit/"

// Origin names a tenant's log: the first line of its checkpoints and the name of its key. It may hold no space and no
// plus sign, by the rules of signed notes.
func Origin(installation, tenantID string) (string, error) {
	if !isToken(installation) || !isToken(tenantID) || strings.ContainsAny(tenantID, "+/") || strings.Contains(installation, "+") {
		return "", fmt.Errorf("an audit log's name is made of the installation's name (such as privacy.example.com) and the tenant's id, in letters, digits and . _ : -")
	}
	return installation + originPart + tenantID, nil
}

// tenantOf gives the tenant that an origin names.
func tenantOf(origin string) (string, error) {
	at := strings.LastIndex(origin, originPart)
	if at < 0 || at+len(originPart) == len(origin) {
		return "", fmt.Errorf("%q does not name an audit log of Docket, expected <installation>/audit/<tenant>", origin)
	}
	return origin[at+len(originPart):], nil
}
