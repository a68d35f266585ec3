package privacy

import (
	"time"

	"github.com/rickar/cal/v2/jp"
	"github.com/rickar/cal/v2/za"
)

// pacificPlaces are New Zealand, the states of Australia, Japan and, for want of a better file, South Africa.
func pacificPlaces() []place {
	return append(australianPlaces(),
		place{"NZ-PRIVACY", "Pacific/Auckland", newZealandRules()},
		place{"JP", "Asia/Tokyo", []yearRule{library(jp.Holidays)}},
		place{"ZA", "Africa/Johannesburg", []yearRule{library(za.Holidays)}},
	)
}

// newZealandRules are the days that are no "working days" under the Privacy Act 2020 s.7: national days, and every day
// from 25 December to 15 January. Regional anniversary days count as working days.
func newZealandRules() []yearRule {
	return []yearRule{
		span(time.December, 25, time.January, 15),
		onMoved(time.February, 6, toMonday()),
		easter(-2), easter(1),
		onMoved(time.April, 25, toMonday()),
		nth(1, time.Monday, time.June),
		nth(4, time.Monday, time.October),
		matariki(),
		days(Date{2022, time.September, 26}), // Queen Elizabeth II memorial day
	}
}

// matariki is the table of Te Kāhui o Matariki Public Holiday Act 2022, Sch 1.
func matariki() yearRule {
	const june, july = time.June, time.July
	return days(
		Date{2022, june, 24}, Date{2023, july, 14}, Date{2024, june, 28}, Date{2025, june, 20}, Date{2026, july, 10},
		Date{2027, june, 25}, Date{2028, july, 14}, Date{2029, july, 6}, Date{2030, june, 21}, Date{2031, july, 11},
		Date{2032, july, 2}, Date{2033, june, 24}, Date{2034, july, 7}, Date{2035, june, 29}, Date{2036, july, 18},
		Date{2037, july, 10}, Date{2038, june, 25}, Date{2039, july, 15}, Date{2040, july, 6}, Date{2041, july, 19},
		Date{2042, july, 11}, Date{2043, july, 3}, Date{2044, june, 24}, Date{2045, july, 7}, Date{2046, june, 29},
		Date{2047, july, 19}, Date{2048, july, 3}, Date{2049, june, 25}, Date{2050, july, 15}, Date{2051, june, 30},
		Date{2052, june, 21},
	)
}

// australianPlaces are the states and territories. Days that only some years or some towns keep are left out.
func australianPlaces() []place {
	kingsJune := nth(2, time.Monday, time.June)
	labourOctober := nth(1, time.Monday, time.October)
	anzac := on(time.April, 25)
	anzacSunday := onMoved(time.April, 25, sundayToMonday())
	state := func(id, zone string, own ...yearRule) place {
		return place{id, zone, append(australianRules(), own...)}
	}
	return []place{
		state("AU-NSW", "Australia/Sydney", anzac, kingsJune, labourOctober),
		state("AU-VIC", "Australia/Melbourne", anzac, nth(2, time.Monday, time.March), kingsJune, nth(1, time.Tuesday, time.November)),
		state("AU-QLD", "Australia/Brisbane", anzacSunday, nth(1, time.Monday, time.May), labourOctober),
		state("AU-SA", "Australia/Adelaide", anzacSunday, nth(2, time.Monday, time.March), kingsJune, labourOctober),
		state("AU-WA", "Australia/Perth", onMoved(time.April, 25, toMonday()), nth(1, time.Monday, time.March), nth(1, time.Monday, time.June)),
		state("AU-TAS", "Australia/Hobart", anzac, nth(2, time.Monday, time.March), kingsJune),
		state("AU-NT", "Australia/Darwin", anzacSunday, nth(1, time.Monday, time.May), kingsJune, nth(1, time.Monday, time.August)),
		state("AU-ACT", "Australia/Sydney", anzacSunday, nth(2, time.Monday, time.March), onOrAfter(time.Monday, time.May, 27), kingsJune, labourOctober),
	}
}

// australianRules are the days that every state and territory keeps.
func australianRules() []yearRule {
	return []yearRule{
		onMoved(time.January, 1, toMonday()), onMoved(time.January, 26, toMonday()), easter(-2), easter(1),
		onMoved(time.December, 25, toMonday()), onMoved(time.December, 26, secondDay()),
	}
}
