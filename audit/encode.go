package audit

import (
	"encoding/hex"
	"maps"
	"slices"
	"time"
)

// EntryVersion is the version of the canonical encoding. A later one never changes what entries of this one mean.
const EntryVersion = "1"

// timeLayout is RFC 3339 in UTC with exactly six decimals, so that equal times have equal bytes.
const timeLayout = "2006-01-02T15:04:05.000000Z"

// Encode gives the canonical bytes of an event, which are the leaf of the Merkle tree: JSON as RFC 8785 writes it (keys
// sorted, no white space), every member present. Values are tokens, so that nothing needs escaping.
func Encode(e Event) ([]byte, error) {
	if err := e.check(); err != nil {
		return nil, err
	}
	out := make([]byte, 0, 512)
	out = appendMember(append(out, '{'), "action", string(e.Action))
	out = append(out, `,"actor":{`...)
	out = appendMember(out, "id", e.Actor.ID)
	out = appendMember(append(out, ','), "kind", string(e.Actor.Kind))
	out = appendMember(append(out, ','), "role", e.Actor.Role)
	out = appendMember(append(out, '}', ','), "at", e.At.UTC().Truncate(time.Microsecond).Format(timeLayout))
	out = appendMember(append(out, ','), "case", e.CaseID)
	out = appendMember(append(out, ','), "evidence", hex.EncodeToString(e.Evidence))
	out = appendFacts(append(out, ','), e.Facts)
	out = appendMember(append(out, ','), "id", e.ID.String())
	out = append(out, `,"object":{`...)
	out = appendMember(out, "id", e.Object.ID)
	out = appendMember(append(out, ','), "kind", e.Object.Kind)
	out = appendMember(append(out, '}', ','), "outcome", string(e.Outcome))
	out = appendMember(append(out, ','), "reason", e.Reason)
	return append(out, entryEnd(e.TenantID)...), nil
}

// entryEnd is how every entry of a tenant's log ends.
func entryEnd(tenantID string) string {
	return `,"tenant":"` + tenantID + `","v":` + EntryVersion + `}`
}

func appendMember(out []byte, key, token string) []byte {
	out = append(append(append(out, '"'), key...), `":"`...)
	return append(append(out, token...), '"')
}

func appendFacts(out []byte, facts map[FactKey]string) []byte {
	out = append(out, `"facts":{`...)
	for i, key := range slices.Sorted(maps.Keys(facts)) {
		if i > 0 {
			out = append(out, ',')
		}
		out = appendMember(out, string(key), facts[key])
	}
	return append(out, '}')
}
