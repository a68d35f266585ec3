package dataset

import "strings"

// eea lists the ISO 3166-1 codes of the European Economic Area: the 27 members of the Union, and Iceland, Liechtenstein, Norway.
const eea = " AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK IS LI NO "

// inEEA reports whether a two-letter country code is in the European Economic Area.
func inEEA(country string) bool {
	return len(country) == 2 && strings.Contains(eea, " "+country+" ")
}
