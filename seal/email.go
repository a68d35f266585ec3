package seal

import (
	"fmt"
	"strings"
	"unicode"

	"golang.org/x/net/idna"
	"golang.org/x/text/unicode/norm"
)

// NormalEmail gives the form of an e-mail address that is compared: compatibility forms folded (NFKC), lower case, the
// domain in its ASCII form. Dots and plus tags of the local part stay, since only some hosts ignore them and to fold them
// would hand one person another's data. Errors are ErrNotIndexable and never carry the address.
func NormalEmail(address string) (string, error) {
	if strings.ContainsFunc(address, posesAsASCII) {
		return "", fmt.Errorf("reading an e-mail address, expected letters that keep their identity in lower case: %w", ErrNotIndexable)
	}
	folded := lowerNFKC(strings.TrimSpace(address))
	at := strings.LastIndexByte(folded, '@')
	if at <= 0 || strings.ContainsFunc(folded, notInAddress) {
		return "", fmt.Errorf("reading an e-mail address, expected name@domain: %w", ErrNotIndexable)
	}
	domain, err := asciiDomain(folded[at+1:])
	if err != nil {
		return "", err
	}
	return folded[:at+1] + domain, nil
}

// maxDomain is the longest name that DNS has. Longer ones are not read back from their ASCII form.
const maxDomain = 253

func asciiDomain(domain string) (string, error) {
	profile := idna.New(idna.MapForLookup(), idna.Transitional(false), idna.StrictDomainName(false))
	ascii, err := profile.ToASCII(strings.TrimSuffix(domain, "."))
	if err != nil || ascii == "" || len(ascii) > maxDomain || strings.Contains(ascii, "..") || strings.HasPrefix(ascii, ".") || strings.HasSuffix(ascii, ".") {
		return "", fmt.Errorf("reading the domain of an e-mail address: %w", ErrNotIndexable)
	}
	return strings.ToLower(ascii), nil
}

// lowerNFKC folds compatibility forms and case. Lowering can give a sequence that composes, hence the second pass.
func lowerNFKC(s string) string {
	return norm.NFKC.String(strings.ToLower(norm.NFKC.String(s)))
}

func notInAddress(r rune) bool {
	return unicode.IsSpace(r) || unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || strings.ContainsRune(`<>,;"`, r)
}

// posesAsASCII finds the letters that changing case turns into an ASCII one (İ, ı, ſ and the Kelvin sign). An address with
// one is another mailbox than the address with the plain letter, and databases that compare without case take the two for
// the same: whoever owns the first would be given the data of the second.
func posesAsASCII(r rune) bool {
	return r > unicode.MaxASCII && (unicode.ToLower(r) <= unicode.MaxASCII || unicode.ToUpper(r) <= unicode.MaxASCII)
}
