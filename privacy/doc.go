// Package privacy is the law as pure Go: how periods are counted, what may stop or lengthen them, which windows a
// consent opens, which data must be kept or may go. It reads no clock, no file and no network; every moment, zone and
// holiday list is a parameter, and every answer carries the citation it rests on. (Only reading Facts back from JSON looks
// up a zone by its name.)
//
// The figures themselves (one month, 45 days, ten business days) are data and live in package policies; this package
// holds the arithmetic and the decisions.
package privacy
