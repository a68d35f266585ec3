package preflight

import (
	"bytes"
	"errors"
	"io"
	"strings"

	mime "github.com/emersion/go-message"
	_ "github.com/emersion/go-message/charset" // texts in other charsets than UTF-8
	"github.com/emersion/go-message/mail"

	"github.com/privacy-docket/docket/privacy"
)

// message is one message as the checks see it.
type message struct {
	raw         []byte
	header      mail.Header
	subject     string
	from        *mail.Address // nil when From does not hold one address
	texts       []string      // the text parts
	pages       []*page       // the HTML parts
	htmlBytes   int
	attachments int
	pictures    int // parts that are images
	unread      []string
	parts       int
	left        int64 // of maxText
}

// begin reads the header of a message and gives what follows. What is no message, or too large, is refused; problem says that the
// message itself has an unknown charset or encoding.
func begin(raw []byte) (entity *mime.Entity, problem, err error) {
	if len(raw) > MaxMessage {
		return nil, nil, refuse("the message is larger than %d MB. Link to large pictures and files instead of sending them along", MaxMessage>>20)
	}
	entity, problem = mime.ReadWithOptions(bytes.NewReader(raw), &mime.ReadOptions{MaxHeaderBytes: maxHeader})
	if problem != nil && !mime.IsUnknownCharset(problem) && !mime.IsUnknownEncoding(problem) {
		return nil, nil, refuse("this is no message: its beginning is no header of at most %d KB (RFC 5322). Give the raw message as it goes out, an .eml file", maxHeader>>10)
	}
	if entity.Header.Len() == 0 {
		return nil, nil, refuse("this is no message: it has no header (RFC 5322). Give the raw message as it goes out, an .eml file")
	}
	return entity, problem, nil
}

func readHeader(raw []byte) (mail.Header, error) {
	entity, _, err := begin(raw)
	if err != nil {
		return mail.Header{}, err
	}
	return mail.Header{Header: entity.Header}, nil
}

// read takes a message apart. What cannot be read is noted in unread; what costs too much or is no message is refused.
func read(raw []byte) (*message, error) {
	entity, problem, err := begin(raw)
	if err != nil {
		return nil, err
	}
	m := &message{raw: raw, header: mail.Header{Header: entity.Header}, left: maxText}
	if m.subject, err = m.header.Subject(); err != nil {
		m.unread = append(m.unread, "the subject: its charset is not known")
	}
	if from, err := m.header.AddressList("From"); err == nil && len(from) == 1 {
		m.from = from[0]
	}
	return m, m.part(entity, problem, 0)
}

// part reads one part and what is in it.
func (m *message) part(entity *mime.Entity, problem error, depth int) error {
	m.parts++
	if m.parts > maxParts || depth > maxDepth {
		return refuse("the message has more than %d parts, or parts nested deeper than %d", maxParts, maxDepth)
	}
	kind, _, _ := entity.Header.ContentType()
	disposition, _, _ := entity.Header.ContentDisposition()
	switch {
	case strings.HasPrefix(kind, "multipart/"):
		return m.multipart(entity, depth)
	case strings.HasPrefix(kind, "image/"):
		m.pictures++
		return nil
	case strings.EqualFold(disposition, "attachment") || kind != "text/plain" && kind != "text/html" && kind != "":
		m.attachments++
		return nil
	case problem != nil:
		m.unread = append(m.unread, "a part of the type "+shown(kind)+": its charset or its encoding is not known")
		return nil
	}
	return m.text(entity, kind)
}

func (m *message) multipart(entity *mime.Entity, depth int) error {
	parts := entity.MultipartReader()
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil && !mime.IsUnknownCharset(err) && !mime.IsUnknownEncoding(err) {
			m.unread = append(m.unread, "a part of the message: it is broken off, or its boundary is missing")
			return nil
		}
		if err := m.part(part, err, depth+1); err != nil {
			return err
		}
	}
}

// text reads a text or an HTML part.
func (m *message) text(entity *mime.Entity, kind string) error {
	content, err := io.ReadAll(io.LimitReader(entity.Body, m.left+1))
	m.left -= int64(len(content))
	if m.left < 0 {
		return refuse("the texts of the message are larger than %d MB; mailbox providers cut such messages off", maxText>>20)
	}
	if err != nil {
		m.unread = append(m.unread, "a part of the type "+shown(kind)+": its encoding is broken")
	}
	if kind != "text/html" {
		m.texts = append(m.texts, string(content))
		return nil
	}
	m.htmlBytes += len(content)
	page, err := readPage(content)
	if err != nil {
		return err
	}
	m.pages = append(m.pages, page)
	return nil
}

func (m *message) summary() Summary {
	s := Summary{
		Subject: shown(m.subject), Bytes: len(m.raw), Text: len(m.texts) > 0, HTML: len(m.pages) > 0, Attachments: m.attachments, Signatures: []Signature{},
	}
	if m.from != nil {
		s.From = shown(strings.TrimSpace(m.from.Name + " <" + m.from.Address + ">"))
	}
	return s
}

// visible is all that a reader can see, of every part.
func (m *message) visible() string {
	var b strings.Builder
	for _, t := range m.texts {
		b.WriteString(t)
		b.WriteByte('\n')
	}
	for _, p := range m.pages {
		b.WriteString(p.visible)
		b.WriteByte('\n')
	}
	return b.String()
}

// speaks reports whether words about a topic are in a text.
func (e *exam) speaks(topic privacy.MailTopic, text string) bool {
	text = plain(text)
	for _, w := range e.rules.Words {
		if w.Topic != topic {
			continue
		}
		if _, found := w.Pattern.Find(text); found {
			return true
		}
	}
	return false
}
