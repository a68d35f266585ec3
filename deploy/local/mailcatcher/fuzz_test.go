package mailcatcher

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// FuzzParse catches any bytes as a mail: whatever they are, they are kept as they came, can be listed, and say who sent them
// to whom.
func FuzzParse(f *testing.F) {
	for _, mail := range []string{
		"Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\nFrom: a@b.c\r\n\r\nhello\r\n",
		"Content-Type: multipart/alternative; boundary=x\r\n\r\n--x\r\nContent-Type: text/plain\r\n\r\na\r\n--x\r\nContent-Type: text/html\r\n\r\n<b>a</b>\r\n--x--\r\n",
		"Content-Type: multipart/mixed; boundary=\"\"\r\n\r\n----", "Content-Transfer-Encoding: base64\r\nContent-Type: text/plain; charset=nonsense\r\n\r\n!!!!",
		"Content-Disposition: attachment; filename*=utf-8''%e2%82\r\n\r\nx", "", "\n\n", ": \r\n\r\n",
	} {
		f.Add("a@b.c", "d@e.f", []byte(mail))
	}
	received := time.Date(2026, 3, 2, 9, 0, 0, 5, time.UTC)
	f.Fuzz(func(t *testing.T, from, to string, mail []byte) {
		// The server lets no line break and no tab through in an address.
		clean := strings.NewReplacer("\n", "", "\t", "")
		sent := envelope{from: clean.Replace(from), to: []string{clean.Replace(to)}, received: received}
		read, kept := splitEnvelope(sent.before(mail))
		require.Equal(t, sent, read)
		require.Equal(t, string(mail), string(kept))
		message := parse(kept)
		_, err := json.Marshal(message)
		require.NoError(t, err)
		require.NotNil(t, message.Headers)
		require.NotNil(t, message.Attachments)
	})
}
