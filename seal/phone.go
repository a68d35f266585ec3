package seal

import (
	"fmt"
	"strings"

	"golang.org/x/text/unicode/norm"
)

const (
	// E.164 allows 15 digits with the country code; no country has fewer than 7.
	minPhoneDigits = 7
	maxPhoneDigits = 15
)

// trunkPrefix gives what people of a country dial before a national number and leave out from abroad. Most dial "0".
func trunkPrefix(countryCode string) string {
	switch countryCode {
	case "1":
		return "1"
	case "7":
		return "8"
	case "36":
		return "06"
	case "39", "378", "379", "225", "229", "242", "226":
		return "" // the leading zero belongs to the number (Italy, San Marino, Vatican, Côte d'Ivoire, Benin, Congo, Burkina Faso)
	default:
		return "0"
	}
}

// NormalPhone gives a telephone number in E.164, "+" and digits. A number that doesn't begin with + or 00 is taken as
// one of the country that countryCode (digits, such as "49") names. Errors are ErrNotIndexable and never carry the number.
func NormalPhone(number, countryCode string) (string, error) {
	digits, international, err := phoneDigits(number, countryCode)
	if err != nil {
		return "", err
	}
	if !international {
		if !callingCode(countryCode) {
			return "", fmt.Errorf("reading a telephone number without a country code; write it with + or set the tenant's country: %w", ErrNotIndexable)
		}
		digits = countryCode + strings.TrimPrefix(digits, trunkPrefix(countryCode))
	}
	if len(digits) < minPhoneDigits || len(digits) > maxPhoneDigits || digits[0] == '0' {
		return "", fmt.Errorf("reading a telephone number, expected %d to %d digits: %w", minPhoneDigits, maxPhoneDigits, ErrNotIndexable)
	}
	return "+" + digits, nil
}

// callingCode tells whether a text is the code of a country, such as 49.
func callingCode(s string) bool {
	return len(s) >= 1 && len(s) <= 3 && s[0] != '0' && strings.Trim(s, "0123456789") == ""
}

// phoneDigits strips the punctuation that people write, and the prefix that marks a number as international.
func phoneDigits(number, countryCode string) (digits string, international bool, err error) {
	text := strings.TrimPrefix(strings.TrimSpace(norm.NFKC.String(number)), "tel:")
	text, international = strings.CutPrefix(text, "+")
	if international {
		text = strings.Replace(text, "(0)", "", 1) // +49 (0)30 …: the zero is for callers inside the country
	}
	digits = strings.Map(keepDigit, text)
	if strings.ContainsRune(digits, badPhoneRune) {
		return "", false, fmt.Errorf("reading a telephone number, expected digits and + - . / ( ) or spaces: %w", ErrNotIndexable)
	}
	exit := "00"
	if countryCode == "1" {
		exit = "011"
	}
	if !international {
		digits, international = strings.CutPrefix(digits, exit)
	}
	return digits, international, nil
}

const badPhoneRune = 'x'

func keepDigit(r rune) rune {
	switch {
	case r >= '0' && r <= '9':
		return r
	case strings.ContainsRune(" -.()/\u00a0\u2010\u2011\u2012\u2013\t", r):
		return -1
	default:
		return badPhoneRune
	}
}
