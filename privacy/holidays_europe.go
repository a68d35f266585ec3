package privacy

import (
	"time"

	"github.com/rickar/cal/v2/at"
	"github.com/rickar/cal/v2/be"
	"github.com/rickar/cal/v2/bg"
	"github.com/rickar/cal/v2/cz"
	"github.com/rickar/cal/v2/de"
	"github.com/rickar/cal/v2/dk"
	"github.com/rickar/cal/v2/es"
	"github.com/rickar/cal/v2/fr"
	"github.com/rickar/cal/v2/gr"
	"github.com/rickar/cal/v2/hr"
	"github.com/rickar/cal/v2/ie"
	"github.com/rickar/cal/v2/it"
	"github.com/rickar/cal/v2/lt"
	"github.com/rickar/cal/v2/lv"
	"github.com/rickar/cal/v2/nl"
	"github.com/rickar/cal/v2/no"
	"github.com/rickar/cal/v2/pl"
	"github.com/rickar/cal/v2/ro"
	"github.com/rickar/cal/v2/se"
	"github.com/rickar/cal/v2/si"
	"github.com/rickar/cal/v2/sk"
)

// libraryPlaces are the states whose national days the holiday library has right, with what it lacks or has too many.
// DE, FR and IE agree with the lists in the Official Journal (C/2024/7517, C/2025/6771). Regional days are left out
// on purpose: Art 2(1) of Reg. 1182/71 looks to the state's list.
func libraryPlaces() []place {
	return []place{
		{"AT", "Europe/Vienna", []yearRule{library(at.Holidays)}},
		{"BE", "Europe/Brussels", []yearRule{library(be.Holidays)}},
		{"BG", "Europe/Sofia", []yearRule{library(bg.Holidays)}},
		{"CZ", "Europe/Prague", []yearRule{library(cz.Holidays)}},
		{"DE", "Europe/Berlin", []yearRule{library(de.Holidays)}},
		{"DK", "Europe/Copenhagen", []yearRule{library(dk.Holidays, dk.Grundlovsdag)}}, // 5 June is no statutory day off
		{"ES", "Europe/Madrid", []yearRule{library(es.Holidays)}},
		{"FR", "Europe/Paris", []yearRule{library(fr.Holidays)}},
		{"GR", "Europe/Athens", []yearRule{library(gr.Holidays)}},
		{"HR", "Europe/Zagreb", []yearRule{library(hr.Holidays)}},
		{"IE", "Europe/Dublin", []yearRule{library(ie.Holidays)}},
		{"IT", "Europe/Rome", []yearRule{library(it.Holidays)}},
		{"LT", "Europe/Vilnius", []yearRule{library(lt.Holidays)}},
		{"LV", "Europe/Riga", []yearRule{library(lv.Holidays)}},
		{"NL", "Europe/Amsterdam", []yearRule{library(nl.Holidays)}},
		{"NO", "Europe/Oslo", []yearRule{library(no.Holidays)}},
		{"PL", "Europe/Warsaw", []yearRule{library(pl.Holidays), from(2025, on(time.December, 24))}},
		{"RO", "Europe/Bucharest", []yearRule{library(ro.Holidays), from(2024, on(time.January, 6)), from(2024, on(time.January, 7))}},
		{"SE", "Europe/Stockholm", []yearRule{library(se.Holidays)}},
		{"SI", "Europe/Ljubljana", []yearRule{library(si.Holidays)}},
		{"SK", "Europe/Bratislava", slovakRules()},
	}
}

// slovakRules leave out 1 September and 17 November, which ceased to be days off in 2024 and 2025, and the two days
// suspended for 2026.
func slovakRules() []yearRule {
	suspended := []yearRule{on(time.May, 8), on(time.September, 15)}
	gone := []yearRule{on(time.September, 1), on(time.November, 17)}
	return []yearRule{func(year int) []Date {
		var out []Date
		for _, d := range library(sk.Holidays)(year) {
			if !oneOf(gone, d) && (year != 2026 || !oneOf(suspended, d)) {
				out = append(out, d)
			}
		}
		return out
	}}
}

func oneOf(rules []yearRule, d Date) bool {
	for _, rule := range rules {
		if rule(d.Year)[0] == d {
			return true
		}
	}
	return false
}

// ownEuropeanPlaces are the states that the library lacks, and Switzerland, whose library list mixes in cantonal days.
func ownEuropeanPlaces() []place {
	newYear, labour := on(time.January, 1), on(time.May, 1)
	goodFriday, easterMonday := easter(-2), easter(1)
	ascension, whitMonday := easter(39), easter(50)
	assumption, allSaints := on(time.August, 15), on(time.November, 1)
	christmas, stephen := on(time.December, 25), on(time.December, 26)
	return []place{
		{"CH", "Europe/Zurich", []yearRule{newYear, ascension, on(time.August, 1), christmas}},
		{"CY", "Asia/Nicosia", []yearRule{
			newYear, on(time.January, 6), orthodoxEaster(-48), on(time.March, 25), on(time.April, 1), orthodoxEaster(-2),
			orthodoxEaster(1), labour, orthodoxEaster(50), assumption, on(time.October, 1), on(time.October, 28), christmas, stephen,
		}},
		{"EE", "Europe/Tallinn", []yearRule{
			newYear, on(time.February, 24), goodFriday, labour, on(time.June, 23), on(time.June, 24), on(time.August, 20),
			on(time.December, 24), christmas, stephen,
		}},
		{"FI", "Europe/Helsinki", []yearRule{
			newYear, on(time.January, 6), goodFriday, easterMonday, labour, ascension, onOrAfter(time.Saturday, time.June, 20),
			on(time.December, 6), christmas, stephen,
		}},
		{"HU", "Europe/Budapest", []yearRule{
			newYear, on(time.March, 15), goodFriday, easterMonday, labour, whitMonday, on(time.August, 20), on(time.October, 23),
			allSaints, christmas, stephen,
		}},
		{"IS", "Atlantic/Reykjavik", []yearRule{
			newYear, easter(-3), goodFriday, easterMonday, onOrAfter(time.Thursday, time.April, 19), labour, ascension, whitMonday,
			on(time.June, 17), nth(1, time.Monday, time.August), christmas, stephen,
		}},
		{"LI", "Europe/Vaduz", []yearRule{
			newYear, on(time.January, 6), easterMonday, labour, ascension, whitMonday, easter(60), assumption,
			on(time.September, 8), allSaints, on(time.December, 8), christmas, stephen,
		}},
		{"LU", "Europe/Luxembourg", []yearRule{
			newYear, easterMonday, labour, on(time.May, 9), ascension, whitMonday, on(time.June, 23), assumption, allSaints,
			christmas, stephen,
		}},
		{"MT", "Europe/Malta", []yearRule{
			newYear, on(time.February, 10), on(time.March, 19), on(time.March, 31), goodFriday, labour, on(time.June, 7),
			on(time.June, 29), assumption, on(time.September, 8), on(time.September, 21), on(time.December, 8),
			on(time.December, 13), christmas,
		}},
		{"PT", "Europe/Lisbon", []yearRule{
			newYear, goodFriday, on(time.April, 25), labour, easter(60), on(time.June, 10), assumption, on(time.October, 5),
			allSaints, on(time.December, 1), on(time.December, 8), christmas,
		}},
	}
}
