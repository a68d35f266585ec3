package notify

import (
	"fmt"

	"github.com/google/uuid"
)

// namespace makes UUIDs out of message ids; it is the name-based UUID (RFC 9562) of our module's URL.
var namespace = uuid.NewSHA1(uuid.NameSpaceURL, []byte("https://github.com/privacy-docket/docket/notify"))

// MaxID is the longest message id.
const MaxID = 128

// CheckID refuses an id that could not stand in a mail header, a URL or an HTTP header as it is.
func CheckID(id string) error {
	if id == "" || len(id) > MaxID {
		return fmt.Errorf("a message id has 1 to %d characters, this one has %d", MaxID, len(id))
	}
	for i := range len(id) {
		c := id[i]
		letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
		if !letter && (c != '.' && c != '_' && c != '-' || i == 0 || i == len(id)-1 || c == '.' && id[i-1] == '.') {
			return fmt.Errorf("a message id holds letters, digits and single . _ - between them")
		}
	}
	return nil
}

// UUID is the id as a UUID, the same for the same id, for receivers that take nothing else.
func (m Message) UUID() string { return uuid.NewSHA1(namespace, []byte(m.ID)).String() }
