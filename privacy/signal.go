package privacy

import "slices"

// GlobalPrivacyControl says whether a browser's Sec-GPC headers are an opt-out preference signal: only the value 1 is one, and one of several
// is enough (W3C Global Privacy Control; 11 CCR 7025).
func GlobalPrivacyControl(headers []string) bool { return slices.Contains(headers, "1") }
