package privacy

import (
	"time"

	"github.com/rickar/cal/v2/us"
)

// americanPlaces are the United States (5 USC 6103, observed days included), Canada and Brazil.
func americanPlaces() []place {
	return []place{
		{"US-FED", "America/New_York", []yearRule{library(us.Holidays)}},
		{"CA-FED", "America/Toronto", canadianRules()},
		{"BR", "America/Sao_Paulo", brazilianRules()},
	}
}

// canadianRules are the "holidays" of the Interpretation Act (Canada) s.35 beside Sundays. It names no Boxing Day and no
// substitutes for weekends, save Canada Day (Holidays Act s.5).
func canadianRules() []yearRule {
	return []yearRule{
		on(time.January, 1), easter(-2), easter(1),
		onOrAfter(time.Monday, time.May, 18), // Victoria Day: the Monday before 25 May
		onMoved(time.July, 1, sundayToMonday()),
		nth(1, time.Monday, time.September),
		from(2021, on(time.September, 30)),
		nth(2, time.Monday, time.October), // thanksgiving, proclaimed
		on(time.November, 11),
		on(time.December, 25),
	}
}

// brazilianRules are the national holidays; carnival and Corpus Christi are optional days and left out.
func brazilianRules() []yearRule {
	return []yearRule{
		on(time.January, 1), easter(-2), on(time.April, 21), on(time.May, 1), on(time.September, 7), on(time.October, 12),
		on(time.November, 2), on(time.November, 15), from(2024, on(time.November, 20)), on(time.December, 25),
	}
}
