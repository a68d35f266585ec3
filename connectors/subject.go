package connectors

import "sort"

// known lists the names that have at least one non-empty value, sorted.
func known(values map[string][]string) []string {
	names := []string{}
	for name, vs := range values {
		for _, v := range vs {
			if v != "" {
				names = append(names, name)
				break
			}
		}
	}
	sort.Strings(names)
	return names
}
