package record

import (
	"fmt"
	"slices"
)

// notice is a text that was shown, in one version and language.
type notice struct {
	ID         string    `json:"@id"`
	Type       string    `json:"@type"`
	Identifier string    `json:"dct:identifier,omitempty"`
	Version    string    `json:"schema:version,omitempty"`
	Language   string    `json:"dct:language,omitempty"`
	Issued     string    `json:"dct:issued,omitempty"`
	Checksum   *checksum `json:"spdx:checksum,omitempty"`
}

// checksum is as DCAT has it.
type checksum struct {
	Type      string `json:"@type"`
	Algorithm string `json:"spdx:algorithm"`
	Digits    string `json:"spdx:checksumValue"`
}

// textsOf are the texts that were shown, each once, in the order of their first use.
func textsOf(events []Event) (out []Text) {
	for _, e := range events {
		if e.Text != nil && !slices.Contains(out, *e.Text) {
			out = append(out, *e.Text)
		}
	}
	return out
}

// noticeID names the node of a text.
func noticeID(texts []Text, one Text) string {
	return fmt.Sprintf("_:text-%d", slices.Index(texts, one)+1)
}

func newNotices(texts []Text) (out []notice) {
	for _, text := range texts {
		one := notice{
			ID: noticeID(texts, text), Type: "dpv:ConsentNotice", Identifier: text.ID, Version: text.Version, Language: text.Language, Issued: text.Shown.String(),
		}
		if text.SHA256 != "" {
			one.Checksum = &checksum{Type: "spdx:Checksum", Algorithm: "spdx:checksumAlgorithm_sha256", Digits: text.SHA256}
		}
		out = append(out, one)
	}
	return out
}
