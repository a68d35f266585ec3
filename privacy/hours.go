package privacy

import "time"

// AfterHours is the strict reading of a period in hours: elapsed time, reckoned in UTC, so that a change to or from
// summer time moves the clock time and not the length. Hours never roll over (Reg. 1182/71 Art 3(3)-(4)).
func AfterHours(event time.Time, hours int) time.Time {
	return event.UTC().Add(time.Duration(hours) * time.Hour)
}

// AfterHoursReg1182 is the reading of Reg. 1182/71 Art 3(1) and 3(2)(a): the clock hour in which the event fell is not
// counted, and the period ends with the expiry of the last hour. It is never earlier than AfterHours.
func AfterHoursReg1182(event time.Time, hours int, zone *time.Location) time.Time {
	local := event.In(zone)
	into := time.Duration(local.Minute())*time.Minute + time.Duration(local.Second())*time.Second + time.Duration(local.Nanosecond())
	return event.Add(-into).UTC().Add(time.Duration(hours+1) * time.Hour)
}
