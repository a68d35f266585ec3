package privacy

import "time"

// britishPlaces are the nations of the United Kingdom: bank holidays differ between them, so the calendar is that of
// the nation where the controller acts (Banking and Financial Dealings Act 1971, Sch 1, and royal proclamations).
func britishPlaces() []place {
	england := append(ukWideRules(), easter(1), nth(-1, time.Monday, time.August), onMoved(time.January, 1, toMonday()))
	scotland := append(ukWideRules(),
		onMoved(time.January, 1, toMonday()), onMoved(time.January, 2, secondDay()),
		nth(1, time.Monday, time.August), onMoved(time.November, 30, toMonday()),
		days(Date{2026, time.June, 15}), // football world cup, proclaimed for Scotland alone
	)
	northernIreland := append(ukWideRules(), easter(1), nth(-1, time.Monday, time.August),
		onMoved(time.January, 1, toMonday()), onMoved(time.March, 17, toMonday()), onMoved(time.July, 12, toMonday()))
	return []place{
		{"GB-ENG", "Europe/London", england},
		{"GB-WLS", "Europe/London", england},
		{"GB-SCT", "Europe/London", scotland},
		{"GB-NIR", "Europe/London", northernIreland},
	}
}

// ukWideRules are the days common to all nations, with those moved or added by proclamation.
func ukWideRules() []yearRule {
	return []yearRule{
		easter(-2),
		except(nth(1, time.Monday, time.May), 2020),
		except(nth(-1, time.Monday, time.May), 2022),
		onMoved(time.December, 25, toMonday()),
		onMoved(time.December, 26, secondDay()),
		days(
			Date{2020, time.May, 8},        // moved early May day
			Date{2022, time.June, 2},       // moved spring day
			Date{2022, time.June, 3},       // platinum jubilee
			Date{2022, time.September, 19}, // state funeral
			Date{2023, time.May, 8},        // coronation
		),
	}
}
