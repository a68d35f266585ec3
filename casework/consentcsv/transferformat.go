package consentcsv

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/privacy-docket/docket/privacy"
)

// TransferVersion is the edition of the format in which consents go over with the sale of a business.
const TransferVersion = 1

// A transfer is NDJSON. Its first line says whose it is, each further line is one line of the seller's ledger, and the last one has how many there were, the SHA-256 of all
// that stands before it, and the seller's signature over both. Without the last line nobody knows whether those who have withdrawn are in it.
type transferItem struct {
	Head *TransferHead `json:"transfer,omitempty"`
	Line *TransferLine `json:"consent,omitempty"`
	End  *TransferEnd  `json:"end,omitempty"`
}

// TransferHead says whose consents go over to whom.
type TransferHead struct {
	Version   int            `json:"version"`
	Seller    string         `json:"seller"`
	Tenant    string         `json:"tenant"`
	Buyer     string         `json:"buyer"`
	Reference string         `json:"reference"`
	Day       privacy.Date   `json:"day"`
	Made      time.Time      `json:"made_at"`
	Since     time.Time      `json:"since,omitzero"`
	Texts     []TransferText `json:"texts,omitempty"`
}

// TransferText are the words of a purpose that people agreed to.
type TransferText struct {
	Purpose  string `json:"purpose"`
	Language string `json:"language"`
	Version  int32  `json:"version"`
	Title    string `json:"title"`
	Body     string `json:"body"`
	SHA256   string `json:"sha256"`
}

// TransferLine is a line of the seller's ledger. Purpose is * in a withdrawal from everything.
type TransferLine struct {
	Address        string            `json:"address"`
	Country        string            `json:"country,omitempty"`
	Language       string            `json:"language,omitempty"`
	Purpose        string            `json:"purpose"`
	Channel        string            `json:"channel"`
	Kind           string            `json:"kind"`
	At             time.Time         `json:"at"`
	Day            privacy.Date      `json:"day"`
	Zone           string            `json:"zone"`
	Recorded       time.Time         `json:"recorded_at"`
	Relation       string            `json:"relation,omitempty"`
	NoSolicitation bool              `json:"no_solicitation,omitempty"`
	Refusable      bool              `json:"refusable,omitempty"`
	How            string            `json:"how"`
	Source         string            `json:"source,omitempty"`
	Text           string            `json:"text,omitempty"` // the SHA-256 of the words
	IP             string            `json:"ip,omitempty"`
	UserAgent      string            `json:"user_agent,omitempty"`
	URL            string            `json:"url,omitempty"`
	Note           string            `json:"note,omitempty"`
	Fields         map[string]string `json:"fields,omitempty"`
	// ID, Batch and Hash are those of the line in the seller's ledger, whose log has the root over the hashes of the batch. A limit that stands against messages has none.
	ID    string `json:"id,omitempty"`
	Batch string `json:"batch,omitempty"`
	Hash  string `json:"hash,omitempty"`
}

// TransferEnd is the last line.
type TransferEnd struct {
	Lines  int64  `json:"lines"`
	People int64  `json:"people"`
	SHA256 string `json:"sha256"`
	Note   string `json:"note"`
}

// TransferSigned is what the seller signs.
func TransferSigned(h TransferHead, lines int64, sum string) string {
	return fmt.Sprintf("docket consent transfer %d\n%s\n%d\n%s\n", h.Version, h.Tenant, lines, sum)
}

// MarshalTransfer writes one line: a TransferHead, a TransferLine or a TransferEnd.
func MarshalTransfer(v any) ([]byte, error) {
	var item transferItem
	switch v := v.(type) {
	case TransferHead:
		item.Head = &v
	case TransferLine:
		item.Line = &v
	case TransferEnd:
		item.End = &v
	}
	text, err := json.Marshal(item)
	if err != nil {
		return nil, fmt.Errorf("write a line of a transfer: %w", err)
	}
	return append(text, '\n'), nil
}
