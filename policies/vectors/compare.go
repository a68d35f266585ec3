package vectors

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// mismatch lists the expected keys that the answer does not have exactly; null stands for an absent value, and keys
// beyond the expected ones don't matter.
func mismatch(want map[string]any, got output) string {
	var parts []string
	for _, key := range slices.Sorted(maps.Keys(want)) {
		wanted, have := canonical(want[key]), canonical(got[key])
		if wanted != have {
			parts = append(parts, fmt.Sprintf("%s: want %s, got %s", key, wanted, have))
		}
	}
	return strings.Join(parts, "; ")
}

// canonical writes a value as JSON, so that numbers and lists of any Go type compare by what they say.
func canonical(v any) string {
	out, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprintf("%#v", v)
	}
	return string(out)
}
