package notify

import (
	"fmt"
	"net/url"
	"strings"
)

// check refuses a letter that would come out with a hole in it.
func check(letter Letter) error {
	f := letter.frame()
	if f.Controller.Name == "" {
		return fmt.Errorf("%w: it does not say who writes (Controller.Name or Tenant)", ErrIncomplete)
	}
	if access, ok := letter.(interface{ access() *Access }); ok {
		a := access.access()
		return need(a.Link != "" && !a.Expires.IsZero(), "Link and Expires")
	}
	if _, ofNone := letter.(interface{ ofNoCase() }); f.Reference == "" && !ofNone {
		return fmt.Errorf("%w: it has no reference", ErrIncomplete)
	}
	if own, ok := letter.(interface{ whole() error }); ok {
		return own.whole()
	}
	return checkPieces(letter)
}

// checkPieces looks for what a letter of a kind cannot be without.
func checkPieces(letter Letter) error {
	switch l := letter.(type) {
	case *OneTimeCode:
		return need(l.Code != "" && l.Minutes > 0, "Code and Minutes")
	case *DownloadCode:
		return need(l.Code != "" && l.Minutes > 0, "Code and Minutes")
	case *MessageCode:
		return need(l.Code != "" && l.Minutes > 0, "Code and Minutes")
	case *MessageWaiting:
		return need(l.Link != "", "Link")
	case *PackageReady:
		return need(l.Link != "" && !l.Expires.IsZero(), "Link and Expires")
	case *PackageResent:
		return need(l.Link != "" && !l.Expires.IsZero(), "Link and Expires")
	case *IdentityReminder:
		return need(l.Link != "" && !l.CloseOn.IsZero(), "Link and CloseOn")
	case *Extension:
		return need(len(l.Reasons) > 0 && !l.NewDate.IsZero(), "Reasons and NewDate")
	case *Refusal:
		return need(l.Reason != "", "Reason")
	case *Acknowledgement:
		return need(!l.AnswerBy.IsZero() && !l.Received.IsZero(), "Received and AnswerBy")
	}
	return nil
}

func need(given bool, fields string) error {
	if given {
		return nil
	}
	return fmt.Errorf("%w: it needs %s", ErrIncomplete, fields)
}

// safeLink accepts absolute http and https addresses only. The address itself stays out of the error: it may open
// somebody's package.
func safeLink(link string) error {
	u, err := url.Parse(link)
	if err != nil || strings.ContainsRune(link, ' ') || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http") {
		return fmt.Errorf("%w: a link is not an absolute http or https address", ErrIncomplete)
	}
	return nil
}
