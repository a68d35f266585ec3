package privacy

import "slices"

// RecipientNotice is who must hear of a rectification, an erasure or a restriction.
type RecipientNotice struct {
	Notify         []string `json:"notify"`
	DocumentReason []string `json:"document_reason_for"`        // not told, and the record says why
	ListToSubject  bool     `json:"list_to_subject_on_request"` // the person may ask who was told
}

// NotifyRecipients applies Art 19: each recipient is told unless that is impossible or disproportionate. Other actions
// oblige to nothing.
func NotifyRecipients(action Right, recipients, impossible []string) RecipientNotice {
	if action != Rectification && action != Erasure && action != Restriction {
		return RecipientNotice{Notify: []string{}, DocumentReason: []string{}}
	}
	out := RecipientNotice{Notify: []string{}, DocumentReason: append([]string{}, impossible...), ListToSubject: true}
	for _, r := range recipients {
		if !slices.Contains(impossible, r) {
			out.Notify = append(out.Notify, r)
		}
	}
	return out
}
